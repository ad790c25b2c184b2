"""Omega total: what is said of a solution, what is refused."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from trustmeasure.errors import (
    ArgumentError,
    ConvergenceError,
    DataError,
    InadmissibleWarning,
    TrustMeasureWarning,
)
from trustmeasure.reliability_analysis import cronbach_alpha, omega_total

RNG = np.random.default_rng(17)
LOADINGS = np.array([0.9, 0.7, 0.8, 0.5])
NOISE = np.array([0.5, 0.8, 0.6, 0.9])


def people(n, rng=RNG):
    values = rng.normal(size=(n, 1)) * LOADINGS + rng.normal(size=(n, 4)) * NOISE
    return pd.DataFrame(values, columns=["I trust them", "真诚", "item_1", "loading_2"])


ITEMS = people(250)


def test_names_of_items_may_be_anything():
    found = omega_total(ITEMS)
    assert found.items["item"].tolist() == list(ITEMS.columns)
    plain = omega_total(ITEMS.to_numpy())
    assert (found.omega, found.se) == pytest.approx((plain.omega, plain.se), rel=1e-12)
    assert omega_total(pl.from_pandas(ITEMS)).omega == pytest.approx(found.omega, rel=1e-12)


def test_recovers_the_population_value_and_its_standard_error():
    rng = np.random.default_rng(23)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        runs = [omega_total(people(300, rng)) for _ in range(80)]
    population = LOADINGS.sum() ** 2 / (LOADINGS.sum() ** 2 + (NOISE**2).sum())
    omegas, errors = np.array([r.omega for r in runs]), np.array([r.se for r in runs])
    assert omegas.mean() == pytest.approx(population, abs=4 * omegas.std() / np.sqrt(80) + 0.002)
    assert errors.mean() == pytest.approx(omegas.std(ddof=1), rel=0.2)
    inside = np.mean([r.ci_lower < population < r.ci_upper for r in runs])
    assert 0.88 <= inside <= 1.0


def test_record_and_summary():
    found = omega_total(ITEMS, ci=0.9)
    assert found.ci_upper - found.omega == pytest.approx(found.omega - found.ci_lower)
    assert found.ci_upper - found.omega == pytest.approx(1.6448536269514722 * found.se)
    assert found.omega >= cronbach_alpha(ITEMS).alpha - 0.02
    assert found.fit.index.tolist() == ["chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr"]
    assert found.fit["df"] == 2
    text = str(found.summary())
    assert "90 % interval by the delta method. 250 of 250 rows used." in text
    assert "It is not omega hierarchical" in text
    assert repr(found) == text
    assert "<table" in found._repr_html_()
    assert found.to_frame()["omega"].tolist() == [found.omega]


def test_direction_of_the_factor_does_not_show():
    found = omega_total(-ITEMS)
    assert (found.items["loading"] > 0).all()
    assert found.omega == pytest.approx(omega_total(ITEMS).omega, rel=1e-9)
    assert found.se == pytest.approx(omega_total(ITEMS).se, rel=1e-7)


def test_units_do_not_stop_the_fit():
    scaled = ITEMS * [1e-4, 1.0, 1e4, 50.0] + 1e5
    found = omega_total(scaled)
    expected = omega_total(ITEMS).items["standardized_loading"]
    np.testing.assert_allclose(found.items["standardized_loading"], expected, rtol=1e-6)


def test_rows_with_a_gap_are_left_out_and_counted():
    frame = ITEMS.mask(np.random.default_rng(2).random(ITEMS.shape) < 0.05)
    found = omega_total(frame)
    assert (found.n_obs, found.n_rows) == (len(frame.dropna()), 250)
    assert found.omega == omega_total(frame.dropna()).omega


def test_item_against_the_rest():
    turned = ITEMS.assign(真诚=-ITEMS["真诚"])
    with pytest.warns(TrustMeasureWarning, match="Negative loading on the common factor: 真诚"):
        found = omega_total(turned)
    assert "真诚" in found.notes[0]
    assert found.omega < omega_total(ITEMS).omega


def heywood():
    corr = np.array([[1, 0.9, 0.8], [0.9, 1, 0.5], [0.8, 0.5, 1]])  # 0.9 * 0.8 / 0.5 > 1
    values = np.random.default_rng(1).normal(size=(200, 3))
    white = np.linalg.cholesky(np.cov(values, rowvar=False))
    exact = (values - values.mean(axis=0)) @ np.linalg.inv(white).T @ np.linalg.cholesky(corr).T
    return pd.DataFrame(exact, columns=["warm", "open", "true"])


def test_negative_residual_variance_is_told_by_the_items_name():
    with pytest.warns(InadmissibleWarning, match="standardised items: The variance 'warm' ~~ 'warm' is neg"):
        found = omega_total(heywood())
    assert found.items["residual_variance"][0] == pytest.approx((1 - 0.9 * 0.8 / 0.5) * 199 / 200, rel=1e-6)
    assert found.inadmissible
    assert found.inadmissible[0] in found.notes


def test_limit_above_one_is_explained():
    ten = omega_total(people(10, np.random.default_rng(0)).iloc[:, [0, 1, 2]])
    assert ten.ci_upper > 1
    assert [note for note in ten.notes if "above 1" in note]
    assert omega_total(ITEMS).notes == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ITEMS.iloc[:, :2], "at least 3 items; with 'I trust them' and '真诚' alone"),
        (ITEMS.iloc[:, :1], "only one item"),
        (ITEMS.assign(真诚=1), "'真诚' has the same answer"),
        (ITEMS.assign(真诚=np.nan), "'真诚' has no answer at all"),
        (ITEMS.assign(真诚="x"), "which is not a number"),
        (ITEMS.assign(真诚=ITEMS["item_1"]), "'真诚', 'item_1' are linearly dependent"),
        (ITEMS.head(4), "4 complete rows are too few for 4 variables"),
        (ITEMS.head(1), "Only 1 of 1 rows"),
    ],
)
def test_refused(given, said):
    with pytest.raises(DataError, match=said):
        omega_total(given)


def test_no_common_factor():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(40, 4))
    opposed = pd.DataFrame(values - 0.5 * values.mean(axis=1, keepdims=True), columns=list("abcd"))
    with pytest.raises(ConvergenceError, match="No convergence") as caught:
        omega_total(opposed)
    assert caught.value.partial is not None
    assert "item_" not in str(caught.value)


def test_level():
    with pytest.raises(ArgumentError, match="ci=0 must lie"):
        omega_total(ITEMS, ci=0)
