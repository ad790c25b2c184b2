"""What was found on differential item functioning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.item_response.dif_tests import ItemTest, expected_answers

SHOWN = (
    "item",
    "n",
    "uniform_p",
    "nonuniform_p",
    "total_chisq",
    "total_df",
    "total_p",
    "total_p_corrected",
    "any_p",
    "r2_mcfadden",
    "r2_nagelkerke",
    "flagged",
    "kind",
    "note",
)
LABELS = {
    "uniform_p": "p uniform",
    "nonuniform_p": "p non-uniform",
    "total_chisq": "χ² total",
    "total_df": "df",
    "total_p": "p total",
    "any_p": "p any",
    "total_p_corrected": "p corrected",
    "r2_mcfadden": "ΔR² McFadden",
    "r2_nagelkerke": "ΔR² Nagelkerke",
    "score_difference": "difference in answers",
    "log_odds": "log odds",
    "ci_lower": "lower",
    "ci_upper": "upper",
}
HOW = {
    "trait": "the trait (EAP of a graded response model; flagged items have own parameters in each group)",
    "sum": "the sum of the answers to the unflagged items and the item itself",
    "given": "the variable that was given",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DifResult:
    """Differential item functioning of a set of items between groups.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row an item: item, n; chisq, df and p of the tests `uniform_*`, `nonuniform_*`, `total_*` and
        `any_*` (intercepts and slope of its own in each group, against one curve for all);
        total_p_corrected; changes of pseudo R2 (r2_mcfadden, r2_nagelkerke from the model without group to
        the one with group and product; `*_uniform` and `*_nonuniform` the two parts of it); slope_change
        (relative change of the matching variable's coefficient when group enters); mantel_chisq, mantel_df,
        mantel_p; flagged, kind ("uniform", "non-uniform" or ""), note.
    effects : pandas.DataFrame
        One row an item and group other than the reference: item, group, log_odds (of a higher answer, against
        the reference at the same matching value, model without product), se, ci_lower, ci_upper,
        score_difference (mean difference in answers over the people of this group, model with product).
    rounds : pandas.DataFrame
        One row a round of purification: round, n_flagged, flagged (names).
    anchors : tuple of str
        Items that were not flagged in the end.
    groups : tuple of str
        Names of the groups; the first is the reference.
    group_sizes : tuple of int
        People in each.
    matching : {"trait", "sum", "given"}
        What people were matched on.
    alpha, min_r2, correction : float, float, str
        The rule for flags: corrected p of the total test below alpha, and change of McFadden's R2 of at least
        min_r2.
    ci : float
        Level of the intervals.
    tests : dict
        Item -> ItemTest, with the fitted models.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame
    effects: pd.DataFrame
    rounds: pd.DataFrame
    anchors: tuple[str, ...]
    groups: tuple[str, ...]
    group_sizes: tuple[int, ...]
    matching: str
    alpha: float
    min_r2: float
    correction: str
    ci: float
    tests: dict[str, ItemTest]
    notes: tuple[str, ...] = ()

    @property
    def flagged(self) -> tuple[str, ...]:
        """Names of the flagged items."""
        return tuple(self.frame.loc[self.frame["flagged"], "item"])

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the tests."""
        return self.frame.copy()

    def curves(self, item: str, points: int = 61) -> pd.DataFrame:
        """Return the mean answer expected of each group along the matching variable.

        Parameters
        ----------
        item : str
            Name of an item.
        points : int
            Number of points between the smallest and the largest value of the people used.

        Returns
        -------
        pandas.DataFrame
            group, match, expected; each group within the range of its own people.
        """
        one_of("item", item, list(self.tests))
        test = self.tests[item]
        parts = []
        for g, label in enumerate(self.groups):
            own = test.match[test.group == g]
            if own.size == 0:
                continue
            at = np.linspace(own.min(), own.max(), points)
            expected = expected_answers(test, at, g, len(self.groups))
            parts.append(pd.DataFrame({"group": label, "match": at, "expected": expected}))
        columns = ["group", "match", "expected"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    def summary(self) -> Summary:
        """Return tests, effects of the flagged items and notes, to be shown as text or HTML."""
        sizes = ", ".join(f"{g} ({n})" for g, n in zip(self.groups, self.group_sizes, strict=True))
        rule = f"corrected ({self.correction}) p of the total test below {self.alpha:g}"
        if self.min_r2 > 0.0:
            rule += f" and a change of McFadden's R² of at least {self.min_r2:g}"
        notes = (
            f"Groups: {sizes}; the first is the reference. Matched on {HOW[self.matching]}.",
            f"Flagged: {rule}. Rounds: {len(self.rounds)}. Items not flagged: {len(self.anchors)}.",
            *self.notes,
        )
        parts: list[Table | str] = [
            Table("Tests", self.frame[list(SHOWN)].astype({"total_df": "Int64"}), notes, labels=LABELS)
        ]
        effects = self.effects[self.effects["item"].isin(self.flagged)]
        if len(effects):
            said = (
                f"log odds of a higher answer than the reference's at the same level, {100 * self.ci:g} % "
                "intervals; difference in answers: mean over the people of the group."
            )
            parts.append(Table("Flagged items", effects, (said,), labels=LABELS))
        return Summary("Differential item functioning", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()
