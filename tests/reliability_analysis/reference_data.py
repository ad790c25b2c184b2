"""The item sets and values of tests/reference/reliability."""

import json
from pathlib import Path

import pandas as pd
from semopy.examples import holzinger39

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "reliability"


def items_of(case: dict) -> pd.DataFrame:
    if case["data"] == "holzinger":
        return pd.DataFrame(holzinger39.get_data()[case["columns"]])
    return pd.read_csv(FOLDER / "data" / f"{case['data']}.csv")[case["columns"]]


def cases(topic: str) -> dict[str, dict]:
    return json.loads((FOLDER / f"{topic}.json").read_text(encoding="utf-8"))["cases"]
