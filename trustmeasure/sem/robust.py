r"""Standard errors and tests that need neither normal data, nor rows of one weight, nor independent rows.

- Sandwich standard errors `A^-1 B A^-1 / N`, with B from the scores of single rows; A is the observed
  information for MLR (Huber 1967; White 1982), the expected one for MLM (Satorra & Bentler 1994).
- Scaled test `T / c` with ``c = (tr(B1 A1^-1) - tr(B0 A0^-1)) / df``, saturated model minus model: for MLR
  the Yuan & Bentler (2000) test in the form of Mplus, for MLM the Satorra & Bentler (1994) test, whose
  `tr(U Gamma)` is the same difference with expected information and scores centred at the sample moments.
- With sampling weights each score is multiplied by its row's weight, so that B has squared weights. With
  clusters the scores of a cluster are added up before B is formed, which is multiplied by `C / (C - 1)` for C
  clusters.

No matrix larger than q x q is needed (`trustmeasure.sem.saturated`); rows are read block by block. Checked
against: lavaan 0.6-14, `tests/reference/sem` and `tests/reference/sem_survey`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from trustmeasure.moments import SampleMoments
from trustmeasure.moments.blocks import RowBlocks
from trustmeasure.sem.baseline import baseline_estimates, baseline_table
from trustmeasure.sem.casewise import Scorer, summed
from trustmeasure.sem.discrepancy import Groups, MaximumLikelihood
from trustmeasure.sem.fiml_robust import incomplete_information, incomplete_meat, saturated_trace
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import Ram, build, implied
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.saturated import Deviations, explained, mean_of, trace
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
    covariance : array, shape (q, q), or None
        Robust covariance matrix of the estimates; None when the information cannot be inverted.
    model, saturated : float
        The two traces.
    """

    covariance: Array | None
    model: float
    saturated: float


