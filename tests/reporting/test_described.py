"""The report has words for what was done, or refuses."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reporting.findings_for_tests import findings, fitted, responses
from tests.reporting.test_report_method import limits, text
from tests.study.surveys import MODEL
from trustmeasure.errors import ArgumentError
from trustmeasure.reliability_analysis import reliability
from trustmeasure.reporting import Findings
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.estimation import kind_of, reported_fit
from trustmeasure.reporting.headlines import headline
from trustmeasure.reporting.sections.sources import methods
from trustmeasure.reporting.words import Words
from trustmeasure.reporting.writing import report_html
from trustmeasure.responses import Responses, load_sample
from trustmeasure.sem import SemResult, fit_sem
from trustmeasure.study.parts import measurement_text

SATISFACTION = "satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4"
HOW: dict[str, dict[str, Any]] = {
    "ML": {},
    "FIML": {"missing": "fiml"},
    "MLR": {"estimator": "MLR"},
    "robust FIML": {"estimator": "MLR", "missing": "fiml"},
    "WLSMV": {"ordered": True},
    "pairwise": {"ordered": True, "missing": "pairwise"},
}


@pytest.fixture(scope="module")
def sample() -> Responses:
    return load_sample("trust-survey")


@pytest.fixture(scope="module")
def answers(sample: Responses) -> pd.DataFrame:
    return sample.data.dropna(subset=["sat_1", "sat_2", "sat_3", "sat_4"])


@pytest.mark.parametrize(
    "options", [{"estimator": "MLM"}, {"estimator": "GLS"}, {"group": "language"}, {"estimator": "WLSMV"}]
)
def test_what_has_no_words_yet_is_refused(
    sample: Responses, answers: pd.DataFrame, options: dict[str, str]
) -> None:
    fit = fit_sem(SATISFACTION, answers, **options)
    with pytest.raises(ArgumentError, match="The report describes models without groups fitted by"):
        Findings(responses=sample, structural=fit)


@cache
def fit_of(how: str) -> SemResult:
    """Return the structural model of the small survey, estimated in some way."""
    return fitted(MODEL, responses(), **HOW[how])


@cache
def found(how: str) -> Findings:
    """Return the findings of the small survey, both models estimated in some way."""
    return replace(
        findings(),
        measurement=fitted(measurement_text(MODEL), responses(), **HOW[how]),
        structural=fit_of(how),
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("how", HOW)
def test_a_report_can_be_made_of_it(how: str, language: Any) -> None:
    page = report_html(replace(found(how), language=language))
    assert Words(language)(f"say.estimator_{fit_of(how).estimator}")[:40] in page


SAID = {
    "ML": [
        "normal-theory maximum likelihood",
        "fitted to the 157 respondents with an answer to every variable",
    ],
    "FIML": [
        "full information maximum likelihood, which uses every answer",
        "missing answers or not; 0 were",
    ],
    "MLR": ["Huber-White standard errors", "χ² is the scaled one", "Brosseau-Liard & Savalei, 2014"],
    "robust FIML": ["Huber-White", "uses every answer (Enders & Bandalos, 2001)", "Zhang & Savalei, 2023"],
    "WLSMV": ["thresholds and polychoric correlations", "WLSMV; Muthén, 1984", "computed from it (scaled"],
    "pairwise": [
        "from the respondents who answered both items (pairwise)",
        "160 respondents with an answer to at",
    ],
}


@pytest.mark.parametrize("how", HOW)
def test_the_method_text_says_how_it_was_estimated(how: str) -> None:
    said = text(found(how))
    for sentence in SAID[how]:
        assert sentence in said
    assert ("normal-theory" in said) == (how in {"ML", "FIML"})
    assert ("polychoric" in said) == (how in {"WLSMV", "pairwise"})


LIMITS = {
    "ML": ["treated as continuous, and standard errors and χ² assume", "Listwise deletion gives"],
    "FIML": [
        "treated as continuous, and standard errors and χ² assume",
        "when answers are missing at random",
    ],
    "MLR": ["robust to departures from the normal distribution", "Listwise deletion gives"],
    "robust FIML": [
        "robust to departures from the normal distribution",
        "when answers are missing at random",
    ],
    "WLSMV": ["treated as ordered categories", "Listwise deletion gives"],
    "pairwise": ["treated as ordered categories", "Pairwise use of answers gives"],
}


@pytest.mark.parametrize("how", HOW)
def test_limitations_are_those_of_the_estimation(how: str) -> None:
    said = limits(found(how))
    for sentence in LIMITS[how]:
        assert sentence in said


def test_the_fit_is_the_variant_that_papers_report() -> None:
    kinds = {"ML": "plain", "FIML": "plain", "MLR": "robust", "robust FIML": "robust", "WLSMV": "scaled"}
    for how, kind in kinds.items():
        fit, shown = fit_of(how).fit_measures, reported_fit(fit_of(how))
        assert kind_of(fit_of(how)) == kind
        assert shown["chisq"] == fit["chisq" if kind == "plain" else "chisq_scaled"]
        assert shown["cfi"] == fit["cfi" if kind == "plain" else f"cfi_{kind}"]
        assert shown["srmr"] == fit["srmr"]
        assert np.isnan(shown["aic"]) == (how == "WLSMV")
        assert headline(found(how))["structural_rmsea"] == shown["rmsea"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_categorical_omega_has_a_column_when_it_was_wanted(language: Any) -> None:
    plain = replace(findings(), language=language)
    wanted = replace(plain, reliability=reliability(responses(), ordered=True))
    head = Words(language)("head.omega_categorical")
    assert head in report_html(wanted)
    assert head not in report_html(plain)
    assert wanted.reliability is not None
    value = wanted.reliability["omega_categorical"].iloc[0]
    assert f"{value:.3f}"[1:] in report_html(wanted)
    assert ("Green & Yang, 2009" in text(wanted)) != ("Green & Yang, 2009" in text(plain))
    assert any("Green, S. B." in line for line in methods(Context(wanted, Words(language))))


def test_sources_are_those_of_the_estimation() -> None:
    first = {
        "ML": "Jöreskog",
        "MLR": "Yuan, K.-H.",
        "FIML": "Enders",
        "robust FIML": "Zhang",
        "WLSMV": "Muthén, B. (1984)",
    }
    for how, author in first.items():
        cited = "\n".join(methods(Context(found(how), Words("en"))))
        assert author in cited
        assert ("Muthén" in cited) == (how == "WLSMV")
