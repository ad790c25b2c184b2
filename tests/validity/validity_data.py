"""Data and stored values that the tests of validity share."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.hostile import FRAMES

FOLDER = Path(__file__).resolve().parents[1] / "reference"
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ERRORS = THREE + "\nx1 ~~ x2\nx7 ~~ x8"
CONSTRUCTS = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
FOUR = {
    "fa": ["a1", "a2", "a3", "a4"],
    "fb": ["b1", "b2", "b3", "b4"],
    "fc": ["c1", "c2", "c3", "c4"],
    "fd": ["d1", "d2", "d3"],
}


def stored(name: str) -> dict[str, Any]:
    """Return the stored cases of a reference file of this topic."""
    found: dict[str, Any] = json.loads((FOLDER / "validity" / f"{name}.json").read_text(encoding="utf-8"))
    return found["cases"]


@cache
def holzinger() -> pd.DataFrame:
    """Return the data of Holzinger and Swineford (1939)."""
    from semopy.examples import holzinger39

    frame: pd.DataFrame = holzinger39.get_data()
    return frame.reset_index(drop=True)


@cache
def survey() -> pd.DataFrame:
    """Return the simulated survey with ordinal answers."""
    return pd.read_csv(FOLDER / "ordinal_reliability" / "data" / "survey.csv")


def with_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the nine tests with the gaps that the reference script makes."""
    found = frame[[f"x{j}" for j in range(1, 10)]].copy()
    for j in range(1, 10):
        found.iloc[np.arange(j - 1, len(found), 17 + j), j - 1] = np.nan
    return found


def halves(make: Callable[[], pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the first and the second half of a hostile frame's items as two constructs."""
    frame = make()
    half = max(frame.shape[1] // 2, 1)
    parts = {"first": frame.iloc[:, :half], "second": frame.iloc[:, half:]}
    return {name: part for name, part in parts.items() if part.shape[1]}


HOSTILE = sorted(FRAMES)
