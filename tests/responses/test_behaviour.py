"""Behaviour joined to answers: ids, windows, counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import trustmeasure as tm
from tests.responses.forms import answers_to, whole_form
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.responses import Responses, read_responses

FORM = whole_form()
WINDOW = {"start": "2026-02-01", "end": "2026-02-28"}


@pytest.fixture
def responses() -> Responses:
    return read_responses(
        answers_to(FORM, rows=5).assign(customer_id=["a", "b", "c", "c", None]), manifest=FORM
    )


def events(**columns: list) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_behaviour_stands_beside_the_answers(responses: Responses) -> None:
    bought = events(customer_id=["a", "c", "z"], spend=["1.5", "2", "3"], visits=[1, 2, 3])
    joined = tm.join_behaviour(responses, bought)
    assert joined.columns == ("spend", "visits")
    np.testing.assert_array_equal(joined.responses.data["spend"], [1.5, np.nan, 2.0, 2.0, np.nan])
    assert joined.matched == 3
    assert joined.without_behaviour == ("b",)
    assert joined.without_answers == ("z",)
    assert joined.without_id == 1
    assert any("3 of 5" in note for note in joined.notes)
    assert joined.responses.item_ids == responses.item_ids
    assert "spend" not in responses.data


def test_numbers_and_text_are_the_same_id() -> None:
    answers = read_responses(answers_to(FORM, rows=3).assign(customer_id=[7.0, 8.0, np.nan]), manifest=FORM)
    joined = tm.join_behaviour(answers, events(customer=["7", "9"], spend=[1, 2]), behaviour_on="customer")
    assert joined.matched == 1
    assert joined.without_answers == ("9",)


def test_hashed_ids_meet_when_both_are_hashed(tmp_path: Path) -> None:
    key = tm.make_key(tmp_path / "k" / "survey.key")
    mobiles = ["13812345678", "13912345678", "15012345678"]
    answers = read_responses(
        answers_to(FORM, rows=3).assign(customer_id=mobiles),
        manifest=FORM,
        identifiers={"customer_id": "hash"},
        key=key,
    )
    bought = events(customer_id=mobiles[:2], spend=[5, 6])
    with pytest.raises(DataError, match="hashed with the same key"):
        tm.join_behaviour(answers, bought)
    hashed = bought.assign(customer_id=tm.pseudonyms(bought["customer_id"], key=key))
    assert tm.join_behaviour(answers, hashed).matched == 2


@pytest.mark.parametrize(
    ("behaviour", "options", "message"),
    [
        (events(customer_id=["a", "b", "a"], x=[1, 2, 3]), {}, r"customer 'a' more than once \(rows 1, 3\)"),
        (events(customer=["a"], x=[1]), {}, "no column 'customer_id' in the behaviour"),
        (events(customer_id=["a"], x=[1]), {"on": "client"}, "no column 'client' in the answers"),
        (events(customer_id=["a"], sat_1=[1]), {}, "a column 'sat_1' already"),
        (events(customer_id=["a"], x=["much"]), {}, "'much' in row 1"),
        (events(customer_id=["a"]), {}, "no column beside the ids"),
        (events(customer_id=["q"], x=[1]), {}, "No respondent's 'customer_id'"),
    ],
)
def test_mistakes_are_told(
    responses: Responses, behaviour: pd.DataFrame, options: dict, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        tm.join_behaviour(responses, behaviour, **options)


def purchases(*dates: object) -> pd.DataFrame:
    return events(customer_id=["a"] * len(dates), event=["purchase"] * len(dates), date=list(dates))


@pytest.mark.parametrize(
    ("date", "inside"),
    [
        ("2026-01-31T23:59:59.999", 0),
        ("2026-02-01", 1),
        ("2026-02-01T00:00:00", 1),
        ("2026-02-28", 1),
        ("2026-02-28 23:59:59.999999", 1),
        ("2026-03-01", 0),
        ("2026-03-01T00:00:00", 0),
        ("2026-02-28T23:30:00+08:00", 1),
        ("2026-03-01T00:30:00+08:00", 0),
        (pd.Timestamp("2026-02-28 12:00"), 1),
        (pd.Timestamp("2026-02-28 23:00", tz="Asia/Shanghai"), 1),
        (pd.Timestamp("2026-03-01").date(), 0),
    ],
)
def test_both_days_belong_to_the_window(date: object, inside: int) -> None:
    found = tm.behaviour_in_window(purchases(date), **WINDOW)
    assert found[["purchases", "repurchase"]].iloc[0].tolist() == [inside, inside]


@given(st.lists(st.dates(pd.Timestamp("2025-12-01").date(), pd.Timestamp("2026-04-30").date()), min_size=1))
def test_counts_are_those_of_the_days(days: list) -> None:
    found = tm.behaviour_in_window(purchases(*(day.isoformat() for day in days)), **WINDOW)
    inside = sum(day.isoformat()[:7] == "2026-02" for day in days)
    assert found["purchases"].iloc[0] == inside
    assert found["repurchase"].iloc[0] == int(inside > 0)


def test_every_kind_is_counted_and_spend_is_summed() -> None:
    frame = events(
        client=["a", "a", "a", "b", "b", "a", None],
        what=["Order", "order", "REFUND", "visit", "order", "order", "order"],
        when=["2026-02-03"] * 5 + ["2026-05-01", "2026-02-03"],
        paid=[10, 5.5, np.nan, np.nan, 2, 99, 1],
    )
    found = tm.behaviour_in_window(
        frame,
        on="client",
        event="what",
        date="when",
        amount="paid",
        kinds={"purchase": "order", "visit": ["visit", "call"], "complaint": "refund"},
        customers=["b", "a", "none"],
        **WINDOW,
    )
    assert found.to_dict("list") == {
        "client": ["b", "a", "none"],
        "purchases": [1, 2, 0],
        "visits": [1, 0, 0],
        "complaints": [0, 1, 0],
        "repurchase": [1, 1, 0],
        "spend": [2.0, 15.5, 0.0],
    }


def test_counts_join_the_answers(responses: Responses) -> None:
    frame = events(
        customer_id=["a", "b", "b"], event=["purchase"] * 3, date=["2026-02-02"] * 2 + ["2026-04-02"]
    )
    joined = tm.join_behaviour(responses, tm.behaviour_in_window(frame, **WINDOW))
    assert joined.responses.data["repurchase"].iloc[:2].tolist() == [1.0, 1.0]
    assert joined.responses.data["repurchase"].dtype == float


@pytest.mark.parametrize(
    ("frame", "options", "error", "message"),
    [
        (purchases("31.02.2026"), WINDOW, DataError, "'31.02.2026' in row 1, which is no date"),
        (purchases("2026-02-30"), WINDOW, DataError, "no date"),
        (purchases(None), WINDOW, DataError, "no date"),
        (purchases(20260203), WINDOW, DataError, "no date"),
        (
            purchases("2026-02-01"),
            {"start": "2026-03-01", "end": "2026-02-01"},
            ArgumentError,
            "before it starts",
        ),
        (
            purchases("2026-02-01"),
            {"start": "soon", "end": "2026-02-01"},
            ArgumentError,
            "start='soon' is no day",
        ),
        (purchases("2026-02-01"), {**WINDOW, "end": "2026-02-28 12:00"}, ArgumentError, "without a time"),
        (
            purchases("2026-02-01").assign(event="order"),
            WINDOW,
            DataError,
            "kind 'order', which is not known",
        ),
        (purchases("2026-02-01"), {**WINDOW, "kinds": {"buy": "x"}}, ArgumentError, "kinds names 'buy'"),
        (purchases("2026-02-01"), {**WINDOW, "amount": "paid"}, DataError, "no column 'paid'"),
        (
            purchases("2026-02-01").assign(p=np.nan),
            {**WINDOW, "amount": "p"},
            DataError,
            "empty in row 1, a purchase",
        ),
        (purchases("2026-02-01").assign(customer_id=None), WINDOW, DataError, "No customer is named"),
    ],
)
def test_mistakes_in_events_are_told(frame: pd.DataFrame, options: dict, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        tm.behaviour_in_window(frame, **options)
