"""The exact critical value of Lawshe's content validity ratio."""

from __future__ import annotations

from math import comb

from trustmeasure.check import in_range
from trustmeasure.errors import ArgumentError


def upper_tail(successes: int, trials: int) -> float:
    """Return P(X >= successes) for X ~ Binomial(trials, 1/2)."""
    ways: int = sum(comb(trials, k) for k in range(successes, trials + 1))
    return float(ways / 2**trials)


def critical_cvr(experts: float, *, level: float = 0.05) -> float:
    """Return the smallest content validity ratio that chance alone seldom reaches.

    With N experts of whom n call an item essential, CVR = (2n - N) / N. The critical value belongs to the
    smallest n with P(X >= n) <= `level` for X ~ Binomial(N, 1/2).

    Parameters
    ----------
    experts : int
        Number of experts, N; a whole number.
    level : float
        One-sided error probability.

    Returns
    -------
    float
        The critical ratio, from 0 to 1.

    Raises
    ------
    ArgumentError
        If so few experts cannot reach the level even when all agree (below 5 at .05).

    References
    ----------
    Ayre, C., & Scally, A. J. (2014). Critical values for Lawshe's content validity ratio. Measurement and
    Evaluation in Counseling and Development, 47(1), 79-86.

    Examples
    --------
    >>> critical_cvr(8)
    0.75
    """
    in_range("level", level, 0.0, 1.0)
    count = int(experts)
    if count != experts or count < 1:
        raise ArgumentError(f"experts={experts!r} must be a whole number of at least 1.")
    if upper_tail(count, count) > level:
        raise ArgumentError(
            f"{count} experts are too few: even when all agree, chance does so with probability "
            f"{upper_tail(count, count):.3g}, which is above level={level}. Ask more experts."
        )
    needed = next(n for n in range(count + 1) if upper_tail(n, count) <= level)
    return (2 * needed - count) / count
