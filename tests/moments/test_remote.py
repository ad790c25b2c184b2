"""Moments of tables that stay where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import DataError
from trustmeasure.moments import moments_of
from trustmeasure.sem import fit_sem

COLUMNS = ["a", "b", "whole", "flag"]


def table() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(400, 2)) @ [[1, 0.6], [0, 1]] + [1e6, -3]
    frame = pd.DataFrame(values, columns=["a", "b"])
    frame["whole"] = rng.integers(1, 6, 400)
    frame["flag"] = rng.random(400) < 0.4
    frame["g"] = np.where(rng.random(400) < 0.3, "late", "early")
    frame.loc[::9, "b"] = np.nan
    return frame


KINDS = {
    "pandas": lambda f: f,
    "polars": pl.from_pandas,
    "lazy": lambda f: pl.from_pandas(f).lazy(),
    "arrow": lambda f: pl.from_pandas(f).to_arrow(),
    "nan": lambda f: pl.from_pandas(f).with_columns(pl.col("b").fill_null(float("nan"))).lazy(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_moments_are_those_of_complete_rows(kind: str) -> None:
    found, complete = moments_of(KINDS[kind](table()), COLUMNS), table()[COLUMNS].dropna().astype(float)
    np.testing.assert_allclose(found.cov, complete.cov(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.mean, complete.mean(), rtol=1e-12)
    assert (found.n_obs, found.n_dropped) == (len(complete), 400 - len(complete))
    assert list(found.cov.index) == list(found.mean.index) == COLUMNS


@pytest.mark.parametrize("kind", KINDS)
def test_groups_come_in_the_order_of_their_values(kind: str) -> None:
    found, frame = moments_of(KINDS[kind](table()), COLUMNS, group="g"), table()
    assert list(found.cov) == list(found.mean) == list(found.n_obs) == ["early", "late"]
    for label, cov in found.cov.items():
        complete = frame.loc[frame.g == label, COLUMNS].dropna().astype(float)
        np.testing.assert_allclose(cov, complete.cov(), rtol=1e-9, atol=1e-12)
        assert found.n_obs[label] == len(complete)
    assert sum(found.n_dropped.values()) == frame.b.isna().sum()


def test_a_lazy_frame_is_fitted_as_its_rows() -> None:
    items = [f"x{i}" for i in range(1, 10)]
    found = moments_of(pl.from_pandas(holzinger()).lazy(), items)
    ours = fit_sem(HS_MODEL, sample_cov=found.cov, sample_mean=found.mean, n_obs=found.n_obs)
    rows = fit_sem(HS_MODEL, holzinger(), meanstructure=True)
    np.testing.assert_allclose(ours.parameters.se, rows.parameters.se, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(ours.fit_measures, rows.fit_measures, rtol=1e-6, atol=1e-9)
    groups = moments_of(pl.from_pandas(holzinger()).lazy(), items, group="school")
    fit = fit_sem(HS_MODEL, sample_cov=groups.cov, sample_mean=groups.mean, n_obs=groups.n_obs)
    wanted = fit_sem(HS_MODEL, holzinger(), group="school").fit_measures["chisq"]
    assert fit.fit_measures["chisq"] == pytest.approx(wanted, rel=1e-8)


BAD: dict[str, tuple[Any, dict[str, Any], str]] = {
    "no-table": (3, {}, "source is of type int"),
    "column": (table(), {"columns": ["a", "hole"]}, "Did you mean 'whole'"),
    "text": (table(), {"columns": ["a", "g"]}, "Column 'g' has type String"),
    "group": (table(), {"columns": ["a"], "group": "gg"}, "grouping variable 'gg' is not a column"),
    "no-group": (table().assign(g=None), {"columns": ["a"], "group": "g"}, "missing in 400 rows"),
    "few": (table().head(4), {"columns": COLUMNS}, "complete rows .* are too few for 4 variables"),
    "infinite": (table().assign(a=np.inf), {"columns": ["b", "a"]}, "Column 'a' holds an infinite value"),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", BAD)
def test_bad_sources(case: str) -> None:
    source, options, message = BAD[case]
    with pytest.raises(DataError, match=message):
        moments_of(source, options.get("columns", ["a"]), group=options.get("group"))
