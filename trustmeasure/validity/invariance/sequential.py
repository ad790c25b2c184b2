"""Releasing equalities one at a time until a step holds: every decision is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.display import Summary, Table, p_value
from trustmeasure.errors import ArgumentError
from trustmeasure.multiple_tests import CORRECTIONS
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.validity.invariance.record import Invariance
from trustmeasure.validity.invariance.releases import equal_at, suggest_releases

_LABELS = {
    "chisq": "chi-square",
    "p_adjusted": "p adjusted",
    "p_before": "p of Δ before",
    "p_after": "p of Δ after",
    "cfi_change_after": "Δ CFI after",
}
COLUMNS = (
    "round",
    "step",
    "relation",
    "chisq",
    "df",
    "p_adjusted",
    "p_before",
    "p_after",
    "cfi_change_after",
)


@dataclass(frozen=True, slots=True)
class SequentialRelease:
    """Equalities that were released one after the other.

    Attributes
    ----------
    frame : DataFrame
        One row a decision: round step relation chisq df p_adjusted (its score test), p_before and p_after (of
        the step's difference test) cfi_change_after.
    reason : str
        Why no more were released.
    invariance : Invariance
        The sequence with all of them released.
    """

    frame: pd.DataFrame
    reason: str
    invariance: Invariance = field(repr=False)

    @property
    def released(self) -> tuple[str, ...]:
        """The relations that were released, in order."""
        return tuple(self.frame["relation"])

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def _shown(self) -> pd.DataFrame:
        shown = self.frame.astype({"df": int})
        for name in ("p_adjusted", "p_before", "p_after"):
            shown[name] = [p_value(float(x)) for x in self.frame[name]]
        return shown

    def summary(self) -> Summary:
        """Return the decisions for reading."""
        note = (
            "Found by looking at these data: such a model describes them, and needs other data, or reasons, "
            "to be believed."
        )
        return Summary(
            "Partial invariance, one release at a time",
            [
                Table("Decisions", self._shown(), labels=_LABELS),
                self.reason,
                *([note] if self.released else []),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def release_sequentially(
    found: Invariance,
    step: str,
    *,
    alpha: float = 0.05,
    correction: str = "bonferroni",
    keep: int = 2,
    most: int | None = None,
) -> SequentialRelease:
    """Release the equality of a step that the data speak against most, again and again until the step holds.

    Parameters
    ----------
    found : Invariance
        A sequence.
    step : str
        The step, such as "metric" or "scalar".
    alpha : float
        The step holds when its difference test has a p-value of at least this; a relation is released only
        when its score test has a smaller one.
    correction : {"bonferroni", "holm", "fdr_bh", "none"}
        How p-values of score tests count that several relations are tested.
    keep : int
        Indicators of each latent variable that stay equal.
    most : int, optional
        Relations that are released at most.

    Returns
    -------
    SequentialRelease
        Every decision, why it ended, and the new sequence.

    Raises
    ------
    ArgumentError
        For a step that makes nothing equal, could not be fitted, or is compared with no other.

    Notes
    -----
    Byrne, Shavelson & Muthen (1989, Psychological Bulletin 105(3), 456-466); at least two equal indicators of
    each construct, Steenkamp & Baumgartner (1998, Journal of Consumer Research 25(1), 78-90). A search in one
    sample finds chance, too (MacCallum, Roznowski & Necowitz 1992, Psychological Bulletin 111(3), 490-504).

    Examples
    --------
    >>> from trustmeasure.validity.invariance import invariance
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(600, 1)) + rng.normal(size=(600, 4)), columns=list("abcd"))
    >>> answers["language"] = ["en", "zh"] * 300
    >>> answers.loc[answers["language"] == "zh", "c"] += 0.8
    >>> done = release_sequentially(invariance("f =~ a + b + c + d", answers, group="language"), "scalar")
    >>> done.released
    ('c~1',)
    """
    in_range("alpha", alpha, 0.0, 1.0)
    one_of("correction", correction, CORRECTIONS)
    at_least("keep", keep, 0)
    limit = None if most is None else at_least("most", most, 1)
    if not _row(found, step)["against"]:
        raise ArgumentError(
            f"step='{step}' is compared with no other fitted step, so nothing says when it holds."
        )
    rows: list[dict[str, object]] = []
    now, reason = found, ""
    while not reason:
        before = float(_row(now, step)["p_value"])
        if before >= alpha:
            reason = f"The step holds: p = {before:.3f} of its difference test is at least {alpha:g}."
        elif limit is not None and len(rows) == limit:
            reason = (
                f"{limit} relations were released, as many as most={limit} allows; the step does not hold."
            )
        else:
            now, row, reason = _released(now, step, alpha, correction, keep)
            rows += [{"round": len(rows) + 1, **row, "p_before": before}] if row else []
    return SequentialRelease(pd.DataFrame(rows, columns=list(COLUMNS)), reason, now)


def _released(
    now: Invariance, step: str, alpha: float, correction: str, keep: int
) -> tuple[Invariance, dict[str, object], str]:
    """Return the sequence after one more release and its row; or why there is none."""
    tests = suggest_releases(now, step, correction=correction).frame
    against_data = tests[tests["p_adjusted"] < alpha]
    if against_data.empty:
        return now, {}, f"No score test has a p-value below {alpha:g}, so nothing more is released."
    allowed = [name for name in against_data["relation"] if _leaves(now, step, name, keep)]
    if not allowed:
        why = f"Every release that the data ask for would leave fewer than {keep} equal indicators."
        return now, {}, why
    chosen = tests.set_index("relation").loc[allowed[0]]
    after = now.release(allowed[0])
    if step not in after.fits:
        return now, {}, f"Without '{allowed[0]}' the step has no solution: {_row(after, step)['note']}"
    new = _row(after, step)
    row = {"step": step, "relation": allowed[0]} | {
        x: float(chosen[x]) for x in ("chisq", "df", "p_adjusted")
    }
    row |= {"p_after": float(new["p_value"]), "cfi_change_after": float(new["cfi_change"])}
    return after, row, ""


def _row(found: Invariance, step: str) -> pd.Series:
    found.fit(step)
    return found.frame[found.frame["step"] == step].iloc[0]


def _leaves(now: Invariance, step: str, relation: str, keep: int) -> bool:
    """Return whether each latent variable keeps enough equal indicators without a relation."""
    base = now.plan.base
    equal = set(equal_at(now.plan, step))
    for latent in _latents(base, relation):
        same = {name for name in equal if latent in set(_latents(base, name))}
        items = {_item(base, name) for name in same - {relation}}
        if len(items) < keep:
            return False
    return True


def _item(base: ParameterTable, relation: str) -> str:
    row = next(r for r in base.parameters if r.group == 1 and r.name == relation)
    return row.rhs if row.op == "=~" else row.lhs


def _latents(base: ParameterTable, relation: str) -> Iterator[str]:
    """Yield the latent variables that a relation measures."""
    item = _item(base, relation)
    own = next(r for r in base.parameters if r.group == 1 and r.name == relation)
    for row in base.parameters:
        measures = row.group == 1 and row.op == "=~" and row.rhs == item
        if measures and (own.op != "=~" or row.lhs == own.lhs):
            yield row.lhs
