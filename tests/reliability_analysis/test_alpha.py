"""Cronbach's alpha: what comes in, what is said, what is refused."""

import dataclasses
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from trustmeasure.errors import ArgumentError, DataError, TrustMeasureWarning
from trustmeasure.reliability_analysis import cronbach_alpha

RNG = np.random.default_rng(3)
TRAIT = RNG.normal(size=(60, 1))
ITEMS = pd.DataFrame(
    np.round(4 + TRAIT + RNG.normal(size=(60, 4)) * 0.8), columns=["kind", "fair", "able", "真诚"]
)


def holes(frame=ITEMS, share=0.1):
    gaps = np.random.default_rng(8).random(frame.shape) < share
    gaps[gaps.all(axis=1)] = False
    return frame.mask(gaps)


@pytest.mark.parametrize(
    "given",
    [
        ITEMS.to_numpy(),
        ITEMS.astype(int),
        ITEMS.astype("Int64"),
        ITEMS.astype(str),
        ITEMS.set_index(pd.Index([7] * 60)),
        ITEMS.set_axis(range(4), axis=1),
        pl.from_pandas(ITEMS),
        pl.from_pandas(ITEMS).lazy(),
        {name: ITEMS[name].tolist() for name in ITEMS},
    ],
    ids=["array", "int", "nullable", "text digits", "index", "numbered", "polars", "lazy", "mapping"],
)
def test_any_frame_gives_the_same(given):
    assert cronbach_alpha(given).alpha == pytest.approx(cronbach_alpha(ITEMS).alpha, rel=1e-14)


def test_null_in_polars_and_nullable_integers_is_missing():
    frame = holes()
    expected = cronbach_alpha(frame).alpha
    assert cronbach_alpha(pl.from_pandas(frame)).alpha == pytest.approx(expected, rel=1e-14)
    assert cronbach_alpha(frame.astype("Int64")).alpha == pytest.approx(expected, rel=1e-14)


def test_record():
    found = cronbach_alpha(ITEMS, ci=0.9)
    assert (found.n_items, found.n_obs, found.n_rows, found.n_complete) == (4, 60, 60, 60)
    assert found.ci_lower < found.alpha < found.ci_upper < 1
    assert found.items["item"].tolist() == ["kind", "fair", "able", "真诚"]
    assert found.to_frame().columns.tolist()[2:5] == ["alpha", "ci_lower", "ci_upper"]
    assert found.notes == ("All 60 rows are complete.",)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.alpha = 1.0


def test_summary_tells_method_rows_and_items():
    found = cronbach_alpha(holes(), ci=0.9)
    text = str(found.summary())
    assert "90 % interval of Feldt, Woodruff and Salih (1987)." in text
    assert f"60 of 60 rows used, {found.n_complete} of them complete. pairwise" in text
    assert "真诚" in text
    assert repr(found) == text
    assert ">kind</td>" in found._repr_html_()


def test_missing_answers():
    frame = holes()
    complete = frame.dropna()
    assert cronbach_alpha(frame, missing="listwise").alpha == cronbach_alpha(complete).alpha
    assert cronbach_alpha(frame, missing="listwise").n_obs == len(complete) < 60
    found = cronbach_alpha(frame)
    assert (found.n_obs, found.n_complete) == (60, len(complete))
    assert found.items["n"].tolist() == frame.count().tolist()
    assert found.alpha != cronbach_alpha(complete).alpha


def test_people_without_any_answer_do_not_count():
    more = pd.concat([ITEMS, pd.DataFrame(np.nan, index=range(30), columns=ITEMS.columns)])
    found = cronbach_alpha(more)
    assert (found.n_obs, found.n_rows) == (60, 90)
    assert found.ci_lower == cronbach_alpha(ITEMS).ci_lower


def test_pairwise_alpha_by_hand():
    frame = holes()
    names = list(frame)
    cov = np.array([[frame[[a, b]].dropna().cov().iloc[0, -1] for b in names] for a in names])
    for i, name in enumerate(names):
        cov[i, i] = frame[name].var()
    direct = 4 / 3 * (1 - np.trace(cov) / cov.sum())
    assert cronbach_alpha(frame).alpha == pytest.approx(direct, rel=1e-12)


