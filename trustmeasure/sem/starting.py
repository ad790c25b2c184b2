"""Starting values: one-factor solutions block by block, then regressions among disattenuated covariances.

They need only a few percent of accuracy; good ones save Fisher steps and keep small samples in the region
where the implied covariance matrix is positive definite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments import SampleMoments
from trustmeasure.sem.matrices import Ram
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
    loading : dict
        (latent, indicator) -> guessed loading.
    weight : dict
        (formative construct, cause) -> guessed weight.
    """

    at: dict[str, int]
    cov: Array
    known: set[str]
    loading: dict[tuple[str, str], float]
    weight: dict[tuple[str, str], float]


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
    found = [
        values(table.only(g), ram, sample.cov, sample.mean)
        for g, (ram, sample) in enumerate(zip(rams, samples, strict=True), start=1)
    ]
    return _user_starts(table, np.nanmean(np.stack(found), axis=0))


def _values(table: ParameterTable, ram: Ram, cov: Array, mean: Array | None) -> Array:
    """Return starting values from one group, NaN for parameters that it does not have."""
    guess = _covariances(table, ram, cov)
    slopes = _slopes(table, guess)
    sums, counts = np.zeros(ram.q), np.zeros(ram.q)
    for row in table.parameters:
        if row.free:
            sums[row.free - 1] += _start_of(row, guess, slopes, table, mean)
            counts[row.free - 1] += 1
    return _tamed(ram, np.divide(sums, counts, out=np.full(ram.q, np.nan), where=counts > 0))


def _simple_values(table: ParameterTable, ram: Ram, cov: Array, mean: Array | None) -> Array:
    at = {n: i for i, n in enumerate(table.observed)}
    theta = np.full(ram.q, np.nan)
    for row in table.parameters:
        if not row.free:
            continue
        value = 1.0 if row.op in {"=~", "<~"} else 0.0
        if row.op == "~~" and row.lhs == row.rhs:
            value = (
                0.5 * cov[at[row.lhs], at[row.lhs]]
                if row.lhs in at
                else 0.05 * float(np.median(np.diag(cov)))
            )
        if row.op == "~1" and mean is not None and row.lhs in at:
            value = float(mean[at[row.lhs]])
        theta[row.free - 1] = value
    return theta


def _user_starts(table: ParameterTable, theta: Array) -> Array:
    for row in table.parameters:
        if row.free and np.isfinite(row.start):
            theta[row.free - 1] = row.start
    return theta


def _covariances(table: ParameterTable, ram: Ram, cov: Array) -> _Guess:
    at = {n: i for i, n in enumerate(ram.variables)}
    full = np.diag(np.full(ram.v, float(np.median(np.diag(cov)))))
    full[: ram.p, : ram.p] = cov
    guess = _Guess(at, full, set(table.observed), {}, {})
    waiting = list(table.latent)
    while waiting:
        ready = [f for f in waiting if all(r.rhs in guess.known for r in _parts(table, f))]
        for name in ready or waiting:
            place = _place_latent if _loadings(table, name) else _place_formed
            place(guess, table, name)
        waiting = [f for f in waiting if f not in ready] if ready else []
    return guess


def _loadings(table: ParameterTable, latent: str) -> list[Parameter]:
    return [r for r in table.parameters if r.op == "=~" and r.lhs == latent]


def _weights(table: ParameterTable, formed: str) -> list[Parameter]:
    return [r for r in table.parameters if r.op == "<~" and r.lhs == formed]


def _parts(table: ParameterTable, latent: str) -> list[Parameter]:
    """Return the loadings of a latent variable, or the weights of one that is only formed."""
    return _loadings(table, latent) or _weights(table, latent)


def _place_formed(guess: _Guess, table: ParameterTable, name: str) -> None:
    """Place a formative construct: the sum of its standardised causes, on the scale of a fixed weight."""
    rows = _weights(table, name)
    inside = [guess.at[r.rhs] for r in rows]
    sd = np.sqrt(np.maximum(np.diag(guess.cov)[inside], 1e-300))
    size = next((r.value * s for r, s in zip(rows, sd, strict=True) if not r.free and r.value), 1.0)
    weight = np.array([size / s if r.free else r.value for r, s in zip(rows, sd, strict=True)])
    me = guess.at[name]
    guess.cov[me] = guess.cov[:, me] = weight @ guess.cov[inside]
    guess.cov[me, me] = weight @ guess.cov[np.ix_(inside, inside)] @ weight
    guess.known.add(name)
    guess.weight.update({(name, r.rhs): float(w) for r, w in zip(rows, weight, strict=True)})


