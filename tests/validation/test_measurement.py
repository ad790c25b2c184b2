"""The report on measurement quality: complete, isolated failures, both languages, every hostile frame."""

from __future__ import annotations

import re
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from docx import Document

from tests.hostile import FRAMES
from tests.validation.surveys import answers, frames, read, responses
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.reliability_analysis import reliability
from trustmeasure.validation import MeasurementReport, measurement_report
from trustmeasure.validation.analyses import ANALYSES
from trustmeasure.validity import htmt

REFUSED = ("text", "infinite")
SECTIONS = [
    "scales", "screening", "items", "reliability", "factors", "confirmatory", "convergent", "discriminant",
    "method-bias", "item-response", "invariance", "cutoffs", "notes",
]  # fmt: skip


@cache
def report() -> MeasurementReport:
    return measurement_report(responses(), groups="country", n_bootstrap=100)


def test_every_analysis_is_there() -> None:
    assert list(report().found) == list(ANALYSES)
    assert report().failures == {}


def test_the_figures_are_those_of_the_functions_alone() -> None:
    scales = report().scales.set_index("construct")
    alone = reliability(responses()).set_index("construct")
    for name in scales.index:
        assert scales.loc[name, "alpha"] == pytest.approx(alone.loc[name, "alpha"], abs=1e-12)
        assert scales.loc[name, "omega"] == pytest.approx(alone.loc[name, "omega"], abs=1e-12)
    ratios = htmt(frames(answers()), n_bootstrap=1, seed=1).frame["htmt"]
    assert scales["htmt_max"].max() == pytest.approx(ratios.max(), abs=1e-12)
    own = report()["confirmatory"].parameters
    loadings = own.loc[(own["op"] == "=~") & (own["lhs"] == "competence"), "std_all"]
    assert scales.loc["competence", "loading_min"] == pytest.approx(loadings.min(), abs=1e-12)


def test_the_planted_structure_is_found() -> None:
    number = report()["factor_numbers"].to_frame().set_index("method")["n_factors"]
    assert 3 in set(number)
    loadings = report()["exploratory"].loadings.abs()
    assert (loadings.max(axis=1) > 0.5).all()
    assert list(report()["invariance"]) == ["country"]


def test_frames_give_the_same_figures_as_responses() -> None:
    skip = set(ANALYSES) - {"reliability", "confirmatory", "convergent"}
    ours = measurement_report(frames(answers()), skip=skip).scales
    theirs = measurement_report(responses(), skip=skip).scales
    numbers = ["alpha", "omega", "cr", "ave", "msv", "loading_min"]
    np.testing.assert_allclose(ours[numbers], theirs[numbers], rtol=1e-10)


def test_criteria_describe_and_never_judge() -> None:
    held = report().criteria()
    assert {"alpha", "omega", "composite_reliability", "ave", "loading", "htmt", "cfi", "kmo"} <= set(
        held["metric"]
    )
    assert set(held["of"]) == {"items", "model", "competence", "integrity", "reliability"}
    assert held["reference"].str.len().min() > 40
    alpha = held[(held["metric"] == "alpha") & (held["of"] == "competence")].iloc[0]
    assert alpha["met"] == (alpha["value"] >= 0.7)


def test_gaps_and_few_answers_choose_the_way_of_fitting() -> None:
    frame = answers()
    some = read(frame.assign(cog_com_1=frame["cog_com_1"].where(frame.index > 40)))
    only = set(ANALYSES) - {"confirmatory"}
    assert measurement_report(some, skip=only)["confirmatory"].missing == "fiml"
    assert measurement_report(responses(), skip=only)["confirmatory"].estimator == "MLR"
    coarse = {name: np.ceil(own / 2.5) for name, own in frames(frame).items()}
    assert measurement_report(coarse, skip=only)["confirmatory"].estimator == "WLSMV"
    assert measurement_report(coarse, ordered=False, skip=only)["confirmatory"].estimator == "MLR"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_all_sections_in_both_languages(tmp_path: Path, language: str) -> None:
    html = report().write(tmp_path / "q.html", language=language, figures=False).read_text(encoding="utf-8")
    assert re.findall(r'<section id="([\w-]+)"', html) == SECTIONS
    assert "nan" not in re.findall(r"<td[^>]*>([^<]*)</td>", html)
    assert "<svg" not in html
    labels = {"en": "Competence", "zh": "能力"}
    assert labels[language] in html


def test_the_document_and_the_figures(tmp_path: Path) -> None:
    made = Document(str(report().write(tmp_path / "q.docx")))
    html = report().write(tmp_path / "q.html").read_text(encoding="utf-8")
    assert len(made.inline_shapes) == html.count("<svg") >= 3
    with pytest.raises(ArgumentError, match="ending of path"):
        report().write(tmp_path / "q.pdf")


def test_the_same_seed_gives_the_same_report(tmp_path: Path) -> None:
    again = measurement_report(responses(), groups="country", n_bootstrap=100)
    first = report().write(tmp_path / "a.html", figures=False).read_bytes()
    assert again.write(tmp_path / "b.html", figures=False).read_bytes() == first


def test_tables_are_unrounded_and_name_nobody() -> None:
    tables = report().tables
    assert {
        "scales",
        "items",
        "reliability",
        "exploratory-loadings",
        "criteria",
        "invariance-country",
    } <= set(tables)
    assert all("respondent" not in frame for frame in tables.values())
    assert tables["reliability"]["alpha"].iloc[0] != round(tables["reliability"]["alpha"].iloc[0], 6)


@pytest.mark.parametrize("name", FRAMES)
def test_no_frame_stops_the_report(name: str, tmp_path: Path) -> None:
    """Each analysis fails alone, with its reason; text and infinity are refused before any starts."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        if name in REFUSED:
            with pytest.raises(DataError, match="'c'"):
                measurement_report({"scale": FRAMES[name]()}, n_bootstrap=20)
            return
        found = measurement_report({"scale": FRAMES[name]()}, n_bootstrap=20)
        html = found.write(tmp_path / "q.html", figures=False).read_text(encoding="utf-8")
    assert all(len(why) > 20 for why in found.failures.values())
    assert "Measurement quality" in html
    assert str(found)


def test_mistakes_are_named() -> None:
    with pytest.raises(ArgumentError, match=r"groups: there is no column 'contry'\. Did you mean 'country'"):
        measurement_report(responses(), groups="contry")
    with pytest.raises(ArgumentError, match=r"skip: there is no analysis 'item'\. Did you mean 'items'"):
        measurement_report(responses(), skip=["item"])
    with pytest.raises(ArgumentError, match="There is no analysis 'alpha'"):
        report()["alpha"]
    partial = measurement_report({"a": FRAMES["one_item"]()}, skip=set(ANALYSES) - {"confirmatory"})
    with pytest.raises(ArgumentError, match="confirmatory could not be computed: No scale has two items"):
        partial["confirmatory"]
