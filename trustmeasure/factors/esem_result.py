"""The record of an exploratory structural equation model."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.factors.esem_text import Block
from trustmeasure.factors.rotation import Turned
from trustmeasure.sem import SemResult

FIT = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr", "bic")
FIT_LABELS = {"rmsea_ci_lower": "lower", "rmsea_ci_upper": "upper"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EsemResult:
    """An exploratory structural equation model.

    Attributes
    ----------
    blocks : tuple of Block
        Name, factors and items of each exploratory block.
    loadings : dict of str to pandas.DataFrame
        Block -> standardised, rotated loadings, shape (p, m).
    errors : dict of str to pandas.DataFrame
        Block -> their standard errors; NaN when the estimator gave none.
    phi : dict of str to pandas.DataFrame
        Block -> correlations of its factors (of what is left of them, when they are explained), shape (m, m).
    rotations : dict of str to Turned
        Block -> rotation with its local minima.
    parameters : pandas.DataFrame
        All parameters at the rotated solution: lhs, op, rhs, estimate, se, z, p_value, ci_lower, ci_upper,
        std_all.
    fit_measures : pandas.Series
        Of the model; the rotation does not change them.
    sem : SemResult
        The fit itself, with the loadings of one anchor item a factor held where the rotation put them. Its
        own standard errors take those as known; `parameters` has the right ones.
    ci : float
        Level of the intervals.
    notes : tuple of str
        What a reader must know.
    """

    blocks: tuple[Block, ...]
    loadings: dict[str, pd.DataFrame]
    errors: dict[str, pd.DataFrame]
    phi: dict[str, pd.DataFrame]
    rotations: dict[str, Turned]
    parameters: pd.DataFrame
    fit_measures: pd.Series[float]
    sem: SemResult
    ci: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return all parameters at the rotated solution."""
        return self.parameters.copy()

    def local_minima(self, block: str | None = None) -> pd.DataFrame:
        """Return one row a minimum of the rotation of a block (the first unless named)."""
        held = self.rotations[block or self.blocks[0].name].minima
        return pd.DataFrame() if held is None else held.to_frame()

    def summary(self, *, hide_below: float = 0.3) -> Summary:
        """Return loadings, structure and fit; loadings smaller than `hide_below` are left blank."""
        parts: list[Table | str] = []
        for block in self.blocks:
            frame = self.loadings[block.name]
            shown = frame.where(frame.abs() >= hide_below).rename_axis("item")
            note = (f"Loadings below {hide_below:g} in size are blank.",) if hide_below > 0 else ()
            highest = frame.abs().to_numpy().argmax(axis=1)
            bold = frozenset((i, int(j)) for i, j in enumerate(highest))
            parts.append(Table(f"Block {block.name}: standardised loadings", shown, note, bold=bold))
            if len(block.factors) > 1:
                parts.append(Table("Correlations of its factors", self.phi[block.name].rename_axis("factor")))
        paths = self.parameters[self.parameters["op"] == "~"]
        if len(paths):
            parts.append(Table("Paths", paths.reset_index(drop=True)))
        names = [name for name in FIT if name in self.fit_measures.index]
        fit = self.fit_measures[names].to_frame().T.astype({"df": int})
        parts.append(Table("Fit", fit, self.notes, labels=FIT_LABELS))
        return Summary("Exploratory structural equation model", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()
