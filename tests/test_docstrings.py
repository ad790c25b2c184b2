"""Every example in a docstring runs and shows what it says; every public function has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trustmeasure as tm

PACKAGE = Path(tm.__file__).parent
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def modules() -> list[str]:
    """Return the dotted names of all modules of the package."""
    paths = (path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py"))
    return sorted(".".join(p.parts).removesuffix(".__init__") for p in paths if p.name != "__main__")


def examples(name: str) -> list[doctest.DocTest]:
    """Return the docstrings of a module that hold examples."""
    return [test for test in doctest.DocTestFinder().find(importlib.import_module(name)) if test.examples]


def plain_numbers() -> AbstractContextManager[object]:
    """Show NumPy's numbers as `0.5` whatever its version: NumPy 2 shows `np.float64(0.5)`."""
    return np.printoptions(legacy="1.25") if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else nullcontext()


def public_functions(name: str) -> dict[str, Callable[..., Any]]:
    """Return the function that a public name is, or the functions that a public module offers."""
    value = getattr(tm, name)
    inner = {f"{name}.{n}": getattr(value, n) for n in getattr(value, "__all__", ())}
    return {n: v for n, v in ({name: value} | inner).items() if inspect.isfunction(v)}


@pytest.mark.parametrize("name", modules())
def test_the_examples_of_a_module_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    with plain_numbers():
        for test in examples(name):
            runner.run(test, out=shown.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(shown)


def test_there_are_examples() -> None:
    assert sum(len(examples(name)) for name in modules()) > 10


@pytest.mark.parametrize("name", tm.__all__)
def test_every_public_function_shows_an_example(name: str) -> None:
    bare = [n for n, f in public_functions(name).items() if ">>>" not in (inspect.getdoc(f) or "")]
    assert bare == []


def test_a_wrong_example_is_found() -> None:
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, None)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        assert doctest.DocTestRunner(optionflags=FLAGS).run(test, out=nowhere.write).failed == 1
