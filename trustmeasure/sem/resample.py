"""Bootstrap of a fitted model, the Bollen-Stine test, and Monte Carlo limits of defined parameters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.bootstrap_result import Bootstrap
from trustmeasure.sem.design import refuse_resampling
from trustmeasure.sem.draws import Fitted
from trustmeasure.sem.inference import defined_values, labelled
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.ordinal.resampling import OrdinalPlan, ordinal_plan, parametric_plan
from trustmeasure.sem.refits import Refits, refits_of
from trustmeasure.sem.resampled_rows import rows_of
from trustmeasure.sem.resampling import Plan, plan_of, run_chunks
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.standardize import standardized
from trustmeasure.sem.tables import estimates
from trustmeasure.sem.uncertainty import Uncertainty

Array = npt.NDArray[np.float64]

KINDS = ("nonparametric", "parametric", "bollen-stine")


def bootstrap(
    result: SemResult,
    data: Any = None,
    n: int = 1000,
    *,
    seed: int,
    kind: str = "nonparametric",
    group: str | None = None,
    cluster: str | None = None,
    workers: int | None = None,
    progress: bool = True,
    resume: Bootstrap | None = None,
) -> Bootstrap:
    """Resample the data of a fit, and fit the model to every draw.

    Parameters
    ----------
    result : SemResult
        A fit. Where covariances say all (maximum likelihood, complete rows), and with ordinal variables,
        draws are fitted in batches, otherwise one at a time.
    data : frame
        The data that it was fitted to; not needed for parametric draws.
    n : int
        Draws.
    seed : int
        The same seed gives the same draws, whatever the number of workers.
    kind : {"nonparametric", "parametric", "bollen-stine"}
        Draw rows with replacement; draw samples (normal, or ordinal) from the fitted model; or draw rows of
        data that were moved to fit the model exactly, to test it (Bollen & Stine 1992).
    group : str, optional
        The grouping column of a fit in groups; rows are drawn within groups.
    cluster : str, optional
        Column of clusters, which are drawn whole.
    workers : int, optional
        Processes that share the work; without it joblib's own setting (`joblib.parallel_config`), or 1.
    progress : bool
        Show progress when the work takes longer than two seconds.
    resume : Bootstrap, optional
        An earlier record with the same fit, kind and seed, which is continued to n draws.

    Returns
    -------
    Bootstrap
        All draws, failed and inadmissible ones marked by cause. After an interruption from the keyboard: the
        draws made until then, marked as partial.

    Raises
    ------
    ArgumentError
        If the data are not those of the fit, or the fit cannot be resampled.

    Notes
    -----
    Covariances of a draw are linear in how often each row was drawn, so that many come from one matrix
    product; so are the two-way tables of ordinal variables, from which thresholds, correlations and weights
    of each draw are estimated anew. A draw in which a category has no answer counts as failed. Every draw
    starts at the full sample's solution and is fitted to a Newton decrement of 1e-16. Moments of exogenous
    observed variables (`fixed_x`) are those of the draw. Checked against: lavaan 0.6-14,
    `tests/reference/sem_resample` and `ordinal_resample`.

    Examples
    --------
    >>> from trustmeasure.sem import fit_sem, simulate
    >>> model = "trust =~ 0.8*a + 0.7*b + 0.9*c"
    >>> data = simulate(model, 200, seed=1)
    >>> fit = fit_sem("trust =~ a + b + c", data)
    >>> found = bootstrap(fit, data, n=200, seed=1)
    >>> found.draws.shape
    (200, 6)
    """
    one_of("kind", kind, KINDS)
    if n < 1:
        raise ArgumentError(f"n={n!r}: at least one draw is needed.")
    if data is None and kind != "parametric":
        raise ArgumentError(f'kind="{kind}" needs the data that the model was fitted to.')
    if cluster is not None and kind != "nonparametric":
        raise ArgumentError('cluster goes with kind="nonparametric".')
    refuse_resampling([g.moments.design for g in result.groups], kind, cluster)
    plan = _plan(result, data, kind, seed, group, cluster)
    before, size = _before(resume, result, kind, seed, cluster), plan.size
    kept = min(len(before.cause), n) // size * size
    sizes = [(at // size, min(size, n - at)) for at in range(kept, n, size)]
    made, _ = run_chunks(plan.chunk, sizes, workers=workers, progress=progress, what="Bootstrap")
    parts = [Fitted(before.theta[:kept], before.chisq[:kept], before.cause[:kept]), *made]
    return Bootstrap(
        result=result,
        kind=kind,
        seed=seed,
        asked=n,
        theta=np.concatenate([part.theta for part in parts]),
        chisq=np.concatenate([part.chisq for part in parts]),
        cause=np.concatenate([part.cause for part in parts]),
        cluster=cluster,
        plan=plan,
    )


def _plan(
    result: SemResult, data: Any, kind: str, seed: int, group: str | None, cluster: str | None
) -> Plan | Refits | OrdinalPlan:
    """Return how draws are made: in batches where covariances say all, one at a time otherwise."""
    if result.model.ordered:
        if kind == "bollen-stine":
            raise ArgumentError(
                'kind="bollen-stine" moves continuous data and is not there for ordinal variables. Use '
                'kind="parametric" to test the model.'
            )
        if kind == "parametric":
            return parametric_plan(result, seed)
        return ordinal_plan(result, data, seed, group, cluster)
    if result.missing == "listwise" and not result.options.unbiased:
        return plan_of(result, () if data is None else rows_of(result, data, group, cluster), kind, seed)
    if kind != "nonparametric":
        how = f"estimator='{result.estimator}' and likelihood='{result.options.likelihood}'"
        how = "missing='fiml'" if result.missing == "fiml" else how
        raise ArgumentError(f'kind="{kind}" does not go with {how}. Use kind="nonparametric".')
    return refits_of(result, data, seed, group, cluster)


def _before(resume: Bootstrap | None, result: SemResult, kind: str, seed: int, cluster: str | None) -> Fitted:
    """Return the draws of an earlier record, or none."""
    if resume is None:
        q = result.theta.size + sum(row.exogenous for row in result.model.parameters)
        return Fitted(np.zeros((0, q)), np.zeros(0), np.zeros(0, dtype=np.int8))
    same = resume.result.theta.shape == result.theta.shape and np.array_equal(
        resume.result.theta, result.theta
    )
    if not same or (resume.kind, resume.seed, resume.cluster) != (kind, seed, cluster):
        raise ArgumentError(
            "resume: the record has another fit, kind, seed or cluster; it cannot be continued."
        )
    return Fitted(resume.theta, resume.chisq, resume.cause)


def bollen_stine(
    result: SemResult,
    data: Any,
    n: int = 1000,
    *,
    seed: int,
    group: str | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> pd.Series:
    """Test a model by resampling data that were moved to fit it exactly.

    Parameters
    ----------
    result : SemResult
        A maximum-likelihood fit.
    data : frame
        The data that it was fitted to.
    n, seed, group, workers, progress
        As in `bootstrap`.

    Returns
    -------
    Series
        chisq, df, pvalue (chi-square distribution), pvalue_bollen_stine (share of the draws' chi-squares that
        are at least the sample's), draws, failed.

    Notes
    -----
    Bollen & Stine (1992, Sociological Methods & Research 21(2), 205-229).

    Examples
    --------
    >>> from trustmeasure.sem import fit_sem, simulate
    >>> data = simulate("trust =~ 0.8*a + 0.7*b + 0.9*c + 0.6*d", 200, seed=1)
    >>> fit = fit_sem("trust =~ a + b + c + d", data)
    >>> bool(0 <= bollen_stine(fit, data, n=200, seed=1)["pvalue_bollen_stine"] <= 1)
    True
    """
    options: dict[str, Any] = {"group": group, "workers": workers, "progress": progress}
    found = bootstrap(result, data, n, seed=seed, kind="bollen-stine", **options)
    measures = result.fit_measures
    values = {
        "chisq": measures["chisq"],
        "df": measures["df"],
        "pvalue": measures["pvalue"],
        "pvalue_bollen_stine": found.p_value,
        "draws": float(found.n),
        "failed": float(found.failures.sum()),
    }
    return pd.Series(values, name="bollen_stine")


def monte_carlo_intervals(
    result: SemResult, n: int = 20_000, *, seed: int, ci: float | None = None
) -> pd.DataFrame:
    r"""Return limits of the defined parameters from the normal distribution of the estimates.

    Parameters
    ----------
    result : SemResult
        A fit with `:=` lines.
    n : int
        Draws of the estimates.
    seed : int
        The same seed gives the same limits.
    ci : float, optional
        Confidence level; that of the result without it.

    Returns
    -------
    DataFrame
        One row a definition: name, expression, estimate, se (standard deviation of the draws), ci_lower,
        ci_upper, and the same with `std_all_` before them for standardised values.

    Raises
    ------
    ArgumentError
        If nothing is defined, or the result has no standard errors.

    Notes
    -----
    MacKinnon, Lockwood & Williams (2004, Multivariate Behavioral Research 39(1), 99-128).

    Examples
    --------
    >>> from trustmeasure.sem import fit_sem, simulate
    >>> data = simulate("m ~ 0.5*x\ny ~ 0.4*m", 200, seed=1)
    >>> fit = fit_sem("m ~ a*x\ny ~ b*m\nindirect := a*b", data)
    >>> bool(monte_carlo_intervals(fit, seed=1)["ci_lower"].iloc[0] > 0)
    True
    """
    level = in_range("ci", result.ci if ci is None else ci, 0.0, 1.0)
    definitions = result.model.definitions
    if not definitions:
        raise ArgumentError("The model defines no parameter with :=, so there is nothing to give limits for.")
    by = Uncertainty.of(result, "monte_carlo", level, n=n, seed=seed)
    frame = pd.DataFrame({"name": [d.name for d in definitions], "expression": [d.text for d in definitions]})
    for scale, before in (("estimate", ""), ("std_all", "std_all_")):
        function = partial(_defined if scale == "estimate" else _defined_standardised, result)
        estimate = function((), result.theta[None])[0]
        spread = by.of_function(function, estimate)
        frame[scale] = estimate
        frame[f"{before}se"] = spread.se
        frame[f"{before}ci_lower"], frame[f"{before}ci_upper"] = spread.lower, spread.upper
    return frame


def _defined(result: SemResult, _: Sequence[Ram], theta: Array) -> Array:
    """Return the defined parameters, shape (b, r)."""
    values = defined_values(result.model, labelled(result.model, theta))
    return np.stack([np.broadcast_to(x, len(theta)) for x in values], axis=1)


def _defined_standardised(result: SemResult, _: Sequence[Ram], theta: Array) -> Array:
    table, rams = result.model, [group.ram for group in result.groups]
    fixed = [estimates(group.model, group.ram, result.theta) for group in result.groups]
    return standardized(table, rams, fixed, theta, latent_only=False)[:, len(table.parameters) :]
