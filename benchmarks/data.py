"""The data that all sides read: one file a data set, made once a run with fixed seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
TRUST_FILE = ROOT / "tests" / "reference" / "sem" / "data" / "trust.csv"
MANY_ROWS = 1_000_000
SEED = 20_261_122


def trust() -> pd.DataFrame:
    """Return the simulated survey of 600 customers, 31 answers from 1 to 7 each."""
    return pd.read_csv(TRUST_FILE)


def holzinger() -> pd.DataFrame:
    """Return Holzinger and Swineford's nine tests of 301 pupils, which semopy carries."""
    from semopy.examples import holzinger39

    frame: pd.DataFrame = holzinger39.get_data()
    return frame[[f"x{i}" for i in range(1, 10)]]


def three_groups() -> pd.DataFrame:
    """Return the survey with its customers dealt to three groups in turn."""
    frame = trust()
    return frame.assign(part=[f"g{i % 3 + 1}" for i in range(len(frame))])


def with_gaps(share: float = 0.10) -> pd.DataFrame:
    """Return the survey with answers missing completely at random."""
    frame = trust().astype(float)
    return frame.mask(np.random.default_rng(SEED).uniform(size=frame.shape) < share)


def five_categories() -> pd.DataFrame:
    """Return the survey with its answers 1 and 2 taken together, and 6 and 7: five categories."""
    return (trust() - 1).clip(1, 5)


def five_categories_three_groups() -> pd.DataFrame:
    """Return the same with its customers dealt to three groups in turn."""
    return five_categories().assign(part=three_groups()["part"])


def n_patterns(frame: pd.DataFrame) -> int:
    """Return how many patterns of answered and missing values a frame has."""
    return len(frame.isna().drop_duplicates())


DATASETS: Mapping[str, Callable[[], pd.DataFrame]] = {
    "trust": trust,
    "holzinger": holzinger,
    "three-groups": three_groups,
    "with-gaps": with_gaps,
    "five": five_categories,
    "five-three-groups": five_categories_three_groups,
}


def write(name: str, folder: Path) -> Path:
    """Write a data set as text into a folder, once; return the file."""
    path = folder / f"{name}.csv"
    if not path.exists():
        DATASETS[name]().to_csv(path, index=False)
    return path


def write_many(folder: Path, n: int = MANY_ROWS, block: int = 100_000) -> Path:
    """Write n normal rows with the survey's moments, column after column as raw float64; return the file."""
    path = folder / "many.raw"
    frame, rng = trust(), np.random.default_rng(SEED)
    root = np.linalg.cholesky(frame.cov().to_numpy())
    whole = np.lib.format.open_memmap(
        path.with_suffix(".npy"), mode="w+", dtype="<f8", shape=(n, frame.shape[1]), fortran_order=True
    )
    for at in range(0, n, block):
        rows = min(block, n - at)
        whole[at : at + rows] = rng.standard_normal((rows, len(root))) @ root.T + frame.mean().to_numpy()
    whole.flush()
    np.asarray(whole).T.tofile(path)
    path.with_suffix(".npy").unlink()
    return path


def read_many(path: Path) -> pd.DataFrame:
    """Return the rows that `write_many` wrote, without a copy beside them."""
    names = trust().columns
    values = np.fromfile(path).reshape(len(names), -1)
    return pd.DataFrame(values.T, columns=names, copy=False)
