"""Sample, implied and residual moments against lavaan 0.6-14, by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import (
    CASES,
    fitted,
    frame_of,
    group_pairs,
    incomplete,
    read,
    stored_groups,
    symmetric,
)

RELATIVE = 1e-5
OF_SCALE = 1e-7
"""An absolute difference allowed besides, as a part of the variables' standard deviations."""
ROWS = tuple(c for c in CASES if read(c)["data"]["source"] != "moments")


def close(ours: pd.DataFrame, stored: dict[str, Any], scale: pd.Series | None = None) -> None:
    """Hold a matrix against a stored one, by the names of its rows and columns."""
    theirs = symmetric(stored)
    assert sorted(ours.index) == sorted(theirs.index)
    ours = ours.loc[theirs.index, theirs.columns]
    sd = np.ones(len(theirs)) if scale is None else scale.loc[theirs.index].to_numpy()
    gap = (ours - theirs).abs().to_numpy()
    assert (gap <= RELATIVE * theirs.abs().to_numpy() + OF_SCALE * np.outer(sd, sd)).all(), gap.max()


def close_means(ours: pd.Series | None, stored: dict[str, float] | None, scale: pd.Series) -> None:
    """Hold means against the stored ones; both exist or neither does."""
    assert (ours is None) == (stored is None)
    if ours is not None and stored is not None:
        theirs = pd.Series(stored, dtype="float64")
        assert sorted(ours.index) == sorted(theirs.index)
        gap = (ours.loc[theirs.index] - theirs).abs()
        assert (gap <= RELATIVE * theirs.abs() + OF_SCALE * scale.loc[theirs.index]).all(), gap.max()


def deviations(stored: dict[str, Any]) -> pd.Series:
    """Return the standard deviations of the sample that lavaan saw."""
    cov = symmetric(stored["sample"]["cov"])
    return pd.Series(np.sqrt(np.diag(cov)), index=cov.index)


@pytest.mark.parametrize("case", CASES)
def test_implied_moments(case: str) -> None:
    for stored, group in group_pairs(case):
        close(group.implied.cov, stored["implied"]["cov"], deviations(stored))
        close_means(group.implied.mean, stored["implied"]["mean"], deviations(stored))


@pytest.mark.parametrize("case", CASES)
def test_residuals(case: str) -> None:
    for stored, group in group_pairs(case):
        close(group.residuals.raw, stored["residuals"]["cov"], deviations(stored))
        close(group.residuals.correlation, stored["residual_correlations"]["cov"])


@pytest.mark.parametrize("case", [case for case in ROWS if incomplete(case)])
def test_both_em_algorithms_found_the_same_moments(case: str) -> None:
    for stored, group in group_pairs(case):
        theirs = symmetric(stored["sample"]["cov"])
        ours = pd.DataFrame(group.moments.cov, group.moments.names, group.moments.names)
        # Two iterations that stop when they hardly move: not as close as two sums over the same rows.
        np.testing.assert_allclose(ours.loc[theirs.index, theirs.index], theirs, rtol=1e-7, atol=1e-9)
        mean = pd.Series(group.moments.mean, group.moments.names)
        np.testing.assert_allclose(
            mean, pd.Series(stored["sample"]["mean"])[mean.index], rtol=1e-8, atol=1e-9
        )
        assert group.n_obs == stored["n_obs"]


@pytest.mark.parametrize("case", [case for case in ROWS if not incomplete(case)])
def test_both_programs_saw_the_same_data(case: str) -> None:
    column, weights = (read(case)["options"].get(name) for name in ("group", "sampling.weights"))
    frame = frame_of(case)
    for label, stored in stored_groups(case).items():
        theirs = symmetric(stored["sample"]["cov"])
        rows = frame if column is None else frame[frame[column].astype(str) == label]
        complete = rows[list(theirs.index)].dropna()
        given = None if weights is None else frame.loc[complete.index, weights]
        ours = np.cov(
            complete.to_numpy(), rowvar=False, ddof=int(fitted(case).options.unbiased), aweights=given
        )
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12 * float(np.diag(theirs).max()))
        assert len(complete) == stored["n_obs"]


@pytest.mark.parametrize("source", ["holzinger39", "political_democracy"])
def test_published_data_are_those_of_lavaan(source: str) -> None:
    """Every variable of semopy's copy has the variance that lavaan reports for its own."""
    compared: set[str] = set()
    partial = ("rows", "gaps", "survey")
    data = {c: read(c)["data"] for c in ROWS if "groups" not in read(c)}
    whole = [c for c, d in data.items() if not any(name in d for name in partial)]
    for case in (c for c in whole if read(c)["data"]["source"] == source):
        theirs = symmetric(read(case)["sample"]["cov"])
        frame = frame_of(case)[list(theirs.index)]
        ddof = int(fitted(case).options.unbiased)
        np.testing.assert_allclose(frame.var(ddof=ddof), np.diag(theirs), rtol=1e-12)
        compared.update(theirs.index)
    wanted = {
        "holzinger39": [f"x{i}" for i in range(1, 10)],
        "political_democracy": [f"y{i}" for i in range(1, 9)],
    }
    assert compared >= set(wanted[source])
