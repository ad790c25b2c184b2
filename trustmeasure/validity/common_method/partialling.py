"""Correlations without what they share with a marker variable, or with social desirability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array
from trustmeasure.validity.common_method.collinearity import scores_of
from trustmeasure.validity.correlation_tests import fisher_limits

LEVELS = (0.75, 0.90, 0.95, 0.99)
"""Levels of the limits of the marker correlation that are tried (Malhotra et al. 2006)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PartialCorrelations:
    """Correlations before and after a third variable was taken out.

    Attributes
    ----------
    kind : {"marker", "social desirability"}
        What was taken out.
    variable : str
        Its name; empty when the smallest correlation stands for a marker.
    r_method : float
        The correlation that is taken out of all (marker); NaN for partial correlations.
    n_obs : int
        People with all scores.
    table : pandas.DataFrame
        One row a pair: construct_1, construct_2, r, p_value, adjusted, adjusted_p_value, change, and whether
        the sign or the significance at .05 changed (`changed`).
    with_method : pandas.DataFrame
        construct, r (with the variable taken out), p_value.
    sensitivity : pandas.DataFrame
        For a marker: level, r_method (upper limit of its correlation), and for each pair the adjusted
        correlation and its p value: construct_1, construct_2, adjusted, adjusted_p_value.
    notes : tuple of str
        What a reader must know.
    """

    kind: str
    variable: str
    r_method: float
    n_obs: int
    table: pd.DataFrame
    with_method: pd.DataFrame
    sensitivity: pd.DataFrame
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of pairs."""
        return self.table.copy()

    def summary(self) -> Summary:
        """Return the correlations before and after, for reading."""
        parts: list[Table | str] = [Table("Correlations", self.table)]
        if len(self.with_method):
            parts.append(Table(f"Correlations with {self.variable}", self.with_method))
        if len(self.sensitivity):
            parts.append(Table("With larger marker correlations", self.sensitivity))
        return Summary(f"Correlations without the {self.kind}", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def marker_correlation(
    data: Any,
    constructs: Any = None,
    *,
    marker: str | None = None,
    rank: int = 1,
    ci: float = 0.95,
) -> PartialCorrelations:
    """Return correlations adjusted by a marker variable (Lindell & Whitney 2001).

    r_adjusted = (r - r_M) / (1 - r_M), tested with t = r_adjusted / sqrt((1 - r_adjusted squared) / (n - 3)).
    r_M is the smallest correlation (not negative) of the marker with a construct. Without a marker
    the smallest (or with `rank=2` the second smallest) correlation among the constructs stands for it, which
    is a weaker substitute: it must be chosen after the data were seen.

    Parameters
    ----------
    data : Responses, frame, or mapping of name to frame of items
        Answers or, of a frame without `constructs`, scores.
    constructs : mapping of name to columns, optional
        What belongs together, for a frame; the marker is one of them.
    marker : str, optional
        The construct that has nothing to do with the others in theory.
    rank : {1, 2}
        Without a marker: which of the smallest correlations stands for it.
    ci : float
        Level that `changed` looks at: 1 - ci is the significance level.

    Returns
    -------
    PartialCorrelations
        `.table`, `.r_method`, `.with_method`, `.sensitivity` (with the upper limits of r_M at 75, 90, 95 and
        99 %), `.summary()`.

    Raises
    ------
    ArgumentError
        For an unknown marker, fewer than 2 constructs besides it, or `rank` out of range.
    DataError
        For text in a column, or fewer than 5 people with all scores.

    References
    ----------
    Lindell, M. K., & Whitney, D. J. (2001). Accounting for common method variance in cross-sectional research
    designs. Journal of Applied Psychology, 86(1), 114-121.

    Malhotra, N. K., Kim, S. S., & Patil, A. (2006). Common method variance in IS research: A comparison of
    alternative approaches and a reanalysis of past research. Management Science, 52(12), 1865-1883.

    Notes
    -----
    Assumes that the method moves all variables alike. Checked against: the formulas in R
    (tests/reference/method_bias/partial.R).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> scores = pd.DataFrame(rng.normal(size=(500, 3)), columns=["trust", "loyalty", "colour"])
    >>> found = marker_correlation(scores + 0.5 * rng.normal(size=(500, 1)), marker="colour")
    >>> bool(abs(found.table["adjusted"].iloc[0]) < found.table["r"].iloc[0])
    True
    """
    in_range("ci", ci, 0.0, 1.0)
    scores = _complete(scores_of(data, constructs), marker, "marker")
    names = [name for name in scores.columns if name != marker]
    corr = np.corrcoef(scores[[*names, *([marker] if marker else [])]].to_numpy(dtype=float), rowvar=False)
    n, k = len(scores), len(names)
    r_method, notes = _smallest(corr, k, marker, rank)
    pairs = [(i, j) for i in range(k) for j in range(i)]
    table = _table(names, corr, pairs, lambda r: adjusted(r, r_method), n, 1.0 - ci)
    with_method = _with(names, corr[k, :k], n) if marker else _with([], np.zeros(0), n)
    larger = _sensitivity(names, corr, pairs, r_method, n)
    return PartialCorrelations("marker", marker or "", r_method, n, table, with_method, larger, notes)


def social_desirability(
    data: Any, constructs: Any = None, *, scale: str, ci: float = 0.95
) -> PartialCorrelations:
    """Return correlations without what they share with a scale of social desirability.

    The partial correlation (r_xy - r_xs r_ys) / sqrt((1 - r_xs squared) (1 - r_ys squared)) of each pair,
    tested with n - 3 degrees of freedom, beside the plain one and the correlations with the scale.

    Parameters
    ----------
    data : Responses, frame, or mapping of name to frame of items
        Answers or, of a frame without `constructs`, scores.
    constructs : mapping of name to columns, optional
        What belongs together, for a frame.
    scale : str
        The construct (or column) that measures social desirability.
    ci : float
        Level that `changed` looks at: 1 - ci is the significance level.

    Returns
    -------
    PartialCorrelations
        `.table`, `.with_method`, `.summary()`.

    Raises
    ------
    ArgumentError
        For an unknown scale, or fewer than 2 constructs besides it.
    DataError
        For text in a column, or fewer than 5 people with all scores.

    References
    ----------
    Podsakoff, P. M., MacKenzie, S. B., Lee, J.-Y., & Podsakoff, N. P. (2003). Common method biases in
    behavioral research: A critical review of the literature and recommended remedies. Journal of Applied
    Psychology, 88(5), 879-903.

    Notes
    -----
    Takes out what is substantive too, where the trait itself goes with social desirability, and nothing of
    any other source of method variance. Checked against: residuals of R's `lm`
    (tests/reference/method_bias/partial.R).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> bias = rng.normal(size=(500, 1))
    >>> scores = pd.DataFrame(rng.normal(size=(500, 2)) + bias, columns=["trust", "loyalty"]).assign(sd=bias)
    >>> found = social_desirability(scores, scale="sd")
    >>> bool(found.table["r"].iloc[0] > 0.4), bool(abs(found.table["adjusted"].iloc[0]) < 0.1)
    (True, True)
    """
    in_range("ci", ci, 0.0, 1.0)
    scores = _complete(scores_of(data, constructs), scale, "scale")
    names = [name for name in scores.columns if name != scale]
    corr = np.corrcoef(scores[[*names, scale]].to_numpy(dtype=float), rowvar=False)
    n, k = len(scores), len(names)
    pairs = [(i, j) for i in range(k) for j in range(i)]
    own = corr[:k, :k]
    part = np.array([_partial(own[i, j], corr[i, k], corr[j, k]) for i, j in pairs])
    table = _joined(names, own, pairs, part, n, 1.0 - ci)
    with_method = _with(names, corr[k, :k], n)
    return PartialCorrelations(
        "social desirability", scale, float("nan"), n, table, with_method, _nothing(), ()
    )


def adjusted(r: float, r_method: float) -> float:
    """Return (r - r_M) / (1 - r_M); NaN where r_M is 1."""
    return (r - r_method) / (1.0 - r_method) if r_method < 1.0 else float("nan")


def _partial(r: float, a: float, b: float) -> float:
    size = (1.0 - a * a) * (1.0 - b * b)
    return (r - a * b) / float(np.sqrt(size)) if size > 1e-20 else float("nan")


def _complete(scores: pd.DataFrame, taken: str | None, argument: str) -> pd.DataFrame:
    """Return the people with all scores, after all scores were found to be there and to vary."""
    known = [str(name) for name in scores.columns]
    if taken is not None and taken not in known:
        raise ArgumentError(f"{argument}='{taken}' is no construct of the data. {suggestion(taken, known)}")
    if len(known) - (taken is not None) < 2:
        raise ArgumentError(
            f"At least 2 constructs besides the {argument} are needed; there are {len(known)} in all."
        )
    complete = scores.dropna()
    if len(complete) < 5:
        raise DataError(f"Only {len(complete)} rows have a score on every construct; at least 5 are needed.")
    same = [name for name in known if np.ptp(complete[name].to_numpy(dtype=float)) == 0]
    if same:
        raise DataError(f"The same score in all rows: {', '.join(same)}. Leave it out.")
    return complete


def _smallest(corr: Array, k: int, marker: str | None, rank: int) -> tuple[float, tuple[str, ...]]:
    """Return the correlation that is taken out, and what to say about it."""
    if isinstance(rank, bool) or rank not in (1, 2):
        raise ArgumentError(f"rank={rank!r}: it must be 1 or 2.")
    candidates = np.sort(corr[k, :k] if marker else corr[np.tril_indices(k, -1)])
    positive = candidates[candidates >= 0]
    chosen = 1 if marker else rank
    notes = (
        [] if marker else ["No marker: the smallest correlations were taken for it after the data were seen."]
    )
    if positive.size < chosen:
        return 0.0, (
            *notes,
            "Too few correlations are positive, so 0 is taken for the marker's: nothing changes.",
        )
    return float(positive[chosen - 1]), tuple(notes)


def _table(
    names: Sequence[str], corr: Array, pairs: Sequence[tuple[int, int]], change: Any, n: int, level: float
) -> pd.DataFrame:
    return _joined(names, corr, pairs, np.array([change(corr[i, j]) for i, j in pairs]), n, level)


def _joined(
    names: Sequence[str], corr: Array, pairs: Sequence[tuple[int, int]], after: Array, n: int, level: float
) -> pd.DataFrame:
    r = np.array([corr[i, j] for i, j in pairs])
    before, later = _p(r, n - 2), _p(after, n - 3)
    return pd.DataFrame(
        {
            "construct_1": [names[j] for _, j in pairs],
            "construct_2": [names[i] for i, _ in pairs],
            "r": r,
            "p_value": before,
            "adjusted": after,
            "adjusted_p_value": later,
            "change": after - r,
            "changed": (np.sign(r) != np.sign(after)) & (before < level)
            | ((before < level) != (later < level)),
        }
    )


def _p(r: Array, df: int) -> Array:
    """Return two-sided p values of correlations; 0 for perfect ones, NaN outside of -1 to 1."""
    from scipy.stats import t

    inside = np.abs(r) < 1.0
    size = np.where(inside, 1.0 - r**2, 1.0)
    p = 2.0 * t.sf(np.abs(np.where(inside, r, 0.0)) * np.sqrt(df / size), df)
    return np.where(inside, p, np.where(np.abs(r) == 1.0, 0.0, np.nan))


def _with(names: Sequence[str], r: Array, n: int) -> pd.DataFrame:
    return pd.DataFrame({"construct": list(names), "r": r, "p_value": _p(r, n - 2)})


def _nothing() -> pd.DataFrame:
    names = ["level", "r_method", "construct_1", "construct_2", "adjusted", "adjusted_p_value"]
    return pd.DataFrame(columns=names)


def _sensitivity(
    names: Sequence[str], corr: Array, pairs: Sequence[tuple[int, int]], r_method: float, n: int
) -> pd.DataFrame:
    """Return the adjusted correlations with upper limits of the marker's correlation (Fisher's z)."""
    rows = []
    for level in LEVELS:
        upper = fisher_limits(min(r_method, 1 - 1e-12), n, level)[1]
        after = np.array([adjusted(corr[i, j], upper) for i, j in pairs])
        for (i, j), value, p in zip(pairs, after, _p(after, n - 3), strict=True):
            rows.append((level, upper, names[j], names[i], value, p))
    return pd.DataFrame(rows, columns=_nothing().columns)
