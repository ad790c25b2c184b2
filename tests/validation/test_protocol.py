"""The protocol end to end: halves, dossier, evidence in the file, a second occasion, mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docx import Document

from tests.validation.surveys import answers, ratings, read, responses
from tests.validation.test_claims import found
from trustmeasure.errors import ArgumentError
from trustmeasure.files import shipped
from trustmeasure.instruments import load_instrument
from trustmeasure.validation import validate
from trustmeasure.validation.protocol import CONFIRMED, EXPLORED, SOURCES

SECTIONS = [
    "status", "content", "response-process", "internal-structure", "other-variables", "consequences",
    "cosmin", "cutoffs", "evidence", "notes",
]  # fmt: skip


def test_one_half_is_explored_and_the_other_confirmed() -> None:
    sizes = found().sizes
    assert (sizes["explored"], sizes["confirmed"], sizes["all"]) == (250, 250, 500)
    assert found().found["exploratory"].value.correlations.n_obs == 250
    assert found().found["confirmatory"].value.n_obs == 250
    assert set(EXPLORED).isdisjoint(CONFIRMED)
    assert found().failures == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_dossier_follows_the_sources_of_evidence(tmp_path: Path, language: str) -> None:
    html = found().write(tmp_path / "d.html", language=language, figures=False).read_text(encoding="utf-8")
    assert re.findall(r'<section id="([\w-]+)"', html) == SECTIONS
    assert html.count("Mokkink") >= 1
    gap = {"en": "No evidence yet", "zh": "尚无证据"}[language]
    assert html.count(gap) == 1  # of the consequences, about which nothing was said
    title = {"en": "Validation dossier: Cognitive trust", "zh": "效度验证档案：认知信任"}[language]
    assert f"<h1>{title}</h1>" in html


def test_statements_of_the_team_stand_in_their_place(tmp_path: Path) -> None:
    said = {name: f"Statement on {name} <b>." for name in SOURCES}
    one = validate("cognitive-trust", responses(), statements=said, n_bootstrap=10)
    html = one.write(tmp_path / "d.html", figures=False).read_text(encoding="utf-8")
    assert html.count("Statement on ") == 5
    assert "<b>." not in html
    assert "No evidence yet" not in html


def test_the_dossier_as_a_document(tmp_path: Path) -> None:
    made = Document(str(found().write(tmp_path / "d.docx", figures=False)))
    headings = [p.text for p in made.paragraphs if p.style.name == "Heading 1"]
    assert len(headings) == len(SECTIONS)


def test_cosmin_rules_beside_the_figures() -> None:
    frame = found().cosmin()
    assert set(frame["property"]) == {
        "structural_validity", "internal_consistency", "reliability", "cross_cultural_validity",
        "criterion_validity",
    }  # fmt: skip
    fit = frame[frame["property"] == "structural_validity"].set_index("figure")
    assert fit.loc["cfi", "met"] == (fit.loc["cfi", "value"] > 0.95)
    assert frame.loc[frame["property"] == "reliability", "met"].isna().all()  # nobody was asked twice


def test_internal_consistency_counts_only_with_structural_validity() -> None:
    """Items of unrelated factors, spread over the scales: no fit rule is met, so alpha shows nothing."""
    rng = np.random.default_rng(1)
    frame = answers(n=400)
    items = [c for c in frame if c.startswith("cog_")]
    factors = rng.standard_normal((400, 3))
    for place, item in enumerate(items):
        latent = 0.8 * factors[:, place % 3] + 0.6 * rng.standard_normal(400)
        frame[item] = np.clip(np.round(1.3 * latent + 4), 1, 7)
    table = validate("cognitive-trust", read(frame), n_bootstrap=10).cosmin()
    structure = table[table["property"] == "structural_validity"]
    assert structure["met"].tolist() == [False] * 4
    assert table.loc[table["property"] == "internal_consistency", "met"].isna().all()


def test_evidence_goes_into_the_file(tmp_path: Path) -> None:
    file = tmp_path / "cognitive-trust.yaml"
    file.write_bytes((shipped("instruments") / "cognitive-trust.yaml").read_bytes())
    found().write_evidence(file)
    evidence = load_instrument(file).evidence
    assert evidence.status == "criterion-validated"
    assert [step.status for step in evidence.steps] == [step.status for step in found().steps]
    assert found().evidence_block() in file.read_text(encoding="utf-8")


def test_the_hash_names_answers_and_options() -> None:
    def made(**options: object) -> str:
        return validate("cognitive-trust", responses(), n_bootstrap=10, **options).steps[0].analysis_hash  # type: ignore[arg-type]

    first = made()
    assert first == made(date="2020-01-01")
    assert first != made(seed=2)
    changed = answers()
    changed.loc[0, "cog_com_1"] = 8 - changed.loc[0, "cog_com_1"]
    other = validate("cognitive-trust", read(changed), n_bootstrap=10)
    assert other.steps[0].analysis_hash != first


def test_the_same_people_twice() -> None:
    first = answers()
    rng = np.random.default_rng(8)
    again = first.copy()
    items = [c for c in first if c.startswith("cog_")]
    again[items] = np.clip(first[items] + rng.integers(-1, 2, size=(500, len(items))), 1, 7)
    second = read(again.sample(frac=0.4, random_state=1))
    one = validate("cognitive-trust", read(first), retest=second, n_bootstrap=10)
    frame = one.found["retest"].value.set_index("construct")
    assert (frame["n"] == 200).all()
    both = pd.concat(
        [
            first.set_index("respondent")[items[:4]].mean(axis=1),
            again.set_index("respondent")[items[:4]].mean(axis=1),
        ],
        axis=1,
    ).loc[second.respondents]
    assert frame.loc["competence", "icc"] == pytest.approx(both.corr().iloc[0, 1], abs=0.02)
    rows = one.cosmin()
    assert rows.loc[rows["property"] == "reliability", "met"].tolist() == [True, True, True]
    few = validate("cognitive-trust", read(first), retest=read(again.head(5)), n_bootstrap=10)
    assert few.found["retest"].value["note"].str.startswith("Only 5 people").all()


def test_an_analysis_that_fails_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    constant = read(answers().assign(cog_int_1=4.0))
    one = validate("cognitive-trust", constant, ratings=ratings(), n_bootstrap=10)
    assert "confirmatory" in one.failures
    assert "cog_int_1" in one.failures["confirmatory"]
    assert not next(c for c in one.claims if c.status == "structurally-validated").reached
    assert "cog_int_1" in one.write(tmp_path / "d.html", figures=False).read_text(encoding="utf-8")


def test_mistakes_are_named() -> None:
    with pytest.raises(ArgumentError, match="read the answers with read_responses first"):
        validate("cognitive-trust", answers())  # type: ignore[arg-type]  # what a wrong call says
    with pytest.raises(ArgumentError, match="responses hold no answers to 'satisfaction'"):
        validate("satisfaction", responses())
    with pytest.raises(ArgumentError, match=r"behaviour: there is no column 'bougt'\. Did you mean 'bought'"):
        validate("cognitive-trust", responses(), behaviour={"bougt": "+"})
    with pytest.raises(ArgumentError, match=r"behaviour\['bought'\]"):
        validate("cognitive-trust", responses(), behaviour={"bought": "up"})
    with pytest.raises(ArgumentError, match="statements"):
        validate("cognitive-trust", responses(), statements={"contents": "x"})
