"""Differential item functioning by ordinal logistic regression, with purification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array, require_columns, to_pandas
from trustmeasure.item_response.answers import Answers, answers_of, chosen_items
from trustmeasure.item_response.dif_matching import matching_values
from trustmeasure.item_response.dif_result import DifResult
from trustmeasure.item_response.dif_tests import NUMBERS, ItemTest, expected_answers, item_test
from trustmeasure.item_response.layout import Index
from trustmeasure.multiple_tests import CORRECTIONS, corrected
from trustmeasure.responses import Responses
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.threads import one_thread

MATCHING = ("trait", "sum")
MOST_GROUPS = 20


@one_thread
def dif(
    data: Any,
    group: str | npt.ArrayLike,
    items: str | Sequence[str] | None = None,
    *,
    matching: str | npt.ArrayLike = "trait",
    reference: str | None = None,
    purify: bool = True,
    alpha: float = 0.05,
    min_r2: float = 0.0,
    correction: str = "holm",
    max_rounds: int = 10,
    ci: float = 0.95,
) -> DifResult:
    """Ask of each item whether groups answer it alike at the same level of what the scale measures.

    Each item is regressed, by ordinal logistic regression, on the matching variable; on it and the group; and
    on both and their product. Likelihood ratio tests compare the three: the group alone says *uniform* DIF
    (the item is easier for one group at every level), the product *non-uniform* DIF (it discriminates better
    in one group), both together the total (Zumbo 1999). In these models the categories lie equally far apart
    in all groups; the test *any* gives each group intercepts and a slope of its own, and so also finds a
    group that spreads its answers more. A significant test may be about very little: the changes of
    the pseudo R2 and the differences in answers say how much. `tm.criteria.describe("dif_r2_change", ...)`
    holds them against published limits.

    With `purify`, flagged items stop tying the groups together, people are matched anew, and all items are
    tested again, until the flags stay.

    Parameters
    ----------
    data : frame, 2-D array, mapping from name to column or Responses
        One row a person; items as for `graded_response`, which should measure one thing.
    group : str or array
        A column, or one label a person. People without a label are left out.
    items : str or sequence of str, optional
        Of Responses, a construct, or ids of items; of a frame, names of columns. All but `group` when None.
    matching : {"trait", "sum"} or array
        "trait": EAP score of a graded response model, which takes incomplete answers (Crane et al. 2006);
        "sum": sum of the answers (Zumbo 1999); or one number a person, which is never purified.
    reference : str, optional
        Label of the group to compare with; the largest when None.
    purify : bool
        Whether to repeat with flagged items set apart.
    alpha, min_r2, correction
        An item is flagged when the p value of the total test, corrected for the number of items ("holm",
        "bonferroni", "fdr_bh" or "none"), lies below `alpha` and McFadden's R2 changes by `min_r2` at least.
    max_rounds : int
        Most rounds of purification.
    ci : float
        Level of the intervals.

    Returns
    -------
    DifResult
        `.frame` (tests and effect sizes), `.effects`, `.flagged`, `.anchors`, `.rounds`, `.curves(item)`,
        `.summary()`.

    Raises
    ------
    DataError
        If there are fewer than 2 groups, more than 20, or no items fit for it.

    References
    ----------
    Zumbo, B. D. (1999). A handbook on the theory and methods of differential item functioning (DIF): Logistic
    regression modeling as a unitary framework for binary and Likert-type (ordinal) item scores. Ottawa:
    Directorate of Human Resources Research and Evaluation, Department of National Defense.

    Crane, P. K., Gibbons, L. E., Jolley, L., & van Belle, G. (2006). Differential item functioning analysis
    with ordinal logistic regression techniques: DIFdetect and difwithpar. Medical Care, 44(11 Suppl 3),
    S115-S123.

    Choi, S. W., Gibbons, L. E., & Crane, P. K. (2011). lordif: An R package for detecting differential item
    functioning using iterative hybrid ordinal logistic regression/item response theory and Monte Carlo
    simulations. Journal of Statistical Software, 39(8), 1-30.

    Notes
    -----
    Checked against: MASS 7.3-58.2, `polr`, and `mantelhaen.test` of R 4.2.2
    (tests/reference/item_response/dif.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = tm.dif(tm.load_sample("trust-survey"), "language", "competence")
    >>> found.frame["item"].tolist()
    ['cog_com_1', 'cog_com_2', 'cog_com_3', 'cog_com_4']
    >>> found.groups
    ('zh', 'en')
    """
    in_range("alpha", alpha, 0.0, 1.0)
    in_range("min_r2", min_r2, 0.0, 1.0, open_ends=False)
    in_range("ci", ci, 0.0, 1.0)
    one_of("correction", correction, CORRECTIONS)
    at_least("max_rounds", max_rounds, 1)
    labels, groups = _groups(data, group, reference)
    answers = _answers(data, group, items)
    how = _matching(matching, len(groups))
    rule = (alpha, min_r2, correction)
    limit = max_rounds if purify and isinstance(how, str) else 1
    frame, tests, rounds, notes = _rounds(answers, groups, labels, how, rule, limit)
    sizes = np.bincount(groups[groups >= 0], minlength=len(labels))
    left_out = int((groups < 0).sum())
    if left_out:
        notes += (f"{left_out} people without a group are left out.",)
    return DifResult(
        frame=frame,
        effects=_effects(tests, labels, ci),
        rounds=pd.DataFrame(rounds, columns=["round", "n_flagged", "flagged"]),
        anchors=tuple(frame.loc[~frame["flagged"], "item"]),
        groups=labels,
        group_sizes=tuple(int(n) for n in sizes),
        matching=how if isinstance(how, str) else "given",
        alpha=alpha,
        min_r2=min_r2,
        correction=correction,
        ci=ci,
        tests=tests,
        notes=notes,
    )


def _answers(data: Any, group: Any, items: Any) -> Answers:
    if items is None and isinstance(group, str) and not isinstance(data, Responses):
        items = [name for name in to_pandas(data, name="data").columns if name != group]
    return answers_of(chosen_items(data, items), least=2)


def _groups(data: Any, group: Any, reference: str | None) -> tuple[tuple[str, ...], Index]:
    """Return the labels, the reference first, and the group of each person; -1 without a label."""
    if isinstance(group, str):
        frame = to_pandas(data, name="data")
        require_columns(frame, [group], what="group")
        given = frame[group]
    else:
        given = pd.Series(np.asarray(group, dtype=object))
        if len(given) != len(to_pandas(data, name="data")):
            raise ArgumentError(f"group has {len(given)} labels; give one a person, or the name of a column.")
    known = given.notna().to_numpy()
    texts = np.array([str(x) for x in given[known].tolist()], dtype=object)
    labels, at, sizes = np.unique(texts.astype(str), return_inverse=True, return_counts=True)
    if not 2 <= labels.size <= MOST_GROUPS:
        raise DataError(
            f"group has {labels.size} different labels; DIF compares 2 to {MOST_GROUPS} groups. Name a "
            "column that says which group each person belongs to."
        )
    first = int(np.argmax(sizes)) if reference is None else _place(reference, labels)
    order = [first, *(i for i in range(labels.size) if i != first)]
    groups = np.full(len(given), -1, dtype=np.intp)
    groups[known] = np.argsort(order)[at.reshape(-1)]
    return tuple(str(labels[i]) for i in order), groups


def _place(reference: str, labels: Any) -> int:
    known = [str(label) for label in labels]
    return known.index(one_of("reference", str(reference), known))


def _matching(matching: Any, n: int) -> str | Array:
    if isinstance(matching, str):
        return one_of("matching", matching, MATCHING)
    values = np.asarray(matching, dtype=float)
    if values.shape != (n,):
        raise ArgumentError(f"matching has shape {values.shape} for {n} people. Give one number a person.")
    return np.where(np.isfinite(values), values, np.nan)


def _rounds(
    answers: Answers,
    groups: Index,
    labels: tuple[str, ...],
    how: str | Array,
    rule: tuple[float, float, str],
    limit: int,
) -> tuple[pd.DataFrame, dict[str, ItemTest], list[tuple[int, int, str]], tuple[str, ...]]:
    flagged: frozenset[int] = frozenset()
    seen, rounds = [flagged], []
    notes: tuple[str, ...] = ()
    for number in range(1, limit + 1):
        values = matching_values(how, answers, flagged, groups)
        tests = {
            name: item_test(answers.codes[:, i], answers.categories[i], values[:, i], groups, labels)
            for i, name in enumerate(answers.names)
        }
        frame = _frame(tests, rule)
        now = frozenset(np.flatnonzero(frame["flagged"]).tolist())
        rounds.append((number, len(now), ", ".join(answers.names[i] for i in sorted(now))))
        if now == flagged or limit == 1:
            break
        if len(now) == len(answers.names):
            notes = ("Every item is flagged, so that none ties the groups together; read nothing into it.",)
            break
        if now in seen:
            notes = ("Purification went in a circle; the flags are those of the last round.",)
            break
        flagged = now
        seen.append(now)
    else:
        notes = (f"The flags still changed in round {limit}.",)
    return frame, tests, rounds, notes


def _frame(tests: dict[str, ItemTest], rule: tuple[float, float, str]) -> pd.DataFrame:
    alpha, min_r2, correction = rule
    frame = pd.DataFrame([{"item": name, "n": test.n, **test.numbers} for name, test in tests.items()])
    frame = frame[["item", "n", *NUMBERS]]
    p = corrected(frame["total_p"].to_numpy(dtype=float), correction)
    frame.insert(list(frame.columns).index("total_p") + 1, "total_p_corrected", p)
    flagged = (p < alpha) & (frame["r2_mcfadden"].to_numpy(dtype=float) >= min_r2)
    frame["flagged"] = flagged
    crossing = frame["nonuniform_p"] < alpha
    frame["kind"] = np.where(flagged, np.where(crossing, "non-uniform", "uniform"), "")
    frame["note"] = [test.note for test in tests.values()]
    return frame


def _effects(tests: dict[str, ItemTest], labels: tuple[str, ...], ci: float) -> pd.DataFrame:
    reach = normal_quantile(0.5 + ci / 2.0)
    rows = []
    for name, test in tests.items():
        for g, label in enumerate(labels[1:], start=1):
            odds = se = difference = np.nan
            if test.uniform is not None:
                odds, se = test.uniform.beta[g], np.sqrt(test.uniform.vcov[g, g])
                own = test.match[test.group == g]
                both = [expected_answers(test, own, h, len(labels)) for h in (g, 0)]
                difference = float(np.mean(both[0] - both[1]))
            rows.append((name, label, odds, se, odds - reach * se, odds + reach * se, difference))
    columns = ["item", "group", "log_odds", "se", "ci_lower", "ci_upper", "score_difference"]
    return pd.DataFrame(rows, columns=columns)
