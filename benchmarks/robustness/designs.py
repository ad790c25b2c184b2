"""Populations that make a fit hard, the samples drawn from them, and the models fitted to those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]

EACH = 50
"""Samples of each design."""
SEED = 2026
EQUAL = ("loadings", "intercepts")


@dataclass(frozen=True, slots=True)
class Problem:
    """A sample with the model that is fitted to it.

    Attributes
    ----------
    name : str
        Design and number, such as "weak-07".
    frame : DataFrame
        The sample; a column `part` where there are groups.
    model : str
        Model text.
    group_equal : tuple of str
        What is the same in all groups; empty without groups.
    """

    name: str
    frame: pd.DataFrame
    model: str
    group_equal: tuple[str, ...] = ()


def problems(each: int = EACH) -> Iterator[Problem]:
    """Yield all problems, the same ones every time; number `i` of a design does not depend on `each`."""
    for d, (name, design) in enumerate(DESIGNS.items()):
        for i in range(each):
            rng = np.random.default_rng([SEED, d, i])
            frame, model, equal = design(rng)
            yield Problem(f"{name}-{i:02d}", frame, model, equal)


Made = tuple[pd.DataFrame, str, tuple[str, ...]]


def sample(rng: np.random.Generator, loading: Array, phi: Array, n: int, *, heavy: bool = False) -> Array:
    """Return n rows of items with loadings (p, k) on factors with correlations (k, k) and unit variances."""
    explained = np.einsum("pk,kl,pl->p", loading, phi, loading)
    residual = np.sqrt(np.maximum(1.0 - explained, 0.02))
    noise = (
        rng.standard_t(5, (n, len(loading))) / np.sqrt(5 / 3)
        if heavy
        else rng.standard_normal((n, len(loading)))
    )
    factors = rng.standard_normal((n, len(phi))) @ np.linalg.cholesky(phi).T
    return np.asarray(factors @ loading.T + noise * residual)


def pattern(sizes: list[int], values: Array) -> Array:
    """Return loadings (p, k) of items on their own factors, `values` in order."""
    loading = np.zeros((sum(sizes), len(sizes)))
    loading[np.arange(sum(sizes)), np.repeat(np.arange(len(sizes)), sizes)] = values
    return loading


def correlated(k: int, r: float) -> Array:
    """Return a correlation matrix with the same correlation everywhere."""
    return np.full((k, k), r) + (1.0 - r) * np.eye(k)


def framed(values: Array) -> pd.DataFrame:
    """Return rows with the columns x1, x2, ..., rounded so that all sides read the same."""
    return pd.DataFrame(values.round(6), columns=[f"x{i + 1}" for i in range(values.shape[1])])


def factors(sizes: list[int], order: npt.NDArray[np.int64] | None = None) -> str:
    """Return the measurement model of factors f1, f2, ... with consecutive items, or items in `order`."""
    items = np.arange(sum(sizes)) if order is None else order
    lines, at = [], 0
    for k, size in enumerate(sizes, start=1):
        names = [f"x{i + 1}" for i in items[at : at + size]]
        lines.append(f"f{k} =~ " + " + ".join(names))
        at += size
    return "\n".join(lines) + "\n"


def _n(rng: np.random.Generator, low: int = 30, high: int = 200) -> int:
    return int(rng.integers(low, high + 1))


def _weak(rng: np.random.Generator) -> Made:
    """Make loadings of 0.15 to 0.45, some negative."""
    sizes = [int(rng.integers(3, 5)) for _ in range(int(rng.integers(1, 4)))]
    values = rng.uniform(0.15, 0.45, sum(sizes)) * rng.choice([1, 1, 1, -1], sum(sizes))
    loading = pattern(sizes, values)
    frame = framed(sample(rng, loading, correlated(len(sizes), 0.3), _n(rng)))
    return frame, factors(sizes), ()


def _pairs(rng: np.random.Generator) -> Made:
    """Give factors two indicators each."""
    sizes = [2] * int(rng.integers(2, 5))
    loading = pattern(sizes, rng.uniform(0.3, 0.8, sum(sizes)))
    return framed(sample(rng, loading, correlated(len(sizes), 0.4), _n(rng))), factors(sizes), ()


def _heywood(rng: np.random.Generator) -> Made:
    """Put one loading near 1 beside weak ones, with few rows."""
    sizes = [3] * int(rng.integers(1, 4))
    values = rng.uniform(0.3, 0.6, sum(sizes))
    values[::3] = rng.uniform(0.93, 0.99, len(sizes))
    loading = pattern(sizes, values)
    return framed(sample(rng, loading, correlated(len(sizes), 0.3), _n(rng, 30, 80))), factors(sizes), ()


def _crossed(rng: np.random.Generator) -> Made:
    """Leave cross-loadings out of the model."""
    sizes = [int(rng.integers(3, 5)) for _ in range(3)]
    loading = pattern(sizes, rng.uniform(0.4, 0.7, sum(sizes)))
    for item in rng.choice(sum(sizes), 4, replace=False):
        loading[item, int(rng.integers(0, 3))] = rng.uniform(-0.5, 0.5)
    return framed(sample(rng, loading, correlated(3, 0.3), _n(rng))), factors(sizes), ()


def _collinear(rng: np.random.Generator) -> Made:
    """Let factors correlate at 0.9 to 0.98, sometimes one explained by the others."""
    k = int(rng.integers(2, 4))
    sizes = [3] * k
    loading = pattern(sizes, rng.uniform(0.4, 0.8, 3 * k))
    frame = framed(sample(rng, loading, correlated(k, float(rng.uniform(0.9, 0.98))), _n(rng)))
    paths = f"f{k} ~ " + " + ".join(f"f{i}" for i in range(1, k))
    return frame, factors(sizes) + (paths if rng.random() < 0.5 else ""), ()


def _shuffled(rng: np.random.Generator) -> Made:
    """Deal items to the wrong factors."""
    sizes = [int(rng.integers(3, 5)) for _ in range(int(rng.integers(2, 4)))]
    loading = pattern(sizes, rng.uniform(0.4, 0.8, sum(sizes)))
    frame = framed(sample(rng, loading, correlated(len(sizes), 0.2), _n(rng)))
    return frame, factors(sizes, rng.permutation(sum(sizes))), ()


def _paths(rng: np.random.Generator) -> Made:
    """Turn arrows of a chain of factors, and leave an effect out."""
    sizes, n = [3, 3, 3, 3], _n(rng, 40)
    a, b, c = rng.uniform(-0.7, 0.7, 3)
    f = np.empty((n, 4))
    f[:, 0] = rng.standard_normal(n)
    for i, slope in enumerate((a, b, c), start=1):
        f[:, i] = slope * f[:, i - 1] + rng.standard_normal(n) * np.sqrt(1 - slope**2)
    f[:, 3] += 0.4 * f[:, 0]
    loading = pattern(sizes, rng.uniform(0.35, 0.8, 12))
    values = f @ loading.T + rng.standard_normal((n, 12)) * 0.7
    wrong = ["f1 ~ f4\nf2 ~ f1\nf3 ~ f2\n", "f2 ~ f1\nf3 ~ f1\nf4 ~ f2 + f3\n", "f4 ~ f1\nf1 ~ f2 + f3\n"]
    return framed(values), factors(sizes) + str(rng.choice(wrong)), ()


def _groups(rng: np.random.Generator) -> Made:
    """Hold two or three small groups equal although their loadings and intercepts differ."""
    sizes, frames = [3, 3], []
    for g in range(int(rng.integers(2, 4))):
        loading = pattern(sizes, rng.uniform(0.3, 0.9, 6))
        values = sample(rng, loading, correlated(2, 0.4), _n(rng, 30, 90)) + rng.normal(0, 0.5, 6)
        frames.append(framed(values).assign(part=f"g{g + 1}"))
    return pd.concat(frames, ignore_index=True), factors(sizes), EQUAL[: int(rng.integers(0, 3))]


def _second_order(rng: np.random.Generator) -> Made:
    """Put a weak second-order factor over three factors."""
    sizes = [3, 3, 3]
    above = rng.uniform(0.2, 0.7, 3)
    phi = np.outer(above, above)
    np.fill_diagonal(phi, 1.0)
    loading = pattern(sizes, rng.uniform(0.4, 0.8, 9))
    return framed(sample(rng, loading, phi, _n(rng, 40))), factors(sizes) + "g =~ f1 + f2 + f3\n", ()


def _method(rng: np.random.Generator) -> Made:
    """Leave a method factor out, with items of unlike size and heavy tails."""
    sizes = [4, 4]
    loading = np.column_stack([pattern(sizes, rng.uniform(0.4, 0.7, 8)), rng.choice([0.0, 0.5], 8)])
    phi = np.eye(3)
    phi[0, 1] = phi[1, 0] = 0.5
    values = sample(rng, loading, phi, _n(rng), heavy=True) * 10.0 ** rng.uniform(-2, 2, 8)
    return framed(values), factors(sizes), ()


DESIGNS: Mapping[str, Callable[[np.random.Generator], Made]] = {
    "weak": _weak,
    "pairs": _pairs,
    "heywood": _heywood,
    "crossed": _crossed,
    "collinear": _collinear,
    "shuffled": _shuffled,
    "paths": _paths,
    "groups": _groups,
    "second-order": _second_order,
    "method": _method,
}


def about(name: str) -> str:
    """Return what is hard about a design."""
    return str(DESIGNS[name].__doc__).rstrip(".")
