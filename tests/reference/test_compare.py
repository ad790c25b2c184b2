"""The comparison of fresh and stored reference values: what counts as a difference."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.reference.compare import compare, differences, flat, main, same

CASE: dict[str, Any] = {
    "case": "one",
    "fit_measures": {"chisq": 85.305521769793572, "pvalue": None},
    "parameters": {
        "columns": ["lhs", "op", "rhs", "est"],
        "rows": [["f", "=~", "x1", 1.0], ["f", "=~", "x2", 0.5]],
    },
    "vcov": {"names": ["a", "b"], "lower": [[2.0], [0.0, 3.0]]},
    "versions": {"lavaan": "0.6.14"},
}


def stored(folder: Path, case: dict[str, Any] = CASE, name: str = "one.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(case), encoding="utf-8")
    return folder


def changed(**parts: Any) -> dict[str, Any]:
    return CASE | parts


def test_cells_are_named_by_what_they_are() -> None:
    names = dict(flat(CASE))
    assert names["parameters[f =~ x2].est"] == 0.5
    assert names["vcov[b, a]"] == 0.0
    assert names["fit_measures.chisq"] == CASE["fit_measures"]["chisq"]


def test_rows_of_several_groups_have_names_of_their_own() -> None:
    rows = [["f", "=~", "x2", 1, 0.5], ["f", "=~", "x2", 2, 0.6]]
    names = dict(flat({"t": {"columns": ["lhs", "op", "rhs", "group", "est"], "rows": rows}}))
    assert (names["t[f =~ x2 group 1].est"], names["t[f =~ x2 group 2].est"]) == (0.5, 0.6)


@pytest.mark.parametrize(
    ("fresh", "old", "expected"),
    [
        (1.0, 1.0 + 5e-7, True),
        (1.0, 1.0 + 5e-6, False),
        (1e-17, -3e-17, True),
        (1e-9, 2e-9, False),
        (None, None, True),
        (None, 0.0, False),
        (True, 1, False),
        ("a", "b", False),
    ],
)
def test_numbers_agree_to_a_millionth_and_all_else_exactly(fresh: Any, old: Any, expected: bool) -> None:
    assert same(fresh, old) is expected


def test_what_came_went_or_moved_is_named() -> None:
    lines = differences({"a": 1.0, "b": 2.0, "d": 1}, {"a": 1.0, "b": 2.1, "c": 3})
    assert lines[0].startswith("c: no longer there")
    assert lines[1].startswith("d: new")
    assert lines[2].startswith("b: stored 2.1, fresh 2.0 (relative 4.8e-02)")


def test_equal_folders_pass_and_a_moved_value_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = stored(tmp_path / "old"), stored(tmp_path / "new")
    assert main([str(new), str(old)]) == 0
    stored(new, changed(vcov={"names": ["a", "b"], "lower": [[2.0], [1e-6, 3.0]]}))
    assert main([str(new), str(old)]) == 1
    assert "one.json: vcov[b, a]: stored 0.0, fresh 1e-06" in capsys.readouterr().out


def test_files_that_came_or_went_are_differences(tmp_path: Path) -> None:
    old = stored(stored(tmp_path / "old"), name="gone.json")
    new = stored(stored(tmp_path / "new"), name="extra.json")
    assert compare(new, old) == ["extra.json: made, not stored", "gone.json: stored, not made again"]


def test_other_versions_are_noted_and_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = stored(tmp_path / "old"), stored(tmp_path / "new", changed(versions={"lavaan": "0.6.15"}))
    assert compare(new, old) == []
    assert "note: versions.lavaan: stored '0.6.14', fresh '0.6.15'" in capsys.readouterr().out


def test_data_files_are_compared_cell_by_cell(tmp_path: Path) -> None:
    for name, cell in (("old", "2.5"), ("new", "2.6")):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "data" / "d.csv").write_text(f"x,y\n1,{cell}\nNA,3\n", encoding="utf-8")
    lines = compare(tmp_path / "new", tmp_path / "old")
    assert len(lines) == 1
    assert lines[0].startswith("data/d.csv: y row 1: stored 2.5, fresh 2.6")


def test_nothing_to_compare_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), str(stored(tmp_path / "old"))]) == 2


def test_it_runs_as_a_script(tmp_path: Path) -> None:
    script = Path(__file__).with_name("compare.py")
    folders = [str(stored(tmp_path / "new")), str(stored(tmp_path / "old"))]
    command = [sys.executable, str(script), *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    assert done.returncode == 0, done.stderr
    assert "0 differences" in done.stdout
