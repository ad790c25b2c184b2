"""Bootstrap of ordinal fits: draws of rows, whose thresholds, correlations and weights are estimated anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.moments.answers import Answers, answers_of
from trustmeasure.moments.ordinal_draws import DrawSource
from trustmeasure.sem.draw_causes import SINGULAR
from trustmeasure.sem.draws import Fitted
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import build
from trustmeasure.sem.ordinal.draws import OrdinalDraws, OrdinalFitter
from trustmeasure.sem.ordinal.impossible import impossible_responses
from trustmeasure.sem.ordinal.model_draws import ModelSource, model_sources
from trustmeasure.sem.ordinal.ordered import with_ordinal
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.population import open_table
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.resampled_rows import Counts, all_but, draw_units
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.split import Published, Rows, Split

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

CHUNK = 100
"""Draws that come from one random stream; part of what a seed means."""
GAMMA = {"ULS": "none", "DWLS": "diagonal", "WLS": "full"}
"""What the weights of a discrepancy are made of."""


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one group.

    Attributes
    ----------
    rows : DrawSource
        Answers.
    cluster : array of int, shape (n,), or None
        Number of each row's cluster, from 0.
    group : GroupResult
        The group of the fit.
    """

    rows: DrawSource
    cluster: Index | None
    group: GroupResult

    @property
    def n_units(self) -> int:
        """How many rows, or clusters, are drawn from."""
        return len(self.rows.given.rows) if self.cluster is None else int(self.cluster.max()) + 1

    def statistics(self, units: Counts, discrepancy: str) -> tuple[Array, Array]:
        """Return statistics (b, m) and weights, (b, m) or (b, m, m), for counts of units (b, units)."""
        counts = self._of_rows(units)
        found = self.rows.moments(counts, gamma=GAMMA[discrepancy])
        if found.gamma is not None:
            return found.statistics, _inverses(found.gamma)
        if found.variances is None:
            return found.statistics, np.ones(found.statistics.shape)
        return found.statistics, 1.0 / found.variances

    def sizes(self, units: Counts, less: float) -> Array:
        """Return what the group's discrepancy is multiplied by, shape (b,)."""
        return np.asarray(self._of_rows(units).sum(axis=1) - less)

    def exogenous(self, units: Counts, table: ParameterTable) -> Array:
        """Return the moments of covariates (divisor n - 1), in the order of `open_table`, shape (b, k)."""
        x, names = self.rows.given.rows.x, self.rows.given.layout.covariates
        rows = [p for p in table.parameters if p.exogenous and p.group == self.group.number]
        drawn = self._of_rows(units)
        n = drawn.sum(axis=1)
        share = drawn / n[:, None]
        mean = share @ x
        found = np.empty((len(share), len(rows)))
        for i, row in enumerate(rows):
            a = names.index(row.lhs)
            if row.op == "~1":
                found[:, i] = mean[:, a]
            else:
                b = names.index(row.rhs)
                within = share @ (x[:, a] * x[:, b]) - mean[:, a] * mean[:, b]
                found[:, i] = within * n / (n - 1.0)
        return found

    def _of_rows(self, units: Counts) -> Array:
        return np.asarray(units if self.cluster is None else units[:, self.cluster], dtype=float)


def _inverses(gamma: Array) -> Array:
    """Return inverses of matrices (b, m, m), NaN for those that have none."""
    found = np.full(gamma.shape, np.nan)
    for i in np.flatnonzero(np.isfinite(gamma).all(axis=(1, 2))):
        sd = np.sqrt(np.diag(gamma[i]))
        unit = gamma[i] / np.outer(sd, sd)
        if np.linalg.eigvalsh(unit)[0] > 1e-10:
            found[i] = np.linalg.inv(unit) / np.outer(sd, sd)
    return found


