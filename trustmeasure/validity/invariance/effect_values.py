"""Effect sizes of one item at a fit, for draws of the estimates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.matrices import fill, implied
from trustmeasure.sem.parameters import Parameter
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.split import Rows
from trustmeasure.validity.invariance.item_effects import Ogive, Spread, linear_effects, ordinal_effects
from trustmeasure.validity.invariance.plan import Plan

Array = npt.NDArray[np.float64]


def draws_of(fit: SemResult, draws: int, rng: np.random.Generator) -> Array:
    """Return the estimates first, then draws from their distribution, shape (1 + draws, q)."""
    if fit.theta_cov is None:
        return fit.theta[None]
    values, vectors = np.linalg.eigh(fit.theta_cov)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.vstack([fit.theta[None], fit.theta + rng.standard_normal((draws, fit.theta.size)) @ root.T])


def effects_of(plan: Plan, fit: SemResult, item: str, pair: tuple[int, int], theta: Array) -> Array:
    """Return `EFFECTS` for draws of the estimates, shape (b, 5)."""
    spread = _spread(plan, fit, item, pair)
    if item in plan.base.ordered:
        ogives = [_ogive(plan, fit, item, g, theta) for g in pair]
        mean, cov = _latent_moments(fit, _causes(fit, item), pair[1], theta)
        sd = np.sqrt(np.maximum(cov[:, 0, 0], 0.0))
        parts = [
            ordinal_effects(ogives[0].some(rows), ogives[1].some(rows), mean[rows, 0], sd[rows], spread)
            for rows in (slice(0, 1), slice(1, None))
        ]
        return np.concatenate(parts)
    (intercept, loading), (level, slope) = (_linear(fit, item, g, theta) for g in pair)
    mean, cov = _latent_moments(fit, _causes(fit, item), pair[1], theta)
    return linear_effects(intercept - level, loading - slope, mean, cov, spread)


def _causes(fit: SemResult, item: str) -> list[int]:
    """Return the numbers of the latent variables that an item measures, among all variables."""
    variables = fit.groups[0].ram.variables
    rows = [r for r in fit.model.parameters if r.group == 1 and r.op == "=~" and r.rhs == item]
    return [variables.index(row.lhs) for row in rows]


def _linear(fit: SemResult, item: str, group: int, theta: Array) -> tuple[Array, Array]:
    """Return intercept (b,) and loadings (b, k) of an item in a group."""
    rows = [r for r in fit.model.only(group + 1).parameters if item in {r.lhs, r.rhs}]
    level = [_value(r, theta) for r in rows if r.op == "~1"]
    loadings = [_value(r, theta) for r in rows if r.op == "=~"]
    return (level[0] if level else np.zeros(len(theta))), np.stack(loadings, axis=1)


def _value(row: Parameter, theta: Array) -> Array:
    return theta[:, row.free - 1] if row.free else np.full(len(theta), row.value)


def _latent_moments(fit: SemResult, causes: list[int], group: int, theta: Array) -> tuple[Array, Array]:
    """Return means (b, k) and covariances (b, k, k) of latent variables in a group."""
    ram = fit.groups[group].ram
    if set(fit.model.latent) & {r.rhs for r in fit.model.parameters if r.op == "=~"}:
        now = implied(ram, theta)
        mean = np.zeros(now.phi.shape[:2]) if now.eta is None else now.eta
        return mean[:, causes], now.phi[:, causes][:, :, causes]
    names = [ram.variables[k] for k in causes]
    rows = {(r.lhs, r.op, r.rhs): r for r in fit.model.only(group + 1).parameters}
    own = np.zeros((len(theta), len(names)))
    cov = np.zeros((len(theta), len(names), len(names)))
    for i, first in enumerate(names):
        own[:, i] = _value(rows[first, "~1", ""], theta)
        for j, second in enumerate(names):
            row = rows.get((first, "~~", second)) or rows.get((second, "~~", first))
            cov[:, i, j] = 0.0 if row is None else _value(row, theta)
    return own, cov


def _ogive(plan: Plan, fit: SemResult, item: str, group: int, theta: Array) -> Ogive:
    ram = fit.groups[group].ram
    if len(_causes(fit, item)) > 1:
        raise ArgumentError(
            f"'{item}' is ordinal and measures several factors; dmacs has one factor an item."
        )
    level, loading = _linear(fit, item, group, theta)
    _, s, _ = fill(ram, theta)
    at = ram.variables.index(item)
    cuts = [r for r in fit.model.parameters if r.group == group + 1 and r.op == "|" and r.lhs == item]
    thresholds = np.stack([_value(row, theta) for row in cuts], axis=1)
    residual = np.maximum(s[:, at, at], 1e-12)
    codes = np.array(plan.categories[item], dtype=float)
    return Ogive(level, loading[:, 0], residual, thresholds, codes)


def _spread(plan: Plan, fit: SemResult, item: str, pair: tuple[int, int]) -> Spread:
    sizes = [float(fit.groups[g].moments.size) for g in pair]
    if item in plan.base.ordered:
        return Spread.of(*(_ordinal_sd(plan, item, g) for g in pair), *sizes)
    at = fit.model.observed.index(item)
    sd = [
        float(np.sqrt(plan.sample.moments[g].cov[at, at] * n / (n - 1)))
        for g, n in zip(pair, sizes, strict=True)
    ]
    return Spread.of(sd[0], sd[1], *sizes)


def _ordinal_sd(plan: Plan, item: str, group: int) -> float:
    """Return the standard deviation of the answers to an ordinal item in a group."""
    part = plan.split.parts[group]
    if not isinstance(part, Rows):
        return float("nan")
    values = part.frame([item])[item].to_numpy(dtype=float)
    codes = np.array(plan.categories[item], dtype=float)
    known = values[np.isin(values, codes)]
    return float(known.std(ddof=1)) if known.size > 1 else float("nan")
