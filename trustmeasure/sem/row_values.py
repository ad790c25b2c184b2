"""Values of all rows of a parameter table, plain and standardised, for many parameter vectors at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.inference import defined_values, labelled
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.standardize import row_values, standardized
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]

BLOCK = 50
"""Parameter vectors standardised at a time, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class RowValues:
    """One column a row of the table, then a `:=` line.

    Attributes
    ----------
    estimate, std_lv, std_all : arrays, shape (b, rows)
        Unstandardised, standardised by the latent variables, and by all variables.
    """

    estimate: Array
    std_lv: Array
    std_all: Array

    @classmethod
    def of(cls, table: ParameterTable, rams: Sequence[Ram], theta: Array) -> RowValues:
        """Evaluate all rows at parameters of shape (b, q).

        Nothing in the table may be fixed at a sample's moments; see `population.open_table`.
        """
        blocks = [_block(table, rams, theta[i : i + BLOCK]) for i in range(0, max(len(theta), 1), BLOCK)]
        return cls(*(np.concatenate([block[k] for block in blocks]) for k in range(3)))


@one_thread
def _block(table: ParameterTable, rams: Sequence[Ram], theta: Array) -> tuple[Array, Array, Array]:
    fixed = [np.array([p.value for p in table.only(g).parameters]) for g in range(1, len(rams) + 1)]
    with np.errstate(all="ignore"):
        lv, every = (standardized(table, rams, fixed, theta, latent_only=only) for only in (True, False))
        return _plain(table, rams, fixed, theta), lv, every


def _plain(table: ParameterTable, rams: Sequence[Ram], fixed: Sequence[Array], theta: Array) -> Array:
    groups = enumerate(zip(rams, fixed, strict=True), start=1)
    rows = [row_values(ram, table.only(g).parameters, own, theta) for g, (ram, own) in groups]
    defined = defined_values(table, labelled(table, theta))
    return np.concatenate([*rows, *(np.broadcast_to(x, len(theta))[:, None] for x in defined)], axis=1)
