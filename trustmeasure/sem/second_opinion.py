"""The same model through semopy, held beside ours.

semopy estimates the same ML model by general-purpose optimisation, to about three or four digits. Its
log-likelihood, AIC, BIC and GFI follow other definitions, so the comparison leaves them out.
"""

from __future__ import annotations

import contextlib
import io
import warnings as _warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, ConvergenceError
from trustmeasure.moments import SampleMoments
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.discrepancy import MaximumLikelihood
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import build
from trustmeasure.sem.options import Options
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.starting import starting_values
from trustmeasure.versions import versions

Array = npt.NDArray[np.float64]

MEASURES = {"chi2": "chisq", "DoF": "df", "CFI": "cfi", "TLI": "tli", "RMSEA": "rmsea"}
"""semopy's name -> ours, for the measures that both define alike."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Two engines side by side.

    Attributes
    ----------
    parameters : DataFrame
        lhs op rhs label, estimate and se of both engines, and their differences (semopy minus ours).
    fit_measures : DataFrame
        measure, ours, semopy, difference. Measures that semopy defines otherwise are left out.
    largest_difference : float
        Largest difference of an estimate in units of our standard error.
    versions : dict
        Software behind both.
    """

    parameters: pd.DataFrame
    fit_measures: pd.DataFrame
    largest_difference: float
    versions: dict[str, str]

    def summary(self) -> Summary:
        """Return both tables for reading."""
        return Summary(
            f"trustmeasure and semopy {self.versions['semopy']} on the same model",
            [
                Table("Parameters", self.parameters, decimals=4),
                Table("Fit", self.fit_measures),
                f"Largest difference of an estimate: {self.largest_difference:.4f} of its standard error.",
                "semopy counts the moments of exogenous observed variables as data, so its df and the "
                "indices made of it differ in models that have such variables; its RMSEA divides by n - 1.",
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def second_opinion(result: SemResult) -> SecondOpinion:
    """Fit the model of `result` with semopy and hold the two side by side.

    Parameters
    ----------
    result : SemResult
        A fit by our own engine without a mean structure.

    Returns
    -------
    SecondOpinion
        Estimates, standard errors and fit measures of both engines.

    Raises
    ------
    ArgumentError
        If semopy cannot fit the same model.
    ConvergenceError
        If semopy does not converge.

    Examples
    --------
    >>> from semopy.examples import political_democracy
    >>> from trustmeasure.sem import fit_sem
    >>> fit = fit_sem("dem60 =~ y1 + y2 + y3 + y4", political_democracy.get_data())
    >>> bool(second_opinion(fit).largest_difference < 0.05)
    True
    """
    if result.engine != "trustmeasure":
        raise ArgumentError(f"second_opinion needs a fit by our own engine; this one is by {result.engine}.")
    if result.model.ordered:
        raise ArgumentError(
            "semopy takes all variables as continuous, so it has no second opinion on a model with ordinal "
            "variables. Compare with lavaan: to_lavaan(result) writes the model text."
        )
    samples = [g.moments for g in result.groups]
    model, names = _fitted(result.model, samples)
    other = _as_result(model, names, result.model, samples[0], result.ci)
    keys = ["lhs", "op", "rhs", "label"]
    frame = result.parameters[[*keys, "estimate", "se"]].copy()
    frame["estimate_semopy"] = other.parameters["estimate"]
    frame["se_semopy"] = other.parameters["se"]
    frame["estimate_difference"] = frame.estimate_semopy - frame.estimate
    frame["se_difference"] = frame.se_semopy - frame.se
    free = frame.se > 0
    relative = (frame.estimate_difference[free] / frame.se[free]).abs()
    return SecondOpinion(
        frame, _measures(result, model), float(relative.max()), versions("numpy", "scipy", "semopy")
    )


def _measures(result: SemResult, model: Any) -> pd.DataFrame:
    import semopy

    theirs = semopy.calc_stats(model).iloc[0]
    rows = [(ours, result.fit_measures[ours], float(theirs[name])) for name, ours in MEASURES.items()]
    frame = pd.DataFrame(rows, columns=["measure", "trustmeasure", "semopy"])
    frame["difference"] = frame.semopy - frame.trustmeasure
    return frame


def fit_semopy(table: ParameterTable, samples: Sequence[SampleMoments], ci: float) -> SemResult:
    """Fit a parsed model with semopy.

    Parameters
    ----------
    table : ParameterTable
        The model, without a mean structure.
    samples : sequence of SampleMoments, length 1
        Moments of `table.observed`, in that order.
    ci : float
        Confidence level.

    Returns
    -------
    SemResult
        semopy's estimates and their covariance matrix; everything else is derived from them by our formulas.
    """
    model, names = _fitted(table, samples)
    return _as_result(model, names, table, samples[0], ci)


def _fitted(table: ParameterTable, samples: Sequence[SampleMoments]) -> tuple[Any, list[str]]:
    """Return semopy's fitted model and the name it has for each of our free parameters."""
    import semopy

    if table.n_groups > 1:
        raise ArgumentError(
            "engine='semopy' fits each group apart, so it cannot fit this model. Use engine='trustmeasure'."
        )
    if Limits.of(table) or any(p.op == "<~" for p in table.parameters):
        raise ArgumentError(
            "engine='semopy' does not take constraints (`==`, `<`, `>`), bounds and formative constructs "
            "(`<~`) of a model. Use engine='trustmeasure'."
        )
    moments = samples[0]
    if table.meanstructure:
        raise ArgumentError(
            "engine='semopy' cannot fit the means of a model from sample moments. Use engine='trustmeasure'."
        )
    alias = {n: f"v{i}" for i, n in enumerate((*table.observed, *table.latent))}
    model = semopy.Model(_text(table, alias))
    columns = [alias[n] for n in moments.names]
    cov = pd.DataFrame(moments.cov, index=columns, columns=columns)
    _give_starts(model, table, moments)
    with contextlib.redirect_stdout(io.StringIO()), _warnings.catch_warnings():
        _warnings.simplefilter("ignore")
        solved = model.fit(cov=cov, n_samples=moments.n_obs)
    ours = [f"q{i + 1}" for i in range(table.n_free)]
    extra = [name for name in _active(model) if name not in ours]
    if extra:
        raise ArgumentError(f"engine='semopy' adds {len(extra)} parameters of its own to this model.")
    if not solved.success:
        raise ConvergenceError(f"semopy did not converge: {solved.message}")
    return model, ours


def _give_starts(model: Any, table: ParameterTable, moments: SampleMoments) -> None:
    """Give semopy our starting values: its own search for them never ends without a fixed loading."""
    ram = build(table, moments.cov, moments.mean)
    theta = starting_values(table, [ram], [moments])
    for i, value in enumerate(theta):
        model.parameters[f"q{i + 1}"].start = float(value)


def _active(model: Any) -> list[str]:
    """Return the names of semopy's free parameters, in the order of its parameter vector."""
    return [name for name, parameter in model.parameters.items() if parameter.active]


def _text(table: ParameterTable, alias: dict[str, str]) -> str:
    """Return the model in semopy's language, with every parameter written out."""
    lines = [_line(p, alias) for p in table.parameters if not p.exogenous]
    written = {frozenset((p.lhs, p.rhs)) for p in table.parameters if p.op == "~~"}
    lines += [
        f"{alias[a]} ~~ 0*{alias[b]}"
        for a, b in combinations(table.latent, 2)
        if frozenset((a, b)) not in written
    ]
    return "\n".join(lines)


def _line(row: Parameter, alias: dict[str, str]) -> str:
    modifier = f"q{row.free}" if row.free else repr(float(row.value))
    return f"{alias[row.lhs]} {row.op} {modifier}*{alias[row.rhs]}"


def _as_result(
    model: Any, names: list[str], table: ParameterTable, moments: SampleMoments, ci: float
) -> SemResult:
    order = [_active(model).index(n) for n in names]
    theta = np.asarray(model.param_vals, dtype=float)[order]
    cov = np.asarray(model.calc_fim(inverse=True)[1], dtype=float)[np.ix_(order, order)]
    ram = build(table, moments.cov, moments.mean)
    point = MaximumLikelihood.of(ram, moments.cov[None], None).point(theta[None], np.zeros(1, dtype=np.intp))
    value = float(point.value[0])
    result = SemResult(
        model=table,
        groups=(GroupResult("", 1, table, ram, moments, theta, moments.n_obs, value),),
        theta=theta,
        theta_cov=cov,
        discrepancy=value,
        gradient=point.gradient[0],
        iterations=int(model.last_result.n_it),
        converged=True,
        options=Options(),
        engine="semopy",
        ci=ci,
        warnings=(),
        versions=versions("numpy", "scipy", "pandas", "semopy"),
    )
    note = "Estimates and standard errors by semopy; indices derived from them by trustmeasure."
    return replace(result, warnings=(note,))
