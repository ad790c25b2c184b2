"""Partial invariance: which equalities the data speak against, and letting them go one by one on request."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table, p_value as readable
from trustmeasure.errors import ArgumentError
from trustmeasure.multiple_tests import CORRECTIONS, corrected
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.invariance_steps import Rules, kind_of
from trustmeasure.sem.problem import discrepancy_of
from trustmeasure.sem.result import SemResult
from trustmeasure.threads import one_thread
from trustmeasure.validity.invariance.plan import Plan
from trustmeasure.validity.invariance.record import Invariance
from trustmeasure.validity.invariance.scores import Opened, Scores

Array = npt.NDArray[np.float64]

_ONE = np.zeros(1, dtype=np.intp)
_LABELS = {
    "chisq": "chi-square",
    "p_value": "p",
    "p_adjusted": "p adjusted",
    "largest_change": "largest change",
    "in_group": "in group",
}


@dataclass(frozen=True, slots=True)
class ReleaseSuggestions:
    """Score tests of relations that are equal in all groups.

    Attributes
    ----------
    frame : DataFrame
        One row a relation of a step: step relation kind chisq df p_value p_adjusted largest_change in_group
        note. `chisq` is the expected fall of the (unscaled) chi-square if the relation were free in all
        groups; `largest_change` how far it would move in the group `in_group` where it would move most. NaN
        where the data cannot tell, with a note.
    changes : DataFrame
        One row a relation and group: step relation group estimate change expected. `estimate` is the shared
        value, `expected` the one that the group would have.
    correction : str
        How `p_adjusted` counts the relations of a step.
    """

    frame: pd.DataFrame
    changes: pd.DataFrame
    correction: str

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the tests for reading, the largest first within each step."""
        columns = ["step", "relation", "chisq", "df", "p_value", "p_adjusted", "largest_change", "in_group"]
        note = (
            "A suggestion is no reason: release what wording, translation or use can explain. p adjusted "
            f"within a step: {self.correction}."
        )
        shown = self.frame[columns].astype({"df": int})
        shown["p_adjusted"] = [readable(float(x)) for x in self.frame["p_adjusted"]]
        table = Table("Score tests", shown, labels=_LABELS)
        return Summary("Equalities held against the data", [table, note])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def suggest_releases(
    found: Invariance, step: str | None = None, *, correction: str = "holm"
) -> ReleaseSuggestions:
    r"""Test each equality of a sequence: what the chi-square would lose if it were released.

    Nothing is released; `Invariance.release` does that.

    Parameters
    ----------
    found : Invariance
        A sequence.
    step : str, optional
        The step whose equalities are tested; without it every step, each with what it makes equal.
    correction : {"holm", "bonferroni", "fdr_bh", "none"}
        How p-values count that several relations are tested, within a step.

    Returns
    -------
    ReleaseSuggestions
        Tests by the chi-square, and the value that each group would take.

    Raises
    ------
    ArgumentError
        For a step that makes nothing equal or could not be fitted.

    Notes
    -----
    The score (Lagrange multiplier) test of Soerbom (1989, Psychometrika 54(3), 371-384) with one degree of
    freedom less than groups; in two groups it is a modification index. It is that of the unscaled chi-square,
    also for robust estimators. Holm (1979, Scandinavian Journal of Statistics 6(2), 65-70). Checked against:
    `lavTestScore` of lavaan 0.6-14, `tests/reference/invariance`.

    Examples
    --------
    >>> from trustmeasure.validity.invariance import invariance
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(600, 1)) + rng.normal(size=(600, 4)), columns=list("abcd"))
    >>> answers["language"] = ["en", "zh"] * 300
    >>> answers.loc[answers["language"] == "zh", "c"] += 0.8
    >>> tests = suggest_releases(invariance("f =~ a + b + c + d", answers, group="language"), "scalar")
    >>> tests.frame["relation"][0]
    'c~1'
    """
    one_of("correction", correction, CORRECTIONS)
    steps = [name for name in found.fits if equal_at(found.plan, name)] if step is None else [step]
    if step is not None:
        found.fit(step)
        if not equal_at(found.plan, step):
            raise ArgumentError(f"step='{step}' makes nothing equal that could be released. Choose another.")
    if not steps:
        raise ArgumentError("No fitted step of the sequence makes anything equal that could be released.")
    parts = [_of_step(found, name, correction) for name in steps]
    return ReleaseSuggestions(
        pd.concat([frame for frame, _ in parts], ignore_index=True),
        pd.concat([changes for _, changes in parts], ignore_index=True),
        correction,
    )


def equal_at(plan: Plan, step: str) -> tuple[str, ...]:
    """Return the relations that a step makes equal: free parameters shared by all groups."""
    base, added = plan.base, set(plan.added(step))
    table = Rules(base, frozenset(plan.kinds[step]), plan.free[step]).table()
    return tuple(
        row.name
        for row in table.parameters
        if row.group == 1 and row.free and row.label == f"{row.name}.all" and kind_of(row, base) in added
    )


@one_thread
def scores_of(plan: Plan, fit: SemResult, relations: tuple[str, ...]) -> Scores:
    """Return the score tests of relations at a fit."""
    opened = Opened.of(fit.model, relations, plan.sample)
    samples, weights = [g.moments for g in fit.groups], [g.weight for g in fit.groups]
    problem = discrepancy_of(opened.rams, samples, weights, fit.options)
    point = problem.point(opened.at(fit.theta[None]), _ONE)
    return opened.tests(point.gradient, point.curvature, np.array([float(fit.size)]))


def _of_step(found: Invariance, step: str, correction: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    relations, fit = equal_at(found.plan, step), found.fit(step)
    scores = scores_of(found.plan, fit, relations)
    base, labels = found.plan.base, found.groups
    rows = {row.name: row for row in base.parameters if row.group == 1}
    number = {row.label.removesuffix(".all"): row.free - 1 for row in fit.model.parameters if row.free}
    estimates = {name: float(fit.theta[number[name]]) for name in relations}
    frame = pd.DataFrame(
        {
            "step": step,
            "relation": relations,
            "kind": [kind_of(rows[name], base) for name in relations],
            "chisq": scores.chisq[0],
            "df": scores.df.astype(float),
        }
    )
    frame["p_value"] = [p_value(x, df) for x, df in zip(frame["chisq"], frame["df"], strict=True)]
    frame["p_adjusted"] = corrected(frame["p_value"].to_numpy(dtype=float), correction)
    moves = [change[0] for change in scores.change]
    at = [0 if np.isnan(m).any() else int(np.argmax(np.abs(m))) for m in moves]
    frame["largest_change"] = [float(m[i]) for m, i in zip(moves, at, strict=True)]
    frame["in_group"] = ["" if np.isnan(m).any() else labels[i] for m, i in zip(moves, at, strict=True)]
    frame["note"] = np.where(frame["chisq"].isna(), "The data cannot tell the groups' values apart.", "")
    frame = frame.sort_values("chisq", ascending=False, kind="stable", na_position="last")
    changes = pd.DataFrame(
        [
            (step, name, label, estimates[name], float(move[g]), estimates[name] + float(move[g]))
            for name, move in zip(relations, moves, strict=True)
            for g, label in enumerate(labels)
        ],
        columns=["step", "relation", "group", "estimate", "change", "expected"],
    )
    return frame.reset_index(drop=True), changes
