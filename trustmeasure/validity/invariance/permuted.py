r"""Models fitted to data whose group labels were permuted, many samples at once.

Where covariances and means say all (maximum likelihood, complete rows), the moments of a group are sums over
its rows, so that those of many permutations come from one matrix product. All permutations share one start,
the solution for groups that are alike, which is near all of theirs (`trustmeasure.sem.draws`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError, ConvergenceError, IdentificationError
from trustmeasure.sem.draw_causes import FAILED, positive
from trustmeasure.sem.draws import DrawProblem, Draws, Fitted, Fitter
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.matrices import Ram, build, implied
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.resampled_rows import Rows
from trustmeasure.sem.split import Sample
from trustmeasure.validity.invariance.scores import Opened

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CHUNK = 50
"""Permutations that come from one random stream; part of what a seed means."""
MEASURES = ("chisq", "cfi", "rmsea", "srmr")
AT_A_TIME = 10
"""Samples whose second derivatives are held at a time."""


@dataclass(frozen=True, slots=True)
class Step:
    """A model that is fitted to every permutation.

    Attributes
    ----------
    name : str
        The step.
    table : ParameterTable
        Its model.
    df : int
        Degrees of freedom.
    relations : tuple of str
        The relations whose equality is tested.
    """

    name: str
    table: ParameterTable
    df: int
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Permuted:
    """What the steps say of b permuted samples.

    Attributes
    ----------
    measures : array, shape (b, S, 4)
        `MEASURES` of each step; NaN where it has no solution.
    scores : tuple of arrays of shape (b, R), length S
        Score statistics of the relations of each step.
    cause : array of int8, shape (b, S)
        What is the matter, a key of `trustmeasure.sem.draw_causes.CAUSES`.
    """

    measures: Array
    scores: tuple[Array, ...]
    cause: npt.NDArray[np.int8]

    @classmethod
    def joined(cls, parts: Sequence[Permuted]) -> Permuted:
        """Return several batches as one."""
        scores = zip(*(part.scores for part in parts), strict=True)
        return cls(
            np.concatenate([part.measures for part in parts]),
            tuple(np.concatenate(own) for own in scores),
            np.concatenate([part.cause for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Batches:
    """Permutations fitted in batches.

    Attributes
    ----------
    rows : Rows
        The rows of all groups.
    labels : array of int, shape (n,)
        Number of the group of each row.
    steps : tuple of Step, length S
        The models.
    fitters : tuple of Fitter, length S
        How they are fitted.
    opened : tuple of Opened, length S
        The models with the relations released that are tested.
    baseline_df : int
        Degrees of freedom of the independence model.
    seed : int
        Root of the random streams.
    """

    rows: Rows
    labels: npt.NDArray[np.intp]
    steps: tuple[Step, ...]
    fitters: tuple[Fitter, ...]
    opened: tuple[Opened, ...]
    baseline_df: int
    seed: int

    @property
    def size(self) -> int:
        """Permutations of a chunk."""
        return CHUNK

    @classmethod
    def of(cls, steps: Sequence[Step], sample: Sample, seed: int) -> Batches:
        """Prepare; ArgumentError where a model has no solution even for groups that are alike."""
        own = sample.rows
        values = np.concatenate(own)
        centre = values.mean(axis=0)
        alike = _alike(sample, values)
        rows = Rows(values - centre, centre, None).kept()
        labels = np.repeat(np.arange(len(own)), [len(x) for x in own])
        p, groups = values.shape[1], len(own)
        return cls(
            rows,
            labels,
            tuple(steps),
            tuple(_fitter(step, alike) for step in steps),
            tuple(Opened.of(step.table, step.relations, alike) for step in steps),
            groups * p * (p - 1) // 2,
            seed,
        )

    def chunk(self, number: int, b: int) -> Permuted:
        """Permute the labels b times and fit every step."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number,)))
        shuffled = rng.permuted(np.tile(self.labels, (b, 1)), axis=1)
        return self.measured(self._moments(shuffled))

    def observed(self) -> Permuted:
        """Return the same of the data as they are."""
        return self.measured(self._moments(self.labels[None]))

    def _moments(self, labels: npt.NDArray[np.intp]) -> Draws:
        parts = [self.rows.moments((labels == g).astype(np.uint16)) for g in range(int(labels.max()) + 1)]
        sizes = np.stack([size for size, _, _ in parts], axis=1)
        return Draws(sizes, tuple(cov for _, _, cov in parts), tuple(mean for _, mean, _ in parts))

    def measured(self, draws: Draws) -> Permuted:
        """Fit every step to samples."""
        base = independence(draws)
        found = [fitter.fit(draws) for fitter in self.fitters]
        measures = np.stack(
            [
                measures_of(fitter.rams, draws, fit, step.df, base, self.baseline_df)
                for step, fitter, fit in zip(self.steps, self.fitters, found, strict=True)
            ],
            axis=1,
        )
        scores = tuple(_scores(opened, fit, draws) for opened, fit in zip(self.opened, found, strict=True))
        return Permuted(measures, scores, np.stack([fit.cause for fit in found], axis=1))


