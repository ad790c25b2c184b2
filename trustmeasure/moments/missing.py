"""The normal likelihood of incomplete rows, and saturated moments by an accelerated EM algorithm.

Under a normal model and values missing at random, the EM algorithm (Dempster, Laird & Rubin 1977, Journal of
the Royal Statistical Society B 39(1), 1-38) gives the maximum-likelihood means and covariances. Its steps are
extrapolated by Anderson's method (Anderson 1965, Journal of the ACM 12(4), 547-560); a step that lowers the
likelihood is not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.patterns import Part, Patterns, blocks
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

EM_TOLERANCE = 1e-11
EM_STEPS = 10_000
DEPTH = 8
"""Steps of the EM algorithm from which the next one is extrapolated."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The likelihood of incomplete rows at given moments, with what its derivatives are made of.

    Attributes
    ----------
    deviance : float
        `sum_k n_k log|Sigma_k|` plus the squared distances of all rows: twice the negative log-likelihood
        without its constant.
    squares : array, shape (p, p)
        `sum_k n_k V_k C_k V_k`, the products of `h = V_k d` over the points d.
    precision : array, shape (p, p)
        `sum_k n_k V_k`.
    pull : array, shape (p,)
        `sum_k n_k V_k (xbar_k - mu)`.
    """

    deviance: float
    squares: Array
    precision: Array
    pull: Array


@dataclass(frozen=True, slots=True)
class Inverses:
    """Inverses of the patterns of one part, on the scale of correlations.

    Attributes
    ----------
    whole : array, shape (p, p)
        Inverse of all variables; zero when it is not needed.
    few, many : tuple of arrays of shape (k, s, s)
        The small inverses of each block.
    logdet : array, shape (number of patterns,)
        Log determinants of the answered variables.
    """

    whole: Array
    few: tuple[Array, ...]
    many: tuple[Array, ...]
    logdet: Array


def likelihood(patterns: Patterns, mean: Array, cov: Array) -> Likelihood | None:
    """Return the likelihood at the given moments, or None where a pattern's covariances allow none.

    Parameters
    ----------
    patterns : Patterns
        The rows.
    mean : array, shape (p,)
        Means.
    cov : array, shape (p, p)
        Covariances.
    """
    p = mean.size
    total = Likelihood(0.0, np.zeros((p, p)), np.zeros((p, p)), np.zeros(p))
    deviance = 0.0
    for part in usable_parts(patterns, cov):
        found = part_likelihood(patterns, part, mean, cov)
        if found is None:
            return None
        for sum_, one in zip(
            (total.squares, total.precision, total.pull),
            (found.squares, found.precision, found.pull),
            strict=True,
        ):
            sum_ += one
        deviance += found.deviance
    return Likelihood(deviance, total.squares, total.precision, total.pull)


def part_likelihood(patterns: Patterns, part: Part, mean: Array, cov: Array) -> Likelihood | None:
    """Return what one part of the patterns brings to the likelihood."""
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(np.diag(cov))
    found = inverses(part, cov, sd)
    if found is None:
        return None
    d, h = pulled(patterns, part, mean, sd, found)
    n, p = patterns.n[part.patterns], mean.size
    deviance = float(n @ (found.logdet + 2.0 * (patterns.seen[part.patterns] @ np.log(sd))) + np.vdot(d, h))
    middle = np.zeros((p, p))
    precision = (n.sum() - sum(n[b.which].sum() for b in part.many)) * found.whole
    for block, each in zip(part.few, found.few, strict=True):
        middle += block.total(n[block.which][:, None, None] * each, p)
    if part.few:
        precision = precision - found.whole @ middle @ found.whole
    for block, each in zip(part.many, found.many, strict=True):
        precision = precision + block.total(n[block.which][:, None, None] * each, p)
    scale = np.outer(sd, sd)
    return Likelihood(deviance, h.T @ h / scale, precision / scale, patterns.level[part.points] @ h / sd)


def usable_parts(patterns: Patterns, cov: Array) -> tuple[Part, ...]:
    """Return the parts, for covariances that are not positive definite with all patterns inverted alone."""
    if _root(cov) is not None:
        return patterns.parts
    return tuple(
        Part(
            part.patterns,
            part.points,
            (),
            blocks(
                patterns.seen[part.patterns],
                patterns.at[part.points] - part.patterns.start,
                np.arange(part.patterns.stop - part.patterns.start),
            ),
        )
        for part in patterns.parts
    )


def _root(cov: Array) -> Array | None:
    """Return the Cholesky factor of the correlations, or None when they are not positive definite."""
    variance = np.diag(cov)
    if not np.isfinite(cov).all() or (variance <= 0).any():
        return None
    sd = np.sqrt(variance)
    try:
        return np.linalg.cholesky(cov / np.outer(sd, sd))
    except np.linalg.LinAlgError:
        return None


def inverses(part: Part, cov: Array, sd: Array) -> Inverses | None:
    """Return the inverses of a part's patterns for covariances in units of `sd`, None if there is none."""
    if not np.isfinite(cov).all() or not (sd > 0).all():
        return None
    unit = cov / np.outer(sd, sd)
    logdet = np.zeros(part.patterns.stop - part.patterns.start)
    whole = np.zeros_like(unit)
    try:
        if not all_many(part):
            half = np.linalg.inv(root := np.linalg.cholesky(unit))
            whole = half.T @ half
            logdet += 2.0 * np.log(np.diag(root)).sum()
        few, many = [], []
        for block in part.few:
            each, size = invert_small(block.of(whole))
            logdet[block.which] += size
            few.append(each)
        for block in part.many:
            each, size = invert_small(block.of(unit))
            logdet[block.which] = size
            many.append(each)
    except np.linalg.LinAlgError:
        return None
    return Inverses(whole, tuple(few), tuple(many), logdet)


