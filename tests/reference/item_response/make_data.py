"""Write the answers that the R scripts of this folder read. All are simulated.

Run from the repository root, with the development environment:

    python tests/reference/item_response/make_data.py [folder]

- five.csv     500 people, 6 items of 5 categories (1 to 5), complete.
- mixed.csv    400 people, 8 items of 2 to 7 categories, 8 % of the answers missing; m8 is worded the other
               way round and is NOT turned.
- binary.csv   500 people, 7 items coded 0 and 1.
- groups.csv   700 people in two or three groups (g2, g3), 8 items of 5 categories; d2 is easier for group "b"
               at every level of the trait, d5 discriminates less there.

The numbers depend on NumPy's PCG64 generator, so the written files are the reference, not this script.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 19690317


def graded(rng: np.random.Generator, theta: np.ndarray, a: np.ndarray, b: list[np.ndarray]) -> np.ndarray:
    """Return answers 0, 1, ... of the graded response model; people x items."""
    drawn = rng.random((theta.size, a.size))
    columns = []
    for j, bounds in enumerate(b):
        above = 1.0 / (1.0 + np.exp(-a[j] * (theta[:, None] - bounds[None, :])))
        columns.append((drawn[:, [j]] < above).sum(axis=1))
    return np.column_stack(columns)


def five(rng: np.random.Generator) -> pd.DataFrame:
    """Return answers on a 5-point scale."""
    a = np.array([0.8, 1.2, 1.6, 2.0, 2.4, 1.0])
    b = [np.array([-2.0, -1.0, 0.2, 1.4]) + shift for shift in (0, 0.3, -0.3, 0.1, -0.1, 0.4)]
    return pd.DataFrame(graded(rng, rng.normal(size=500), a, b) + 1, columns=[f"f{i + 1}" for i in range(6)])


def mixed(rng: np.random.Generator) -> pd.DataFrame:
    """Return answers on scales of different lengths, with gaps."""
    a = np.array([1.0, 1.5, 0.7, 2.0, 1.3, 1.8, 0.5, -1.1])
    counts = [2, 3, 4, 5, 7, 5, 3, 4]
    b = [np.linspace(-1.6, 1.7, c - 1) if c > 2 else np.array([0.2]) for c in counts]
    answers = graded(rng, rng.normal(size=400), a, b).astype(float) + 1
    answers[rng.random(answers.shape) < 0.08] = np.nan
    return pd.DataFrame(answers, columns=[f"m{i + 1}" for i in range(8)]).astype("Int64")


def binary(rng: np.random.Generator) -> pd.DataFrame:
    """Return yes-or-no answers."""
    a = np.array([0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 1.0])
    b = [np.array([x]) for x in (-1.5, -0.8, -0.3, 0.0, 0.4, 0.9, 1.6)]
    return pd.DataFrame(graded(rng, rng.normal(size=500), a, b), columns=[f"y{i + 1}" for i in range(7)])


def groups(rng: np.random.Generator) -> pd.DataFrame:
    """Return answers of people in groups, two items functioning differently."""
    a = np.array([1.2, 1.5, 1.8, 1.0, 1.6, 2.0, 1.3, 1.4])
    b = [np.array([-1.8, -0.7, 0.3, 1.3]) + shift for shift in (0, 0.2, -0.2, 0.1, -0.1, 0.3, -0.3, 0)]
    second = np.arange(700) >= 400
    theta = rng.normal(size=700) - 0.4 * second
    first = graded(rng, theta[~second], a, b)
    b_there = [bounds - (0.7 if j == 1 else 0.0) for j, bounds in enumerate(b)]
    a_there = a * np.where(np.arange(8) == 4, 0.4, 1.0)
    answers = np.vstack([first, graded(rng, theta[second], a_there, b_there)]) + 1
    frame = pd.DataFrame(answers, columns=[f"d{i + 1}" for i in range(8)])
    third = np.where(second, np.where(rng.random(700) < 0.5, "b", "c"), "a")
    return frame.assign(g2=np.where(second, "b", "a"), g3=third)


def main(folder: Path) -> None:
    """Write every file."""
    rng = np.random.default_rng(SEED)
    for make in (five, mixed, binary, groups):
        make(rng).to_csv(folder / f"{make.__name__}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data"
    target.mkdir(parents=True, exist_ok=True)
    main(target)
