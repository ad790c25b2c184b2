"""What a structural equation model found: primitives stored, everything else derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.baseline import baseline_fit, baseline_table
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.design import effective_size
from trustmeasure.sem.fiml_corrected import Corrected, corrected
from trustmeasure.sem.fit_measures import FitNumbers, fit_measures
from trustmeasure.sem.group_result import GroupResult, ImpliedMoments
from trustmeasure.sem.options import SB, SHIFTED, YB, Options
from trustmeasure.sem.ordinal.baseline import zero_pairs
from trustmeasure.sem.ordinal.robust_indices import robust_parts
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.residuals import Residuals
from trustmeasure.sem.scaled import ScaledTest
from trustmeasure.sem.split import Sample
from trustmeasure.sem.tables import parameter_frame
from trustmeasure.threads import one_thread

if TYPE_CHECKING:
    from trustmeasure.sem.bootstrap_result import Bootstrap

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SemResult:
    """A fitted structural equation model.

    What belongs to one group (`r_squared`, `implied`, `residuals`) is found in the result itself when the
    model has no groups, and in `in_group(label)` when it has.

    Attributes
    ----------
    model : ParameterTable
        What was fitted, the defaults included.
    groups : tuple of GroupResult, length G
        The groups in the order of their numbers; one without groups.
    theta : array, shape (q,)
        Free parameters, named by `model.free_names`.
    theta_cov : array, shape (q, q), or None
        Their covariance matrix, robust for MLR and MLM; None when it cannot be given.
    discrepancy : float
        Minimum of the ML discrepancy F (the chi-square is n times it).
    gradient : array, shape (q,)
        First derivatives of F at the solution.
    iterations : int
        Steps of the optimiser.
    converged : bool
        Whether a minimum was reached.
    options : Options
        How it was estimated and judged.
    engine : str
        By whom: "trustmeasure" or "semopy".
    ci : float
        Confidence level of the intervals.
    warnings : tuple of str
        Everything a reader should know before using the numbers.
    versions : mapping of str to str
        Software that made the numbers.
    test : ScaledTest or None
        Scaling factors of the chi-squares (MLR, MLM).
    sample : Sample or None
        The rows, kept for robust estimators: scaled difference tests look at them again.
    draws, test_draws : Bootstrap or None
        Draws behind `se="bootstrap"` and `test="bollen-stine"`.
    """

    model: ParameterTable
    groups: tuple[GroupResult, ...]
    theta: Array
    theta_cov: Array | None
    discrepancy: float
    gradient: Array
    iterations: int
    converged: bool
    options: Options
    engine: str
    ci: float
    warnings: tuple[str, ...]
    versions: Mapping[str, str]
    test: ScaledTest | None = None
    sample: Sample | None = field(default=None, repr=False)
    draws: Bootstrap | None = field(default=None, repr=False)
    test_draws: Bootstrap | None = field(default=None, repr=False)

    @property
    def group_labels(self) -> tuple[str, ...]:
        """Values of the grouping variable in the order of the column `group`; one empty text without."""
        return tuple(g.label for g in self.groups)

    def in_group(self, label: str) -> GroupResult:
        """Return one group; raise ArgumentError naming the nearest label otherwise."""
        one_of("group", label, self.group_labels)
        return self.groups[self.group_labels.index(label)]

    @property
    def estimator(self) -> str:
        """Name of the estimator, such as "ML" or "WLSMV"."""
        return self.options.estimator

    @property
    def size(self) -> float:
        """What the discrepancy is multiplied by to be a chi-square: the rows, or one less in each group."""
        return sum(g.size for g in self.groups)

    @property
    def n_obs(self) -> int:
        """Rows that the estimates rest on, in all groups."""
        return sum(g.moments.n_obs for g in self.groups)

    @property
    def n_dropped(self) -> int:
        """Rows left out because a value was missing, in all groups."""
        return sum(g.moments.n_dropped for g in self.groups)

    @property
    def n_clusters(self) -> int | None:
        """Clusters in all groups; one that has rows in two groups counts twice. None without clusters."""
        found = [d.n_clusters for g in self.groups if (d := g.moments.design) is not None]
        return sum(n for n in found if n is not None) if found and None not in found else None

    @property
    def n_effective(self) -> float:
        """Effective sample size `(sum w)^2 / sum w^2` of weighted rows (Kish 1965); rows without weights."""
        designs = [g.moments.design for g in self.groups]
        weighted = [d for d in designs if d is not None and d.weighted]
        return effective_size(weighted) if weighted else float(self.n_obs)

    @property
    def missing(self) -> str:
        """How missing values were treated: "listwise", "fiml", or for ordinal data "pairwise"."""
        if any(g.moments.ordinal and g.moments.ordinal.missing == "pairwise" for g in self.groups):
            return "pairwise"
        return "fiml" if any(g.moments.incomplete for g in self.groups) else "listwise"

    @property
    def chisq(self) -> float:
        """Chi-square of the model, not scaled."""
        return sum(g.size * g.discrepancy for g in self.groups)

    @property
    def npar(self) -> int:
        """Distinct free parameters, less the independent equality constraints among them."""
        return self.model.npar

    @cached_property
    def restrictions(self) -> Array | None:
        """Jacobian of equality constraints and active inequalities at `theta`, shape (r, q); None without."""
        return Limits.of(self.model).restrictions(self.theta)

    @property
    def df(self) -> int:
        """Degrees of freedom: moments minus free parameters."""
        return degrees_of_freedom(self.model)

    @property
    def baseline_df(self) -> int:
        """Degrees of freedom of the independence model."""
        if self.model.ordered:
            return len(self.groups) * zero_pairs(self.model.layout, self.model.covariates).size
        p, n_x = len(self.model.observed) - len(self.model.auxiliary), len(self.model.covariates)
        return len(self.groups) * (p * (p - 1) // 2 - n_x * (n_x - 1) // 2)

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """One row a parameter or definition, with the columns of `trustmeasure.sem.tables.COLUMNS`."""
        frame = parameter_frame(self.model, [g.ram for g in self.groups], self.theta, self.theta_cov, self.ci)
        return frame if self.draws is None else frame.assign(**self.draws.columns(self.ci))

    @cached_property
    def std(self) -> pd.DataFrame:
        """The standardised solution: lhs op rhs group label std_lv std_all."""
        return self.parameters[["lhs", "op", "rhs", "group", "label", "std_lv", "std_all"]].copy()

    @cached_property
    @one_thread
    def fit_measures(self) -> pd.Series:
        """Fit measures by lavaan's names in snake case (chisq, df, pvalue, cfi, ...)."""
        found = fit_measures(self._fit_numbers())
        if self.test_draws is not None:
            found["pvalue_bollen_stine"] = self.test_draws.p_value
        return found

    @property
    def r_squared(self) -> pd.Series:
        """Explained share of each endogenous variance; NaN where the residual variance is negative."""
        return self._alone("r_squared").r_squared

    @cached_property
    def vcov(self) -> pd.DataFrame:
        """Covariance matrix of the free parameters, shape (q, q), named by label or relation."""
        names = list(self.model.free_names)
        values = np.full((self.theta.size,) * 2, np.nan) if self.theta_cov is None else self.theta_cov
        return pd.DataFrame(values, index=names, columns=names)

    @property
    def implied(self) -> ImpliedMoments:
        """Implied covariances and means of the observed variables."""
        return self._alone("implied").implied

    @property
    def residuals(self) -> Residuals:
        """Observed minus implied moments: raw and as correlations."""
        return self._alone("residuals").residuals

    def _alone(self, what: str) -> GroupResult:
        if len(self.groups) > 1:
            labels = ", ".join(repr(label) for label in self.group_labels)
            raise ArgumentError(f"The model has groups: say result.in_group(label).{what}, label {labels}.")
        return self.groups[0]

    def _fit_numbers(self) -> FitNumbers:
        return FitNumbers(
            discrepancy=self.discrepancy,
            chisq=self.chisq,
            baseline_chisq=self._baseline(),
            df=self.df,
            baseline_df=self.baseline_df,
            npar=self.npar,
            groups=[g.numbers() for g in self.groups],
            test=self.test,
            options=self.options,
            corrected=self._corrected(),
        )

    def _corrected(self) -> Corrected | None:
        """Return what robust fit measures of incomplete or of ordinal data are made of; None without any."""
        if self.model.ordered:
            return self._corrected_ordinal()
        if self.missing != "fiml":
            return None
        rams, samples = [g.ram for g in self.groups], [g.moments for g in self.groups]
        return corrected(
            self.model,
            rams,
            samples,
            self.theta,
            robust=self.options.test == YB,
            restrictions=self.restrictions,
        )

    def _corrected_ordinal(self) -> Corrected | None:
        """Return the same for ordinal data with a scaled test; None where it is not defined."""
        groups = [found for g in self.groups if (found := g.robust()) is not None]
        if self.options.test not in {SB, SHIFTED} or len(groups) < len(self.groups):
            return None
        return robust_parts(groups, self.theta.size, self.restrictions)

    def _baseline(self) -> float:
        """Return the chi-square of the independence model."""
        if self.model.ordered:
            return sum(g.size * g.baseline() for g in self.groups)
        weights = [g.weight for g in self.groups if g.weight is not None]
        if not weights:
            return sum(g.size * g.baseline() for g in self.groups)
        samples = [g.moments for g in self.groups]
        values = baseline_fit(baseline_table(self.model), samples, weights)[1]
        return sum(g.size * value for g, value in zip(self.groups, values, strict=True))

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the parameter frame."""
        return self.parameters.copy()

    def summary(self) -> Summary:
        """Return fit, parameters, R-squared and warnings, to be shown as text or in a notebook."""
        from trustmeasure.sem.summary import summarise

        return summarise(self)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def degrees_of_freedom(model: ParameterTable) -> int:
    """Return moments minus free parameters; those fixed at the sample's moments count on neither side."""
    if model.ordered:
        return model.n_groups * model.layout.size - model.npar
    p, n_x = len(model.observed), len(model.exogenous)
    moments = p * (p + 1) // 2 - n_x * (n_x + 1) // 2
    if model.meanstructure:
        moments += p - n_x
    return model.n_groups * moments - model.npar
