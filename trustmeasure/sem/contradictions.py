"""Constraints that nothing satisfies, or that say the same thing twice: errors with their place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from trustmeasure.errors import IdentificationError
from trustmeasure.sem.constraints import Limits, degree_of, degrees_of, eliminate, equality_rank
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.syntax import Constraint
from trustmeasure.sem.tokens import Source, Token

Array = npt.NDArray[np.float64]

FLAT = 1e-5
"""Part of its usual slope below which a constraint has none."""


def refuse_dependent(table: ParameterTable, theta: Array) -> None:
    """Raise IdentificationError for `==` lines that depend on one another at a solution, and only there."""
    limits = Limits.of(table)
    if not limits.curved:
        return
    rng = np.random.default_rng(0)
    usual = np.linalg.norm(limits.slopes(limits.equal, rng.uniform(0.3, 1.3, table.n_free)), axis=1)
    usual = np.where(np.isfinite(usual) & (usual > 0), usual, 1.0)
    slopes = limits.slopes(limits.equal, theta) / usual[:, None]
    if int(np.linalg.matrix_rank(slopes, tol=FLAT)) >= equality_rank(table):
        return
    flat = [c for c, row in zip(limits.equal, slopes, strict=True) if np.linalg.norm(row) < FLAT]
    if flat:
        raise IdentificationError(
            f"The constraint '{flat[0].text}' has no slope where it holds, so its effect on standard errors "
            "and degrees of freedom is not defined. Write it without a square or the like, such as 'a == b'."
        )
    raise IdentificationError(
        f"The constraints {', '.join(repr(c.text) for c in limits.equal)} say the same at the solution, "
        "though not elsewhere, so degrees of freedom are not defined. Leave out what follows from the others."
    )


def refuse_impossible(table: ParameterTable, source: Source) -> None:
    """Raise ModelSyntaxError for constraints on nothing, and for linear ones that contradict each other."""
    limits = Limits.of(table)
    if not limits:
        return
    degrees = degrees_of(table)
    for constraint in table.constraints:
        if degree_of(constraint.expression, degrees) == 0:
            _check_constant(limits, constraint, source)
    found = eliminate(*limits.system(limits.linear))
    if isinstance(found, int):
        wrong = limits.linear[found]
        raise source.error(f"The constraint '{wrong.text}' contradicts those above it.", wrong.token)
    straight = [c for c in limits.unequal if degree_of(c.expression, degrees) < 2]
    if straight or limits.bounded:
        _refuse_infeasible(limits, straight, source)


def _check_constant(limits: Limits, constraint: Constraint, source: Source) -> None:
    value = float(limits.values([constraint], np.zeros(limits.table.n_free))[0])
    if value == 0 or (constraint.kind != "==" and value > 0):
        return
    raise source.error(
        f"The constraint '{constraint.text}' has no free parameter in it and does not hold.", constraint.token
    )


def _refuse_infeasible(limits: Limits, straight: Sequence[Constraint], source: Source) -> None:
    """Raise for the first inequality that no parameters satisfy together with those above it."""
    for count in range(len(straight), -1, -1):
        if _feasible(limits, straight[:count]):
            if count < len(straight):
                wrong = straight[count]
                raise source.error(f"The constraint '{wrong.text}' contradicts the others.", wrong.token)
            return
    place = limits.table.constraints[0].token if limits.table.constraints else Token("", "", 0)
    names = [limits.table.free_names[i] for i, _, _ in limits.bounded]
    message = f"The bounds of {', '.join(dict.fromkeys(names))} contradict each other or the constraints."
    raise source.error(message, place)


def _feasible(limits: Limits, straight: Sequence[Constraint]) -> bool:
    rows, right = limits.system(limits.linear)
    least, at_most = limits.system(straight)
    q = limits.table.n_free
    bounds: list[list[float | None]] = [[None, None] for _ in range(q)]
    for i, sign, least_value in limits.bounded:
        side = 0 if sign > 0 else 1
        value = sign * least_value
        now = bounds[i][side]
        bounds[i][side] = value if now is None else (max(now, value) if side == 0 else min(now, value))
    if any(low is not None and high is not None and low > high for low, high in bounds):
        return False
    found = linprog(
        np.zeros(q),
        A_ub=-least if len(straight) else None,
        b_ub=-at_most if len(straight) else None,
        A_eq=rows if len(rows) else None,
        b_eq=right if len(rows) else None,
        bounds=bounds,
    )
    return bool(found.status != 2)
