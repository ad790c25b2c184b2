"""What is wrong in the input gets exit code 2 and one line; nothing is written, no traceback is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.running import run
from tests.study.surveys import survey, write_study
from trustmeasure.cli import main as entry
from trustmeasure.cli.entry import DEBUG

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    survey().to_csv("answers.csv", index=False)
    Path("model.txt").write_text("satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4\n", encoding="utf-8")
    return tmp_path


USES = {
    "unknown command": (["scor"], "No such command 'scor'."),
    "unknown option": (["demo", "--outt", "x"], "--outt"),
    "missing argument": (["fit"], "MODEL"),
    "missing option": (["study", "run", "study.toml"], "--out"),
    "value that is not allowed": (["score", "answers.csv", "--method", "median"], "median"),
    "unknown instrument": (["instruments", "show", "satisfacton"], "Did you mean 'satisfaction'?"),
    "missing instrument file": (["instruments", "show", "mine.yaml"], "File not found: mine.yaml"),
    "missing data": (["score", "answer.csv"], "File not found: answer.csv. Did you mean 'answers.csv'?"),
    "missing study": (["study", "run", "studdy.toml", "-o", "out"], "File not found: studdy.toml"),
    "missing model": (["fit", "modell.txt", "answers.csv"], "Did you mean 'model.txt'?"),
    "unknown estimator": (
        ["fit", "model.txt", "answers.csv", "--raw", "--estimator", "MRL"],
        "estimator='MRL'",
    ),
    "unknown model name": (["fit", "trust-outcome", "answers.csv"], "Did you mean 'trust-outcomes'?"),
    "column map": (["score", "answers.csv", "--columns", "Q1"], "must read COLUMN=ITEM"),
    "unknown column": (
        ["score", "answers.csv", "-i", "satisfaction", "--columns", "Sat=sat_1"],
        "'Sat'",
    ),
    "share": (["score", "answers.csv", "--min-valid", "2.5"], "min_valid=2.5 must lie"),
    "level": (["reliability", "answers.csv", "--ci", "95"], "ci=95.0 must lie strictly between 0.0 and 1.0"),
    "language": (["questionnaire", "satisfaction", "--lang", "de", "-o", "a.docx"], "de"),
    "format": (["questionnaire", "satisfaction", "-o", "a.odt"], "odt"),
    "folder for a file": (["score", ".", "-i", "satisfaction"], "is a folder"),
    "format of the data": (["score", "model.png"], "model.png"),
}


@pytest.mark.parametrize(("arguments", "said"), USES.values(), ids=USES.keys())
def test_a_wrong_use_is_named(folder: Path, arguments: list[str], said: str) -> None:
    before = sorted(folder.rglob("*"))
    assert said in run(*arguments).error
    assert sorted(folder.rglob("*")) == before


DATA: dict[str, tuple[Change, str]] = {
    "text in a numeric column": (
        lambda d: d.assign(sat_1=d["sat_1"].astype(object).where(d.index != 7, "often")),
        "Column 'sat_1' (item sat_1), row 8: 'often'",
    ),
    "code out of range": (
        lambda d: d.assign(sat_2=d["sat_2"].where(d.index != 3, 8)),
        "row 4: 8 is out of range",
    ),
    "duplicate ids": (lambda d: d.assign(respondent_id="p1"), "respondent id 'p1' comes in rows"),
    "missing column": (lambda d: d.rename(columns={"sat_3": "sat3"}), "sat_3"),
}


@pytest.mark.parametrize(("change", "said"), DATA.values(), ids=DATA.keys())
@pytest.mark.parametrize("command", ["score", "reliability", "fit", "study"])
def test_answers_that_do_not_fit_are_named(folder: Path, command: str, change: Change, said: str) -> None:
    change(survey()).to_csv("answers.csv", index=False)
    arguments: dict[str, list[str]] = {
        "score": ["score", "answers.csv", "-i", "satisfaction", "-o", "out.csv"],
        "reliability": ["reliability", "answers.csv", "-i", "satisfaction", "-o", "out.csv"],
        "fit": ["fit", "model.txt", "answers.csv", "-i", "satisfaction", "-o", "out"],
        "study": ["study", "run", "study.toml", "-o", "out", "-q"],
    }
    write_study(folder, change(survey()))
    assert said in run(*arguments[command]).error
    assert not [path for path in folder.iterdir() if path.name.startswith(("out", "."))]


MODELS: dict[str, tuple[str, Change, str]] = {
    "unknown item": ("f =~ sat_1 + sat_2 + sat_9", lambda d: d, "'sat_9' is not a column of the data"),
    "constant item": ("f =~ sat_1 + sat_2 + sat_3", lambda d: d.assign(sat_1=4), "sat_1"),
    "item without answers": ("f =~ sat_1 + sat_2 + sat_3", lambda d: d.assign(sat_1=np.nan), "sat_1"),
    "fewer rows than parameters": ("f =~ sat_1 + sat_2 + sat_3", lambda d: d.head(3), "3"),
    "not identified": ("f =~ sat_1 + sat_2", lambda d: d, "free parameters"),
    "text column": ("f =~ sat_1 + sat_2 + city", lambda d: d, "city"),
}


@pytest.mark.parametrize(("model", "change", "said"), MODELS.values(), ids=MODELS.keys())
def test_a_model_that_cannot_be_fitted_says_why(folder: Path, model: str, change: Change, said: str) -> None:
    change(survey()).to_csv("answers.csv", index=False)
    Path("model.txt").write_text(model, encoding="utf-8")
    assert said in run("fit", "model.txt", "answers.csv", "-i", "satisfaction,repurchase", "-o", "out").error
    assert not Path("out").exists()


@pytest.mark.usefixtures("folder")
def test_a_model_that_is_no_model_shows_the_place() -> None:
    Path("model.txt").write_text("satisfaction =~ sat_1 + sat_2\nsatisfaction = sat_3\n", encoding="utf-8")
    ran = run("fit", "model.txt", "answers.csv", "-i", "satisfaction")
    assert "model line 2, column 14: '=' is no operator" in ran.error
    assert ran.err.splitlines()[1:] == ["  satisfaction = sat_3", "  " + " " * 13 + "^"]


@pytest.mark.usefixtures("folder")
def test_a_model_file_that_is_no_text_says_so() -> None:
    Path("model.txt").write_bytes("信任 =~ a".encode("gb18030"))
    assert "not a UTF-8 text" in run("fit", "model.txt", "answers.csv").error


@pytest.mark.parametrize("name", ["broken.yaml", "list.yaml", "binary.yaml"])
@pytest.mark.usefixtures("folder")
def test_a_broken_instrument_file_is_named(name: str) -> None:
    content = {"broken.yaml": b"id: [1\n  x: :", "list.yaml": b"- 1\n- 2\n", "binary.yaml": b"\xff\xfe\x00id"}
    Path(name).write_bytes(content[name])
    assert name in run("instruments", "show", name).error


@pytest.mark.usefixtures("folder")
def test_a_broken_study_file_is_named() -> None:
    Path("study.toml").write_text("[study\ntitle = 1", encoding="utf-8")
    assert "study.toml: not readable as TOML" in run("study", "run", "study.toml", "-o", "out").error
    assert not Path("out").exists()


@pytest.mark.usefixtures("folder")
def test_a_study_file_is_never_overwritten_unasked() -> None:
    Path("study.toml").write_text("mine", encoding="utf-8")
    assert "exists already" in run("study", "new").error
    assert Path("study.toml").read_text(encoding="utf-8") == "mine"
    assert run("study", "new", "--force").code == 0


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied", "somewhere")


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["study", "new", "locked/study.toml"], "locked/study.toml cannot be written: Permission denied"),
        (["score", "answers.csv", "-o", "locked/scores.csv"], "somewhere: Permission denied"),
        (["questionnaire", "satisfaction", "-o", "locked/a.html"], "Permission denied"),
    ],
)
def test_a_folder_that_may_not_be_written_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], place: str
) -> None:
    (folder / "locked").mkdir()
    monkeypatch.setattr("trustmeasure.files.tempfile.mkstemp", refuse)
    assert place in run(*arguments).error
    assert not list((folder / "locked").iterdir())


def test_a_report_folder_that_may_not_be_made_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_study(folder)
    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert (
        "The folder out cannot be written: Permission denied"
        in run("study", "run", "study.toml", "-o", "out", "-q").error
    )


@pytest.mark.parametrize("arguments", [["score", "answers.csv", "-o"], ["reliability", "answers.csv", "-o"]])
@pytest.mark.usefixtures("folder")
def test_an_error_of_the_system_is_one_line(arguments: list[str]) -> None:
    """The parent of the output is a file, which no user may turn into a folder."""
    ran = run(*arguments, "answers.csv/out.csv")
    assert "answers.csv" in ran.error
    assert Path("answers.csv").is_file()


def test_a_mistake_of_our_own_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.delenv(DEBUG, raising=False)
    monkeypatch.setattr("trustmeasure.instruments.list_instruments", broken)
    ran = run("instruments", "list")
    assert ran.code == 70
    assert ran.err == (
        "trustmeasure: error: a mistake in trustmeasure: ZeroDivisionError: division by zero "
        f"Set {DEBUG}=1 to see where, and please report it.\n"
    )
    monkeypatch.setenv(DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        entry(["instruments", "list"])


def test_an_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trustmeasure.instruments.list_instruments", interrupted)
    ran = run("instruments", "list")
    assert ran.code == 130
    assert ran.err.strip() == ""
