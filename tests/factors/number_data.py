"""The data and stored answers that the tests about the number of factors share."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).resolve().parent.parent / "reference" / "factors"
CASES = ("holzinger", "ordinal", "gaps", "binary")


@cache
def stored(topic: str) -> dict[str, Any]:
    """Return the cases that a reference script wrote."""
    content: dict[str, Any] = json.loads((FOLDER / f"{topic}.json").read_text(encoding="utf-8"))
    return dict(content["cases"])


def items_of(name: str) -> pd.DataFrame:
    """Return the items of a case."""
    if name == "holzinger":
        from semopy.examples import holzinger39

        return holzinger39.get_data()[[f"x{i + 1}" for i in range(9)]]
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")
