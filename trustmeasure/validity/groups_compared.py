"""Known groups: how far groups differ that should differ on a construct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtrc, stdtr, stdtrit

from trustmeasure.check import in_range, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.multiple_tests import corrected
from trustmeasure.validity.noncentral import cohen_d, hedges_factor, noncentral_f_limits
from trustmeasure.validity.scores import Scores, scores_of

Array = npt.NDArray[np.float64]

LEAST = 2
"""People in a group below which it has no standard deviation."""
LABELS = {
    "ci_lower": "lower",
    "ci_upper": "upper",
    "p_value": "p",
    "cohen_d": "d",
    "cohen_d_ci_lower": "lower",
    "cohen_d_ci_upper": "upper",
    "hedges_g": "g",
    "p_holm": "p (Holm)",
    "eta_squared": "η²",
    "omega_squared": "ω²",
    "welch_p_value": "Welch p",
}
GROUPS = ("construct", "group", "n", "mean", "sd", "ci_lower", "ci_upper")
PAIRS = (
    *("construct", "group_1", "group_2", "n_1", "n_2", "difference", "ci_lower", "ci_upper", "t", "df"),
    *("p_value", "p_holm", "cohen_d", "cohen_d_ci_lower", "cohen_d_ci_upper"),
    *("hedges_g", "hedges_g_ci_lower", "hedges_g_ci_upper", "expected", "p_one_sided", "note"),
)
TESTS = (
    *("construct", "n", "n_groups", "f", "df_1", "df_2", "p_value", "eta_squared"),
    *("eta_squared_ci_lower", "eta_squared_ci_upper", "omega_squared"),
    *("welch_f", "welch_df_1", "welch_df_2", "welch_p_value", "note"),
)
NO_VARIANCE = "The scores do not vary within the groups."
TOO_FEW = "A group has fewer than 2 people with a score."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class KnownGroups:
    """Groups compared on constructs.

    Attributes
    ----------
    groups : pandas.DataFrame
        One row a construct and group: construct, group, n, mean, sd, ci_lower, ci_upper (of the mean).
    pairs : pandas.DataFrame
        One row a construct and pair: construct, group_1, group_2, n_1, n_2, difference (group 2 less
        group 1), ci_lower, ci_upper, t, df, p_value (Welch), p_holm (over the pairs of the construct),
        cohen_d and hedges_g with limits, expected ("+", "-" or empty), p_one_sided, note.
    tests : pandas.DataFrame
        One row a construct: n, n_groups, f, df_1, df_2, p_value (analysis of variance), eta_squared with
        limits, omega_squared, and Welch's test: welch_f, welch_df_1, welch_df_2, welch_p_value; note.
    ci : float
        Level of the intervals.
    notes : tuple of str
        What a reader must know.
    """

    groups: pd.DataFrame
    pairs: pd.DataFrame
    tests: pd.DataFrame
    ci: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of pairs."""
        return self.pairs.copy()

    def summary(self) -> Summary:
        """Return the three tables with notes, to be shown as text or HTML."""
        said = f"{100 * self.ci:g} % intervals; Welch's t, d and g with limits of the noncentral t."
        pairs = self.pairs.drop(columns=["note", "hedges_g_ci_lower", "hedges_g_ci_upper"])
        if not self.pairs["expected"].astype(bool).any():
            pairs = pairs.drop(columns=["expected", "p_one_sided"])
        own = [str(note) for note in dict.fromkeys(self.pairs["note"]) if note]
        tests = self.tests.drop(columns="note")
        return Summary(
            "Known groups",
            [
                Table("Groups", self.groups, labels=LABELS),
                Table("Differences", pairs, (said, *own, *self.notes), labels=LABELS),
                Table("All groups at once", tests, labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def known_groups(
    data: Any,
    groups: Any,
    constructs: Any = None,
    *,
    order: Sequence[Any] | None = None,
    ci: float = 0.95,
) -> KnownGroups:
    r"""Compare the scores of groups that are expected to differ.

    Scores of observed answers carry measurement error, and groups may read items differently; compare latent
    means by `invariance` where groups are large enough.

    Parameters
    ----------
    data : Responses, mapping of frames, or frame
        Answers with their instruments; a mapping from a construct to a frame of its items; or a frame with
        scores.
    groups : str or array of length n
        Column that says the group, or a value a row. People without one are left out.
    constructs : sequence of str or mapping, optional
        Constructs, or columns that are scores; or a construct -> its columns. Needed for a frame.
    order : sequence, optional
        Groups from the one that should score lowest to the one that should score highest: tests become
        one-sided besides. Groups that are not named are left out.
    ci : float
        Level of the intervals.

    Returns
    -------
    KnownGroups
        `.groups`, `.pairs`, `.tests`, `.summary()`.

    Raises
    ------
    ArgumentError, DataError
        If there are fewer than two groups, or a column is missing or holds text.

    Notes
    -----
    Cohen's d divides by the pooled standard deviation, Hedges' g corrects its bias exactly (Hedges 1981);
    limits come from the noncentral t distribution, those of eta squared from the noncentral F (Steiger 2004).
    ``omega^2 = (SS_b - df_b MS_w) / (SS_t + MS_w)``. Checked against: R 4.2.2, `t.test`, `aov`, `oneway.test`
    and `uniroot` on `pt` and `pf`, `tests/reference/validity`.

    Examples
    --------
    >>> import pandas as pd, trustmeasure as tm
    >>> people = pd.DataFrame({"trust": [3, 4, 3, 5, 4, 6, 5, 7], "kind": ["new"] * 4 + ["regular"] * 4})
    >>> found = tm.known_groups(people, "kind", ["trust"], order=["new", "regular"])
    >>> found.pairs[["difference", "cohen_d", "p_one_sided"]].round(2).values.tolist()
    [[1.75, 1.54, 0.04]]
    """
    in_range("ci", ci, 0.0, 1.0)
    scores = scores_of(data, constructs)
    labels, names, notes = _labels(scores, groups, order)
    parts = {
        name: [_values(scores.frame[name], labels, group) for group in names] for name in scores.frame.columns
    }
    return KnownGroups(
        pd.DataFrame([row for n, own in parts.items() for row in _means(n, names, own, ci)], columns=GROUPS),
        pd.concat([_pairs(n, names, own, ci, order) for n, own in parts.items()], ignore_index=True),
        pd.DataFrame([_tests(name, own, ci) for name, own in parts.items()], columns=TESTS),
        ci,
        (*scores.notes, *notes),
    )


def _labels(
    scores: Scores, groups: Any, order: Sequence[Any] | None
) -> tuple[pd.Series, list[Any], list[str]]:
    labels = scores.variable(groups, "groups").reset_index(drop=True)
    if pd.api.types.is_float_dtype(labels.dtype) and (labels.dropna() % 1 == 0).all():
        labels = labels.astype("Int64")
    values = labels.dropna().unique().tolist()
    numbers = all(isinstance(x, int | float) for x in values)
    found = sorted(values) if numbers else sorted(values, key=str)
    names = found if order is None else list(order)
    for name in names:
        if name not in found:
            known = [str(x) for x in found]
            raise ArgumentError(f"order names the group {name!r}. {suggestion(str(name), known)}")
    if len(names) < 2 or len(set(names)) < len(names):
        raise DataError(
            f"There are {len(set(names))} groups ({', '.join(map(str, names[:5]))}); two or more are needed."
        )
    if len(names) > 50:
        raise DataError(f"There are {len(names)} groups: the variable does not look like one of groups.")
    gone = int((~labels.isin(names)).sum())
    return labels, names, [f"{gone} people are in none of the groups."] if gone else []


def _values(score: pd.Series, labels: pd.Series, group: Any) -> Array:
    inside = (labels == group).fillna(False).to_numpy(dtype=bool)
    own = score.to_numpy(dtype=float)[inside]
    return np.asarray(own[np.isfinite(own)])


def _means(name: str, names: Sequence[Any], parts: Sequence[Array], ci: float) -> list[tuple[Any, ...]]:
    rows = []
    for group, own in zip(names, parts, strict=True):
        mean = float(own.mean()) if own.size else np.nan
        sd = float(own.std(ddof=1)) if own.size >= LEAST else np.nan
        reach = (
            float(stdtrit(own.size - 1, 0.5 + ci / 2)) * sd / np.sqrt(own.size)
            if own.size >= LEAST
            else np.nan
        )
        rows.append((name, group, own.size, mean, sd, mean - reach, mean + reach))
    return rows


def _pairs(
    name: str, names: Sequence[Any], parts: Sequence[Array], ci: float, order: Sequence[Any] | None
) -> pd.DataFrame:
    rows = [
        {"construct": name, "group_1": names[i], "group_2": names[j], **_compared(parts[i], parts[j], ci)}
        for i, j in combinations(range(len(names)), 2)
    ]
    frame = pd.DataFrame(rows, columns=list(PAIRS))
    frame["p_holm"] = corrected(frame["p_value"].to_numpy(dtype=float))
    frame["expected"] = "+" if order is not None else ""
    one_sided = [_upper_tail(t, df) for t, df in zip(frame["t"], frame["df"], strict=True)]
    frame["p_one_sided"] = one_sided if order is not None else np.nan
    return frame


def _upper_tail(t: float, df: float) -> float:
    return float(stdtr(df, -t)) if np.isfinite(t) else float("nan")


def _compared(first: Array, second: Array, ci: float) -> dict[str, Any]:
    """Return Welch's t with limits and the effect sizes of two groups."""
    n_1, n_2 = first.size, second.size
    row: dict[str, Any] = {"n_1": n_1, "n_2": n_2, "note": ""}
    if min(n_1, n_2) < LEAST:
        return row | {"note": TOO_FEW}
    difference = float(second.mean() - first.mean())
    variances = first.var(ddof=1) / n_1, second.var(ddof=1) / n_2
    se = float(np.sqrt(sum(variances)))
    row |= {"difference": difference}
    if not se > 0:
        return row | {"note": NO_VARIANCE}
    df = sum(variances) ** 2 / (variances[0] ** 2 / (n_1 - 1) + variances[1] ** 2 / (n_2 - 1))
    reach = float(stdtrit(df, 0.5 + ci / 2)) * se
    t = difference / se
    pooled = np.sqrt(((n_1 - 1) * first.var(ddof=1) + (n_2 - 1) * second.var(ddof=1)) / (n_1 + n_2 - 2))
    d = cohen_d(difference, float(pooled), n_1, n_2, ci)
    g = d.times(hedges_factor(n_1 + n_2 - 2))
    return row | {
        "ci_lower": difference - reach,
        "ci_upper": difference + reach,
        **{"t": t, "df": float(df), "p_value": float(2.0 * stdtr(df, -abs(t)))},
        **{"cohen_d": d.value, "cohen_d_ci_lower": d.lower, "cohen_d_ci_upper": d.upper},
        **{"hedges_g": g.value, "hedges_g_ci_lower": g.lower, "hedges_g_ci_upper": g.upper},
    }


def _tests(name: str, parts: Sequence[Array], ci: float) -> dict[str, Any]:
    """Return the analysis of variance and Welch's test of all groups."""
    n, k = sum(own.size for own in parts), len(parts)
    row: dict[str, Any] = {"construct": name, "n": n, "n_groups": k, "note": ""}
    if min(own.size for own in parts) < LEAST:
        return row | {"note": TOO_FEW}
    means, sizes = np.array([own.mean() for own in parts]), np.array([own.size for own in parts])
    within = float(sum(((own - own.mean()) ** 2).sum() for own in parts))
    between = float((sizes * (means - (sizes * means).sum() / n) ** 2).sum())
    if not within > 1e-24 * max(float(np.square(means).sum()), 1e-300):
        return row | {"note": NO_VARIANCE}
    df_1, df_2 = k - 1, n - k
    noise = within / df_2
    f = between / df_1 / noise
    limits = [nc / (nc + n) for nc in noncentral_f_limits(f, df_1, df_2, ci)]
    return row | {
        **{"f": f, "df_1": df_1, "df_2": df_2, "p_value": float(fdtrc(df_1, df_2, f))},
        **{"eta_squared": between / (between + within), "eta_squared_ci_lower": limits[0]},
        "eta_squared_ci_upper": limits[1],
        "omega_squared": (between - df_1 * noise) / (between + within + noise),
        **_welch(parts),
    }


def _welch(parts: Sequence[Array]) -> dict[str, float]:
    """Return Welch's (1951) test of equal means; NaN where a group does not vary."""
    k = len(parts)
    sizes = np.array([own.size for own in parts], dtype=float)
    variances = np.array([own.var(ddof=1) for own in parts])
    if not (variances > 0).all():
        return {}
    w = sizes / variances
    means = np.array([own.mean() for own in parts])
    centre = (w * means).sum() / w.sum()
    lack = ((1 - w / w.sum()) ** 2 / (sizes - 1)).sum() / (k**2 - 1)
    f = (w * (means - centre) ** 2).sum() / ((k - 1) * (1 + 2 * (k - 2) * lack))
    df_2 = 1 / (3 * lack)
    return {
        **{"welch_f": float(f), "welch_df_1": float(k - 1), "welch_df_2": float(df_2)},
        "welch_p_value": float(fdtrc(k - 1, df_2, f)),
    }
