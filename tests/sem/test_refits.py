"""Bootstraps that cannot go by covariances alone: missing values, constraints; what is refused by name."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, holzinger, linear
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import SemResult, bootstrap, fit_sem, power_monte_carlo
from trustmeasure.sem.refits import refits_of

MEDIATION = "m ~ a*x + z\ny ~ b*m + x\nindirect := a*b"


@cache
def holed() -> pd.DataFrame:
    data = linear(1)
    rng = np.random.default_rng(3)
    for name in ("m", "y"):
        data.loc[rng.random(len(data)) < 0.15, name] = np.nan
    data.loc[3, ["m", "y"]] = np.nan
    return data.assign(c=np.repeat(np.arange(30), 5), g=np.where(np.arange(150) % 2, "one", "two"))


@cache
def fiml() -> SemResult:
    return fit_sem(MEDIATION, holed(), missing="fiml")


def drawn_rows(seed: int, n: int) -> np.ndarray:
    (stream,) = np.random.SeedSequence(seed, spawn_key=(0,)).spawn(1)
    return np.random.default_rng(stream).integers(0, n, n)


def test_a_draw_of_incomplete_rows_is_the_fit_of_the_drawn_rows() -> None:
    found = bootstrap(fiml(), holed(), 2, seed=4)
    again = fit_sem(MEDIATION, holed().iloc[drawn_rows(4, 150)], missing="fiml")
    np.testing.assert_allclose(found.draws[0], again.theta, rtol=1e-6, atol=1e-7)
    assert found.chisq[0] == pytest.approx(again.fit_measures["chisq"], rel=1e-5, abs=1e-6)
    values = found.plan.rams, found.theta[:1]
    from trustmeasure.sem.row_values import RowValues

    standard = RowValues.of(found.plan.table, *values).std_all[0]
    np.testing.assert_allclose(standard, again.parameters["std_all"], rtol=1e-5, atol=1e-7)


def test_clusters_of_incomplete_rows_are_drawn_whole() -> None:
    found = bootstrap(fiml(), holed(), 2, seed=4, cluster="c")
    chosen = drawn_rows(4, 30)
    rows = np.concatenate([np.arange(5 * c, 5 * c + 5) for c in chosen])
    again = fit_sem(MEDIATION, holed().iloc[rows], missing="fiml")
    np.testing.assert_allclose(found.draws[0], again.theta, rtol=1e-6, atol=1e-7)


def test_incomplete_rows_in_groups() -> None:
    fit = fit_sem(MEDIATION, holed(), missing="fiml", group="g")
    found = bootstrap(fit, holed(), 12, seed=1, group="g")
    assert found.solved.all()
    again = bootstrap(fit, holed(), 12, seed=1, group="g", workers=2)
    np.testing.assert_array_equal(found.theta, again.theta)
    with pytest.raises(ArgumentError, match="has groups: say group"):
        bootstrap(fit, holed(), 2, seed=1)


def test_standard_errors_of_incomplete_rows_agree_with_theory() -> None:
    found = bootstrap(fiml(), holed(), 150, seed=2)
    frame = found.parameters()
    free = (fiml().parameters["se"] > 0).to_numpy()
    ratio = (frame["se"] / fiml().parameters["se"])[free]
    assert ratio.between(0.7, 1.4).all()
    assert found.parameters("bca").loc[0, "ci_lower"] < fiml().theta[0]


def test_without_missing_values_both_ways_agree() -> None:
    data = linear(1)
    fit = fit_sem(MEDIATION, data, meanstructure=True)
    plan = refits_of(fit, data, 4, None, None)
    quick = bootstrap(fit, data, 2, seed=4)
    for rows, theta in zip(plan.jackknife(), quick.plan.jackknife(), strict=True):
        np.testing.assert_allclose(rows, theta, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("line", ["a == b", "a > 0.45", "a*b == 0.2"])
def test_draws_keep_to_constraints(line: str) -> None:
    data = linear(1)
    model = MEDIATION + "\n" + line
    fit = fit_sem(model, data)
    found = bootstrap(fit, data, 6, seed=11)
    assert found.solved.all()
    again = fit_sem(model, data.iloc[drawn_rows(11, 150)])
    np.testing.assert_allclose(found.draws[0], again.theta, rtol=1e-5, atol=1e-6)
    names = fit.model.free_names
    a, b = (found.draws[:, names.index(name)] for name in "ab")
    kept = {
        "a == b": np.abs(a - b) < 1e-8,
        "a > 0.45": a > 0.45 - 1e-8,
        "a*b == 0.2": np.abs(a * b - 0.2) < 1e-6,
    }
    assert kept[line].all()


def test_power_under_a_constraint() -> None:
    text = "m ~ a*x + start(0.3)*x\ny ~ b*m + start(0.3)*m\nx ~~ 1*x"
    options = {"seed": 1, "replications": 100, "progress": False}
    free, held = (
        power_monte_carlo(text, 100, analysis=text + line, **options).set_index("parameter")
        for line in ("", "\na == b")
    )
    assert held.loc["a", "se_mean"] < 0.8 * free.loc["a", "se_mean"]
    assert held.loc["a", "coverage"] > 0.85


def test_refused_by_name() -> None:
    with pytest.raises(ArgumentError, match="does not go with missing='fiml'"):
        bootstrap(fiml(), holed(), 5, seed=1, kind="parametric")
    with pytest.raises(ArgumentError, match="do not give the moments"):
        bootstrap(fiml(), holed().head(140), 5, seed=1)
    weighted = linear(1).assign(w=np.linspace(0.5, 1.5, 150))
    with pytest.raises(ArgumentError, match="has sampling weights"):
        bootstrap(fit_sem(MEDIATION, weighted, weights="w", estimator="MLR"), weighted, 5, seed=1)


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
def test_robust_results_have_the_draws_of_ml(estimator: str) -> None:
    plain, robust = (
        fit_sem(HS_MODEL, holzinger(), estimator=e, meanstructure=True) for e in ("ML", estimator)
    )
    first, second = (bootstrap(fit, holzinger(), 5, seed=1) for fit in (plain, robust))
    np.testing.assert_allclose(first.theta, second.theta, rtol=1e-9)