def all_many(part: Part) -> bool:
    """Return whether all patterns of a part are inverted alone."""
    return bool(sum(b.which.size for b in part.many) == part.patterns.stop - part.patterns.start)


def invert_small(matrices: Array) -> tuple[Array, Array]:
    """Return the inverses (k, s, s) and log determinants (k,) of positive definite matrices."""
    if matrices.shape[1] == 1:
        if not (matrices > 0).all():
            raise np.linalg.LinAlgError
        return 1.0 / matrices, np.log(matrices[:, 0, 0])
    root = np.linalg.cholesky(matrices)
    half = np.linalg.inv(root)
    logdet = 2.0 * np.log(np.einsum("kii->ki", root)).sum(axis=1)
    return np.swapaxes(half, 1, 2) @ half, logdet


def pulled(patterns: Patterns, part: Part, mean: Array, sd: Array, found: Inverses) -> tuple[Array, Array]:
    """Return deviations d and `h = V d` of the points of a part, both in units of `sd`, shape (r, p)."""
    seen = patterns.seen[patterns.at[part.points]]
    d = (patterns.points[part.points] - patterns.level[part.points, None] * mean) / sd * seen
    through = d @ found.whole
    if part.few:
        back = np.zeros_like(d)
        for block, each in zip(part.few, found.few, strict=True):
            cells = block.points[:, None], block.columns[block.member]
            back[cells] = (each[block.member] @ through[cells][:, :, None])[:, :, 0]
        through = (through - back @ found.whole) * seen
    for block, each in zip(part.many, found.many, strict=True):
        cells = block.points[:, None], block.columns[block.member]
        own = (each[block.member] @ d[cells][:, :, None])[:, :, 0]
        through[block.points] = 0.0
        through[cells] = own
    return d, through


def log_likelihood(patterns: Patterns, mean: Array, cov: Array) -> float:
    """Return the normal log-likelihood of incomplete rows at the given moments."""
    found = likelihood(patterns, mean, cov)
    return -np.inf if found is None else logl_of(patterns, found.deviance)


def logl_of(patterns: Patterns, deviance: float) -> float:
    """Return the log-likelihood that belongs to a deviance."""
    answers = float(patterns.n @ patterns.seen.sum(axis=1))
    return -0.5 * (deviance + answers * float(np.log(2 * np.pi)))


@dataclass(frozen=True, slots=True)
class Saturated:
    """Maximum-likelihood moments of incomplete rows.

    Attributes
    ----------
    mean : array, shape (p,)
    cov : array, shape (p, p)
    logl : float
        Log-likelihood there.
    steps : int
        Steps of the EM algorithm.
    converged : bool
        Whether the last step moved the moments by less than `EM_TOLERANCE` of a standard deviation.
    """

    mean: Array
    cov: Array
    logl: float
    steps: int
    converged: bool


