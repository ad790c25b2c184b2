"""Files to share, and tables without small cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import trustmeasure as tm
from tests.responses.forms import answers_to, whole_form
from trustmeasure.errors import ArgumentError, ResponseError
from trustmeasure.responses import Responses, read_responses

FORM = whole_form()


@pytest.fixture
def responses() -> Responses:
    frame = answers_to(FORM, rows=200).assign(
        respondent_id=[f"r{i}" for i in range(200)], region=["north", "south"] * 100, started_at="2026-01-31"
    )
    frame.loc[0, "region"] = "island"
    return read_responses(frame, manifest=FORM)


def test_what_is_shared_is_k_anonymous_and_says_so(responses: Responses, tmp_path: Path) -> None:
    shared = tm.share(responses, tmp_path / "public.csv", quasi=["region"], k=10)
    frame = pd.read_csv(shared.path)
    counts = frame["region"].value_counts()
    assert counts.min() == shared.k >= 10
    assert (shared.records, shared.suppressed) == (199, 1)
    text = shared.readme.read_text(encoding="utf-8")
    assert f"at least {shared.k} times" in text
    assert "region" in text
    for column in ("respondent_id", "link_id", "started_at", "remarks"):
        assert column not in frame
        assert column in text


def test_codes_are_those_that_were_given(responses: Responses, tmp_path: Path) -> None:
    shared = tm.share(responses, tmp_path / "public.csv", quasi=["region"], k=2)
    frame = pd.read_csv(shared.path)
    item = next(item for own in responses.instruments for item in own.items if item.reverse)
    given = answers_to(FORM, rows=200).loc[1:, item.id]
    assert sorted(frame[item.id]) == sorted(given)


def test_values_are_made_coarser(responses: Responses, tmp_path: Path) -> None:
    shared = tm.share(
        responses,
        tmp_path / "public.csv",
        quasi=["region", "purchases_12m", "age_group"],
        generalise={
            "purchases_12m": 10,
            "age_group": lambda code: "young" if code < 4 else "old",
            "region": {"island": "south"},
        },
        k=2,
        most_suppressed=0.5,
    )
    frame = pd.read_csv(shared.path)
    assert set(frame["purchases_12m"]) <= {"0 to below 10", "10 to below 20"}
    assert set(frame["region"]) == {"north", "south"}
    assert frame.groupby(["region", "purchases_12m", "age_group"], dropna=False).size().min() >= 2
    assert shared.generalised == ("purchases_12m", "age_group", "region")


def test_nothing_is_written_when_k_is_not_reached(responses: Responses, tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="k=5 is not reached"):
        tm.share(responses, tmp_path / "public.csv", quasi=["region", "purchases_12m", "age_group"], k=5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"quasi": []}, "name the columns"),
        ({"quasi": "region"}, "name the columns"),
        ({"quasi": ["regoin"]}, "Did you mean 'region'"),
        ({"quasi": ["respondent_id"]}, "never shared"),
        ({"quasi": ["region"], "k": 1}, "at least 2"),
        ({"quasi": ["region"], "generalise": {"regoin": 5}}, "Did you mean 'region'"),
        ({"quasi": ["region"], "generalise": {"purchases_12m": -1}}, "no width"),
        ({"quasi": ["region"], "most_suppressed": 1.5}, "must lie between"),
    ],
)
def test_mistakes_are_told(responses: Responses, tmp_path: Path, arguments: dict, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.share(responses, tmp_path / "public.csv", **arguments)


def test_identifiers_that_were_kept_are_not_shared(tmp_path: Path) -> None:
    frame = answers_to(FORM, rows=20).assign(contact=[f"p{i}@x.org" for i in range(20)], group="a")
    kept = read_responses(frame, manifest=FORM, identifiers="keep")
    shared = tm.share(kept, tmp_path / "public.csv", quasi=["group"])
    assert "contact" not in pd.read_csv(shared.path)
    assert "contact" in shared.left_out


def test_formulas_become_text(tmp_path: Path) -> None:
    frame = answers_to(FORM, rows=20).assign(group='=HYPERLINK("http://x")')
    shared = tm.share(read_responses(frame, manifest=FORM), tmp_path / "public.csv", quasi=["group"])
    assert pd.read_csv(shared.path)["group"].str.startswith("'=").all()


def counts() -> st.SearchStrategy[np.ndarray]:
    shapes = st.tuples(st.integers(1, 5), st.integers(1, 5))
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(st.integers(0, 30), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        ).map(np.array)
    )


@settings(deadline=None)
@given(counts(), st.integers(2, 10))
def test_no_small_cell_is_shown_and_none_is_hidden_alone(table: np.ndarray, k: int) -> None:
    shown = tm.suppress_small(pd.DataFrame(table), k=k)
    hidden = shown.isna().to_numpy()
    assert hidden[(table > 0) & (table < k)].all()
    assert (shown.to_numpy()[~hidden] == table[~hidden]).all()
    if table.shape[1] > 1:
        assert (hidden.sum(axis=1) != 1).all()
    if table.shape[0] > 1:
        assert (hidden.sum(axis=0) != 1).all()
    if not ((table > 0) & (table < k)).any():
        assert not hidden.any()


def test_complementary_suppression_can_be_left_out() -> None:
    table = pd.DataFrame({"a": [3, 10], "b": [20, 30]})
    assert int(tm.suppress_small(table, k=5, complementary=False).isna().sum().sum()) == 1
    assert int(tm.suppress_small(table, k=5).isna().sum().sum()) == 4


@pytest.mark.parametrize("table", [{"a": [1.5]}, {"a": [-1]}, {"a": [None]}])
def test_only_counts_are_taken(table: dict[str, list[float]]) -> None:
    with pytest.raises(ArgumentError, match="needs counts"):
        tm.suppress_small(pd.DataFrame(table))
