r"""Reliability of a sum of ordinal answers: arrays in, numbers out.

An item with K ordered categories is a latent response y* cut at K - 1 thresholds (both standardised here, so
that y* has mean 0 and variance 1). With s_c the step from code c to the next, the answer is
``x = x_min + sum_c s_c 1(y* > tau_c)``, and

    cov(x_j, x_k) = sum_c sum_d s_jc s_kd (Phi2(tau_jc, tau_kd; rho_jk) - Phi(tau_jc) Phi(tau_kd)),

Phi2 the bivariate normal distribution function with the correlation of the latent responses. Put in what the
factor alone lets them correlate, and it is the covariance of the true parts (Green & Yang 2009, Psychometrika
74(1), 155-167, equation 21).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from trustmeasure.frames import Array
from trustmeasure.moments.bivariate_normal import bivariate_cdf

Index = npt.NDArray[np.intp]
ONE = 1.0 - 1e-12
"""Correlations from here on count as 1: both answers are cut from the same latent response."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where the latent responses of p items are cut.

    Attributes
    ----------
    tau : array, shape (m,)
        Standardised thresholds, those of one item together and rising.
    item : array, shape (m,)
        The item of each, from 0 to p - 1.
    step : array, shape (m,)
        By how much the answer's code rises at each; 1 for codes 1, 2, 3.
    """

    tau: Array
    item: Index
    step: Array

    @property
    def p(self) -> int:
        """Number of items."""
        return int(self.item.max()) + 1

    def of(self, items: Index) -> Cuts:
        """Return the thresholds of some items, renumbered in their order."""
        place = np.full(self.p, -1)
        place[items] = np.arange(items.size)
        kept = place[self.item] >= 0
        return Cuts(self.tau[kept], place[self.item[kept]], self.step[kept])

    def at(self, tau: Array) -> Cuts:
        """Return the same steps at other thresholds."""
        return Cuts(tau, self.item, self.step)


@dataclass(frozen=True, slots=True)
class SumVariance:
    """The variance of a sum of answers, and how it moves.

    Attributes
    ----------
    value : float
        The variance.
    by_tau : array, shape (m,)
        Its derivatives by the thresholds.
    by_corr : array, shape (p, p)
        Its derivatives by the correlations, each cell of the matrix taken as a number of its own.
    """

    value: float
    by_tau: Array
    by_corr: Array


def answer_covariance(cuts: Cuts, corr: Array) -> Array:
    """Return the covariances of answers whose latent responses have the correlations `corr`.

    Parameters
    ----------
    cuts : Cuts
        Thresholds of p items.
    corr : array, shape (p, p)
        Correlations. On the diagonal: that of two answers to the same item; 1 for the item's own variance.
    """
    by_item = _steps(cuts)
    return np.asarray(by_item @ _above_chance(cuts, corr) @ by_item.T)


def sum_variance(cuts: Cuts, corr: Array) -> SumVariance:
    """Return the variance of the sum of answers with latent correlations `corr` and its derivatives."""
    by_item, r = _steps(cuts), corr[np.ix_(cuts.item, cuts.item)]
    tau, step = cuts.tau, cuts.step
    density = np.exp(-0.5 * tau**2) / np.sqrt(2.0 * np.pi)
    apart = np.sqrt(np.maximum(1.0 - r**2, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (tau[None, :] - r * tau[:, None]) / apart
        joint = density[:, None] * np.exp(-0.5 * z**2) / (np.sqrt(2.0 * np.pi) * apart)
    z = np.where(np.isnan(z), 0.0, z)  # a threshold beside itself
    by_tau = 2.0 * step * density * ((ndtr(z) - ndtr(tau)) @ step)
    by_corr = by_item @ np.where(np.abs(r) < ONE, joint, 0.0) @ by_item.T
    return SumVariance(float(step @ _above_chance(cuts, corr) @ step), by_tau, by_corr)


def _steps(cuts: Cuts) -> Array:
    """Return the step of each threshold in the row of its item, shape (p, m)."""
    found = np.zeros((cuts.p, cuts.tau.size))
    found[cuts.item, np.arange(cuts.tau.size)] = cuts.step
    return found


def _above_chance(cuts: Cuts, corr: Array) -> Array:
    """Return how much oftener two thresholds are both not passed than by chance, shape (m, m)."""
    row, col = np.tril_indices(cuts.tau.size)
    h, k, r = cuts.tau[row], cuts.tau[col], corr[cuts.item[row], cuts.item[col]]
    both = bivariate_cdf(h, k, r)
    found = np.empty((cuts.tau.size,) * 2)
    found[row, col] = found[col, row] = both - ndtr(h) * ndtr(k)
    return found


def omega_of_answers(cuts: Cuts, true: Array, corr: Array) -> float:
    """Return categorical omega: the share of the variance of the sum of answers that is true variance.

    Parameters
    ----------
    cuts : Cuts
        Thresholds of p items.
    true : array, shape (p, p)
        What the factor contributes to the correlations of the latent responses, ``l_j l_k`` for standardised
        loadings l; on the diagonal the communalities.
    corr : array, shape (p, p)
        Correlations of the latent responses, of the model or of the sample.

    Returns
    -------
    float
        NaN where a communality lies above 1.
    """
    if np.abs(true).max() > 1.0 + 1e-9:
        return float("nan")
    return float(answer_covariance(cuts, true).sum() / answer_covariance(cuts, with_ones(corr)).sum())


def omega_gradient_of_answers(cuts: Cuts, true: Array, corr: Array) -> tuple[Array, Array, Array]:
    """Return the derivatives of categorical omega by tau (m,), by `true` (p, p) and by `corr` (p, p)."""
    above, below = sum_variance(cuts, true), sum_variance(cuts, with_ones(corr))
    omega = above.value / below.value
    by_tau = (above.by_tau - omega * below.by_tau) / below.value
    return by_tau, above.by_corr / below.value, -omega * below.by_corr / below.value


def omega_of_latent(true: Array, corr: Array) -> float:
    """Return omega of the sum of the latent responses themselves, which nobody has answered."""
    return float(true.sum() / with_ones(corr).sum())


def with_ones(corr: Array) -> Array:
    """Return the matrix with ones on its diagonal."""
    found = corr.copy()
    np.fill_diagonal(found, 1.0)
    return found