def traces(
    table: ParameterTable,
    rams: Sequence[Ram],
    sample: Sample,
    theta: Array,
    estimator: str,
    *,
    information: str | None = None,
    restrictions: Array | None = None,
    saturated: float | None = None,
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
    information : {"expected", "observed"}, optional
        Information of the model.
    restrictions : array, shape (r, q), or None
        Jacobian of the active equality constraints.
    saturated : float, optional
        The saturated model's trace, when it is known: with MLR it is the same for all models.
    """
    if any(m.incomplete for m in sample.moments):
        return _incomplete_traces(table, rams, sample, theta, restrictions, saturated)
    observed = estimator == "MLR"
    total = sum(m.n_obs for m in sample.moments)
    x = [table.observed.index(name) for name in table.exogenous]
    groups = _groups(rams, sample, theta, x, observed=observed)
    if saturated is None:
        saturated = sum(g.saturated() for g in groups)
    second = information_of(rams, sample, theta, observed=_observed(estimator, information))
    inverse = inverse_information(second, restrictions)
    if inverse is None:
        return Traces(None, float("nan"), saturated)
    middle = sum((g.meat() for g in groups), start=np.zeros_like(inverse)) / total
    covariance = inverse @ middle @ inverse / total
    return Traces(0.5 * (covariance + covariance.T), float(np.trace(inverse @ middle)), saturated)


def _incomplete_traces(
    table: ParameterTable,
    rams: Sequence[Ram],
    sample: Sample,
    theta: Array,
    restrictions: Array | None,
    saturated: float | None,
) -> Traces:
    if saturated is None:
        x = [table.observed.index(name) for name in table.exogenous]
        saturated = sum(saturated_trace(m, x) for m in sample.moments)
    inverse = inverse_information(incomplete_information(rams, sample.moments, theta), restrictions)
    if inverse is None:
        return Traces(None, float("nan"), saturated)
    middle = incomplete_meat(rams, sample.moments, theta)
    covariance = inverse @ middle @ inverse / sum(m.n_obs for m in sample.moments)
    return Traces(0.5 * (covariance + covariance.T), float(np.trace(inverse @ middle)), saturated)


def scaled_test(
    table: ParameterTable,
    sample: Sample,
    found: Traces,
    df: int,
    baseline_df: int,
    estimator: str,
    *,
    information: str | None = None,
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
    estimator, information : str
        As for `traces`.
    """
    null = baseline_table(table)
    rams = [build(null, m.cov, m.mean, g) for g, m in enumerate(sample.moments, start=1)]
    theta = baseline_estimates(null, sample.moments)
    known = found.saturated if estimator == "MLR" else None
    base = traces(null, rams, sample, theta, estimator, information=information, saturated=known)
    factor = (found.saturated - found.model) / df if df > 0 else float("nan")
    baseline = (base.saturated - base.model) / baseline_df if baseline_df > 0 else float("nan")
    if estimator == "MLM":
        return ScaledTest(factor, baseline, None, None)
    per_parameter = found.model / table.npar if table.npar else float("nan")
    return ScaledTest(factor, baseline, per_parameter, found.saturated / (table.npar + df))


def meat(rams: Sequence[Ram], sample: Sample, theta: Array, x: Sequence[int], *, observed: bool) -> Array:
    """Return the mean outer product of the scores of rows or clusters, shape (q, q).

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
    parts = [group.meat() for group in _groups(rams, sample, theta, x, observed=observed)]
    return np.asarray(sum(parts[1:], start=parts[0]) / sum(m.n_obs for m in sample.moments))


def _observed(estimator: str, information: str | None) -> bool:
    return information == "observed" if information is not None else estimator == "MLR"


def information_of(rams: Sequence[Ram], sample: Sample, theta: Array, *, observed: bool) -> Array:
    """Return the observed or the expected information of one row, shape (q, q)."""
    parts = [
        MaximumLikelihood.of(ram, m.cov[None], None if m.mean is None else m.mean[None])
        for ram, m in zip(rams, sample.moments, strict=True)
    ]
    whole = Groups.of(parts, [m.size for m in sample.moments])
    second = whole.hessian(theta[None], ONE) if observed else whole.point(theta[None], ONE).curvature
    return np.asarray(0.5 * second[0])


def _groups(
    rams: Sequence[Ram], sample: Sample, theta: Array, x: Sequence[int], *, observed: bool
) -> list[_Group]:
    triples = zip(rams, sample.blocks, sample.moments, strict=True)
    return [_Group(ram, theta, rows, moments, x, observed) for ram, rows, moments in triples]


@dataclass(frozen=True, slots=True)
class _Group:
    """One group of a model: its rows at the solution."""

    ram: Ram
    theta: Array
    rows: RowBlocks
    moments: SampleMoments
    x: Sequence[int]
    observed: bool

    def meat(self) -> Array:
        """Return the sum over rows (or clusters) of `s s'`, s the scores, shape (q, q)."""
        found = np.zeros((self.theta.size, self.theta.size))
        own = self._scores() if self.observed else self._centred_scores()
        for s in summed(self.rows, own, 2 * max(self.theta.size, self.ram.moving.size)):
            found += s.T @ s
        return found * self.rows.correction

    def _scores(self) -> Callable[[Array], Array]:
        """Return the scores around the implied means (MLR)."""
        scorer = Scorer.of(self.ram, self.theta)
        centre = mean_of(self.moments) if scorer.mu is None else scorer.mu
        return lambda values: scorer.rows(values - centre)

    def _centred_scores(self) -> Callable[[Array], Array]:
        """Return the deviations around the sample's moments, given the exogenous variables (MLM)."""
        scorer, x, cov = Scorer.of(self.ram, self.theta), list(self.x), self.moments.cov
        slope, centre = explained(cov, x), mean_of(self.moments)
        sampled = scorer.second_moments(cov - cov[:, x] @ slope)
        # Without exogenous variables nothing is given, and scores of zero rows remain: they are `-l'V r`.
        given = partial(_given, scorer, slope, x)
        return lambda values: scorer.rows(values - centre) - given(values - centre) - sampled

    def saturated(self) -> float:
        """Return the saturated model's trace, without the part of the exogenous variables."""
        moments, means = self.moments, self.ram.m0 is not None
        if not self.observed:
            sigma = implied(self.ram, self.theta[None]).sigma[0]
            return trace(self.rows, moments, Deviations.of(moments, sigma, self.x, means=means))
        whole = trace(self.rows, moments, Deviations.of(moments, moments.cov, means=means))
        if not self.x:
            return whole
        return whole - trace(
            self.rows, moments, Deviations.of(moments, moments.cov, means=means, only=self.x)
        )


def _given(scorer: Scorer, slope: Array, x: list[int], z: Array) -> Array:
    """Return the scores of what the exogenous variables explain, shape (n or 1, q)."""
    return scorer.rows(z[:, x] @ slope if x else np.zeros((1, z.shape[1])))
