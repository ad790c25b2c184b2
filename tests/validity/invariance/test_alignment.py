"""Alignment: derivatives, the minimum of an independent program, errors, recovery, invariant sets."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

import trustmeasure as tm
from tests.hostile import FRAMES
from tests.validity.invariance.cases import THREE, case, sectors
from trustmeasure.errors import ArgumentError, TrustMeasureError
from trustmeasure.validity.invariance.aligned import explained, invariant_set
from trustmeasure.validity.invariance.simplicity import Simplicity, minimise


@cache
def found() -> tm.Invariance:
    return tm.invariance(THREE, sectors(), group="sector")


def problem(seed: int = 1, fixed: int | None = 0, groups: int = 5, items: int = 4) -> Simplicity:
    rng = np.random.default_rng(seed)
    loading = 0.8 + 0.2 * rng.normal(size=(groups, items))
    weight = np.sqrt(rng.uniform(100, 300, groups))
    return Simplicity(loading, rng.normal(size=(groups, items)), weight, 0.01, fixed)


@pytest.mark.parametrize("fixed", [0, 2, None])
def test_derivatives_are_those_by_differences(fixed: int | None) -> None:
    own = problem(fixed=fixed)
    x = 0.3 * np.random.default_rng(2).normal(size=own.size)
    value, slope = own.value_and_slope(x)
    np.testing.assert_allclose(slope, approx_fprime(x, own.value, 1e-7), rtol=1e-4, atol=1e-6 * value)
    differences = approx_fprime(x, lambda z: own.value_and_slope(z)[1], 1e-7)
    np.testing.assert_allclose(own.hessian(x), differences, rtol=1e-4, atol=1e-4 * abs(slope).max())
    mixed, h = own.mixed(x), 1e-7
    loading = own.loading.copy()
    loading[1, 2] += h
    moved = Simplicity(loading, own.intercept, own.weight, own.epsilon, fixed)
    change = (moved.value_and_slope(x)[1] - slope) / h
    np.testing.assert_allclose(mixed[:, 1 * 4 + 2], change, rtol=1e-4, atol=1e-4 * abs(change).max())


def test_what_items_bring_adds_up() -> None:
    own = problem()
    x = 0.1 * np.ones(own.size)
    assert sum(part.sum() for part in own.by_item(x)) == pytest.approx(own.value(x), rel=1e-12)


@pytest.mark.parametrize("name", list(case("alignment")["cases"]))
def test_the_minimum_is_that_of_an_independent_program(name: str) -> None:
    stored = case("alignment")["cases"][name]
    latent, method, epsilon = name.split("-")
    own = tm.alignment(found(), method=method, epsilon=float(epsilon))
    row = own.minima[own.minima["latent"] == latent].iloc[0]
    assert row["value"] <= stored["value"] * (1 + 1e-9)
    assert row["value"] == pytest.approx(stored["value"], rel=1e-7)
    groups = own.groups[own.groups["latent"] == latent]
    np.testing.assert_allclose(groups["sd"], stored["sd"], rtol=2e-5)
    np.testing.assert_allclose(groups["mean"], stored["mean"], atol=2e-4)
    assert row["gradient"] < 1e-8


def test_aligned_parameters_are_the_configural_model_in_another_unit() -> None:
    own = tm.alignment(found())
    groups = own.groups.set_index(["latent", "group"])
    for row in own.parameters[own.parameters["parameter"] == "loading"].to_dict("records"):
        sd = groups.loc[(row["latent"], row["group"]), "sd"]
        assert row["estimate"] * sd == pytest.approx(row["configural"], rel=1e-10)


def test_the_reference_is_a_matter_of_units() -> None:
    one, other = tm.alignment(found()), tm.alignment(found(), reference="care")
    assert other.groups.query("group == 'care'")["mean"].abs().max() == 0
    first, second = (x.groups.query("latent == 'f'").set_index("group") for x in (one, other))
    ratio = second["sd"] / first["sd"]
    np.testing.assert_allclose(ratio, ratio.iloc[0], rtol=1e-5)


def test_items_may_run_against_their_factor() -> None:
    frame = sectors().copy()
    items = [name for name in frame if name.startswith("a")]
    frame[items] = -frame[items]
    turned = tm.alignment(tm.invariance(THREE, frame, group="sector"))
    own = tm.alignment(found())
    np.testing.assert_allclose(
        np.abs(turned.groups["mean"]), np.abs(own.groups["mean"]), rtol=1e-5, atol=1e-6
    )


def test_standard_errors_are_the_spread_of_repeated_alignments() -> None:
    own = tm.alignment(found())
    fit = found().fit("configural")
    rows = {(r.group, r.name): r.free - 1 for r in fit.model.parameters if r.free}
    items = ["b1", "b2", "b3"]
    first = np.array([[rows[g, f"g=~{i}"] for i in items] for g in (1, 2, 3)])
    second = np.array([[rows[g, f"{i}~1"] for i in items] for g in (1, 2, 3)])
    at = np.concatenate([first.ravel(), second.ravel()])
    rng = np.random.default_rng(1)
    # small steps, so that the spread is that of the linear approximation
    draws = rng.multivariate_normal(fit.theta[at], fit.theta_cov[np.ix_(at, at)] / 400, 150)
    means = []
    for b in draws:
        made = Simplicity(b[:9].reshape(3, 3), b[9:].reshape(3, 3), np.sqrt([180.0, 150.0, 170.0]), 0.01, 0)
        mean, sd = made.unpack(minimise(made, 1, rng).x)
        means.append(mean / sd[0])
    spread = 20 * np.std(means, axis=0)
    np.testing.assert_allclose(own.groups.query("latent == 'g'")["mean_se"], spread, rtol=0.25, atol=1e-9)


def test_many_groups_are_recovered_though_items_differ() -> None:
    rng = np.random.default_rng(4)
    groups, items, n = 8, 5, 800
    means, sds = (
        np.append(0, rng.normal(scale=0.6, size=groups - 1)),
        np.append(1, rng.uniform(0.7, 1.4, groups - 1)),
    )
    parts = []
    for g in range(groups):
        loading, intercept = np.full(items, 0.8), np.zeros(items)
        if g:
            loading[g % items] += 0.4
            intercept[(g + 2) % items] += 0.8
        factor = means[g] + sds[g] * rng.normal(size=(n, 1))
        parts.append(
            pd.DataFrame(
                intercept + factor * loading + 0.6 * rng.normal(size=(n, items)), columns=list("abcde")
            ).assign(country=f"c{g}")
        )
    sequence = tm.invariance(
        "f =~ a + b + c + d + e", pd.concat(parts), group="country", steps=["configural"]
    )
    own = tm.alignment(sequence)
    np.testing.assert_allclose(own.groups["mean"], means, atol=0.17)
    np.testing.assert_allclose(own.groups["sd"], sds, atol=0.12)
    z = (own.groups["mean"][1:] - means[1:]) / own.groups["mean_se"][1:]
    assert (np.abs(z) < 3.5).all()
    flagged = own.parameters[~own.parameters["invariant"]]
    found_at = {(r["item"], r["parameter"], r["group"]) for r in flagged.to_dict("records")}
    planted = {("abcde"[g % 5], "loading", f"c{g}") for g in range(1, 8)}
    planted |= {("abcde"[(g + 2) % 5], "intercept", f"c{g}") for g in range(1, 8)}
    assert len(planted & found_at) >= 12
    assert len(found_at - planted) <= 2


def test_without_differences_everything_is_invariant() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(900, 1)) + rng.normal(size=(900, 4)), columns=list("abcd"))
    frame["g"] = ["x", "y", "z"] * 300
    own = tm.alignment(tm.invariance("f =~ a + b + c + d", frame, group="g", steps=["configural"]))
    assert own.parameters["invariant"].all()
    assert own.noninvariance == 0
    assert (own.items["n_invariant"] == 3).all()


def test_the_invariant_set() -> None:
    cov = np.eye(5) * 0.01
    test = invariant_set(np.array([1.0, 1.05, 0.95, 2.0, 1.0]), cov, np.full(5, 100.0))
    assert test.invariant.tolist() == [True, True, True, False, True]
    assert test.average == pytest.approx(1.0)
    assert test.p_value[3] < 1e-10
    none = invariant_set(np.ones(3), np.full((3, 3), np.nan), np.ones(3))
    assert np.isnan(none.p_value).all()
    assert explained(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])) == 1
    assert np.isnan(explained(np.ones(3), np.ones(3)))


def test_it_is_shown_and_seeded() -> None:
    own = tm.alignment(found(), seed=1)
    assert "Means and variances" in str(own)
    assert "<table" in own._repr_html_()
    pd.testing.assert_frame_equal(own.groups, tm.alignment(found(), seed=1).groups)
    assert own.minima["at_best"].min() >= 1


def test_what_cannot_be_is_named() -> None:
    with pytest.raises(ArgumentError, match="method='fix' is not known"):
        tm.alignment(found(), method="fix")
    with pytest.raises(ArgumentError, match="Did you mean 'care'"):
        tm.alignment(found(), reference="cares")
    with pytest.raises(ArgumentError, match="epsilon=0"):
        tm.alignment(found(), epsilon=0)
    crossed = tm.invariance("f =~ a1 + a2 + a3 + b1\ng =~ b1 + b2 + b3", sectors(), group="sector")
    with pytest.raises(ArgumentError, match="'b1' measures f and g"):
        tm.alignment(crossed)


@pytest.mark.parametrize("name", FRAMES)
def test_hostile_data_are_answered_or_refused(name: str) -> None:
    frame = FRAMES[name]()
    items = list(frame.columns)
    frame["g"] = (["x", "y"] * len(frame))[: len(frame)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", tm.TrustMeasureWarning)
        try:
            steps = tm.invariance("f =~ " + " + ".join(items), frame, group="g", steps=["configural"])
            own = tm.alignment(steps, starts=5)
        except TrustMeasureError:
            return
        assert own.groups["mean"].notna().all()
        str(own)
