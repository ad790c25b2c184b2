"""The minimum of one fit: several starts, and latent variables in other units where their own hinder.

A latent variable takes its unit from an indicator whose loading is fixed. When that indicator hardly measures
it, the other loadings grow without bound on the way to the minimum, which may lie beyond infinity, where the
marker's loading has the other sign. With the variance fixed in place of the loading the way is short, and its
end is told in the units of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf

from trustmeasure.moments import SampleMoments
from trustmeasure.sem.constrained import minimise_within
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.descent import Look
from trustmeasure.sem.discrepancy.base import Discrepancy
from trustmeasure.sem.matrices import Cells, Ram, fill, implied
from trustmeasure.sem.optimize import Minimum, minimise
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.starting import starting_values

Array = npt.NDArray[np.float64]
Make = Callable[[Sequence[Ram]], Discrepancy]

FEW_STEPS, MANY_STEPS = 120, 500
ROUNDING = 1e-10
"""Eigenvalue below zero, as a share of their sum, that counts as zero."""
LOWER = 1e-9
"""By how much a minimum must be below another one to be another one."""
LEAST_SCALE = 1e-6
"""Loading of a marker, compared with its fixed value, below which it cannot be the unit."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A latent variable whose variance is fixed in the place of its marker's loading.

    Attributes
    ----------
    latent, marker : int
        Positions among the variables.
    free : int
        The free parameter (from 0) of the variance, which the loading takes over.
    value : float
        What the loading is fixed at in the model.
    """

    latent: int
    marker: int
    free: int
    value: float


def search(
    table: ParameterTable,
    rams: Sequence[Ram],
    samples: Sequence[SampleMoments],
    make: Make,
    start: Array,
    *,
    own: Discrepancy | None = None,
    first: Look | None = None,
) -> Minimum:
    """Return the minimum of the discrepancy that `make` gives for `rams`, or the lowest point reached.

    Parameters
    ----------
    table : ParameterTable
        The model with its constraints.
    rams : sequence of Ram, length G
        Its matrices in each group.
    samples : sequence of SampleMoments, length G
        Moments, for further starts.
    make : callable
        Returns the discrepancy of such matrices.
    start : array, shape (q,)
        Where to begin.
    own : Discrepancy, optional
        What `make` gives for `rams`, when it was made before.
    first : Look, optional
        That discrepancy at the start, when it was looked at before.
    """
    own, reached = make(rams) if own is None else own, []
    for found in _tries(table, rams, samples, make, own, start, first):
        if found.converged[0]:
            return found if _possible(rams, found) else _lower(table, rams, samples, own, found)
        reached.append(found)
    lowest = min(reached, key=lambda m: float(m.value[0]))
    return minimise_within(table, own, lowest.theta, max_iterations=MANY_STEPS)


def _possible(rams: Sequence[Ram], found: Minimum) -> bool:
    """Return whether no variance is negative and latent variables have a covariance matrix."""
    for ram in rams:
        now = implied(ram, found.theta)
        if (now.s[0].diagonal() < 0).any() or _negative(now.phi[0][ram.p :, ram.p :]):
            return False
    return True


def _negative(cov: Array) -> bool:
    """Return whether an eigenvalue is below zero by more than rounding.

    Most matrices have a Cholesky factor, so that there is none.
    """
    if cov.size == 0 or not dpotrf(cov, lower=1)[1]:
        return False
    return bool(np.linalg.eigvalsh(cov)[0] < -ROUNDING * np.trace(cov))


def _lower(
    table: ParameterTable,
    rams: Sequence[Ram],
    samples: Sequence[SampleMoments],
    own: Discrepancy,
    found: Minimum,
) -> Minimum:
    """Return the lower of two minima: an impossible one often is not the lowest."""
    other = starting_values(table, rams, samples, simple=True)
    second = minimise_within(table, own, other[None], max_iterations=FEW_STEPS)
    return second if second.converged[0] and second.value[0] < found.value[0] - LOWER else found


def _tries(
    table: ParameterTable,
    rams: Sequence[Ram],
    samples: Sequence[SampleMoments],
    make: Make,
    own: Discrepancy,
    start: Array,
    first: Look | None,
) -> Iterator[Minimum]:
    for simple in (False, True):
        at = starting_values(table, rams, samples, simple=True) if simple else start
        looked = None if simple else first
        yield minimise_within(table, own, at[None], max_iterations=FEW_STEPS, first=looked)
        if not Limits.of(table):
            for sign in (1.0, -1.0):
                theta = _in_other_units(rams, make, at, sign)
                if theta is not None:
                    yield minimise(own, theta[None], max_iterations=FEW_STEPS)


def _in_other_units(rams: Sequence[Ram], make: Make, start: Array, sign: float) -> Array | None:
    """Return where a minimisation with variances for units ends, in the units of the model."""
    swaps = [_swaps(ram, rams) for ram in rams]
    if not any(swaps):
        return None
    theta = start.copy()
    for swap in (one for own in swaps for one in own):
        theta[swap.free] = swap.value
    others = [_swapped(ram, own, start, sign) for ram, own in zip(rams, swaps, strict=True)]
    found = minimise(make(others), theta[None], max_iterations=FEW_STEPS)
    return _back(rams, others, swaps, found.theta[0]) if np.isfinite(found.value[0]) else None


def _swaps(ram: Ram, rams: Sequence[Ram]) -> list[Swap]:
    """Return the latent variables of a group that can take another unit without changing what is fixed."""
    every = np.concatenate([np.concatenate([r.moving, r.m.free]) for r in rams])
    shared = np.bincount(every, minlength=ram.q) > 1
    found = [_swap(ram, i, shared) for i in range(ram.p, ram.v)]
    return [one for one in found if one is not None]


def _swap(ram: Ram, i: int, shared: npt.NDArray[np.bool_]) -> Swap | None:
    markers = np.flatnonzero(ram.a0[:, i])
    own = np.flatnonzero((ram.s.row == i) & (ram.s.col == i))
    fixed = ram.a0[i].any() or ram.s0[i].any() or (ram.m0 is not None and ram.m0[i] != 0)
    if markers.size != 1 or own.size != 1 or fixed:
        return None
    touching = [
        ram.a.free[(ram.a.row == i) | (ram.a.col == i)],
        ram.s.free[(ram.s.row == i) | (ram.s.col == i)],
        ram.m.free[ram.m.row == i],
    ]
    if shared[np.concatenate(touching)].any():
        return None
    marker = int(markers[0])
    return Swap(i, marker, int(ram.s.free[own[0]]), float(ram.a0[marker, i]))


def _swapped(ram: Ram, swaps: Sequence[Swap], start: Array, sign: float) -> Ram:
    """Return matrices in which variances are fixed, at their starting values, and markers' loadings free."""
    a0, s0, a, s = ram.a0.copy(), ram.s0.copy(), ram.a, ram.s
    for one in swaps:
        a0[one.marker, one.latent] = 0.0
        s0[one.latent, one.latent] = sign * max(abs(start[one.free]), LEAST_SCALE)
        a = Cells(
            *(np.append(x, y) for x, y in zip(_parts(a), (one.marker, one.latent, one.free), strict=True))
        )
        kept = (s.row != one.latent) | (s.col != one.latent)
        s = Cells(*(x[kept] for x in _parts(s)))
    return replace(ram, a0=a0, s0=s0).with_cells(a, s, ram.m, ram.q)


def _parts(cells: Cells) -> tuple[npt.NDArray[np.intp], ...]:
    return cells.row, cells.col, cells.free


def _back(
    rams: Sequence[Ram], others: Sequence[Ram], swaps: Sequence[Sequence[Swap]], theta: Array
) -> Array | None:
    """Return parameters in the units of the model; None when a marker's loading is zero."""
    found = theta.copy()
    for ram, other, own in zip(rams, others, swaps, strict=True):
        a, s, m = (None if x is None else x[0] for x in fill(other, theta[None]))
        scale = np.ones(ram.v)
        for one in own:
            scale[one.latent] = theta[one.free] / one.value
        if a is None or s is None or (np.abs(scale) < LEAST_SCALE).any():
            return None
        found[ram.a.free] = (scale[:, None] * a / scale)[ram.a.row, ram.a.col]
        found[ram.s.free] = (scale[:, None] * s * scale)[ram.s.row, ram.s.col]
        if m is not None:
            found[ram.m.free] = (scale * m)[ram.m.row]
    return found
