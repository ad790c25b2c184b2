"""A folder appears whole or not at all, and no file of anybody else is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from trustmeasure.errors import StudyError
from trustmeasure.study.folder import RECORD, whole_folder


def make(target: Path, text: str = "one", *, name: str = "a.txt") -> None:
    with whole_folder(target) as folder:
        (folder / name).write_text(text, encoding="utf-8")
        record = {"made_by": "trustmeasure", "files": [name, RECORD]}
        (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    make(tmp_path / "build" / "report")
    assert names(tmp_path / "build" / "report") == ["a.txt", RECORD]
    assert names(tmp_path / "build") == ["report"]


def test_an_earlier_run_is_replaced_and_its_files_are_gone(tmp_path: Path) -> None:
    make(tmp_path / "out", "one", name="old.txt")
    make(tmp_path / "out", "two")
    assert names(tmp_path / "out") == ["a.txt", RECORD]
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "two"
    assert names(tmp_path) == ["out"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    make(tmp_path / "out")
    assert names(tmp_path / "out") == ["a.txt", RECORD]


def test_nothing_changes_when_the_run_fails(tmp_path: Path) -> None:
    make(tmp_path / "out", "one")
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "out") as folder:  # noqa: PT012 - the folder is what raises
        (folder / "half.txt").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "one"


@pytest.mark.parametrize(
    "record", ["", "not json", "[]", '{"files": ["b.txt"]}', '{"made_by": "x", "files": []}']
)
def test_a_folder_with_files_that_no_run_wrote_is_refused(tmp_path: Path, record: str) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "b.txt").write_text("mine", encoding="utf-8")
    if record:
        (target / RECORD).write_text(record, encoding="utf-8")
    with pytest.raises(StudyError, match="holds files that no study wrote"):
        make(target)
    assert (target / "b.txt").read_text(encoding="utf-8") == "mine"
    assert names(tmp_path) == ["out"]


def test_a_file_put_beside_an_earlier_run_is_not_lost(tmp_path: Path) -> None:
    make(tmp_path / "out")
    (tmp_path / "out" / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match=r"notes\.md"):
        make(tmp_path / "out")
    assert (tmp_path / "out" / "notes.md").exists()


def test_what_file_managers_leave_is_nobodys_file(tmp_path: Path) -> None:
    make(tmp_path / "out", "one")
    (tmp_path / "out" / ".DS_Store").write_bytes(b"\x00")
    make(tmp_path / "out", "two")
    assert names(tmp_path / "out") == ["a.txt", RECORD]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(StudyError, match="is a file; a folder is needed"):
        make(tmp_path / "out")


def test_a_parent_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be written"):
        make(tmp_path / "file" / "out")


def test_the_old_folder_comes_back_when_the_move_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "out", "one")
    moved, real = [], os.replace

    def failing(source: Path, target: Path) -> None:
        moved.append((source, target))
        if len(moved) == 2:
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr("trustmeasure.study.folder.os.replace", failing)
    with pytest.raises(StudyError, match="Permission denied"):
        make(tmp_path / "out", "two")
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "one"
    assert names(tmp_path) == ["out"]
