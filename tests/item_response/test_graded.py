"""What a graded response model has to do whatever the numbers are."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import trustmeasure as tm
from tests.hostile import FRAMES
from tests.item_response.reference_data import fitted, read
from trustmeasure.errors import ArgumentError, ConvergenceError, DataError, TrustMeasureError
from trustmeasure.item_response import graded_response
from trustmeasure.item_response.likelihood import (
    cells_of,
    joined,
    normal_nodes,
    observed_information,
    posterior,
    sample_of,
    scores,
)

FIVE = read("five")


def sample_and_nodes(frame, points=31):
    model = graded_response(frame, points=points)
    codes = model.answers.codes
    sample = sample_of(codes, model.layout, np.arange(1.0, len(codes) + 1) % 3 + 0.5)
    return sample, normal_nodes(points, 6.0), joined(model.slopes, model.intercepts, model.layout)


def value(parameters, sample, nodes):
    return posterior(cells_of(parameters, sample.layout, nodes), sample, nodes).loglik


def gradient(parameters, sample, nodes):
    cells = cells_of(parameters, sample.layout, nodes)
    return sample.weights @ scores(cells, posterior(cells, sample, nodes), sample, nodes)


@pytest.mark.parametrize("name", ["five", "mixed"])
def test_gradient_and_information_agree_with_differences(name):
    sample, nodes, at = sample_and_nodes(read(name).iloc[:60])
    at = at + np.where(np.arange(at.size) % 2, 0.01, -0.02)
    steps = 1e-5 * np.eye(at.size)
    slopes = [(value(at + h, sample, nodes) - value(at - h, sample, nodes)) / 2e-5 for h in steps]
    assert_allclose(gradient(at, sample, nodes), slopes, atol=1e-5)
    bends = [(gradient(at + h, sample, nodes) - gradient(at - h, sample, nodes)) / 2e-5 for h in steps]
    cells = cells_of(at, sample.layout, nodes)
    found = observed_information(cells, posterior(cells, sample, nodes), sample, nodes)
    assert_allclose(found, -np.array(bends), rtol=1e-5, atol=1e-5)


def test_the_maximum_is_tight():
    for name in ("five", "mixed", "binary"):
        assert fitted(name).gradient_max < 1e-7


def test_more_points_change_nothing():
    coarse, fine = graded_response(FIVE, points=61), graded_response(FIVE, points=201, width=8.0)
    assert_allclose(coarse.slopes, fine.slopes, rtol=1e-5)
    assert coarse.loglik == pytest.approx(fine.loglik, abs=1e-4)


def test_a_turned_item_gets_the_mirrored_parameters():
    straight, turned = fitted("mixed"), graded_response(read("mixed"), points=49)
    assert turned.loglik == pytest.approx(straight.loglik, rel=1e-12)
    assert_allclose(np.abs(turned.slopes), straight.slopes, rtol=1e-7)
    assert turned.slopes[7] < 0
    assert any(note.startswith("Negative slope: m8.") for note in turned.notes)
    upward, downward = (m.items.loc[7, ["b1", "b2", "b3"]].astype(float) for m in (straight, turned))
    # "3 or more" of the item is "2 or less" of the turned one: the same point of the trait
    assert_allclose(downward, upward[::-1], rtol=1e-6)
    assert_allclose(turned.items["a_se"], straight.items["a_se"], rtol=1e-6)


def test_the_order_of_rows_items_and_the_codes_do_not_matter():
    first = graded_response(FIVE)
    shuffled = graded_response(FIVE.sample(frac=1.0, random_state=1)[FIVE.columns[::-1]] * 10 + 3)
    assert shuffled.loglik == pytest.approx(first.loglik, rel=1e-12)
    assert_allclose(shuffled.slopes[::-1], first.slopes, rtol=1e-8)


def test_a_weight_counts_people():
    weights = np.where(np.arange(len(FIVE)) < 100, 2.0, 1.0)
    weighted = graded_response(FIVE.assign(w=weights), list(FIVE.columns), weights="w")
    doubled = graded_response(pd.concat([FIVE, FIVE.iloc[:100]]))
    assert weighted.loglik == pytest.approx(doubled.loglik, rel=1e-12)
    assert weighted.bic == pytest.approx(doubled.bic, rel=1e-12)
    assert_allclose(weighted.vcov, doubled.vcov, rtol=1e-6, atol=1e-10)


def test_robust_errors_do_not_depend_on_the_unit_of_weights():
    weights = 0.5 + np.random.default_rng(3).random(len(FIVE))
    one, ten = (graded_response(FIVE, weights=w, se="robust") for w in (weights, 10 * weights))
    assert_allclose(one.vcov, ten.vcov, rtol=1e-6, atol=1e-10)
    observed = graded_response(FIVE).items["a_se"]
    assert_allclose(graded_response(FIVE, se="robust").items["a_se"], observed, rtol=0.15)


def test_people_without_answers_and_with_gaps():
    empty = pd.DataFrame(np.nan, index=range(5), columns=FIVE.columns)
    model = graded_response(pd.concat([FIVE, empty]))
    assert (model.n_obs, model.n_rows) == (500, 505)
    assert model.loglik == pytest.approx(fitted("five").loglik, abs=1e-4)


def test_difficulties_and_their_errors_follow_from_the_intercepts():
    model = fitted("five")
    b, d = model.to_frame(), model.to_frame("intercept")
    for x in range(1, 5):
        assert_allclose(-b["a"] * b[f"b{x}"], d[f"d{x}"])
    i, at = 3, model.layout.slope_at[3]
    around = model.vcov[np.ix_([at, at + 2], [at, at + 2])]
    a, d2 = model.slopes[i], d.loc[i, "d2"]
    by_hand = np.array([d2 / a**2, -1 / a])
    assert b.loc[i, "b2_se"] == pytest.approx(np.sqrt(by_hand @ around @ by_hand))


def test_parameters_are_recovered():
    rng = np.random.default_rng(11)
    a = np.array([0.8, 1.2, 1.6, 2.0, 2.4])
    b = np.array([-1.5, -0.5, 0.5, 1.5])
    biases, covered = [], []
    for _ in range(10):
        theta = rng.normal(size=800)
        chance = 1 / (1 + np.exp(-a[:, None] * (theta[:, None, None] - b)))
        answers = (rng.random((800, 5, 1)) < chance).sum(axis=2)
        items = graded_response(answers).items
        biases.append(items["a"] - a)
        covered.append(np.abs(items["a"] - a) < 1.96 * items["a_se"])
    assert np.abs(np.mean(biases, axis=0)).max() < 0.12
    assert np.mean(covered) > 0.84  # 50 intervals of 95 %: below 0.84 with probability 0.001


def test_information_is_the_variance_of_the_score():
    model, at = fitted("mixed"), 0.3
    before, after = (model.probabilities([at + h])["probability"].to_numpy() for h in (-1e-5, 1e-5))
    p = model.probabilities([at])["probability"].to_numpy()
    by_hand = np.add.reduceat(((after - before) / 2e-5) ** 2 / p, model.layout.first_cell)
    assert_allclose(model.information([at]).to_numpy()[0], by_hand, rtol=1e-6)
    total = model.test_information([at]).iloc[0]
    assert total["information"] == pytest.approx(by_hand.sum(), rel=1e-6)
    assert total["se"] == pytest.approx(by_hand.sum() ** -0.5, rel=1e-6)


def test_marginal_reliability_is_about_the_squared_correlation_with_the_trait():
    rng = np.random.default_rng(5)
    theta = rng.normal(size=4000)
    z = 1.5 * theta[:, None] + rng.logistic(size=(4000, 10))
    model = graded_response(np.digitize(z, [-2.0, -0.7, 0.7, 2.0]))
    r2 = np.corrcoef(theta, tm.person_scores(model).scores["score"])[0, 1] ** 2
    assert model.marginal_reliability == pytest.approx(r2, abs=0.02)


def test_expected_shares_and_scores():
    model = fitted("five")
    shares = model.category_shares()
    assert_allclose(shares.groupby("item")[["share", "expected_share"]].sum(), 1.0)
    assert np.abs(shares["share"] - shares["expected_share"]).max() < 0.02
    far = model.expected_scores([-30.0, 30.0])
    assert_allclose(far["sum"], [6.0, 30.0], atol=1e-6)


def test_responses_and_a_construct():
    responses = tm.load_sample("trust-survey")
    model = graded_response(responses, "competence")
    assert model.names == ("cog_com_1", "cog_com_2", "cog_com_3", "cog_com_4")
    same = graded_response(responses.data, list(model.names))
    assert same.loglik == pytest.approx(model.loglik)


def test_a_code_that_nobody_chose_is_told():
    model = graded_response(FIVE.replace({"f3": {3: 4}}))
    assert "'f3': nobody chose category 3" in model.notes[0]
    assert model.items.loc[2, "n_categories"] == 4


def test_the_summary_shows_fit_and_items():
    shown = str(fitted("five"))
    assert "log-likelihood" in shown
    assert "f6" in shown
    assert "<table" in fitted("five")._repr_html_()


@pytest.mark.parametrize("name", FRAMES)
def test_hostile_frames(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = graded_response(FRAMES[name]())
        except TrustMeasureError as problem:
            assert len(str(problem)) > 40  # noqa: PT017 - what is wrong and what to do
            return
        assert np.isfinite(model.slopes).all()
        assert np.isfinite(model.loglik)


def test_copies_of_an_item_are_named():
    with pytest.raises(ConvergenceError, match="slope of 'a', 'b' grows without bound"):
        graded_response(FRAMES["perfect"]())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"data": FIVE, "items": "f1"}, "Give a list of columns"),
        ({"data": FIVE, "items": ["f1", "f2", "g3"]}, "'g3' is not a column"),
        ({"data": FIVE, "se": "sandwich"}, "se='sandwich'"),
        ({"data": FIVE, "weights": [1.0, 2.0]}, "Give one weight a row"),
        ({"data": FIVE, "weights": -np.ones(500)}, "weight of row 1 is -1"),
        ({"data": FIVE.assign(x=np.arange(500.0))}, "'x' has 500 different values"),
    ],
)
def test_what_is_refused(given, message):
    with pytest.raises((ArgumentError, DataError), match=message):
        graded_response(**given)


def test_two_items_with_equal_slopes():
    model = graded_response(FIVE, ["f1", "f2"], equal_slopes=True)
    assert model.slopes[0] == model.slopes[1] > 0
