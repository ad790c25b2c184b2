"""Starting values: one-factor solutions block by block, then regressions among disattenuated covariances.

They need only a few percent of accuracy; good ones save Fisher steps and keep small samples in the region
where the implied covariance matrix is positive definite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite, sqrt
from statistics import median

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dposv, dpotrf

from trustmeasure.moments import SampleMoments
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.ordinal.starting import ordinal_values
from trustmeasure.sem.parameters import Parameter, ParameterTable

Array = npt.NDArray[np.float64]


@dataclass(slots=True)
class _Guess:
    """Covariances of all variables, filled latent variable by latent variable.

    Attributes
    ----------
    at : dict
        Variable -> position.
    cov : array, shape (v, v)
        Guessed covariances.
    known : set of str
        Variables already placed.
    rows, weights : dict
        Latent variable -> its loadings, or the weights of its causes, in the table.
    loading : dict
        (latent, indicator) -> guessed loading.
    formed : dict
        (formative construct, cause) -> guessed weight.
    explained : dict
        Indicator or outcome -> variance that its causes explain, added up.
    slope : dict
        (outcome, cause) -> guessed regression coefficient.
    """

    at: dict[str, int]
    cov: Array
    known: set[str]
    rows: dict[str, list[Parameter]]
    weights: dict[str, list[Parameter]]
    loading: dict[tuple[str, str], float] = field(default_factory=dict)
    formed: dict[tuple[str, str], float] = field(default_factory=dict)
    explained: dict[str, float] = field(default_factory=dict)
    slope: dict[tuple[str, str], float] = field(default_factory=dict)

    def parts(self, latent: str) -> list[Parameter]:
        """Return the loadings of a latent variable, or the weights of one that is only formed."""
        return self.rows.get(latent) or self.weights[latent]


def starting_values(
    table: ParameterTable, rams: Sequence[Ram], samples: Sequence[SampleMoments], *, simple: bool = False
) -> Array:
    """Return starting values for every free parameter; those shared by groups get the groups' average.

    Parameters
    ----------
    table : ParameterTable
        The model.
    rams : sequence of Ram, length G
        Its matrices in each group.
    samples : sequence of SampleMoments, length G
        Moments in the order of `table.observed`.
    simple : bool
        Plain values instead: loadings 1, regressions and covariances 0, half of each variance.

    Returns
    -------
    array, shape (q,)
        The user's `start()` values where given.
    """
    values = _simple_values if simple else _values
    if table.ordered:
        found = [
            ordinal_values(table.only(g), ram, sample, values)
            for g, (ram, sample) in enumerate(zip(rams, samples, strict=True), start=1)
        ]
    else:
        found = [
            values(table.only(g), ram, sample.cov, sample.mean)
            for g, (ram, sample) in enumerate(zip(rams, samples, strict=True), start=1)
        ]
    return _user_starts(table, found[0] if len(found) == 1 else np.nanmean(np.stack(found), axis=0))


def _values(table: ParameterTable, ram: Ram, cov: Array, mean: Array | None) -> Array:
    """Return starting values from one group, NaN for parameters that it does not have."""
    guess = _covariances(table, ram, cov)
    _add_slopes(guess, table)
    start = _Starts(guess, guess.cov.tolist(), mean)
    numbers = table.positions.free
    numbers = numbers[numbers > 0] - 1
    counts = np.bincount(numbers, minlength=ram.q)
    sums = np.bincount(numbers, [start.of(row) for row in table.parameters if row.free], ram.q)
    return _tamed(ram, np.divide(sums, counts, out=np.full(ram.q, np.nan), where=counts > 0))


def _simple_values(table: ParameterTable, ram: Ram, cov: Array, mean: Array | None) -> Array:
    at = {n: i for i, n in enumerate(table.observed)}
    theta = np.full(ram.q, np.nan)
    # What is explained sets the residual variances of ordinal variables, so it must not be next to nothing.
    part = 0.5 if ram.ordinal is not None else 0.05
    for row in table.parameters:
        if not row.free:
            continue
        value = 1.0 if row.op in {"=~", "<~"} else 0.0
        if row.op == "~~" and row.lhs == row.rhs:
            value = (
                0.5 * cov[at[row.lhs], at[row.lhs]]
                if row.lhs in at
                else part * median(cov.diagonal().tolist())
            )
        if row.op == "~1" and mean is not None and row.lhs in at:
            value = float(mean[at[row.lhs]])
        theta[row.free - 1] = value
    return theta


def _user_starts(table: ParameterTable, theta: Array) -> Array:
    for row in table.parameters:
        if row.free and isfinite(row.start):
            theta[row.free - 1] = row.start
    return theta


def _covariances(table: ParameterTable, ram: Ram, cov: Array) -> _Guess:
    at = {n: i for i, n in enumerate(ram.variables)}
    full = np.zeros((ram.v, ram.v))
    full.reshape(-1)[:: ram.v + 1] = median(cov.diagonal().tolist())
    full[: ram.p, : ram.p] = cov
    guess = _Guess(at, full, set(table.observed), _grouped(table, {"=~"}), _grouped(table, {"<~"}))
    waiting = [f for f in table.latent if f in guess.rows or f in guess.weights]
    while waiting:
        ready = [f for f in waiting if guess.known.issuperset(r.rhs for r in guess.parts(f))]
        _place(guess, ready) if ready else _place_in_turn(guess, waiting)
        waiting = [f for f in waiting if f not in ready] if ready else []
    return guess


def _place(guess: _Guess, names: Sequence[str]) -> None:
    """Place latent variables none of which is an indicator or a cause of another one."""
    measured = [name for name in names if name in guess.rows]
    if measured:
        _place_measured(guess, measured)
    for name in names:
        if name not in guess.rows:
            _place_formed(guess, name)


def _place_measured(guess: _Guess, names: Sequence[str]) -> None:
    """Place latent variables by their indicators: regressions on one-factor solutions, block by block."""
    inside = [[guess.at[r.rhs] for r in guess.rows[name]] for name in names]
    member = np.zeros((len(names), len(guess.cov)))
    for line, at in zip(member, inside, strict=True):
        line[at] = 1.0
    loading = one_factors(guess.cov, member, [at[0] for at in inside])
    weights = loading / (loading * loading).sum(axis=1, keepdims=True)
    sd = np.sqrt(np.maximum(guess.cov.diagonal(), 0.0)).tolist()
    rows = zip(names, inside, loading.tolist(), strict=True)
    scale = np.array([[_place_loadings(guess, name, at, line, sd)] for name, at, line in rows])
    others = scale * np.where(member != 0, loading, weights @ guess.cov)
    me = np.array([guess.at[name] for name in names])
    guess.cov[me], guess.cov[:, me] = others, others.T
    among = scale * (weights @ others.T)
    among.reshape(-1)[:: len(names) + 1] = scale[:, 0] ** 2
    guess.cov[me[:, None], me] = among
    guess.known.update(names)


def _place_in_turn(guess: _Guess, names: Sequence[str]) -> None:
    for name in names:
        _place(guess, [name])


def _grouped(table: ParameterTable, ops: set[str]) -> dict[str, list[Parameter]]:
    """Return the rows with one of some operators by their left side."""
    found: dict[str, list[Parameter]] = {}
    for row in table.parameters:
        if row.op in ops:
            found.setdefault(row.lhs, []).append(row)
    return found


def _place_formed(guess: _Guess, name: str) -> None:
    """Place a formative construct: the sum of its standardised causes, on the scale of a fixed weight."""
    rows = guess.weights[name]
    inside = [guess.at[r.rhs] for r in rows]
    sd = np.sqrt(np.maximum(np.diag(guess.cov)[inside], 1e-300))
    size = next((r.value * s for r, s in zip(rows, sd, strict=True) if not r.free and r.value), 1.0)
    weight = np.array([size / s if r.free else r.value for r, s in zip(rows, sd, strict=True)])
    me = guess.at[name]
    guess.cov[me] = guess.cov[:, me] = weight @ guess.cov[inside]
    guess.cov[me, me] = weight @ guess.cov[np.ix_(inside, inside)] @ weight
    guess.known.add(name)
    guess.formed |= {(name, r.rhs): w for r, w in zip(rows, weight.tolist(), strict=True)}


def _place_loadings(
    guess: _Guess, name: str, inside: Sequence[int], line: Sequence[float], sd: Sequence[float]
) -> float:
    """Note the loadings of a latent variable and what it explains; return its standard deviation."""
    rows, values = guess.rows[name], [line[i] for i in inside]
    scale = _scale(rows, values, [sd[i] for i in inside])
    for row, value in zip(rows, values, strict=True):
        guess.loading[name, row.rhs] = own = value / scale if row.free else row.value
        guess.explained[row.rhs] = guess.explained.get(row.rhs, 0.0) + (own * scale) ** 2
    return scale


def _scale(rows: list[Parameter], loading: list[float], sd: list[float]) -> float:
    """Return the standard deviation of a latent variable under its marker, 1 without one."""
    for row, value, size in zip(rows, loading, sd, strict=True):
        if not row.free and row.value != 0:
            least = 0.1 * size
            return float(max(abs(value), least) / abs(row.value))
    return 1.0


def one_factors(cov: Array, member: Array, first: Sequence[int]) -> Array:
    """Return the loadings of a one-factor solution of some blocks of variables.

    With one factor ``r_ij r_ik = h_i^2 r_jk`` for correlations r and communalities h^2; both sides are added
    up over all pairs j, k of a block. Two variables share the root of their correlation.

    Parameters
    ----------
    cov : array, shape (v, v)
        Covariances.
    member : array, shape (k, v)
        1 for the variables of each block, 0 for the others.
    first : sequence of int, length k
        The variable of each block whose loading is positive.

    Returns
    -------
    array, shape (k, v)
        0 outside the block.
    """
    sd = np.sqrt(np.maximum(cov.diagonal(), 1e-12))
    corr = cov / (sd[:, None] * sd)
    size = member.sum(axis=1, keepdims=True)
    sign = _signs(corr, member, first)
    # Sums over the others of the block, all turned to go with the first.
    sums = sign * (sign @ corr) - member
    squares = member * (member @ (corr * corr)) - member
    rest = sums.sum(axis=1, keepdims=True) - 2.0 * sums
    triads = (sums * sums - squares) / np.where(rest != 0, rest, np.inf)
    common = np.minimum(np.maximum(triads, 0.05), 0.95)
    common = np.where(size == 2, np.minimum(np.maximum(sums, 0.1), 0.9), np.where(size == 1, 0.9, common))
    return np.asarray(sign * np.sqrt(common) * sd)


def _signs(corr: Array, member: Array, first: Sequence[int]) -> Array:
    """Return in which direction variables go with the first of their block, 0 outside of it, shape (k, v).

    They are compared with the one that correlates most with all of them.
    """
    most = (member * (member @ np.abs(corr))).argmax(axis=1)
    sign = np.where(corr[most] < 0, -member, member)
    return np.asarray(sign * sign[np.arange(len(member)), first, None])


def _add_slopes(guess: _Guess, table: ParameterTable) -> None:
    for outcome, every in _grouped(table, {"~", "<~"}).items():
        rows = [r for r in every if (outcome, r.rhs) not in guess.formed]
        if rows:
            x = np.array([guess.at[r.rhs] for r in rows])
            block = guess.cov[x[:, None], x]
            block.reshape(-1)[:: x.size + 1] *= 1.05
            beta = _solved(block, guess.cov[x, guess.at[outcome]])
            guess.slope.update({(outcome, r.rhs): b for r, b in zip(rows, beta.tolist(), strict=True)})
    guess.slope.update(guess.formed)
    for (outcome, cause), b in guess.slope.items():
        part = b * float(guess.cov[guess.at[cause], guess.at[outcome]])
        guess.explained[outcome] = guess.explained.get(outcome, 0.0) + part


def _solved(block: Array, right: Array) -> Array:
    """Return the solution for a symmetric block, by least squares where it is not positive definite."""
    _, found, failed = dposv(block, right, lower=1)
    return np.asarray(np.linalg.lstsq(block, right, rcond=1e-8)[0] if failed else found)


@dataclass(frozen=True, slots=True)
class _Starts:
    """What starting values of single rows are read from.

    Attributes
    ----------
    guess : _Guess
        Loadings, slopes and explained variances.
    cov : list of lists, shape (v, v)
        Its covariances, as plain numbers.
    mean : array, shape (p,), or None
        Means.
    """

    guess: _Guess
    cov: list[list[float]]
    mean: Array | None

    def of(self, row: Parameter) -> float:
        """Return the starting value of a row."""
        guess, op = self.guess, row.op
        if op == "=~":
            return guess.loading[row.lhs, row.rhs]
        if op in {"~", "<~"}:
            return guess.slope[row.lhs, row.rhs]
        me = guess.at[row.lhs]
        if op == "~1":
            return float(self.mean[me]) if self.mean is not None and me < self.mean.size else 0.0
        if row.lhs == row.rhs:
            total = self.cov[me][me]
            return max(total - guess.explained.get(row.lhs, 0.0), 0.1 * total)
        if row.lhs in guess.explained or row.rhs in guess.explained:
            return 0.0
        other = guess.at[row.rhs]
        bound = 0.9 * sqrt(max(self.cov[me][me] * self.cov[other][other], 0.0))
        return min(max(self.cov[me][other], -bound), bound)


def _tamed(ram: Ram, theta: Array) -> Array:
    """Shrink starting covariances until the matrix S that they belong to is positive semi-definite."""
    off = ram.s.free[ram.s.row != ram.s.col]
    for _ in range(20 if off.size else 0):
        s = ram.s0.copy()
        s[ram.s.row, ram.s.col] = s[ram.s.col, ram.s.row] = theta[ram.s.free]
        if not dpotrf(s, lower=1)[1] or np.linalg.eigvalsh(s)[0] > -1e-10:
            break
        theta[off] *= 0.7
    return theta
