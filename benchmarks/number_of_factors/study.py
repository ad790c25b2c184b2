"""Draw answers from models with a known number of factors, and ask every criterion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from trustmeasure import number_of_factors

EACH, ALONE = 5, 10
"""Items of a factor, and of one that is alone."""
CUTS = np.array([-1.5, -0.6, 0.4, 1.3])
"""Where the latent answers are cut into five categories."""


@dataclass(frozen=True, slots=True)
class Design:
    """One condition of the study.

    Attributes
    ----------
    factors : int
        How many factors there are.
    loading : float
        Mean loading of the items on their factor: of five, two have .1 more and two .1 less.
    correlation : float
        Correlation of any two factors.
    n : int
        People.
    """

    factors: int
    loading: float
    correlation: float
    n: int

    def draw(self, rng: np.random.Generator) -> pd.DataFrame:
        """Return answers from 1 to 5, n rows, with five items a factor, or ten of one."""
        each = EACH if self.factors > 1 else ALONE
        shared = rng.standard_normal((self.n, 1)) * np.sqrt(self.correlation)
        own = rng.standard_normal((self.n, self.factors)) * np.sqrt(1.0 - self.correlation)
        turns = np.resize(0.1 * np.array([1, -1, 0, 1, -1]), each)
        loadings = np.tile(self.loading + turns, self.factors)
        common = np.repeat(shared + own, each, axis=1) * loadings
        latent = common + rng.standard_normal(common.shape) * np.sqrt(1.0 - loadings**2)
        return pd.DataFrame(np.digitize(latent, CUTS) + 1.0)


DESIGNS = tuple(
    Design(factors, loading, correlation, n)
    for factors, loading, correlation, n in product((1, 3, 5), (0.5, 0.7), (0.0, 0.3, 0.6), (200, 600))
    if factors > 1 or correlation == 0.0
)


def found(design: Design, replications: int, seed: int, kind: str) -> pd.DataFrame:
    """Return one row a replication and criterion: method, variant, n_factors."""
    return pd.concat(_replications(design, replications, seed, kind), ignore_index=True)


def _replications(design: Design, replications: int, seed: int, kind: str) -> Iterator[pd.DataFrame]:
    for child in np.random.SeedSequence(seed).spawn(replications):
        rng = np.random.default_rng(child)
        answers = design.draw(rng)
        result = number_of_factors(
            answers, correlation=kind, draws=100, seed=int(rng.integers(2**31)), smooth=True
        )
        yield result.to_frame()[["method", "variant", "n_factors"]]


def shares(rows: pd.DataFrame, factors: int) -> pd.Series:
    """Return the share of replications in which each criterion found the number."""
    hit = (rows["n_factors"] == factors).astype(float)
    names = (rows["method"] + " " + rows["variant"]).str.strip()
    return hit.groupby(names, sort=False).mean()
