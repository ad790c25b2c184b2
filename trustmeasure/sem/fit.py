"""The only orchestrator of the engine: model and data in, result out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import (
    ArgumentError,
    ConvergenceError,
    IdentificationError,
)
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.contradictions import refuse_dependent
from trustmeasure.sem.descent import first_look
from trustmeasure.sem.diagnosis import listed, say, warnings_of, why_not
from trustmeasure.sem.errors_and_tests import with_errors_and_tests
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.inference import generic_rank, names_of
from trustmeasure.sem.matrices import Ram, build
from trustmeasure.sem.optimize import Minimum
from trustmeasure.sem.options import Options
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.prepare import Asked, prepared
from trustmeasure.sem.problem import discrepancy_of, scaled_moments, sizes, weights_of
from trustmeasure.sem.result import SemResult, degrees_of_freedom
from trustmeasure.sem.search import search
from trustmeasure.sem.split import Sample, Split
from trustmeasure.sem.starting import starting_values
from trustmeasure.threads import one_thread
from trustmeasure.versions import versions

Array = npt.NDArray[np.float64]
ONE = np.zeros(1, dtype=np.intp)

ENGINES = ("trustmeasure", "semopy")


def fit_sem(
    model: str | ParameterTable,
    data: Any = None,
    *,
    estimator: str | None = None,
    sample_cov: Any = None,
    sample_mean: Any = None,
    sample_sd: Any = None,
    n_obs: Any = None,
    std_lv: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool | None = None,
    missing: str = "listwise",
    ci: float = 0.95,
    engine: str = "trustmeasure",
    group: str | None = None,
    group_equal: Sequence[str] = (),
    group_partial: Sequence[str] = (),
    information: str | None = None,
    likelihood: str = "normal",
    se: str | None = None,
    test: str | None = None,
    weights: str | None = None,
    cluster: str | None = None,
    auxiliary: str | Sequence[str] = (),
    n_bootstrap: int = 1000,
    seed: int | None = None,
    ordered: Any = (),
    parameterization: str | None = None,
) -> SemResult:
    r"""Fit a structural equation model.

    Parameters
    ----------
    model : str or ParameterTable
        lavaan-style model text (`=~ <~ ~ ~~ ~1 := == < >`), or a parsed model.
    data : frame or Responses, optional
        One row a respondent, one column a variable; pandas, polars or anything Narwhals understands.
    estimator : str, optional
        "ML" unless given, with ordinal variables "WLSMV". Maximum likelihood: "ML"; with robust standard
        errors and a scaled test "MLR" (Huber-White, Yuan-Bentler), "MLM" (Satorra-Bentler), "MLMV" (scaled
        and shifted), "MLMVS" (mean and variance adjusted); "MLF" (first-order information). Least squares:
        "GLS", "ULS", "WLS" (asymptotically distribution-free), "DWLS"; "ULSM", "ULSMV", "ULSMVS", "WLSM",
        "WLSMV", "WLSMVS" are ULS and DWLS with robust standard errors and the test of the same ending. Robust
        ones, WLS and DWLS need the rows.
        Ordinal variables need least squares.
    sample_cov : frame, shape (k, k), optional
        Instead of `data`: covariances with divisor n - 1, as published; or correlations, with `sample_sd`.
    sample_mean : sequence or mapping of length k, optional
        Means to go with `sample_cov`; giving them turns the mean structure on.
    sample_sd : sequence or mapping of length k, optional
        Standard deviations (divisor n - 1) that go with correlations in `sample_cov`.
    n_obs : int, optional
        Sample size behind `sample_cov`.
    std_lv : bool
        Fix latent (residual) variances to 1 instead of first loadings.
    meanstructure : bool or None
        Model means; they always are when the text has an intercept.
    fixed_x : bool or None
        Take the moments of exogenous observed variables as given. None: for maximum likelihood yes, for
        least squares no, as lavaan does.
    missing : {"listwise", "fiml", "pairwise"}
        listwise: rows with a missing value in a model variable are left out, counted and reported. fiml (also
        called "ml"): full information maximum likelihood uses every answer (values missing at random), with
        means and with standard errors from the observed information, or robust ones with MLR. The `_robust`
        fit measures are corrected for missing values then. pairwise (ordinal variables only): each threshold
        and each correlation from the rows that answered its variables.
    ci : float
        Confidence level of the intervals, between 0 and 1.
    engine : {"trustmeasure", "semopy"}
        Own engine, or semopy as a second opinion.
    group : str, optional
        Column whose values part the rows into groups, in the order of their first appearance. Covariances
        in groups are given as mappings from label to `sample_cov`, `sample_mean`, `sample_sd` and `n_obs`.
    group_equal : sequence of str
        Kinds of parameters that are the same in all groups: "loadings", "intercepts", "thresholds", "means",
        "residuals", "residual_covariances", "lv_variances", "lv_covariances", "regressions",
        "composite_loadings".
    group_partial : sequence of str
        Relations left free all the same, such as "f =~ x2", "x2 ~ 1" or "x2 | t1".
    information : {"expected", "observed", "first-order"}, optional
        Information that standard errors rest on; the estimator's own unless given (ML: the expected one, with
        missing="fiml" the observed one).
    likelihood : {"normal", "wishart"}
        For ML: covariances divided by n and chi-squares times n, or both with n - 1.
    se : {"standard", "robust-sem", "robust-huber-white", "bootstrap", "none"}, optional
        Kind of standard errors; the estimator's own unless given. bootstrap: standard deviations of
        nonparametric draws, with percentile limits.
    test : str, optional
        Test besides the plain chi-square: "standard" (none), "satorra-bentler", "yuan-bentler-mplus",
        "scaled-shifted", "mean-var-adjusted", "bollen-stine" (the measure `pvalue_bollen_stine`); the
        estimator's own unless given.
    weights : str, optional
        Column of sampling weights, rescaled to sum to the number of rows. Standard errors and tests are
        robust (MLR).
    cluster : str, optional
        Column that says which cluster (class, household, country) a row belongs to. Standard errors and
        tests are cluster-robust, by MLR or MLM; means are modelled.
    auxiliary : str or sequence of str
        With missing="fiml": columns that are in no hypothesis but correlate with what is missing or with why.
        They become saturated correlates (Graham 2003), and exogenous variables random; see
        `trustmeasure.sem.auxiliary`. Residual-based fit measures are those of the model's own variables.
    n_bootstrap, seed : int
        Draws of `se="bootstrap"` and `test="bollen-stine"`, and what they are made from; see `bootstrap`.
    ordered : bool, sequence of str, Responses or Instrument
        Ordinal variables: True for every explained observed variable, their names, or responses or
        instruments, whose response scales say which they are. Ordered categoricals of pandas count as ordinal
        too. Each is taken as a response y* cut at thresholds (Muthen 1984).
    parameterization : {"delta", "theta"}
        For ordinal variables: whether the scales of responses y* are parameters ("delta", the default) or
        their residual variances.

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
    ML minimises ``F = log|Sigma| + tr(S Sigma^-1) - log|S| - p`` (Joereskog 1967; Bollen 1989, eq. 4.67) by
    Fisher scoring, and the chi-square is n times the minimum. Least squares minimise
    ``F = (s - sigma)' W (s - sigma)`` over the distinct moments (Browne 1984), and the chi-square is n - 1
    times the minimum. Plain standard errors of ULS and DWLS hold only where the weight matrix is right; take
    the robust ones. Checked against: lavaan 0.6-14, `tests/reference/sem` and `sem_estimators`.

    Examples
    --------
    >>> import pandas as pd
    >>> cov = pd.DataFrame([[2.0, 1.0, 0.8], [1.0, 2.0, 0.9], [0.8, 0.9, 2.0]], columns=["a", "b", "c"])
    >>> fit = fit_sem("trust =~ a + b + c", sample_cov=cov, n_obs=200)
    >>> round(fit.fit_measures["chisq"], 6)
    0.0
    """
    one_of("engine", engine, ENGINES)
    in_range("ci", ci, 0.0, 1.0)
    split = Split.of(
        data, sample_cov, sample_mean, n_obs, group, sd=sample_sd, weights=weights, cluster=cluster
    )
    asked = Asked(
        *(estimator, information, se, test, likelihood, engine, missing, weights, cluster, auxiliary),
        sample_mean is not None,
    )
    options = {
        "std_lv": std_lv,
        "meanstructure": meanstructure,
        "fixed_x": fixed_x,
        "group_equal": tuple(group_equal),
        "group_partial": tuple(group_partial),
    }
    table, sample, chosen = prepared(asked, split, model, options, ordered, parameterization)
    if engine == "semopy":
        from trustmeasure.sem.second_opinion import fit_semopy

        return fit_semopy(table, sample.moments, ci)
    result = fit_sample(table, sample, chosen, ci=ci)
    if chosen.resampled:
        from trustmeasure.sem.bootstrap_errors import resampled

        result = resampled(result, data, group, n_bootstrap, seed)
    say(result)
    return result


@one_thread
def fit_sample(
    table: ParameterTable, sample: Sample, options: Options | None = None, *, ci: float = 0.95
) -> SemResult:
    """Fit a parsed model to the sample, without telling warnings aloud.

    Parameters
    ----------
    table : ParameterTable
        The model.
    sample : Sample
        Moments of `table.observed` (divisor n), in that order, in each group; and the rows where the options
        need them.
    options : Options, optional
        The estimator; plain ML unless given.
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
    if options is None:
        incomplete = any(m.incomplete for m in sample.moments)
        options = Options(information="observed") if incomplete else Options()
    known = any(m.incomplete or m.ordinal for m in sample.moments)
    if options.needs_rows and not (sample.blocks or known):
        raise ArgumentError(
            f"estimator='{options.estimator}' needs the rows with se='{options.se}' and "
            f"test='{options.test}'; sample_cov allows 'ML', 'GLS' and 'ULS', standard errors and test plain."
        )
    sample = scaled_moments(sample, options)
    samples = sample.moments
    rams = [build(table, s.cov, s.mean, g) for g, s in enumerate(samples, start=1)]
    start = starting_values(table, rams, samples)
    _refuse_too_many(table)
    weights = weights_of(table, sample, options)
    discrepancy = discrepancy_of(rams, samples, weights, options)
    first = first_look(table, discrepancy, start)
    if first is None or not first.regular:
        _refuse_unidentified(table, rams, start)
    make = partial(discrepancy_of, samples=samples, weights=weights, options=options)
    best = search(table, rams, samples, make, start, own=discrepancy, first=first)
    values = [_not_below_zero(float(part.value(best.theta, ONE)[0])) for part in discrepancy.parts]
    parts = zip(sample.labels, rams, samples, sizes(samples, options), values, weights, strict=True)
    groups = tuple(
        GroupResult(label, g, table.only(g), ram, moments, best.theta[0], *numbers)
        for g, (label, ram, moments, *numbers) in enumerate(parts, start=1)
    )
    result = _result(table, groups, best, options, ci)
    if not result.converged:
        raise ConvergenceError(why_not(result), partial=result)
    refuse_dependent(table, result.theta)
    result = with_errors_and_tests(result, sample, discrepancy)
    found = warnings_of(result)
    return replace(result, warnings=tuple(found)) if found else result


