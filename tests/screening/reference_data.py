"""The data and values of tests/reference/screening."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "screening"
SCALES = {scale: [f"{scale}{i}" for i in range(1, 5)] for scale in "abcde"}
REVERSED = [f"{scale}4" for scale in SCALES]


def values(topic: str) -> dict:
    return json.loads((FOLDER / f"{topic}.json").read_text(encoding="utf-8"))


def given(name: str = "survey") -> pd.DataFrame:
    """Answers as they were given."""
    return pd.read_csv(FOLDER / "data" / f"{name}.csv").astype(float)


def turned() -> pd.DataFrame:
    """The survey with its reverse-worded items turned."""
    frame = given()
    frame[REVERSED] = 6 - frame[REVERSED]
    return frame


def numbers(found: list) -> np.ndarray:
    return np.array([np.nan if x is None else x for x in found], dtype=float)
