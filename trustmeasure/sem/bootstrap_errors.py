"""`se="bootstrap"` and `test="bollen-stine"`: a fit whose errors and test come from resampling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.check import at_least
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.bootstrap_result import Bootstrap
from trustmeasure.sem.resample import bootstrap
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]


def resampled(result: SemResult, data: Any, group: str | None, n: int, seed: int | None) -> SemResult:
    """Return a fit with bootstrap standard errors, the Bollen-Stine test, or both, as its options say.

    Parameters
    ----------
    result : SemResult
        The fit.
    data : frame
        What it was fitted to.
    group : str or None
        Grouping column.
    n, seed : int
        Draws, and what they are made from.

    Raises
    ------
    ArgumentError
        Without a seed, or for a fit that cannot be resampled.
    """
    options = result.options
    at_least("n_bootstrap", n, 2)
    if seed is None:
        asked = "se='bootstrap'" if options.se == "bootstrap" else "test='bollen-stine'"
        raise ArgumentError(f"{asked} draws at random: say seed=..., so that it can be repeated.")
    if options.test == "bollen-stine":
        tested = bootstrap(result, data, n, seed=seed, kind="bollen-stine", group=group)
        result = replace(result, test_draws=_whole(tested))
    if options.se == "bootstrap":
        draws = _whole(bootstrap(result, data, n, seed=seed, group=group))
        result = replace(result, theta_cov=bootstrap_covariance(draws), draws=draws)
    found = [d for d in (result.draws, result.test_draws) if d is not None]
    return replace(result, warnings=(*result.warnings, *(text for d in found for text in _lost(d))))


def bootstrap_covariance(draws: Bootstrap) -> Array:
    """Return the covariance matrix of the draws of the free parameters, shape (q, q).

    Raises
    ------
    ArgumentError
        If fewer than two draws have estimates.
    """
    draws.require("percentile")
    return np.atleast_2d(np.cov(draws.draws[draws.solved].T))


def _whole(draws: Bootstrap) -> Bootstrap:
    if draws.partial:
        raise KeyboardInterrupt
    return draws


def _lost(draws: Bootstrap) -> list[str]:
    """Return what a reader should know of draws that failed."""
    lost = draws.failures[draws.failures > 0]
    return [f"{count} of {draws.n} {draws.kind} draws failed: {cause}." for cause, count in lost.items()]