def _refuse_too_many(table: ParameterTable) -> None:
    df = degrees_of_freedom(table)
    if df < 0:
        raise IdentificationError(
            f"The model has {table.npar} free parameters but only {table.npar + df} moments to estimate them "
            f"from (df = {df}). Fix or remove {-df} or more parameters, or add indicators.",
            table.free_names,
        )


def _refuse_unidentified(table: ParameterTable, rams: Sequence[Ram], start: Array) -> None:
    rank = generic_rank(rams, start, Limits.of(table).equality_slopes)
    if rank.deficiency:
        names = names_of(table, rank.parameters)
        raise IdentificationError(
            f"The model is not identified: {rank.deficiency} direction(s) of the parameters change no "
            f"moment. Involved: {listed(names)}. Fix a loading or a variance of each latent variable, give "
            "a latent variable with one or two indicators more of them, or fix one of these parameters.",
            names,
        )


def _result(
    table: ParameterTable, groups: tuple[GroupResult, ...], minimum: Minimum, options: Options, ci: float
) -> SemResult:
    return SemResult(
        model=table,
        groups=groups,
        theta=minimum.theta[0],
        theta_cov=None,
        discrepancy=_not_below_zero(float(minimum.value[0])),
        gradient=minimum.gradient[0],
        iterations=int(minimum.iterations[0]),
        converged=bool(minimum.converged[0]),
        options=options,
        engine="trustmeasure",
        ci=ci,
        warnings=(),
        versions=versions("numpy", "scipy", "pandas"),
    )


def _not_below_zero(value: float) -> float:
    """Return a discrepancy, which is never negative, without the rounding that can make it look so."""
    return 0.0 if -1e-9 < value < 0 else value
