"""What must not matter: order of items and rows, location, a common unit, the names."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.reliability_analysis import cronbach_alpha, omega_total

CLOSE = {"rel": 1e-9, "abs": 1e-9}


@st.composite
def item_sets(draw, least=2, holes=True):
    """Return items of one factor with signs and gaps, of 12 to 60 people."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, k = draw(st.integers(12, 60)), draw(st.integers(least, 8))
    loadings = rng.uniform(0.4, 1.0, size=k)
    values = rng.normal(size=(n, 1)) * loadings + rng.normal(size=(n, k)) * 0.7
    frame = pd.DataFrame(values, columns=[f"q{i}" for i in range(k)])
    return frame.mask(rng.random((n, k)) < 0.05) if holes and draw(st.booleans()) else frame


def alpha(frame, missing="pairwise"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return cronbach_alpha(frame, missing=missing)


def omega(frame):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return omega_total(frame)


def same(first, second):
    for name in ("alpha", "ci_lower", "ci_upper", "standardized", "average_r"):
        assert getattr(first, name) == pytest.approx(getattr(second, name), **CLOSE), name


HOW = st.sampled_from(["pairwise", "listwise"])


@settings(deadline=None, max_examples=30)
@given(item_sets(), HOW, st.randoms(use_true_random=False))
def test_order_of_items_and_rows(frame, missing, random):
    names = list(frame.columns)
    random.shuffle(names)
    rows = list(frame.index)
    random.shuffle(rows)
    first, second = alpha(frame, missing), alpha(frame.loc[rows, names], missing)
    same(first, second)
    mine, theirs = first.items.set_index("item"), second.items.set_index("item").loc[frame.columns]
    pd.testing.assert_frame_equal(mine, theirs, check_exact=False, rtol=1e-9, atol=1e-9, check_names=False)


@settings(deadline=None, max_examples=30)
@given(item_sets(), HOW, st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_a_common_unit_and_own_locations(frame, missing, unit, shift):
    moved = unit * frame + shift * np.arange(frame.shape[1])
    same(alpha(frame, missing), alpha(moved, missing))


@settings(deadline=None, max_examples=30)
@given(item_sets(), HOW)
def test_turning_all_items(frame, missing):
    same(alpha(frame, missing), alpha(8 - frame, missing))


@settings(deadline=None, max_examples=30)
@given(item_sets(), st.lists(st.floats(0.1, 10), min_size=8, max_size=8))
def test_own_units_leave_the_standardised_alpha(frame, units):
    scaled = frame * units[: frame.shape[1]]
    assert alpha(scaled).standardized == pytest.approx(alpha(frame).standardized, **CLOSE)
    assert alpha(scaled).average_r == pytest.approx(alpha(frame).average_r, **CLOSE)


@settings(deadline=None, max_examples=30)
@given(item_sets(holes=False))
def test_without_gaps_both_ways_agree(frame):
    same(alpha(frame), alpha(frame, "listwise"))


@settings(deadline=None, max_examples=30)
@given(item_sets(least=3, holes=False))
def test_alpha_if_dropped_is_alpha_of_the_others(frame):
    found = alpha(frame).items
    for name, value in zip(found["item"], found["alpha_if_dropped"], strict=True):
        assert value == pytest.approx(alpha(frame.drop(columns=name)).alpha, **CLOSE)


@settings(deadline=None, max_examples=30)
@given(item_sets(holes=False))
def test_alpha_is_never_above_one(frame):
    found = alpha(frame)
    assert found.alpha <= 1
    assert found.ci_lower <= found.alpha <= found.ci_upper <= 1


@pytest.mark.parametrize("seed", range(8))
def test_omega_order_and_units(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(150, 1)) * [0.9, 0.6, 0.7, 0.8, 0.5] + rng.normal(size=(150, 5)) * 0.7
    frame = pd.DataFrame(values, columns=list("abcde"))
    first = omega(frame)
    other = omega(3.7 * frame.sample(frac=1, random_state=seed)[list("ecadb")] + 40)
    assert (other.omega, other.se) == pytest.approx((first.omega, first.se), rel=1e-8)
    loadings = other.items.set_index("item").loc[list("abcde"), "standardized_loading"]
    np.testing.assert_allclose(loadings, first.items["standardized_loading"], rtol=1e-6)
