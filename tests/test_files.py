"""Files are written whole or not at all."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from trustmeasure.files import csv_text, plain_cell, safe_cell, shipped, write_new, write_text, write_with

CELL = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]))


def test_write_text_makes_folders_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "a.txt"
    assert write_text(target, "信任\n") == target
    write_text(target, "again")
    assert target.read_text(encoding="utf-8") == "again"
    assert [p.name for p in target.parent.iterdir()] == ["a.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def half_way(path: Path) -> None:
        path.write_text("half")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_with(target, half_way)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_written_files_have_ordinary_rights(tmp_path: Path) -> None:
    plain, ours = tmp_path / "plain", tmp_path / "ours"
    plain.write_text("x")
    write_with(ours, lambda path: path.write_bytes(b"x"))
    assert stat.S_IMODE(ours.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_shipped_folders_exist() -> None:
    assert any(shipped("instruments").glob("*.yaml"))
    assert (shipped("samples") / "trust-survey.csv").is_file()


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "＝1", "\t=1", "\n=1", " =1", "'=1", "''=1"]
)
def test_text_that_looks_like_a_formula_gets_an_apostrophe_and_loses_it_again(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("value", ["a=b", "'tis", "-5", "+1.5e3", "=~", "-", "", "满意", -5, 2.5, None, True])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert safe_cell(value) is value
    assert plain_cell(value) is value


@given(st.text())
def test_every_text_comes_back_from_a_safe_cell(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1))
def test_csv_text_holds_every_cell(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    assert [[plain_cell(cell) for cell in row] for row in read] == rows


def test_a_new_file_is_written_whole_and_replaces_nothing(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.txt"
    assert write_new(target, "信任\n") == target
    assert target.read_bytes() == "信任\n".encode()
    with pytest.raises(FileExistsError):
        write_new(target, "again")
    assert target.read_bytes() == "信任\n".encode()
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(
        write_text(tmp_path / "b.txt", "").stat().st_mode
    )


def test_a_new_file_is_written_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*paths: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", refuse)
    target = tmp_path / "a.txt"
    write_new(target, "text")
    assert target.read_text(encoding="utf-8") == "text"
    with pytest.raises(FileExistsError):
        write_new(target, "again")
