"""`trustmeasure quality` and `trustmeasure validate`: what they write, what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import run
from tests.validation.surveys import ITEMS, answers, ratings
from trustmeasure.files import shipped
from trustmeasure.instruments import load_instrument


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A file of answers as they were given: items worded in reverse are not turned."""
    frame = answers(n=400)
    turned = [item.id for item in load_instrument("cognitive-trust").items if item.reverse]
    frame[turned] = 8 - frame[turned]
    path = tmp_path / "answers.csv"
    frame.to_csv(path, index=False)
    return path


@pytest.fixture
def instrument(tmp_path: Path) -> Path:
    file = tmp_path / "cognitive-trust.yaml"
    file.write_bytes((shipped("instruments") / "cognitive-trust.yaml").read_bytes())
    return file


def test_a_quality_report_is_a_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "quality"
    ran = run("quality", data, "-o", out, "--id-column", "respondent", "--groups", "country")
    assert ran.code == 0, ran.err
    assert "competence" in ran.out
    record = json.loads((out / "quality.json").read_text(encoding="utf-8"))
    written = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert sorted([*record["files"], "quality.json"]) == written
    assert {"quality.html", "quality.docx", "tables/scales.csv", "tables/invariance-country.csv"} <= set(
        written
    )
    scales = pd.read_csv(out / "tables" / "scales.csv")
    assert scales["construct"].tolist() == list(ITEMS)
    assert record["failures"] == {}
    assert record["data"]["source"] == "answers.csv"
    again = run("quality", data, "-o", out, "--id-column", "respondent", "-l", "zh")  # replaces the first
    assert again.code == 0, again.err
    assert "测量质量报告" in (out / "quality.html").read_text(encoding="utf-8")
    assert not (out / "tables" / "invariance-country.csv").exists()


def test_an_instrument_is_validated_and_its_file_gets_the_evidence(
    data: Path, instrument: Path, tmp_path: Path
) -> None:
    experts, out = tmp_path / "experts.csv", tmp_path / "dossier"
    ratings().to_csv(experts, index=False)
    ran = run(
        *("validate", instrument, data, "-o", out, "--id-column", "respondent", "--ratings", experts),
        *("--groups", "country", "--behaviour", "bought=+", "--country", "DE", "--write-evidence"),
    )
    assert ran.code == 0, ran.err
    assert "Status: criterion-validated." in ran.out
    assert load_instrument(instrument).evidence.status == "criterion-validated"
    record = json.loads((out / "validation.json").read_text(encoding="utf-8"))
    assert record["status"] == "criterion-validated"
    assert record["people"]["explored"] == 200
    assert (out / "evidence.yaml").read_text(encoding="utf-8") in instrument.read_text(encoding="utf-8")
    assert {"dossier.html", "dossier.docx", "tables/claims.csv", "tables/cosmin.csv"} <= set(record["files"])


def test_a_part_that_cannot_be_computed_ends_with_1(data: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(data)
    frame["cog_com_1"] = 4
    frame.to_csv(data, index=False)
    ran = run("quality", data, "-o", tmp_path / "quality", "--id-column", "respondent")
    assert ran.code == 1
    assert "Not computed: confirmatory:" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("quality", "--groups", "contry"), "there is no column 'contry'. Did you mean 'country'?"),
        (("validate", "--behaviour", "bought"), "must read COLUMN=+ or COLUMN=-"),
        (("validate", "--behaviour", "bougt=+"), "there is no column 'bougt'. Did you mean 'bought'?"),
        (("validate", "--write-evidence"), "--write-evidence needs the path of an instrument file"),
        (("validate", "--ratings", "nowhere.csv"), "File not found: nowhere.csv"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(
    data: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    command, *rest = arguments
    named = ["cognitive-trust"] if command == "validate" else []
    out = tmp_path / "out"
    ran = run(command, *named, data, "-o", out, "--id-column", "respondent", *rest)
    assert message in ran.error
    assert not out.exists()


def test_files_of_somebody_else_are_left_alone(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.docx").write_text("mine", encoding="utf-8")
    ran = run("quality", data, "-o", out, "--id-column", "respondent")
    assert "holds files that no study wrote (thesis.docx)" in ran.error
    assert [path.name for path in out.iterdir()] == ["thesis.docx"]