@one_thread
def saturated(patterns: Patterns) -> Saturated:
    """Return saturated moments of incomplete rows by the EM algorithm, extrapolated."""
    level, variance = patterns.first_moments()
    sd = np.sqrt(variance)
    space = _Space(patterns, level, sd)
    x = space.start()
    best, step = space.step(x)
    history: list[tuple[Array, Array]] = []
    steps = 1
    while np.abs(step).max() > EM_TOLERANCE and steps < EM_STEPS:
        history = [*history[1 - DEPTH :], (x, step)]
        trial = _extrapolated(history)
        value, new = space.step(trial)
        if not value >= best - 1e-9 * abs(best):
            history, trial = [], x + step
            value, new = space.step(trial)
            steps += 1
        x, step, best, steps = trial, new, value, steps + 1
    mean, cov = space.moments(x + step)
    return Saturated(
        mean, cov, log_likelihood(patterns, mean, cov), steps, bool(np.abs(step).max() <= EM_TOLERANCE)
    )


def _extrapolated(history: Sequence[tuple[Array, Array]]) -> Array:
    """Return Anderson's next point from points and their steps."""
    x, step = history[-1]
    if len(history) == 1:
        return x + step
    points, steps = (np.stack(each) for each in zip(*history, strict=True))
    moves, turns = np.diff(points, axis=0), np.diff(steps, axis=0)
    share = np.linalg.lstsq(turns.T, step, rcond=1e-12)[0]
    return np.asarray(x + step - share @ (moves + turns))


@dataclass(frozen=True, slots=True)
class _Space:
    """Means and covariances as one vector, in units of the standard deviations of the answers."""

    patterns: Patterns
    level: Array
    sd: Array

    def start(self) -> Array:
        """Return the means and variances of the answers given, with covariances 0."""
        return self._vector(np.zeros(self.sd.size), np.eye(self.sd.size))

    def moments(self, x: Array) -> tuple[Array, Array]:
        """Return means and covariances."""
        mean, cov = self._unpacked(x)
        return self.level + self.sd * mean, cov * np.outer(self.sd, self.sd)

    def step(self, x: Array) -> tuple[float, Array]:
        """Return the log-likelihood (NaN where there is none), and how far an EM step moves."""
        mean, cov = self.moments(x)
        found = likelihood(self.patterns, mean, cov)
        if found is None:
            return float("nan"), np.full_like(x, np.nan)
        n = self.patterns.n.sum()
        shift = cov @ found.pull / n
        change = cov @ (found.squares - found.precision) @ cov / n - np.outer(shift, shift)
        moved = self._vector(shift / self.sd, change / np.outer(self.sd, self.sd))
        return logl_of(self.patterns, found.deviance), moved

    def _vector(self, mean: Array, cov: Array) -> Array:
        return np.concatenate([mean, cov[np.tril_indices(mean.size)]])

    def _unpacked(self, x: Array) -> tuple[Array, Array]:
        p = self.sd.size
        cov = np.zeros((p, p))
        cov[np.tril_indices(p)] = x[p:]
        return x[:p], cov + np.tril(cov, -1).T


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Incomplete rows as full-information maximum likelihood sees them.

    Attributes
    ----------
    patterns : Patterns
        The rows, pattern by pattern.
    logl : float
        Log-likelihood of the saturated model.
    rows : array, shape (n, p)
        The rows in the order of the data, NaN for a missing value.
    steps : int
        Steps of the EM algorithm.
    """

    patterns: Patterns
    logl: float
    rows: Array
    steps: int = 0

    def independent(self, x: Sequence[int]) -> float:
        """Return the log-likelihood of the independence model, in which only the variables `x` covary."""
        _, variance = self.patterns.first_moments()
        rows = self.patterns.n @ self.patterns.seen
        alone = [i for i in range(rows.size) if i not in x]
        logl = -0.5 * float(rows[alone] @ (np.log(2 * np.pi * variance[alone]) + 1.0))
        return logl + (saturated(self.patterns.only(np.array(x))).logl if len(x) else 0.0)

    def independent_moments(self, x: Sequence[int]) -> tuple[Array, Array]:
        """Return means (p,) and covariances (p, p) of the independence model."""
        mean, variance = self.patterns.first_moments()
        cov = np.diag(variance)
        if len(x):
            found = saturated(self.patterns.only(np.array(x)))
            mean[list(x)] = found.mean
            cov[np.ix_(x, x)] = found.cov
        return mean, cov
