r"""How much an item that is not invariant matters: formulas of arrays.

With E_r and E_f the answers that people of one latent level are expected to give in the reference and in the
focal group, and phi_f the latent density of the focal group,

    dMACS   = sqrt(int (E_r - E_f)^2 phi_f) / S,   S = ((n_r - 1) s_r + (n_f - 1) s_f) / (n_r + n_f - 2)
    signed  = int (E_r - E_f) phi_f / S
    SDI2    = int (E_r - E_f) phi_f / s_f,   UDI2 = int |E_r - E_f| phi_f / s_f

with s the standard deviations of the answers (Nye & Drasgow 2011, Journal of Applied Psychology 96(5),
966-980; Nye, Bradburn, Olenick, Bialko & Drasgow 2019, Organizational Research Methods 22(3), 678-709; Gunn,
Grimm & Edwards 2020, Structural Equation Modeling 27(4), 503-514). For linear items the difference is normal
over the focal group, so that all integrals are known; for ordinal ones they are sums over a fine grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Array = npt.NDArray[np.float64]

WIDTH, FINE, COARSE = 8.0, 1601, 81
"""Where expected answers are compared: so many standard deviations of the focal group to both sides, at so
many points for estimates and for draws. Sums over so even and so wide a grid are exact to rounding where
functions are smooth, also coarse ones; the absolute difference has an edge."""
EFFECTS = ("dmacs", "dmacs_signed", "sdi2", "udi2", "mean_difference")


@dataclass(frozen=True, slots=True)
class Spread:
    """How far answers to an item are spread.

    Attributes
    ----------
    reference, focal : float
        Standard deviations in both groups (divisor n - 1).
    pooled : float
        Both averaged by rows less one.
    """

    reference: float
    focal: float
    pooled: float

    @classmethod
    def of(cls, reference: float, focal: float, n_reference: float, n_focal: float) -> Spread:
        """Pool two standard deviations."""
        first, second = n_reference - 1, n_focal - 1
        return cls(reference, focal, (first * reference + second * focal) / (first + second))


def linear_effects(intercept: Array, loading: Array, mean: Array, cov: Array, spread: Spread) -> Array:
    """Return `EFFECTS` of an item whose answers are linear in latent variables, shape (b, 5).

    Parameters
    ----------
    intercept : array, shape (b,)
        Intercept of the reference group less that of the focal group.
    loading : array, shape (b, k)
        The same of loadings.
    mean, cov : arrays, shapes (b, k), (b, k, k)
        Of the latent variables in the focal group.
    spread : Spread
        Of the answers.
    """
    gap = intercept + np.einsum("bk,bk->b", loading, mean)
    variance = np.maximum(np.einsum("bk,bkl,bl->b", loading, cov, loading), 0.0)
    sd = np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sd > 0, gap / sd, 0.0)
    folded = sd * np.sqrt(2 / np.pi) * np.exp(-(z**2) / 2) + gap * (1 - 2 * ndtr(-z))
    absolute = np.where(sd > 0, folded, np.abs(gap))
    return _laid_out(gap, gap**2 + variance, absolute, spread)


def ordinal_effects(reference: Ogive, focal: Ogive, mean: Array, sd: Array, spread: Spread) -> Array:
    """Return `EFFECTS` of an ordinal item, shape (b, 5), given mean and deviation (b,) of the focal group."""
    grid = np.linspace(-WIDTH, WIDTH, FINE if len(mean) == 1 else COARSE)
    density = np.exp(-(grid**2) / 2)
    density /= density.sum()
    level = mean[:, None] + sd[:, None] * grid
    difference = reference.expected(level) - focal.expected(level)
    return _laid_out(difference @ density, difference**2 @ density, np.abs(difference) @ density, spread)


@dataclass(frozen=True, slots=True)
class Ogive:
    """An ordinal item in one group: a normal response cut at thresholds.

    Attributes
    ----------
    intercept, loading, residual : arrays, shape (b,)
        Of the response; `residual` is a variance.
    thresholds : array, shape (b, c - 1)
        Where it is cut.
    codes : array, shape (c,)
        The answers.
    """

    intercept: Array
    loading: Array
    residual: Array
    thresholds: Array
    codes: Array

    def some(self, rows: slice) -> Ogive:
        """Return some of the draws."""
        return Ogive(
            self.intercept[rows], self.loading[rows], self.residual[rows], self.thresholds[rows], self.codes
        )

    def expected(self, level: Array) -> Array:
        """Return the expected answer at latent levels of shape (b, m)."""
        response = self.intercept[:, None] + self.loading[:, None] * level
        sd = np.sqrt(self.residual)[:, None]
        found = np.full(level.shape, float(self.codes[0]))
        for k, step in enumerate(np.diff(self.codes)):
            found += step * ndtr((response - self.thresholds[:, k, None]) / sd)
        return found


def _laid_out(gap: Array, square: Array, absolute: Array, spread: Spread) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = [np.sqrt(square) / spread.pooled, gap / spread.pooled, gap / spread.focal]
        columns += [absolute / spread.focal, gap]
        found = np.stack(columns, axis=1)
    return np.where(np.isfinite(found), found, np.nan)