def test_items_against_the_rest_are_named_and_not_turned():
    turned = ITEMS.assign(fair=8 - ITEMS["fair"])
    with pytest.warns(TrustMeasureWarning, match="other items: fair. If wording"):
        found = cronbach_alpha(turned)
    assert found.items.set_index("item")["item_total"]["fair"] < 0
    assert found.alpha < cronbach_alpha(ITEMS).alpha - 0.2
    assert "fair" in found.notes[1]


def test_no_warning_when_all_agree():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cronbach_alpha(ITEMS)


def test_two_items():
    found = cronbach_alpha(ITEMS[["kind", "fair"]])
    r = ITEMS["kind"].corr(ITEMS["fair"])
    assert found.standardized == pytest.approx(2 * r / (1 + r), rel=1e-12)
    assert found.average_r == pytest.approx(r, rel=1e-12)
    assert found.items["alpha_if_dropped"].isna().all()
    assert found.items["item_total"].tolist() == pytest.approx([r, r])


def test_perfect_correlation():
    same = pd.DataFrame({"a": ITEMS["kind"], "b": ITEMS["kind"] + 1, "c": ITEMS["kind"]})
    found = cronbach_alpha(same)
    assert (found.alpha, found.ci_lower, found.ci_upper) == pytest.approx((1, 1, 1), abs=1e-12)
    assert found.items["item_total"].tolist() == pytest.approx([1, 1, 1])


def test_ten_rows_have_a_wide_interval():
    found = cronbach_alpha(ITEMS.head(10))
    assert found.ci_upper - found.ci_lower > cronbach_alpha(ITEMS).ci_upper - cronbach_alpha(ITEMS).ci_lower


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ITEMS[["kind"]], "at least 2 items; there is only one item, 'kind'"),
        (ITEMS[[]], "there is no item"),
        (
            ITEMS.assign(fair=3.0),
            r"Item 'fair' has the same answer \(3\) in all of the 60 rows.*Leave it out",
        ),
        (ITEMS.assign(fair=3, able=2), "Items 'fair', 'able' have the same answer.*Leave them out"),
        (ITEMS.assign(fair=np.nan), "Item 'fair' has no answer at all. Leave it out"),
        (ITEMS.assign(fair=None), "Item 'fair' has no answer at all"),
        (ITEMS * np.nan, "Items 'kind', 'fair', 'able', '真诚' have no answer at all"),
        (ITEMS.assign(fair="agree"), "'fair' holds 'agree' in row 1, which is not a number"),
        (ITEMS.assign(fair=np.inf), "'fair' holds an infinite value in row 1"),
        (ITEMS.assign(fair=8 - ITEMS["kind"])[["kind", "fair"]], "cancel each other out.*Turn the items"),
        (ITEMS.head(1), "the same answer|at least 2"),
        (ITEMS.set_axis(["a", "b", "a", "c"], axis=1), "2 columns named 'a'"),
        ([1, 2, 3], "give a frame"),
        (np.arange(5.0), "give a frame"),
    ],
)
@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_refused(given, said, missing):
    with pytest.raises(DataError, match=said):
        cronbach_alpha(given, missing=missing)


def test_items_that_nobody_answered_together():
    frame = ITEMS[["kind", "fair"]].copy()
    frame.loc[:29, "kind"] = np.nan
    frame.loc[29:, "fair"] = np.nan
    with pytest.raises(DataError, match="'kind' and 'fair' were answered together by 0 people"):
        cronbach_alpha(frame)
    with pytest.raises(DataError, match=r"Only 0 of 60 rows .*'fair' has the most missing answers \(31\)"):
        cronbach_alpha(frame, missing="listwise")


def test_item_that_is_constant_only_among_complete_rows():
    frame = ITEMS[["kind", "fair", "able"]].copy()
    frame.loc[frame["fair"] != 4, "able"] = np.nan
    assert np.isfinite(cronbach_alpha(frame[["kind", "able"]]).alpha)
    with pytest.raises(DataError, match="'fair' has the same answer"):
        cronbach_alpha(frame, missing="listwise")


def test_arguments():
    with pytest.raises(ArgumentError, match="ci=95 must lie"):
        cronbach_alpha(ITEMS, ci=95)
    with pytest.raises(ArgumentError, match="Did you mean 'pairwise'"):
        cronbach_alpha(ITEMS, missing="pairwize")


def test_the_input_is_not_changed():
    frame = holes()
    before = frame.copy()
    cronbach_alpha(frame, missing="listwise")
    pd.testing.assert_frame_equal(frame, before)
