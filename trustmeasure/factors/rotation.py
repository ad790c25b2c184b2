"""Rotation of loadings to simple structure, from many starts, with a report of local minima."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, one_of, suggestion
from trustmeasure.errors import ArgumentError, ConvergenceError, DataError
from trustmeasure.factors import simplicity
from trustmeasure.factors.congruence import loadings_frame
from trustmeasure.factors.gradient_projection import (
    Rotations,
    gradient_projection,
    nearest_orthogonal,
    oblique_loadings,
    random_starts,
)
from trustmeasure.factors.minima import Minima, distinct
from trustmeasure.frames import Array

Method = Literal[
    "none", "varimax", "quartimax", "equamax", "promax", "oblimin", "quartimin", "geomin",
    "crawford_ferguson", "target", "bifactor", "bigeomin",
]  # fmt: skip
METHODS: tuple[str, ...] = get_args(Method)
ONLY_ORTHOGONAL = frozenset({"none", "varimax", "quartimax", "equamax"})
ONLY_OBLIQUE = frozenset({"promax", "oblimin", "quartimin"})
GENERAL = frozenset({"bifactor", "bigeomin"})
"""Rotations whose first column is a general factor."""
COLLAPSED = "Rotation '{method}' has no solution: factors fall together. Ask for fewer factors."


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How to rotate; the fields are the options of `rotate`."""

    method: str = "oblimin"
    orthogonal: bool | None = None
    gamma: float = 0.0
    kappa: float | None = None
    epsilon: float = 0.01
    power: float = 4.0
    target: Any = None
    normalize: bool | None = None
    starts: int = 50
    seed: int | None = 0
    tolerance: float = 1e-8
    max_iter: int = 5_000

    @property
    def oblique(self) -> bool:
        """Whether the factors may correlate."""
        if self.method in ONLY_ORTHOGONAL or self.method in ONLY_OBLIQUE:
            return self.method in ONLY_OBLIQUE
        return self.method not in GENERAL if self.orthogonal is None else not self.orthogonal

    @property
    def kaiser(self) -> bool:
        """Whether rows are brought to length 1 while rotating."""
        return self.method in {"varimax", "promax"} if self.normalize is None else self.normalize


@dataclass(frozen=True, slots=True, eq=False)
class Rotation:
    """Rotated loadings.

    Attributes
    ----------
    method : str
        Which rotation.
    loadings : pandas.DataFrame of shape (p, m)
        Pattern: what each factor contributes to each item, the others held.
    phi : pandas.DataFrame of shape (m, m)
        Correlations of the factors.
    transform : array, shape (m, m)
        T with phi = T'T; loadings are A inv(T)' of the unrotated A.
    criterion : float
        Value that was made small (NaN without one: no rotation, promax).
    minima : Minima or None
        Distinct minima that the starts led to; None where there is but one solution.
    converged : bool
        Whether the best search ended at a minimum.
    """

    method: str
    loadings: pd.DataFrame
    phi: pd.DataFrame
    transform: Array
    criterion: float
    minima: Minima | None
    converged: bool

    @property
    def structure(self) -> pd.DataFrame:
        """Correlations of items with factors, shape (p, m)."""
        return pd.DataFrame(
            self.loadings.to_numpy() @ self.phi.to_numpy(), self.loadings.index, self.loadings.columns
        )

    def local_minima(self) -> pd.DataFrame:
        """Return one row a minimum: criterion, how often it was reached, how far it is from the best."""
        return pd.DataFrame() if self.minima is None else self.minima.to_frame()


def rotate(loadings: Any, method: Method = "oblimin", **options: Any) -> Rotation:
    """Rotate loadings to simple structure.

    By gradient projection (Jennrich 2001, 2002) from the unrotated loadings (for a target, turned towards it)
    and from `starts - 1` random orthogonal matrices, all at once; the smallest criterion wins, and
    `.local_minima()` tells which minima there are and how often each was reached. Factors are ordered by what
    they explain and turned so that each column sums to a positive number; with a target they stay as the
    target has them, and a general factor stays first.

    Parameters
    ----------
    loadings : frame or 2-D array, shape (p, m)
        Unrotated, orthogonal loadings, one row an item.
    method : str
        "none", "varimax", "quartimax", "equamax" (orthogonal), "promax", "oblimin", "quartimin" (oblique),
        "geomin", "crawford_ferguson", "target" (oblique unless `orthogonal=True`), "bifactor", "bigeomin"
        (orthogonal unless `orthogonal=False`).
    **options
        `orthogonal` : whether factors are uncorrelated, where both are possible. `gamma` of oblimin (0 is
        quartimin). `kappa` of the Crawford-Ferguson family (default 1 / p, which is varimax when orthogonal).
        `epsilon` of geomin. `power` of promax. `target` : array or frame (p, m), NaN in cells left free.
        `normalize` : Kaiser's normalisation (default for varimax, and for the varimax within promax).
        `starts`, `seed` : number of starts, and of the random ones. `tolerance`, `max_iter` : size of the
        projected gradient at which a search ends, and its most steps.

    Returns
    -------
    Rotation
        `.loadings .phi .structure .criterion .local_minima()`.

    Raises
    ------
    ArgumentError
        For an unknown method or option, options that contradict each other, or a target of another shape.
    ConvergenceError
        If no search ended at a minimum.

    Notes
    -----
    Checked against: GPArotation 2022.10-2 and R 4.2.2 `varimax` and `promax`
    (tests/reference/factors/rotation.R).

    Examples
    --------
    >>> import numpy as np
    >>> simple = np.array([[0.8, 0.0], [0.7, 0.0], [0.0, 0.6], [0.0, 0.5]])
    >>> turn = np.array([[0.8, 0.6], [-0.6, 0.8]])
    >>> rotate(simple @ turn, "varimax").loadings.round(4).abs().values.tolist()
    [[0.8, 0.0], [0.7, 0.0], [0.0, 0.6], [0.0, 0.5]]
    """
    frame = loadings_frame(loadings, "loadings")
    plan = plan_of(method, options)
    return _named(frame, rotated(frame.to_numpy(dtype=float), plan), plan)


