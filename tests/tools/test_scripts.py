"""The scripts that build and check the project: what they look for, and that they can fail."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import check_reference, check_wheel

ROOT = Path(__file__).resolve().parent.parent.parent


def extension(name: str) -> Any:
    """Return a Sphinx extension of the documentation as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "_ext" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find_python(
    *arguments: str, python: str = "", path: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHON": python} | ({"PATH": path} if path is not None else {})
    command = [str(ROOT / "tools" / "find-python"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command


def launcher(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_fitting_interpreter_is_found() -> None:
    assert find_python(python=sys.executable).stdout.strip() == sys.executable


def test_a_launcher_that_does_not_work_is_passed_over(tmp_path: Path) -> None:
    launcher(tmp_path, "python3", "exit 127")
    launcher(tmp_path, "python3.13", f'exec "{sys.executable}" "$@"')
    found = find_python(path=f"{tmp_path}:/usr/bin:/bin")
    assert found.stdout.strip() == str(tmp_path / "python3.13")


def test_an_interpreter_without_venv_is_named(tmp_path: Path) -> None:
    code = f'case "$2" in *ensurepip*) exit 1;; *) exec "{sys.executable}" "$@";; esac'
    found = find_python(python=str(launcher(tmp_path, "python3", code)))
    assert (found.returncode, found.stdout) == (1, "")
    assert "not the venv module" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "python", "message"),
    [((), "no-such-python", "is not a working Python 3.11 or newer"), (("2.1",), "", "No Python 2.1 found")],
)
def test_no_fitting_interpreter_is_an_error(arguments: tuple[str, ...], python: str, message: str) -> None:
    found = find_python(*arguments, python=python)
    assert (found.returncode, found.stdout) == (1, "")
    assert message in found.stderr


def test_attributes_that_share_a_description_are_written_out() -> None:
    lines = [
        "A row.",
        "",
        "Attributes",
        "----------",
        "lhs, rhs : str",
        "    The sides.",
        "op : str",
        "    It.",
    ]
    assert extension("shared_fields").split_shared(lines) == [
        *lines[:4],
        "lhs : str",
        "    The sides.",
        "rhs : str",
        "    The sides.",
        "op : str",
        "    It.",
    ]
    untyped = ["Attributes", "----------", "x, y", "    Both."]
    assert extension("shared_fields").split_shared(untyped)[2:] == ["x", "    Both.", "y", "    Both."]


def test_parameters_are_left_to_napoleon() -> None:
    lines = ["Parameters", "----------", "a, b : str", "    Both.", "", "Returns", "-------", "x, y : tuple"]
    assert extension("shared_fields").split_shared(lines) == lines


def test_the_packages_of_r_are_read_from_the_scripts(tmp_path: Path) -> None:
    (tmp_path / "_shared.R").write_text("library(jsonlite)\n", encoding="utf-8")
    (tmp_path / "one.R").write_text("suppressMessages(library(lavaan))\npsych::alpha(x)\n", encoding="utf-8")
    assert check_reference.needed_packages(tmp_path) == {"jsonlite", "lavaan", "psych"}
    assert [path.name for path in check_reference.scripts(tmp_path)] == ["one.R"]


def test_data_that_no_script_makes_are_taken_as_they_are(tmp_path: Path) -> None:
    for name, text in {
        "topic/data/given.csv": "1",
        "topic/data/made.csv": "old",
        "out/data/made.csv": "new",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    check_reference.take_inputs(tmp_path / "topic", tmp_path / "out")
    assert (tmp_path / "out/data/given.csv").read_text(encoding="utf-8") == "1"
    assert (tmp_path / "out/data/made.csv").read_text(encoding="utf-8") == "new"


def test_a_missing_rscript_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check_reference.main([str(ROOT / "tests" / "reference")]) == 2
    assert "Rscript is not installed" in capsys.readouterr().err


def test_a_topic_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_reference.main([str(ROOT / "tests" / "reference"), "nothing"]) == 2
    assert "sem" in capsys.readouterr().err.partition("Topics: ")[2]


def test_the_wheel_is_expected_to_hold_modules_instruments_and_samples() -> None:
    names = check_wheel.expected()
    assert "trustmeasure/frames.py" in names
    assert "trustmeasure/py.typed" in names
    assert "trustmeasure/_data/instruments/cognitive-trust.yaml" in names
    assert not any(name.endswith(".gitkeep") for name in names)


def test_a_folder_with_two_wheels_is_refused(tmp_path: Path) -> None:
    for name in ("a-1.whl", "a-2.whl"):
        (tmp_path / name).touch()
    with pytest.raises(SystemExit, match="holds 2 files"):
        check_wheel.only(tmp_path, "*.whl")


def test_a_program_of_the_wheel_that_fails_stops_the_check(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="exit code 3"):
        check_wheel.run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
