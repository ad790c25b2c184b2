"""Write the answers that the scripts about the number of factors read. All are simulated.

Run from the repository root, with the development environment:

    python tests/reference/factors/make_number_data.py [folder]

- ordinal.csv   300 simulated people, 12 items from 1 to 5, four for each of 3 correlated factors, complete.
- gaps.csv      the same with 8 % of the answers missing.
- binary.csv    250 simulated people, 6 items of 0 and 1, two factors.

The numbers depend on NumPy's PCG64 generator, so the written files are the reference, not this script.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20090317


def latent(rng: np.random.Generator, n: int, factors: int, each: int, share: float) -> np.ndarray:
    """Return standardised variables of factors that correlate by `share`, rows x items."""
    scores = np.sqrt(share) * rng.normal(size=(n, 1)) + np.sqrt(1 - share) * rng.normal(size=(n, factors))
    loadings = np.linspace(0.55, 0.85, each)
    common = np.repeat(scores, each, axis=1) * np.tile(loadings, factors)
    return common + rng.normal(size=common.shape) * np.sqrt(1 - np.tile(loadings, factors) ** 2)


def main(folder: Path) -> None:
    """Write every file."""
    rng = np.random.default_rng(SEED)
    answers = np.clip(np.round(3.2 + 1.1 * latent(rng, 300, 3, 4, 0.3)), 1, 5)
    ordinal = pd.DataFrame(answers.astype(int), columns=[f"q{i + 1}" for i in range(12)])
    holes = rng.random(ordinal.shape) < 0.08
    binary = pd.DataFrame(
        (latent(rng, 250, 2, 3, 0.2) > 0.4).astype(int), columns=[f"b{i + 1}" for i in range(6)]
    )
    frames = {"ordinal": ordinal, "gaps": ordinal.astype("Int64").mask(holes), "binary": binary}
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data"
    target.mkdir(parents=True, exist_ok=True)
    main(target)
