"""Mardia's skewness and kurtosis: against psych and semTools, and against the definition."""

from __future__ import annotations

import json
import tracemalloc
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.sem.data import holzinger
from trustmeasure.errors import ArgumentError, DataError

FILES = sorted((Path(__file__).resolve().parents[1] / "reference" / "normality").glob("*.json"))


def stored(path: Path) -> dict[str, Any]:
    """Return what psych and semTools gave."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def ours(path: Path) -> tm.Mardia:
    """Return our answer on the same data."""
    data = import_module(f"semopy.examples.{stored(path)['source']}").get_data()
    return tm.mardia(data, stored(path)["columns"])


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_multivariate(path: Path) -> None:
    theirs, tests = stored(path)["tests"], ours(path).tests
    pairs = [
        ("skewness", "coefficient", ("b1", "semtools_b1")),
        ("skewness", "statistic", ("skew", "semtools_chi")),
        ("skewness", "df", ("semtools_df",)),
        ("skewness", "p_value", ("skew_p", "semtools_p")),
        ("skewness, small sample", "statistic", ("small",)),
        ("skewness, small sample", "p_value", ("small_p",)),
        ("kurtosis", "coefficient", ("b2", "semtools_b2")),
        ("kurtosis", "statistic", ("kurtosis", "semtools_z")),
        ("kurtosis", "p_value", ("semtools_kurtosis_p",)),
    ]
    for test, column, keys in pairs:
        for key in keys:
            assert tests.loc[test, column] == pytest.approx(theirs[key], rel=1e-9, abs=1e-13), key


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_univariate(path: Path) -> None:
    theirs = pd.DataFrame(stored(path)["variables"]).T
    # semTools takes a small probability from 1.
    np.testing.assert_allclose(ours(path).variables[list(theirs)], theirs, rtol=1e-9, atol=1e-15)


def test_the_definition_with_divisor_n() -> None:
    x = holzinger()[["x1", "x2", "x3"]].to_numpy()
    z = x - x.mean(axis=0)
    d = z @ np.linalg.inv(z.T @ z / len(z)) @ z.T
    found = tm.mardia(holzinger(), ["x1", "x2", "x3"], ddof=0)
    assert found.skewness == pytest.approx(np.mean(d**3), rel=1e-12)
    assert found.kurtosis == pytest.approx(np.mean(np.diag(d) ** 2), rel=1e-12)
    other = tm.mardia(holzinger(), ["x1", "x2", "x3"])
    assert found.skewness == pytest.approx(other.skewness * (301 / 300) ** 3, rel=1e-12)
    assert found.kurtosis == pytest.approx(other.kurtosis * (301 / 300) ** 2, rel=1e-12)


def test_blocks_and_units_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = holzinger()[["x1", "x2", "x3", "x4"]]
    whole = tm.mardia(data)
    monkeypatch.setattr("trustmeasure.moments.normality.CELLS", 70)
    pieces = tm.mardia(data * [1.0, 100.0, 0.01, -1.0] + 7.0)
    np.testing.assert_allclose(pieces.tests, whole.tests, rtol=1e-9)
    np.testing.assert_allclose(pieces.variables["kurtosis"], whole.variables["kurtosis"], rtol=1e-9)


def test_normal_and_other_data_are_told_apart() -> None:
    rng = np.random.default_rng(2)
    normal = rng.multivariate_normal([0, 0, 0], np.eye(3) + 0.5, 5000)
    fine, skewed = tm.mardia(normal), tm.mardia(np.exp(normal / 2))
    assert (fine.tests["p_value"] > 0.01).all()
    assert (skewed.tests["p_value"] < 1e-10).all()
    assert fine.kurtosis == pytest.approx(15, abs=0.5)


def test_many_rows_need_no_matrix_of_all_pairs() -> None:
    x = np.random.default_rng(1).normal(size=(60_000, 4))
    tracemalloc.start()
    tm.mardia(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * x.nbytes


def test_rows_with_gaps_are_counted() -> None:
    data = holzinger()[["x1", "x2", "x3"]].astype(float)
    data.iloc[:5, 0] = np.nan
    found = tm.mardia(data)
    assert (found.n_obs, found.n_dropped) == (296, 5)
    assert "5 left out" in str(found)
    assert "<table" in found._repr_html_()
    pd.testing.assert_frame_equal(found.to_frame(), found.tests)


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        (["x1", "x22"], DataError, "'x22' is not a column of the data. Did you mean 'x2'"),
        (["x1", "school"], DataError, "'school' holds 'Pasteur'"),
        (["x1", "x1"], ArgumentError, "x1 more than once"),
        ("x1", ArgumentError, "give a list of column names"),
        ([], DataError, "no column to test"),
    ],
)
def test_wrong_columns(columns: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        tm.mardia(holzinger(), columns)


def test_what_cannot_be_tested() -> None:
    x = holzinger()[["x1", "x2"]]
    with pytest.raises(DataError, match="linearly dependent"):
        tm.mardia(x.assign(sum=x.x1 + x.x2))
    with pytest.raises(DataError, match="without variance"):
        tm.mardia(x.assign(one=1.0))
    with pytest.raises(ArgumentError, match="ddof=2 must be 0"):
        tm.mardia(x, ddof=2)
