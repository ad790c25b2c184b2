"""Frames that real surveys contain and that no analysis may stumble over.

A function of measurement quality either answers them, with NaN and a note where there is no number, or raises
one of the package's errors that says what is wrong and what to do. Anything else is a defect.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

ITEMS = ("a", "b", "c", "d", "e", "f")


def likert(rows: int = 120, items: int = 6, seed: int = 1) -> pd.DataFrame:
    """Return answers on a 5-point scale that one factor explains; rows x items, floats."""
    rng = np.random.default_rng(seed)
    factor = rng.standard_normal((rows, 1))
    latent = 0.7 * factor + np.sqrt(0.51) * rng.standard_normal((rows, items))
    answers = np.clip(np.round(1.1 * latent + 3), 1, 5)
    return pd.DataFrame(answers, columns=list(ITEMS[:items]))


def one_item() -> pd.DataFrame:
    """A scale with a single item."""
    return likert(items=1)


def two_items() -> pd.DataFrame:
    """A scale with two items."""
    return likert(items=2)


def constant_item() -> pd.DataFrame:
    """An item that everybody answers alike."""
    return likert().assign(c=3.0)


def all_constant() -> pd.DataFrame:
    """Everybody gives the same answer everywhere."""
    return likert() * 0.0 + 3.0


def all_missing() -> pd.DataFrame:
    """Nobody answers anything."""
    return likert() * np.nan


def missing_item() -> pd.DataFrame:
    """An item that nobody answers."""
    return likert().assign(c=np.nan)


def no_rows() -> pd.DataFrame:
    """Columns and nobody in them."""
    return likert().iloc[:0]


def one_row() -> pd.DataFrame:
    """A single person."""
    return likert().iloc[:1]


def ten_rows() -> pd.DataFrame:
    """Ten people, six items."""
    return likert(rows=10)


def few_rows() -> pd.DataFrame:
    """Fewer people than items."""
    return likert(rows=4)


def perfect() -> pd.DataFrame:
    """Two items that are copies of each other."""
    frame = likert()
    return frame.assign(b=frame["a"])


def all_perfect() -> pd.DataFrame:
    """Every item is a copy of the first."""
    frame = likert()
    return frame.assign(**dict.fromkeys(frame.columns, frame["a"]))


def negative() -> pd.DataFrame:
    """Half of the items run against the other half."""
    frame = likert()
    return frame.assign(a=6 - frame["a"], b=6 - frame["b"], c=6 - frame["c"])


def scattered_gaps() -> pd.DataFrame:
    """A fifth of the answers are missing; no row need be complete."""
    frame = likert()
    gaps = np.random.default_rng(2).random(frame.shape) < 0.2
    return frame.mask(gaps)


def text() -> pd.DataFrame:
    """An item that holds words."""
    return likert().assign(c="agree")


def infinite() -> pd.DataFrame:
    """A cell that is infinite."""
    frame = likert()
    frame.loc[3, "c"] = np.inf
    return frame


def huge() -> pd.DataFrame:
    """One item counted in millions."""
    frame = likert()
    return frame.assign(c=frame["c"] * 1e8)


FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    made.__name__: made
    for made in (
        one_item, two_items, constant_item, all_constant, all_missing, missing_item, no_rows, one_row,
        ten_rows, few_rows, perfect, all_perfect, negative, scattered_gaps, text, infinite, huge,
    )
}  # fmt: skip
