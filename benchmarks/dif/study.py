"""Simulated answers of two groups, some items functioning differently, and what the tests flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.item_response import dif

ITEMS, CUTS = 10, (-2.2, -0.8, 0.6, 2.0)
SLOPES = np.linspace(1.0, 2.0, ITEMS)
PEOPLE = 500
"""In each group."""
LEVEL = 0.05
METHODS: Mapping[str, Mapping[str, Any]] = {
    "trait, purified": {"matching": "trait"},
    "trait, one round": {"matching": "trait", "purify": False},
    "sum, purified": {"matching": "sum"},
    "sum, one round": {"matching": "sum", "purify": False},
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What is planted in the second group.

    Attributes
    ----------
    name : str
        How the table calls it.
    impact : float
        How far the second group's mean of the trait lies below the first's, whose deviation is 1.
    easier : tuple of int
        Items that are easier there by `shift` logits.
    flatter : tuple of int
        Items whose slope is half there.
    shift : float
        Logits.
    """

    name: str
    impact: float = 0.0
    easier: tuple[int, ...] = ()
    flatter: tuple[int, ...] = ()
    shift: float = 0.6

    @property
    def planted(self) -> tuple[int, ...]:
        """Items that function differently."""
        return (*self.easier, *self.flatter)


CONDITIONS = (
    Condition("nothing"),
    Condition("nothing, means 0.5 apart", impact=0.5),
    Condition("2 items easier by 0.6 logits", easier=(2, 7)),
    Condition("2 items easier, means 0.5 apart", impact=0.5, easier=(2, 7)),
    Condition("4 items easier, the same way", easier=(1, 3, 5, 7)),
    Condition("1 item with half the slope", flatter=(8,)),
)


@dataclass(frozen=True, slots=True)
class Found:
    """Shares over the data sets of a condition, for one method.

    Attributes
    ----------
    condition, method : str
        Names.
    error_rate : float
        Items without difference whose uncorrected p of the total test lies below .05.
    any_wrong : float
        Data sets in which any item without difference is flagged (Holm, .05).
    power : float
        Planted items that are flagged; NaN where none is planted.
    exact : float
        Data sets in which exactly the planted items are flagged.
    """

    condition: str
    method: str
    error_rate: float
    any_wrong: float
    power: float
    exact: float


def drawn(condition: Condition, seed: int) -> pd.DataFrame:
    """Return the answers of one data set, with the column `group`."""
    rng = np.random.default_rng(seed)
    second = np.arange(2 * PEOPLE) >= PEOPLE
    theta = rng.normal(size=2 * PEOPLE) - condition.impact * second
    at = np.arange(ITEMS)
    slopes = np.where(second[:, None] & np.isin(at, condition.flatter), 0.5 * SLOPES, SLOPES)
    easier = condition.shift * (second[:, None] & np.isin(at, condition.easier))
    z = slopes * theta[:, None] + easier + rng.logistic(size=(2 * PEOPLE, ITEMS))
    frame = pd.DataFrame(np.digitize(z, CUTS), columns=[f"i{j}" for j in at])
    return frame.assign(group=np.where(second, "b", "a"))


def run(condition: Condition, method: str, sets: int) -> Found:
    """Return the shares over `sets` data sets, set i with the seed i."""
    planted = np.isin(np.arange(ITEMS), condition.planted)
    wrong, flags = [], []
    for seed in range(sets):
        frame = dif(drawn(condition, seed), "group", alpha=LEVEL, **METHODS[method]).frame
        wrong.append((frame["total_p"] < LEVEL).to_numpy()[~planted])
        flags.append(frame["flagged"].to_numpy())
    flagged = np.array(flags)
    return Found(
        condition.name,
        method,
        float(np.mean(wrong)),
        float(flagged[:, ~planted].any(axis=1).mean()),
        float(flagged[:, planted].mean()) if planted.any() else float("nan"),
        float((flagged == planted).all(axis=1).mean()),
    )
