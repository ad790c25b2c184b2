"""Layers, their order, and the heights of what stands in them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import isotonic_regression

from trustmeasure.plots.diagram.coordinates import heights, pooled
from trustmeasure.plots.diagram.layers import Layering, crossings, layer_numbers, layered


def test_layer_is_the_longest_way() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("a", "d")]
    assert layer_numbers(["a", "b", "c", "d", "e"], edges) == {"a": 0, "b": 1, "c": 2, "d": 3, "e": 0}


def test_feedback_and_loops_do_not_hang() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a"), ("b", "a")]
    assert layer_numbers(["a", "b", "c"], edges) == {"a": 0, "b": 1, "c": 2}


def test_long_paths_get_a_bend_in_each_layer_between() -> None:
    made = layered(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    assert [v[2] for v in made.chains["a", "d"]] == [1, 2]
    assert all(abs(i - j) == 1 for i, j in between(made))


def test_feedback_runs_through_its_bends_backwards() -> None:
    made = layered(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert [v[2] for v in made.chains["c", "a"]] == [1]
    assert all(j - i == 1 for i, j in between(made))


def between(made: Layering) -> list[tuple[int, int]]:
    row = {v: i for i, vertices in enumerate(made.rows) for v in vertices}
    return [(row[a], row[b]) for a, b in made.pieces]


def test_crossings_counted() -> None:
    assert crossings([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")]) == 1
    assert crossings([["a", "b"], ["c", "d"]], [("a", "c"), ("b", "d"), ("a", "d")]) == 0


@pytest.mark.parametrize("seed", range(20))
def test_order_is_as_good_as_the_best_of_two_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    causes, effects = list("abcd"), list("wxyz")
    edges = [(c, e) for c in causes for e in effects if rng.random() < 0.35] + [("a", e) for e in effects]
    made = layered([*causes, *effects], list(dict.fromkeys(edges)))
    best = min(
        crossings([first, second], made.pieces)
        for first in itertools.permutations(made.rows[0])
        for second in itertools.permutations(made.rows[1])
    )
    assert crossings(made.rows, made.pieces) <= best


def test_given_order_is_kept_where_nothing_speaks_against_it() -> None:
    made = layered(["c", "a", "b", "y"], [("c", "y"), ("a", "y"), ("b", "y")])
    assert made.rows[0] == ("c", "a", "b")


def test_ranks_keep_a_variable_at_the_edge_of_its_layer() -> None:
    edges = [("a", "m"), ("a", "n"), ("m", "y"), ("n", "y"), ("a", "y")]
    made = layered(["a", "m", "n", "y"], edges, {"n": -1, "m": 1})
    assert made.rows[1][0] == "n"
    assert made.rows[1][-1] == "m"


weights = st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 10)), min_size=1, max_size=12)


@given(weights)
def test_pooled_is_isotonic_regression(pairs: list[tuple[float, float]]) -> None:
    wanted, mass = [p[0] for p in pairs], [p[1] for p in pairs]
    expected = isotonic_regression(wanted, weights=mass, increasing=False).x
    np.testing.assert_allclose(pooled(wanted, mass), expected, atol=1e-8)


@pytest.mark.parametrize("seed", range(10))
def test_heights_keep_the_order_and_the_distances(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = list("abcdefgh")
    edges = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if rng.random() < 0.4]
    made = layered(names, edges)
    above = {v: rng.uniform(5, 40) for row in made.rows for v in row}
    below = {v: rng.uniform(5, 40) for row in made.rows for v in row}
    y = heights(made, above, below)
    for row in made.rows:
        for upper, lower in itertools.pairwise(row):
            assert y[upper] - below[upper] >= y[lower] + above[lower] - 1e-6


def test_heights_put_an_effect_at_the_mean_of_its_causes() -> None:
    made = layered(["a", "b", "y"], [("a", "y"), ("b", "y")])
    reach = dict.fromkeys("aby", 10.0)
    y = heights(made, reach, reach)
    assert y["y"] == pytest.approx((y["a"] + y["b"]) / 2, abs=0.05)
