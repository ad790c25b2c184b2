"""Content validity: published tables, R, and the tables that experts' ratings come in."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from trustmeasure.errors import ArgumentError, DataError, InstrumentError, TrustMeasureError
from trustmeasure.instruments.content.formulas import (
    aiken_v,
    chance_agreement,
    content_validity_ratio,
    critical_ratio,
    item_cvi,
    modified_kappa,
    score_interval,
)

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "content_validity"
R: dict[str, Any] = json.loads((FOLDER / "content.json").read_text(encoding="utf-8"))

SIX_EXPERTS = """
4 4 4 4 4 4
4 3 4 4 3 4
4 4 4 4 4 4
4 4 4 4 4 4
3 4 4 4 4 4
2 3 4 3 3 4
4 4 4 4 4 4
4 4 4 4 4 4
3 3 4 2 3 4
4 4 4 3 4 4
4 4 4 3 4 4
4 4 4 3 4 4
"""
"""Twelve items rated by six experts, as printed in Table 4 of the article PMC7253559."""


def six_experts() -> pd.DataFrame:
    rows = [line.split() for line in SIX_EXPERTS.strip().splitlines()]
    return pd.DataFrame(rows, index=[f"i{k + 1}" for k in range(12)]).astype(int).T


def test_a_published_table_of_ratings() -> None:
    found = tm.content_validity(six_experts())
    whole = found.scales.iloc[0]
    assert (round(whole["s_cvi_ave"], 2), round(whole["s_cvi_ua"], 2)) == (0.97, 0.83)
    low = found.items.set_index("item").loc[["i6", "i9"]]
    assert low["i_cvi"].round(2).tolist() == [0.83, 0.83]
    assert low["n_relevant"].tolist() == [5, 5]


@pytest.mark.parametrize(
    ("relevant", "experts", "chance", "kappa"),
    [(10, 10, 0.001, 1.0), (9, 10, 0.010, 0.90), (8, 10, 0.044, 0.79), (7, 10, 0.117, 0.66),
     (8, 9, 0.018, 0.89), (7, 9, 0.070, 0.76), (6, 9, 0.164, 0.60)],
)  # fmt: skip
def test_modified_kappa_of_a_published_table(
    relevant: int, experts: int, chance: float, kappa: float
) -> None:
    """Table 10 of BMC Health Services Research 17, article 2469-8 (2017), after Polit, Beck and Owen."""
    assert round(chance_agreement(relevant, experts), 3) == chance
    assert round(modified_kappa(relevant, experts), 2) == kappa


def test_agreement_is_that_of_r() -> None:
    for row in R["agreement"]:
        a, n = row["A"], row["N"]
        assert item_cvi(a, n) == pytest.approx(row["i_cvi"], rel=1e-12)
        assert chance_agreement(a, n) == pytest.approx(row["chance"], rel=1e-12)
        assert modified_kappa(a, n) == pytest.approx(row["kappa"], rel=1e-10, abs=1e-14)
        assert score_interval(a / n, n, 0.95) == pytest.approx((row["lower"], row["upper"]), abs=1e-10)


def test_critical_ratios_are_those_of_r() -> None:
    for row in R["critical"]:
        assert critical_ratio(row["N"]) == pytest.approx(row["cvr"], abs=1e-12)
        assert content_validity_ratio(row["n"], row["N"]) == pytest.approx(row["cvr"], abs=1e-12)
    assert np.isnan(critical_ratio(4))


def test_aiken_v_is_that_of_r() -> None:
    for row in R["aiken"]:
        ratings, points, expected = row["ratings"], row["points"], row["result"]
        v = aiken_v(float(np.mean(ratings)), 1, points)
        assert v == pytest.approx(expected["V"])
        limits = score_interval(v, len(ratings) * (points - 1), 0.95)
        assert limits == pytest.approx((expected["lower"], expected["upper"]), abs=1e-10)


def test_a_table_with_gaps_is_that_of_r() -> None:
    found = tm.content_validity(pd.read_csv(FOLDER / "data" / "ratings.csv"), ci=0.9)
    for row in found.items.to_dict("records"):
        expected = R["table"][row["item"]]
        assert row["n_experts"] == expected["N"]
        assert row["n_missing"] == 7 - expected["N"]
        assert row["i_cvi"] == pytest.approx(expected["i_cvi"])
        assert row["modified_kappa"] == pytest.approx(expected["kappa"])
        assert row["aiken_v"] == pytest.approx(expected["V"])
    assert "3 of 70 ratings of relevance are missing" in " ".join(found.notes)
    assert found.experts["n_missing"].sum() == 3


def test_no_agreement_below_chance_is_hidden() -> None:
    assert modified_kappa(0, 4) == pytest.approx(-1 / 15)
    assert content_validity_ratio(0, 4) == -1.0


def long() -> pd.DataFrame:
    rows = [
        ("A", "sat_1", 4, 3, 3, None), ("A", "sat_2", 3, 4, 3, "two ideas in one"),
        ("B", "sat_1", 4, 4, 3, None), ("B", "sat_2", 2, 2, 1, " "),
        ("C", "sat_1", 3, 4, 2, None), ("C", "sat_2", None, 4, 3, None),
    ]  # fmt: skip
    names = ["expert", "item", "relevance", "clarity", "necessity", "comment"]
    return pd.DataFrame(rows, columns=names)


def test_long_ratings_of_an_instrument() -> None:
    found = tm.content_validity(long(), "satisfaction")
    table = found.items.set_index("item")
    assert list(table.index) == ["sat_1", "sat_2", "sat_3", "sat_4"]
    assert table.loc["sat_1", ["i_cvi", "cvr", "clarity_cvi"]].tolist() == pytest.approx([1.0, 1 / 3, 1.0])
    assert table.loc["sat_2", ["i_cvi", "cvr", "clarity_cvi"]].tolist() == pytest.approx([0.5, 1 / 3, 2 / 3])
    assert np.isnan(table.loc["sat_1", "cvr_critical"])
    assert "at least 5" in table.loc["sat_1", "note"]
    assert "nobody rated its relevance" in table.loc["sat_3", "note"]
    assert found.comments.to_dict("records") == [
        {"expert": "A", "item": "sat_2", "comment": "two ideas in one"}
    ]
    assert "2 items without a rating" in found.scales.iloc[-1]["note"]
    assert found.instrument.startswith("satisfaction ")


def test_constructs_have_rows_of_their_own() -> None:
    instrument = tm.load_instrument("cognitive-trust")
    names = [item.id for item in instrument.items]
    ratings = pd.DataFrame(4, index=["A", "B", "C"], columns=names)
    ratings.loc["A", "cog_com_1"] = 1
    scales = tm.content_validity(ratings, instrument).scales.set_index("construct")
    assert list(scales.index) == ["competence", "integrity", "reliability", "all"]
    assert scales.loc["competence", "s_cvi_ave"] == pytest.approx((2 / 3 + 3) / 4)
    assert scales.loc["competence", "s_cvi_ua"] == 0.75
    assert scales.loc["integrity", "agreement"] == 1.0
    assert scales.loc["competence", "agreement"] == pytest.approx((3 + 3 + 3 + 1) / 12)


def test_wide_long_and_several_kinds_say_the_same() -> None:
    wide = six_experts()
    tall = wide.rename_axis("expert").reset_index().melt("expert", var_name="item", value_name="relevance")
    first, second = tm.content_validity(wide).items, tm.content_validity(tall).items
    pd.testing.assert_frame_equal(first, second)
    both = tm.content_validity({"relevance": wide, "necessity": wide.clip(upper=3)})
    assert both.items["i_cvi"].equals(first["i_cvi"])
    assert both.items.loc[5, "n_essential"] == 5
    assert both.items.loc[5, "cvr_critical"] == 1.0


def test_cut_offs_go_with_the_number_of_experts() -> None:
    six = tm.content_validity(six_experts()).describe()
    rules = six[six["metric"] == "i_cvi"]
    assert set(rules["rule"]) == {"≥ 0.78"}
    assert rules["met"].all()
    three = tm.content_validity(six_experts().iloc[:3]).describe()
    strict = three[(three["metric"] == "i_cvi") & (three["what"] == "i6")]
    assert strict[["rule", "met"]].to_numpy().tolist() == [["≥ 1", False]]
    assert "cvr" not in set(six["metric"])


def test_the_order_of_experts_and_rows_does_not_matter() -> None:
    tall = long()
    turned = tall.iloc[::-1]
    first = tm.content_validity(tall).items.set_index("item")
    second = tm.content_validity(turned).items.set_index("item").loc[first.index]
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"relevance": [5, 3, 4, 2, 3, 3]}, r"Expert 'A' gave relevance 5 to item 'sat_1'.*1 to 4"),
        ({"necessity": [0, 3, 3, 1, 2, 3]}, "necessity 0"),
        ({"relevance": [3.5, 3, 4, 2, 3, 3]}, "whole numbers"),
        ({"expert": ["A"] * 6}, "more than once"),
        ({"expert": ["A", " ", "B", "B", "C", "C"]}, "Row 2 .* names no expert"),
        ({"relevance": ["good", 3, 4, 2, 3, 3]}, "not a number"),
    ],
)
def test_wrong_ratings_are_named(change: dict[str, list[Any]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        tm.content_validity(long().assign(**change))


def test_wrong_items_columns_and_arguments_are_named() -> None:
    with pytest.raises(InstrumentError, match="Did you mean 'sat_1'"):
        tm.content_validity(long().replace("sat_1", "sat1"), "satisfaction")
    with pytest.raises(DataError, match="Did you mean 'relevance'"):
        tm.content_validity(long()[["expert", "item", "relevance"]].rename(columns={"relevance": "relevant"}))
    with pytest.raises(ArgumentError, match="above the highest"):
        tm.content_validity(long(), relevant=5)
    with pytest.raises(DataError, match="no rating"):
        tm.content_validity(long().assign(relevance=np.nan, clarity=np.nan, necessity=np.nan))


@pytest.mark.parametrize("points", [4, 5, 7])
@pytest.mark.parametrize("name", FRAMES)
def test_hostile_frames_give_numbers_or_a_named_error(name: str, points: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = tm.content_validity(FRAMES[name](), points=points)
        except TrustMeasureError:
            return
        assert len(str(found)) > 100
        assert len(found.describe())
    missing = found.items["i_cvi"].isna()
    assert (found.items.loc[missing, "note"] != "").all()
    inside = found.items.loc[~missing, ["i_cvi", "aiken_v", "aiken_v_ci_lower", "aiken_v_ci_upper"]]
    assert ((inside >= 0) & (inside <= 1)).all(axis=None)
