"""The data and values of tests/reference/method_bias."""

import json
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "method_bias"
CONSTRUCTS = {name: [f"{name}{i}" for i in range(1, 5)] for name in "abc"}
MARKED = {**CONSTRUCTS, "m": ["m1", "m2", "m3"]}
WISHED = {**CONSTRUCTS, "d": ["d1", "d2"]}
ALL = {**MARKED, "d": ["d1", "d2"]}
STRUCTURAL = "\n".join(f"{name} =~ {' + '.join(items)}" for name, items in CONSTRUCTS.items()) + "\nc ~ a + b"


def survey() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / "survey.csv")


def values(topic: str) -> dict:
    return json.loads((FOLDER / f"{topic}.json").read_text(encoding="utf-8"))
