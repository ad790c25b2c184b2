"""A saturated path model is a set of regressions."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from tests.sem.data import linear
from trustmeasure.sem import fit_sem


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("fixed_x", [True, False])
def test_saturated_paths_equal_ols(seed: int, fixed_x: bool) -> None:
    data = linear(seed)
    fit = fit_sem("m ~ x + z\ny ~ m + x + z", data, fixed_x=fixed_x, meanstructure=True)
    found = fit.parameters.set_index(["lhs", "op", "rhs"])
    for outcome, predictors in {"m": ["x", "z"], "y": ["m", "x", "z"]}.items():
        ols = sm.OLS(data[outcome], sm.add_constant(data[predictors])).fit()
        for name in predictors:
            assert found.loc[(outcome, "~", name), "estimate"] == pytest.approx(ols.params[name], rel=1e-8)
        assert found.loc[(outcome, "~1", ""), "estimate"] == pytest.approx(ols.params["const"], rel=1e-8)
        residual = float(np.mean(ols.resid**2))
        assert found.loc[(outcome, "~~", outcome), "estimate"] == pytest.approx(residual, rel=1e-8)
        assert fit.r_squared[outcome] == pytest.approx(ols.rsquared, rel=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_standard_errors_equal_ols_with_divisor_n(seed: int) -> None:
    data = linear(seed)
    fit = fit_sem("y ~ m + x + z", data)
    ols = sm.OLS(data["y"], sm.add_constant(data[["m", "x", "z"]])).fit()
    scale = np.sqrt(ols.df_resid / len(data))
    paths = fit.parameters.query("op == '~'").set_index("rhs")["se"]
    assert paths.to_numpy() == pytest.approx((ols.bse * scale)[paths.index].to_numpy(), rel=1e-8)


def test_saturated_model_fits_perfectly() -> None:
    f = fit_sem("y ~ m + x\nm ~ x", linear(0)).fit_measures
    assert f["df"] == 0
    assert f["chisq"] == pytest.approx(0, abs=1e-10)
    assert (f["cfi"], f["rmsea"]) == (pytest.approx(1.0, abs=1e-12), 0.0)
    assert np.isnan(f["pvalue"])
