"""Write the item sets that alpha.R and omega.R read. All are simulated.

Run from the repository root, with the development environment:

    python tests/reference/reliability/make_data.py [folder]

- survey.csv     240 simulated people, 8 items from 1 to 7, 6 % of the answers missing; q8 is worded the other
                 way round and is NOT turned; q1 is a weak item.
- units.csv      60 simulated people, 5 items in units from 0.01 to 1000 and far from zero.
- ten.csv        10 simulated people, 3 items.
- opposed.csv    40 simulated people, 4 items that work against each other: alpha is negative.

The numbers depend on NumPy's PCG64 generator, so the written files are the reference, not this script.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 19870311


def survey(rng: np.random.Generator) -> pd.DataFrame:
    """Return answers on a 7-point scale with holes."""
    loadings = np.array([0.25, 0.8, 0.7, 0.75, 0.6, 0.85, 0.65, -0.7])
    trait = rng.normal(size=(240, 1))
    latent = trait * loadings + rng.normal(size=(240, 8)) * np.sqrt(1 - loadings**2)
    answers = np.clip(np.round(4.3 + 1.4 * latent), 1, 7)
    holes = rng.random(answers.shape) < 0.06
    holes[holes.all(axis=1)] = False
    answers[holes] = np.nan
    return pd.DataFrame(answers, columns=[f"q{i + 1}" for i in range(8)]).astype("Int64")


def units(rng: np.random.Generator) -> pd.DataFrame:
    """Return items whose spread differs by five powers of ten."""
    scale = np.array([0.01, 1.0, 25.0, 300.0, 1000.0])
    trait = rng.normal(size=(60, 1))
    values = (trait + 0.7 * rng.normal(size=(60, 5))) * scale + 1e4
    return pd.DataFrame(values, columns=[f"u{i + 1}" for i in range(5)])


def ten(rng: np.random.Generator) -> pd.DataFrame:
    """Return ten rows."""
    trait = rng.normal(size=(10, 1))
    values = np.round(5 + 2 * trait + rng.normal(size=(10, 3)))
    return pd.DataFrame(values, columns=["a", "b", "c"]).astype(int)


def opposed(rng: np.random.Generator) -> pd.DataFrame:
    """Return items whose covariances are mostly negative."""
    values = rng.normal(size=(40, 4))
    values = values - 0.5 * values.mean(axis=1, keepdims=True)
    return pd.DataFrame(np.round(values, 3), columns=["n1", "n2", "n3", "n4"])


def main(folder: Path) -> None:
    """Write every file."""
    rng = np.random.default_rng(SEED)
    for make in (survey, units, ten, opposed):
        make(rng).to_csv(folder / f"{make.__name__}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data"
    target.mkdir(parents=True, exist_ok=True)
    main(target)
