r"""Value and gradient of the ML discrepancy where observed variables are indicators and nothing else.

When all arrows leave latent variables and residuals of observed variables covary with nothing, Sigma is a
diagonal matrix plus one of low rank, ``Sigma = D + L S L'`` with ``L = A[y,K] (I - A[K,K])^-1``. With
``Q = D^-1 L``, ``G = L'Q``, ``N = (I + S G)^-1``, ``M = N S``, ``H = Q'C Q`` and ``R = V (C - Sigma) V``

    V = D^-1 - Q M Q',   V L = Q N                                            (Woodbury 1950)
    R L = (D^-1 C Q - Q (I + M H)) N,   L'R L = (H - G (I + M H)) N
    diag R = diag(C) / d^2 - 1 / d - rowsum(Q M * (2 D^-1 C Q - Q - Q M H))
    log|Sigma| = sum log d + log|I + S G|,   tr(C V) = sum diag(C) / d - tr(M H)

so that `C Q` is the only product with a matrix of the size of Sigma, and nothing of that size is inverted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.matrices import Ram

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

LEAST_RESIDUAL = 1e-3
"""Residual variance, as a share of the sample's, from which Woodbury's identity loses few digits."""


@dataclass(frozen=True, slots=True)
class Place:
    """Free cells in one block of a matrix: where they stand there, and which parameters they take.

    Attributes
    ----------
    row, col : arrays, shape (k,)
        The cell of the block.
    free : array, shape (k,)
        The parameter, from 0.
    at : array, shape (k,)
        Position of the cell in the list of all cells: those of A, then of S, then of m.
    """

    row: Index
    col: Index
    free: Index
    at: Index

    @classmethod
    def among(cls, row: Index, col: Index, free: Index, chosen: Flags, first: int) -> Place:
        """Take the chosen cells of a matrix whose list of cells begins at position `first`."""
        return cls(row[chosen], col[chosen], free[chosen], first + np.flatnonzero(chosen))


@dataclass(frozen=True, slots=True)
class Pieces:
    """What parameters imply, for a batch of size b and k latent variables.

    Attributes
    ----------
    load : array, shape (b, p, k)
        L.
    s : array, shape (b, k, k)
        Residual covariances of the latent variables.
    own : array, shape (b, p)
        Residual variances d of the observed variables.
    across : array, shape (b, k, k)
        ``S (I - A[K,K])^-T``, which takes L to the covariances of observed and latent variables.
    eta : array, shape (b, k), or None
        Means of the latent variables.
    mu : array, shape (b, p), or None
        Means of the observed variables.
    """

    load: Array
    s: Array
    own: Array
    across: Array
    eta: Array | None
    mu: Array | None


@dataclass(frozen=True, slots=True)
class Factors:
    """Where the parameters of such a model stand.

    Attributes
    ----------
    ram : Ram
        The model.
    loadings, paths : Place
        Free cells of A in the rows of observed, and of latent variables.
    residuals, covariances : Place
        Free cells of S of observed, and of latent variables.
    longest : int
        Arrows of the longest way from latent to latent variable; -1 when ways run in circles.
    """

    ram: Ram
    loadings: Place
    paths: Place
    residuals: Place
    covariances: Place
    longest: int

    @classmethod
    def of(cls, ram: Ram) -> Factors | None:
        """Return the places, or None when the model is not such a one."""
        used, p = ram.a0 != 0, ram.p
        used[ram.a.row, ram.a.col] = True
        if used[:, :p].any() or not used[:, p:].any(axis=0).all() or ram.v == p or _related(ram):
            return None
        a, s, below = ram.a, ram.s, ram.a.row >= p
        latent = s.row >= p
        return cls(
            ram,
            Place.among(a.row, a.col - p, a.free, ~below, 0),
            Place.among(a.row - p, a.col - p, a.free, below, 0),
            Place.among(s.row, s.col, s.free, ~latent, a.row.size),
            Place.among(s.row - p, s.col - p, s.free, latent, a.row.size),
            _longest(used[p:, p:]),
        )

    def suited(self, theta: Array, cov: Array) -> Flags:
        """Return for which members of the batch the residual variances are large enough, shape (b,)."""
        own = np.repeat(np.diag(self.ram.s0)[None, : self.ram.p], len(theta), axis=0)
        own[:, self.residuals.row] = theta[:, self.residuals.free]
        return np.asarray((own > LEAST_RESIDUAL * np.einsum("bii->bi", cov)).all(axis=1))

    def certain(self, theta: Array) -> Flags:
        """Return for which members positive residual variances make Sigma positive definite, shape (b,)."""
        s = self._covariances(theta)
        slack = 1e-12 * np.abs(np.einsum("bii->bi", s)).max(axis=1)
        s = s + slack[:, None, None] * np.eye(s.shape[1])
        try:
            np.linalg.cholesky(s)
        except np.linalg.LinAlgError:
            return np.asarray(np.linalg.eigvalsh(s)[:, 0] > 0)
        return np.ones(len(theta), dtype=bool)

    def value(self, theta: Array, cov: Array, mean: Array | None) -> Array:
        """Return ``log|Sigma| + tr(C V)``, the discrepancy but for what the sample alone decides, shape (b,).

        The members must be `suited`, and Sigma positive definite.
        """
        now = self._pieces(theta)
        scaled = now.load / now.own[:, :, None]
        gram = now.s @ (_turned(now.load) @ scaled)
        at = np.arange(gram.shape[1])
        gram[:, at, at] += 1.0
        variance, product, _ = self._target(now, scaled, cov, mean)
        bend = np.linalg.solve(gram, now.s @ (_turned(scaled) @ product))
        logdet = np.log(now.own).sum(axis=1) + np.linalg.slogdet(gram)[1]
        return np.asarray(logdet + (variance / now.own).sum(axis=1) - np.einsum("bii->b", bend))

    def gradient(self, theta: Array, cov: Array, mean: Array | None) -> Array:
        """Return the derivatives by each cell of A, S and (with means) m, shape (b, cells)."""
        now = self._pieces(theta)
        own = now.own[:, :, None]
        scaled = now.load / own
        gram = _turned(now.load) @ scaled
        one = np.eye(gram.shape[1])
        n = np.linalg.inv(one + now.s @ gram)
        qm = scaled @ (n @ now.s)
        variance, product, gap = self._target(now, scaled, cov, mean)
        h = _turned(scaled) @ product
        bend = one + (n @ now.s) @ h
        product /= own
        tall = (product - scaled @ bend) @ n
        wide = (h - gram @ bend) @ n
        diagonal = np.einsum("bpk,bpk->bp", qm, 2.0 * product - scaled - qm @ h)
        own_cells = (variance / now.own - 1.0) / now.own - diagonal
        cells = self._cells(now, tall, wide, own_cells)
        if gap is None:
            return cells
        pull = gap / now.own - (qm @ (_turned(scaled) @ gap[:, :, None]))[..., 0]
        return self._with_means(cells, now, pull)

    def phi(self, theta: Array) -> Array:
        """Return the covariances of the latent variables, shape (b, k, k)."""
        now = self._pieces(theta)
        inner = self._inner(theta)
        return now.across if inner is None else inner @ now.across

    def _covariances(self, theta: Array) -> Array:
        """Return the residual covariances of the latent variables, shape (b, k, k)."""
        p, at = self.ram.p, self.covariances
        s = np.repeat(self.ram.s0[None, p:, p:], len(theta), axis=0)
        s[:, at.row, at.col] = s[:, at.col, at.row] = theta[:, at.free]
        return s

    def _inner(self, theta: Array) -> Array | None:
        """Return (I - A[K,K])^-1, or None when it is the identity.

        Without circles the powers of A[K,K] end, and ``(I + A)(I + A^2)(I + A^4)...`` is its inverse.
        """
        if self.longest == 0:
            return None
        p, at = self.ram.p, self.paths
        a = np.repeat(self.ram.a0[None, p:, p:], len(theta), axis=0)
        a[:, at.row, at.col] = theta[:, at.free]
        one = np.eye(self.ram.v - p)
        if self.longest < 0:
            return np.asarray(np.linalg.inv(one - a))
        found, length = one + a, 2
        while length <= self.longest:
            a = a @ a
            found, length = found @ (one + a), 2 * length
        return found

    def _pieces(self, theta: Array) -> Pieces:
        ram, p, b = self.ram, self.ram.p, len(theta)
        load = np.repeat(ram.a0[None, :p, p:], b, axis=0)
        load[:, self.loadings.row, self.loadings.col] = theta[:, self.loadings.free]
        s = self._covariances(theta)
        own = np.repeat(np.diag(ram.s0)[None, :p], b, axis=0)
        own[:, self.residuals.row] = theta[:, self.residuals.free]
        inner = self._inner(theta)
        eta, mu = self._means(theta, load, inner)
        if inner is None:
            return Pieces(load, s, own, s, eta, mu)
        return Pieces(load @ inner, s, own, s @ _turned(inner), eta, mu)

    def _means(self, theta: Array, plain: Array, inner: Array | None) -> tuple[Array | None, Array | None]:
        ram = self.ram
        if ram.m0 is None:
            return None, None
        m = np.repeat(ram.m0[None], len(theta), axis=0)
        m[:, ram.m.row] = theta[:, ram.m.free]
        eta = m[:, ram.p :]
        if inner is not None:
            eta = (inner @ eta[:, :, None])[..., 0]
        return eta, m[:, : ram.p] + (plain @ eta[:, :, None])[..., 0]

    def _target(
        self, now: Pieces, scaled: Array, cov: Array, mean: Array | None
    ) -> tuple[Array, Array, Array | None]:
        """Return diag C, C Q and the gap of the means, which C contains."""
        variance, product = np.einsum("bii->bi", cov), cov @ scaled
        if mean is None or now.mu is None:
            return variance, product, None
        gap = mean - now.mu
        product += gap[:, :, None] * (gap[:, None, :] @ scaled)
        return variance + gap**2, product, gap

    def _cells(self, now: Pieces, tall: Array, wide: Array, own: Array) -> Array:
        ram = self.ram
        cells = np.empty((len(own), ram.a.row.size + ram.s.row.size))
        load, path, cov = self.loadings, self.paths, self.covariances
        cells[:, load.at] = -2.0 * (tall @ now.across)[:, load.row, load.col]
        if path.at.size:
            cells[:, path.at] = -2.0 * (wide @ now.across)[:, path.row, path.col]
        cells[:, self.residuals.at] = -own[:, self.residuals.row]
        cells[:, cov.at] = (-2.0 * ram.weight[cov.at]) * wide[:, cov.row, cov.col]
        return cells

    def _with_means(self, cells: Array, now: Pieces, pull: Array) -> Array:
        """Add what the means bring; `pull` is V (xbar - mu)."""
        ram = self.ram
        every = np.concatenate([pull, (_turned(now.load) @ pull[:, :, None])[..., 0]], axis=1)
        if now.eta is not None:
            cells[:, : ram.a.row.size] -= 2.0 * every[:, ram.a.row] * now.eta[:, ram.a.col - ram.p]
        return np.concatenate([cells, -2.0 * every[:, ram.m.row]], axis=1)


def _longest(arrows: Flags) -> int:
    """Return the number of arrows on the longest way, -1 when there are circles."""
    reached, length = arrows, 0
    while reached.any():
        if length == len(arrows):
            return -1
        reached, length = (reached.astype(int) @ arrows.astype(int)) > 0, length + 1
    return length


def _related(ram: Ram) -> bool:
    """Return whether residuals of observed variables covary with each other or with latent ones."""
    apart = ram.s0 != 0
    apart[ram.s.row, ram.s.col] = apart[ram.s.col, ram.s.row] = True
    np.fill_diagonal(apart, False)
    return bool(apart[: ram.p].any())


def _turned(matrix: Array) -> Array:
    return np.swapaxes(matrix, 1, 2)
