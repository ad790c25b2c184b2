"""Starting values: one-factor solutions block by block, then regressions among disattenuated covariances.

They need only a few percent of accuracy; good ones save Fisher steps and keep small samples in the region
where the implied covariance matrix is positive definite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import median

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dposv, dpotrf

from trustmeasure.moments import SampleMoments
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.ordinal.starting import ordinal_values
from trustmeasure.sem.parameters import OPS, ParameterTable, Positions

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Guess:
    """What is guessed of v variables, filled latent variable by latent variable.

    Attributes
    ----------
    rows : Positions
        The rows of the table.
    fixed : array, shape (v, v)
        Fixed values of the matrix A.
    cov : array, shape (v, v)
        Covariances.
    effect : array, shape (v, v)
        Loadings, weights and regression coefficients: what the column does to the row.
    explained : array, shape (v,)
        Variance that the causes of a variable explain, added up.
    formed : array of bool, shape (v,)
        Formative constructs without an indicator.
    """

    rows: Positions
    fixed: Array
    cov: Array
    effect: Array
    explained: Array
    formed: Flags


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
    _add_slopes(guess)
    free = table.positions.free
    numbers = free[free > 0] - 1
    counts = np.bincount(numbers, minlength=ram.q)
    sums = np.bincount(numbers, _starts(guess, mean)[free > 0], ram.q)
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
    full = np.zeros((ram.v, ram.v))
    full.reshape(-1)[:: ram.v + 1] = median(cov.diagonal().tolist())
    full[: ram.p, : ram.p] = cov
    rows, none = table.positions, np.zeros(ram.v)
    measures, forms = rows.op == OPS["=~"], rows.op == OPS["<~"]
    indicators, causes = np.zeros((2, ram.v, ram.v), dtype=bool)
    indicators[rows.lhs[measures], rows.rhs[measures]] = True
    causes[rows.lhs[forms], rows.rhs[forms]] = True
    measured, caused = np.asarray(indicators.any(axis=1)), np.asarray(causes.any(axis=1))
    guess = _Guess(rows, ram.a0, full, np.zeros(full.shape), none, caused & ~measured)
    parts = np.where(measured[:, None], indicators, causes)
    waiting = measured | guess.formed
    while waiting.any():
        # Latent variables none of whose indicators or causes waits itself; in a circle they go in turn.
        ready = waiting & ~parts[:, waiting].any(axis=1)
        for names in [ready] if ready.any() else np.eye(ram.v, dtype=bool)[waiting]:
            _place_measured(guess, indicators, (names & measured).nonzero()[0])
            for name in (names & guess.formed).nonzero()[0].tolist():
                _place_formed(guess, name)
        waiting = waiting & ~ready & ready.any()
    return guess


def _place_measured(guess: _Guess, indicators: Flags, names: Index) -> None:
    """Place latent variables by their indicators: regressions on one-factor solutions, block by block.

    None of them is an indicator or a cause of another one.
    """
    if not names.size:
        return
    rows, v = guess.rows, len(guess.cov)
    line = np.full(v, -1)
    line[names] = np.arange(names.size)
    own = ((rows.op == OPS["=~"]) & (line[rows.lhs] >= 0)).nonzero()[0]
    block, item, latent = line[rows.lhs[own]], rows.rhs[own], rows.lhs[own]
    first = np.zeros(names.size, dtype=np.intp)
    first[block[::-1]] = item[::-1]
    member = indicators[names].astype(float)
    loading = one_factors(guess.cov, member, first)
    raw, value = loading[block, item], guess.fixed[item, latent]
    fixed = rows.free[own] == 0
    size = _sizes(guess, np.where(fixed, value, 0.0), raw, block, item)
    guess.effect[item, latent] = np.where(fixed, value, raw / size[block])
    guess.explained[:] += np.bincount(item, (guess.effect[item, latent] * size[block]) ** 2, v)
    _fill_in(guess, names, member, loading, size[:, None])


def _sizes(guess: _Guess, value: Array, raw: Array, block: Index, item: Index) -> Array:
    """Return the standard deviation of each latent variable under its marker, 1 without one.

    Its first fixed loading `value` that is not 0 is the marker; `raw` is what it is for unit variance.
    """
    markers = (value != 0).nonzero()[0][::-1]
    least = 0.1 * np.sqrt(np.maximum(guess.cov.diagonal(), 0.0))[item[markers]]
    size = np.ones(int(block.max()) + 1)
    size[block[markers]] = np.maximum(np.abs(raw[markers]), least) / np.abs(value[markers])
    return size


def _fill_in(guess: _Guess, names: Index, member: Array, loading: Array, size: Array) -> None:
    """Fill in the covariances of latent variables with all others and among themselves."""
    weights = loading / (loading * loading).sum(axis=1, keepdims=True)
    others = size * np.where(member != 0, loading, weights @ guess.cov)
    guess.cov[names], guess.cov[:, names] = others, others.T
    among = size * (weights @ others.T)
    among.reshape(-1)[:: names.size + 1] = size[:, 0] ** 2
    guess.cov[names[:, None], names] = among


def _place_formed(guess: _Guess, name: int) -> None:
    """Place a formative construct: the sum of its standardised causes, on the scale of a fixed weight."""
    rows = guess.rows
    own = (rows.op == OPS["<~"]) & (rows.lhs == name)
    causes, free = rows.rhs[own], rows.free[own] > 0
    value = guess.fixed[name, causes]
    sd = np.sqrt(np.maximum(guess.cov.diagonal()[causes], 1e-300))
    scaled = (value * sd)[~free & (value != 0)]
    weight = np.where(free, (scaled[0] if scaled.size else 1.0) / sd, value)
    guess.effect[name, causes] = weight
    guess.cov[name] = guess.cov[:, name] = weight @ guess.cov[causes]
    guess.cov[name, name] = weight @ guess.cov[causes[:, None], causes] @ weight


def one_factors(cov: Array, member: Array, first: Sequence[int] | Index) -> Array:
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


def _signs(corr: Array, member: Array, first: Sequence[int] | Index) -> Array:
    """Return in which direction variables go with the first of their block, 0 outside of it, shape (k, v).

    They are compared with the one that correlates most with all of them.
    """
    most = (member * (member @ np.abs(corr))).argmax(axis=1)
    sign = np.where(corr[most] < 0, -member, member)
    return np.asarray(sign * sign[np.arange(len(member)), first, None])


def _add_slopes(guess: _Guess) -> None:
    """Regress each outcome on its causes, and note what all causes explain."""
    rows, cov = guess.rows, guess.cov
    formed = (rows.op == OPS["<~"]) & guess.formed[rows.lhs]
    slopes = (rows.op == OPS["~"]) | (rows.op == OPS["<~"])
    free = slopes & ~formed
    outcomes, causes = rows.lhs[free], rows.rhs[free]
    for outcome in dict.fromkeys(outcomes.tolist()):
        x = causes[outcomes == outcome]
        block = cov[x[:, None], x]
        block.reshape(-1)[:: x.size + 1] *= 1.05
        guess.effect[outcome, x] = _solved(block, cov[x, outcome])
    outcome, cause = rows.lhs[slopes], rows.rhs[slopes]
    parts = guess.effect[outcome, cause] * cov[cause, outcome]
    guess.explained[:] += np.bincount(outcome, parts, len(cov))


def _solved(block: Array, right: Array) -> Array:
    """Return the solution for a symmetric block, by least squares where it is not positive definite."""
    _, found, failed = dposv(block, right, lower=1)
    return np.asarray(np.linalg.lstsq(block, right, rcond=1e-8)[0] if failed else found)


def _starts(guess: _Guess, mean: Array | None) -> Array:
    """Return the starting value of each row."""
    rows, cov = guess.rows, guess.cov
    i, j, measures = rows.lhs, rows.rhs, rows.op == OPS["=~"]
    arrows = measures | (rows.op == OPS["~"]) | (rows.op == OPS["<~"])
    total = cov.diagonal()
    caused = np.zeros(total.size, dtype=bool)
    caused[np.where(measures, j, i)[arrows]] = True
    bound = 0.9 * np.sqrt(np.maximum(total[i] * total[j], 0.0))
    shared = np.where(caused[i] | caused[j], 0.0, np.minimum(np.maximum(cov[i, j], -bound), bound))
    own = np.maximum(total - guess.explained, 0.1 * total)[i]
    found = np.where(measures, guess.effect[j, i], np.where(arrows, guess.effect[i, j], 0.0))
    found = np.where(rows.op == OPS["~~"], np.where(i == j, own, shared), found)
    if mean is not None:
        levels = np.concatenate([mean, np.zeros(total.size - mean.size)])
        found = np.where(rows.op == OPS["~1"], levels[i], found)
    return found


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
