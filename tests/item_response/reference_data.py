"""The answers and values of tests/reference/item_response."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.item_response import GradedResponse, graded_response

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "item_response"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")


def cases(topic: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{topic}.json").read_text(encoding="utf-8"))["cases"]


@cache
def fitted(data: str, equal_slopes: bool = False) -> GradedResponse:
    """Return the model as the R script fits it: with 49 points, item m8 turned."""
    frame = read(data)
    if data == "mixed":
        frame["m8"] = 5 - frame["m8"]
    return graded_response(frame, equal_slopes=equal_slopes, points=49)


def flat(lists: list[Any]) -> np.ndarray:
    return np.concatenate([np.atleast_1d(np.asarray(each, dtype=float)) for each in lists])