def plan_of(method: str, options: dict[str, Any]) -> Plan:
    """Return the plan with its options checked."""
    one_of("rotation", method, METHODS)
    known = [f.name for f in fields(Plan) if f.name != "method"]
    for name in options:
        if name not in known:
            raise ArgumentError(f"rotation has no option '{name}'. {suggestion(name, known)}")
    plan = Plan(method, **options)
    at_least("starts", plan.starts, 1)
    at_least("max_iter", plan.max_iter, 1)
    if plan.orthogonal is not None and plan.orthogonal == plan.oblique:
        kind = "oblique" if plan.oblique else "orthogonal"
        raise ArgumentError(
            f"orthogonal={plan.orthogonal} contradicts rotation='{method}', which is {kind}. Leave it out, "
            "or use 'geomin', 'target' or 'crawford_ferguson', which can be both."
        )
    if (plan.target is not None) != (method == "target"):
        raise ArgumentError("target= belongs to rotation='target': give both, or neither.")
    if plan.epsilon <= 0.0:
        raise ArgumentError(f"epsilon={plan.epsilon!r} must be above 0, such as 0.01.")
    if plan.power < 1.0:
        raise ArgumentError(f"power={plan.power!r} of promax must be at least 1; 4 is usual.")
    return plan


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """A rotation in arrays: transform (m, m), loadings (p, m), phi (m, m), and how it was found."""

    transform: Array
    loadings: Array
    phi: Array
    criterion: float = float("nan")
    minima: Minima | None = None
    converged: bool = True


def rotated(a: Array, plan: Plan) -> Turned:
    """Return the rotation of unrotated loadings (p, m), factors in order and turned to the positive side."""
    m = a.shape[1]
    if m == 1 and plan.method in GENERAL:
        raise ArgumentError(f"rotation='{plan.method}' needs a general and at least one group factor.")
    if plan.method == "none" or (m == 1 and plan.method != "target"):
        return _in_order(a, np.eye(m), Turned(np.eye(m), a, np.eye(m)), plan)
    weights = _row_lengths(a) if plan.kaiser else np.ones(len(a))
    if plan.method == "promax":
        return _promax(a, weights, plan)
    found, minima = _search(a / weights[:, None], criterion_of(plan, *a.shape), plan)
    best = int(minima.first[0])
    transform = found.transforms[best]
    turned = Turned(
        transform,
        oblique_loadings(a, transform),
        transform.T @ transform,
        float(found.values[best]),
        minima,
        bool(found.converged[best]),
    )
    return _in_order(a, transform, turned, plan)


def _row_lengths(a: Array) -> Array:
    lengths = np.sqrt((a**2).sum(axis=1))
    return np.where(lengths > 0, lengths, 1.0)


def criterion_of(plan: Plan, p: int, m: int) -> simplicity.Criterion:
    """Return what a plan makes small for loadings of shape (p, m)."""
    kappa = {"equamax": m / (2.0 * p)}.get(plan.method, 1.0 / p if plan.kappa is None else plan.kappa)
    made: dict[str, simplicity.Criterion] = {
        "varimax": simplicity.varimax,
        "promax": simplicity.varimax,
        "quartimax": simplicity.quartimax,
        "equamax": simplicity.crawford_ferguson(kappa),
        "crawford_ferguson": simplicity.crawford_ferguson(kappa),
        "oblimin": simplicity.oblimin(plan.gamma),
        "quartimin": simplicity.oblimin(0.0),
        "geomin": simplicity.geomin(plan.epsilon),
        "bifactor": simplicity.bifactor,
        "bigeomin": simplicity.bigeomin(plan.epsilon),
    }
    return simplicity.target(_target(plan.target, p, m)) if plan.method == "target" else made[plan.method]


