"""Tests of one item: whether it functions alike in all groups at the same level of the trait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import expit

from trustmeasure.frames import Array
from trustmeasure.item_response.layout import Index
from trustmeasure.item_response.mantel import mantel_test
from trustmeasure.item_response.ordinal_regression import OrdinalRegression, ordinal_regression

STRATA = 10
"""Strata of a continuous matching variable for Mantel's test: its tenths."""
LEAST_ANSWERS = 5
"""Fewest answers in a group."""
NUMBERS = (
    "uniform_chisq",
    "uniform_df",
    "uniform_p",
    "nonuniform_chisq",
    "nonuniform_df",
    "nonuniform_p",
    "total_chisq",
    "total_df",
    "total_p",
    "any_chisq",
    "any_df",
    "any_p",
    "r2_mcfadden",
    "r2_nagelkerke",
    "r2_mcfadden_uniform",
    "r2_nagelkerke_uniform",
    "r2_mcfadden_nonuniform",
    "r2_nagelkerke_nonuniform",
    "slope_change",
    "mantel_chisq",
    "mantel_df",
    "mantel_p",
)


@dataclass(frozen=True, slots=True, eq=False)
class ItemTest:
    """What was found for one item.

    Attributes
    ----------
    numbers : dict
        One number for each name in `NUMBERS`.
    n : int
        People used.
    codes : tuple of float
        The answers' codes.
    uniform, full : OrdinalRegression or None
        The models with group, and with group and its product with the matching variable; None when there was
        too little to fit them.
    match : array (n,)
        Matching variable of the people used.
    group : array of int (n,)
        Their groups.
    note : str
        Why there are no numbers, or what to know of them.
    """

    numbers: dict[str, float]
    n: int
    codes: tuple[float, ...]
    uniform: OrdinalRegression | None
    full: OrdinalRegression | None
    match: Array
    group: Index
    note: str = ""


def item_test(
    codes: Index, categories: tuple[float, ...], match: Array, group: Index, labels: Any
) -> ItemTest:
    """Return the tests of one item.

    Parameters
    ----------
    codes : array of int (n,)
        Category of each answer, -1 where there is none.
    categories : tuple of float
        Codes of the categories.
    match : array (n,)
        Matching variable, NaN where unknown.
    group : array of int (n,)
        Group from 0 (the reference), -1 where unknown.
    labels : sequence of str
        Names of the groups.
    """
    used = (codes >= 0) & (group >= 0) & np.isfinite(match)
    y, x, g = codes[used], match[used], group[used]
    seen = np.unique(y)
    kept = tuple(categories[int(c)] for c in seen)
    why = _why_not(y, x, g, labels)
    if why:
        numbers = dict.fromkeys(NUMBERS, np.nan)
        return ItemTest(numbers, y.size, kept, None, None, x, g, why)
    rows, counts = _table(np.searchsorted(seen, y), x, g, seen.size)
    models = _models(rows, counts, len(labels))
    numbers = _likelihood_ratios(models, len(labels) - 1) | _effects(models, counts)
    numbers |= _own_curves(rows, counts, models[1], len(labels))
    strata = _strata(x)
    chisq, df, p = mantel_test(np.array(kept)[np.searchsorted(seen, y)], g, strata, len(labels))
    numbers |= {"mantel_chisq": chisq, "mantel_df": float(df), "mantel_p": p}
    apart = any(model.separated for model in models[1:])
    note = "the answers of some group are (nearly) parted; coefficients are not to be read" if apart else ""
    return ItemTest(numbers, y.size, kept, models[2], models[3], x, g, note)


def _why_not(y: Index, x: Array, g: Index, labels: Any) -> str:
    answers = np.bincount(g, minlength=len(labels))
    few = np.flatnonzero(answers < LEAST_ANSWERS)
    if few.size:
        return f"group {labels[few[0]]} has {answers[few[0]]} answers; at least {LEAST_ANSWERS} are needed"
    if np.unique(y).size < 2:
        return "one category only"
    return "" if np.ptp(x) > 0.0 else "the matching variable does not vary"


