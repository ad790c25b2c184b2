r"""Gradient of the ML discrepancy alone, for many samples, without the parts of the matrices that are zero.

Arrows leave only some variables, the causes K. Then ``(I-A)^-1 = I + A[:,K] (I-A[K,K])^-1 P_K``, where `P_K`
picks the causes, so only a small matrix is inverted, and every product with ``E = F (I-A)^-1`` is one with
the few columns of L, the observed rows of ``A[:,K] (I-A[K,K])^-1``. The formulas are those of `ml`. Where
observed variables are indicators and nothing else, those of `factors` cost less still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.factors import Factors
from trustmeasure.sem.discrepancy.ml import invert
from trustmeasure.sem.matrices import Ram, fill, implied

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Slope:
    """Gradient of the ML discrepancy of one group.

    Attributes
    ----------
    ram : Ram
        The model.
    causes : array, shape (k,)
        Variables that arrows leave.
    cause_of : array, shape (number of free cells of A,)
        Position in `causes` of the variable that the arrow leaves.
    spread : array, shape (number of cells, q), or None
        Adds up the cells of a shared parameter; None when no two cells share one.
    factors : Factors or None
        The quicker formulas, where the model allows them.
    """

    ram: Ram
    causes: Index
    cause_of: Index
    spread: Array | None
    factors: Factors | None

    @classmethod
    def of(cls, ram: Ram) -> Slope:
        """Find out which variables are causes, and which parameters stand in several cells."""
        used = (ram.a0 != 0).any(axis=0)
        used[ram.a.col] = True
        causes = np.flatnonzero(used)
        every = np.concatenate([ram.moving, ram.m.free if ram.m0 is not None else ram.m.free[:0]])
        spread = None
        if np.unique(every).size < every.size:
            spread = np.zeros((every.size, ram.q))
            spread[np.arange(every.size), every] = 1.0
        at_cause = np.searchsorted(causes, ram.a.col)
        return cls(ram, causes, at_cause, spread, Factors.of(ram))

    def gradient(self, theta: Array, cov: Array, mean: Array | None) -> Array:
        """Return the gradients, shape (b, q).

        Parameters
        ----------
        theta : array, shape (b, q)
            Parameters.
        cov : array, shape (b, p, p)
            Sample covariances with divisor n.
        mean : array, shape (b, p), or None
            Sample means; not looked at when the model has none.

        Raises
        ------
        LinAlgError
            If an implied covariance matrix is exactly singular.
        """
        if self.factors is None:
            return self._summed(self._cells(theta, cov, mean))
        good = self.factors.suited(theta, cov)
        if good.all():
            return self._summed(self.factors.gradient(theta, cov, mean))
        found = np.empty(theta.shape)
        for chosen, cells in ((good, self.factors.gradient), (~good, self._cells)):
            if chosen.any():
                part = cells(theta[chosen], cov[chosen], None if mean is None else mean[chosen])
                found[chosen] = self._summed(part)
        return found

    def value(self, theta: Array, cov: Array, mean: Array | None) -> Array:
        """Return ``log|Sigma| + tr(C V)``, shape (b,); infinite where Sigma is not positive definite."""
        found = np.empty(len(theta))
        sure = np.zeros(len(theta), dtype=bool)
        if self.factors is not None:
            sure = self.factors.certain(theta) & self.factors.suited(theta, cov)
            rows = np.flatnonzero(sure)
            found[rows] = self.factors.value(theta[rows], cov[rows], None if mean is None else mean[rows])
        if not sure.all():
            rows = np.flatnonzero(~sure)
            found[rows] = self._plain_value(theta[rows], cov[rows], None if mean is None else mean[rows])
        return found

    def _plain_value(self, theta: Array, cov: Array, mean: Array | None) -> Array:
        now = implied(self.ram, theta)
        good, v, logdet = invert(now.sigma)
        found = np.full(len(theta), np.inf)
        found[good] = logdet + np.einsum("bij,bij->b", cov[good], v)
        if mean is not None and now.mu is not None:
            gap = (mean - now.mu)[good]
            found[good] += np.einsum("bi,bij,bj->b", gap, v, gap)
        return found

    def latent_covariance(self, theta: Array) -> Array:
        """Return the covariances of the latent variables, shape (b, v - p, v - p)."""
        if self.factors is not None:
            return self.factors.phi(theta)
        return implied(self.ram, theta).phi[:, self.ram.p :, self.ram.p :]

    def _cells(self, theta: Array, cov: Array, mean: Array | None) -> Array:
        """Return the derivatives by each cell of A, S and (with means) m, shape (b, cells)."""
        ram, k, p = self.ram, self.causes, self.ram.p
        a, s, m = fill(ram, theta)
        inner = np.asarray(np.linalg.inv(np.eye(k.size) - a[:, k[:, None], k]))
        through = np.asarray(a[:, :, k] @ inner)
        load = through[:, :p]
        es = np.asarray(s[:, :p] + load @ s[:, k])
        w = np.asarray(es[:, :, k] @ _turned(inner))
        v: Array = np.asarray(np.linalg.inv(es[:, :, :p] + es[:, :, k] @ _turned(load)))
        target, gap, eta = cov, None, None
        if m is not None and mean is not None:
            eta = m + (through @ m[:, k, None])[..., 0]
            gap = mean - eta[:, :p]
            target = cov + gap[:, :, None] * gap[:, None, :]
        r = v @ target @ v - v
        pulled = r @ np.concatenate([load, w], axis=2)
        gram = self._gram(r, pulled, load)
        cells = -2.0 * ram.weight * gram
        if gap is not None and eta is not None:
            cells = self._with_means(cells, v, gap, load, eta)
        return np.asarray(cells)

    def _gram(self, r: Array, pulled: Array, load: Array) -> Array:
        """Return `left' R right` for each free cell of A, then of S, shape (b, cells)."""
        ram, k = self.ram, self.causes
        b, p, n_k = pulled.shape[0], ram.p, k.size
        across = np.zeros((b, ram.v, n_k))
        across[:, :p] = pulled[:, :, n_k:]
        across[:, k] += _turned(load) @ pulled[:, :, n_k:]
        within = np.zeros((b, ram.v, ram.v))
        within[:, :p, :p] = r
        within[:, :p, k] += pulled[:, :, :n_k]
        within[:, k] += _turned(load) @ within[:, :p]
        return np.concatenate([across[:, ram.a.row, self.cause_of], within[:, ram.s.row, ram.s.col]], axis=1)

    def _with_means(self, cells: Array, v: Array, gap: Array, load: Array, eta: Array) -> Array:
        ram = self.ram
        h = np.einsum("bij,bj->bi", v, gap)
        pull = np.zeros((h.shape[0], ram.v))
        pull[:, : ram.p] = h
        pull[:, self.causes] += np.einsum("bpk,bp->bk", load, h)
        cells[:, : ram.a.row.size] -= 2.0 * pull[:, ram.a.row] * eta[:, ram.a.col]
        return np.concatenate([cells, -2.0 * pull[:, ram.m.row]], axis=1)

    def _summed(self, cells: Array) -> Array:
        if self.spread is not None:
            return np.asarray(cells @ self.spread)
        every = np.concatenate([self.ram.moving, self.ram.m.free])[: cells.shape[1]]
        whole = np.zeros((cells.shape[0], self.ram.q))
        whole[:, every] = cells
        return whole


def _turned(matrix: Array) -> Array:
    return np.swapaxes(matrix, 1, 2)
