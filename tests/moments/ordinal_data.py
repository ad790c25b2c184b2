"""Data of the tests of ordinal moments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]


def with_gaps(frame: pd.DataFrame, columns: Sequence[str], every: int) -> pd.DataFrame:
    """Return the frame without the values that the reference scripts leave out."""
    found = frame.copy()
    row = np.arange(1, len(frame) + 1)
    for j, column in enumerate(columns, start=1):
        found[column] = found[column].mask((row * (2 * j + 1) + j * j) % every == 0)
    return found


def answers(n: int, p: int, cuts: Sequence[float], seed: int = 1, rho: float = 0.5) -> Array:
    """Return equally correlated normal variables cut into categories from 1, shape (n, p)."""
    rng = np.random.default_rng(seed)
    latent = np.sqrt(rho) * rng.normal(size=(n, 1)) + np.sqrt(1.0 - rho) * rng.normal(size=(n, p))
    return np.digitize(latent, list(cuts)) + 1.0
