"""C2 from its definition, local dependence against rpf (graded.R), fit of persons."""

import itertools
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from tests.hostile import FRAMES
from tests.item_response.reference_data import cases, fitted, read
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.item_response import (
    graded_model_fit,
    graded_response,
    item_fit,
    local_dependence,
    person_fit,
    person_scores,
    sum_scores,
)
from trustmeasure.item_response.limited import model_moments, sample_moments
from trustmeasure.item_response.pairs import _tables

CASES = {name: case for name, case in cases("graded").items() if "pairs" in case}


def graded(rng, n, k, a=1.5, cuts=(-1.5, 0.0, 1.5)):
    theta = rng.normal(size=(n, 1))
    return pd.DataFrame(np.digitize(a * theta + rng.logistic(size=(n, k)), cuts))


def moved(model, parameters):
    """Return the model with other parameters, item by item."""
    from dataclasses import replace

    layout = model.layout
    return replace(model, slopes=parameters[layout.slope_at], intercepts=parameters[layout.intercept_at])


def test_moments_are_those_of_all_patterns():
    model = graded_response(read("mixed"), ["m1", "m2", "m4", "m3"], points=41)
    layout = model.layout
    table = model.probabilities(model.nodes.theta)
    patterns = np.array(list(itertools.product(*(range(m) for m in layout.counts))))
    p = table["probability"].to_numpy().reshape(layout.n_parameters, -1)
    chance = np.prod([p[layout.first_cell[i] + patterns[:, i]] for i in range(4)], axis=0)
    weight = chance @ np.exp(model.nodes.log_weights)
    assert weight.sum() == pytest.approx(1.0)
    features = np.array([sample_moments(row[None, :], layout) for row in patterns])
    mean = weight @ features
    cov = (features * weight[:, None]).T @ features - np.outer(mean, mean)
    found = model_moments(model)
    assert_allclose(found[0], mean, atol=1e-13)
    assert_allclose(found[1], cov, atol=1e-13)


def test_derivatives_of_the_moments_agree_with_differences():
    model = fitted("five")
    at = np.empty(model.layout.n_parameters)
    at[model.layout.slope_at], at[model.layout.intercept_at] = model.slopes, model.intercepts
    steps = 1e-5 * np.eye(at.size)
    by_hand = [
        (model_moments(moved(model, at + h))[0] - model_moments(moved(model, at - h))[0]) / 2e-5
        for h in steps
    ]
    assert_allclose(model_moments(model)[2], np.array(by_hand).T, atol=1e-8)


def test_c2_is_distributed_as_it_says():
    rng = np.random.default_rng(6)
    found = [graded_model_fit(graded_response(graded(rng, 500, 5))) for _ in range(20)]
    c2 = np.array([fit.c2 for fit in found])
    assert found[0].df == 5  # k (k - 3) / 2
    assert c2.mean() == pytest.approx(5.0, abs=3 * np.sqrt(10 / 20))
    assert c2.var() == pytest.approx(10.0, rel=0.9)


def test_c2_sees_a_second_dimension():
    rng = np.random.default_rng(7)
    theta = rng.normal(size=(600, 2))
    z = 1.5 * theta[:, [0, 0, 0, 1, 1, 1]] + 0.4 * theta[:, [1, 1, 1, 0, 0, 0]] + rng.logistic(size=(600, 6))
    fit = graded_model_fit(graded_response(np.digitize(z, [-1.0, 0.0, 1.0])))
    assert fit.p_value < 1e-6
    assert fit.rmsea > 0.05
    assert fit.rmsea_ci_lower < fit.rmsea < fit.rmsea_ci_upper
    assert fit.srmr > 0.05
    assert "RMSEA" in str(fit)


def test_too_few_items_leave_nothing_to_test():
    with pytest.raises(DataError, match="3 items leave nothing to test"):
        graded_model_fit(graded_response(read("five"), ["f1", "f2", "f3"]))
    assert graded_model_fit(graded_response(read("five"), ["f1", "f2", "f3"], equal_slopes=True)).df == 2


