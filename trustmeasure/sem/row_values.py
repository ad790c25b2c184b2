"""Values of all rows of a parameter table, plain and standardised, for many parameter vectors at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.inference import defined_values, labelled
from trustmeasure.sem.matrices import Ram, fill, total_effects
from trustmeasure.sem.parameters import Parameter, ParameterTable

Array = npt.NDArray[np.float64]

BLOCK = 500
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


def _block(table: ParameterTable, rams: Sequence[Ram], theta: Array) -> tuple[Array, Array, Array]:
    plain = np.stack(
        [theta[:, p.free - 1] if p.free else np.full(len(theta), p.value) for p in table.parameters], axis=1
    )
    with np.errstate(all="ignore"):
        defined = defined_values(table, labelled(table, theta))
        return (
            _joined(plain, defined),
            _standardised(table, rams, theta, plain, latent_only=True),
            _standardised(table, rams, theta, plain, latent_only=False),
        )


def _joined(rows: Array, defined: Sequence[Array]) -> Array:
    return np.concatenate([rows, *(np.broadcast_to(d, len(rows))[:, None] for d in defined)], axis=1)


def _standardised(
    table: ParameterTable, rams: Sequence[Ram], theta: Array, plain: Array, *, latent_only: bool
) -> Array:
    found = plain.copy()
    for number, ram in enumerate(rams, start=1):
        total, residual = _scales(ram, theta, latent_only=latent_only)
        at = {name: i for i, name in enumerate(ram.variables)}
        for i, row in enumerate(table.parameters):
            if row.group == number:
                found[:, i] *= _factor(row, total, residual, at)
    by_label = {p.label: found[:, i] for i, p in reversed(list(enumerate(table.parameters))) if p.label}
    return _joined(found, defined_values(table, by_label))


def _scales(ram: Ram, theta: Array, *, latent_only: bool) -> tuple[Array, Array]:
    """Return standard deviations of the variables and of their residuals, shapes (b, v)."""
    a, s, _ = fill(ram, theta)
    total = total_effects(a)
    variance = np.einsum("bij,bjk,bik->bi", total, s, total, optimize=True)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    residual = np.sqrt(np.abs(np.einsum("bii->bi", s)))
    if latent_only:
        sd[:, : ram.p], residual[:, : ram.p] = 1.0, 1.0
    return sd, residual


def _factor(row: Parameter, total: Array, residual: Array, at: dict[str, int]) -> Array:
    """Return what a row's value is multiplied by, shape (b,); NaN where it cannot be standardised."""
    left = at[row.lhs]
    if row.op == "~1":
        return _inverse(total[:, left])
    right = at[row.rhs]
    if row.op == "=~":
        return total[:, left] * _inverse(total[:, right])
    if row.op in {"~", "<~"}:
        return total[:, right] * _inverse(total[:, left])
    if left == right:
        return _inverse(total[:, left] ** 2)
    return _inverse(residual[:, left] * residual[:, right])


def _inverse(scale: Array) -> Array:
    return np.where(scale != 0, 1.0 / np.where(scale != 0, scale, 1.0), np.nan)
