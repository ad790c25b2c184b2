"""What a result shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger, linear
from trustmeasure.display import Summary
from trustmeasure.sem import fit_sem

COLUMNS = "lhs op rhs group label estimate se z p_value ci_lower ci_upper std_lv std_all".split()  # noqa: SIM905 - one line is easier to read


def test_columns_and_types() -> None:
    frame = fit_sem(PD_MODEL + "dem65 ~ b*dem60\nq := b^2\n", democracy()).parameters
    assert list(frame.columns) == COLUMNS
    assert all(pd.api.types.is_float_dtype(frame[c]) for c in COLUMNS[5:])
    assert frame.op.tolist()[-1] == ":="


def test_published_figures() -> None:
    f = fit_sem(HS_MODEL, holzinger()).fit_measures
    assert f["chisq"] == pytest.approx(85.306, abs=5e-4)
    assert (f["df"], f["npar"], f["n_obs"]) == (24, 21, 301)
    assert f[["cfi", "tli", "rmsea", "srmr"]].round(3).tolist() == [0.931, 0.896, 0.092, 0.065]
    assert f["aic"] == pytest.approx(7517.490, abs=5e-4)
    g = fit_sem(PD_MODEL, democracy()).fit_measures
    assert g["chisq"] == pytest.approx(38.125, abs=5e-4)
    assert g["df"] == 35


def test_a_fixed_parameter_has_no_test() -> None:
    marker = fit_sem(HS_MODEL, holzinger()).parameters.iloc[0]
    assert (marker["estimate"], marker["se"], marker["ci_lower"], marker["ci_upper"]) == (1, 0, 1, 1)
    assert np.isnan(marker["z"])
    assert np.isnan(marker["p_value"])


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_confidence_level(level: float) -> None:
    from scipy.stats import norm

    frame = fit_sem(HS_MODEL, holzinger(), ci=level).parameters
    half = (frame.ci_upper - frame.ci_lower) / 2
    np.testing.assert_allclose(half, norm.ppf(0.5 + level / 2) * frame.se, rtol=1e-12)


def test_defined_parameters_by_the_delta_method() -> None:
    fit = fit_sem("m ~ a*x\ny ~ b*m + c*x\nab := a*b\ntotal := ab + c\nshare := ab/total", linear(4))
    by = fit.parameters.set_index("lhs")
    a, b, c = (fit.parameters.set_index("label").loc[k, "estimate"] for k in "abc")
    v = fit.vcov.loc[["a", "b", "c"], ["a", "b", "c"]].to_numpy()
    assert by.loc["ab", "estimate"] == pytest.approx(a * b, rel=1e-12)
    slope = np.array([b, a, 0.0])
    assert by.loc["ab", "se"] == pytest.approx(np.sqrt(slope @ v @ slope), rel=1e-10)
    share = a * b / (a * b + c)
    slope = np.array([b * c, a * c, -a * b]) / (a * b + c) ** 2
    assert by.loc["share", "estimate"] == pytest.approx(share, rel=1e-12)
    assert by.loc["share", "se"] == pytest.approx(np.sqrt(slope @ v @ slope), rel=1e-10)


def test_implied_and_residual_moments_add_up() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), meanstructure=True)
    data = holzinger()[list(fit.model.observed)]
    np.testing.assert_allclose(fit.implied.cov + fit.residuals.raw, data.cov(ddof=0), atol=1e-12)
    assert fit.implied.mean is not None
    np.testing.assert_allclose(fit.implied.mean, data.mean(), rtol=1e-10)
    assert np.abs(np.diag(fit.residuals.correlation)).max() < 1e-14


def test_repeating_a_fit_gives_the_same_bits() -> None:
    a, b = fit_sem(PD_MODEL, democracy()), fit_sem(PD_MODEL, democracy())
    assert a.theta.tobytes() == b.theta.tobytes()


def test_a_result_cannot_be_changed() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    with pytest.raises(AttributeError):
        fit.converged = False  # type: ignore[misc]  # what a wrong call says


def test_summary_as_text_and_html() -> None:
    fit = fit_sem(PD_MODEL + "dem65 ~ b*dem60\nq := b^2\n", democracy())
    summary = fit.summary()
    assert isinstance(summary, Summary)
    text, page = str(summary), summary._repr_html_()
    for words in ("75 rows", "38.125 (35, 0.329)", "Latent variables", "Defined parameters", "R-squared"):
        assert words in text
    assert page.count("<table") == 7
    assert "b^2" in page


def test_versions_are_recorded() -> None:
    assert {"trustmeasure", "python", "numpy", "scipy"} <= set(fit_sem(HS_MODEL, holzinger()).versions)
