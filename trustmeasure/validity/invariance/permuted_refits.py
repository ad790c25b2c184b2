"""Permutations that are fitted one at a time: incomplete rows, ordinal answers, least squares, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ConvergenceError, DataError, IdentificationError
from trustmeasure.sem.draw_causes import EMPTY, UNFINISHED, USABLE
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.ordinal.sample import ordinal_sample
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.split import Rows, Sample, Split
from trustmeasure.validity.invariance.permuted import MEASURES, Permuted, Step
from trustmeasure.validity.invariance.plan import Plan
from trustmeasure.validity.invariance.releases import scores_of

Array = npt.NDArray[np.float64]

CHUNK = 5
"""Permutations that come from one random stream; part of what a seed means."""


@dataclass(frozen=True, slots=True)
class PermutedRefits:
    """Everything that a chunk of such permutations needs.

    Attributes
    ----------
    plan : Plan
        Data and estimator.
    steps : tuple of Step, length S
        The models, starting at the solutions of the data as they are.
    ending : str
        Which indices are taken: "" or "_scaled".
    seed : int
        Root of the random streams.
    """

    plan: Plan
    steps: tuple[Step, ...]
    ending: str
    seed: int

    @property
    def size(self) -> int:
        """Permutations of a chunk."""
        return CHUNK

    @classmethod
    def of(
        cls, plan: Plan, steps: tuple[Step, ...], fits: Mapping[str, SemResult], ending: str, seed: int
    ) -> PermutedRefits:
        """Prepare, with the solutions of the data as starting values."""
        started = tuple(replace(s, table=_started(s.table, fits[s.name].theta)) for s in steps)
        return cls(plan, started, ending, seed)

    def chunk(self, number: int, b: int) -> Permuted:
        """Permute the labels b times and fit every step."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number,)))
        return Permuted.joined([self._one(shuffled(self.plan.split, rng)) for _ in range(b)])

    def observed(self) -> Permuted:
        """Return the same of the data as they are."""
        return self._one(self.plan.split)

    def _one(self, split: Split) -> Permuted:
        measures = np.full((1, len(self.steps), len(MEASURES)), np.nan)
        scores = tuple(np.full((1, len(s.relations)), np.nan) for s in self.steps)
        cause = np.full((1, len(self.steps)), EMPTY, dtype=np.int8)
        try:
            plan = replace(self.plan, split=split, sample=sampled(self.plan, split))
        except DataError:  # a category without answers in a group, an item without variance
            return Permuted(measures, scores, cause)
        for s, step in enumerate(self.steps):
            cause[0, s] = self._step(plan, step, measures[0, s], scores[s][0])
        return Permuted(measures, scores, cause)

    def _step(self, plan: Plan, step: Step, measures: Array, scores: Array) -> int:
        """Write what a step says into the arrays, and return what is the matter."""
        try:
            fit = fit_sample(step.table, plan.sample, plan.options)
        except (ConvergenceError, IdentificationError):
            return UNFINISHED
        except DataError:
            return EMPTY
        own = fit.fit_measures
        names = [f"{name}{self.ending}" if name in {"cfi", "rmsea"} else name for name in MEASURES]
        measures[:] = [float(own.get(name, np.nan)) for name in names]
        if step.relations:
            scores[:] = scores_of(plan, fit, step.relations).chisq[0]
        return USABLE


def sampled(plan: Plan, split: Split) -> Sample:
    """Return what the models are fitted to, of other rows."""
    if plan.categories:
        return ordinal_sample(split, plan.base, plan.categories, plan.missing, plan.options)
    return split.sample(plan.base, plan.missing)


def shuffled(split: Split, rng: np.random.Generator) -> Split:
    """Return the data with the labels of the groups permuted over rows; weights go with their rows."""
    parts = [part for part in split.parts if isinstance(part, Rows) and part.at is not None]
    at = np.concatenate([part.at for part in parts if part.at is not None])
    own = [part.weights for part in parts if part.weights is not None]
    weights = np.concatenate(own) if own else None
    order = np.split(rng.permutation(at.size), np.cumsum([len(p.at) for p in parts if p.at is not None])[:-1])
    new = [
        replace(part, at=at[rows], weights=None if weights is None else weights[rows])
        for part, rows in zip(parts, order, strict=True)
    ]
    return Split(split.labels, tuple(new))


def _started(table: ParameterTable, theta: Array) -> ParameterTable:
    rows = [row._replace(start=float(theta[row.free - 1])) if row.free else row for row in table.parameters]
    return replace(table, parameters=tuple(rows))
