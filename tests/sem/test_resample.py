"""Every draw is what fit_sem makes of the drawn rows; limits, seeds, interruptions, failures."""

from __future__ import annotations

import warnings
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger, linear
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import (
    Bootstrap,
    SemResult,
    bollen_stine,
    bootstrap,
    fit_sem,
    monte_carlo_intervals,
    resampling,
    simulate,
)
from trustmeasure.sem.discrepancy import MaximumLikelihood
from trustmeasure.sem.discrepancy.slope import Slope
from trustmeasure.sem.draw_causes import CAUSES, NEGATIVE, SINGULAR, USABLE
from trustmeasure.sem.draws import Draws
from trustmeasure.sem.matrices import implied
from trustmeasure.sem.resampled_rows import rows_of
from trustmeasure.sem.resampling import plan_of
from trustmeasure.sem.row_values import RowValues

MEDIATION = "m ~ a*x + z\ny ~ b*m + x\nindirect := a*b"


@cache
def mediation() -> SemResult:
    return fit_sem(MEDIATION, linear(1))


@cache
def drawn() -> Bootstrap:
    return bootstrap(mediation(), linear(1), 400, seed=11)


def rows_of_draw(counts: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(counts.size), counts)


CASES = {
    "cfa": (HS_MODEL, holzinger, {}),
    "structure": (PD_MODEL, democracy, {}),
    "fixed x": (MEDIATION, lambda: linear(1), {}),
    "fixed x, means": (MEDIATION, lambda: linear(1), {"meanstructure": True}),
    "second order": (HS_MODEL + "\ng =~ visual + textual + speed", holzinger, {"std_lv": True}),
    "equal": ("v =~ a*x1 + a*x2 + b*x3\nt =~ x4 + b*x5 + x6\nt ~ v", holzinger, {}),
    "causes observed": ("x1 ~ x2 + x3\nx4 ~ x1\nf =~ x5 + x6 + x7\nf ~ x4", holzinger, {"fixed_x": False}),
    "non-recursive": ("x1 ~ x2 + x3\nx2 ~ 0.2*x1 + x4", holzinger, {}),
    "groups": (HS_MODEL, holzinger, {"group": "school"}),
    "invariance": (
        HS_MODEL,
        holzinger,
        {"group": "school", "group_equal": ["loadings", "intercepts"]},
    ),
}


@pytest.mark.parametrize("case", list(CASES))
def test_a_draw_is_the_fit_of_the_drawn_rows(case: str) -> None:
    model, source, options = CASES[case]
    data = source()
    group = options.get("group")
    fit = fit_sem(model, data, **options)
    rows = rows_of(fit, data, group, None)
    plan = plan_of(fit, rows, "nonparametric", 3)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(3, spawn_key=(0,)).spawn(len(rows))]
    counts = [r.draw(g, 3) for r, g in zip(rows, rngs, strict=True)]
    found = bootstrap(fit, data, 3, seed=3, group=group)
    parts = [data] if group is None else [data[data[group] == label] for label in fit.group_labels]
    for i in range(3):
        again = pd.concat([part.iloc[rows_of_draw(c[i])] for part, c in zip(parts, counts, strict=True)])
        alone = fit_quietly(model, again, options)
        np.testing.assert_allclose(found.draws[i], alone.theta, rtol=1e-7, atol=1e-7)
        assert found.chisq[i] == pytest.approx(alone.fit_measures["chisq"], rel=1e-7, abs=1e-7)
        values = RowValues.of(plan.table, plan.fitter.rams, found.theta[i : i + 1])
        for scale in ("estimate", "std_lv", "std_all"):
            wanted = alone.parameters[scale].to_numpy()
            np.testing.assert_allclose(getattr(values, scale)[0], wanted, rtol=1e-6, atol=1e-6)


def fit_quietly(model: str, data: pd.DataFrame, options: dict[str, Any]) -> SemResult:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit_sem(model, data, **options)


