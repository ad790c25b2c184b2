r"""Gradient of the ML discrepancy alone, for many samples, without the parts of the matrices that are zero.

Arrows leave only some variables, the causes K. Then ``(I-A)^-1 = I + A[:,K] (I-A[K,K])^-1 P_K``, where `P_K`
picks the causes, so only a small matrix is inverted, and every product with ``E = F (I-A)^-1`` is one with
the few columns of L, the observed rows of ``A[:,K] (I-A[K,K])^-1``. The formulas are those of `ml`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.matrices import Ram, fill

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


LEAST_RESIDUAL = 1e-3
"""Residual variance, compared with the explained one, from which Woodbury's identity loses few digits."""


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
    simple : bool
        Whether Sigma is a diagonal matrix plus one of low rank: all causes are latent, and residuals of
        observed variables covary with nothing.
    """

    ram: Ram
    causes: Index
    cause_of: Index
    spread: Array | None
    simple: bool

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
        return cls(ram, causes, at_cause, spread, bool((causes >= ram.p).all()) and _unrelated(ram))

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
        ram, k, p = self.ram, self.causes, self.ram.p
        a, s, m = fill(ram, theta)
        inner = np.asarray(np.linalg.inv(np.eye(k.size) - a[:, k[:, None], k]))
        through = np.asarray(a[:, :, k] @ inner)
        load = through[:, :p]
        es = np.asarray(s[:, :p] + load @ s[:, k])
        w = np.asarray(es[:, :, k] @ _turned(inner))
        v = self._inverse(s, load, es)
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
        return self._summed(cells)

    def _inverse(self, s: Array, load: Array, es: Array) -> Array:
        """Return Sigma^-1, by Woodbury's identity where the residual variances allow it."""
        k, p = self.causes, self.ram.p
        own = np.einsum("bii->bi", s)[:, :p]
        common = es[:, :, k]
        if self.simple:
            total = np.einsum("bpk,bpk->bp", common, load)
            if (own > LEAST_RESIDUAL * np.abs(total)).all():
                scaled = load / own[:, :, None]
                middle = np.linalg.solve(
                    np.eye(k.size) + s[:, k[:, None], k] @ (_turned(load) @ scaled),
                    s[:, k[:, None], k] @ _turned(scaled),
                )
                v = -scaled @ middle
                v[:, np.arange(p), np.arange(p)] += 1.0 / own
                return np.asarray(v)
        return np.asarray(np.linalg.inv(es[:, :, :p] + common @ _turned(load)))

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


def _unrelated(ram: Ram) -> bool:
    """Return whether residuals of observed variables covary neither with each other nor with latent ones."""
    apart = ram.s0.copy()
    apart[ram.s.row, ram.s.col] = apart[ram.s.col, ram.s.row] = 1.0
    np.fill_diagonal(apart, 0.0)
    return not apart[: ram.p].any()


def _turned(matrix: Array) -> Array:
    return np.swapaxes(matrix, 1, 2)
