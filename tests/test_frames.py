"""Frames of any kind become pandas, and columns become numbers or a clear error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from trustmeasure.errors import DataError
from trustmeasure.frames import numeric_columns, to_pandas

BASE = pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 2.5]})


class Holder:
    data = BASE


@pytest.mark.parametrize(
    "given",
    [
        BASE,
        pl.from_pandas(BASE),
        pl.from_pandas(BASE).lazy(),
        {"a": [1, 2, 3], "b": [1.5, None, 2.5]},
        Holder(),
    ],
)
def test_kinds(given: object) -> None:
    pd.testing.assert_frame_equal(to_pandas(given), BASE, check_dtype=False)


def test_arrays_and_series() -> None:
    assert list(to_pandas(np.ones((2, 3))).columns) == ["x1", "x2", "x3"]
    assert list(to_pandas(pd.Series([1, 2], name="y")).columns) == ["y"]


def test_the_callers_frame_is_safe() -> None:
    given = BASE.copy()
    found = to_pandas(given)
    found.loc[0, "a"] = 99
    pd.testing.assert_frame_equal(given, BASE)


@pytest.mark.parametrize("given", ["file.csv", 3, None, [1, 2], {"a": [1], "b": [1, 2]}])
def test_what_is_no_frame(given: object) -> None:
    with pytest.raises(DataError, match="data"):
        to_pandas(given)


@pytest.mark.parametrize(
    "values",
    [
        ["1", " 2 ", ""],
        [1, 2, None],
        pd.array([1, 2, None], dtype="Int64"),
        pd.Categorical([1, 2, None]),
        pd.array(["1", "2", None], dtype="string"),
        [True, 2, np.nan],
    ],
)
def test_numbers_in_any_dress(values: object) -> None:
    found = numeric_columns(pd.DataFrame({"v": values}), ["v"])["v"]
    assert found.dtype == np.float64
    assert found.tolist()[:2] == [1.0, 2.0]
    assert np.isnan(found.iloc[2])


def test_the_first_bad_cell_is_named() -> None:
    with pytest.raises(DataError, match="Column 'v' holds 'often' in row 2"):
        numeric_columns(pd.DataFrame({"v": [1, "often", "x"]}), ["v"])


def test_an_unknown_column_suggests_the_nearest() -> None:
    with pytest.raises(DataError, match="Did you mean 'trust_1'"):
        numeric_columns(pd.DataFrame({"trust_1": [1]}), ["trst_1"])


def test_a_doubled_column() -> None:
    with pytest.raises(DataError, match="2 columns named 'a'"):
        numeric_columns(pd.concat([BASE, BASE], axis=1), ["a"])
