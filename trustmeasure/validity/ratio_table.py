"""What `htmt` finds: a table of ratios, shown as text, as a matrix, and beside cited cut-offs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.validity.rules import criteria_frame

KINDS = ("htmt", "htmt2")
ENDS = ("", "_se", "_ci_lower", "_ci_upper", "_upper")
LABELS = {
    "construct_1": "construct",
    "construct_2": "and",
    "htmt": "HTMT",
    "htmt_ci_lower": "lower",
    "htmt_ci_upper": "upper",
    "htmt_upper": "one-sided upper",
    "htmt2": "HTMT2",
    "htmt2_ci_lower": "lower",
    "htmt2_ci_upper": "upper",
    "htmt2_upper": "one-sided upper",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class HeterotraitRatios:
    """HTMT and HTMT2 of every pair of constructs.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a pair: construct_1, construct_2; for htmt and htmt2 each the ratio, `_se`, `_ci_lower`,
        `_ci_upper` (two-sided) and `_upper` (one-sided upper limit at the same level), `_draws` (draws in
        which it exists); note, which says why a ratio is not there.
    constructs : tuple of str
        Names in their order.
    n_obs, n_complete : int
        People with at least one answer, and with all of them.
    correlation : {"pearson", "polychoric"}
        Kind of correlations.
    absolute : bool
        Whether absolute values of correlations were averaged.
    missing : {"pairwise", "listwise"}
        What was done with missing answers.
    ci : float
        Level of the intervals.
    interval : {"percentile", "bc", "bca"}
        Kind of intervals.
    n_bootstrap, seed : int
        Draws, and what they can be made from again.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame
    constructs: tuple[str, ...]
    n_obs: int
    n_complete: int
    correlation: str
    absolute: bool
    missing: str
    ci: float
    interval: str
    n_bootstrap: int
    seed: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def matrix(self, kind: str = "htmt") -> pd.DataFrame:
        """Return a column of the table as a symmetric matrix of the constructs; NaN on the diagonal.

        Parameters
        ----------
        kind : str
            "htmt", "htmt2" or another number of the table, such as "htmt_upper".
        """
        numbers = [f"{ratio}{end}" for ratio in KINDS for end in ENDS]
        one_of("kind", kind, numbers)
        names = list(self.constructs)
        row, col = np.triu_indices(len(names), 1)
        found = np.full((len(names),) * 2, np.nan)
        found[row, col] = found[col, row] = self.frame[kind].to_numpy(dtype=float)
        return pd.DataFrame(found, index=names, columns=names)

    def criteria(self) -> pd.DataFrame:
        """Return which cited cut-offs each ratio meets; the limit that counts is the one-sided one."""
        rows = [
            ((row["construct_1"], row["construct_2"]), kind, row[kind], None, row[f"{kind}_upper"])
            for row in self.frame.to_dict("records")
            for kind in KINDS
        ]
        return criteria_frame(rows, ("construct_1", "construct_2"))

    def summary(self) -> Summary:
        """Return both tables with notes, to be shown as text or HTML."""
        return Summary("Heterotrait-monotrait ratios", [self._table(kind) for kind in KINDS])

    def _table(self, kind: str) -> Table:
        ends = ("", "_ci_lower", "_ci_upper", "_upper") if self.n_bootstrap else ("",)
        shown = self.frame[["construct_1", "construct_2", *(f"{kind}{end}" for end in ends)]]
        how = f"{self.correlation.capitalize()} correlations of {self.n_obs} people ({self.missing})"
        signs = "absolute values" if self.absolute else "signs kept"
        level = f"{100 * self.ci:g} % {self.interval} limits from {self.n_bootstrap} draws, seed {self.seed}."
        said = [f"{how}, {signs}.", *([level] if self.n_bootstrap else [])]
        own = [str(note) for note in dict.fromkeys(self.frame["note"]) if note]
        return Table(kind.upper(), shown, (*said, *own, *self.notes), labels=LABELS)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()
