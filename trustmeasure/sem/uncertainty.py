"""Standard errors and limits of any function of the parameters: delta method, Monte Carlo, or bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.check import at_least, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.bootstrap_result import Bootstrap
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.expressions import gradient
from trustmeasure.sem.intervals import KINDS as RESAMPLED, acceleration_of, limits, mean_and_spread
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.result import SemResult
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]
Function = Callable[[Sequence[Ram], npt.NDArray[Any]], npt.NDArray[Any]]
"""Takes the matrices of each group and parameters (b, q), real or complex; returns values (b, r)."""

INTERVALS = ("delta", "monte_carlo", *RESAMPLED)
BLOCK = 250
"""Parameter vectors evaluated at a time, which bounds the memory."""
NO_ERROR = 1e-9
"""Standard errors below this are those of a constant, such as a standardised variance that is 1."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How far values vary, one number each.

    Attributes
    ----------
    se, lower, upper : arrays, shape (r,)
        Standard errors and confidence limits; NaN where there are none.
    """

    se: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Where standard errors and limits come from.

    Attributes
    ----------
    result : SemResult
        The fit.
    interval : str
        A member of `INTERVALS`.
    ci : float
        Confidence level.
    theta : array, shape (b, k), or None
        Draws of the parameters; None for the delta method.
    bootstrap : Bootstrap or None
        Where the draws come from, unless from the normal distribution of the estimates.
    """

    result: SemResult
    interval: str
    ci: float
    theta: Array | None
    bootstrap: Bootstrap | None

    @classmethod
    def of(
        cls,
        result: SemResult,
        interval: str | None,
        ci: float,
        *,
        bootstrap: Bootstrap | None = None,
        n: int = 20_000,
        seed: int | None = None,
    ) -> Uncertainty:
        """Choose the source, and make the draws of a Monte Carlo interval.

        Raises
        ------
        ArgumentError
            If interval and bootstrap do not go together, or a seed or standard errors are missing.
        """
        if bootstrap is None and (interval is None or interval in RESAMPLED):
            bootstrap = result.draws
        asked = interval or ("delta" if bootstrap is None else "percentile")
        one_of("interval", asked, INTERVALS)
        if asked in RESAMPLED:
            return cls(result, asked, ci, _draws(result, asked, bootstrap), bootstrap)
        if bootstrap is not None:
            raise ArgumentError(
                f'interval="{asked}" does not use the draws of a bootstrap. Say interval="percentile", "bc", '
                '"bca" or "normal", or leave bootstrap out.'
            )
        if asked == "delta":
            return cls(result, asked, ci, None, None)
        if seed is None:
            raise ArgumentError('interval="monte_carlo" needs a seed.')
        return cls(result, asked, ci, normal_draws(result, at_least("n", n, 2), seed), None)

    def of_function(self, function: Function, estimate: Array) -> Spread:
        """Return the spread of a function whose value in the sample is `estimate` (r,)."""
        if self.theta is None:
            return self._delta(function, estimate)
        rams = _rams(self.result) if self.bootstrap is None else self.bootstrap.plan.rams
        draws = in_blocks(function, rams, self.theta)
        speed: Array | float = 0.0
        if self.bootstrap is not None and self.interval == "bca":
            speed = acceleration_of([in_blocks(function, rams, part) for part in self.bootstrap.left_out])
        kind = "percentile" if self.bootstrap is None else self.interval
        lower, upper = limits(draws, estimate, self.ci, kind, speed)
        return Spread(mean_and_spread(draws)[1], lower, upper)

    def _delta(self, function: Function, estimate: Array) -> Spread:
        if self.result.theta_cov is None:
            none = np.full(estimate.size, np.nan)
            return Spread(none, none, none)
        slopes = gradient(lambda theta: function(_rams(self.result), theta), self.result.theta)
        se = np.sqrt(np.maximum(np.einsum("rq,qs,rs->r", slopes, self.result.theta_cov, slopes), 0.0))
        se = np.where(se < NO_ERROR, 0.0, se)
        margin = normal_quantile(0.5 + self.ci / 2) * se
        return Spread(se, estimate - margin, estimate + margin)


def _rams(result: SemResult) -> list[Ram]:
    return [group.ram for group in result.groups]


def _draws(result: SemResult, interval: str, bootstrap: Bootstrap | None) -> Array:
    if bootstrap is None:
        raise ArgumentError(
            f'interval="{interval}" needs draws: say bootstrap=tm.bootstrap(result, data, seed=...).'
        )
    same = bootstrap.result.theta.shape == result.theta.shape
    if not same or not np.array_equal(bootstrap.result.theta, result.theta):
        raise ArgumentError("bootstrap: the draws belong to another fit.")
    bootstrap.require(interval)
    return np.asarray(bootstrap.theta[bootstrap.solved])


def normal_draws(result: SemResult, n: int, seed: int) -> Array:
    """Return draws from the normal distribution of the estimates, shape (n, q).

    Raises
    ------
    ArgumentError
        If the result has no standard errors.
    """
    if result.theta_cov is None:
        raise ArgumentError("The result has no standard errors, so its estimates have no distribution.")
    values, vectors = np.linalg.eigh(result.theta_cov)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    random = np.random.default_rng(seed).standard_normal((n, result.theta.size))
    return np.asarray(result.theta + random @ root.T)


@one_thread
def in_blocks(function: Function, rams: Sequence[Ram], theta: Array) -> Array:
    """Return the values of a function at many parameter vectors, shape (b, r)."""
    with np.errstate(all="ignore"):
        parts = [function(rams, theta[at : at + BLOCK]) for at in range(0, max(len(theta), 1), BLOCK)]
    return np.concatenate(parts)
