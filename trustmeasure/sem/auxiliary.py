"""Auxiliary variables: saturated correlates in full information maximum likelihood.

An auxiliary variable is in no hypothesis. It helps to make missing answers missing at random: it correlates
with what is missing or with why. As a saturated correlate (Graham 2003, Structural Equation Modeling 10(1),
80-100) it covaries freely with the other auxiliary variables, with exogenous observed variables and with the
residuals of all other observed variables, so that it adds no degrees of freedom. In the independence model it
covaries with all observed variables, too, which leaves the comparative indices to the model's own variables.
Exogenous variables of the model are random then. Checked against: semTools 0.5-6 with lavaan 0.6-14,
`tests/reference/sem_missing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError, ConvergenceError
from trustmeasure.moments import SampleMoments
from trustmeasure.sem.discrepancy import FullInformation
from trustmeasure.sem.matrices import build
from trustmeasure.sem.optimize import minimise
from trustmeasure.sem.parameters import Parameter, ParameterTable

Array = npt.NDArray[np.float64]


def auxiliary_names(auxiliary: str | Sequence[str], missing: str) -> tuple[str, ...]:
    """Return the names of auxiliary variables.

    Raises
    ------
    ArgumentError
        If a name is given twice, or missing values are not treated by full information.
    """
    names = (auxiliary,) if isinstance(auxiliary, str) else tuple(auxiliary)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ArgumentError(f"auxiliary names {', '.join(map(repr, twice))} more than once.")
    if names and missing != "fiml":
        raise ArgumentError(
            f"auxiliary goes with missing='fiml'; it is '{missing}'. They help only where rows "
            "with missing values are used."
        )
    return names


def with_auxiliary(table: ParameterTable, auxiliary: Sequence[str]) -> ParameterTable:
    """Return the model with auxiliary variables as saturated correlates.

    Parameters
    ----------
    table : ParameterTable
        A model with means, whose exogenous variables are random.
    auxiliary : sequence of str
        The auxiliary variables.

    Raises
    ------
    ArgumentError
        If one is a variable of the model, or the model takes exogenous variables as given.
    """
    if not auxiliary:
        return table
    own = [name for name in auxiliary if name in (*table.observed, *table.latent)]
    if own:
        raise ArgumentError(
            f"'{own[0]}' is a variable of the model, so it cannot be auxiliary. Leave it out of `auxiliary`."
        )
    if table.exogenous:
        raise ArgumentError(
            "With auxiliary variables exogenous variables are random: say fixed_x=False to parse_model."
        )
    rows: list[Parameter] = []
    free = table.n_free
    for group in range(1, table.n_groups + 1):
        rows += [row for row in table.parameters if row.group == group]
        for lhs, op, rhs in _correlates(auxiliary, table.observed):
            free += 1
            rows.append(Parameter(lhs, op, rhs, free=free, group=group))
    return replace(
        table,
        parameters=tuple(rows),
        observed=(*table.observed, *auxiliary),
        covariates=(),
        auxiliary=tuple(auxiliary),
    )


def _correlates(auxiliary: Sequence[str], observed: Sequence[str]) -> list[tuple[str, str, str]]:
    pairs = [(a, a) for a in auxiliary] + list(combinations(auxiliary, 2))
    pairs += [(a, name) for a in auxiliary for name in observed]
    return [(a, "~~", b) for a, b in pairs] + [(a, "~1", "") for a in auxiliary]


def baseline_relations(model: ParameterTable) -> list[tuple[str, str, str]]:
    """Return the relations of the independence model: own variables alone, auxiliary ones with all."""
    own = [name for name in model.observed if name not in model.auxiliary]
    alone = [(name, "~~", name) for name in own] + [(name, "~1", "") for name in own]
    return alone + _correlates(model.auxiliary, own)


def fit_baseline(table: ParameterTable, sample: SampleMoments, group: int) -> tuple[Array, float]:
    """Return the estimates of the independence model of one group, and its discrepancy.

    Parameters
    ----------
    table : ParameterTable
        The independence model, in all groups.
    sample : SampleMoments
        Of incomplete rows.
    group : int
        Number of the group.

    Returns
    -------
    array, shape (q,)
        Zero for parameters of other groups.
    float
        Minimum of F in the group.

    Raises
    ------
    ConvergenceError
        If the independence model does not converge.
    """
    rows = [row for row in table.parameters if row.group == group]
    alone = replace(
        table,
        parameters=tuple(row._replace(free=i, group=1) for i, row in enumerate(rows, start=1)),
        n_groups=1,
    )
    incomplete, mean = sample.incomplete, sample.mean
    assert incomplete is not None  # noqa: S101  # auxiliary variables go with FIML
    assert mean is not None  # noqa: S101  # which has means
    at = {name: i for i, name in enumerate(alone.observed)}
    start = np.array([sample.cov[at[r.lhs], at[r.rhs]] if r.op == "~~" else mean[at[r.lhs]] for r in rows])
    # Covariances with auxiliary variables start at 0, where the implied matrix is positive definite.
    start[[r.op == "~~" and r.lhs != r.rhs for r in rows]] = 0.0
    best = minimise(
        FullInformation.of(build(alone, sample.cov, mean), incomplete.patterns, incomplete.logl),
        start[None],
    )
    if not best.converged[0]:
        raise ConvergenceError(
            "The independence model with auxiliary variables did not converge, so there are no comparative "
            "fit indices. Use fewer auxiliary variables."
        )
    theta = np.zeros(table.n_free)
    theta[[row.free - 1 for row in rows]] = best.theta[0]
    return theta, float(best.value[0])
