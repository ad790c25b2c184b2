"""What the summary of a fit with ordinal variables says."""

from __future__ import annotations

import pandas as pd

import trustmeasure as tm
from tests.sem.test_ordinal_scores import survey

MODEL = "fa =~ a1 + a2 + a3\nfb =~ b1 + b2 + v1"
ORDERED = ["a1", "a2", "a3", "b1", "b2"]


def shown(**options: object) -> str:
    """Return the summary of the model as text."""
    return str(tm.fit_sem(MODEL, survey(), ordered=ORDERED, **options))


def test_how_it_was_estimated() -> None:
    text = shown()
    assert "Ordinal variables (3 categories: b1, b2; 5 categories: a1, a2, a3)" in text
    assert "diagonally weighted least squares of thresholds, means, variances and polychoric," in text
    assert "delta parameterisation" in text
    only = tm.fit_sem("fa =~ a1 + a2 + a3 + a4\nfa ~ v1", survey(), ordered=True, estimator="ULSMV")
    assert "unweighted least squares of thresholds and polychoric correlations given the covariates" in str(
        only
    )


def test_sections() -> None:
    text = shown()
    assert "Thresholds (|)" in text
    assert "Response scales" not in text
    assert "Residual variances of latent responses follow from the other parameters (delta)." in text
    intercepts = text.split("Intercepts (~1)")[1].split("\n\n")[0]
    assert "v1" in intercepts
    assert "a1" not in intercepts
    theta = shown(parameterization="theta")
    assert "Response scales (~*~)" in theta
    assert "Residual variances of latent responses are 1 unless freed (theta)." in theta


def test_free_scales_and_means_of_groups_are_shown() -> None:
    text = shown(group="g", group_equal=["loadings", "thresholds"])
    scales = text.split("Response scales (~*~)")[1].split("\n\n")[0]
    assert scales.count("2  a1") == 1
    means = text.split("Intercepts (~1)")[1].split("\n\n")[0]
    assert "2  fa" in means
    assert "1  fa" not in means


def test_fit_measures_that_papers_report() -> None:
    text = shown()
    for name in ("Scaled chi-square", "Scaled CFI", "Scaled TLI", "Scaled RMSEA [90 % CI]"):
        assert name in text
    assert "Robust CFI" not in text  # not defined with continuous variables
    pure = str(tm.fit_sem("fa =~ a1 + a2 + a3 + a4", survey(), ordered=True))
    assert "Robust CFI" in pure
    assert "AIC" not in pure


def test_pairwise_rows_and_html() -> None:
    data = survey().astype(float)
    data.iloc[:20, data.columns.get_loc("a1")] = float("nan")
    fit = tm.fit_sem(MODEL, data, ordered=ORDERED, missing="pairwise")
    assert "500 rows (each statistic from the rows that answered its variables: pairwise)" in str(fit)
    assert "Thresholds (|)" in fit._repr_html_()
    assert isinstance(fit.to_frame(), pd.DataFrame)