def test_clusters_are_drawn_whole() -> None:
    data = linear(2).assign(c=np.repeat(np.arange(30), 5))
    fit = fit_sem(MEDIATION, data)
    (rows,) = rows_of(fit, data, None, "c")
    assert rows.n_units == 30
    counts = rows.draw(np.random.default_rng(np.random.SeedSequence(5, spawn_key=(0,)).spawn(1)[0]), 2)
    found = bootstrap(fit, data, 2, seed=5, cluster="c")
    for i in range(2):
        again = data.iloc[np.repeat(np.arange(len(data)), counts[i][data["c"]])]
        np.testing.assert_allclose(found.draws[i], fit_sem(MEDIATION, again).theta, rtol=1e-7, atol=1e-9)
    assert not np.allclose(found.draws, bootstrap(fit, data, 2, seed=5).draws)


def test_standard_errors_agree_with_theory_for_normal_data() -> None:
    frame = drawn().parameters()
    free = mediation().parameters.se > 0
    ratio = frame.loc[free, "se"] / mediation().parameters.loc[free, "se"]
    assert ratio.between(0.75, 1.3).all()
    assert drawn().failures.sum() == 0


@pytest.mark.parametrize("kind", ["percentile", "bc", "bca", "normal"])
def test_limits_enclose_the_estimates(kind: str) -> None:
    frame = drawn().parameters(kind)
    free = (mediation().parameters.se > 0).to_numpy()
    for prefix, scale in (("", "estimate"), ("std_all_", "std_all")):
        low, high = frame.loc[free, f"{prefix}ci_lower"], frame.loc[free, f"{prefix}ci_upper"]
        assert ((low < frame.loc[free, scale]) & (frame.loc[free, scale] < high)).all()
    narrow = drawn().parameters(kind, ci=0.5)
    assert (narrow.loc[free, "ci_lower"] > frame.loc[free, "ci_lower"]).all()


def test_percentile_limits_are_the_order_statistics() -> None:
    values = drawn().draws[:399, 0]
    from trustmeasure.sem.intervals import limits

    low, high = limits(values[:, None], np.zeros(1), 0.95, "percentile")[:, 0]
    ordered = np.sort(values)
    assert (low, high) == pytest.approx((ordered[9], ordered[389]))


def test_bca_equals_its_definition_for_a_mean() -> None:
    # The intercept-only model: the jackknife acceleration of a mean is skewness / (6 sqrt n).
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"y": rng.exponential(size=80), "x": rng.normal(size=80)})
    fit = fit_sem("y ~ 1\ny ~~ x", data, fixed_x=False)
    found = bootstrap(fit, data, 200, seed=1)
    row = int(np.flatnonzero((fit.parameters.lhs == "y") & (fit.parameters.op == "~1"))[0])
    gaps = data["y"] - data["y"].mean()
    wanted = (gaps**3).sum() / (6 * (gaps**2).sum() ** 1.5)
    assert found._acceleration["estimate"][row] == pytest.approx(wanted, rel=1e-6)


def test_defined_parameters_and_fixed_ones() -> None:
    frame = drawn().parameters()
    row = frame.loc[frame.op == ":="].iloc[0]
    names = list(mediation().model.free_names)
    products = drawn().draws[:, names.index("a")] * drawn().draws[:, names.index("b")]
    assert row["se"] == pytest.approx(products.std(ddof=1), rel=1e-10)
    marker = bootstrap(fit_sem(HS_MODEL, holzinger()), holzinger(), 20, seed=1).parameters().iloc[0]
    assert (marker["se"], marker["ci_lower"], marker["ci_upper"]) == (0.0, 1.0, 1.0)
    assert marker["std_all_se"] > 0


def test_the_same_seed_gives_the_same_draws_whatever_the_workers() -> None:
    for workers in (1, 2, 3):
        again = bootstrap(mediation(), linear(1), 400, seed=11, workers=workers)
        np.testing.assert_array_equal(again.theta, drawn().theta)
    assert not np.allclose(bootstrap(mediation(), linear(1), 400, seed=12).theta, drawn().theta)


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_joblib_settings_of_the_user_are_taken(backend: str) -> None:
    import joblib

    with joblib.parallel_config(backend=backend, n_jobs=2):
        again = bootstrap(mediation(), linear(1), 400, seed=11)
    np.testing.assert_array_equal(again.theta, drawn().theta)


