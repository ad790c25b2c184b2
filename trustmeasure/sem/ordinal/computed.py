"""What follows from the parameters of ordinal variables: residual variances ("delta") or scales ("theta")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.matrices import fill
from trustmeasure.sem.ordinal.statistics import part_of, state_at
from trustmeasure.sem.parameters import Parameter
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Numbers = npt.NDArray[Any]


def computed_rows(ram: Ram, rows: Sequence[Parameter], theta: Numbers) -> tuple[Index, Numbers]:
    """Return which rows of a group are no parameters but follow from them, and their values, shape (b, k).

    Parameters
    ----------
    ram : Ram
        The group's matrices.
    rows : sequence of Parameter
        Its rows.
    theta : array, shape (b, q)
        Parameters, real or complex.
    """
    if ram.ordinal is None:
        return np.zeros(0, dtype=np.intp), np.zeros((len(theta), 0))
    part = part_of(ram)
    op = "~~" if part.delta else "~*~"
    at = {ram.variables[i]: i for i in part.ordinal}
    found = [(i, at[r.lhs]) for i, r in enumerate(rows) if r.op == op and r.lhs == r.rhs and r.lhs in at]
    places = np.array(found, dtype=np.intp).reshape(-1, 2)
    if part.delta:
        s = fill(ram, theta)[1]
        return places[:, 0], s[:, places[:, 1], places[:, 1]]
    number = {int(variable): i for i, variable in enumerate(part.y)}
    y = [number[int(variable)] for variable in places[:, 1]]
    return places[:, 0], state_at(ram, theta).scale[:, y]
