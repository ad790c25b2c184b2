r"""Exact second derivatives of the ML discrepancy, again as look-ups in small matrices.

With ``V = Sigma^-1``, ``M = V C V``, ``R = M - V``, ``h = V (xbar - mu)``, A and B the derivatives of
Sigma by two parameters, a and b those of mu:

    d2F = 2 tr(V B M A) - tr(V B V A) + 2 h'A V b + 2 h'B V a + 2 a'V b - tr(R d2Sigma) - 2 h' d2mu

where, with ``T = (I-A)^-1``, ``Phi = T S T'``, ``P = E'R E``, ``K = E'R W``, ``e = E'h`` and ``eta = T m``:

    tr(R d2Sigma / dA[i,j] dA[k,l]) = 2 (T[l,i] K[k,j] + P[i,k] Phi[l,j] + K[i,l] T[j,k])
    tr(R d2Sigma / dA[i,j] dS[k,l]) = 2 w (P[i,k] T[j,l] + P[i,l] T[j,k]),  w = 1/2 when k = l
    h' d2mu / dA[i,j] dA[k,l]       = e_k T[l,i] eta_j + e_i T[j,k] eta_l
    h' d2mu / dA[i,j] dm[k]         = e_i T[j,k]
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.matrices import Implied, Ram

Array = npt.NDArray[np.float64]


def hessian(ram: Ram, now: Implied, target: Array, gap: Array | None, v: Array) -> Array:
    """Return the second derivatives of F.

    Parameters
    ----------
    ram : Ram
        The model.
    now : Implied
        Its moments for a batch of size b.
    target : array, shape (b, p, p)
        C, the sample covariances plus the outer product of `gap`.
    gap : array, shape (b, p), or None
        Sample means minus implied means.
    v : array, shape (b, p, p)
        Inverse of the implied covariances.

    Returns
    -------
    array, shape (b, q, q)
        Symmetric; positive definite at a regular minimum.
    """
    m = v @ target @ v
    total = _from_first_derivatives(ram, now, v, m) - from_second_derivatives(ram, now, m - v)
    if gap is not None and now.eta is not None:
        total = total + _from_means(ram, now, v, gap)
    return _summed(ram, total)


def from_curved_moments(ram: Ram, now: Implied, r: Array, h: Array | None) -> Array:
    """Return `tr(R d2Sigma) + 2 h' d2mu`, shape (b, q, q).

    Parameters
    ----------
    ram : Ram
        The model.
    now : Implied
        Its moments for a batch of size b.
    r : array, shape (b, p, p)
        R, symmetric.
    h : array, shape (b, p), or None
        h, when means are modelled.
    """
    total = from_second_derivatives(ram, now, r)
    if h is not None and now.eta is not None:
        total = total + 2.0 * bend_of_means(ram, now, h)
    return _summed(ram, total)


def _summed(ram: Ram, of_cells: Array) -> Array:
    """Add up the cells of shared parameters: (b, k, k) to (b, q, q)."""
    spread = np.zeros((of_cells.shape[1], ram.q))
    spread[np.arange(of_cells.shape[1]), np.concatenate([ram.moving, ram.m.free])] = 1.0
    return np.asarray(spread.T @ of_cells @ spread)


def cells(ram: Ram) -> tuple[slice, slice, slice, int]:
    """Return where the cells of A, S and m stand in the list of all cells, and their number."""
    n_a, n_s, n_m = ram.a.free.size, ram.s.free.size, ram.m.free.size
    return slice(0, n_a), slice(n_a, n_a + n_s), slice(n_a + n_s, n_a + n_s + n_m), n_a + n_s + n_m


def _turned(x: Array) -> Array:
    return np.swapaxes(x, 1, 2)


def _from_first_derivatives(ram: Ram, now: Implied, v: Array, m: Array) -> Array:
    """Return `2 tr(V B M A) - tr(V B V A)` for all pairs of cells, shape (b, k, k)."""
    gv, gm = _turned(now.u) @ v @ now.u, _turned(now.u) @ m @ now.u
    at, k = ram.pairs, ram.left.size

    def pick(gram: Array, places: npt.NDArray[np.intp]) -> Array:
        return np.asarray(gram.reshape(len(gram), -1).take(places, axis=1).reshape(-1, k, k))

    twice = 2.0 * gm - gv
    # Both matrices are symmetric, and the pairs (right, left) are those of (left, right), turned.
    mixed = pick(twice, at.across) * _turned(pick(gv, at.across))
    pairs = pick(twice, at.right) * pick(gv, at.left) + pick(twice, at.left) * pick(gv, at.right)
    pairs = (mixed + _turned(mixed) + pairs) * (0.5 * at.weight)
    *_, size = cells(ram)
    whole = np.zeros((pairs.shape[0], size, size))
    whole[:, :k, :k] = pairs
    return whole


def from_second_derivatives(ram: Ram, now: Implied, r: Array) -> Array:
    """Return `tr(R d2Sigma)` for all pairs of cells, shape (b, k, k)."""
    in_a, in_s, _, size = cells(ram)
    e, w = now.u[:, :, : ram.v], now.u[:, :, ram.v :]
    p, k = _turned(e) @ r @ e, _turned(e) @ r @ w
    t, phi = now.total, now.phi
    i, j = ram.a.row[:, None], ram.a.col[:, None]
    both = np.zeros((r.shape[0], size, size))
    other, last = ram.a.row, ram.a.col
    both[:, in_a, in_a] = 2.0 * (
        t[:, last, i] * k[:, other, j] + p[:, i, other] * phi[:, last, j] + k[:, i, last] * t[:, j, other]
    )
    weight = ram.weight[in_s]
    mixed = 2.0 * weight * (p[:, i, ram.s.row] * t[:, j, ram.s.col] + p[:, i, ram.s.col] * t[:, j, ram.s.row])
    both[:, in_a, in_s] = mixed
    both[:, in_s, in_a] = _turned(mixed)
    return both


def _from_means(ram: Ram, now: Implied, v: Array, gap: Array) -> Array:
    """Return the terms of the Hessian that the means bring, shape (b, k, k)."""
    b, size = gap.shape[0], cells(ram)[3]
    h = np.einsum("bij,bj->bi", v, gap)
    uh = np.einsum("bpk,bp->bk", now.u, h)
    slope = slopes_of_means(ram, now)
    weighted = v @ slope
    through = _turned(now.u) @ weighted
    moved = np.zeros((b, size, size))
    moved[:, : ram.left.size] = ram.weight[:, None] * (
        uh[:, ram.left, None] * through[:, ram.right] + uh[:, ram.right, None] * through[:, ram.left]
    )
    bend = bend_of_means(ram, now, h)
    return np.asarray(2.0 * (moved + _turned(moved) + _turned(slope) @ weighted - bend))


def slopes_of_means(ram: Ram, now: Implied) -> Array:
    """Return the derivatives of the implied means by all cells, shape (b, p, k)."""
    in_a, _, in_m, size = cells(ram)
    assert now.eta is not None  # noqa: S101  # the caller has checked it
    slope = np.zeros((now.u.shape[0], ram.p, size))
    slope[:, :, in_a] = now.u[:, :, ram.a.row] * now.eta[:, None, ram.a.col]
    slope[:, :, in_m] = now.u[:, :, ram.m.row]
    return slope


def bend_of_means(ram: Ram, now: Implied, h: Array) -> Array:
    """Return `h' d2mu` for all pairs of cells, shape (b, k, k), for `h` of shape (b, p)."""
    in_a, _, in_m, size = cells(ram)
    assert now.eta is not None  # noqa: S101  # the caller has checked it
    t, eta = now.total, now.eta
    uh = np.einsum("bpk,bp->bk", now.u, h)
    i, j = ram.a.row[:, None], ram.a.col[:, None]
    bend = np.zeros((h.shape[0], size, size))
    bend[:, in_a, in_a] = (
        uh[:, ram.a.row][:, None, :] * t[:, ram.a.col, i] * eta[:, j]
        + uh[:, i] * t[:, j, ram.a.row] * eta[:, ram.a.col][:, None, :]
    )
    bend[:, in_a, in_m] = uh[:, i] * t[:, j, ram.m.row]
    bend[:, in_m, in_a] = _turned(bend[:, in_a, in_m])
    return bend
