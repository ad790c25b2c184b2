"""Failure is an answer: each names the variable or parameter and the remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, holzinger, linear
from trustmeasure.errors import (
    ArgumentError,
    ConvergenceError,
    DataError,
    IdentificationError,
    InadmissibleWarning,
    ListwiseWarning,
    TrustMeasureWarning,
)
from trustmeasure.sem import SemResult, fit_sem, parse_model

ONE = "f =~ x1 + x2 + x3 + x4"


def changed(**columns: object) -> pd.DataFrame:
    return holzinger().assign(**columns)


DATA = {
    "unknown column": (
        holzinger().drop(columns="x4").rename(columns={"x3": "x_3"}),
        "'x3' is not a column",
        "'x_3'",
    ),
    "text": (changed(x2=["often", *holzinger().x2[1:]]), "'often' in row 1", "Recode"),
    "infinite": (changed(x2=[np.inf, *holzinger().x2[1:]]), "infinite value in row 1", "missing"),
    "dates": (changed(x2=pd.Timestamp("2026-01-01")), "'x2' has type datetime64", "numbers"),
    "all missing": (changed(x3=np.nan), "No value at all in x3", "Leave"),
    "constant": (changed(x3=4.0), "complete rows of x3", "Leave it out"),
    "duplicate": (changed(x3=holzinger().x1), "x1, x3 are linearly dependent", "Leave one"),
    "sum": (changed(x4=holzinger().x1 + holzinger().x2), "x1, x2, x4 are linearly dependent", "computed"),
    "few rows": (holzinger().head(4), "4 complete rows are too few for 4", "collect"),
    "few complete": (
        changed(x4=[1.0, 2.0, *[np.nan] * 299]),
        r"2 complete rows \(299 rows have a missing value",
        "fewer variables",
    ),
    "no rows": (holzinger().head(0), "no rows", ""),
    "no frame": ("data.csv", "data is a str", "frame"),
    "two columns": (pd.concat([holzinger(), holzinger()[["x2"]]], axis=1), "2 columns named 'x2'", "Rename"),
}


@pytest.mark.parametrize("case", DATA)
def test_data(case: str) -> None:
    data, cause, remedy = DATA[case]
    with pytest.raises(DataError, match=cause) as caught:
        fit_sem(ONE, data)
    assert remedy in str(caught.value)


COVARIANCES = {
    "no n": ({"n_obs": None}, "needs n_obs"),
    "n too small": ({"n_obs": 3}, "too small for 4 variables"),
    "not symmetric": (
        {"cov": [[2, 1, 0.5, 0.5], [0.9, 2, 1, 1], [0.5, 1, 2, 1], [0.5, 1, 1, 2]]},
        "a, b: 1.0 and 0.9",
    ),
    "impossible": ({"cov": np.full((4, 4), 0.9) * 2 - np.eye(4)}, "inconsistent"),
    "negative": ({"cov": np.diag([1.0, 1, -1, 1])}, "variance of c is not positive"),
    "not square": ({"cov": np.ones((4, 3))}, "square"),
    "unknown": ({"names": list("abcx")}, "'d' is not in sample_cov"),
}


@pytest.mark.parametrize("case", COVARIANCES)
def test_covariances(case: str) -> None:
    given, message = COVARIANCES[case]
    cov = np.asarray(given.get("cov", np.eye(4) + 0.5), dtype=float)
    names = given.get("names", list("abcd"))[: cov.shape[1]]
    with pytest.raises(DataError, match=message):
        fit_sem(
            "f =~ a + b + c + d", sample_cov=pd.DataFrame(cov, columns=names), n_obs=given.get("n_obs", 100)
        )


def test_an_array_of_covariances_needs_names() -> None:
    with pytest.raises(DataError, match="without names"):
        fit_sem("f =~ a + b + c", sample_cov=np.eye(3), n_obs=100)


ARGUMENTS = {
    "estimator": ({"estimator": "WLSMW"}, "estimator='WLSMW'"),
    "engine": ({"engine": "lavaan"}, "engine='lavaan'"),
    "missing": ({"missing": "pairwise"}, "missing='pairwise'"),
    "level": ({"ci": 95}, "ci=95 must lie"),
    "both": ({"sample_cov": pd.DataFrame(np.eye(3))}, "either data, or sample_cov"),
    "n with data": ({"n_obs": 10}, "go with sample_cov"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments(case: str) -> None:
    options, message = ARGUMENTS[case]
    with pytest.raises(ArgumentError, match=message):
        fit_sem(HS_MODEL, holzinger(), **options)


def test_neither_data_nor_covariances() -> None:
    with pytest.raises(ArgumentError, match="Give either data"):
        fit_sem(HS_MODEL)


def test_means_need_means() -> None:
    with pytest.raises(ArgumentError, match="sample_mean is needed"):
        fit_sem(
            "f =~ a + b + c\na ~ 1", sample_cov=pd.DataFrame(np.eye(3) + 0.5, columns=list("abc")), n_obs=99
        )


def test_options_of_a_parsed_model() -> None:
    with pytest.raises(ArgumentError, match="parsed already"):
        fit_sem(parse_model(HS_MODEL), holzinger(), std_lv=True)


def test_too_many_parameters() -> None:
    with pytest.raises(IdentificationError, match="df = -1") as caught:
        fit_sem("f =~ x1 + x2", holzinger())
    assert "f=~x2" in caught.value.parameters


def test_unidentified_parameters_are_named() -> None:
    text = "f =~ NA*x1 + x2 + x3\ng =~ x4 + x5 + x6"
    with pytest.raises(IdentificationError, match="not identified") as caught:
        fit_sem(text, holzinger())
    assert {"f=~x1", "f~~f"} <= set(caught.value.parameters)
    assert "g=~x5" not in caught.value.parameters


def test_two_equal_predictors_of_a_factor_are_not_identified() -> None:
    text = "f =~ x1 + x2\nf ~~ 0*g\ng =~ x3 + x4 + x5 + x6"
    with pytest.raises(IdentificationError) as caught:
        fit_sem(text, holzinger())
    assert {"f=~x2", "f~~f"} <= set(caught.value.parameters)


def test_no_convergence_carries_the_partial_result() -> None:
    # Answers without any structure: the discrepancy has no minimum, it falls on towards infinite loadings.
    rng = np.random.default_rng(6)
    data = pd.DataFrame(rng.normal(size=(20, 6)), columns=[f"v{i}" for i in range(6)])
    text = "f =~ v0 + v1 + v2\ng =~ v3 + v4 + v5"
    with pytest.raises(ConvergenceError, match=r"largest gradient .* at .*The cause: ") as caught:
        fit_sem(text, data)
    partial = caught.value.partial
    assert isinstance(partial, SemResult)
    assert not partial.converged
    assert partial.parameters.loc[lambda f: f.se != 0, "se"].isna().all()


def test_a_marker_that_hardly_loads_is_named() -> None:
    rng = np.random.default_rng(8)
    data = pd.DataFrame(rng.normal(size=(20, 6)), columns=[f"v{i}" for i in range(6)])
    with pytest.raises(ConvergenceError, match=r"unit of g is v3, which hardly measures it.*first, or use"):
        fit_sem("f =~ v0 + v1 + v2\ng =~ v3 + v4 + v5", data)


def test_negative_variance_is_named_with_its_interval() -> None:
    cov = 2 * pd.DataFrame([[1, 0.6, 0.7], [0.6, 1, 0.35], [0.7, 0.35, 1]], columns=list("abc"))
    with pytest.warns(InadmissibleWarning, match=r"a ~~ a is negative: -0\.\d+ \[.*Heywood"):
        fit = fit_sem("f =~ a + b + c", sample_cov=cov, n_obs=100)
    assert np.isnan(fit.r_squared["a"])
    assert "Warning: The variance a ~~ a is negative" in str(fit.summary())


def test_correlation_beyond_one_names_the_constructs() -> None:
    cov = pd.DataFrame(np.full((6, 6), 0.4) + 0.6 * np.eye(6), columns=[f"v{i}" for i in range(6)])
    cov.iloc[:3, 3:] = cov.iloc[3:, :3] = 0.45
    with pytest.warns(InadmissibleWarning, match=r"between f and g is 1\.125"):
        fit = fit_sem("f =~ v0 + v1 + v2\ng =~ v3 + v4 + v5", sample_cov=2 * cov, n_obs=200)
    assert any("beyond 1" in w for w in fit.warnings)


def test_listwise_deletion_is_counted_and_told() -> None:
    data = holzinger().copy()
    data.loc[data.index[:20], "x5"] = np.nan
    with pytest.warns(ListwiseWarning, match=r"20 of 301 rows \(6\.6 %\)"):
        fit = fit_sem(HS_MODEL, data)
    assert (fit.n_obs, fit.n_dropped) == (281, 20)
    assert "20 rows left out" in str(fit.summary())


def test_fewer_rows_than_parameters_is_told() -> None:
    with pytest.warns(TrustMeasureWarning, match="20 rows for 21 free parameters"):
        fit_sem(HS_MODEL, sample_cov=holzinger()[[f"x{i}" for i in range(1, 10)]].cov(), n_obs=20)


def test_a_note_on_random_covariates_is_told() -> None:
    with pytest.warns(TrustMeasureWarning, match=r"exogenous variable\(s\) x"):
        fit_sem("y ~ x + z\nx ~~ x", linear(0))