def _table(y: Index, x: Array, g: Index, categories: int) -> tuple[Array, Array]:
    """Return the pairs of matching value and group (r, 2), and the answers given there (r, m + 1)."""
    rows, at = np.unique(np.column_stack([x, g]), axis=0, return_inverse=True)
    flat = np.bincount(at.reshape(-1) * categories + y, minlength=len(rows) * categories)
    return rows, flat.reshape(len(rows), categories).astype(float)


def design(match: Array, group: Array, n_groups: int, products: bool) -> Array:
    """Return matching variable, indicators of all groups but the first, and their products if asked for."""
    indicators = (np.asarray(group)[:, None] == np.arange(1, n_groups)).astype(float)
    columns = [match[:, None], indicators]
    if products:
        columns.append(indicators * match[:, None])
    return np.hstack(columns)


def _models(rows: Array, counts: Array, n_groups: int) -> list[OrdinalRegression]:
    """Return the models without covariate, with the matching variable, with group, with their product."""
    full = design(rows[:, 0], rows[:, 1], n_groups, products=True)
    return [ordinal_regression(full[:, :size], counts) for size in (0, 1, n_groups, 2 * n_groups - 1)]


def _likelihood_ratios(models: list[OrdinalRegression], df: int) -> dict[str, float]:
    _, base, uniform, full = (model.loglik for model in models)
    pairs = {
        "uniform": (uniform - base, df),
        "nonuniform": (full - uniform, df),
        "total": (full - base, 2 * df),
    }
    found: dict[str, float] = {}
    for name, (gain, free) in pairs.items():
        chisq = max(2.0 * gain, 0.0)
        found |= {
            f"{name}_chisq": chisq,
            f"{name}_df": float(free),
            f"{name}_p": float(stats.chi2.sf(chisq, free)),
        }
    return found


def _own_curves(rows: Array, counts: Array, base: OrdinalRegression, n_groups: int) -> dict[str, float]:
    """Return the test of one curve for all against own intercepts and an own slope in each group."""
    loglik, parameters = 0.0, 0
    for g in range(n_groups):
        own = counts[rows[:, 1] == g]
        own = own[:, own.sum(axis=0) > 0]
        if own.shape[1] > 1:
            loglik += ordinal_regression(rows[rows[:, 1] == g, :1], own).loglik
        parameters += own.shape[1] if own.shape[1] > 1 else 0
    df = parameters - counts.shape[1]
    chisq = max(2.0 * (loglik - base.loglik), 0.0)
    return {
        "any_chisq": chisq if df > 0 else np.nan,
        "any_df": float(df),
        "any_p": float(stats.chi2.sf(chisq, df)) if df > 0 else np.nan,
    }


def _effects(models: list[OrdinalRegression], counts: Array) -> dict[str, float]:
    """Return changes of two pseudo R2, and of the matching variable's coefficient (Crane et al. 2006)."""
    none, n = models[0].loglik, counts.sum()
    each = np.array([model.loglik for model in models[1:]])
    mcfadden = 1.0 - each / none
    nagelkerke = -np.expm1(2.0 * (none - each) / n) / -np.expm1(2.0 * none / n)
    base, uniform = models[1].beta[0], models[2].beta[0]
    found = {"slope_change": abs(uniform - base) / abs(base) if base != 0.0 else np.nan}
    for name, r2 in (("mcfadden", mcfadden), ("nagelkerke", nagelkerke)):
        found |= {
            f"r2_{name}": float(r2[2] - r2[0]),
            f"r2_{name}_uniform": float(r2[1] - r2[0]),
            f"r2_{name}_nonuniform": float(r2[2] - r2[1]),
        }
    return found


def _strata(match: Array) -> Index:
    values, at = np.unique(match, return_inverse=True)
    if values.size <= max(60, match.size // 20) and np.allclose(values, np.round(values)):
        return at.reshape(-1)
    limits = np.quantile(match, np.linspace(0.0, 1.0, STRATA + 1)[1:-1])
    return np.searchsorted(limits, match)


def expected_answers(test: ItemTest, match: Array, group: int, n_groups: int) -> Array:
    """Return the mean answer that the full model expects of a group at values of the matching variable."""
    if test.full is None:
        return np.full(match.shape, np.nan)
    X = design(match, np.full(match.shape, group), n_groups, products=True)
    passed = expit((X @ test.full.beta)[:, None] + test.full.intercepts)
    return np.asarray(test.codes[0] + passed @ np.diff(test.codes))