def test_a_backend_that_the_user_registers_does_the_work() -> None:
    import joblib
    from joblib._parallel_backends import ThreadingBackend

    asked: list[Any] = []

    class Cluster(ThreadingBackend):  # type: ignore[misc]  # joblib has no types
        """Stands for the backends that other packages register, such as Dask's."""

        def configure(self, *given: Any, **named: Any) -> Any:
            asked.append(given)
            return super().configure(*given, **named)

    joblib.register_parallel_backend("cluster", Cluster)
    with joblib.parallel_config(backend="cluster", n_jobs=2):
        again = bootstrap(mediation(), linear(1), 400, seed=11)
    assert asked
    np.testing.assert_array_equal(again.theta, drawn().theta)


def test_linear_algebra_keeps_to_one_thread_meanwhile() -> None:
    from threadpoolctl import threadpool_info

    def threads(number: int, b: int) -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    for workers in (1, 2):
        found, whole = resampling.run_chunks(
            threads, [(0, 1), (1, 1)], workers=workers, progress=False, what=""
        )
        assert whole
        assert all(count == 1 for part in found for count in part)
        assert found[0]


def test_an_interruption_keeps_what_is_done_and_can_be_resumed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = resampling._results

    def stopping(*given: Any) -> Any:
        yield from islice(whole(*given), 2)
        raise KeyboardInterrupt

    monkeypatch.setattr(resampling, "_results", stopping)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        part = bootstrap(mediation(), linear(1), 400, seed=11)
    monkeypatch.undo()
    assert part.partial
    assert part.n == 200
    assert "partial" in repr(part)
    full = bootstrap(mediation(), linear(1), 400, seed=11, resume=part)
    assert not full.partial
    np.testing.assert_array_equal(full.theta[:200], part.theta)
    np.testing.assert_allclose(full.theta, drawn().theta, rtol=1e-12)


def test_more_draws_can_be_added_to_a_record() -> None:
    short = bootstrap(mediation(), linear(1), 130, seed=11)
    longer = bootstrap(mediation(), linear(1), 400, seed=11, resume=short)
    np.testing.assert_allclose(short.theta, drawn().theta[:130], rtol=1e-9)
    np.testing.assert_allclose(longer.theta, drawn().theta, rtol=1e-9)
    with pytest.raises(ArgumentError, match="another fit"):
        bootstrap(mediation(), linear(1), 400, seed=12, resume=short)


def test_draws_without_a_positive_definite_covariance_matrix_are_counted() -> None:
    data = linear(4, n=7)
    fit = fit_quietly("m ~ x\ny ~ m + x + z", data, {})
    found = bootstrap(fit, data, 300, seed=1)
    assert found.failures[CAUSES[SINGULAR]] > 20
    assert found.failures.sum() + found.solved.sum() == 300
    assert np.isnan(found.draws[~found.solved]).all()
    assert np.isfinite(found.draws[found.solved]).all()
    assert "not positive definite" in repr(found)


def test_inadmissible_draws_are_counted_and_can_be_left_out() -> None:
    data = democracy().head(40)
    fit = fit_quietly(PD_MODEL, data, {})
    found = bootstrap(fit, data, 200, seed=1)
    assert found.inadmissible[CAUSES[NEGATIVE]] > 0
    variances = (fit.parameters.op == "~~") & (fit.parameters.lhs == fit.parameters.rhs)
    numbers = [p.free - 1 for p in fit.model.parameters if p.op == "~~" and p.lhs == p.rhs]
    assert len(numbers) == variances.sum()
    negative = (found.draws[:, numbers] < 0).any(axis=1)
    np.testing.assert_array_equal(negative & found.solved, found.cause == NEGATIVE)
    strict = found.parameters(inadmissible=False)
    best = (found.draws[found.cause == USABLE]).std(axis=0, ddof=1)
    first = fit.model.parameters.index(next(p for p in fit.model.parameters if p.free == 1))
    assert strict["se"].iloc[first] == pytest.approx(best[0], rel=1e-9)


