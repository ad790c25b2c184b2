"""Make the data of this folder: `python tests/reference/method_bias/make_data.py` from the repository root.

survey.csv: 400 simulated people, three constructs a, b, c of four items that share a method unequally, a
marker m of three items that shares it too, and two items d of social desirability, which goes with all of
them. c depends on a and b.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).with_name("data")


def survey(seed: int = 11) -> pd.DataFrame:
    """Return answers as real numbers with four digits."""
    rng = np.random.default_rng(seed)
    n = 400
    method, desirable = rng.standard_normal(n), rng.standard_normal(n)
    a = rng.standard_normal(n)
    b = 0.3 * a + np.sqrt(0.91) * rng.standard_normal(n)
    c = 0.4 * a + 0.3 * b + 0.8 * rng.standard_normal(n)
    columns = {}
    pulls = {"a": (a, (0.1, 0.2, 0.3, 0.4)), "b": (b, (0.5, 0.4, 0.2, 0.3)), "c": (c, (0.2, 0.4, 0.3, 0.1))}
    for name, (trait, pull) in pulls.items():
        for i, own in enumerate(pull, start=1):
            noise = 0.6 * rng.standard_normal(n)
            columns[f"{name}{i}"] = 0.7 * trait + own * method + 0.15 * desirable + noise
    for i in range(1, 4):
        columns[f"m{i}"] = 0.6 * method + (0.6 + 0.05 * i) * rng.standard_normal(n)
    for i in range(1, 3):
        columns[f"d{i}"] = 0.8 * desirable + 0.6 * rng.standard_normal(n)
    return pd.DataFrame(columns).round(4)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    survey().to_csv(FOLDER / "survey.csv", index=False)
