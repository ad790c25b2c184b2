r"""Standard errors and tests that do not need normal data.

- Sandwich standard errors `A^-1 B A^-1 / N`, with B from the scores of single rows; A is the observed
  information for MLR (Huber 1967; White 1982), the expected one for MLM (Satorra & Bentler 1994).
- Scaled test `T / c` with ``c = (tr(B1 A1^-1) - tr(B0 A0^-1)) / df``, saturated model minus model: for MLR
  the Yuan & Bentler (2000) test in the form of Mplus, for MLM the Satorra & Bentler (1994) test, whose
  `tr(U Gamma)` is the same difference with expected information and scores centred at the sample moments.

The traces of the saturated model are sums over rows of Mahalanobis distances, so no matrix larger than q x q
is needed. Checked against: lavaan 0.6-14, `tests/reference/sem`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.baseline import baseline_estimates, baseline_table
from trustmeasure.sem.casewise import scores
from trustmeasure.sem.discrepancy import Groups, MaximumLikelihood
from trustmeasure.sem.matrices import Ram, build, implied
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.scaled import ScaledTest
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
ONE: Index = np.zeros(1, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Traces:
    """`tr(B A^-1)` of a model and of the saturated model, and the sandwich.

    Attributes
    ----------
    covariance : array, shape (q, q)
        Robust covariance matrix of the estimates.
    model, saturated : float
        The two traces.
    """

    covariance: Array
    model: float
    saturated: float


def traces(
    table: ParameterTable,
    rams: Sequence[Ram],
    sample: Sample,
    theta: Array,
    estimator: str,
    kind: str | None = None,
) -> Traces:
    """Return the robust covariance matrix and the traces of a fitted model.

    Parameters
    ----------
    table : ParameterTable
        The model.
    rams : sequence of Ram, length G
        Its matrices in each group.
    sample : Sample
        Rows and moments of each group.
    theta : array, shape (q,)
        Estimates.
    estimator : {"MLR", "MLM"}
        Which centring, and which information unless said.
    kind : {"expected", "observed"}, optional
        Information of the model.
    """
    observed = estimator == "MLR"
    total = sum(len(rows) for rows in sample.rows)
    x = [table.observed.index(name) for name in table.exogenous]
    saturated = sum(
        _saturated(ram, theta, rows, x, observed=observed)
        for ram, rows in zip(rams, sample.rows, strict=True)
    )
    inverse = np.linalg.inv(information(rams, sample, theta, observed=_observed(estimator, kind)))
    middle = meat(rams, sample, theta, x, observed=observed)
    covariance = inverse @ middle @ inverse / total
    return Traces(0.5 * (covariance + covariance.T), float(np.trace(inverse @ middle)), saturated)


def scaled_test(
    table: ParameterTable,
    sample: Sample,
    found: Traces,
    df: int,
    baseline_df: int,
    estimator: str,
    kind: str | None = None,
) -> ScaledTest:
    """Return the scaling factors of a fitted model and of its baseline.

    Parameters
    ----------
    table : ParameterTable
        The model.
    sample : Sample
        Rows and moments of each group.
    found : Traces
        Of the model.
    df, baseline_df : int
        Degrees of freedom.
    estimator, kind : str
        As for `traces`.
    """
    null = baseline_table(table)
    rams = [build(null, m.cov, m.mean, g) for g, m in enumerate(sample.moments, start=1)]
    base = traces(null, rams, sample, baseline_estimates(null, sample.moments), estimator, kind)
    factor = (found.saturated - found.model) / df if df > 0 else float("nan")
    baseline = (base.saturated - base.model) / baseline_df if baseline_df > 0 else float("nan")
    if estimator == "MLM":
        return ScaledTest(factor, baseline, None, None)
    per_parameter = found.model / table.n_free if table.n_free else float("nan")
    return ScaledTest(factor, baseline, per_parameter, found.saturated / (table.n_free + df))


def _observed(estimator: str, kind: str | None) -> bool:
    return kind == "observed" if kind is not None else estimator == "MLR"


def meat(rams: Sequence[Ram], sample: Sample, theta: Array, x: Sequence[int], *, observed: bool) -> Array:
    """Return the mean outer product of the rows' scores, shape (q, q).

    Parameters
    ----------
    rams : sequence of Ram, length G
        The model's matrices in each group.
    sample : Sample
        Rows of each group.
    theta : array, shape (q,)
        Where the scores are taken.
    x : sequence of int
        Positions of the exogenous variables fixed at the sample's moments.
    observed : bool
        Scores around the implied moments (MLR), or deviations around the sample's (MLM).
    """
    found = np.zeros((theta.size, theta.size))
    for ram, rows in zip(rams, sample.rows, strict=True):
        own = _scores(ram, theta, rows, x, observed=observed)
        found += own.T @ own
    return found / sum(len(rows) for rows in sample.rows)


def information(rams: Sequence[Ram], sample: Sample, theta: Array, *, observed: bool) -> Array:
    """Return the observed or the expected information of one row, shape (q, q)."""
    parts = [
        MaximumLikelihood.of(ram, m.cov[None], None if m.mean is None else m.mean[None])
        for ram, m in zip(rams, sample.moments, strict=True)
    ]
    whole = Groups.of(parts, [m.n_obs for m in sample.moments])
    second = whole.hessian(theta[None], ONE) if observed else whole.point(theta[None], ONE).curvature
    return np.asarray(0.5 * second[0])


def _scores(ram: Ram, theta: Array, rows: Array, x: Sequence[int], *, observed: bool) -> Array:
    """Return scores around the implied means (MLR), or deviations around the sample moments (MLM)."""
    now = implied(ram, theta[None])
    if observed:
        return scores(ram, theta, rows - (rows.mean(axis=0) if now.mu is None else now.mu[0]))
    z = rows - rows.mean(axis=0)
    found = scores(ram, theta, z) - scores(ram, theta, _explained(z, x))
    return np.asarray(found - found.mean(axis=0))


def _explained(z: Array, x: Sequence[int]) -> Array:
    """Return the part of centred rows that the exogenous variables explain linearly: given, not sampled."""
    if not x:
        return np.zeros_like(z)
    given = z[:, x]
    return np.asarray(given @ np.linalg.lstsq(given, z, rcond=None)[0])


def _saturated(ram: Ram, theta: Array, rows: Array, x: Sequence[int], *, observed: bool) -> float:
    """Return the saturated model's trace in one group, without the part of the exogenous variables."""
    z = rows - rows.mean(axis=0)
    means = ram.m0 is not None
    if not observed:
        return _trace(z, _explained(z, x), implied(ram, theta[None]).sigma[0], means=means)
    none = np.zeros_like(z)
    whole = _trace(z, none, z.T @ z / len(z), means=means)
    if not x:
        return whole
    return whole - _trace(z[:, x], none[:, x], z[:, x].T @ z[:, x] / len(z), means=means)


def _trace(z: Array, given: Array, sigma: Array, *, means: bool) -> float:
    """Return the mean of `d'V d` over rows, d the deviations of `z z' - given given'` (and `z - given`).

    With distances a, b, c under `V = Sigma^-1` of z with itself, z with given and given with itself, this
    is `mean(a^2 - 2 b^2 + c^2) / 2 - tr(V D V D) / 2 [+ tr(V D)]`, D the mean of `z z' - given given'`.
    """
    v = np.linalg.inv(sigma)
    a, b, c = (np.einsum("np,pq,nq->n", *pair) for pair in ((z, v, z), (z, v, given), (given, v, given)))
    ratio = v @ (z.T @ z - given.T @ given) / len(z)
    half = 0.5 * (float(np.mean(a**2 - 2.0 * b**2 + c**2)) - float(np.trace(ratio @ ratio)))
    return half + (float(np.trace(ratio)) if means else 0.0)
