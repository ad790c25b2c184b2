"""Monte Carlo studies of ordinal variables: the population's statistics, and the model fitted to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.moments.layout import Layout
from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.moments.polychoric import cells
from trustmeasure.moments.table_influence import (
    polychoric_influence,
    threshold_influence,
    threshold_variances,
)
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.monte_carlo_fits import FittedRows, Holes, Shape
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.refusals import ordinal_options
from trustmeasure.sem.ordinal.sample import moments_of_responses
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.population import Population, names_thresholds, populations, table_of
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.simulate import Cuts, with_cuts
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

ROWS = 10_000
"""Rows that a population's statistics are said to rest on; estimates do not depend on it."""


@dataclass(frozen=True)
class Drawn:
    """What samples are drawn from.

    Attributes
    ----------
    model : str, ParameterTable or SemResult
        The population, as in `simulate`.
    values : mapping of str to float, or None
        Values that go before those in the model.
    groups : int
        Number of groups.
    cuts : sequence or mapping, or None
        Cut points, as in `simulate`.
    parameterization : {"delta", "theta"}
        What the numbers of a text with thresholds mean, and how models are fitted.
    """

    model: str | ParameterTable | SemResult
    values: Mapping[str, float] | None
    groups: int
    cuts: Cuts | None
    parameterization: str

    @property
    def ordinal(self) -> bool:
        """Whether there are ordinal variables."""
        return self.cuts is not None or names_thresholds(self.model)

    @cached_property
    def labels(self) -> list[str]:
        """Names of the groups."""
        return [""] if self.groups == 1 else [str(g + 1) for g in range(self.groups)]

    @cached_property
    def parts(self) -> list[Population]:
        """The population of each group."""
        found = populations(self.model, self.labels, self.values, self.parameterization)
        return [with_cuts(part, self.cuts) for part in found]

    def truth(
        self, analysis: str | ParameterTable | None, estimator: str | None
    ) -> tuple[SemResult, list[Population]]:
        """Return the model to be fitted, at the values that the population gives it, and the population."""
        table, parts = self._table(analysis), self.parts
        names = parts[0].names
        lost = [name for name in table.observed if name not in names]
        if lost:
            raise ArgumentError(f"analysis: the population has no variable {', '.join(lost)}.")
        own = [_some(part, table.observed) for part in parts]
        kind = ordinal_options(estimator, None, None, None, "normal").discrepancy
        moments = tuple(moments_of_responses(_statistics(part, table), table) for part in own)
        plain = Options.of("ULS" if kind == "ULS" else "DWLS", None, "none")
        return fit_sample(table, Sample(tuple(self.labels), moments), plain), own

    def _table(self, analysis: str | ParameterTable | None) -> ParameterTable:
        given = self.model if analysis is None else analysis
        codes = self.parts[0].codes
        if not codes:
            raise ArgumentError(
                "ordered=True, but no variable is ordinal: give cut points as cuts, or write thresholds into "
                "the model, such as x1 | -1*t1 + 0*t2."
            )
        counts = {name: len(own) - 1 for name, own in codes.items()}
        if not isinstance(given, str):
            table = given.model if isinstance(given, SemResult) else given
            known = dict(zip(table.ordered, table.n_thresholds, strict=True))
            if any(counts.get(name) != count for name, count in known.items()) or not known:
                raise ArgumentError(
                    "The model to be fitted is parsed already, with other ordinal variables than the "
                    "population. Give it as text, or parse it with the same thresholds."
                )
            return table
        from trustmeasure.sem.specify import observed_names

        ordered = {name: counts[name] for name in observed_names(given) if name in counts}
        return table_of(given, self.labels, ordered=ordered, parameterization=self.parameterization)


def ordinal_study(
    drawn: Drawn,
    n: int,
    seed: int,
    analysis: str | ParameterTable | None,
    shape: Shape,
    holes: Holes | None,
    estimator: str | None,
) -> tuple[FittedRows, SemResult]:
    """Return a study of ordinal variables, and the model at the population's values."""
    true, parts = drawn.truth(analysis, estimator)
    options = ordinal_options(estimator, None, None, None, "normal")
    return FittedRows(true.model, tuple(parts), n, seed, shape, holes, options), true


def _some(part: Population, names: Sequence[str]) -> Population:
    """Return a population of some variables only, in another order."""
    at = [part.names.index(name) for name in names]
    kept = {name: part.cuts[name] for name in names if name in part.cuts}
    codes = {name: part.codes[name] for name in kept}
    return replace(
        part, names=tuple(names), mean=part.mean[at], cov=part.cov[np.ix_(at, at)], cuts=kept, codes=codes
    )


def _statistics(part: Population, table: ParameterTable) -> OrdinalMoments:
    """Return the statistics of a population, given its covariates."""
    layout = table.layout
    y = [part.names.index(name) for name in layout.names]
    x = [part.names.index(name) for name in layout.covariates]
    slopes = np.linalg.solve(part.cov[np.ix_(x, x)], part.cov[np.ix_(x, y)])
    within = part.cov[np.ix_(y, y)] - part.cov[np.ix_(y, x)] @ slopes
    start = part.mean[y] - part.mean[x] @ slopes
    sd = np.where(layout.ordinal, np.sqrt(np.diag(within)), 1.0)
    whole = np.sqrt(np.diag(part.cov))[y]
    levels = []
    for j, name in enumerate(layout.names):
        if layout.ordinal[j]:
            points = part.mean[y[j]] + np.array(part.cuts[name]) * whole[j]
            levels.append((points - start[j]) / sd[j])
        else:
            levels.append(start[j : j + 1])
    scaled = within / np.outer(sd, sd)
    row, col = layout.pairs
    variances = np.diag(scaled)[layout.continuous]
    statistics = np.concatenate([*levels, (slopes / sd).ravel(), variances, scaled[row, col]])
    return OrdinalMoments(
        layout=layout,
        categories=tuple(part.codes.get(name, ()) for name in layout.names),
        statistics=statistics,
        gamma=None,
        variances=_variances(layout, statistics),
        n_obs=ROWS,
        weight=float(ROWS),
        covariate_cov=part.cov[np.ix_(x, x)] if x else None,
        covariate_mean=part.mean[x] if x else None,
    )


def _variances(layout: Layout, statistics: Array) -> Array:
    """Return the asymptotic variances of statistics in the population, from its tables.

    With covariates or continuous variables there are no such tables, and all weigh the same; a model that
    holds in the population has the same values either way.
    """
    if not layout.ordinal.all() or layout.covariates:
        return np.ones(layout.size)
    counts = np.array(layout.n_thresholds)
    ends = np.full((layout.p, int(counts.max())), np.inf)
    ends[np.arange(counts.max()) < counts[:, None]] = statistics[layout.levels]
    row, col = layout.pairs
    rho = statistics[layout.correlations]
    found = cells(ends[row], ends[col], rho)
    margins = _margins(ends)
    effects = threshold_influence(margins, ends)
    change = polychoric_influence(
        found.p, (effects[row], effects[col]), (ends[row], ends[col]), rho, (found.p, found.d)
    )
    pairs = np.einsum("qab,qab->q", found.p, change[:, :-1, :-1] ** 2)
    own = threshold_variances(margins, effects)[np.arange(counts.max()) < counts[:, None]]
    return np.concatenate([own, pairs])


def _margins(ends: Array) -> Array:
    """Return the probability of each category, given thresholds, shape (p, c)."""
    from scipy.special import ndtr

    below = np.pad(ndtr(ends), ((0, 0), (1, 1)), constant_values=((0, 0), (0.0, 1.0)))
    return np.asarray(np.diff(below, axis=1))
