"""Which values of a model with ordinal variables cannot be, for many parameter vectors at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.draw_causes import USABLE, Codes, impossible_values
from trustmeasure.sem.matrices import fill, total_effects_of
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]


def impossible_responses(rams: Sequence[Ram], theta: Array) -> Codes:
    """Return for parameters of shape (b, q) which values in them cannot be, keys of `CAUSES`.

    Residual variances that follow from scales ("delta") count as the parameters do.
    """
    found = np.zeros(theta.shape[0], dtype=np.int8)
    for ram in rams:
        own = _impossible(ram, theta)
        found = np.where(found == USABLE, own, found).astype(np.int8)
    return found


def _impossible(ram: Ram, theta: Array) -> Codes:
    a, s, _ = fill(ram, theta)
    total = total_effects_of(ram, a)
    latent = total[:, ram.p :]
    cov = latent @ s @ np.swapaxes(latent, 1, 2)
    free = ram.s.row[ram.s.row == ram.s.col]
    own = free if ram.ordinal is None else np.union1d(free, ram.ordinal.ordinal)
    return impossible_values(np.einsum("bvv->bv", s)[:, own], cov)
