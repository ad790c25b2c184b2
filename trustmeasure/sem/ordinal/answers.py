r"""What answers say of the latent variables: a model's group made ready for scoring.

Responses y* and latent variables eta are jointly normal given the covariates x. With ``eta = mu_eta + L u``,
u standard normal, ``y* = mu + B u + e``, where the covariances of e are what u leaves of those of y*. The
continuous ones among the y* are conditioned on in closed form; of u only the directions that the ordinal
answers depend on are left for numerical work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import implied
from trustmeasure.sem.ordinal.statistics import part_of, state_at

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

TINY = 1e-10
"""Shares of a variance, and correlations, below this are rounding."""


@dataclass(frozen=True)
class Measured:
    """One group's responses and latent variables given the covariates.

    Attributes
    ----------
    names : tuple of str, length p
        The responses.
    ordinal : array of bool, shape (p,)
        Which of them are ordinal.
    bounds : tuple of arrays, length p
        Thresholds of each with infinite ends; empty for a continuous one.
    mu, on_x : arrays, shapes (p,) and (p, c)
        Their means where the c covariates are 0, and slopes on these.
    eta, eta_on_x : arrays, shapes (k,) and (k, c)
        The same of the latent variables.
    root : array, shape (k, r)
        L.
    slope : array, shape (p, r)
        B.
    unique : array, shape (p, p)
        Covariances of the errors e.
    variances : array, shape (k,)
        Variances of the latent variables, those that the covariates bring included.
    """

    names: tuple[str, ...]
    ordinal: Flags
    bounds: tuple[Array, ...]
    mu: Array
    on_x: Array
    eta: Array
    eta_on_x: Array
    root: Array
    slope: Array
    unique: Array
    variances: Array

    @classmethod
    def of(cls, group: GroupResult) -> Measured:
        """Prepare a group of a fit with ordinal variables."""
        ram, theta = group.ram, group.theta[None]
        part, now, full = part_of(ram), state_at(ram, theta), implied(ram, theta)
        latent = np.arange(ram.p, ram.v)
        every = now.u[0, :, ram.v :]  # covariances of the y* with all variables
        s = np.where(_given(ram.v, part.x), full.s[0], 0.0)
        phi = now.total[0][latent] @ s @ now.total[0][latent].T
        root = _root(phi)
        slope = every[:, latent] @ np.linalg.pinv(root).T
        unique = now.sigma[0] - slope @ slope.T
        unique[np.abs(unique) < TINY * np.sqrt(np.outer(*(np.diag(now.sigma[0]),) * 2))] = 0.0
        layout = part.layout
        return cls(
            names=layout.names,
            ordinal=layout.ordinal,
            bounds=tuple(
                _bounds(now.tau[0][layout.level_variable == j], o) for j, o in enumerate(layout.ordinal)
            ),
            mu=now.mu[0],
            on_x=now.total[0][np.ix_(part.y, part.x)],
            eta=now.eta[0, latent],
            eta_on_x=now.total[0][np.ix_(latent, part.x)],
            root=root,
            slope=slope,
            unique=unique,
            variances=np.diag(full.phi[0])[latent],
        )


def _given(v: int, x: Index) -> Flags:
    """Return which cells of S stay when the covariates are given, shape (v, v)."""
    kept = np.ones(v, dtype=bool)
    kept[x] = False
    return np.asarray(np.outer(kept, kept))


def _root(cov: Array) -> Array:
    """Return L with ``L L' = cov``, as many columns as the rank."""
    values, vectors = np.linalg.eigh(cov)
    if values.size and values[0] < -1e-8 * max(values[-1], TINY):
        raise ArgumentError(
            "The latent variables have covariances that no variables can have (not positive definite), so "
            "that answers say nothing of them. See the warnings of the fit."
        )
    kept = values > TINY * max(values.max(initial=0.0), TINY)
    return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))


def _bounds(tau: Array, ordinal: bool) -> Array:
    return np.concatenate([[-np.inf], tau, [np.inf]]) if ordinal else np.zeros(0)


@dataclass(frozen=True, slots=True)
class Task:
    """What n rows with the same answered variables leave to be done numerically, in d directions v.

    The rows' ``u = centre + turn v + rest t``, t standard normal and out of reach of the ordinal answers.
    These say that ``predictor v + e`` lies between bounds, e errors of variance 1. Besides them the logarithm
    of the density of v is ``pull v - v' hold v / 2`` but for a constant.

    Attributes
    ----------
    low, high : arrays, shape (n, j)
        Bounds of the answers; infinite where nothing was answered.
    predictor : array, shape (j, d)
        Slopes on v.
    pairs : array, shape (m, 2)
        Answers whose errors correlate.
    rho : array, shape (m,)
        Their correlations.
    hold, pull : arrays, shapes (d, d) and (n, d)
        The rest of the density.
    centre : array, shape (n, r)
        What u is expected to be where v and t are 0.
    turn, rest : arrays, shapes (r, d) and (r, r - d)
        How u depends on v and t.
    """

    low: Array
    high: Array
    predictor: Array
    pairs: Index
    rho: Array
    hold: Array
    pull: Array
    centre: Array
    turn: Array
    rest: Array

    @property
    def alone(self) -> Index:
        """Answers whose errors correlate with no other."""
        return np.setdiff1d(np.arange(self.low.shape[1]), self.pairs)


