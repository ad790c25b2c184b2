"""What an estimator stands for, what it can be combined with, and what its results say of themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import fit_sem, modification_indices
from trustmeasure.sem.options import ESTIMATORS, Options

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "estimator": ({"estimator": "WLSMVV"}, "WLSMV"),
    "information": ({"information": "expectd"}, "expected"),
    "se": ({"se": "robust"}, "robust-sem"),
    "test": ({"test": "satorra"}, "satorra-bentler"),
    "likelihood": ({"likelihood": "Wishart"}, "wishart"),
    "wishart robust": ({"likelihood": "wishart", "estimator": "MLR"}, "plain standard errors"),
    "wishart GLS": ({"likelihood": "wishart", "estimator": "GLS"}, "has no likelihood"),
    "observed ULS": ({"estimator": "ULS", "information": "observed"}, "no other information"),
    "sandwich DWLS": ({"estimator": "DWLS", "se": "robust-huber-white"}, "has no likelihood"),
    "robust GLS": ({"estimator": "GLS", "se": "robust-sem"}, "no robust version"),
    "scaled WLS": ({"estimator": "WLS", "test": "satorra-bentler"}, "no robust version"),
    "observed MLM": ({"estimator": "MLM", "information": "observed"}, "estimator='MLR'"),
    "first-order MLR": ({"estimator": "MLR", "information": "first-order"}, "leave se out"),
    "semopy": ({"estimator": "GLS", "engine": "semopy"}, "engine='semopy' has no estimator='GLS'"),
    "fiml": ({"estimator": "WLSMV", "missing": "fiml"}, "missing='fiml'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_by_name(case: str) -> None:
    options, message = REFUSED[case]
    with pytest.raises(ArgumentError, match=message):
        fit_sem(HS_MODEL, holzinger(), **options)


@pytest.mark.parametrize("estimator", ["WLS", "DWLS", "WLSMV", "MLMV", "MLF"])
def test_covariances_do_not_suffice(estimator: str) -> None:
    cov = holzinger()[[f"x{i}" for i in range(1, 10)]].cov()
    with pytest.raises(ArgumentError, match=f"estimator='{estimator}' needs the rows"):
        fit_sem(HS_MODEL, sample_cov=cov, n_obs=301, estimator=estimator)


@pytest.mark.filterwarnings("ignore:Plain standard errors")
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_every_estimator_shows_itself(estimator: str) -> None:
    fit = fit_sem(HS_MODEL, holzinger(), estimator=estimator)
    assert fit.estimator == estimator
    text = str(fit.summary())
    assert f"Estimator {estimator} (" in text
    assert ("Scaled chi-square" in text) == (fit.test is not None)
    assert ("AIC" in text) == (not fit.options.least_squares)
    assert fit.summary()._repr_html_()
    assert fit.parameters.se[fit.parameters.se > 0].notna().all()


@pytest.mark.parametrize("name", ["satorra.bentler", "satorra_bentler", "Satorra-Bentler"])
def test_lavaans_spelling_is_understood(name: str) -> None:
    assert Options.of(test=name) == Options.of(test="satorra-bentler")


def test_estimators_are_sums_of_their_parts() -> None:
    whole = fit_sem(HS_MODEL, holzinger(), estimator="MLM")
    parts = fit_sem(HS_MODEL, holzinger(), se="robust-sem", test="satorra-bentler")
    np.testing.assert_array_equal(whole.parameters.se, parts.parameters.se)
    np.testing.assert_array_equal(whole.fit_measures, parts.fit_measures)


def test_plain_errors_of_uls_and_dwls_come_with_a_warning() -> None:
    for estimator in ("ULS", "DWLS"):
        with pytest.warns(UserWarning, match="Plain standard errors.*robust ones"):
            fit = fit_sem(HS_MODEL, holzinger(), estimator=estimator)
        assert any("robust" in w for w in fit.warnings)


def test_no_standard_errors_when_none_are_asked_for() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), se="none")
    assert fit.theta_cov is None
    assert fit.parameters.se[fit.parameters.estimate != 1.0].isna().all()
    assert fit.warnings == ()


@pytest.mark.parametrize("estimator", ["MLR", "MLM", "MLMV", "WLSMV"])
def test_a_scaled_test_needs_no_standard_errors(estimator: str) -> None:
    without, whole = (fit_sem(HS_MODEL, holzinger(), estimator=estimator, se=se) for se in ("none", None))
    assert without.theta_cov is None
    assert without.fit_measures.chisq_scaled == whole.fit_measures.chisq_scaled


def test_estimators_agree_on_many_normal_rows() -> None:
    implied = fit_sem(HS_MODEL, holzinger()).implied.cov
    rows = np.random.default_rng(2).multivariate_normal(np.zeros(9), implied, 40_000)
    data = {c: rows[:, i] for i, c in enumerate(implied.columns)}
    ml = fit_sem(HS_MODEL, data)
    for estimator in ("GLS", "WLS", "WLSMV", "ULSMV"):
        other = fit_sem(HS_MODEL, data, estimator=estimator)
        np.testing.assert_allclose(other.theta, ml.theta, atol=0.06)
        if other.test is None:
            assert other.fit_measures["chisq"] == pytest.approx(ml.fit_measures["chisq"], rel=0.05)


@pytest.mark.parametrize("estimator", ["MLR", "MLM", "MLMV", "MLF"])
def test_scores_do_not_depend_on_the_standard_errors(estimator: str) -> None:
    # lavaan 0.6-14 gives the same indices for all of these.
    plain = modification_indices(fit_sem(HS_MODEL, holzinger()))
    robust = modification_indices(fit_sem(HS_MODEL, holzinger(), estimator=estimator))
    np.testing.assert_allclose(robust.mi, plain.mi, rtol=1e-9)
    assert robust[["lhs", "op", "rhs"]].equals(plain[["lhs", "op", "rhs"]])


def test_scores_of_gls_are_near_those_of_maximum_likelihood() -> None:
    ml, gls = (modification_indices(fit_sem(HS_MODEL, holzinger(), estimator=e)) for e in ("ML", "GLS"))
    assert set(gls.head(2).rhs) & set(ml.head(2).rhs)
    assert gls.mi.is_monotonic_decreasing


def test_a_chi_square_without_a_p_value_shows_none() -> None:
    saturated = str(fit_sem("x7 ~ x1 + x2", holzinger()).summary())
    assert "(0)" in saturated
    assert "(0, " not in saturated
    with pytest.warns(UserWarning, match="Plain standard errors"):
        fit = fit_sem("f =~ x1 + x2 + x3 + x4", holzinger(), estimator="ULS")
    assert " (2)" in str(fit.summary())
