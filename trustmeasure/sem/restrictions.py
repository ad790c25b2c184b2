"""Which directions of a larger model's parameters a restricted model leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.inference import null_basis
from trustmeasure.sem.moment_slopes import moment_slopes as slopes_of
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Relation = tuple[str, str, str, str]


def moment_directions(restricted: SemResult, larger: SemResult) -> Array:
    """Return how the larger model's parameters move with the restricted one's, through the moments.

    Least squares of the restricted model's derivatives of the moments on the larger one's, each at its own
    estimates (the delta method of lavaan): the models need to be nested in their moments only.

    Returns
    -------
    array, shape (q1, k)
    """
    own, other = (moment_slopes(result, larger) @ open_directions(result) for result in (larger, restricted))
    return np.asarray(open_directions(larger) @ np.linalg.lstsq(own, other, rcond=None)[0])


def open_directions(result: SemResult) -> Array:
    """Return an orthonormal basis (q, k) of the directions that the own equality constraints leave open."""
    slopes = Limits.of(result.model).equality_slopes(result.theta)
    return np.eye(result.theta.size) if slopes is None else null_basis(slopes)


def moment_slopes(result: SemResult, like: SemResult) -> Array:
    """Return the derivatives of all groups' moments or statistics, groups and variables as in another fit."""
    if result.model.ordered:
        rows = result.model.layout.places_of(like.model.layout)
    else:
        rows = _rows(result.model.observed, like.model.observed, means=result.model.meanstructure)
    groups = [result.in_group(label) for label in like.group_labels]
    return np.vstack([slopes_of(g.ram, g.theta)[rows] for g in groups])


def _rows(own: Sequence[str], names: Sequence[str], *, means: bool) -> Index:
    """Return where the moments of `names` stand among those of `own`."""
    at = np.array([own.index(name) for name in names], dtype=np.intp)
    i, j = np.tril_indices(len(at))
    high, low = np.maximum(at[i], at[j]), np.minimum(at[i], at[j])
    rows = high * (high + 1) // 2 + low
    return np.concatenate([rows, i.size + at]) if means else rows


def exact_directions(restricted: SemResult, larger: SemResult) -> Array:
    """Return how the larger model's parameters move with the restricted one's, relation by relation.

    Returns
    -------
    array, shape (q1, k)
        One column for each direction that the restricted model leaves open.

    Raises
    ------
    ArgumentError
        When a parameter that is free in the restricted model is not free in the larger one, or not there.
    """
    found = np.zeros((larger.theta.size, restricted.theta.size))
    own, other = _by_relation(larger), _by_relation(restricted)
    for relation, row in other.items():
        if row.free and not _free(own, relation):
            raise _not_by_parameters(row)
    taken: dict[int, int] = {}
    for relation, row in own.items():
        value = other[relation].free if relation in other else 0
        if row.free and taken.setdefault(row.free, value) != value:
            raise _not_by_parameters(row)
        if row.free and value:
            found[row.free - 1, value - 1] = 1.0
    return np.asarray(found @ open_directions(restricted))


def _free(rows: Mapping[Relation, Parameter], relation: Relation) -> bool:
    return relation in rows and rows[relation].free > 0


def _by_relation(result: SemResult) -> dict[Relation, Parameter]:
    """Return the rows of a model by relation and group; covariances have no order."""
    labels = dict(enumerate(result.group_labels, start=1))
    return {(*_relation(p), labels[p.group]): p for p in _rows_of(result.model)}


def _rows_of(table: ParameterTable) -> list[Parameter]:
    return [p for p in table.parameters if not p.exogenous]


def _relation(row: Parameter) -> tuple[str, str, str]:
    if row.op == "~~":
        first, second = sorted((row.lhs, row.rhs))
        return first, row.op, second
    return row.lhs, row.op, row.rhs


def _not_by_parameters(row: Parameter) -> ArgumentError:
    where = f" in group {row.group}" if row.group > 1 else ""
    return ArgumentError(
        f"restrictions='exact' needs models that are nested by their parameters; '{row.name}'{where} is free "
        "in the restricted model in another way than in the larger one. Use restrictions='delta', for which "
        "models need to be nested by their moments only."
    )
