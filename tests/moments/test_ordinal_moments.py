"""Thresholds, correlations and their asymptotic covariances against lavaan's stored ones."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from tests.moments.ordinal_data import with_gaps
from trustmeasure.moments.ordinal import OrdinalMoments, ordinal_moments

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "ordinal_moments"
FILES = sorted(FOLDER.glob("*.json"))
Array = npt.NDArray[np.float64]


@cache
def stored(path: Path) -> dict[str, Any]:
    """Return what lavaan gave."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def ours(path: Path, gamma: str = "full") -> OrdinalMoments:
    """Return our answer on the same rows."""
    data = stored(path)["data"]
    frame = pd.read_csv(FOLDER / "data" / f"{data['file']}.csv").astype(float)
    if data["every"]:
        frame = with_gaps(frame, data["y"], data["every"])
    names = [*data["y"], *data["x"]]
    weights = None if data["weight"] is None else frame[data["weight"]].to_numpy()
    found = ordinal_moments(
        frame[names].to_numpy(),
        names,
        data["ordered"],
        data["x"],
        missing=data["missing"],
        weights=weights,
        gamma=gamma,
    )
    # lavaan's weights sum to the number of rows.
    return found.weighing(found.n_obs)


def labels(moments: OrdinalMoments) -> list[str]:
    """Return the names of the statistics as in the stored files."""
    layout = moments.layout
    found = []
    for name, count in zip(layout.names, layout.n_thresholds, strict=True):
        found += [f"{name}|t{k + 1}" for k in range(count)] or [f"{name}~1"]
    found += [f"{name}~{x}" for x in layout.covariates for name in layout.names]
    found += [f"{layout.names[k]}~~{layout.names[k]}" for k in layout.continuous]
    row, col = layout.pairs
    return found + [f"{layout.names[j]}~~{layout.names[i]}" for i, j in zip(row, col, strict=True)]


def signs(moments: OrdinalMoments) -> Array:
    """Return -1 for means, which lavaan stores with the opposite sign."""
    found = np.ones(moments.layout.size)
    found[: moments.layout.levels.stop][moments.layout.level_is_mean] = -1.0
    return found


def theirs(path: Path) -> tuple[list[str], Array, Array]:
    """Return names, statistics and gamma."""
    content = stored(path)
    names = list(content["statistics"])
    assert content["gamma"]["names"] == names
    gamma = np.zeros((len(names), len(names)))
    for i, line in enumerate(content["gamma"]["lower"]):
        gamma[i, : i + 1] = gamma[: i + 1, i] = line
    return names, np.array(list(content["statistics"].values())), gamma


def test_there_are_references() -> None:
    assert len(FILES) == 19


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_statistics(path: Path) -> None:
    moments = ours(path)
    names, statistics, _ = theirs(path)
    assert moments.n_obs == pytest.approx(stored(path)["n_obs"], rel=1e-15)
    mine = pd.Series(moments.statistics * signs(moments), labels(moments))
    assert sorted(names) == sorted(mine.index)
    # lavaan's optimiser leaves about 1e-8 of a correlation; of that of u and v in incomplete rows 6e-7.
    rtol = 1e-6 if path.stem == "pairwise-mixed" else 2e-7
    np.testing.assert_allclose(mine[names].to_numpy(), statistics, rtol=rtol, atol=1e-7)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_asymptotic_covariance(path: Path) -> None:
    moments = ours(path)
    names, _, gamma = theirs(path)
    assert moments.gamma is not None
    turn = signs(moments)
    mine = pd.DataFrame(moments.gamma * np.outer(turn, turn), labels(moments), labels(moments))
    scale = np.sqrt(np.diag(gamma))
    unit = np.outer(scale, scale)
    np.testing.assert_allclose(mine.loc[names, names].to_numpy() / unit, gamma / unit, rtol=0.0, atol=1e-6)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_diagonal_alone_is_the_same(path: Path) -> None:
    whole, alone = ours(path), ours(path, "diagonal")
    assert alone.gamma is None
    assert whole.gamma is not None
    np.testing.assert_allclose(alone.variances, np.diag(whole.gamma), rtol=1e-11)
    none = ours(path, "none")
    assert none.gamma is None
    assert none.variances is None
    np.testing.assert_array_equal(none.statistics, whole.statistics)


@pytest.mark.parametrize("path", [p for p in FILES if "covariate" in p.stem], ids=lambda p: p.stem)
def test_covariates(path: Path) -> None:
    moments, content = ours(path), stored(path)
    assert moments.covariate_cov is not None
    assert moments.covariate_mean is not None
    np.testing.assert_allclose(moments.covariate_mean, list(content["covariate_mean"].values()), rtol=1e-12)
    for i, line in enumerate(content["covariate_cov"]["lower"]):
        np.testing.assert_allclose(moments.covariate_cov[i, : i + 1], line, rtol=1e-12)
