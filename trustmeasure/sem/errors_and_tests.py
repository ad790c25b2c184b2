"""Standard errors and tests of a fit, as its options say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.adjusted import Misfit, adjusted_test, gammas_of, misfit
from trustmeasure.sem.baseline import baseline_estimates, baseline_fit, baseline_table
from trustmeasure.sem.discrepancy import Groups
from trustmeasure.sem.discrepancy.weights import Weight
from trustmeasure.sem.fiml_robust import expected_information, incomplete_meat
from trustmeasure.sem.inference import covariance_of
from trustmeasure.sem.matrices import build
from trustmeasure.sem.options import ADJUSTED, HUBER_WHITE, ROBUST_SEM, SB, SCALED, SHIFTED, YB, Options
from trustmeasure.sem.ordinal.baseline import independence_traces
from trustmeasure.sem.ordinal.misfit import ordinal_misfit
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.robust import Traces, meat, scaled_test, traces
from trustmeasure.sem.scaled import ScaledTest
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]
ONE = np.zeros(1, dtype=np.intp)
SANDWICH = {HUBER_WHITE: "MLR", YB: "MLR", ROBUST_SEM: "MLM", SB: "MLM"}
"""Which sandwich standard errors and tests are made of."""


def with_errors_and_tests(result: SemResult, sample: Sample, discrepancy: Groups) -> SemResult:
    """Return the result with the covariance matrix of its estimates and its scaled test.

    Parameters
    ----------
    result : SemResult
        A converged fit.
    sample : Sample
        What it was fitted to.
    discrepancy : Groups
        The discrepancy that it minimises.
    """
    options = result.options
    by_moments = options.least_squares and options.se == ROBUST_SEM
    cov = None if by_moments else standard_covariance(result, sample, discrepancy)
    if cov is None and not by_moments:
        return replace(result, theta_cov=None)
    found = {kind: _traces(result, sample, kind) for kind in _kinds(result)}
    robust = options.se in {ROBUST_SEM, HUBER_WHITE}
    model = _misfit_of_model(result, sample) if _needs_misfit(options) else None
    if robust:
        cov = _robust_covariance(result, model, found)
    test = _scaled_test(result, sample, model, found) if options.test in SCALED else None
    cov = None if options.se == "none" else cov
    return replace(result, theta_cov=cov, test=test, sample=sample if options.needs_rows else None)


def _needs_misfit(options: Options) -> bool:
    """Return whether errors or test rest on the covariance matrix of the moments."""
    by_moments = options.least_squares and (options.se == ROBUST_SEM or options.test == SB)
    return by_moments or options.test in {SHIFTED, ADJUSTED}


def _kinds(result: SemResult) -> list[str]:
    """Return which sandwiches the options need: "MLR", "MLM", both or none."""
    asked = {SANDWICH.get(result.options.se), SANDWICH.get(result.options.test)}
    return [] if result.options.least_squares else [kind for kind in ("MLR", "MLM") if kind in asked]


def _traces(result: SemResult, sample: Sample, kind: str) -> Traces:
    return traces(
        result.model,
        [g.ram for g in result.groups],
        sample,
        result.theta,
        kind,
        information=result.options.information,
        restrictions=result.restrictions,
    )


def standard_covariance(result: SemResult, sample: Sample, discrepancy: Groups) -> Array | None:
    """Return the inverse information of the kind that the options name; None when it is singular."""
    information = result.options.information
    if result.missing == "fiml" and information != "observed":
        rams, samples = [g.ram for g in result.groups], [g.moments for g in result.groups]
        kind = incomplete_meat if information == "first-order" else expected_information
        return covariance_of(2.0 * kind(rams, samples, result.theta), result.size, result.restrictions)
    by_rows = Groups.of(discrepancy.parts, [g.moments.size for g in result.groups])
    if information == "first-order" and result.options.se == "standard":
        rams = [g.ram for g in result.groups]
        x = [result.model.observed.index(name) for name in result.model.exogenous]
        curvature = 2.0 * meat(rams, sample, result.theta, x, observed=True)
    elif information == "observed":
        curvature = by_rows.hessian(result.theta[None], ONE)[0]
    else:
        curvature = by_rows.expected(result.theta[None])[0]
    return covariance_of(curvature, result.size, result.restrictions)


def _robust_covariance(result: SemResult, model: Misfit | None, found: Mapping[str, Traces]) -> Array | None:
    if result.options.least_squares:
        return None if model is None else model.covariance / result.size
    cov = found[SANDWICH[result.options.se]].covariance
    return None if cov is None else cov * result.n_obs / result.size


def _scaled_test(
    result: SemResult, sample: Sample, model: Misfit | None, found: Mapping[str, Traces]
) -> ScaledTest | None:
    test = result.options.test
    if not result.options.least_squares and test in {SB, YB}:
        kind = SANDWICH[test]
        information = result.options.information
        return scaled_test(
            result.model, sample, found[kind], result.df, result.baseline_df, kind, information=information
        )
    if test in {SB, SHIFTED, ADJUSTED}:
        null = _misfit_of_baseline(result, sample)
        if model is not None and null is not None:
            return adjusted_test(test, model, null, result.df, result.baseline_df)
    return None


def _misfit_of_model(result: SemResult, sample: Sample) -> Misfit | None:
    products = [found for g in result.groups if (found := g.products) is not None]
    if len(products) == len(result.groups):
        traces = ordinal_misfit(products, _shares(result), result.theta.size, result.restrictions)
        return None if traces is None else Misfit(*traces)
    rams = [g.ram for g in result.groups]
    gammas = gammas_of(result.model, sample)
    return misfit(rams, result.theta, _weights(result), gammas, _shares(result), result.restrictions)


def _misfit_of_baseline(result: SemResult, sample: Sample) -> Misfit | None:
    if result.model.ordered:
        return _misfit_of_independence(result)
    null = baseline_table(result.model)
    rams = [build(null, m.cov, m.mean, g) for g, m in enumerate(sample.moments, start=1)]
    weights = _weights(result)
    known = [w for w in weights if w is not None]
    theta = (
        baseline_fit(null, sample.moments, known)[0]
        if len(known) == len(weights)
        else baseline_estimates(null, sample.moments)
    )
    return misfit(rams, theta, weights, gammas_of(null, sample), _shares(result))


def _misfit_of_independence(result: SemResult) -> Misfit:
    """Return the traces of the independence model of ordinal data, whose groups share no parameter."""
    found = [
        independence_traces(g.moments.ordinal, g.weight, result.model.covariates)
        for g in result.groups
        if g.moments.ordinal is not None and g.weight is not None
    ]
    return Misfit(np.zeros((0, 0)), sum(t for t, _ in found), sum(s for _, s in found))


def _weights(result: SemResult) -> Sequence[Weight | None]:
    return [g.weight for g in result.groups]


def _shares(result: SemResult) -> Sequence[float]:
    return [g.moments.size / result.n_obs for g in result.groups]