def _place_latent(guess: _Guess, table: ParameterTable, name: str) -> None:
    rows = _loadings(table, name)
    inside = [guess.at[r.rhs] for r in rows]
    block = guess.cov[np.ix_(inside, inside)]
    loading = one_factor(block)
    scale = _scale(rows, loading, np.sqrt(np.diag(block)))
    me = guess.at[name]
    others = loading @ guess.cov[inside] / (loading @ loading)
    others[inside] = loading
    guess.cov[me] = guess.cov[:, me] = others * scale
    guess.cov[me, me] = scale**2
    guess.known.add(name)
    for row, value in zip(rows, loading / scale, strict=True):
        guess.loading[name, row.rhs] = row.value if not row.free else float(value)


def _scale(rows: list[Parameter], loading: Array, sd: Array) -> float:
    """Return the standard deviation of a latent variable under its marker, 1 without one."""
    for row, value, size in zip(rows, loading, sd, strict=True):
        if not row.free and row.value != 0:
            least = 0.1 * size
            return float(max(abs(value), least) / abs(row.value))
    return 1.0


def one_factor(cov: Array, iterations: int = 30) -> Array:
    """Return the loadings of a one-factor principal-axis solution for covariances of shape (k, k)."""
    sd = np.sqrt(np.maximum(np.diag(cov), 1e-12))
    corr = cov / np.outer(sd, sd)
    k = corr.shape[0]
    if k == 1:
        return sd * 0.95
    if k == 2:
        root = np.sqrt(min(max(abs(corr[0, 1]), 0.1), 0.9))
        return np.array([root, root if corr[0, 1] >= 0 else -root]) * sd
    common = np.full(k, 0.5)
    for _ in range(iterations):
        reduced = corr.copy()
        np.fill_diagonal(reduced, common)
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, -1] * np.sqrt(max(values[-1], 0.05))
        common = np.clip(loading**2, 0.05, 0.95)
    return np.asarray(np.sign(loading[0] or 1.0) * np.sign(loading) * np.sqrt(common) * sd)


def _slopes(table: ParameterTable, guess: _Guess) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    arrows = [r for r in table.parameters if r.op in {"~", "<~"} and (r.lhs, r.rhs) not in guess.weight]
    for outcome in dict.fromkeys(r.lhs for r in arrows):
        rows = [r for r in arrows if r.lhs == outcome]
        x = [guess.at[r.rhs] for r in rows]
        block = guess.cov[np.ix_(x, x)] + 0.05 * np.diag(np.diag(guess.cov)[x])
        beta = np.linalg.lstsq(block, guess.cov[x, guess.at[outcome]], rcond=1e-8)[0]
        found.update({(outcome, r.rhs): float(b) for r, b in zip(rows, beta, strict=True)})
    return found | guess.weight


def _start_of(
    row: Parameter,
    guess: _Guess,
    slopes: dict[tuple[str, str], float],
    table: ParameterTable,
    mean: Array | None,
) -> float:
    if row.op == "=~":
        return guess.loading[row.lhs, row.rhs]
    if row.op in {"~", "<~"}:
        return slopes[row.lhs, row.rhs]
    if row.op == "~1":
        known = mean is not None and row.lhs in table.observed
        return float(mean[table.observed.index(row.lhs)]) if known and mean is not None else 0.0
    if row.lhs == row.rhs:
        return _residual(row.lhs, guess, slopes)
    return _covariance(row, guess, slopes)


def _residual(name: str, guess: _Guess, slopes: dict[tuple[str, str], float]) -> float:
    me = guess.at[name]
    total = float(guess.cov[me, me])
    explained = sum(b * guess.cov[guess.at[x], me] for (y, x), b in slopes.items() if y == name)
    by_latent = [
        b**2 * guess.cov[guess.at[f], guess.at[f]] for (f, y), b in guess.loading.items() if y == name
    ]
    return float(max(total - explained - sum(by_latent), 0.1 * total))


def _covariance(row: Parameter, guess: _Guess, slopes: dict[tuple[str, str], float]) -> float:
    dependent = {y for y, _ in slopes} | {y for _, y in guess.loading}
    if row.lhs in dependent or row.rhs in dependent:
        return 0.0
    i, j = guess.at[row.lhs], guess.at[row.rhs]
    bound = 0.9 * np.sqrt(guess.cov[i, i] * guess.cov[j, j])
    return float(np.clip(guess.cov[i, j], -bound, bound))


def _tamed(ram: Ram, theta: Array) -> Array:
    """Shrink starting covariances until the matrix S that they belong to is positive semi-definite."""
    off = ram.s.free[ram.s.row != ram.s.col]
    for _ in range(20):
        s = ram.s0.copy()
        s[ram.s.row, ram.s.col] = s[ram.s.col, ram.s.row] = theta[ram.s.free]
        if np.linalg.eigvalsh(s)[0] > -1e-10:
            break
        theta[off] *= 0.7
    return theta