def test_bollen_stine_draws_come_from_data_that_fit() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), meanstructure=True)
    plan = plan_of(fit, rows_of(fit, holzinger(), None, None), "bollen-stine", 1)
    _, mean, cov = plan.rows[0].moments(np.ones((1, 301), dtype=np.uint16))
    np.testing.assert_allclose(cov[0], fit.implied.cov.to_numpy(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(mean[0], fit.implied.mean.to_numpy(), rtol=1e-9)
    test = bollen_stine(fit, holzinger(), 200, seed=1)
    assert test["pvalue_bollen_stine"] < 0.02
    assert test["chisq"] == pytest.approx(85.306, abs=1e-3)


def test_bollen_stine_and_parametric_draws_have_a_chi_square_distribution() -> None:
    text = "f =~ 0.8*a + 0.7*b + 0.9*c + 0.6*d + 0.7*e"
    data = simulate(text, 400, seed=3)
    fit = fit_sem("f =~ a + b + c + d + e", data)
    for kind in ("bollen-stine", "parametric"):
        found = bootstrap(fit, data, 600, seed=4, kind=kind)
        assert found.chisq.mean() == pytest.approx(fit.df, rel=0.15)
        assert found.p_value == pytest.approx(fit.fit_measures["pvalue"], abs=0.08)
    with pytest.raises(ArgumentError, match="do not test"):
        _ = bootstrap(fit, data, 10, seed=4).p_value


def test_parametric_draws_have_the_standard_errors_of_theory() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), group="school")
    found = bootstrap(fit, None, 600, seed=1, kind="parametric")
    free = (fit.parameters.se > 0).to_numpy()
    ratio = found.parameters().loc[free, "se"] / fit.parameters.loc[free, "se"]
    assert ratio.median() == pytest.approx(1.0, abs=0.06)
    with pytest.raises(ArgumentError, match="nonparametric"):
        found.parameters("bca")


def test_monte_carlo_limits_against_the_exact_distribution_of_a_product() -> None:
    found = monte_carlo_intervals(mediation(), 200_000, seed=1).iloc[0]
    names = list(mediation().model.free_names)
    cov = mediation().vcov.loc[["a", "b"], ["a", "b"]].to_numpy()
    a, b = (mediation().theta[names.index(k)] for k in "ab")
    variance = a**2 * cov[1, 1] + b**2 * cov[0, 0] + 2 * a * b * cov[0, 1]
    variance += cov[0, 0] * cov[1, 1] + cov[0, 1] ** 2
    assert found["se"] == pytest.approx(np.sqrt(variance), rel=0.01)
    assert found["ci_lower"] < a * b < found["ci_upper"]
    with pytest.raises(ArgumentError, match="defines no parameter"):
        monte_carlo_intervals(fit_sem(HS_MODEL, holzinger()), seed=1)


