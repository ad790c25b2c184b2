"""What a Monte Carlo study found: bias, spread, coverage and power of each parameter."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.draw_causes import FAILED, USABLE
from trustmeasure.sem.draws import Fitted
from trustmeasure.sem.inference import defined_values, labelled
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]


def _with_defined(table: ParameterTable, theta: Array) -> Array:
    values = defined_values(table, labelled(table, theta))
    return np.concatenate([theta, *(np.broadcast_to(v, len(theta))[:, None] for v in values)], axis=1)


def study_frame(
    table: ParameterTable, n: int, true: SemResult, found: Fitted, errors: Array, alpha: float
) -> pd.DataFrame:
    """Return one row a free parameter or definition; see `power_monte_carlo`.

    Parameters
    ----------
    table : ParameterTable
        The model that was fitted.
    n : int
        Rows in each group.
    true : SemResult
        The model at the values that the population gives it.
    found : Fitted
        Solutions of b samples.
    errors : array, shape (b, q + definitions)
        Their standard errors.
    alpha : float
        Significance level.

    Raises
    ------
    ArgumentError
        If no sample has a solution.
    """
    solved = ~np.isin(found.cause, FAILED)
    if not solved.any():
        raise ArgumentError("No sample has a solution. Take more rows, or a simpler model.")
    population = _with_defined(table, true.theta[None])[0]
    estimates, errors = _with_defined(table, found.theta[solved]), errors[solved]
    margin = float(ndtri(1 - alpha / 2)) * errors
    power = (np.abs(estimates) > margin).mean(axis=0)
    low, high = wilson(power, int(solved.sum()))
    columns: dict[str, Any] = {
        "parameter": [*table.free_names, *(d.name for d in table.definitions)],
        "population": population,
        "n": n,
        "mean": estimates.mean(axis=0),
        "bias": estimates.mean(axis=0) - population,
        "sd": estimates.std(axis=0, ddof=1) if solved.sum() > 1 else np.nan,
        "se_mean": errors.mean(axis=0),
        "coverage": (np.abs(estimates - population) <= margin).mean(axis=0),
        "power": power,
        "power_low": low,
        "power_high": high,
        "alpha": alpha,
        "replications": len(solved),
        "failed": int((~solved).sum()),
        "inadmissible": int((found.cause[solved] != USABLE).sum()),
    }
    return pd.DataFrame(columns)


def wilson(share: Array, n: int) -> tuple[Array, Array]:
    """Return 95 % limits of shares seen in n trials (Wilson 1927)."""
    z = float(ndtri(0.975))
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
