"""Latent mean differences and effect sizes of items: references, identities, hostile data."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from tests.validity.invariance.cases import THREE, case, sectors, table
from trustmeasure.errors import ArgumentError, TrustMeasureError
from trustmeasure.validity.invariance.item_effects import (
    EFFECTS,
    Ogive,
    Spread,
    linear_effects,
    ordinal_effects,
)

PARTIAL = ["f =~ a2", "a2 ~ 1", "b1 ~ 1"]
ITEMS = ["a1", "a2", "a3", "a4", "b1", "b2", "b3"]


@cache
def found() -> tm.Invariance:
    return tm.invariance(THREE, sectors(), group="sector", steps=["configural", "metric", "scalar"])


@cache
def two() -> tm.Invariance:
    frame = sectors()[sectors()["sector"] != "bank"]
    return tm.invariance(THREE, frame, group="sector", steps=["configural", "metric", "scalar"])


def categories() -> pd.DataFrame:
    frame = sectors().copy()
    frame[ITEMS] = np.digitize(frame[ITEMS], [2.5, 3.3, 4.2])
    return frame


def test_standardised_mean_differences_are_lavaans() -> None:
    theirs = table(case("means")["means"]).set_index("lhs")
    mine = tm.latent_means(found().release(PARTIAL)).frame.set_index(["latent", "group"])
    for latent in ("f", "g"):
        for number, group in ((2, "bank"), (3, "care")):
            row, stored = mine.loc[(latent, group)], theirs.loc[f"d{latent}{number}"]
            near = {"d": "est", "d_se": "se", "d_ci_lower": "ci.lower", "d_ci_upper": "ci.upper"}
            for own, other in near.items():
                assert row[own] == pytest.approx(stored[other], rel=1e-6), (latent, group, own)


def test_a_difference_is_the_parameter_of_the_fit() -> None:
    means = tm.latent_means(found()).frame
    rows = found().fit("scalar").parameters
    own = rows[(rows["lhs"] == "f") & (rows["op"] == "~1") & (rows["group"] == 3)].iloc[0]
    row = means[(means["latent"] == "f") & (means["group"] == "care")].iloc[0]
    for mine, theirs in {"difference": "estimate", "se": "se", "z": "z", "p_value": "p_value"}.items():
        assert row[mine] == pytest.approx(own[theirs], rel=1e-9)


def test_another_reference_turns_the_sign() -> None:
    one = tm.latent_means(found()).frame.set_index(["latent", "group"])
    other = tm.latent_means(found(), reference="care").frame.set_index(["latent", "group"])
    assert one.loc[("f", "care"), "d"] == pytest.approx(-other.loc[("f", "shop"), "d"], rel=1e-10)
    assert one.loc[("f", "care"), "d_se"] == pytest.approx(other.loc[("f", "shop"), "d_se"], rel=1e-8)


def test_means_need_equal_loadings_and_intercepts() -> None:
    with pytest.raises(ArgumentError, match="Take scalar"):
        tm.latent_means(found(), "metric")
    with pytest.raises(ArgumentError, match="No fitted step"):
        tm.latent_means(tm.invariance(THREE, sectors(), group="sector", steps=["configural", "metric"]))
    text = str(tm.latent_means(found().release(PARTIAL)))
    assert "Left free in it: a2~1, b1~1, f=~a2" in text


def test_second_order_factors_are_compared_where_the_model_gives_their_means() -> None:
    text = "f1 =~ 0.8*x1+0.7*x2+0.9*x3\nf2 =~ 0.8*x4+0.7*x5+0.9*x6\nf3 =~ 0.8*x7+0.7*x8+0.9*x9"
    text += "\ng =~ 0.8*f1+0.7*f2+0.6*f3"
    frame = pd.concat([tm.simulate(text, 300, seed=s).assign(k=f"k{s}") for s in (1, 2)])
    model = "f1 =~ x1+x2+x3\nf2 =~ x4+x5+x6\nf3 =~ x7+x8+x9\ng =~ f1+f2+f3"
    steps = tm.invariance(
        model, frame, group="k", steps=["configural", "metric", "latent_loadings", "scalar"]
    )
    assert steps.frame["df_difference"].tolist()[1:] == [6, 2, 6]
    assert tm.latent_means(steps).frame["latent"].tolist() == ["f1", "f2", "f3"]
    nothing = steps.release([f"x{i} ~ 1" for i in range(1, 10)])
    with pytest.raises(ArgumentError, match="no intercept is left"):
        tm.latent_means(nothing)


def test_item_effects_are_the_integrals_of_r() -> None:
    theirs = table(case("effects")["items"]).set_index("item")
    mine = tm.dmacs(two(), draws=2).frame.set_index("item")
    names = {"dmacs": "dmacs", "dmacs_signed": "signed", "sdi2": "sdi2", "udi2": "udi2"}
    for own, other in names.items():
        np.testing.assert_allclose(mine.loc[theirs.index, own], theirs[other], rtol=1e-6)


def test_ordinal_effects_are_the_integrals_of_r() -> None:
    def ogive(intercept: float, loading: float, residual: float, cuts: list[float]) -> Ogive:
        one = np.ones(1)
        return Ogive(intercept * one, loading * one, residual * one, np.array([cuts]), np.arange(4.0))

    reference = ogive(0.0, 0.8, 1.0, [-1, -0.2, 0.9])
    focal = ogive(0.2, 1.3, 1.5, [-0.8, 0.1, 1.4])
    spread = Spread.of(0.95, 1.1, 200, 300)
    mine = ordinal_effects(reference, focal, np.array([0.3]), np.array([1.2]), spread)[0]
    stored = case("effects")["ordinal"]
    for name, key in (("dmacs", "dmacs"), ("dmacs_signed", "signed"), ("sdi2", "sdi2")):
        assert mine[EFFECTS.index(name)] == pytest.approx(stored[key], rel=1e-8)
    assert mine[EFFECTS.index("udi2")] == pytest.approx(stored["udi2"], rel=1e-4)


def test_linear_effects_are_sums_over_a_grid() -> None:
    rng = np.random.default_rng(1)
    intercept, loading = rng.normal(size=6), rng.normal(size=(6, 2))
    mean, cov = rng.normal(size=(6, 2)), np.tile([[1.2, 0.3], [0.3, 0.7]], (6, 1, 1))
    spread = Spread(1.3, 0.9, 1.1)
    mine = linear_effects(intercept, loading, mean, cov, spread)
    draws = rng.multivariate_normal([0, 0], cov[0], 400_000)
    for b in range(6):
        gap = intercept[b] + (mean[b] + draws) @ loading[b]
        by_hand = [np.sqrt(np.mean(gap**2)) / 1.1, gap.mean() / 1.1, gap.mean() / 0.9]
        np.testing.assert_allclose(mine[b, :3], by_hand, atol=0.02)
        np.testing.assert_allclose(mine[b, 3:], [np.abs(gap).mean() / 0.9, gap.mean()], atol=0.02)


def test_equal_items_have_no_effect_and_a_shift_has_its_size() -> None:
    one = np.ones((1, 1))
    spread = Spread(1.0, 1.0, 1.0)
    none = linear_effects(np.zeros(1), 0 * one, one, one[..., None], spread)
    np.testing.assert_array_equal(none, np.zeros((1, 5)))
    shift = linear_effects(np.array([-0.5]), 0 * one, one, one[..., None], spread)
    np.testing.assert_allclose(shift[0], [0.5, -0.5, -0.5, 0.5, -0.5])


def test_intervals_cover_and_anchors_are_in_one_model() -> None:
    free = tm.dmacs(found(), anchors=["a1", "a3", "a4", "b2", "b3"], draws=400, seed=3)
    assert set(free.frame["item"]) == {"a2", "b1"}
    care = free.frame.set_index(["item", "focal"]).loc[("a2", "care")]
    assert care["dmacs_ci_lower"] < care["dmacs"] < care["dmacs_ci_upper"]
    assert care["dmacs_signed_ci_lower"] > 0
    assert free.scales.set_index(["latent", "focal"]).loc[("f", "care"), "items"] == 1
    again = tm.dmacs(found(), anchors=["a1", "a3", "a4", "b2", "b3"], draws=400, seed=3)
    pd.testing.assert_frame_equal(free.frame, again.frame)
    assert "Anchors: a1" in str(free)
    assert "<table" in free._repr_html_()


def test_relations_that_are_left_free_are_free_for_every_item() -> None:
    partial = tm.dmacs(found().release(PARTIAL), draws=2)
    whole = tm.dmacs(found(), draws=2)
    biased, clean = (x.frame.set_index(["item", "focal"])["dmacs"] for x in (whole, partial))
    assert clean["a4", "care"] < biased["a4", "care"]
    assert "Left free besides: a2~1" in partial.notes[0]
    assert partial.scales.empty


def test_aligned_items_have_effects() -> None:
    effects = tm.dmacs(tm.alignment(found()), draws=200).frame.set_index(["item", "focal"])
    assert effects.loc[("a2", "care"), "dmacs"] > 0.4
    assert effects.loc[("a1", "care"), "dmacs"] < 0.2
    assert (effects["dmacs"] >= effects["dmacs_signed"].abs() - 1e-12).all()


@pytest.mark.parametrize("parameterization", ["theta", "delta"])
def test_ordinal_items_are_compared_by_expected_answers(parameterization: str) -> None:
    sequence = tm.invariance(
        *(THREE, categories()),
        group="sector", ordered=True, parameterization=parameterization, steps=["configural"],
    )  # fmt: skip
    anchors = ["a1", "a3", "a4", "b2", "b3"]
    mine = tm.dmacs(sequence, anchors=anchors, draws=50).frame.set_index(["item", "focal"])
    linear = tm.dmacs(found(), anchors=anchors, draws=50).frame.set_index(["item", "focal"])
    for pair in (("a2", "care"), ("b1", "bank")):
        assert mine.loc[pair, "dmacs_signed"] == pytest.approx(linear.loc[pair, "dmacs_signed"], abs=0.1)
    assert mine.loc[("a2", "care"), "dmacs"] > 0.4


def test_what_cannot_be_is_named() -> None:
    with pytest.raises(ArgumentError, match="Did you mean 'a1'"):
        tm.dmacs(found(), anchors=["a1x"])
    with pytest.raises(ArgumentError, match="not none and not all"):
        tm.dmacs(found(), anchors=ITEMS)
    with pytest.raises(ArgumentError, match="An alignment has no anchors"):
        tm.dmacs(tm.alignment(found()), anchors=["a1"])
    with pytest.raises(ArgumentError, match="Did you mean 'care'"):
        tm.dmacs(found(), reference="car")
    with pytest.raises(ArgumentError, match="draws=1"):
        tm.dmacs(found(), draws=1)


@pytest.mark.parametrize("name", [n for n in FRAMES if n != "two_items"])
def test_hostile_data_are_answered_or_refused(name: str) -> None:
    frame = FRAMES[name]()
    items = list(frame.columns)
    frame["g"] = (["x", "y"] * len(frame))[: len(frame)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", tm.TrustMeasureWarning)
        try:
            steps = tm.invariance(
                "f =~ " + " + ".join(items), frame, group="g", steps=["configural", "metric", "scalar"]
            )
            effects = tm.dmacs(steps, draws=20)
            means = tm.latent_means(steps)
        except TrustMeasureError:
            return
        noted = effects.frame["dmacs"].notna() | effects.frame["note"].ne("")
        assert noted.all()
        str(effects)
        str(means)
