r"""Value and gradient of the ML discrepancy of one sample, in few operations on small arrays.

What `slope` does for many samples at once, written for matrices instead of batches of them: for models of
some tens of variables the time of a fit is not arithmetic but the number of array operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dtrtri

from trustmeasure.sem.matrices import Ram, through

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Single:
    """Where the gradient of one group finds its cells.

    Attributes
    ----------
    ram : Ram
        The model.
    causes : slice or array, shape (k,)
        Variables that arrows leave; a slice where they stand side by side.
    arrows : array, shape (number of free cells of A,)
        Flat positions of the free cells of A in a matrix of all variables by causes.
    factor : array, shape (number of free cells of A and S,)
        -2 times the weight of each cell.
    pieces : array, shape (number of free cells of A and S,), or None
        Where all latent variables and no others are causes: positions of the cells in R, then in R L and R W
        side by side, then in L' times these.
    fixed : array, shape (v k + v v,)
        The columns of A that causes have, then S, with zeros for free cells.
    put, taken : arrays of int
        Where free cells stand in these, and the parameters that they take.
    """

    ram: Ram
    causes: slice | Index
    arrows: Index
    factor: Array
    pieces: Index | None
    fixed: Array
    put: Index
    taken: Index

    @classmethod
    def of(cls, ram: Ram) -> Single:
        """Look the cells up."""
        causes, k = ram.causes, ram.causes.size
        side_by_side = k > 0 and causes[-1] - causes[0] == k - 1
        arrows = ram.a.row * k + np.searchsorted(causes, ram.a.col)
        among = slice(int(causes[0]), int(causes[-1]) + 1) if side_by_side else causes
        latent = side_by_side and causes[0] == ram.p and causes[-1] == ram.v - 1
        _, in_s, of_s = ram.places
        return cls(
            ram,
            among,
            arrows,
            factor=-2.0 * ram.weight,
            pieces=_pieces(ram) if latent else None,
            fixed=np.concatenate([ram.a0[:, causes].ravel(), ram.s0.ravel()]),
            put=np.concatenate([arrows, ram.v * k + in_s]),
            taken=np.concatenate([ram.a.free, of_s]),
        )

    def slope(self, theta: Array, cov: Array, mean: Array | None) -> tuple[float, Array] | None:
        """Return ``log|Sigma| + tr(C V)`` and the gradient (q,); None where Sigma is not positive definite.

        Parameters
        ----------
        theta : array, shape (q,)
            Parameters.
        cov : array, shape (p, p)
            Sample covariances with divisor n.
        mean : array, shape (p,), or None
            Sample means; not looked at when the model has none.
        """
        ram, k, p = self.ram, self.causes, self.ram.p
        from_causes, s = self._filled(theta)
        ways = through(from_causes, from_causes[k], ram.chain)
        load = ways[:p]
        es = s[:p] + load @ s[k]
        ek = es[:, k]
        root, failed = dpotrf(es[:, :p] + ek @ load.T, lower=1)
        if failed:
            return None
        half = dtrtri(root, lower=1)[0]
        v = half.T @ half
        target, gap, eta = cov, None, None
        if mean is not None and ram.m0 is not None:
            m = ram.m0.copy()
            m[ram.m.row] = theta[ram.m.free]
            eta = m + ways @ m[k]
            gap = mean - eta[:p]
            target = cov + gap[:, None] * gap
        value = 2.0 * float(np.log(root.diagonal()).sum()) + float(np.vdot(v, target))
        if not isfinite(value):
            return None
        r = v @ target @ v - v
        cells = self.factor * self._gram(r, load, r @ (ek + ek @ ways[k].T))
        gradient = _added_up(ram.moving, cells, ram.q)
        if gap is None or eta is None:
            return value, gradient
        return value, gradient + self._from_means(v @ gap, load, eta)

    def _filled(self, theta: Array) -> tuple[Array, Array]:
        """Return the columns of A that causes have, and S."""
        whole, v = self.fixed.copy(), self.ram.v
        whole[self.put] = theta[self.taken]
        size = whole.size - v * v
        return whole[:size].reshape(v, -1), whole[size:].reshape(v, v)

    def _gram(self, r: Array, load: Array, pulled: Array) -> Array:
        """Return `left' R right` for each free cell of A, then of S; `pulled` is R W of the causes."""
        if self.pieces is None:
            return self._gram_of_all(r, load, pulled)
        tall = np.concatenate([r @ load, pulled], axis=1)
        return np.concatenate([r.ravel(), tall.ravel(), (load.T @ tall).ravel()]).take(self.pieces)

    def _gram_of_all(self, r: Array, load: Array, pulled: Array) -> Array:
        ram, k, p = self.ram, self.causes, self.ram.p
        across = np.zeros((ram.v, load.shape[1]))
        across[:p] = pulled
        across[k] += load.T @ pulled
        within = np.zeros((ram.v, ram.v))
        within[:p, :p] = r
        within[:p, k] += r @ load
        within[k] += load.T @ within[:p]
        return np.concatenate([across.ravel()[self.arrows], within[ram.s.row, ram.s.col]])

    def _from_means(self, pull: Array, load: Array, eta: Array) -> Array:
        """Return what the means bring to the gradient; `pull` is V (xbar - mu)."""
        ram = self.ram
        every = np.zeros(ram.v)
        every[: ram.p] = pull
        every[self.causes] += load.T @ pull
        cells = np.concatenate([every[ram.a.row] * eta[ram.a.col], every[ram.m.row]])
        return -2.0 * _added_up(ram.mean_free, cells, ram.q)


def _pieces(ram: Ram) -> Index:
    """Return where `left' R right` of each free cell stands; see `Single`."""
    p, k, v = ram.p, ram.v - ram.p, ram.v
    tall, wide = p * p, p * p + p * 2 * k
    where = np.empty((v, v + k), dtype=np.intp)
    where[:p, :p] = np.arange(tall).reshape(p, p)
    where[:p, p:] = np.arange(tall, wide).reshape(p, 2 * k)
    where[p:, p:] = np.arange(wide, wide + 2 * k * k).reshape(k, 2 * k)
    where[p:, :p] = where[:p, p:v].T
    return np.concatenate([where[ram.a.row, ram.a.col + k], where[ram.s.row, ram.s.col]])


def _added_up(free: Index, cells: Array, q: int) -> Array:
    """Return what the cells bring to each of q parameters."""
    return np.asarray(np.bincount(free, cells, q), dtype=np.float64)
