"""What lower bounds to reliability are told in."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from trustmeasure.display import Summary, Table

LABELS = {"ci_lower": "lower", "ci_upper": "upper", "error_variance": "error variance"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class GuttmanLambdas:
    """Guttman's lower bounds to the reliability of the sum of some items.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a bound, lambda1 to lambda6 (lambda3 is Cronbach's alpha): coefficient, estimate, se,
        ci_lower, ci_upper.
    split : tuple of str
        The items of one part of the split behind lambda4; the others are the other part.
    ci : float
        Level of the intervals.
    interval : str
        Where they come from.
    standardized : bool
        Whether the items were brought to one variance.
    n_items, n_obs, n_rows : int
        Items, people used, rows given.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    split: tuple[str, ...]
    ci: float
    interval: str
    standardized: bool
    n_items: int
    n_obs: int
    n_rows: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the bounds."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the bounds with notes, to be shown as text or HTML."""
        parts = f"lambda 4 sets {', '.join(self.split)} against the rest."
        return Summary(
            "Guttman's lower bounds", [Table("Bounds", self.frame, (*self.notes, parts), labels=LABELS)]
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class GreatestLowerBound:
    """The greatest lower bound to the reliability of the sum of some items.

    Attributes
    ----------
    glb, se, ci_lower, ci_upper : float
        The bound, its standard error and limits.
    gap : float
        How far above the found value the exact bound may lie below it: what the two sides of the optimisation
        leave open, in units of the bound.
    items : pandas.DataFrame
        One row an item: item, error_variance (at the bound), communality (1 - its share of the variance).
    ci : float
        Level of the interval.
    interval : str
        Where it comes from.
    standardized : bool
        Whether the items were brought to one variance.
    n_items, n_obs, n_rows : int
        Items, people used, rows given.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    glb: float
    se: float
    ci_lower: float
    ci_upper: float
    gap: float
    items: pd.DataFrame
    ci: float
    interval: str
    standardized: bool
    n_items: int
    n_obs: int
    n_rows: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the bound and its interval as one row."""
        names = ("n_items", "n_obs", "glb", "se", "ci_lower", "ci_upper")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> Summary:
        """Return bound and items with notes, to be shown as text or HTML."""
        shown = {**LABELS, "n_items": "items", "n_obs": "n"}
        return Summary(
            "Greatest lower bound",
            [
                Table("Bound", self.to_frame(), self.notes, labels=shown),
                Table("Items", self.items, labels=shown),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()