@pytest.mark.parametrize("name", CASES)
def test_pairs_of_items(name):
    case = CASES[name]
    model = fitted(case["data"], case["equal_slopes"])
    frame = local_dependence(model).frame.set_index(["first", "second"])
    expected = len(model.answers.codes) * _tables(model)[1]
    checked = 0
    for pair in case["pairs"]:
        first, second = sorted(pair["items"])
        row = frame.loc[(first, second)]
        table = np.array(pair["expected"])
        i, j = model.names.index(first), model.names.index(second)
        mine = expected[model.layout.cells_of(i), model.layout.cells_of(j)]
        assert_allclose(mine, table, atol=5e-5)
        assert row["df"] == (table.shape[0] - 1) * (table.shape[1] - 1)
        if table.min() > 5.0:  # rpf puts small cells together
            assert row["ld_x2"] == pytest.approx(pair["statistic"], rel=2e-5, abs=1e-5)
            assert row["ld_z"] == pytest.approx((row["ld_x2"] - row["df"]) / np.sqrt(2 * row["df"]))
            checked += 1
    assert checked >= 3


def test_a_pair_with_something_else_in_common_stands_out():
    rng = np.random.default_rng(10)
    theta, other = rng.normal(size=(2, 800, 1))
    z = 1.5 * theta + rng.logistic(size=(800, 7))
    z[:, 2:4] += 2.0 * other
    found = local_dependence(graded_response(np.digitize(z, [-1.5, 0.0, 1.5])))
    top = found.frame.loc[found.frame["q3_centred"].idxmax()]
    assert (top["first"], top["second"]) == ("x3", "x4")
    assert top["residual_r"] > 0.05
    assert top["ld_z"] > 5
    assert found.frame["q3_centred"].mean() == pytest.approx(0.0, abs=1e-12)
    assert "Mean Q3" in str(found)


@pytest.mark.parametrize("method", ["wle", "map", "ml"])
def test_fit_of_persons_is_standardised(method):
    rng = np.random.default_rng(12)
    model = graded_response(graded(rng, 1500, 20))
    found = person_fit(model, method).dropna(subset=["lz_star"])
    assert found["lz_star"].mean() == pytest.approx(0.0, abs=0.2)  # 0.1 for 20 items
    assert found["lz_star"].std() == pytest.approx(1.0, abs=0.08)
    assert 0.03 < (found["p_value"] < 0.05).mean() < 0.08
    assert found["lz"].std() < 0.8  # what the correction is for


def test_random_answers_fit_badly():
    rng = np.random.default_rng(13)
    frame = graded(rng, 1000, 16, a=2.0)
    frame.iloc[:60] = rng.integers(0, 4, (60, 16))
    found = person_fit(graded_response(frame))
    assert (found["p_value"].iloc[:60] < 0.05).mean() > 0.25
    assert (found["p_value"].iloc[60:] < 0.05).mean() < 0.08


def test_persons_without_a_score_have_no_fit():
    model = fitted("five")
    empty = pd.DataFrame([[np.nan] * 6, [3] * 6], columns=model.names)
    found = person_fit(model, data=empty)
    assert found["lz_star"].isna().tolist() == [True, False]
    assert found.loc[0, "note"] == "no answers"
    with pytest.raises(ArgumentError, match="method='eap'"):
        person_fit(model, "eap")


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize(
    "look", [graded_model_fit, local_dependence, person_fit, item_fit, person_scores, sum_scores]
)
def test_hostile_frames(name, look):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            assert str(look(hostile_model(name)))
        except TrustMeasureError as problem:
            assert len(str(problem)) > 40  # noqa: PT017 - what is wrong and what to do


@cache
def hostile_model(name):
    return graded_response(FRAMES[name]())
