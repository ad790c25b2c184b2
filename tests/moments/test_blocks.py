"""Rows are read in blocks, where they are: the same numbers, and no copy of the data."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import trustmeasure.columns
from trustmeasure.columns import Columns
from trustmeasure.errors import DataError
from trustmeasure.moments import from_frame
from trustmeasure.sem import fit_sem

NAMES = ["a", "b", "c"]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make blocks of 16 rows, except where a test wants the usual ones."""
    with monkeypatch.context() as patch:
        patch.setattr(trustmeasure.columns, "CELLS", 48)
        patch.setattr(trustmeasure.columns, "FEWEST", 16)
        yield


def whole(n: int = 100) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(n, 3)) @ [[2, 1, 0], [0, 2, 1], [0, 0, 2]]
    return pd.DataFrame(np.round(values), columns=NAMES)


def gaps() -> pd.DataFrame:
    frame = whole()
    frame.iloc[20:40, 1] = np.nan
    frame.iloc[::13, 2] = np.nan
    return frame


KINDS: dict[str, Any] = {
    "numpy": lambda f: f,
    "rows together": lambda f: pd.DataFrame(np.ascontiguousarray(f.to_numpy()), columns=NAMES, copy=False),
    "float32": lambda f: f.astype("float32"),
    "nullable": lambda f: f.astype("Int16"),
    "arrow": lambda f: f.convert_dtypes(dtype_backend="pyarrow"),
    "text": lambda f: f.map(lambda v: "" if np.isnan(v) else f"{v:.0f}"),
    "categories": lambda f: f.astype("category"),
    "polars": lambda f: pl.from_pandas(f),
    "lazy": lambda f: pl.from_pandas(f).lazy(),
    "polars text": lambda f: pl.from_pandas(f).with_columns(pl.all().cast(pl.String)),
    "polars whole": lambda f: pl.from_pandas(f).with_columns(pl.all().cast(pl.Int8)),
    "mapping": lambda f: {c: f[c].to_numpy() for c in f},
}


@pytest.mark.parametrize("kind", KINDS)
def test_columns_of_any_kind(kind: str) -> None:
    found, complete = from_frame(KINDS[kind](gaps()), NAMES), gaps().dropna()
    np.testing.assert_allclose(found.cov, complete.cov(ddof=0), rtol=1e-12)
    np.testing.assert_allclose(found.mean, complete.mean(), rtol=1e-12, atol=1e-13)
    assert (found.n_obs, found.n_dropped) == (len(complete), 100 - len(complete))


def test_whole_numbers_without_gaps() -> None:
    found = from_frame(whole().astype("int8"), NAMES)
    np.testing.assert_allclose(found.cov, whole().cov(ddof=0), rtol=1e-12)


def test_a_trend_far_from_zero_costs_no_digits() -> None:
    """The first block says little of the mean of all."""
    frame = whole(2000)
    frame["a"] += 1e7 + np.arange(2000.0)
    centred = frame - frame.mean()
    found = from_frame(frame, NAMES)
    np.testing.assert_allclose(found.cov, centred.T @ centred / 2000, rtol=1e-10)


@pytest.mark.parametrize(
    ("value", "message"),
    [("x", r"Column 'b' holds 'x' in row 78"), (np.inf, r"Column 'b' holds an infinite value in row 78")],
)
def test_messages_name_the_row_of_the_data(value: object, message: str) -> None:
    frame = whole().astype({"b": object})
    frame.loc[77, "b"] = value
    with pytest.raises(DataError, match=message):
        from_frame(frame, NAMES)
    labels = frame.assign(g=np.where(np.arange(100) % 2, "odd", "even"))
    with pytest.raises(DataError, match=rf"Group 'odd': {message}"):
        fit_sem("f =~ a + b + c", labels, group="g")


def test_empty_and_constant_columns_are_named_across_blocks() -> None:
    with pytest.raises(DataError, match="No value at all in b"):
        from_frame(whole().assign(b=np.nan), NAMES)
    late = whole()
    late.loc[:98, "b"] = np.nan
    late.loc[99, "b"] = 1.0
    with pytest.raises(DataError, match=r"1 complete rows \(99 rows have a missing"):
        from_frame(late, NAMES)
    with pytest.raises(DataError, match="same value in all complete rows of c"):
        from_frame(whole().assign(c=3), NAMES)
    with pytest.raises(DataError, match="no rows"):
        from_frame(whole().iloc[:0], NAMES)


def test_a_reader_can_be_pickled() -> None:
    for kind in ("numpy", "arrow", "text", "polars"):
        reader = Columns.of(KINDS[kind](gaps())).reader(NAMES)
        again = pickle.loads(pickle.dumps(reader))  # noqa: S301 - our own bytes
        np.testing.assert_array_equal(again.read(slice(0, 30))[0], reader.read(slice(0, 30))[0])
