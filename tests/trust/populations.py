"""Known values for every parameter of a named model, so that data can be drawn from it."""

from __future__ import annotations

from itertools import cycle

import pandas as pd

from trustmeasure.sem import parse_model
from trustmeasure.sem.population import populations

PATHS = (0.35, 0.20, 0.28, 0.12, 0.25)
LOADINGS = (0.9, 1.1, 0.8, 1.0)
ERROR, DISTURBANCE, EXOGENOUS, SHARED = 0.45, 0.40, 1.0, 0.4
TOGETHER = 0.1


def known_values(text: str) -> dict[str, float]:
    """Return a value for each free parameter of a model, by label or relation.

    Loadings turn in a circle, and so do paths; complaints get negative ones.
    """
    table = parse_model(text)
    loadings, paths = cycle(LOADINGS), cycle(PATHS)
    outcomes = {p.lhs for p in table.parameters if p.op == "~"}
    inner = {p.rhs for p in table.parameters if p.op == "=~"} - set(table.observed)
    values: dict[str, float] = {}
    for p in table.parameters:
        name = p.label or f"{p.lhs} {p.op} {p.rhs}"
        if not p.free:
            continue
        if p.op == "=~":
            values[name] = next(loadings)
        elif p.op == "~":
            values[name] = -next(paths) if p.lhs == "complaint_outside" else next(paths)
        elif p.lhs != p.rhs:
            values[name] = TOGETHER if {p.lhs, p.rhs} & outcomes else SHARED
        elif p.lhs in table.observed:
            values[name] = ERROR
        else:
            values[name] = DISTURBANCE if p.lhs in outcomes | inner else EXOGENOUS
    return values


def population_covariance(text: str) -> pd.DataFrame:
    """Return the covariance matrix that the known values imply."""
    (population,) = populations(text, [""], known_values(text))
    return pd.DataFrame(population.cov, index=list(population.names), columns=list(population.names))
