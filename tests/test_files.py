"""Files are written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from trustmeasure.files import shipped, write_text, write_with


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
