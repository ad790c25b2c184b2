"""Which boundary and which answer category belongs to which item, as flat indices.

An item with m + 1 categories has m boundaries: the d of "this category or a higher one". All categories of
all items stand in one list (cells), all boundaries in another, so that every formula works on whole arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Layout:
    """Places of k items with C cells, B boundaries and p = k + B parameters.

    Parameters are ordered item by item: the slope, then the intercepts from the lowest boundary up.

    Attributes
    ----------
    counts : tuple of int, length k
        Categories of each item, at least 2.
    """

    counts: tuple[int, ...]

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.counts)

    @property
    def n_boundaries(self) -> int:
        """Number of boundaries over all items."""
        return sum(self.counts) - len(self.counts)

    @property
    def n_parameters(self) -> int:
        """Number of slopes and intercepts."""
        return sum(self.counts)

    @cached_property
    def item_of_cell(self) -> Index:
        """Item of each cell, length C."""
        return np.repeat(np.arange(self.n_items), self.counts)

    @cached_property
    def item_of_boundary(self) -> Index:
        """Item of each boundary, length B."""
        return np.repeat(np.arange(self.n_items), np.array(self.counts) - 1)

    @cached_property
    def first_cell(self) -> Index:
        """Cell of each item's lowest category, length k."""
        return np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.intp)

    @cached_property
    def score_of_cell(self) -> Index:
        """Category of each cell within its item, counted from 0, length C."""
        return np.arange(sum(self.counts)) - self.first_cell[self.item_of_cell]

    @cached_property
    def upper(self) -> Index:
        """Boundary that an answer in the cell has passed; B for "none needed". Length C."""
        below = np.arange(sum(self.counts)) - self.item_of_cell - 1
        return np.where(self.score_of_cell == 0, self.n_boundaries, below).astype(np.intp)

    @cached_property
    def lower(self) -> Index:
        """Boundary that an answer in the cell has not passed; B + 1 for "no further one". Length C."""
        above = np.arange(sum(self.counts)) - self.item_of_cell
        last = self.score_of_cell == np.array(self.counts)[self.item_of_cell] - 1
        return np.where(last, self.n_boundaries + 1, above).astype(np.intp)

    @cached_property
    def slope_at(self) -> Index:
        """Place of each item's slope among the parameters, length k."""
        return self.first_cell

    @cached_property
    def intercept_at(self) -> Index:
        """Place of each boundary's intercept among the parameters, length B."""
        return np.arange(self.n_boundaries) + self.item_of_boundary + 1

    @cached_property
    def parameter_names(self) -> tuple[tuple[int, str], ...]:
        """Item number and name ("a", "d1", ...) of each parameter, length p."""
        return tuple(
            (i, "a" if x == 0 else f"d{x}") for i, count in enumerate(self.counts) for x in range(count)
        )

    def boundaries_of(self, item: int) -> slice:
        """Return where the boundaries of an item stand."""
        start = int(self.first_cell[item]) - item
        return slice(start, start + self.counts[item] - 1)

    def cells_of(self, item: int) -> slice:
        """Return where the cells of an item stand."""
        start = int(self.first_cell[item])
        return slice(start, start + self.counts[item])


def layout_of(counts: Sequence[int]) -> Layout:
    """Return the layout of items with these numbers of categories."""
    return Layout(tuple(int(count) for count in counts))
