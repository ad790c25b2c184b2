"""What the functions about the number of factors do with frames that real surveys contain."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from trustmeasure.errors import TrustMeasureError

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "kmo": tm.kmo,
    "bartlett_sphericity": tm.bartlett_sphericity,
    "map_test": tm.map_test,
    "empirical_kaiser": tm.empirical_kaiser,
    "hull": partial(tm.hull, seed=1),
    "hull, caf": partial(tm.hull, fit="caf", seed=1),
    "comparison_data": partial(tm.comparison_data, draws=20, population=1000, max_factors=2, seed=1),
    "number_of_factors": partial(tm.number_of_factors, draws=20, seed=1),
    "parallel": partial(tm.parallel_analysis, draws=20, seed=1),
    "parallel, minres": partial(tm.parallel_analysis, draws=20, seed=1, communalities="minres"),
    "parallel, permuted": partial(tm.parallel_analysis, draws=20, seed=1, random="permuted"),
    "parallel, resampled": partial(tm.parallel_analysis, draws=20, seed=1, random="resampled"),
}
KINDS = ("pearson", "polychoric", "spearman")


def strictly_finite(frame: pd.DataFrame) -> bool:
    """Return whether every number is finite, but for rows whose note says why there is none."""
    numbers = (
        frame.drop(columns=["st", "p_value"], errors="ignore").select_dtypes("number").to_numpy(dtype=float)
    )
    noted = (frame["note"] != "").to_numpy() if "note" in frame else np.zeros(len(frame), dtype=bool)
    return bool(np.isfinite(numbers[~noted]).all())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", FRAMES)
def test_hostile_frames_give_numbers_or_a_named_error(name: str, function: str, kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = FUNCTIONS[function](FRAMES[name](), correlation=kind)
        except TrustMeasureError:
            return
        assert strictly_finite(found.to_frame())
        assert len(str(found)) > 50


def test_uncorrelated_items_have_no_kmo_and_no_chi_square() -> None:
    found = tm.kmo(np.eye(4))
    assert np.isnan(found.overall)
    assert found.items["note"].str.contains("uncorrelated").all()
    assert tm.bartlett_sphericity(np.eye(4), n_obs=100).p_value == 1.0
    assert tm.map_test(np.eye(4)).n_factors == 0
    assert tm.parallel_analysis(np.eye(4), n_obs=100, draws=50, seed=1).n_components == 0
