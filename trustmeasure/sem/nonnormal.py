"""Correlated variables with chosen skew and kurtosis (Fleishman 1978; Vale & Maurelli 1983).

Each variable is a cubic `Y = -c + b Z + c Z^2 + d Z^3` of a standard normal Z, with coefficients that give it
mean 0, variance 1 and the wanted skew and excess kurtosis (Fleishman 1978, Psychometrika 43(4), 521-532). The
correlations among the Z are those that give the wanted ones among the Y (Vale & Maurelli 1983, Psychometrika
48(3), 465-471, eq. 11).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import root

from trustmeasure.errors import ArgumentError

Array = npt.NDArray[np.float64]

STEPS = 40
"""Parts of the way from the normal distribution to the wanted one, each solved from the one before."""


def fleishman(skew: float, kurtosis: float) -> Array:
    """Return the coefficients b, c, d of the cubic with this skew and excess kurtosis, shape (3,).

    Raises
    ------
    ArgumentError
        If no cubic has them; the message names the least excess kurtosis that goes with the skew.
    """
    found = _solved(skew, kurtosis)
    if found is not None:
        return found
    if kurtosis < skew**2 - 2:
        reason = f"no distribution has that (the kurtosis is at least skew^2 - 2 = {skew**2 - 2:.2f})"
    else:
        least = _least_kurtosis(skew)
        reason = f"Fleishman's method needs an excess kurtosis of at least {least:.2f} with this skew"
    raise ArgumentError(f"skew={skew:g} with excess kurtosis={kurtosis:g} is impossible: {reason}.")


def _equations(x: Array, skew: float, kurtosis: float) -> Array:
    b, c, d = x
    return np.array(
        [
            b**2 + 6 * b * d + 2 * c**2 + 15 * d**2 - 1,
            2 * c * (b**2 + 24 * b * d + 105 * d**2 + 2) - skew,
            24 * (b * d + c**2 * (1 + b**2 + 28 * b * d) + d**2 * (12 + 48 * b * d + 141 * c**2 + 225 * d**2))
            - kurtosis,
        ]
    )


def _solved(skew: float, kurtosis: float) -> Array | None:
    """Follow the solution from the normal distribution (b = 1), so that it is the one nearest to it."""
    x = np.array([1.0, 0.0, 0.0])
    for part in np.linspace(0.0, 1.0, STEPS + 1)[1:]:
        found = root(_equations, x, args=(part * skew, part * kurtosis), tol=1e-13)
        x = np.asarray(found.x)
    error = np.abs(_equations(x, skew, kurtosis)).max()
    return x if error < 1e-9 * (1 + abs(kurtosis)) else None


def _least_kurtosis(skew: float) -> float:
    """Return, to two digits, the least excess kurtosis that can be reached with a skew."""
    low, high = skew**2 - 2, 2 * skew**2 + 1.0
    while _solved(skew, high) is None:
        high *= 2.0
    while high - low > 0.005:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _solved(skew, middle) is not None else (middle, high)
    return float(np.ceil(100 * high) / 100)


def intermediate_correlations(corr: Array, coefficients: Array, names: Sequence[str]) -> Array:
    """Return the correlations of the normal variables behind the cubics.

    Parameters
    ----------
    corr : array, shape (p, p)
        Wanted correlations.
    coefficients : array, shape (p, 3)
        b, c, d of each variable.
    names : sequence of str, length p
        The variables, for messages.

    Raises
    ------
    ArgumentError
        If a wanted correlation is beyond what the two distributions allow, or the normal variables would not
        have a positive definite correlation matrix.
    """
    p = corr.shape[0]
    found = np.eye(p)
    for i in range(p):
        for j in range(i):
            value = _intermediate(corr[i, j], coefficients[i], coefficients[j])
            if value is None:
                raise ArgumentError(
                    f"{names[j]} and {names[i]} cannot correlate {corr[i, j]:.3f} with the skew and kurtosis "
                    "asked for. Ask for more similar distributions, or a weaker correlation."
                )
            found[i, j] = found[j, i] = value
    if np.linalg.eigvalsh(found)[0] <= 0:
        raise ArgumentError(
            "No normal variables lie behind these distributions and correlations: their correlation matrix "
            "would not be positive definite. Ask for less skew and kurtosis."
        )
    return found


def _intermediate(wanted: float, first: Array, second: Array) -> float | None:
    (b1, c1, d1), (b2, c2, d2) = first, second
    linear = b1 * b2 + 3 * b1 * d2 + 3 * d1 * b2 + 9 * d1 * d2
    roots = np.roots([6 * d1 * d2, 2 * c1 * c2, linear, -wanted])
    real = np.real(roots[np.abs(np.imag(roots)) < 1e-10])
    inside = real[np.abs(real) <= 1 + 1e-12]
    return float(np.clip(inside[np.argmin(np.abs(inside - wanted))], -1, 1)) if inside.size else None


def vale_maurelli(
    rng: np.random.Generator,
    n: int,
    corr: Array,
    skew: Sequence[float],
    kurtosis: Sequence[float],
    names: Sequence[str],
) -> Array:
    """Draw standardised variables with given correlations, skew and excess kurtosis.

    Parameters
    ----------
    rng : Generator
        Where the numbers come from.
    n : int
        Rows.
    corr : array, shape (p, p)
        Population correlations.
    skew, kurtosis : sequences of float, length p
        Population skew and excess kurtosis (0 for a normal variable).
    names : sequence of str, length p
        The variables, for messages.

    Returns
    -------
    array, shape (n, p)
        Population mean 0 and variance 1.
    """
    solved = {pair: fleishman(*pair) for pair in set(zip(skew, kurtosis, strict=True))}
    b, c, d = np.array([solved[pair] for pair in zip(skew, kurtosis, strict=True)]).T
    behind = intermediate_correlations(corr, np.stack([b, c, d], axis=1), names)
    z = rng.standard_normal((n, corr.shape[0])) @ np.linalg.cholesky(behind).T
    return np.asarray(-c + z * (b + z * (c + z * d)))
