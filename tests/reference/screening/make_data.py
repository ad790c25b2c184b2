"""Make the data of this folder: `python tests/reference/screening/make_data.py` from the repository root.

survey.csv: 160 rows, 5 scales of 4 items on a 5-point scale, every fourth item worded in reverse and not
turned; 12 rows answered at random, 8 with one code throughout, 4 copied from another row.
gaps.csv: the first 140 rows of ten items with a tenth of the answers missing, one row without any answer.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).with_name("data")


def survey(seed: int = 4) -> pd.DataFrame:
    """Return answers as they were given."""
    rng = np.random.default_rng(seed)
    general = rng.standard_normal((160, 1))
    factors = 0.5 * general + np.sqrt(0.75) * rng.standard_normal((160, 5))
    latent = 0.8 * np.repeat(factors, 4, axis=1) + 0.6 * rng.standard_normal((160, 20))
    answers = np.clip(np.round(1.2 * latent + 3.2), 1, 5)
    answers[:, 3::4] = 6 - answers[:, 3::4]
    answers[:12] = rng.integers(1, 6, (12, 20))
    answers[12:20] = np.array([1, 2, 3, 4, 5, 4, 3, 2])[:, None]
    answers[20:24] = answers[30:34]
    names = [f"{scale}{i}" for scale in "abcde" for i in range(1, 5)]
    return pd.DataFrame(answers.astype(int), columns=names)


def gaps(whole: pd.DataFrame, seed: int = 5) -> pd.DataFrame:
    """Return ten items with answers missing."""
    rng = np.random.default_rng(seed)
    chosen = whole.iloc[:140, [0, 1, 2, 3, 4, 5, 7, 8, 9, 11]]
    holes = rng.random(chosen.shape) < 0.1
    holes[139] = True
    return chosen.astype("Int64").mask(holes)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    whole = survey()
    whole.to_csv(FOLDER / "survey.csv", index=False)
    gaps(whole).to_csv(FOLDER / "gaps.csv", index=False)
