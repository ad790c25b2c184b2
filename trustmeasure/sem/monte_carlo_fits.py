"""Monte Carlo replications that are fitted one at a time: robust estimators, gaps, and ordinal answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import ConvergenceError, DataError, IdentificationError
from trustmeasure.sem.copula import Marginal
from trustmeasure.sem.discrepancy.slope import Slope
from trustmeasure.sem.draw_causes import EMPTY, SINGULAR, UNFINISHED, Codes, impossible
from trustmeasure.sem.draws import Fitted
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.holes import with_holes
from trustmeasure.sem.inference import definitions_with_jacobian
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.impossible import impossible_responses
from trustmeasure.sem.ordinal.sample import ordinal_sample
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.population import Population
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.simulate import Each, coded, each_of, standard_rows
from trustmeasure.sem.split import Sample, Split

Array = npt.NDArray[np.float64]

GROUP = "(group)"
"""Column of the groups, under a name that no variable of a model can have."""


class Shape(NamedTuple):
    """How observed variables are distributed, as in `simulate`."""

    distribution: str
    skew: Each | None
    kurtosis: Each | None
    marginals: Mapping[str, Marginal] | None


class Holes(NamedTuple):
    """Which values are missing, as in `simulate`."""

    missing: Each
    by: str | Mapping[str, str] | None
    slope: float


@dataclass(frozen=True, slots=True)
class FittedRows:
    """One Monte Carlo study whose samples are rows.

    Attributes
    ----------
    table : ParameterTable
        The model that is fitted.
    populations : tuple of Population, length G
        What is drawn from.
    n : int
        Rows in each group.
    seed : int
        Root of the random streams.
    shape : Shape
        How the observed variables are distributed.
    holes : Holes or None
        Missing values, which are then fitted by full information maximum likelihood, or pair by pair when
        there are ordinal variables.
    options : Options
        The estimator.
    """

    table: ParameterTable
    populations: tuple[Population, ...]
    n: int
    seed: int
    shape: Shape
    holes: Holes | None
    options: Options

    @property
    def categories(self) -> dict[str, tuple[float, ...]]:
        """Codes of the ordinal variables that are fitted."""
        return {name: self.populations[0].codes[name] for name in self.table.ordered}

    def rows(self, rng: np.random.Generator) -> pd.DataFrame:
        """Return one sample, with a column that tells the groups apart."""
        parts = []
        for number, part in enumerate(self.populations):
            unit = standard_rows(rng, self.n, part, *self.shape)
            parts.append(coded(unit, part).assign(**{GROUP: number}))
        frame = pd.concat(parts, ignore_index=True)
        if self.holes is None:
            return frame
        names = self.populations[0].names
        shares = each_of("missing", self.holes.missing, names)
        return with_holes(rng, frame, names, shares, self.holes.by, self.holes.slope)

    def chunk(self, number: int, b: int) -> tuple[Fitted, Array]:
        """Draw and fit a chunk; return the solutions and their standard errors (b, q + definitions)."""
        streams = np.random.SeedSequence(self.seed, spawn_key=(number,)).spawn(b)
        found = [self._fit(self.rows(np.random.default_rng(stream))) for stream in streams]
        q = self.table.n_free
        theta = np.array([np.full(q, np.nan) if isinstance(f, int) else f.theta for f in found])
        cause = np.array([f if isinstance(f, int) else 0 for f in found], dtype=np.int8)
        solved = np.flatnonzero(np.isfinite(theta).all(axis=1))
        results = [f for f in found if not isinstance(f, int)]
        if results:
            rams = [g.ram for g in results[0].groups]
            odd = impossible_responses if self.table.ordered else _impossible
            cause[solved] = odd(rams, theta[solved])
        errors = np.full((b, q + len(self.table.definitions)), np.nan)
        for row, result in zip(solved, results, strict=True):
            errors[row] = standard_errors(result)
        chisq = np.array([np.nan if isinstance(f, int) else f.chisq for f in found])
        return Fitted(theta, chisq, cause), errors

    def _fit(self, frame: pd.DataFrame) -> SemResult | int:
        """Return the fit, or what is the matter."""
        if self._lacks_category(frame):
            return EMPTY
        try:
            return fit_sample(self.table, self._sample(frame), self.options)
        except DataError:
            return SINGULAR
        except (ConvergenceError, IdentificationError):
            return UNFINISHED

    def _lacks_category(self, frame: pd.DataFrame) -> bool:
        """Return whether a group has no answer in one of the categories of a variable."""
        for name, codes in self.categories.items():
            for part in frame[name].to_numpy(dtype=float).reshape(-1, self.n):
                if np.unique(part[~np.isnan(part)]).size < len(codes):
                    return True
        return False

    def _sample(self, frame: pd.DataFrame) -> Sample:
        split = Split.of(frame, None, None, None, GROUP if len(self.populations) > 1 else None)
        if self.table.ordered:
            missing = "listwise" if self.holes is None else "pairwise"
            return ordinal_sample(split, self.table, self.categories, missing, self.options)
        return split.sample(self.table, "listwise" if self.holes is None else "fiml")


def _impossible(rams: Sequence[Ram], theta: Array) -> Codes:
    return impossible([Slope.of(ram) for ram in rams], theta)


def standard_errors(result: SemResult) -> Array:
    """Return the standard errors of free parameters and definitions, shape (q + r,)."""
    _, slopes = definitions_with_jacobian(result.model, result.theta)
    if result.theta_cov is None:
        return np.full(result.theta.size + len(slopes), np.nan)
    every = np.vstack([np.eye(result.theta.size), slopes])
    variances = np.einsum("rq,qs,rs->r", every, result.theta_cov, every)
    return np.asarray(np.sqrt(np.maximum(variances, 0.0)))
