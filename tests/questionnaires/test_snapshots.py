from __future__ import annotations

from pathlib import Path

import pytest

from tests.questionnaires import snapshots
from tests.questionnaires.snapshots import VARIABLE, assert_snapshot, every_kind
from trustmeasure.questionnaires import Choice, Entry, Matrix, Notice


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(snapshots, "FOLDER", tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path


def test_a_snapshot_that_is_not_there_fails_and_nothing_is_written(folder: Path):
    with pytest.raises(pytest.fail.Exception, match="There is no snapshot"):
        assert_snapshot("a.txt", "1\n")
    assert list(folder.iterdir()) == []


def test_a_changed_byte_fails_and_the_difference_is_shown(folder: Path):
    (folder / "a.txt").write_bytes(b"1\n2\n")
    assert_snapshot("a.txt", b"1\n2\n")
    with pytest.raises(pytest.fail.Exception, match=r"(?s)-2.*\+3"):
        assert_snapshot("a.txt", "1\n3\n")
    with pytest.raises(pytest.fail.Exception, match="the bytes"):
        assert_snapshot("a.txt", "1\r\n2\r\n")


def test_only_the_variable_writes(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(VARIABLE, "write")
    assert_snapshot("a.txt", "1\n")
    assert (folder / "a.txt").read_bytes() == b"1\n"


def test_the_small_case_holds_every_kind_and_a_condition():
    questionnaire = every_kind()
    assert {type(element) for element in questionnaire.elements} == {Matrix, Choice, Entry, Notice}
    assert {entry.kind for entry in questionnaire.fields if isinstance(entry, Entry)} == {
        "integer",
        "text",
        "date",
    }
    assert questionnaire.expected
    assert any(element.shown_if is not None for element in questionnaire.elements)
