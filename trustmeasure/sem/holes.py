"""Missing values in simulated data: completely at random, or at random given another variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError

Array = npt.NDArray[np.float64]


def with_holes(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    names: Sequence[str],
    shares: Sequence[float],
    by: str | Mapping[str, str] | None,
    slope: float,
) -> pd.DataFrame:
    """Make values missing, in place.

    Parameters
    ----------
    rng : Generator
        Where the numbers come from.
    frame : DataFrame
        The data.
    names : sequence of str
        Its observed variables.
    shares : sequence of float
        Share of missing values of each.
    by : str or mapping of str to str, optional
        The complete variable that missingness depends on, for all or by name (MAR); without it, MCAR.
    slope : float
        Rise of the log odds of being missing with one standard deviation of it.

    Returns
    -------
    DataFrame
        The same frame.

    Raises
    ------
    ArgumentError
        For a share that is none, or a variable to depend on that is unknown or has missing values itself.
    """
    if not all(0 <= share < 1 for share in shares):
        raise ArgumentError(f"missing={list(shares)!r}: a share must lie from 0 to below 1.")
    drivers = _drivers(names, shares, by)
    chances = {name: _chances(frame[on], share, slope) for name, (on, share) in drivers.items()}
    for name, share in zip(names, shares, strict=True):
        frame.loc[rng.random(len(frame)) < chances.get(name, share), name] = np.nan
    return frame


def _drivers(
    names: Sequence[str], shares: Sequence[float], by: str | Mapping[str, str] | None
) -> dict[str, tuple[str, float]]:
    """Return for each variable what its missingness depends on, and its share."""
    if by is None:
        return {}
    holed = {name: share for name, share in zip(names, shares, strict=True) if share > 0}
    given = dict(by) if isinstance(by, Mapping) else {name: by for name in holed if name != by}
    for name in (*given, *given.values()):
        if name not in names:
            raise ArgumentError(f"missing_by: '{name}' is not observed. {suggestion(name, list(names))}")
    whole = [name for name in names if name not in holed]
    for name, on in given.items():
        if on in holed:
            raise ArgumentError(
                f"missing_by: '{on}' has missing values itself, so values of '{name}' would not be missing "
                f"at random. Choose a complete variable: {', '.join(whole) or 'give one no share'}."
            )
    return {name: (on, holed[name]) for name, on in given.items() if name in holed}


def _chances(on: pd.Series, share: float, slope: float) -> Array:
    """Return the chance of each row, whose mean is the share."""
    values = on.to_numpy(dtype=float)
    rise = slope * (values - values.mean()) / (values.std() or 1.0)
    low, high = -60.0 - np.abs(rise).max(), 60.0 + np.abs(rise).max()
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if expit(middle + rise).mean() < share else (low, middle)
    return np.asarray(expit(0.5 * (low + high) + rise))
