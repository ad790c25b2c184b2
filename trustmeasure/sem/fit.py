"""The only orchestrator of the engine: model and data in, result out."""

from __future__ import annotations

import warnings as _warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import (
    ArgumentError,
    ConvergenceError,
    IdentificationError,
    InadmissibleWarning,
    ListwiseWarning,
)
from trustmeasure.moments import SampleMoments, from_covariance, from_frame
from trustmeasure.moments.continuous import require_names
from trustmeasure.sem.admissible import inadmissible
from trustmeasure.sem.discrepancy import MaximumLikelihood
from trustmeasure.sem.inference import covariance_of, generic_rank, local_rank, names_of
from trustmeasure.sem.matrices import Ram, build
from trustmeasure.sem.optimize import Minimum, minimise
from trustmeasure.sem.parameters import ParameterTable, parse_model
from trustmeasure.sem.result import SemResult, degrees_of_freedom
from trustmeasure.sem.starting import simple_values, starting_values
from trustmeasure.versions import versions

Array = npt.NDArray[np.float64]

ESTIMATORS = ("ML",)
ENGINES = ("trustmeasure", "semopy")
MISSING = ("listwise",)


def fit_sem(
    model: str | ParameterTable,
    data: Any = None,
    *,
    estimator: str = "ML",
    sample_cov: Any = None,
    sample_mean: Any = None,
    n_obs: int | None = None,
    std_lv: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
    missing: str = "listwise",
    ci: float = 0.95,
    engine: str = "trustmeasure",
) -> SemResult:
    r"""Fit a structural equation model by maximum likelihood.

    Parameters
    ----------
    model : str or ParameterTable
        lavaan-style model text (`=~ ~ ~~ ~1 :=`), or a parsed model.
    data : frame or Responses, optional
        One row a respondent, one column a variable; pandas, polars or anything Narwhals understands.
    estimator : {"ML"}
        Normal-theory maximum likelihood with standard errors from expected information.
    sample_cov : frame, shape (k, k), optional
        Instead of `data`: covariances with divisor n - 1, as published.
    sample_mean : sequence or mapping of length k, optional
        Means to go with `sample_cov`; giving them turns the mean structure on.
    n_obs : int, optional
        Sample size behind `sample_cov`.
    std_lv : bool
        Fix latent (residual) variances to 1 instead of first loadings.
    meanstructure : bool or None
        Model means; they always are when the text has an intercept.
    fixed_x : bool
        Take the moments of exogenous observed variables as given.
    missing : {"listwise"}
        Rows with a missing value in a model variable are left out, counted and reported.
    ci : float
        Confidence level of the intervals, between 0 and 1.
    engine : {"trustmeasure", "semopy"}
        Own engine, or semopy as a second opinion.

    Returns
    -------
    SemResult
        Estimates, standard errors, standardised solution, fit measures, residuals, warnings.

    Raises
    ------
    ModelSyntaxError, DataError, IdentificationError, ConvergenceError, ArgumentError
        Each says what is wrong, where, and what to do.

    Notes
    -----
    Minimises ``F = log|Sigma| + tr(S Sigma^-1) - log|S| - p`` (Joereskog 1967; Bollen 1989, eq. 4.67) by
    Fisher scoring; the chi-square is n times the minimum. Checked against: lavaan 0.6-14,
    `tests/reference/sem`.

    Examples
    --------
    >>> import pandas as pd
    >>> cov = pd.DataFrame([[2.0, 1.0, 0.8], [1.0, 2.0, 0.9], [0.8, 0.9, 2.0]], columns=["a", "b", "c"])
    >>> fit = fit_sem("trust =~ a + b + c", sample_cov=cov, n_obs=200)
    >>> round(fit.fit_measures["chisq"], 6)
    0.0
    """
    one_of("estimator", estimator, ESTIMATORS)
    one_of("engine", engine, ENGINES)
    one_of("missing", missing, MISSING)
    in_range("ci", ci, 0.0, 1.0)
    means = True if meanstructure is None and sample_mean is not None else meanstructure
    table = _table(model, std_lv, means, fixed_x)
    if engine == "semopy":
        from trustmeasure.sem.second_opinion import fit_semopy

        return fit_semopy(table, _moments(table, data, sample_cov, sample_mean, n_obs), ci)
    moments = _moments(table, data, sample_cov, sample_mean, n_obs)
    result = fit_moments(table, moments, ci=ci)
    _say(result)
    return result


def _table(
    model: str | ParameterTable, std_lv: bool, meanstructure: bool | None, fixed_x: bool
) -> ParameterTable:
    if not isinstance(model, ParameterTable):
        return parse_model(model, std_lv=std_lv, meanstructure=meanstructure, fixed_x=fixed_x)
    if std_lv or not fixed_x or (meanstructure and not model.meanstructure):
        raise ArgumentError(
            "The model is parsed already: say std_lv, fixed_x and meanstructure to parse_model (means are "
            "also asked for by sample_mean)."
        )
    return model


def _moments(table: ParameterTable, data: Any, cov: Any, mean: Any, n_obs: int | None) -> SampleMoments:
    if (data is None) == (cov is None):
        raise ArgumentError("Give either data, or sample_cov with n_obs.")
    if data is not None:
        if n_obs is not None or mean is not None:
            raise ArgumentError("n_obs and sample_mean go with sample_cov; data bring their own.")
        return from_frame(data, table.observed)
    require_names(moments := from_covariance(cov, n_obs, mean), table.observed)
    if table.meanstructure and moments.mean is None:
        raise ArgumentError("The model has means, so sample_mean is needed beside sample_cov.")
    return moments.ordered(table.observed)


