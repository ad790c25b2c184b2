"""Which numbers describe a sample of ordinal and continuous variables, and in which order they stand.

Muthen (1984, Psychometrika 49(1), 115-132): the thresholds of each ordinal variable or the mean of each
continuous one, variable by variable; then the slopes on covariates, covariate by covariate; then the
variances of the continuous variables; then the lower triangle of correlations (of covariances, where a
continuous variable takes part) without its diagonal, by rows. With covariates all of these hold given them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Layout:
    """Where each statistic stands.

    Attributes
    ----------
    names : tuple of str, length p
        The variables that are explained.
    n_thresholds : tuple of int, length p
        Categories less one; 0 for a continuous variable.
    covariates : tuple of str, length k
        Exogenous variables that the others are regressed on.
    """

    names: tuple[str, ...]
    n_thresholds: tuple[int, ...]
    covariates: tuple[str, ...] = ()

    @property
    def p(self) -> int:
        """Number of variables that are explained."""
        return len(self.names)

    @cached_property
    def ordinal(self) -> Flags:
        """Whether each variable is ordinal, shape (p,)."""
        return np.array(self.n_thresholds, dtype=np.intp) > 0

    @cached_property
    def level_variable(self) -> Index:
        """The variable of each threshold or mean, shape (n_levels,)."""
        return np.repeat(np.arange(self.p), np.maximum(self.n_thresholds, 1))

    @cached_property
    def level_is_mean(self) -> Flags:
        """Whether each of them is the mean of a continuous variable, shape (n_levels,)."""
        return np.asarray(~self.ordinal[self.level_variable])

    @cached_property
    def continuous(self) -> Index:
        """The continuous variables, whose variances are statistics."""
        return np.flatnonzero(~self.ordinal)

    @cached_property
    def pairs(self) -> tuple[Index, Index]:
        """Row and column of each correlation."""
        row, col = np.tril_indices(self.p, -1)
        return row, col

    @cached_property
    def levels(self) -> slice:
        """Where thresholds and means stand."""
        return slice(0, self.level_variable.size)

    @cached_property
    def slopes(self) -> slice:
        """Where slopes stand; reshaped to (k, p) they are one row a covariate."""
        return slice(self.levels.stop, self.levels.stop + self.p * len(self.covariates))

    @cached_property
    def variances(self) -> slice:
        """Where the variances of continuous variables stand."""
        return slice(self.slopes.stop, self.slopes.stop + self.continuous.size)

    @cached_property
    def correlations(self) -> slice:
        """Where correlations stand."""
        return slice(self.variances.stop, self.variances.stop + self.p * (self.p - 1) // 2)

    @cached_property
    def size(self) -> int:
        """Number of statistics."""
        return int(self.correlations.stop)

    @property
    def keys(self) -> list[frozenset[str] | tuple[str, int | str]]:
        """What each statistic is of: a variable and a number or a covariate, or one or two variables."""
        counts = [range(max(n, 1)) for n in self.n_thresholds]
        levels = [(name, c) for name, numbers in zip(self.names, counts, strict=True) for c in numbers]
        slopes = [(name, x) for x in self.covariates for name in self.names]
        variances = [frozenset({self.names[i]}) for i in self.continuous]
        pairs = [frozenset({self.names[i], self.names[j]}) for i, j in zip(*self.pairs, strict=True)]
        return [*levels, *slopes, *variances, *pairs]

    def places_of(self, other: Layout) -> Index:
        """Return where the statistics of another order of the same variables stand here, shape (m,)."""
        at = {key: i for i, key in enumerate(self.keys)}
        return np.array([at[key] for key in other.keys], dtype=np.intp)
