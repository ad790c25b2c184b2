from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires import Questionnaire, list_formats, write as module, write_questionnaire
from trustmeasure.questionnaires.write import write_together
from trustmeasure.questionnaires.writers import writers


@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_ending_decides_the_format_and_bytes_are_the_same_each_time(
    small: Questionnaire, tmp_path: Path, ending: str
):
    one = small.write(tmp_path / f"one{ending}").read_bytes()
    two = write_questionnaire(small, str(tmp_path / "deep" / f"two{ending.upper()}")).read_bytes()
    assert one == two
    assert len(one) > 1000


def test_another_process_writes_the_same_bytes(tmp_path: Path):
    script = (
        "import sys; from trustmeasure.questionnaires import Questionnaire;"
        "q = Questionnaire.compose(['satisfaction', 'recommendation'], brand='Acme', order='random', seed=3);"
        "[q.write(sys.argv[1] + ending) for ending in ('.html', '.docx')]"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", script, str(tmp_path / seed / "form")]
        subprocess.run(command, check=True, env=environment)  # noqa: S603 - our own command
    for name in ("form.html", "form.docx", "form.html.manifest.json", "form.docx.manifest.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_to_adds_the_ending_where_the_path_has_none_of_its_own(small: Questionnaire, tmp_path: Path):
    assert write_questionnaire(small, tmp_path / "wave.1", to="html") == tmp_path / "wave.1.html"
    assert write_questionnaire(small, tmp_path / "form.html", to="html") == tmp_path / "form.html"


@pytest.mark.parametrize(
    ("name", "to", "message"),
    [
        ("form.htm", None, r"ending '.htm' of .* belongs to no format. Did you mean '.html'"),
        ("form", None, r"has no ending.*Allowed: .*.docx.*.html"),
        ("form", "doxc", r"to='doxc' is not known. Did you mean 'docx'"),
        ("form.html", "docx", r"ends in .html, but to='docx' makes a .docx file"),
    ],
)
def test_unknown_formats_are_refused_and_nothing_is_written(
    small: Questionnaire, tmp_path: Path, name: str, to: str | None, message: str
):
    with pytest.raises(QuestionnaireError, match=message):
        small.write(tmp_path / name, to=to)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_either_file_is_refused(small: Questionnaire, tmp_path: Path):
    (tmp_path / "form.html.manifest.json").mkdir()
    with pytest.raises(QuestionnaireError, match=r"manifest.json is a folder"):
        small.write(tmp_path / "form.html")
    assert not (tmp_path / "form.html").exists()


def test_a_folder_that_cannot_be_made_is_one_clear_error(small: Questionnaire, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(QuestionnaireError, match="Nothing was changed"):
        small.write(tmp_path / "file" / "form.html")


@pytest.mark.parametrize("before", [None, b"old"])
def test_when_the_last_file_fails_the_first_gets_its_old_content_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None
):
    export, manifest = tmp_path / "form.html", tmp_path / "form.html.manifest.json"
    for path in (export, manifest):
        if before is not None:
            path.write_bytes(before)
    real = Path.replace
    locked: list[Path] = []

    def failing(self: Path, target: Path) -> Path:
        if target in locked:
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    for path in (export, manifest):
        locked[:] = [path]
        with pytest.raises(QuestionnaireError, match="Permission denied"):
            write_together({export: b"new", manifest: b"new"})
        assert [p.read_bytes() if p.exists() else None for p in (export, manifest)] == [before, before]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_writer_that_fails_leaves_nothing_behind(
    small: Questionnaire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> bytes:
        raise QuestionnaireError("This format cannot express it.")

    monkeypatch.setattr(module, "manifest_bytes", fail)
    with pytest.raises(QuestionnaireError, match="cannot express"):
        small.write(tmp_path / "form.html")
    assert list(tmp_path.iterdir()) == []


def test_formats_are_listed_once_with_distinct_endings():
    frame = list_formats()
    assert {"docx", "html", "redcap", "xlsform"} <= set(frame["format"])
    assert frame["format"].is_unique
    assert frame["ending"].is_unique
    assert [writer.name for writer in writers()] == frame["format"].tolist()
