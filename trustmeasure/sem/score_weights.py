r"""Weights that turn answers into factor scores, and how far such scores can be trusted.

With eta the latent and y the answered observed variables of the model in RAM form (`matrices`):

- regression (Thurstone 1935): ``E(eta | y) = mu_eta + C Sigma^-1 (y - mu)`` with C the covariances of eta
  with y; the error has the covariances ``Phi - C Sigma^-1 C'``.
- Bartlett (1937, British Journal of Psychology 28(1), 97-104): the latent variables are fixed unknowns,
  ``y - mu = L (eta - mu_eta) + u``, and eta is estimated by generalised least squares. The weights are the
  same when any ``L D L'`` is added to the covariances of u (Rao 1967, Fifth Berkeley Symposium 1, 355-372),
  which keeps an indicator without error variance from breaking the inverse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.matrices import Implied, Ram, fill, implied

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LEAST_LOADING = 1e-12
"""Standardised loading below which a variable does not measure a latent variable."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How one pattern of answers becomes scores.

    Attributes
    ----------
    slope : array, shape (k, o)
        Weights of the o answered variables, minus their means; NaN for a score that cannot be given.
    error : array, shape (k, k)
        Covariances of the errors of the scores.
    """

    slope: Array
    error: Array


@dataclass(frozen=True, slots=True)
class Scorer:
    """The scores of one group.

    Attributes
    ----------
    mu : array, shape (p,)
        Means of the observed variables.
    eta : array, shape (k,)
        Means of the latent variables.
    phi : array, shape (p + k, p + k)
        Implied covariances of all variables.
    loadings : array, shape (p, k)
        Effects of the latent on the observed variables, through observed ones too.
    unique : array, shape (p, p)
        Covariances of what the latent variables leave of the observed ones.
    """

    mu: Array
    eta: Array
    phi: Array
    loadings: Array
    unique: Array

    @classmethod
    def of(cls, ram: Ram, theta: Array, sample_mean: Array | None) -> Scorer:
        """Prepare the scores of a model; without a mean structure the means are the sample's."""
        now, p = implied(ram, theta[None]), ram.p
        a, s, _ = fill(ram, theta[None])
        mu, eta = _means(now, a[0], p, sample_mean)
        inner = np.linalg.inv(np.eye(p) - a[0, :p, :p])
        return cls(
            mu=mu,
            eta=eta,
            phi=now.phi[0],
            loadings=inner @ a[0, :p, p:],
            unique=inner @ s[0, :p, :p] @ inner.T,
        )

    @property
    def variances(self) -> Array:
        """Implied variances of the latent variables, shape (k,)."""
        return np.asarray(np.diag(self.phi)[len(self.mu) :])

    def regression(self, seen: Flags) -> Weights:
        """Return the weights of a regression on the variables `seen` (p,)."""
        p = len(self.mu)
        with_answers = self.phi[p:, :p][:, seen]
        slope = np.linalg.solve(self.phi[:p, :p][np.ix_(seen, seen)], with_answers.T).T
        error = np.asarray(self.phi[p:, p:] - slope @ with_answers.T, dtype=np.float64)
        return Weights(np.asarray(slope, dtype=np.float64), error)

    def bartlett(self, seen: Flags) -> Weights:
        """Return Bartlett's weights for the variables `seen` (p,)."""
        k = len(self.eta)
        loadings = self.loadings[seen]
        measured = self.measured(seen)
        slope, error = np.full((k, int(seen.sum())), np.nan), np.full((k, k), np.nan)
        if not measured.any():
            return Weights(slope, error)
        lam, spread = loadings[:, measured], np.diag(np.abs(self.variances[measured]))
        widened = self.unique[np.ix_(seen, seen)] + lam @ spread @ lam.T
        pulled = np.linalg.solve(widened, lam).T
        inverse = _inverse(pulled @ lam)
        if inverse is not None:
            slope[measured] = inverse @ pulled
            error[np.ix_(measured, measured)] = inverse - spread
        return Weights(slope, error)

    def measured(self, seen: Flags) -> Flags:
        """Return which latent variables have an effect on one of the variables `seen` (p,)."""
        size = np.abs(self.loadings[seen]) * np.sqrt(np.abs(self.variances))
        sd = np.sqrt(np.diag(self.phi)[: len(self.mu)][seen])
        return np.asarray((size > LEAST_LOADING * sd[:, None]).any(axis=0))

    def reliability(self, weights: Weights, *, fixed: bool) -> Array:
        """Return the squared correlation of each score with its latent variable, shape (k,).

        `fixed` says that the score is the latent variable plus an independent error (Bartlett), not its
        regression (Grice 2001, Psychological Methods 6(4), 430-450).
        """
        error, total = np.diag(weights.error), self.variances
        with np.errstate(invalid="ignore", divide="ignore"):
            share = total / (total + error) if fixed else 1.0 - error / total
        return np.where(total > 0, share, np.nan)


def _means(now: Implied, a: Array, p: int, sample_mean: Array | None) -> tuple[Array, Array]:
    if now.eta is not None:
        return now.eta[0, :p], now.eta[0, p:]
    if sample_mean is None:
        raise ArgumentError(
            "Factor scores need means: this fit has none, as it was made from covariances alone. Give "
            "sample_mean to fit_sem."
        )
    latent = np.eye(a.shape[0] - p) - a[p:, p:]
    return sample_mean, np.asarray(np.linalg.solve(latent, a[p:, :p] @ sample_mean), dtype=np.float64)


def _inverse(matrix: Array) -> Array | None:
    """Return the inverse of a symmetric matrix, or None when it is singular."""
    scale = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    unit = matrix / np.outer(scale, scale)
    if not np.isfinite(unit).all() or np.linalg.eigvalsh(unit)[0] < 1e-10:
        return None
    return np.asarray(np.linalg.inv(unit) / np.outer(scale, scale))
