"""Starting values: one-factor solutions block by block, then regressions among disattenuated covariances.

They need only a few percent of accuracy; good ones save Fisher steps and keep small samples in the region
where the implied covariance matrix is positive definite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dposv

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
    return _user_starts(table, np.nanmean(np.stack(found), axis=0))


def _values(table: ParameterTable, ram: Ram, cov: Array, mean: Array | None) -> Array:
    """Return starting values from one group, NaN for parameters that it does not have."""
    guess = _covariances(table, ram, cov)
    _add_slopes(guess, table)
    sums, counts = np.zeros(ram.q), np.zeros(ram.q)
    for row in table.parameters:
        if row.free:
            sums[row.free - 1] += _start_of(row, guess, mean)
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
    guess = _Guess(at, full, set(table.observed), _grouped(table, {"=~"}), _grouped(table, {"<~"}))
    waiting = [f for f in table.latent if f in guess.rows or f in guess.weights]
    while waiting:
        ready = [f for f in waiting if all(r.rhs in guess.known for r in guess.parts(f))]
        _place(guess, ready) if ready else _place_in_turn(guess, waiting)
        waiting = [f for f in waiting if f not in ready] if ready else []
    return guess


def _place(guess: _Guess, names: Sequence[str]) -> None:
    """Place latent variables none of which is an indicator or a cause of another one."""
    measured = [name for name in names if name in guess.rows]
    loadings = one_factors([_block(guess, name) for name in measured])
    for name, loading in zip(measured, loadings, strict=True):
        _place_latent(guess, name, loading)
    for name in names:
        if name not in guess.rows:
            _place_formed(guess, name)


def _place_in_turn(guess: _Guess, names: Sequence[str]) -> None:
    for name in names:
        _place(guess, [name])


def _block(guess: _Guess, name: str) -> Array:
    """Return the guessed covariances of the indicators of a latent variable."""
    inside = [guess.at[r.rhs] for r in guess.rows[name]]
    return guess.cov[np.ix_(inside, inside)]


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


def _place_latent(guess: _Guess, name: str, loading: Array) -> None:
    rows = guess.rows[name]
    inside = [guess.at[r.rhs] for r in rows]
    scale = _scale(rows, loading.tolist(), np.sqrt(guess.cov[inside, inside]).tolist())
    me = guess.at[name]
    others = loading @ guess.cov[inside] / (loading @ loading)
    others[inside] = loading
    guess.cov[me] = guess.cov[:, me] = others * scale
    guess.cov[me, me] = scale**2
    guess.known.add(name)
    for row, value in zip(rows, (loading / scale).tolist(), strict=True):
        guess.loading[name, row.rhs] = own = value if row.free else row.value
        guess.explained[row.rhs] = guess.explained.get(row.rhs, 0.0) + own**2 * scale**2


def _scale(rows: list[Parameter], loading: list[float], sd: list[float]) -> float:
    """Return the standard deviation of a latent variable under its marker, 1 without one."""
    for row, value, size in zip(rows, loading, sd, strict=True):
        if not row.free and row.value != 0:
            least = 0.1 * size
            return float(max(abs(value), least) / abs(row.value))
    return 1.0


def one_factors(covs: Sequence[Array]) -> list[Array]:
    """Return the loadings of a one-factor solution of each of some covariance matrices of shape (k, k)."""
    found: dict[int, Array] = {}
    sizes = [len(cov) for cov in covs]
    for size in set(sizes):
        members = [i for i, k in enumerate(sizes) if k == size]
        loadings = _one_factor(np.array([covs[i] for i in members]))
        found.update(zip(members, loadings, strict=True))
    return [found[i] for i in range(len(covs))]


def _one_factor(cov: Array) -> Array:
    """Return the loadings (b, k) for covariances of shape (b, k, k)."""
    sd = np.sqrt(np.maximum(np.einsum("bii->bi", cov), 1e-12))
    corr = cov / (sd[:, :, None] * sd[:, None, :])
    k = sd.shape[1]
    if k == 1:
        return np.asarray(sd * 0.95)
    if k == 2:
        root = np.sqrt(np.minimum(np.maximum(np.abs(corr[:, 0, 1]), 0.1), 0.9))
        return np.asarray(np.stack([root, np.where(corr[:, 0, 1] >= 0, root, -root)], axis=1) * sd)
    return np.asarray(_principal_axes(corr) * sd)


def _principal_axes(corr: Array, iterations: int = 30, enough: float = 0.005) -> Array:
    """Return the loadings (b, k) of principal-axis solutions for correlations of shape (b, k, k), k > 2.

    Communalities are taken as they are once a round changes none of them by more than `enough`.
    """
    b, k, _ = corr.shape
    common, signs = np.full((b, k), 0.5), np.ones((b, k))
    at, reduced = np.arange(b), corr.copy()
    for _ in range(iterations):
        reduced.reshape(at.size, k * k)[:, :: k + 1] = common[at]
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:], 0.05))
        before, after = common[at], np.minimum(np.maximum(loading**2, 0.05), 0.95)
        common[at], signs[at] = after, np.sign(loading) * np.sign(np.where(loading[:, :1], loading[:, :1], 1))
        moving = np.abs(after - before).max(axis=1) >= enough
        at, reduced = at[moving], reduced[moving]
        if not at.size:
            break
    return np.asarray(signs * np.sqrt(common))


def _add_slopes(guess: _Guess, table: ParameterTable) -> None:
    for outcome, every in _grouped(table, {"~", "<~"}).items():
        rows = [r for r in every if (outcome, r.rhs) not in guess.formed]
        if rows:
            x = [guess.at[r.rhs] for r in rows]
            block = guess.cov[np.ix_(x, x)] + 0.05 * np.diag(np.diag(guess.cov)[x])
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


def _start_of(row: Parameter, guess: _Guess, mean: Array | None) -> float:
    if row.op == "=~":
        return guess.loading[row.lhs, row.rhs]
    if row.op in {"~", "<~"}:
        return guess.slope[row.lhs, row.rhs]
    me = guess.at[row.lhs]
    if row.op == "~1":
        return float(mean[me]) if mean is not None and me < mean.size else 0.0
    if row.lhs == row.rhs:
        total = float(guess.cov[me, me])
        return max(total - guess.explained.get(row.lhs, 0.0), 0.1 * total)
    if row.lhs in guess.explained or row.rhs in guess.explained:
        return 0.0
    other = guess.at[row.rhs]
    bound = 0.9 * float(np.sqrt(guess.cov[me, me] * guess.cov[other, other]))
    return min(max(float(guess.cov[me, other]), -bound), bound)


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