@dataclass(frozen=True, slots=True)
class OrdinalPlan:
    """Everything a chunk of draws needs.

    Attributes
    ----------
    result : SemResult
        The fit.
    table : ParameterTable
        The model with the moments of covariates free, which are those of the draw.
    rams : tuple of Ram, length G
        Its matrices.
    fitter : OrdinalFitter
        How samples are fitted.
    seed : int
        Root of the random streams.
    sources : tuple of Source, length G
        Rows that are drawn from, or nothing.
    models : tuple of ModelSource, length G
        Models that are drawn from, or nothing.
    """

    result: SemResult
    table: ParameterTable
    rams: tuple[Ram, ...]
    fitter: OrdinalFitter
    seed: int
    sources: tuple[Source, ...]
    models: tuple[ModelSource, ...] = ()

    @property
    def size(self) -> int:
        """Draws of a chunk."""
        return CHUNK

    def chunk(self, number: int, b: int) -> Fitted:
        """Draw and fit a chunk."""
        root = np.random.SeedSequence(self.seed, spawn_key=(number,))
        rngs = [np.random.default_rng(stream) for stream in root.spawn(len(self.rams))]
        if self.models:
            return self._fitted(_drawn(self.models, rngs, b, self.result), [])
        pairs = zip(self.sources, rngs, strict=True)
        return self.fit(tuple(draw_units(rng, s.n_units, b) for s, rng in pairs))

    def fit(self, units: tuple[Counts, ...]) -> Fitted:
        """Fit the model to draws, given how often each row or cluster was drawn in each group."""
        given = [s.exogenous(u, self.result.model) for s, u in zip(self.sources, units, strict=True)]
        return self._fitted(_draws(self.sources, units, self.result), given)

    def _fitted(self, draws: OrdinalDraws, given: Sequence[Array]) -> Fitted:
        """Fit the model to draws whose covariates have the moments `given`."""
        found = self.fitter.fit(draws)
        theta = np.concatenate([found.theta, *given], axis=1)
        solved = np.flatnonzero(np.isfinite(found.theta).all(axis=1))
        cause = np.where(draws.whole & ~draws.weighed, SINGULAR, found.cause).astype(np.int8)
        theta[np.setdiff1d(np.arange(len(theta)), solved)] = np.nan
        if solved.size:
            cause[solved] = impossible_responses(self.rams, theta[solved])
        return Fitted(theta, found.chisq, cause)

    def jackknife(self) -> Iterator[Array]:
        """Yield for each group the parameters without one unit each, shape (units, k)."""
        whole = [np.ones((1, s.n_units), dtype=np.uint16) for s in self.sources]
        for g, source in enumerate(self.sources):
            parts = []
            for at in range(0, source.n_units, CHUNK):
                units = np.arange(at, min(at + CHUNK, source.n_units))
                counts = [np.repeat(c, units.size, axis=0) for c in whole]
                counts[g] = all_but(source.n_units, units)
                parts.append(self.fit(tuple(counts)).theta)
            yield np.concatenate(parts)


def _draws(sources: tuple[Source, ...], units: tuple[Counts, ...], result: SemResult) -> OrdinalDraws:
    kind, less = result.options.discrepancy, float(result.options.unbiased)
    pairs = list(zip(sources, units, strict=True))
    found = [s.statistics(u, kind) for s, u in pairs]
    return OrdinalDraws(
        np.stack([s.sizes(u, less) for s, u in pairs], axis=1),
        tuple(f[0] for f in found),
        tuple(f[1] for f in found),
    )


def _drawn(
    models: tuple[ModelSource, ...], rngs: Sequence[np.random.Generator], b: int, result: SemResult
) -> OrdinalDraws:
    found = [model.statistics(rng, b) for model, rng in zip(models, rngs, strict=True)]
    sizes = np.tile([group.size for group in result.groups], (b, 1))
    equal = result.options.discrepancy == "ULS"
    weights = tuple(np.ones(f[1].shape) if equal else 1.0 / f[1] for f in found)
    return OrdinalDraws(sizes, tuple(f[0] for f in found), weights)


def parametric_plan(result: SemResult, seed: int) -> OrdinalPlan:
    """Return the plan of a bootstrap that draws answers from a fit with ordinal variables.

    Raises
    ------
    ArgumentError
        For a fit that this is not there for, and for one whose information is singular.
    """
    models = model_sources(result)
    own = [g.moments.ordinal for g in result.groups]
    equal = result.options.discrepancy == "ULS"
    whole = OrdinalDraws(
        np.array([[g.size for g in result.groups]]),
        tuple(m.statistics[None] for m in own if m is not None),
        tuple(
            np.ones((1, m.layout.size)) if equal or m.variances is None else 1.0 / m.variances[None]
            for m in own
            if m is not None
        ),
    )
    return _plan_of(result, whole, seed, (), models)


