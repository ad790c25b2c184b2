"""The one-factor model behind omega: fitted by the SEM engine, told in the names of the items."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ConvergenceError, DataError, IdentificationError, TrustMeasureWarning
from trustmeasure.frames import Array
from trustmeasure.sem import SemResult, fit_sem

FIT = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")
STANDARDISED = "One-factor model of the standardised items"
WORDS = {"item": "'{}'", "loading": "the loading of '{}'", "residual": "the residual variance of '{}'"}


@dataclass(frozen=True, slots=True, eq=False)
class OneFactor:
    """A fitted one-factor model of k items with a factor variance of 1.

    Attributes
    ----------
    loadings, residuals, standardized : array, length k
        Unstandardised loadings and residual variances, and standardised loadings.
    vcov : array, 2k x 2k
        Covariance matrix of loadings, then residual variances; NaN when it does not exist.
    fit : pandas.Series
        chisq, df, pvalue, cfi, tli, rmsea, srmr.
    warnings : tuple of str
        What to know of the solution, such as a negative residual variance.
    """

    loadings: Array
    residuals: Array
    standardized: Array
    vcov: Array
    fit: pd.Series[float]
    warnings: tuple[str, ...]


def fit_one_factor(frame: pd.DataFrame) -> OneFactor:
    """Fit one factor by maximum likelihood to complete rows.

    The model is fitted to standardised items and the solution is turned back into their units. It is the same
    solution, since the model has a free loading and a free residual for each item, and the optimiser does not
    meet units that lie orders of magnitude apart.

    Parameters
    ----------
    frame : pandas.DataFrame of shape (n, k)
        Numbers without gaps. The names may be any text: the model uses names of its own.

    Raises
    ------
    DataError, IdentificationError, ConvergenceError
        As `fit_sem`, in the names of the items.
    """
    names, k = [str(name) for name in frame.columns], frame.shape[1]
    spread = frame.std().to_numpy(dtype=float)
    values = (frame.to_numpy(dtype=float) - frame.to_numpy(dtype=float).mean(axis=0)) / spread
    data = pd.DataFrame(values, columns=[f"item_{i + 1}" for i in range(k)])
    return _one_factor(_fitted(_model(k), data, names), names, spread)


def fit_one_ordinal_factor(frame: pd.DataFrame, missing: str) -> SemResult:
    """Fit one factor with variance 1 to ordinal answers by WLSMV.

    Parameters
    ----------
    frame : pandas.DataFrame of shape (n, k)
        Codes. The names may be any text: the model uses `item_1`, `item_2`, ...
    missing : {"listwise", "pairwise"}
        Whether only complete rows are used.

    Returns
    -------
    SemResult
        The fit, in the names `item_1`, ... (see `in_words`).

    Raises
    ------
    DataError, IdentificationError, ConvergenceError
        As `fit_sem`, in the names of the items.
    """
    names = [str(name) for name in frame.columns]
    own = [f"item_{i + 1}" for i in range(len(names))]
    data = frame.set_axis(own, axis=1)
    return _fitted(f"factor =~ {' + '.join(own)}", data, names, ordered=True, missing=missing)


def _fitted(model: str, data: pd.DataFrame, names: Sequence[str], **options: Any) -> SemResult:
    """Fit a model with a factor variance of 1; errors are told in the names of the items."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TrustMeasureWarning)  # all are in result.warnings
            return fit_sem(model, data, std_lv=True, **options)
    except DataError as problem:
        raise DataError(in_words(str(problem), names)) from problem
    except IdentificationError as problem:
        raise IdentificationError(in_words(str(problem), names), problem.parameters) from problem
    except ConvergenceError as problem:
        raise ConvergenceError(in_words(str(problem), names), problem.partial) from problem


def _model(k: int) -> str:
    numbers = range(1, k + 1)
    measured = " + ".join(f"loading_{i}*item_{i}" for i in numbers)
    return "\n".join([f"factor =~ {measured}", *(f"item_{i} ~~ residual_{i}*item_{i}" for i in numbers)])


def _one_factor(result: SemResult, names: Sequence[str], spread: Array) -> OneFactor:
    k = len(names)
    labels = [f"{what}_{i + 1}" for what in ("loading", "residual") for i in range(k)]
    rows = result.parameters.set_index("label").loc[labels]
    units = np.concatenate([spread, spread**2])
    estimates = rows["estimate"].to_numpy(dtype=float) * units
    direction = -1.0 if estimates[:k].sum() < 0 else 1.0
    units[:k] *= direction
    return OneFactor(
        loadings=direction * estimates[:k],
        residuals=estimates[k:],
        standardized=direction * rows["std_all"].to_numpy(dtype=float)[:k],
        vcov=result.vcov.loc[labels, labels].to_numpy(dtype=float) * np.outer(units, units),
        fit=result.fit_measures[list(FIT)].astype(float),
        warnings=tuple(f"{STANDARDISED}: {in_words(message, names)}" for message in result.warnings),
    )


def in_words(message: str, names: Sequence[str]) -> str:
    """Return a message of the engine with the items' own names."""

    def put(match: re.Match[str]) -> str:
        return WORDS[match[2]].format(names[int(match[3]) - 1])

    return re.sub(r"(')?\b(item|loading|residual)_(\d+)\b(?(1)')", put, message)
