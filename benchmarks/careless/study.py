"""Surveys with planted careless respondents, and how well each index tells them from the careful ones.

Careful people answer 32 items of eight correlated factors on a 7-point scale; the fourth item of each scale
is worded in reverse. Of the careless each kind does one thing throughout: every answer at random; one code
only; up and down the scale; or at random and fast. All but the fast take 5 s an item (median).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from trustmeasure.screening import screen

Array = npt.NDArray[np.float64]

SCALES = {f"s{k}": [f"s{k}_{i}" for i in range(1, 5)] for k in range(1, 9)}
ITEMS = [item for items in SCALES.values() for item in items]
REVERSED = ITEMS[3::4]
KINDS = ("random", "straight", "diagonal", "fast")
CAREFUL, EACH, CODES = 360, 10, 7
LOADING, GENERAL, SHIFT = 0.75, 0.4, 0.6
SECONDS, HURRY, SPREAD = 5.0, 1.3, 0.4
SYNONYMS, ANTONYMS = 0.4, -0.4
"""Lower than .60, which no pair of items of this population reaches."""
DIRECTIONS: dict[str, int] = {
    "long_string": 1, "average_string": 1, "straight_lined": 1, "irv, low": -1, "irv, high": 1,
    "even_odd": -1, "synonyms": -1, "antonyms": 1, "person_total": -1, "mahalanobis": 1, "max_match": 1,
    "seconds_per_item": -1,
}  # fmt: skip
"""Index -> 1 where high values are careless, -1 where low ones are."""


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas under the curve of some sets.

    Attributes
    ----------
    auc : array, shape (sets, indices, kinds)
        Share of pairs of a careless and a careful person in which the careless one looks more careless.
    known : array, shape (sets, indices, kinds)
        Share of the careless persons who have the index.
    flagged : array, shape (sets, kinds + 1)
        Share of each kind, and of the careful (last), with a flag or more.
    """

    auc: Array
    known: Array
    flagged: Array


def survey(seed: int) -> tuple[pd.DataFrame, Array, npt.NDArray[np.str_]]:
    """Return answers as given, seconds, and what each person is ("careful" or a kind of careless)."""
    rng = np.random.default_rng(seed)
    kinds = np.array(["careful"] * CAREFUL + [kind for kind in KINDS for _ in range(EACH)])
    answers = _careful(rng, len(kinds))
    for kind in KINDS:
        answers[kinds == kind] = _careless(rng, kind)
    pace = np.where(kinds == "fast", HURRY, SECONDS) * np.exp(SPREAD * rng.standard_normal(len(kinds)))
    return pd.DataFrame(answers, columns=ITEMS), len(ITEMS) * pace, kinds


def _careful(rng: np.random.Generator, n: int) -> Array:
    factors = np.sqrt(GENERAL) * rng.standard_normal((n, 1))
    factors = factors + np.sqrt(1 - GENERAL) * rng.standard_normal((n, len(SCALES)))
    unique = np.sqrt(1 - LOADING**2) * rng.standard_normal((n, len(ITEMS)))
    means = SHIFT * rng.standard_normal(len(ITEMS))
    latent = LOADING * np.repeat(factors, 4, axis=1) + unique
    answers = np.clip(np.round(4.8 + means + 1.3 * latent), 1, CODES)
    answers[:, 3::4] = CODES + 1 - answers[:, 3::4]
    return np.asarray(answers)


def _careless(rng: np.random.Generator, kind: str) -> Array:
    if kind == "straight":
        return np.repeat(rng.integers(1, CODES + 1, (EACH, 1)), len(ITEMS), axis=1).astype(float)
    if kind == "diagonal":
        wave = np.concatenate([np.arange(1, CODES), np.arange(CODES, 1, -1)])
        starts = rng.integers(0, wave.size, EACH)
        return np.array([wave[(start + np.arange(len(ITEMS))) % wave.size] for start in starts], dtype=float)
    return rng.integers(1, CODES + 1, (EACH, len(ITEMS))).astype(float)


def area(careless: Array, careful: Array, direction: int) -> float:
    """Return the area under the curve; a missing index makes nobody look careless."""
    values = direction * np.concatenate([careless, careful])
    lowest = np.nanmin(values) if np.isfinite(values).any() else 0.0
    ranks = rankdata(np.where(np.isfinite(values), values, lowest - 1.0))
    n = len(careless)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * len(careful)))


def one_set(seed: int) -> tuple[Array, Array, Array]:
    """Return areas and shares known (indices, kinds), and shares flagged (kinds + 1,) of one survey."""
    given, seconds, kinds = survey(seed)
    turned = given.copy()
    turned[REVERSED] = CODES + 1 - turned[REVERSED]
    found = screen(
        turned, scales=SCALES, reverse=REVERSED, codes=(1, CODES), seconds=seconds, synonyms=SYNONYMS,
        antonyms=ANTONYMS,
    ).persons  # fmt: skip
    auc, known = np.empty((len(DIRECTIONS), len(KINDS))), np.empty((len(DIRECTIONS), len(KINDS)))
    for i, (name, direction) in enumerate(DIRECTIONS.items()):
        values = found[name.split(",")[0]].to_numpy(dtype=float)
        for j, kind in enumerate(KINDS):
            auc[i, j] = area(values[kinds == kind], values[kinds == "careful"], direction)
            known[i, j] = np.isfinite(values[kinds == kind]).mean()
    any_flag = found["flags"].to_numpy() > 0
    return auc, known, np.array([any_flag[kinds == kind].mean() for kind in (*KINDS, "careful")])


def run(seeds: Sequence[int]) -> Areas:
    """Return the areas of the surveys with these seeds."""
    found = [one_set(seed) for seed in seeds]
    return Areas(*(np.stack([one[k] for one in found]) for k in range(3)))
