"""Differential item functioning against MASS and statsmodels (dif.R), and what it must do anyway."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from statsmodels.miscmodels.ordinal_model import OrderedModel

import trustmeasure as tm
from tests.hostile import FRAMES
from tests.item_response.reference_data import cases, read
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.item_response.mantel import mantel_test
from trustmeasure.item_response.ordinal_regression import ordinal_regression

CASES = cases("dif")
GROUPS = read("groups")
ITEMS = [f"d{i}" for i in range(1, 9)]
SUM = GROUPS[ITEMS].sum(axis=1).to_numpy(dtype=float)


def one_hot(y):
    return (y[:, None] == np.unique(y)).astype(float)


def planted(rng, n=500, k=10, uniform=(), impact=0.0, slopes=()):
    """Return answers of two groups; `uniform` shifts items for the second one, `slopes` multiplies slopes."""
    group = np.arange(2 * n) >= n
    theta = rng.normal(size=2 * n) - impact * group
    a = np.linspace(1.0, 2.0, k)
    here = np.where(group[:, None] & np.isin(np.arange(k), slopes), 0.4 * a, a)
    shift = 0.8 * group[:, None] * np.isin(np.arange(k), uniform)
    z = here * theta[:, None] + shift + rng.logistic(size=(2 * n, k))
    frame = pd.DataFrame(np.digitize(z, [-2.2, -0.8, 0.6, 2.0]), columns=[f"i{j}" for j in range(k)])
    return frame.assign(group=np.where(group, "b", "a"))


@pytest.mark.parametrize("grouping", CASES)
def test_likelihoods_and_coefficients(grouping):
    found = tm.dif(GROUPS, grouping, ITEMS, matching=SUM)
    frame, effects = found.frame.set_index("item"), found.effects.set_index("item")
    for item, expected in CASES[grouping].items():
        test, row = found.tests[item], frame.loc[item]
        assert test.uniform.loglik == pytest.approx(expected["uniform"], rel=1e-12)
        assert test.full.loglik == pytest.approx(expected["full"], rel=1e-12)
        assert_allclose(row["uniform_chisq"], 2 * (expected["uniform"] - expected["base"]), atol=1e-8)
        assert_allclose(row["total_chisq"], 2 * (expected["full"] - expected["base"]), atol=1e-8)
        gain = (expected["base"] - expected["full"]) / expected["none"]
        assert row["r2_mcfadden"] == pytest.approx(gain, rel=1e-7)
        assert_allclose(effects.loc[[item], "log_odds"], expected["log_odds"], atol=1e-6)
        assert_allclose(effects.loc[[item], "se"], expected["se"], rtol=1e-6)


def test_nagelkerkes_r2_follows_from_the_likelihoods():
    row = tm.dif(GROUPS, "g2", ITEMS, matching=SUM).frame.iloc[1]
    expected = CASES["g2"]["d2"]

    def r2(loglik):
        return (1 - np.exp(2 * (expected["none"] - loglik) / 700)) / (1 - np.exp(2 * expected["none"] / 700))

    assert row["r2_nagelkerke"] == pytest.approx(r2(expected["full"]) - r2(expected["base"]), rel=1e-7)
    parts = row["r2_nagelkerke_uniform"] + row["r2_nagelkerke_nonuniform"]
    assert row["r2_nagelkerke"] == pytest.approx(parts)


def test_mantels_test():
    stratum = np.unique(SUM, return_inverse=True)[1]
    group = (GROUPS["g2"] == "b").to_numpy().astype(np.intp)
    for item, expected in CASES["g2"].items():
        high = (GROUPS[item] >= 3).to_numpy(dtype=float)
        chisq, df, _ = mantel_test(high, group, stratum, 2)
        assert (chisq, df) == (pytest.approx(expected["mantel"], rel=1e-10), 1)


def test_mantels_test_of_several_groups_agrees_with_permutations():
    rng = np.random.default_rng(3)
    stratum, group = rng.integers(0, 4, 120), rng.integers(0, 3, 120)
    answers = rng.integers(1, 6, 120).astype(float)

    def surplus(labels):
        sums = [answers[labels == g].sum() for g in (1, 2)]
        means = np.array([answers[stratum == s].mean() for s in range(4)])[stratum]
        return np.array(sums) - [means[labels == g].sum() for g in (1, 2)]

    drawn = []
    for _ in range(4000):
        labels = group.copy()
        for s in range(4):
            labels[stratum == s] = rng.permutation(labels[stratum == s])
        drawn.append(surplus(labels))
    found = surplus(group)
    by_draws = found @ np.linalg.solve(np.cov(np.array(drawn).T), found)
    assert mantel_test(answers, group, stratum, 3)[0] == pytest.approx(by_draws, rel=0.15)


def test_the_regression_is_that_of_statsmodels():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(150, 2)) * [1.0, 30.0] + [0.0, 500.0]
    y = np.digitize(X @ [0.8, 0.03] - 15.0 + rng.logistic(size=150), [-1.0, 0.5, 1.0])
    ours = ordinal_regression(X, one_hot(y))
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    theirs = OrderedModel(y, Z, distr="logit").fit(method="bfgs", disp=0, gtol=1e-9)
    assert ours.loglik == pytest.approx(theirs.llf, rel=1e-10)
    assert_allclose(ours.beta * X.std(axis=0), theirs.params[:2], rtol=1e-5)
    assert_allclose(np.sqrt(np.diag(ours.vcov))[:2] * X.std(axis=0), theirs.bse[:2], rtol=1e-4)


def test_parted_answers_are_told():
    x = np.arange(30.0)
    found = ordinal_regression(x[:, None], one_hot((x > 14).astype(int)))
    assert found.separated


def test_own_curves_are_fits_to_each_group():
    found = tm.dif(GROUPS, "g2", ITEMS, matching=SUM)
    for item in ("d1", "d5"):
        loglik = 0.0
        for label in "ab":
            own = (GROUPS["g2"] == label).to_numpy()
            y = GROUPS.loc[own, item].to_numpy()
            loglik += ordinal_regression(SUM[own][:, None], one_hot(y)).loglik
        row = found.frame.set_index("item").loc[item]
        assert row["any_chisq"] == pytest.approx(2 * (loglik - CASES["g2"][item]["base"]), rel=1e-8)
        assert row["any_df"] == 5
    # d5 spreads its answers more in one group, which a common distance of categories cannot show
    assert found.frame.set_index("item").loc["d5", "any_p"] < 1e-4


@pytest.mark.parametrize("matching", ["trait", "sum"])
def test_planted_items_are_found_in_spite_of_different_means(matching):
    frame = planted(np.random.default_rng(21), uniform=(2, 7), impact=0.5)
    found = tm.dif(frame, "group", matching=matching)
    assert found.flagged == ("i2", "i7")
    assert found.anchors == tuple(f"i{j}" for j in range(10) if j not in (2, 7))
    effects = found.effects.set_index("item")
    assert_allclose(effects.loc[["i2", "i7"], "log_odds"], 0.8, atol=0.35)
    assert (effects.loc[["i2", "i7"], "score_difference"] > 0.2).all()


def test_a_flatter_item_is_non_uniform():
    frame = planted(np.random.default_rng(30), n=800, slopes=(8,))
    found = tm.dif(frame, "group")
    assert found.flagged == ("i8",)
    assert found.frame.set_index("item").loc["i8", "kind"] == "non-uniform"


def test_flags_are_rare_when_nothing_is_planted():
    rng = np.random.default_rng(23)
    p = [tm.dif(planted(rng, n=250, k=6), "group", matching="sum", purify=False).frame for _ in range(30)]
    every = pd.concat(p)
    assert 0.01 < (every["total_p"] < 0.05).mean() < 0.11  # 180 tests; 0.05 +- 3 standard errors
    assert sum(frame["flagged"].any() for frame in p) <= 6  # at most 5 % expected


def test_purification_takes_flagged_items_out_of_the_match():
    frame = planted(np.random.default_rng(24), uniform=(0, 1, 2, 3))
    once, purified = (tm.dif(frame, "group", purify=p) for p in (False, True))
    true = {f"i{j}" for j in range(4)}
    assert set(purified.flagged) == true
    assert len(once.rounds) == 1 < len(purified.rounds)
    clean = [f"i{j}" for j in range(4, 10)]
    worst = [r.frame.set_index("item").loc[clean, "total_chisq"].mean() for r in (once, purified)]
    assert worst[1] < worst[0]


def test_binary_items_and_the_order_of_groups():
    frame = planted(np.random.default_rng(25), uniform=(4,))
    frame.loc[:, frame.columns != "group"] = (frame.drop(columns="group") >= 2).astype(int)
    one = tm.dif(frame, "group", matching="sum", reference="a")
    other = tm.dif(frame, "group", matching="sum", reference="b")
    assert one.groups == ("a", "b") == other.groups[::-1]
    assert_allclose(one.frame["total_chisq"], other.frame["total_chisq"], rtol=1e-8)
    assert_allclose(one.effects["log_odds"], -other.effects["log_odds"], rtol=1e-6, atol=1e-9)


def test_curves_show_the_difference():
    found = tm.dif(GROUPS, "g2", ITEMS)
    curves = found.curves("d2")
    at = curves[curves["match"].between(-0.1, 0.1)].groupby("group")["expected"].mean()
    assert at["b"] - at["a"] > 0.3
    assert curves["expected"].between(1, 5).all()


def test_gaps_missing_groups_and_the_summary():
    frame = GROUPS.astype(dict.fromkeys(ITEMS, float))
    frame[ITEMS] = frame[ITEMS].mask(np.random.default_rng(1).random((700, 8)) < 0.1)
    frame.loc[:9, "g2"] = None
    found = tm.dif(frame, "g2", ITEMS)
    assert "10 people without a group are left out." in found.notes
    assert sum(found.group_sizes) == 690
    assert "d2" in found.flagged
    assert "the first is the reference" in str(found)
    assert "<table" in found._repr_html_()


def test_effect_sizes_have_published_limits():
    described = tm.criteria.describe("dif_r2_change", 0.05)
    assert [outcome.met for outcome in described.outcomes] == [False, True]


@pytest.mark.parametrize("matching", ["trait", "sum"])
@pytest.mark.parametrize("name", FRAMES)
def test_hostile_frames(name, matching):
    frame = FRAMES[name]()
    group = np.where(np.arange(len(frame)) % 2, "a", "b")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = tm.dif(frame, group, matching=matching)
        except TrustMeasureError as problem:
            assert len(str(problem)) > 40  # noqa: PT017 - the message is what is looked at
            return
        unknown = found.frame["total_p"].isna()
        assert (found.frame.loc[unknown, "note"] != "").all()
        assert str(found)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"group": "g4"}, "Did you mean 'g2'|'g4' is not a column"),
        ({"group": "g2", "reference": "z"}, "reference='z' is not known"),
        ({"group": "g2", "matching": "theta"}, "matching='theta'"),
        ({"group": "g2", "matching": [1.0]}, "Give one number a person"),
        ({"group": ["a"] * 700}, "1 different labels"),
        ({"group": ["a"] * 3}, "group has 3 labels"),
        ({"group": "g2", "correction": "holms"}, "Did you mean 'holm'"),
    ],
)
def test_what_is_refused(given, message):
    with pytest.raises((ArgumentError, DataError), match=message):
        tm.dif(GROUPS, items=ITEMS, **given)