def _target(given: Any, p: int, m: int) -> Array:
    values = np.asarray(given, dtype=float)
    if values.shape != (p, m):
        raise ArgumentError(
            f"target has the shape {values.shape}; the loadings have {(p, m)}. Give one row an item, one "
            "column a factor, NaN where a loading is free."
        )
    if np.isinf(values).any() or not np.isfinite(values).any():
        raise ArgumentError("target needs at least one number, and no infinite one; NaN leaves a cell free.")
    return values


def _search(a: Array, criterion: simplicity.Criterion, plan: Plan) -> tuple[Rotations, Minima]:
    starts = random_starts(a.shape[1], plan.starts, np.random.default_rng(plan.seed))
    if plan.method == "target":
        starts[0] = _towards(a, _target(plan.target, *a.shape))
    oblique = plan.oblique and plan.method != "promax"
    try:
        with np.errstate(all="ignore"):
            found = gradient_projection(
                a, criterion, starts, oblique=oblique, tolerance=plan.tolerance, max_iter=plan.max_iter
            )
    except np.linalg.LinAlgError as problem:
        raise ConvergenceError(COLLAPSED.format(method=plan.method)) from problem
    minima = distinct(found.values, oblique_loadings(a, found.transforms), found.converged)
    if not found.converged.any():
        raise ConvergenceError(
            f"Rotation '{plan.method}' did not converge in {plan.max_iter} steps from any of {plan.starts} "
            "starts. Ask for fewer factors, or allow more steps (max_iter).",
            found,
        )
    return found, minima


def _towards(a: Array, wanted: Array) -> Array:
    """Return the orthogonal T that brings loadings next to a target (Schoenemann 1966)."""
    large = max(0.7, float(np.nanmax(np.abs(wanted))))
    return nearest_orthogonal(a.T @ np.where(np.isfinite(wanted), wanted, large))


def _promax(a: Array, weights: Array, plan: Plan) -> Turned:
    """Return promax (Hendrickson and White 1964): varimax, then least squares towards its powers.

    As R's `promax` does it: Kaiser's normalisation within varimax only.
    """
    found, minima = _search(a / weights[:, None], simplicity.varimax, plan)
    turn = found.transforms[int(minima.first[0])]
    simple = a @ turn
    goal = simple * np.abs(simple) ** (plan.power - 1.0)
    if np.linalg.matrix_rank(simple) < simple.shape[1]:
        raise DataError("Promax has no solution: a factor has no loadings. Ask for fewer factors.")
    u = np.linalg.lstsq(simple, goal, rcond=None)[0]
    u = u * np.sqrt(np.diag(np.linalg.inv(u.T @ u)))
    transform = np.linalg.inv(turn @ u).T
    turned = Turned(transform, a @ turn @ u, transform.T @ transform, minima=minima)
    return _in_order(a, transform, turned, plan)


def _in_order(a: Array, transform: Array, turned: Turned, plan: Plan) -> Turned:
    """Return the factors by what they explain, each turned to the positive side, unless a target says how."""
    if plan.method == "target":
        return _upright(transform, turned, _target(plan.target, *a.shape))
    explained = np.diag(turned.phi @ turned.loadings.T @ turned.loadings).copy()
    if plan.method in GENERAL:
        explained[0] = np.inf
    order = np.argsort(-explained, kind="stable") if plan.method != "none" else np.arange(a.shape[1])
    signs = np.where(turned.loadings[:, order].sum(axis=0) < 0, -1.0, 1.0)
    t = transform[:, order] * signs
    phi = turned.phi[np.ix_(order, order)] * np.outer(signs, signs)
    np.fill_diagonal(phi, 1.0)
    return Turned(
        t, turned.loadings[:, order] * signs, phi, turned.criterion, turned.minima, turned.converged
    )


def _upright(transform: Array, turned: Turned, wanted: Array) -> Turned:
    """Return factors whose targets do not say which side is up, being 0 or free, on the positive side."""
    silent = np.nansum(np.abs(wanted), axis=0) == 0.0
    signs = np.where(silent & (turned.loadings.sum(axis=0) < 0), -1.0, 1.0)
    return replace(
        turned,
        transform=transform * signs,
        loadings=turned.loadings * signs,
        phi=turned.phi * np.outer(signs, signs),
    )


def _named(frame: pd.DataFrame, found: Turned, plan: Plan) -> Rotation:
    names = [f"F{j + 1}" for j in range(frame.shape[1])]
    return Rotation(
        plan.method,
        pd.DataFrame(found.loadings, index=frame.index, columns=names),
        pd.DataFrame(found.phi, index=names, columns=names),
        found.transform,
        found.criterion,
        found.minima,
        found.converged,
    )
