"""One group of a fit: its data, its matrices, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.moments import SampleMoments
from trustmeasure.sem.auxiliary import fit_baseline
from trustmeasure.sem.baseline import baseline_table
from trustmeasure.sem.chisq import baseline_discrepancy
from trustmeasure.sem.discrepancy.weights import Diagonal, Weight
from trustmeasure.sem.fit_measures import GroupNumbers
from trustmeasure.sem.matrices import Implied, Ram, implied
from trustmeasure.sem.ordinal.baseline import independence_discrepancy
from trustmeasure.sem.ordinal.frames import levels_and_slopes, ordinal_residuals
from trustmeasure.sem.ordinal.measures import OrdinalNumbers, covariances
from trustmeasure.sem.ordinal.misfit import Products
from trustmeasure.sem.ordinal.robust_indices import RobustGroup
from trustmeasure.sem.ordinal.statistics import statistics
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.residuals import Residuals, residual_arrays
from trustmeasure.sem.standardize import formed_only, r_squared

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ImpliedMoments:
    """What the model implies for the observed variables; of ordinal data, statistics given the covariates.

    Attributes
    ----------
    cov : DataFrame, shape (p, p)
        Covariances; responses y* of ordinal variables have the variance 1 given the covariates.
    mean : Series, shape (p,), or None
        Means, when they are modelled; of ordinal data those of the continuous variables.
    threshold : Series, or None
        Thresholds of ordinal variables, named like "x1|t1".
    slope : DataFrame, shape (p, k), or None
        Slopes on the covariates of ordinal data.
    """

    cov: pd.DataFrame
    mean: pd.Series | None
    threshold: pd.Series | None = None
    slope: pd.DataFrame | None = None

    def _repr_html_(self) -> str:
        return f"<p>Implied covariances</p>{self.cov.round(3).to_html()}"


@dataclass(frozen=True)
class GroupResult:
    """One group of a fit.

    Attributes
    ----------
    label : str
        The group's value; empty in a model without groups.
    number : int
        Number of the group, from 1, as in the column `group` of the parameter frame.
    model : ParameterTable
        The group's rows.
    ram : Ram
        Its matrices.
    moments : SampleMoments
        The data as the model saw them (divisor n).
    theta : array, shape (q,)
        Free parameters of all groups.
    size : float
        What the group's discrepancy is multiplied by to be a chi-square: n (or the weights' sum), or n - 1.
    discrepancy : float
        The group's part of the minimum.
    weight : Weight or None
        Weight of the moments in least squares; None for maximum likelihood.
    """

    label: str
    number: int
    model: ParameterTable
    ram: Ram
    moments: SampleMoments
    theta: Array
    size: float
    discrepancy: float
    weight: Weight | None = None

    @property
    def n_obs(self) -> int:
        """Rows of the group that the estimates rest on."""
        return self.moments.n_obs

    @cached_property
    def r_squared(self) -> pd.Series:
        """Explained share of each endogenous variance; NaN where the residual variance is negative."""
        return pd.Series(
            r_squared(self.ram, self.theta, formed_only(self.model)), dtype="float64", name="r_squared"
        )

    @cached_property
    def implied(self) -> ImpliedMoments:
        """Implied covariances and means of the observed variables."""
        numbers = self._ordinal_numbers()
        if numbers is not None:
            names = list(numbers.layout.names)
            cov = pd.DataFrame(covariances(numbers.layout, numbers.implied), index=names, columns=names)
            return ImpliedMoments(cov, *levels_and_slopes(numbers.layout, numbers.implied))
        now, names = self.at_solution, list(self.model.observed)
        mean = None if now.mu is None else pd.Series(now.mu[0], index=names, name="mean")
        return ImpliedMoments(pd.DataFrame(now.sigma[0], index=names, columns=names), mean)

    @cached_property
    def residuals(self) -> Residuals:
        """Observed minus implied moments, raw and as correlations, of the model's own variables."""
        numbers = self._ordinal_numbers()
        if numbers is not None:
            return ordinal_residuals(numbers)
        found = self.numbers()
        names = list(self.model.observed)[: len(found.s)]
        raw, corr, by_sample = (
            pd.DataFrame(x, index=names, columns=names) for x in residual_arrays(found.s, found.sigma)
        )
        mean = None
        if found.mu is not None and found.mean is not None:
            mean = pd.Series(found.mean - found.mu, index=names, name="mean")
        return Residuals(raw, corr, by_sample, mean)

    @cached_property
    def at_solution(self) -> Implied:
        """What the model implies at the estimates, as arrays."""
        return implied(self.ram, self.theta[None])

    def numbers(self) -> GroupNumbers:
        """Return what the group brings to the fit measures: moments of the model's own variables."""
        now, p = self.at_solution, len(self.model.observed) - len(self.model.auxiliary)
        mean = self.moments.mean
        return GroupNumbers(
            n_obs=self.moments.size,
            s=self.moments.cov[:p, :p],
            sigma=now.sigma[0][:p, :p],
            mean=mean[:p] if now.mu is not None and mean is not None else None,
            mu=None if now.mu is None else now.mu[0, :p],
            x=[self.model.observed.index(n) for n in self.model.exogenous],
            saturated=None if self.moments.incomplete is None else self.moments.incomplete.logl,
            size=self.size,
            discrepancy=self.discrepancy,
            weight=self.weight,
            ordinal=self._ordinal_numbers(),
        )

    def _ordinal_numbers(self) -> OrdinalNumbers | None:
        """Return the statistics of ordinal data, of the sample and implied."""
        found = self.moments.ordinal
        if found is None:
            return None
        return OrdinalNumbers(found.layout, found.statistics, statistics(self.ram, self.theta[None])[0])

    @cached_property
    def products(self) -> Products | None:
        """What robust errors and tests of ordinal data are made of; None without a covariance matrix."""
        found = self.moments.ordinal
        if found is None or found.gamma is None or not isinstance(self.weight, Diagonal):
            return None
        return Products.of(self.ram, self.theta, self.weight.values, found.gamma)

    def robust(self) -> RobustGroup | None:
        """Return what robust fit measures of ordinal data need; None without their covariance matrix."""
        numbers, found, products = self._ordinal_numbers(), self.moments.ordinal, self.products
        if numbers is None or found is None or found.gamma is None or products is None:
            return None
        return RobustGroup(numbers, products, found.gamma, self.moments.size)

    def baseline(self) -> float:
        """Return the discrepancy of the independence model in this group."""
        if self.moments.ordinal is not None and self.weight is not None:
            return independence_discrepancy(self.moments.ordinal, self.weight, self.model.covariates)
        if self.model.auxiliary:
            return fit_baseline(baseline_table(self.model), self.moments, self.number)[1]
        x = [self.model.observed.index(n) for n in self.model.covariates]
        rows = self.moments.incomplete
        if rows is not None:
            return 2.0 * (rows.logl - rows.independent(x)) / self.n_obs
        return baseline_discrepancy(self.moments.cov, x)
