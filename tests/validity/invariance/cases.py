"""Stored answers of lavaan on invariance, and the data that they rest on."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import semopy

FOLDER = Path(__file__).parents[2] / "reference" / "invariance"
THREE = "f =~ a1 + a2 + a3 + a4\ng =~ b1 + b2 + b3"
SEQUENCES = sorted(
    path.stem for path in FOLDER.glob("*.json") if path.stem.startswith(("schools", "sectors"))
)


@cache
def case(name: str) -> dict[str, Any]:
    """Return what is stored under a name."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def sectors() -> pd.DataFrame:
    """Return answers of three sectors, in which a2 and b1 differ."""
    return pd.read_csv(FOLDER / "data" / "three.csv")


def rows_of(data: dict[str, Any]) -> pd.DataFrame:
    """Return the rows that a stored case rests on."""
    if data["source"] == "csv":
        return sectors().copy()
    frame = semopy.examples.holzinger39.get_data().reset_index(drop=True)
    gaps = data.get("gaps")
    if gaps:
        i = np.arange(1, len(frame) + 1)
        for j, column in enumerate(gaps["columns"], start=1):
            frame.loc[(i * (2 * j + 1) + j**2) % gaps["every"] == 0, column] = np.nan
    return frame


def table(found: dict[str, Any]) -> pd.DataFrame:
    """Return a stored table."""
    return pd.DataFrame(found["rows"], columns=found["columns"])