def _alike(sample: Sample, values: Array) -> Sample:
    """Return a sample in which every group has the moments of all rows."""
    mean = values.mean(axis=0)
    rest = values - mean
    cov = rest.T @ rest / len(values)
    moments = tuple(replace(m, cov=cov, mean=mean) for m in sample.moments)
    return Sample(sample.labels, moments)


def _fitter(step: Step, alike: Sample) -> Fitter:
    moments = alike.moments
    means = [np.zeros(len(m.names)) if m.mean is None else m.mean for m in moments]
    draws = Draws(
        np.array([[float(m.n_obs) for m in moments]]),
        tuple(m.cov[None] for m in moments),
        tuple(m[None] for m in means),
    )
    rams = [build(step.table, m.cov, m.mean, g) for g, m in enumerate(moments, start=1)]
    try:
        start = fit_sample(step.table, alike).theta
        return Fitter.of(rams, start, draws, step.table)
    except (IdentificationError, ConvergenceError, np.linalg.LinAlgError) as error:
        raise ArgumentError(
            f"Step '{step.name}' has no solution for groups that are alike, so permuted groups have none "
            f"either. Leave it out of steps. The cause: {error}"
        ) from error


def independence(draws: Draws) -> Array:
    """Return the chi-square of the independence model of each sample, shape (b,)."""
    total = np.zeros(len(draws))
    for g, cov in enumerate(draws.cov):
        _, logdet = positive(cov)
        total += draws.n_obs[:, g] * (np.log(np.einsum("bii->bi", cov)).sum(axis=1) - logdet)
    return total


def measures_of(rams: Sequence[Ram], draws: Draws, fit: Fitted, df: int, base: Array, base_df: int) -> Array:
    """Return `MEASURES` of a model in each sample, shape (b, 4); NaN where there is no solution."""
    found = np.full((len(draws), len(MEASURES)), np.nan)
    known = np.flatnonzero(np.isfinite(fit.theta).all(axis=1))
    chisq, total = fit.chisq[known], draws.n_obs[known].sum(axis=1)
    own = np.maximum(chisq - df, 0.0)
    worst = np.maximum(np.maximum(own, base[known] - base_df), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        cfi = np.where(worst > 0, 1.0 - own / worst, 1.0)
        rmsea = np.sqrt(own / (df * total / len(rams))) if df else np.zeros(known.size)
    found[known] = np.stack([chisq, cfi, rmsea, _srmr(rams, draws.some(known), fit.theta[known])], axis=1)
    return found


def _srmr(rams: Sequence[Ram], draws: Draws, theta: Array) -> Array:
    """Return the SRMR of each sample, shape (b,): the average of the groups' weighted by rows."""
    total = np.zeros(len(draws))
    for ram, cov, mean, share in zip(rams, draws.cov, draws.mean, draws.shares.T, strict=True):
        now = implied(ram, theta)
        sd = np.sqrt(np.einsum("bii->bi", cov))
        low = np.tril_indices(ram.p)
        gap = ((cov - now.sigma) / (sd[:, :, None] * sd[:, None, :]))[:, low[0], low[1]]
        squares, count = np.sum(gap**2, axis=1), low[0].size
        if now.mu is not None:
            squares, count = squares + np.sum(((mean - now.mu) / sd) ** 2, axis=1), count + ram.p
        total += share * np.sqrt(squares / count)
    return total


def _scores(opened: Opened, fit: Fitted, draws: Draws) -> Array:
    """Return the score statistics of the relations in each sample, shape (b, R)."""
    found = np.full((len(draws), len(opened.relations)), np.nan)
    known = np.flatnonzero(~np.isin(fit.cause, FAILED) & np.isfinite(fit.theta).all(axis=1))
    for first in range(0, known.size if opened.relations else 0, AT_A_TIME):
        rows = known[first : first + AT_A_TIME]
        part = draws.some(rows)
        point = DrawProblem.of(opened.rams, part).point(opened.at(fit.theta[rows]), np.arange(rows.size))
        sizes = part.n_obs.sum(axis=1)
        found[rows] = opened.tests(point.gradient, point.curvature, sizes).chisq
    return found