def fit_moments(table: ParameterTable, moments: SampleMoments, *, ci: float = 0.95) -> SemResult:
    """Fit a parsed model to sample moments, without telling warnings aloud.

    Parameters
    ----------
    table : ParameterTable
        The model.
    moments : SampleMoments
        Moments of `table.observed`, in that order.
    ci : float
        Confidence level.

    Returns
    -------
    SemResult
        The fit; its `warnings` are complete.

    Raises
    ------
    IdentificationError, ConvergenceError
        If there is no unique solution, or none was reached (with the partial result).
    """
    ram = build(table, moments.cov, moments.mean)
    starts = (starting_values, simple_values)
    first = starts[0](table, ram, moments.cov, moments.mean)
    _refuse_unidentified(table, ram, first)
    mean = None if moments.mean is None else moments.mean[None]
    discrepancy = MaximumLikelihood.of(ram, moments.cov[None], mean)
    best = minimise(discrepancy, first[None])
    if not best.converged[0]:
        second = minimise(discrepancy, starts[1](table, ram, moments.cov, moments.mean)[None])
        best = min((best, second), key=lambda m: (not m.converged[0], m.value[0]))
    result = _result(table, ram, moments, best, discrepancy, ci)
    if not result.converged:
        raise ConvergenceError(_why_not(result), partial=result)
    return replace(result, warnings=tuple(_warnings_of(result)))


def _refuse_unidentified(table: ParameterTable, ram: Ram, start: Array) -> None:
    df = degrees_of_freedom(table)
    if df < 0:
        raise IdentificationError(
            f"The model has {ram.q} free parameters but only {ram.q + df} moments to estimate them from "
            f"(df = {df}). Fix or remove {-df} or more parameters, or add indicators.",
            table.free_names,
        )
    rank = generic_rank(ram, start)
    if rank.deficiency:
        names = names_of(table, rank.parameters)
        raise IdentificationError(
            f"The model is not identified: {rank.deficiency} direction(s) of the parameters change no "
            f"moment. Involved: {_listed(names)}. Fix a loading or a variance of each latent variable, give "
            "a latent variable with one or two indicators more of them, or fix one of these parameters.",
            names,
        )


def _listed(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _result(
    table: ParameterTable,
    ram: Ram,
    moments: SampleMoments,
    minimum: Minimum,
    discrepancy: MaximumLikelihood,
    ci: float,
) -> SemResult:
    theta, usable = minimum.theta[0], np.isfinite(minimum.value[0])
    curvature = discrepancy.point(theta[None], np.zeros(1, dtype=np.intp)).curvature[0] if usable else None
    converged = bool(minimum.converged[0])
    return SemResult(
        model=table,
        ram=ram,
        moments=moments,
        theta=theta,
        theta_cov=covariance_of(curvature, moments.n_obs) if converged and curvature is not None else None,
        discrepancy=float(minimum.value[0]),
        gradient=minimum.gradient[0],
        iterations=int(minimum.iterations[0]),
        converged=converged,
        estimator="ML",
        engine="trustmeasure",
        ci=ci,
        warnings=(),
        versions=versions("numpy", "scipy", "pandas"),
    )


def _why_not(result: SemResult) -> str:
    if not np.isfinite(result.discrepancy):
        return (
            "No convergence: the starting values imply a covariance matrix that is not positive definite. "
            "Give starting values with start(), or check fixed values in the model."
        )
    steepest = int(np.argmax(np.abs(result.gradient)))
    return (
        f"No convergence after {result.iterations} steps: F = {result.discrepancy:.6g}, largest gradient "
        f"{result.gradient[steepest]:.3g} at {result.model.free_names[steepest]}. Usual causes: too few rows "
        f"({result.n_obs}), a model far from the data, or a parameter that the data hardly inform. Simplify "
        "the model or give starting values with start(). The error carries the values reached as `partial`."
    )


def _warnings_of(result: SemResult) -> list[str]:
    found = list(result.model.notes)
    if result.n_dropped:
        total = result.n_obs + result.n_dropped
        found.append(
            f"{result.n_dropped} of {total} rows ({100 * result.n_dropped / total:.1f} %) have a missing "
            "value in a model variable and were left out (listwise). The results describe the complete rows."
        )
    if result.n_obs < result.npar:
        found.append(
            f"{result.n_obs} rows for {result.npar} free parameters: standard errors and tests, which hold "
            "for large samples, are not to be trusted."
        )
    if result.theta_cov is None and result.npar:
        names = names_of(result.model, local_rank(result.ram, result.theta).parameters)
        found.append(
            "No standard errors: the information matrix is singular at the solution, so the data do not "
            f"determine {_listed(names) or 'all parameters'}."
        )
    return found + list(inadmissible(result.parameters, result.ram, result.theta))


def _say(result: SemResult) -> None:
    """Tell warnings aloud once, besides keeping them in the result."""
    for message in result.warnings:
        kind = ListwiseWarning if "(listwise)" in message else InadmissibleWarning
        _warnings.warn(message, kind, stacklevel=3)
