"""Times: totals, pages, points in time, and the robust z."""

import numpy as np
import pandas as pd
import pytest

from tests.hostile import likert
from trustmeasure.errors import ArgumentError
from trustmeasure.responses import read_responses
from trustmeasure.screening import screen
from trustmeasure.screening.timing import robust_z


def timed(seconds, frame=None, **how):
    frame = likert(rows=5) if frame is None else frame
    return screen(frame, items=list("abcdef"), seconds=seconds, **how).persons


def test_totals_are_divided_by_the_answers_given():
    frame = likert(rows=5)
    frame.loc[1, ["a", "b", "c"]] = np.nan
    found = timed([60, 9, 0, np.nan, -3], frame)
    np.testing.assert_allclose(found["seconds"], [60, 9, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(found["seconds_per_item"], [10, 3, np.nan, np.nan, np.nan])
    assert not found["flag_seconds_per_item"].any()
    assert timed([11, 13, 60, 60, 60])["flag_seconds_per_item"].tolist() == [True, False, False, False, False]


def test_a_column_a_series_and_points_in_time_say_the_same():
    start = pd.Timestamp("2026-03-01T10:00:00Z")
    took = [30, 42, 55, 61, 48]
    frame = likert(rows=5).assign(
        took=took,
        begun=start.isoformat(),
        done=[(start + pd.Timedelta(seconds=s)).isoformat() for s in took],
    )
    wanted = timed("took", frame)["seconds"]
    for given in (pd.Series(took), np.array(took), ("begun", "done")):
        assert timed(given, frame)["seconds"].tolist() == wanted.tolist() == took
    with pytest.raises(ArgumentError, match="no points in time"):
        timed(("begun", "done"), frame.assign(begun=[*"vwxyz"]))


def test_pages_and_items_gone_through_too_fast():
    parts = pd.DataFrame({"one": [5.9, 6.1, 6.0, np.nan, 30], "d": [1.0, 2.0, 1.9, np.nan, np.nan]})
    found = timed(parts, pages={"one": ["a", "b", "c"], "two": ["d", "e", "f"]})
    np.testing.assert_allclose(found["fast_parts"], [2, 0, 1, np.nan, 0])
    np.testing.assert_allclose(found["seconds"], [6.9, 8.1, 7.9, np.nan, np.nan])
    with pytest.raises(ArgumentError, match="neither an item nor a page"):
        timed(parts.rename(columns={"d": "dd"}), pages={"one": ["a", "b", "c"]})


def test_the_form_s_own_columns_are_used():
    times = [f"2026-03-01T10:0{m}:00.000Z" for m in (1, 2, 3)]
    frame = pd.DataFrame({f"sat_{i}": [1, 5, 3] for i in range(1, 5)})
    frame = frame.assign(started_at="2026-03-01T10:00:00.000Z", saved_at=times)
    assert screen(read_responses(frame, "satisfaction")).persons["seconds"].tolist() == [60, 120, 180]


def test_the_robust_z_of_iglewicz_and_hoaglin():
    x = np.array([2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3])
    middle = 2.45
    spread = np.median(np.abs(x - middle))
    np.testing.assert_allclose(robust_z(x), 0.6745 * (x - middle) / spread)
    assert np.isnan(robust_z(np.array([1.0, 1.0, 1.0, 5.0]))).all()
    assert np.isnan(robust_z(np.array([np.nan]))).all()
    found = timed([50, 55, 60, 65, 5000])
    assert found["flag_time_z"].tolist() == [False] * 4 + [True]


def test_times_that_do_not_fit():
    with pytest.raises(ArgumentError, match="3 values; the data have 5 rows"):
        timed([1, 2, 3])
    with pytest.raises(ArgumentError, match="Did you mean 'a'"):
        timed("A")
    with pytest.raises(ArgumentError, match="give one column"):
        timed(["a", "b", "c"])
