"""Polychoric and polyserial likelihoods: derivatives, solutions, empty cells, and how they vary."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from tests.moments.ordinal_data import answers
from trustmeasure.moments.bivariate_normal import bivariate_cdf
from trustmeasure.moments.boxes import bound_slopes, box_scores
from trustmeasure.moments.margins import thresholds_from
from trustmeasure.moments.ordinal import ordinal_moments
from trustmeasure.moments.polychoric import cells, polychoric_batch, threshold_slopes
from trustmeasure.moments.polyserial import pearson_scores, pearson_two_step, polyserial_scores
from trustmeasure.moments.tables import filled

Array = npt.NDArray[np.float64]
STEP = 1e-5
ROW, COL = np.array([[-0.8, 0.2, 1.1]]), np.array([[-0.3, 0.9]])


def slope(function: Callable[[float], Array], at: float) -> Array:
    """Return the derivative by central differences."""
    return np.asarray((function(at + STEP) - function(at - STEP)) / (2.0 * STEP))


@pytest.mark.parametrize("rho", [-0.97, -0.4, 0.0, 0.5, 0.93])
def test_derivatives_of_cells(rho: float) -> None:
    found = cells(ROW, COL, np.array([rho]))
    np.testing.assert_allclose(found.p.sum(), 1.0, atol=1e-14)
    np.testing.assert_allclose(found.p.sum(axis=2)[0], np.diff(ndtr(ROW[0]), prepend=0, append=1), atol=1e-14)
    by_rho = slope(lambda r: cells(ROW, COL, np.array([r])).p, rho)
    np.testing.assert_allclose(found.d, by_rho, atol=2e-8)
    again = slope(lambda r: cells(ROW, COL, np.array([r])).d, rho)
    np.testing.assert_allclose(found.dd, again, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.6])
def test_derivatives_by_thresholds(rho: float) -> None:
    r = np.array([rho])
    found = threshold_slopes(ROW, COL, r)
    for t in range(3):

        def shares(change: float, t: int = t) -> Array:
            return cells(ROW + change * np.eye(3)[t], COL, r).p

        by_threshold = slope(shares, 0.0)[0]
        np.testing.assert_allclose(by_threshold[t], found[0, t], atol=1e-9)
        np.testing.assert_allclose(by_threshold[t + 1], -found[0, t], atol=1e-9)


@pytest.mark.parametrize("categories", [2, 3, 5, 7])
def test_no_other_correlation_is_more_likely(categories: int) -> None:
    cuts = np.linspace(-1.2, 1.0, categories - 1)
    pair = answers(300, 2, list(cuts), seed=categories).astype(int) - 1
    table = np.zeros((categories, categories))
    np.add.at(table, (pair[:, 0], pair[:, 1]), 1.0)
    row, col = thresholds_from(table.sum(axis=1)), thresholds_from(table.sum(axis=0))

    def unlikely(rho: float) -> float:
        h, k = np.r_[-np.inf, row, np.inf], np.r_[-np.inf, col, np.inf]
        below = bivariate_cdf(h[:, None], k[None, :], rho)
        p = np.diff(np.diff(below, axis=0), axis=1)
        return -float((table * np.log(np.maximum(p, 1e-300))).sum())

    best = minimize_scalar(unlikely, bounds=(-0.99, 0.99), method="bounded", options={"xatol": 1e-9})
    found = float(polychoric_batch(table, row, col))
    assert found == pytest.approx(best.x, abs=1e-6)
    assert abs(unlikely(found + 1e-5) - unlikely(found - 1e-5)) < 1e-7 * table.sum()


def test_tables_of_different_sizes_go_together() -> None:
    wide, small = (
        np.array([[20.0, 8.0, 3.0], [6.0, 15.0, 9.0], [1.0, 7.0, 25.0]]),
        np.array([[30.0, 9.0], [7.0, 21.0]]),
    )
    padded = np.zeros((2, 3, 3))
    padded[0], padded[1, :2, :2] = wide, small
    row, col = thresholds_from(padded.sum(axis=2)), thresholds_from(padded.sum(axis=1))
    together = polychoric_batch(padded, row, col)
    for i, table in enumerate((wide, small)):
        alone = polychoric_batch(
            table, thresholds_from(table.sum(axis=1)), thresholds_from(table.sum(axis=0))
        )
        assert together[i] == pytest.approx(float(alone), abs=1e-12)


def test_a_table_of_medians_has_a_sine() -> None:
    table = np.array([[30.0, 10.0], [10.0, 30.0]])
    # Each quarter has the share 1/4 + arcsin(rho) / (2 pi).
    expected = np.sin((0.375 - 0.25) * 2.0 * np.pi)
    assert float(polychoric_batch(table, np.zeros(1), np.zeros(1))) == pytest.approx(expected, abs=1e-12)


def test_an_empty_cell_of_four_gets_half_a_row() -> None:
    tables = np.array(
        [[[30, 10], [0, 40]], [[30, 10], [40, 0]], [[20, 0], [0, 30]], [[3, 4], [5, 6]]], dtype=float
    )
    found = filled(tables, np.ones(4, dtype=bool))
    np.testing.assert_array_equal(found[0], [[29.5, 10.5], [0.5, 39.5]])
    np.testing.assert_array_equal(found[1], [[30.5, 9.5], [39.5, 0.5]])
    np.testing.assert_array_equal(found[2:], tables[2:])
    np.testing.assert_array_equal(found.sum(axis=1), tables.sum(axis=1))
    np.testing.assert_array_equal(found.sum(axis=2), tables.sum(axis=2))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([[20, 0], [0, 30]], 0.999),
        ([[0, 20], [30, 0]], -0.999),
        ([[0, 20], [0, 500], [300, 0]], -0.999),
        ([[30, 0, 0], [0, 20, 0], [0, 0, 30]], 0.999),
    ],
)
def test_a_likelihood_without_highest_point_ends_at_the_edge(table: list[list[int]], expected: float) -> None:
    counts = np.array(table, dtype=float)
    size = max(counts.shape)
    padded = np.zeros((size, size))
    padded[: counts.shape[0], : counts.shape[1]] = counts
    row, col = thresholds_from(padded.sum(axis=1)), thresholds_from(padded.sum(axis=0))
    assert float(polychoric_batch(padded, row, col)) == pytest.approx(expected, abs=1e-6)


def test_derivatives_of_boxes() -> None:
    first, second = (
        (np.array([[-1.0, 0.3]]), np.array([[0.4, 40.0]])),
        (np.array([[-40.0, 0.1]]), np.array([[0.6, 1.0]])),
    )
    rho = np.array([0.45])

    def log_share(r: float, change: float = 0.0) -> Array:
        def at(h: Array, k: Array) -> Array:
            return bivariate_cdf(h, k, r)

        (a, b), (c, d) = first, second
        b = b + change
        return np.log(at(b, d) - at(a, d) - at(b, c) + at(a, c))

    found = box_scores(first, second, rho)
    np.testing.assert_allclose(found.rho, slope(log_share, 0.45), atol=1e-8)
    bend = -slope(lambda r: box_scores(first, second, np.array([r])).rho, 0.45)
    np.testing.assert_allclose(found.bend, bend, rtol=1e-6)
    upper = bound_slopes(first, second, rho, found.share)[1]
    np.testing.assert_allclose(upper, slope(lambda change: log_share(0.45, change), 0.0), atol=1e-8)


def test_derivatives_of_polyserial_rows() -> None:
    lower, upper, z = np.array([[-0.5], [-40.0]]), np.array([[0.7], [0.2]]), np.array([[0.3], [-1.4]])

    def log_share(r: float, low: float = 0.0, high: float = 0.0, more: float = 0.0) -> Array:
        root = np.sqrt(1.0 - r**2)
        ends = [(e + c - r * (z + more)) / root for e, c in ((lower, low), (upper, high))]
        return np.log(ndtr(ends[1]) - ndtr(ends[0])) - 0.5 * (z + more) ** 2

    found = polyserial_scores(lower, upper, z, np.array([-0.35]))
    np.testing.assert_allclose(found.rho, slope(log_share, -0.35), atol=1e-8)
    np.testing.assert_allclose(found.lower, slope(lambda c: log_share(-0.35, low=c), 0.0), atol=1e-8)
    np.testing.assert_allclose(found.upper, slope(lambda c: log_share(-0.35, high=c), 0.0), atol=1e-8)
    np.testing.assert_allclose(found.z, slope(lambda c: log_share(-0.35, more=c), 0.0), atol=1e-8)
    bend = -slope(lambda r: polyserial_scores(lower, upper, z, np.array([r])).rho, -0.35)
    np.testing.assert_allclose(found.bend, bend, rtol=1e-6)


def test_pearson_of_complete_and_of_incomplete_rows() -> None:
    assert pearson_two_step(np.array([120.0]), np.array([400.0]), np.array([200.0]))[0] == pytest.approx(
        0.6, abs=1e-14
    )
    a, b = np.random.default_rng(2).normal(size=(2, 50, 1))
    rho = pearson_two_step((a * b).sum(axis=0), (a**2 + b**2).sum(axis=0), np.array([50.0]))
    assert abs(pearson_scores(a, b, rho).rho.sum()) < 1e-10


def test_variances_are_those_of_the_jackknife() -> None:
    n, names = 20_000, ["a", "b", "c"]
    values = answers(n, 3, [-0.7, 0.4], seed=5)
    whole = ordinal_moments(values, names, names, gamma="diagonal")
    # All rows with the same answers leave the same behind.
    _, first, times = np.unique(values, axis=0, return_index=True, return_counts=True)
    left = [ordinal_moments(np.delete(values, row, axis=0), names, names, gamma="none") for row in first]
    away = np.array([m.statistics for m in left]) - whole.statistics
    spread = (n - 1) * (times @ away**2)
    assert whole.variances is not None
    np.testing.assert_allclose(whole.variances[:6], spread[:6], rtol=1e-3)
    # Information is estimated by products of scores, which is off by about 1 / sqrt(n).
    np.testing.assert_allclose(whole.variances[6:], spread[6:], rtol=0.03)


def sample(seed: int, n: int) -> Array:
    """Return two ordinal variables and a continuous one, c, of correlation 0.5."""
    latent = np.random.default_rng(seed).multivariate_normal(np.zeros(3), 0.5 + 0.5 * np.eye(3), size=n)
    found = np.digitize(latent, [-1.0, 0.0, 0.8]).astype(float)
    found[:, 2] = 3.0 + 2.0 * latent[:, 2]
    return found


def test_asymptotic_covariance_of_repeated_samples() -> None:
    n, repeats = 500, 600
    found = [ordinal_moments(sample(seed, n), list("abc"), list("ab")) for seed in range(repeats)]
    seen = n * np.cov(np.array([m.statistics for m in found]).T)
    told = np.mean([m.gamma for m in found if m.gamma is not None], axis=0)
    scale = np.sqrt(np.outer(np.diag(told), np.diag(told)))
    # 600 samples know a variance to 6 %, a correlation to 0.04.
    np.testing.assert_allclose(seen / scale, told / scale, atol=0.2)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_order_of_rows_and_variables_does_not_matter(missing: str) -> None:
    values = answers(200, 4, [-0.6, 0.5], seed=9)
    values[:, 3] += np.random.default_rng(1).normal(size=200)
    values[np.random.default_rng(2).random(values.shape) < 0.08] = np.nan
    names, ordered = list("abcd"), list("abc")
    first = ordinal_moments(values, names, ordered, missing=missing)
    turn = [3, 1, 0, 2]
    other = ordinal_moments(values[::-1][:, turn], [names[k] for k in turn], ordered, missing=missing)
    at = other.layout.places_of(first.layout)
    np.testing.assert_allclose(other.statistics[at], first.statistics, atol=1e-11)
    assert first.gamma is not None
    assert other.gamma is not None
    np.testing.assert_allclose(other.gamma[np.ix_(at, at)], first.gamma, atol=1e-8)


def test_turning_a_scale_round_turns_the_sign() -> None:
    values = answers(200, 2, [-0.6, 0.5], seed=3)
    turned = values.copy()
    turned[:, 0] = 4.0 - turned[:, 0]
    first, other = (ordinal_moments(v, ["a", "b"], ["a", "b"]).statistics for v in (values, turned))
    np.testing.assert_allclose(other[:2], -first[1::-1], atol=1e-12)
    np.testing.assert_allclose(other[2:4], first[2:4], atol=1e-12)
    assert other[4] == pytest.approx(-first[4], abs=1e-12)


def test_a_weight_of_two_is_two_rows_for_the_statistics() -> None:
    values = answers(150, 3, [0.0, 0.9], seed=4)
    weights = np.where(np.arange(150) % 3 == 0, 2.0, 1.0)
    weighted = ordinal_moments(values, list("abc"), list("abc"), weights=weights)
    repeated = ordinal_moments(np.repeat(values, weights.astype(int), axis=0), list("abc"), list("abc"))
    np.testing.assert_allclose(weighted.statistics, repeated.statistics, atol=1e-12)
    assert weighted.weight == repeated.n_obs
    # Not for how they vary: two equal answers of two people say more than one that counts twice.
    assert weighted.variances is not None
    assert repeated.variances is not None
    assert weighted.variances[-1] > repeated.variances[-1]


def test_weights_have_no_unit() -> None:
    values, weights = answers(150, 3, [0.0, 0.9], seed=4), np.random.default_rng(0).uniform(0.5, 2.0, 150)
    one = ordinal_moments(values, list("abc"), ["a", "b"], weights=weights)
    ten = ordinal_moments(values, list("abc"), ["a", "b"], weights=10.0 * weights)
    np.testing.assert_allclose(ten.statistics, one.statistics, atol=1e-12)
    assert one.gamma is not None
    assert ten.gamma is not None
    np.testing.assert_allclose(ten.gamma / ten.weight, one.gamma / one.weight, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(ten.weighing(one.weight).gamma, one.gamma, rtol=1e-9, atol=1e-12)
