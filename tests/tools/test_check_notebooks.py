"""The comparison of headline figures: what counts as moved, and what a notebook must hold."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tools.check_notebooks import (
    NotebookError,
    headline,
    machine_folders,
    main,
    moved,
    require_stored_outputs,
    same,
)


def printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def notebook(*cells: tuple[list[str], list[dict[str, Any]]]) -> dict[str, Any]:
    made = [
        {"cell_type": "code", "source": "x = 1", "metadata": {"tags": tags}, "outputs": outputs}
        for tags, outputs in cells
    ]
    return {"cells": [{"cell_type": "markdown", "source": "text", "metadata": {}}, *made]}


@pytest.mark.parametrize(
    "output",
    [
        printed('{"cfi": 0.93, "paths": {"a": [1, 2]}}\n'),
        {"output_type": "display_data", "data": {"application/json": {"cfi": 0.93, "paths": {"a": [1, 2]}}}},
        {"output_type": "execute_result", "data": {"text/plain": "{'cfi': 0.93, 'paths': {'a': [1, 2]}}"}},
    ],
)
def test_figures_are_read_from_each_kind_of_output(output: dict[str, Any]) -> None:
    assert headline(notebook(([], []), (["headline"], [output]))) == {
        "cfi": 0.93,
        "paths.a.0": 1,
        "paths.a.1": 2,
    }


def test_the_last_tagged_cell_counts() -> None:
    two = notebook((["headline"], [printed('{"old": 1}')]), (["headline"], [printed('{"new": 2}')]))
    assert headline(two) == {"new": 2}


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([([], [printed('{"cfi": 1}')])], "no code cell is tagged"),
        ([(["headline"], [printed("CFI is 0.93")])], "no JSON object"),
        ([(["headline"], [printed("{}")])], "no JSON object"),
        ([(["headline"], [])], "no JSON object"),
    ],
)
def test_a_notebook_without_figures_is_refused(cells: list[Any], message: str) -> None:
    with pytest.raises(NotebookError, match=message):
        headline(notebook(*cells))


def test_a_notebook_without_outputs_or_with_a_stored_error_is_refused() -> None:
    with pytest.raises(NotebookError, match="no stored outputs"):
        require_stored_outputs(notebook(([], [])))
    with pytest.raises(NotebookError, match="is an error"):
        require_stored_outputs(notebook(([], [{"output_type": "error"}])))


@pytest.mark.parametrize(
    ("stored", "now", "expected"),
    [
        (1.0, 1.0 + 9e-7, True),
        (1.0, 1.0 + 2e-6, False),
        (1e9, 1e9 + 900, True),
        (0.0, 1e-9, False),
        (24, 24.0, True),
        (math.nan, math.nan, True),
        (math.nan, 1.0, False),
        ("yes", "yes", True),
        ("yes", "no", False),
        (True, 1, False),
        (None, None, True),
        (None, 0.0, False),
    ],
)
def test_figures_agree_to_one_in_a_million(stored: Any, now: Any, expected: bool) -> None:
    assert same(stored, now) is expected


def test_figures_that_moved_came_or_went_are_named() -> None:
    assert moved({"a": 1.0, "b": 2.0, "c": 3}, {"a": 1.0, "b": 2.1, "d": 4}) == [
        "c: no longer there",
        "d: new, not stored",
        "b: stored 2.0, now 2.1",
    ]


def test_outputs_that_name_a_folder_of_the_machine_are_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert machine_folders(notebook(([], [printed(f"wrote {tmp_path}/report.html")])))
    assert machine_folders(notebook(([], [printed("wrote build/report.html")]))) == []


def test_a_folder_without_notebooks_fails(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "No notebook" in capsys.readouterr().err


def stored_notebook(code: str, figures: dict[str, float]) -> str:
    """Return a notebook file with one headline cell, as if it had been executed before."""
    cell = {
        "cell_type": "code",
        "id": "headline",
        "execution_count": 1,
        "metadata": {"tags": ["headline"]},
        "source": code,
        "outputs": [printed(json.dumps(figures))],
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize(
    ("code", "exit_code", "said"),
    [
        ("import json; print(json.dumps({'cfi': 0.93}))", 0, "1 headline figures as stored"),
        ("import json; print(json.dumps({'cfi': 0.94}))", 1, "cfi: stored 0.93, now 0.94"),
        ("1 / 0", 1, "ZeroDivisionError"),
    ],
)
def test_a_notebook_is_executed_and_compared(
    tmp_path: Any, capsys: pytest.CaptureFixture[str], code: str, exit_code: int, said: str
) -> None:
    path = tmp_path / "one.ipynb"
    path.write_text(stored_notebook(code, {"cfi": 0.93}), encoding="utf-8")
    before = path.read_bytes()
    assert main([str(tmp_path)]) == exit_code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err
    assert path.read_bytes() == before
