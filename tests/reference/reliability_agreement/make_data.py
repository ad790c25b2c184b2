"""Write the ratings that agreement.R reads. All are simulated.

Run from the repository root, with the development environment:

    python tests/reference/reliability_agreement/make_data.py [folder]

- retest.csv     60 simulated people, a score on 3 occasions; the second is shifted, the third is noisier.
- judges.csv     90 simulated texts, a category from 1 to 5 by 3 judges; some ratings are missing.

The numbers depend on NumPy's PCG64 generator, so the written files are the reference, not this script.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 19790322


def retest(rng: np.random.Generator) -> pd.DataFrame:
    """Return scores of three occasions."""
    truth = rng.normal(50, 8, size=(60, 1))
    error = rng.normal(size=(60, 3)) * [3.0, 3.0, 5.0]
    return pd.DataFrame(
        np.round(truth + np.array([0.0, 1.5, 0.5]) + error, 2), columns=["first", "second", "third"]
    )


def judges(rng: np.random.Generator) -> pd.DataFrame:
    """Return categories of three judges with gaps."""
    truth = rng.normal(size=(90, 1))
    latent = truth + rng.normal(size=(90, 3)) * [0.5, 0.6, 0.8]
    answers = np.digitize(latent, [-1.2, -0.3, 0.4, 1.8]) + 1.0
    answers[rng.random(answers.shape) < 0.04] = np.nan
    return pd.DataFrame(answers, columns=["a", "b", "c"]).astype("Int64")


def main() -> None:
    """Write the files."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "data")
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    for made in (retest, judges):
        made(rng).to_csv(folder / f"{made.__name__}.csv", index=False)


if __name__ == "__main__":
    main()