def task_of(measured: Measured, values: Array, x: Array, *, prior: bool = True) -> Task:
    """Condition rows on their continuous answers.

    Parameters
    ----------
    measured : Measured
        The group.
    values : array, shape (n, p)
        Rows that answered the same continuous variables: values of these, and numbers of categories (from 0)
        of ordinal ones; NaN where there is no answer.
    x : array, shape (n, c)
        Their covariates.
    prior : bool
        Whether latent variables have the distribution of the model, or are unknowns (maximum likelihood).
    """
    o = np.flatnonzero(measured.ordinal)
    c = np.flatnonzero(~measured.ordinal & ~np.isnan(values).all(axis=0))
    mean = measured.mu + x @ measured.on_x.T
    away = values[:, c] - mean[:, c]
    slope, offset, unique = _given_continuous(measured, o, c, away)
    sd = _error_sd(measured, o, unique)
    if prior:
        centre, spread = _centre(measured, c, away)
        turn, rest = _directions(slope / sd[:, None], spread)
        hold, pull = np.eye(turn.shape[1]), np.zeros((len(values), turn.shape[1]))
    else:
        centre, turn = np.zeros((len(values), measured.eta.size)), _unit_turn(measured)
        rest = np.zeros((measured.eta.size, 0))
        pulled = np.linalg.solve(measured.unique[np.ix_(c, c)], measured.slope[c] @ turn).T
        hold, pull = pulled @ (measured.slope[c] @ turn), away @ pulled.T
    low, high = _intervals(measured, o, values)
    shift = mean[:, o] + offset + centre @ slope.T
    corr = unique / np.outer(sd, sd)
    pairs = np.argwhere(np.triu(np.abs(corr) > TINY, 1))
    return Task(
        low=(low - shift) / sd,
        high=(high - shift) / sd,
        predictor=_cleared((slope / sd[:, None]) @ turn),
        pairs=_checked(measured, o, pairs),
        rho=corr[pairs[:, 0], pairs[:, 1]],
        hold=hold,
        pull=pull,
        centre=centre,
        turn=turn,
        rest=rest,
    )


def _unit_turn(measured: Measured) -> Array:
    """Return how u depends on standardised latent variables, which leaves simple structure simple."""
    return np.asarray(np.linalg.inv(measured.root) * np.sqrt(measured.variances))


def _cleared(predictor: Array) -> Array:
    """Return the slopes without the rounding that ties directions to answers that say nothing of them."""
    return np.where(np.abs(predictor) < TINY * np.abs(predictor).max(initial=0.0), 0.0, predictor)


def _given_continuous(measured: Measured, o: Index, c: Index, away: Array) -> tuple[Array, Array, Array]:
    """Return slopes on u, offsets and error covariances of ordinal responses given continuous ones."""
    slope, unique = measured.slope[o], measured.unique[np.ix_(o, o)]
    shared = measured.unique[np.ix_(o, c)]
    touched = np.flatnonzero(shared.any(axis=0))
    if not touched.size:
        return slope, np.zeros((len(away), o.size)), unique
    weights = shared @ np.linalg.pinv(measured.unique[np.ix_(c, c)])
    return slope - weights @ measured.slope[c], away @ weights.T, unique - weights @ shared.T


def _centre(measured: Measured, c: Index, away: Array) -> tuple[Array, Array]:
    """Return expected u of rows given their continuous answers, and W with ``W W'`` the covariances left."""
    r = measured.slope.shape[1]
    if not c.size:
        return np.zeros((len(away), r)), np.eye(r)
    slope = measured.slope[c]
    weights = np.linalg.solve(slope @ slope.T + measured.unique[np.ix_(c, c)], slope).T
    return away @ weights.T, _root(np.eye(r) - weights @ slope)


def _directions(slope: Array, spread: Array) -> tuple[Array, Array]:
    """Return how u depends on what the ordinal answers depend on, and on the rest."""
    _, size, rows = np.linalg.svd(slope @ spread)
    d = int((size > TINY * max(size.max(initial=0.0), TINY)).sum())
    return spread @ rows[:d].T, spread @ rows[d:].T


def _intervals(measured: Measured, o: Index, values: Array) -> tuple[Array, Array]:
    """Return the bounds of responses that answers stand for, each of shape (n, j)."""
    low, high = np.full((len(values), o.size), -np.inf), np.full((len(values), o.size), np.inf)
    for i, j in enumerate(o):
        answered = ~np.isnan(values[:, j])
        at = values[answered, j].astype(np.intp)
        low[answered, i], high[answered, i] = measured.bounds[j][at], measured.bounds[j][at + 1]
    return low, high


def _error_sd(measured: Measured, o: Index, unique: Array) -> Array:
    """Return the standard deviations of the errors of ordinal responses; raise where there is none."""
    variance, total = np.diag(unique), np.diag(measured.unique + measured.slope @ measured.slope.T)[o]
    bad = [measured.names[j] for j, flag in zip(o, variance <= 1e-8 * total, strict=True) if flag]
    if bad:
        raise ArgumentError(
            f"The residual variance of {', '.join(bad)} is zero or negative, so that answers to it have no "
            "probability given the latent variables. Leave single ordinal indicators without error, and "
            "inadmissible solutions, out of a model that is to give scores."
        )
    return np.asarray(np.sqrt(variance))


def _checked(measured: Measured, o: Index, pairs: Index) -> Index:
    """Return the pairs of answers with correlated errors; raise where an answer is in two of them."""
    count = np.bincount(pairs.ravel(), minlength=1)
    if (count > 1).any():
        names = [measured.names[j] for j in o[np.unique(pairs)]]
        raise ArgumentError(
            f"The errors of more than two ordinal variables correlate with each other ({', '.join(names)}): "
            "scores are there for pairs only. Give what they share a factor of its own."
        )
    return pairs