def test_memory_is_bounded_by_the_chunk() -> None:
    import tracemalloc

    data = simulate(mediation(), 20_000, seed=1)
    fit = fit_sem(MEDIATION, data)
    tracemalloc.start()
    bootstrap(fit, data, 300, seed=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


def test_what_cannot_be_resampled_is_refused() -> None:
    with pytest.raises(ArgumentError, match="149 complete rows"):
        bootstrap(mediation(), linear(1).head(149), 10, seed=1)
    with pytest.raises(ArgumentError, match="differs most"):
        bootstrap(mediation(), linear(2), 10, seed=1)
    with pytest.raises(ArgumentError, match="needs the data"):
        bootstrap(mediation(), None, 10, seed=1)
    with pytest.raises(ArgumentError, match="has groups: say group"):
        bootstrap(fit_sem(HS_MODEL, holzinger(), group="school"), holzinger(), 10, seed=1)
    with pytest.raises(ArgumentError, match="Did you mean 'parametric'"):
        bootstrap(mediation(), linear(1), 10, seed=1, kind="parametrics")


def test_a_result_that_is_no_minimum_is_refused() -> None:
    from dataclasses import replace

    with pytest.raises(ArgumentError, match="not the minimum"):
        bootstrap(replace(mediation(), theta=mediation().theta * 1.1), linear(1), 10, seed=1)


def test_a_draw_far_from_the_start_is_fitted_all_the_same() -> None:
    data, far = democracy(), simulate(PD_MODEL, 200, seed=1)
    fit = fit_sem(PD_MODEL, data)
    plan = plan_of(fit, rows_of(fit, data, None, None), "nonparametric", 1)
    names = list(fit.model.observed)
    cov = np.cov(far[names].to_numpy().T, bias=True)
    found = plan.fitter.fit(Draws(np.array([[200.0]]), (cov[None],), (np.zeros((1, len(names))),)))
    alone = fit_sem(PD_MODEL, far)
    assert found.chisq[0] == pytest.approx(alone.fit_measures["chisq"], rel=1e-7)
    np.testing.assert_allclose(found.theta[0], alone.theta, rtol=1e-5, atol=1e-5)


def test_representations_in_a_notebook() -> None:
    shown = drawn()._repr_html_()
    assert "400 draws" in shown
    assert "indirect" in shown


QUICK = {
    "plain": "",
    "small residual": "",
    "correlated residuals": "\nx1 ~~ x4",
    "one after the other": "\ntextual ~ visual\nspeed ~ 0.3*textual + visual\nspeed ~ 1\nx7 ~ 0*1",
    "second order": "\ng =~ visual + textual + speed",
    "in circles": "\ntextual ~ 0.2*speed\nspeed ~ textual + visual",
    "shared": "\ntextual ~ b*visual\nspeed ~ b*visual + textual",
}


@pytest.mark.parametrize("kind", list(QUICK))
def test_the_quick_gradient_is_that_of_the_discrepancy(kind: str) -> None:
    model = HS_MODEL + QUICK[kind]
    fit = fit_sem(model, holzinger(), meanstructure=True)
    (group,) = fit.groups
    theta = fit.theta * np.linspace(0.8, 1.3, fit.npar)
    if kind == "small residual":
        theta[list(fit.model.free_names).index("x1~~x1")] = 1e-6
    sample = group.moments
    assert sample.mean is not None
    whole = MaximumLikelihood.of(group.ram, sample.cov[None], sample.mean[None])
    slope = Slope.of(group.ram)
    assert (slope.factors is None) == (kind == "correlated residuals")
    point = whole.point(theta[None], np.zeros(1, dtype=np.intp))
    found = slope.gradient(theta[None], sample.cov[None], sample.mean[None])
    np.testing.assert_allclose(found, point.gradient, rtol=1e-8, atol=1e-10 * np.abs(point.gradient).max())
    value = slope.value(theta[None], sample.cov[None], sample.mean[None]) - whole.logdet - group.ram.p
    np.testing.assert_allclose(value, point.value, rtol=1e-9)
    latent = implied(group.ram, theta[None]).phi[:, group.ram.p :, group.ram.p :]
    np.testing.assert_allclose(slope.latent_covariance(theta[None]), latent, rtol=1e-12, atol=1e-14)


def test_where_sigma_is_not_positive_definite_the_quick_value_is_infinite() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    (group,) = fit.groups
    theta = np.stack([fit.theta, fit.theta])
    theta[1, fit.model.free_names.index("visual~~visual")] = -5.0
    cov = np.stack([group.moments.cov] * 2)
    value = Slope.of(group.ram).value(theta, cov, None)
    assert np.isfinite(value[0])
    assert np.isinf(value[1])


def test_moments_of_exogenous_variables_are_given() -> None:
    frame = drawn().parameters()
    given = frame[(frame.lhs.isin(["x", "z"])) & (frame.op == "~~")]
    assert len(given) == 3
    assert (given["se"] == 0).all()
    assert (given["ci_lower"] == given["estimate"]).all()