def ordinal_plan(
    result: SemResult, data: Any, seed: int, group: str | None, cluster: str | None
) -> OrdinalPlan:
    """Return the plan of a bootstrap that draws rows of a fit with ordinal variables.

    Raises
    ------
    ArgumentError
        If the data are not those of the fit, `group` is not said, or the model's information is singular.
    """
    sources = _sources(result, data, group, cluster)
    whole = _draws(sources, tuple(np.ones((1, s.n_units), dtype=np.uint16) for s in sources), result)
    _require_same(result, whole)
    return _plan_of(result, whole, seed, sources, ())


def _plan_of(
    result: SemResult,
    whole: OrdinalDraws,
    seed: int,
    sources: tuple[Source, ...],
    models: tuple[ModelSource, ...],
) -> OrdinalPlan:
    try:
        fitter = OrdinalFitter.of([g.ram for g in result.groups], result.theta, whole, result.model)
    except np.linalg.LinAlgError:
        raise ArgumentError(
            "The information matrix is singular at the solution: there is nothing to resample. Remove the "
            "parameters that the data do not determine (see the warnings of the result)."
        ) from None
    table = open_table(result.model)
    rams = tuple(build(table, g.moments.cov, g.moments.mean, g.number) for g in result.groups)
    return OrdinalPlan(result, table, rams, fitter, seed, sources, models)


def _sources(result: SemResult, data: Any, group: str | None, cluster: str | None) -> tuple[Source, ...]:
    if len(result.groups) > 1 and group is None:
        raise ArgumentError('The model has groups: say group="..." as in fit_sem.')
    split = Split.of(data, None, None, None, group if len(result.groups) > 1 else None, cluster=cluster)
    split, _ = with_ordinal(split, result.model, None)
    if split.labels != result.group_labels:
        raise ArgumentError(
            f"The data have the groups {', '.join(split.labels)}, but the result rests on "
            f"{', '.join(result.group_labels)}. Give the data that the model was fitted to."
        )
    return tuple(_source(part, own, result) for part, own in zip(split.parts, result.groups, strict=True))


def _source(part: Rows | Published, group: GroupResult, result: SemResult) -> Source:
    found = group.moments.ordinal
    if isinstance(part, Published) or found is None:
        raise ArgumentError("Draws of an ordinal fit need the rows that it rests on.")
    table = result.model
    reader = part.columns.reader(table.observed)
    values = np.concatenate([reader.read(rows)[0] for rows in reader.blocks(part.at)])
    kept = _used(values, found.missing, [table.observed.index(n) for n in table.exogenous])
    codes = {n: c for n, c in zip(found.layout.names, found.categories, strict=True) if c}
    options: dict[str, Any] = {"missing": found.missing, "categories": codes}
    given: Answers = answers_of(values[kept], table.observed, table.ordered, table.exogenous, **options)
    cluster = None
    if part.clusters is not None:
        cluster = np.unique(part.clusters[kept], return_inverse=True)[1].ravel()
    return Source(DrawSource.of(given, found.statistics), cluster, group)


def _used(values: Array, missing: str, x: list[int]) -> npt.NDArray[np.bool_]:
    """Return which rows are used: complete ones, or those with any answer and all covariates."""
    there = ~np.isnan(values)
    if missing == "listwise":
        return np.asarray(there.all(axis=1))
    y = np.setdiff1d(np.arange(values.shape[1]), x)
    return np.asarray(there[:, y].any(axis=1) & there[:, x].all(axis=1))


def _require_same(result: SemResult, whole: OrdinalDraws) -> None:
    for group, statistics, size in zip(result.groups, whole.statistics, whole.sizes[0], strict=True):
        own = group.moments.ordinal
        same = own is not None and own.statistics.shape == statistics[0].shape and size == group.size
        if own is None or not same or np.abs(statistics[0] - own.statistics).max() > 1e-6:
            where = f" in group '{group.label}'" if group.label else ""
            raise ArgumentError(
                f"The data do not give the thresholds and correlations that the result rests on{where}. Give "
                "the data that the model was fitted to."
            )
