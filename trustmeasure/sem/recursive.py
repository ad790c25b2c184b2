"""Is a model recursive? Loops of arrows, and errors of cause and effect that covary."""

from __future__ import annotations

import numpy as np

from trustmeasure.sem.arrows import Arrows
from trustmeasure.sem.parameters import ParameterTable


def circles(table: ParameterTable) -> list[str]:
    """Return one loop of arrows for each group that has any, written `a -> b -> a`."""
    found: dict[str, None] = {}
    for group in range(1, table.n_groups + 1):
        arrows = Arrows.of(table, group, (*table.observed, *table.latent), loadings=False)
        way = arrows.circle()
        if way:
            found[" -> ".join(arrows.variables[i] for i in way)] = None
    return list(found)


def joined_errors(table: ParameterTable) -> list[str]:
    """Return residual covariances of variables that an arrow joins ("bows"), written `y ~~ x`.

    Without loops and bows a model of observed variables is identified (Brito & Pearl 2002, Structural
    Equation Modeling 9(4), 459-474).
    """
    found: dict[str, None] = {}
    for group in range(1, table.n_groups + 1):
        arrows = Arrows.of(table, group, (*table.observed, *table.latent), loadings=True)
        at = {name: i for i, name in enumerate(arrows.variables)}
        joined = arrows.direct | arrows.direct.T
        for row in table.only(group).parameters:
            apart = row.op == "~~" and row.lhs != row.rhs and not row.exogenous
            if apart and (row.free or row.value) and joined[at[row.lhs], at[row.rhs]]:
                found[f"{row.lhs} ~~ {row.rhs}"] = None
    return list(np.unique(list(found))) if found else []
