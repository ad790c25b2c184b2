"""The work of a bootstrap in chunks that do not depend on who does them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.draws import Draws, Fitted, Fitter
from trustmeasure.sem.matrices import Ram, build, implied
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.population import open_table
from trustmeasure.sem.resampled_rows import Rows, exogenous_moments, moments_of
from trustmeasure.sem.result import SemResult
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]
T = TypeVar("T")

CHUNK = 100
"""Draws that come from one random stream; part of what a seed means."""


@dataclass(frozen=True, slots=True)
class Normal:
    """Samples of one group from a normal distribution, by their moments alone.

    Attributes
    ----------
    n_obs : int
        Rows of a sample.
    mean : array, shape (p,)
        Population means.
    root : array, shape (p, p)
        Lower Cholesky factor of the population covariances.
    """

    n_obs: int
    mean: Array
    root: Array

    def moments(self, rng: np.random.Generator, b: int) -> tuple[Array, Array]:
        """Return means (b, p) and covariances (b, p, p), divisor n, by Bartlett's decomposition (1933)."""
        p = self.mean.size
        low = np.tril_indices(p, -1)
        normal, chi = rng.spawn(2)
        random = normal.standard_normal((b, p + low[0].size))
        means = self.mean + random[:, :p] @ self.root.T / np.sqrt(self.n_obs)
        factor = np.zeros((b, p, p))
        at = np.arange(p)
        factor[:, at, at] = np.sqrt(chi.chisquare(self.n_obs - 1 - at, (b, p)))
        factor[:, low[0], low[1]] = random[:, p:]
        half = self.root @ factor
        return means, half @ np.swapaxes(half, 1, 2) / self.n_obs


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a chunk of draws needs.

    Attributes
    ----------
    table : ParameterTable
        The model, with the moments of exogenous variables free.
    fitter : Fitter
        How samples are fitted.
    seed : int
        Root of the random streams.
    rows : tuple of Rows, length G
        Data to draw from, or nothing.
    normal : tuple of Normal, length G
        Distributions to draw from, or nothing.
    """

    table: ParameterTable
    fitter: Fitter
    seed: int
    rows: tuple[Rows, ...]
    normal: tuple[Normal, ...] = ()

    @property
    def size(self) -> int:
        """Draws of a chunk."""
        return CHUNK

    @property
    def rams(self) -> tuple[Ram, ...]:
        """The model in each group."""
        return self.fitter.rams

    def sample(self, chunk: int, b: int) -> Draws:
        """Return the first b samples of a chunk, the same ones whoever asks."""
        streams = np.random.SeedSequence(self.seed, spawn_key=(chunk,)).spawn(
            max(len(self.rows), len(self.normal))
        )
        rngs = [np.random.default_rng(stream) for stream in streams]
        if not self.normal:
            return moments_of(self.rows, tuple(r.draw(g, b) for r, g in zip(self.rows, rngs, strict=True)))
        found = [part.moments(g, b) for part, g in zip(self.normal, rngs, strict=True)]
        sizes = np.tile([float(part.n_obs) for part in self.normal], (b, 1))
        return Draws(sizes, tuple(f[1] for f in found), tuple(f[0] for f in found))

    def chunk(self, number: int, b: int) -> Fitted:
        """Draw and fit a chunk."""
        return self.fitter.fit(self.sample(number, b))

    def jackknife(self) -> Iterator[Array]:
        """Yield for each group the parameters without one unit each, shape (units, k)."""
        whole = [np.ones((1, r.n_units), dtype=np.uint16) for r in self.rows]
        for g, rows in enumerate(self.rows):
            parts = []
            for at in range(0, rows.n_units, CHUNK):
                units = np.arange(at, min(at + CHUNK, rows.n_units))
                counts = [np.repeat(c, units.size, axis=0) for c in whole]
                counts[g] = rows.all_but(units)
                parts.append(self.fitter.fit(moments_of(self.rows, tuple(counts))).theta)
            yield np.concatenate(parts)


def plan_of(result: SemResult, rows: tuple[Rows, ...], kind: str, seed: int) -> Plan:
    """Return the plan of a bootstrap.

    Raises
    ------
    ArgumentError
        If the result is not a maximum-likelihood solution, or has no standard errors.
    """
    table, sample = open_table(result.model), _sample(result)
    groups = enumerate(zip(sample.cov, sample.mean, strict=True), start=1)
    rams = [build(table, cov[0], mean[0], g) for g, (cov, mean) in groups]
    theta = np.concatenate(
        [result.theta, exogenous_moments(result.model, [g.moments for g in result.groups])]
    )
    try:
        fitter = Fitter.of(rams, theta, sample, table)
    except np.linalg.LinAlgError:
        raise ArgumentError(
            "The information matrix is singular at the solution: there is nothing to resample. Remove the "
            "parameters that the data do not determine (see the warnings of the result)."
        ) from None
    slope = fitter.gradient(theta[None], sample)[0]
    if not slope @ fitter.inverse @ slope < 1e-10:
        raise ArgumentError(
            "The result is not the minimum of the maximum-likelihood discrepancy, and only those can be "
            f"resampled. It was made with estimator={result.estimator!r} by {result.engine}."
        )
    if kind == "bollen-stine":
        moved = [implied(ram, theta[None]) for ram in rams]
        means = [None if now.mu is None else now.mu[0] for now in moved]
        rows = tuple(r.moved(now.sigma[0], mu) for r, now, mu in zip(rows, moved, means, strict=True))
    if kind == "parametric":
        return Plan(table, fitter, seed, (), tuple(normals_of(fitter, theta, sample)))
    return Plan(table, fitter, seed, tuple(r.kept() for r in rows))


def normals_of(fitter: Fitter, theta: Array, sample: Draws) -> Iterator[Normal]:
    """Yield the normal distribution that the model implies in each group."""
    for g, ram in enumerate(fitter.rams):
        now = implied(ram, theta[None])
        mean = sample.mean[g][0] if now.mu is None else now.mu[0]
        yield Normal(int(sample.n_obs[0, g]), mean, np.linalg.cholesky(now.sigma[0]))


def _sample(result: SemResult) -> Draws:
    moments = [g.moments for g in result.groups]
    means = [np.zeros(len(m.names)) if m.mean is None else m.mean for m in moments]
    return Draws(
        np.array([[float(m.n_obs) for m in moments]]),
        tuple(m.cov[None] for m in moments),
        tuple(m[None] for m in means),
    )


@one_thread
def run_chunks(
    work: Callable[[int, int], T],
    sizes: Sequence[tuple[int, int]],
    *,
    workers: int | None,
    progress: bool,
    what: str,
) -> tuple[list[T], bool]:
    """Do chunks, given as (number, draws), through joblib, in order.

    Parameters
    ----------
    work : callable
        Takes the number of a chunk and how many draws it has.
    sizes : sequence of (int, int)
        The chunks.
    workers : int or None
        How many share the work. None: what `joblib.parallel_config` says, or all processors.
    progress : bool
        Show progress when the work takes longer than two seconds.
    what : str
        What the progress bar says.

    Returns
    -------
    list
        What was done.
    bool
        Whether that is all; False after an interruption from the keyboard.

    Notes
    -----
    Threads unless `joblib.parallel_config` says otherwise: NumPy lets go of the interpreter while it
    calculates, and processes would have to start and to import first. Linear algebra keeps to one thread
    meanwhile: the matrices are small, and threads that wait for each other take the processors from the work.
    """
    from tqdm.auto import tqdm

    done: list[T] = []
    found = _results(work, sizes, workers)
    bar = tqdm(total=sum(b for _, b in sizes), desc=what, unit="draw", delay=2, disable=not progress)
    try:
        for part, (_, b) in zip(found, sizes, strict=True):
            done.append(part)
            bar.update(b)
    except KeyboardInterrupt:
        return done, False
    finally:
        bar.close()
        found.close()
    return done, True


def _results(
    work: Callable[[int, int], T], sizes: Sequence[tuple[int, int]], workers: int | None
) -> Generator[T, None, None]:
    """Return the results of the chunks as they come, in order."""
    from joblib import Parallel, delayed
    from joblib.parallel import get_active_backend

    if workers is None and get_active_backend()[1] is None:
        workers = -1
    if len(sizes) == 1 or workers == 1:
        yield from (work(number, b) for number, b in sizes)
        return
    pool = Parallel(n_jobs=workers, prefer="threads", return_as="generator", batch_size=1)
    found = pool(delayed(_alone)(work, number, b) for number, b in sizes)
    try:
        for part in found:  # noqa: UP028  # `yield from` would close it before the warning is silenced
            yield part
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joblib tells how much work an interruption has cost
            found.close()


@one_thread
def _alone(work: Callable[[int, int], T], number: int, b: int) -> T:
    return work(number, b)
