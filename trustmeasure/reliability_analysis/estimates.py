"""Coefficients of a set of items with standard errors and limits: distribution-free or by the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import Coefficient
from trustmeasure.reliability_analysis.item_draws import (
    acceleration,
    drawn_covariances,
    influence,
    standard_error,
)
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.intervals import KINDS as RESAMPLED, limits, mean_and_spread
from trustmeasure.threads import one_thread

INTERVALS = ("adf", *RESAMPLED)
HOW = {
    "adf": "asymptotically distribution-free",
    "percentile": "bootstrap (percentile)",
    "bc": "bootstrap (bias-corrected)",
    "bca": "bootstrap (bias-corrected and accelerated)",
    "normal": "bootstrap (normal)",
}


@dataclass(frozen=True, slots=True)
class How:
    """How limits are made.

    Attributes
    ----------
    interval : str
        "adf", or a kind of bootstrap interval.
    ci : float
        Confidence level.
    n_bootstrap : int
        Draws of a bootstrap.
    seed : int or None
        Their seed.
    """

    interval: str = "adf"
    ci: float = 0.95
    n_bootstrap: int = 1000
    seed: int | None = None

    @classmethod
    def checked(
        cls,
        interval: str,
        ci: float,
        n_bootstrap: int,
        seed: int | None,
        *,
        more: Sequence[str] = (),
    ) -> How:
        """Return the choice, or raise ArgumentError saying what is not allowed."""
        in_range("ci", ci, 0.0, 1.0)
        one_of("interval", interval, (*more, *INTERVALS))
        return cls(interval, ci, at_least("n_bootstrap", n_bootstrap, 2), seed)

    @property
    def words(self) -> str:
        """The method in words."""
        drawn = f", {self.n_bootstrap} draws" if self.interval in RESAMPLED else ""
        return f"{100 * self.ci:g} % intervals: {HOW.get(self.interval, self.interval)}{drawn}."


@dataclass(frozen=True, slots=True)
class Estimates:
    """Coefficients with their uncertainty, one number each.

    Attributes
    ----------
    names : tuple of str, length r
        What they are called.
    estimate, se, lower, upper : arrays, shape (r,)
        Values, standard errors and limits; NaN for what does not exist.
    lost : array, shape (r,)
        Draws in which the coefficient does not exist.
    """

    names: tuple[str, ...]
    estimate: Array
    se: Array
    lower: Array
    upper: Array
    lost: Array

    def to_frame(self) -> pd.DataFrame:
        """Return one row a coefficient: coefficient, estimate, se, ci_lower, ci_upper."""
        return pd.DataFrame(
            {
                "coefficient": list(self.names),
                "estimate": self.estimate,
                "se": self.se,
                "ci_lower": self.lower,
                "ci_upper": self.upper,
            }
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the limits."""
        lost = [f"{n}: {int(c)}" for n, c in zip(self.names, self.lost, strict=True) if c]
        said = f"Draws in which a coefficient does not exist, left out: {', '.join(lost)}." if lost else ""
        return (said,) if said else ()


@one_thread
def estimated(values: Array, cov: Array, coefficients: Sequence[Coefficient], how: How) -> Estimates:
    """Return coefficients of items with their limits.

    Parameters
    ----------
    values : array, shape (n, k)
        Answers, NaN where there is none.
    cov : array, shape (k, k)
        Their covariances, from all people who answered both items.
    coefficients : sequence of Coefficient
        What to estimate.
    how : How
        How limits are made.
    """
    with np.errstate(all="ignore"):
        estimate = np.array([c.of(cov) for c in coefficients])
        parts = [_influences(values, cov, c) for c in coefficients]
        if how.interval == "adf":
            return _distribution_free(coefficients, estimate, parts, how.ci)
        return _resampled(values, coefficients, estimate, parts, how)


def _influences(values: Array, cov: Array, coefficient: Coefficient) -> Array:
    slope = coefficient.slope(cov)
    return influence(values, slope) if np.isfinite(slope).all() else np.full(len(values), np.nan)


def _distribution_free(
    coefficients: Sequence[Coefficient], estimate: Array, parts: Sequence[Array], ci: float
) -> Estimates:
    se = np.array([standard_error(part) for part in parts])
    margin = normal_quantile(0.5 + ci / 2) * se
    names = tuple(c.name for c in coefficients)
    return Estimates(names, estimate, se, estimate - margin, estimate + margin, np.zeros(len(names)))


def _resampled(
    values: Array, coefficients: Sequence[Coefficient], estimate: Array, parts: Sequence[Array], how: How
) -> Estimates:
    stacks = drawn_covariances(values, how.n_bootstrap, how.seed)
    drawn = np.concatenate([np.stack([c.value(covs) for c in coefficients], axis=1) for covs in stacks])
    drawn = np.where(np.isfinite(drawn), drawn, np.nan)
    speed = np.array([acceleration(part) for part in parts])
    known = np.isfinite(speed) | (how.interval != "bca")
    found = limits(drawn, estimate, how.ci, how.interval, np.nan_to_num(speed))
    lower, upper = np.where(known, found, np.nan)
    names = tuple(c.name for c in coefficients)
    return Estimates(names, estimate, mean_and_spread(drawn)[1], lower, upper, np.isnan(drawn).sum(axis=0))
