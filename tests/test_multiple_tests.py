"""Probabilities that allow for the number of tests."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from trustmeasure.errors import ArgumentError
from trustmeasure.multiple_tests import corrected


@pytest.mark.parametrize("correction", ["holm", "bonferroni", "fdr_bh"])
def test_corrections_are_those_of_statsmodels(correction: str) -> None:
    p = np.random.default_rng(1).random(17) ** 3
    found = corrected(np.insert(p, 4, np.nan), correction)
    assert np.isnan(found[4])
    np.testing.assert_allclose(np.delete(found, 4), multipletests(p, method=correction)[1], rtol=1e-12)


@pytest.mark.parametrize(
    ("correction", "expected"),
    [
        ("holm", [0.06, 0.03, np.nan, 0.06]),
        ("bonferroni", [0.12, 0.03, np.nan, 0.09]),
        ("fdr_bh", [0.04, 0.03, np.nan, 0.04]),
        ("none", [0.04, 0.01, np.nan, 0.03]),
    ],
)
def test_missing_probabilities_are_no_tests(correction: str, expected: list[float]) -> None:
    np.testing.assert_allclose(corrected(np.array([0.04, 0.01, np.nan, 0.03]), correction), expected)


@pytest.mark.parametrize("correction", ["holm", "bonferroni", "fdr_bh", "none"])
def test_no_tests_and_tests_of_nothing(correction: str) -> None:
    assert corrected(np.array([]), correction).size == 0
    assert np.isnan(corrected(np.array([np.nan]), correction)).all()
    assert (corrected(np.array([0.8, 1.0, 0.9]), correction) <= 1.0).all()


def test_an_unknown_correction_is_named() -> None:
    with pytest.raises(ArgumentError, match="Did you mean 'holm'"):
        corrected(np.array([0.5]), "holms")
