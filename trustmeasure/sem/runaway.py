"""Why a search for the minimum went on without end, told by where it had come to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import Ram, implied
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]

WEAK_MARKER = 0.15
"""Standardised loading below which an indicator hardly fixes the unit of its latent variable."""
FAR_BELOW = -0.1
"""Residual variance, as a share of the variable's variance, that no sampling error explains."""
LEAST_SHARE = 1e-3
"""Residual variance, as a share of the response's variance, that only grows smaller with "theta"."""
BEYOND = 1.05
"""Correlation of latent variables that rounding does not explain."""


def cause_of(result: SemResult) -> str:
    """Return what stands in the way of a minimum, with the remedy; empty when nothing stands out.

    Parameters
    ----------
    result : SemResult
        A fit that did not converge, at the values reached.
    """
    for group in result.groups:
        found = _all_explained(group) or _weak_marker(group) or _runaway(group) or _overlap(group)
        if found:
            return f"In group '{group.label}': {found}" if group.label else found
    return ""


def _moments(group: GroupResult) -> tuple[Array, Array]:
    """Return the covariances of all variables and the residual variances."""
    now = implied(group.ram, group.theta[None])
    return now.phi[0], np.diag(now.s[0])


def _weak_marker(group: GroupResult) -> str:
    ram = group.ram
    phi, _ = _moments(group)
    for i in range(ram.p, ram.v):
        markers = np.flatnonzero(ram.a0[:, i])
        if markers.size != 1:
            continue
        marker = int(markers[0])
        variance, total = phi[i, i], phi[marker, marker]
        share = ram.a0[marker, i] ** 2 * variance / total if total > 0 else 0.0
        if share < WEAK_MARKER**2:
            name, by = ram.variables[i], ram.variables[marker]
            return (
                f"the unit of {name} is {by}, which hardly measures it here, so that the other loadings grow "
                f"without bound. Put another indicator of {name} first, or use std_lv=True."
            )
    return ""


def _all_explained(group: GroupResult) -> str:
    """Return which response is explained without rest, which "theta" can only come near to."""
    part = group.ram.ordinal
    if part is None or part.delta:
        return ""
    phi, residual = _moments(group)
    share = residual[part.ordinal] / np.diag(phi)[part.ordinal]
    worst = int(np.argmin(share))
    if share[worst] > LEAST_SHARE:
        return ""
    name = group.ram.variables[part.ordinal[worst]]
    return (
        f"the factors explain all of the response of {name}, and more than all may fit best. With "
        "parameterization='theta' its residual variance is 1, so the other parameters grow without bound. "
        f"parameterization='delta' shows the residual variance, which may be negative; give the latent "
        f"variable of {name} more indicators, or leave {name} out."
    )


def _overlap(group: GroupResult) -> str:
    ram = group.ram
    phi = _moments(group)[0][ram.p :, ram.p :]
    sd = np.sqrt(np.where(np.diag(phi) > 0, np.diag(phi), np.nan))
    corr = np.abs(np.nan_to_num(np.tril(phi / np.outer(sd, sd), -1)))
    if corr.size == 0 or corr.max() < BEYOND:
        return ""
    i, j = np.unravel_index(int(np.argmax(corr)), corr.shape)
    first, second = ram.variables[ram.p + int(j)], ram.variables[ram.p + int(i)]
    return (
        f"{first} and {second} correlate beyond 1 ({corr[i, j]:.2f}): their items do not tell them apart. "
        "Merge them, or look for items that belong to both."
    )


def _runaway(group: GroupResult) -> str:
    ram: Ram = group.ram
    phi, residual = _moments(group)
    total = np.diag(phi)
    share = np.where(total > 0, residual / np.where(total > 0, total, 1.0), -np.inf)
    worst = int(np.argmin(share))
    if share[worst] > FAR_BELOW:
        return ""
    name = ram.variables[worst]
    return (
        f"the residual variance of {name} falls far below zero ({residual[worst]:.3g}), as if {name} were "
        "more than explained. Give its latent variable more indicators, or hold the variance with a "
        f"constraint such as '{name} ~~ v*{name}; v > 0'."
    )
