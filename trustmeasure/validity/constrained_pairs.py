"""Each pair of factors with its correlation held at a value, or made into one factor: difference tests.

Every constrained model starts at the solution of the free one, of which it has all parameters but one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ConvergenceError, IdentificationError
from trustmeasure.sem import Parameter, ParameterTable, SemResult
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.constrained import minimise_within
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.matrices import build
from trustmeasure.sem.parameters import numbered
from trustmeasure.sem.problem import discrepancy_of, sizes
from trustmeasure.sem.scaled_difference import Pair, difference_test
from trustmeasure.validity.scaled_factors import sample_of

Array = npt.NDArray[np.float64]

NOT_FITTED = "The constrained model did not converge."
NOT_POSITIVE = (
    "The scaling factor of the difference (Satorra & Bentler 2001) is not positive, so that there is no "
    "test. Say method='satorra-2000'."
)
STEPS = 500


@dataclass(frozen=True, slots=True)
class Restricted:
    """The test of one restriction.

    Attributes
    ----------
    fixed_at : float
        What the correlation was held at; NaN for factors that were merged.
    chisq, df, p_value : float
        Difference of the chi-squares, its degrees of freedom, and the probability; NaN where there is none.
    note : str
        Why there is none.
    """

    fixed_at: float
    chisq: float
    df: float
    p_value: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A model with one parameter less, or one factor less.

    Attributes
    ----------
    table : ParameterTable
        The model.
    start : array, shape (k,)
        Where its parameters are sought first.
    kept : array of int
        Which parameters (from 0) of the free model its own are, in their order.
    fixed : mapping of int to float or int
        For each other parameter of the free model, its value here (float), or which of the own parameters it
        equals (int).
    """

    table: ParameterTable
    start: Array
    kept: npt.NDArray[np.intp]
    fixed: dict[int, float | int]

    def in_free_model(self, theta: Array) -> Array:
        """Return the parameters with which the free model implies the same."""
        found = np.empty(self.kept.size + len(self.fixed))
        found[self.kept] = theta
        for i, value in self.fixed.items():
            found[i] = theta[value] if isinstance(value, int) else value
        return found


def correlation_row(table: ParameterTable, first: str, second: str) -> Parameter:
    """Return the row of the correlation of two factors."""
    wanted = {first, second}
    return next(p for p in table.parameters if p.op == "~~" and p.lhs != p.rhs and {p.lhs, p.rhs} == wanted)


def held_at(free: SemResult, row: Parameter, value: float) -> Restriction:
    """Return the model in which a correlation has a value.

    The other parameters start where the quadratic approximation of the likelihood has its maximum then.
    """
    at, start = row.free - 1, free.theta
    if free.theta_cov is not None and free.theta_cov[at, at] > 0:
        start = start + free.theta_cov[:, at] / free.theta_cov[at, at] * (value - start[at])
    rows = [p.fixed_at(value) if p is row else p for p in free.model.parameters]
    kept = np.delete(np.arange(free.theta.size), at)
    return Restriction(_table(free.model, rows), start[kept], kept, {at: value})


def merged(free: SemResult, row: Parameter) -> Restriction:
    """Return the model in which two factors are one, which has the name of the first."""
    first, second = row.lhs, row.rhs
    at = {frozenset((p.lhs, p.rhs)): p for p in free.model.parameters if p.op == "~~"}
    rows, numbers, equal = [], [], {}
    for p in free.model.parameters:
        if p.op == "=~" and p.lhs == second:
            if any(q.op == "=~" and q.lhs == first and q.rhs == p.rhs for q in free.model.parameters):
                continue
            p = p._replace(lhs=first)
        elif second in (p.lhs, p.rhs):
            if p.free and p is not row:
                other = p.rhs if p.lhs == second else p.lhs
                equal[p.free - 1] = at[frozenset((first, other))].free - 1
            continue
        rows.append(p)
        if p.free:
            numbers.append(p.free - 1)
    kept = np.array(list(dict.fromkeys(numbers)), dtype=np.intp)
    own = {int(old): new for new, old in enumerate(kept)}
    fixed: dict[int, float | int] = {old: own[to] for old, to in equal.items()}
    fixed[row.free - 1] = 1.0
    table = _table(free.model, rows)
    latent = tuple(x for x in table.latent if x != second)
    return Restriction(replace(table, latent=latent), free.theta[kept], kept, fixed)


def _table(model: ParameterTable, rows: Sequence[Parameter]) -> ParameterTable:
    return replace(model, parameters=tuple(numbered(rows)), text="")


def difference_of(
    free: SemResult, restriction: Restriction, value: float, method: str | None = None
) -> Restricted:
    """Fit a restricted model, and test it against the free one; see `compare` for the methods."""
    df = float(free.theta.size - restriction.table.n_free)
    try:
        if method is None and free.test is None and free.options.discrepancy not in {"ULS", "DWLS"}:
            chisq = _plain(free, restriction)
            return Restricted(value, chisq, df, p_value(chisq, df))
        fit = _fitted(free, restriction)
    except (ConvergenceError, IdentificationError, np.linalg.LinAlgError):
        return Restricted(value, np.nan, df, np.nan, NOT_FITTED)
    names = ("the restricted model", "the free model")
    test = difference_test(Pair(fit, free, restriction.in_free_model(fit.theta), names), method)
    note = NOT_POSITIVE if test.note and test.method == "satorra-bentler-2001" else test.note
    return Restricted(value, test.chisq, test.df, test.p_value, note)


def _fitted(free: SemResult, restriction: Restriction) -> SemResult:
    """Return the fit of a restricted model, from its start or from starting values of its own."""
    table, start = restriction.table, restriction.start
    rows = [p._replace(start=float(start[p.free - 1])) if p.free else p for p in table.parameters]
    try:
        near = replace(table, parameters=tuple(rows))
        return fit_sample(near, sample_of(free), free.options, ci=free.ci)
    except ConvergenceError:
        return fit_sample(table, sample_of(free), free.options, ci=free.ci)


def _plain(free: SemResult, restriction: Restriction) -> float:
    """Return the difference of unscaled chi-squares."""
    table, samples = restriction.table, [g.moments for g in free.groups]
    rams = [build(table, m.cov, m.mean, g) for g, m in enumerate(samples, start=1)]
    discrepancy = discrepancy_of(rams, samples, [g.weight for g in free.groups], free.options)
    for start in (restriction.start, free.theta[restriction.kept]):
        best = minimise_within(table, discrepancy, start[None], max_iterations=STEPS)
        if best.converged[0]:
            every = np.zeros(1, dtype=np.intp)
            values = [part.value(best.theta, every)[0] for part in discrepancy.parts]
            chisq = float(np.dot(sizes(samples, free.options), values))
            return max(chisq - free.chisq, 0.0)
    return max(fit_sample(table, sample_of(free), free.options, ci=free.ci).chisq - free.chisq, 0.0)
