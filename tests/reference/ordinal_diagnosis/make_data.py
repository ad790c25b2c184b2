"""Write the answers that diagnosis.R reads. All are simulated.

Run from the repository root, with the development environment:

    python tests/reference/ordinal_diagnosis/make_data.py [folder]

- likert.csv      250 simulated people, 6 items from 1 to 5, normal underneath, no gaps.
- mixed.csv       300 simulated people, items with 2, 3, 4, 5, 7 and 5 categories, some hardly used; what lies
                  underneath is not normal; 7 % of the answers are missing.
- indefinite.csv  40 simulated people, 7 items from 1 to 3 that hang together closely; a quarter of answers is
                  missing, so that polychoric correlations of pairs are not positive definite together.
- matrices.csv    entries of correlation matrices that are not positive definite: matrix, row, column, value.

The numbers depend on NumPy's PCG64 generator, so the written files are the reference, not this script.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20021101


def cut(latent: np.ndarray, cuts: list[list[float]]) -> np.ndarray:
    """Return codes 1, 2, ... of standardised columns."""
    parts = [1 + np.searchsorted(points, latent[:, j]) for j, points in enumerate(cuts)]
    return np.column_stack(parts)


def likert(rng: np.random.Generator) -> pd.DataFrame:
    """Return answers on a 5-point scale."""
    loadings = np.array([0.8, 0.7, 0.75, 0.6, 0.65, 0.5])
    trait = rng.normal(size=(250, 1))
    latent = trait * loadings + rng.normal(size=(250, 6)) * np.sqrt(1 - loadings**2)
    points = [[-1.3, -0.5, 0.4, 1.2], [-1.5, -0.7, 0.2, 1.0]] * 3
    return pd.DataFrame(cut(latent, points), columns=[f"q{i + 1}" for i in range(6)])


def mixed(rng: np.random.Generator) -> pd.DataFrame:
    """Return items of several kinds over a mixture of two normal distributions, with gaps."""
    loadings = np.array([0.7, 0.8, 0.6, 0.75, 0.7, -0.5])
    kind = (rng.random((300, 1)) < 0.25) * 1.0
    trait = rng.normal(size=(300, 1)) * (0.5 + kind) + 1.2 * kind
    latent = trait * loadings + rng.normal(size=(300, 6)) * np.sqrt(1 - loadings**2)
    points = [
        [0.3],
        [-0.4, 1.6],
        [-2.2, -0.3, 0.8],
        [-1.2, -0.3, 0.5, 2.4],
        [-1.9, -1.2, -0.6, 0.0, 0.7, 1.5],
        [-1.0, -0.2, 0.3, 1.1],
    ]
    answers = cut(latent, points).astype(float)
    answers[rng.random(answers.shape) < 0.07] = np.nan
    return pd.DataFrame(answers, columns=["two", "three", "four", "five", "seven", "turned"]).astype("Int64")


def indefinite(rng: np.random.Generator) -> pd.DataFrame:
    """Return few answers to items that hang together, with gaps that leave other people to each pair."""
    loadings = np.array([0.9, 0.92, 0.85, 0.88, 0.9, 0.8, 0.86])
    trait = rng.normal(size=(40, 1))
    latent = trait * loadings + rng.normal(size=(40, 7)) * np.sqrt(1 - loadings**2)
    answers = cut(latent, [[-0.6, 0.5]] * 7).astype(float)
    answers[rng.random(answers.shape) < 0.25] = np.nan
    return pd.DataFrame(answers, columns=[f"s{i + 1}" for i in range(7)]).astype("Int64")


def matrices(rng: np.random.Generator) -> pd.DataFrame:
    """Return matrices with ones in the diagonal and negative eigenvalues, in long form."""
    parts = []
    for number, (p, low, high) in enumerate([(5, -0.95, 0.95), (8, 0.0, 0.99), (15, -0.3, 0.95)], start=1):
        matrix = np.round(rng.uniform(low, high, (p, p)), 4)
        matrix = np.tril(matrix, -1) + np.tril(matrix, -1).T + np.eye(p)
        row, col = np.indices((p, p)) + 1
        columns = {"row": row.ravel(), "column": col.ravel(), "value": matrix.ravel()}
        parts.append(pd.DataFrame({"matrix": number, **columns}))
    return pd.concat(parts)


def main() -> None:
    """Write the files into the folder of the reference, or the one that is given."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("tests/reference/ordinal_diagnosis/data")
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    for make in (likert, mixed, indefinite, matrices):
        make(rng).to_csv(out / f"{make.__name__}.csv", index=False)


if __name__ == "__main__":
    main()
