"""A correlation of two variables with its interval: Pearson, point-biserial or Spearman."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr
from scipy.stats import rankdata

from trustmeasure.sem.chisq import normal_quantile

Array = npt.NDArray[np.float64]

LEAST_PAIRS = 4
"""People with both values below which there is no interval."""
NO_VARIANCE = 1e-12
PERFECT = 1.0 - 1e-12


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation with its interval; NaN for what does not exist, and why."""

    n: int
    r: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p_value: float = np.nan
    note: str = ""


def correlation(x: Array, y: Array, ci: float, *, ranks: bool = False) -> Correlation:
    """Return a correlation of the people who have both values.

    Limits come from Fisher's z with the standard error ``1 / sqrt(n - 3)``, for ranks
    ``sqrt((1 + r^2 / 2) / (n - 3))`` (Bonett & Wright 2000); the probability from t with n - 2 degrees of
    freedom.

    Parameters
    ----------
    x, y : arrays, shape (n,)
        Values, NaN where there is none.
    ci : float
        Level of the interval.
    ranks : bool
        Spearman's instead of Pearson's.
    """
    both = np.isfinite(x) & np.isfinite(y)
    n = int(both.sum())
    if n < LEAST_PAIRS:
        return Correlation(n, note=f"Only {n} people have both values.")
    a, b = (rankdata(v[both]) if ranks else v[both] for v in (x, y))
    a, b = a - a.mean(), b - b.mean()
    sizes = float(np.sqrt(a @ a)), float(np.sqrt(b @ b))
    if not (sizes[0] > _rounding(x[both]) and sizes[1] > _rounding(y[both])):
        return Correlation(n, note="One of the two does not vary among the people who have both.")
    r = float(np.clip((a / sizes[0]) @ (b / sizes[1]), -1.0, 1.0))
    if abs(r) > PERFECT:
        return Correlation(n, float(np.sign(r)), p_value=0.0, note="The correlation is perfect: no interval.")
    lower, upper = fisher_limits(r, n, ci, ranks=ranks)
    t = r * np.sqrt((n - 2) / (1 - r**2))
    return Correlation(n, r, lower, upper, float(2.0 * stdtr(n - 2, -abs(t))))


def _rounding(values: Array) -> float:
    return NO_VARIANCE * float(np.abs(values).max()) * float(np.sqrt(values.size))


def fisher_limits(r: float, n: int, ci: float, *, ranks: bool = False) -> tuple[float, float]:
    """Return limits of a correlation by Fisher's z."""
    se = np.sqrt((1.0 + (r**2 / 2.0 if ranks else 0.0)) / (n - 3))
    reach = normal_quantile(0.5 + ci / 2) * se
    return float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach))
