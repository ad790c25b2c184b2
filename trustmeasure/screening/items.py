"""What every item looks like: distribution, moments, floor and ceiling, easiness, discrimination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.frames import Array
from trustmeasure.screening.asked import Asked, Codes, asked_of
from trustmeasure.screening.rows import pairwise_covariances

COLUMNS = (
    "scale", "item", "n", "missing", "share_missing", "mean", "sd", "skew", "kurtosis", "least", "greatest",
    "lowest_code", "highest_code", "categories_used", "floor", "ceiling", "easiness", "item_rest",
    "upper_lower", "note",
)  # fmt: skip
MOST_CODES = 25
"""Different answers from which on an item is not counted answer by answer."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ItemStatistics:
    """Statistics of items, one row an item, and the distribution of their answers.

    Attributes
    ----------
    items : pandas.DataFrame
        scale (empty when it belongs to none), item, n (answers), missing, share_missing, mean, sd, skew,
        kurtosis (excess), least and greatest (answers given), lowest_code and highest_code (answers
        possible), categories_used, floor and ceiling (share of the answers at the lowest and the highest
        code), easiness, item_rest, upper_lower, note.
    distribution : pandas.DataFrame
        One row an item and answer: item, code, n, share (of the answers). Items with more than 25 different
        answers are left out.
    groups : float
        Share of people in the upper and the lower group.
    n_rows : int
        Rows.
    """

    items: pd.DataFrame
    distribution: pd.DataFrame
    groups: float
    n_rows: int

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of items."""
        return self.items.copy()

    def summary(self) -> Summary:
        """Return the table of items for reading, in two parts."""
        notes = [f"{item}: {note}" for item, note in self.items[["item", "note"]].to_numpy() if note]
        first = ["item", "n", "missing", "mean", "sd", "skew", "kurtosis", "least", "greatest"]
        second = ["scale", "item", "floor", "ceiling", "easiness", "item_rest", "upper_lower"]
        said = (
            "floor, ceiling: share of answers at the lowest and highest code. easiness: mean as a share of "
            "the possible range. item_rest: correlation with the other items of the scale. upper_lower: "
            f"difference in easiness between the upper and the lower {100 * self.groups:g} % of people on "
            "those items."
        )
        return Summary(
            "Items",
            [
                Table("Answers", self.items[first]),
                Table("Range and discrimination", self.items[second], (said, *notes)),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def item_statistics(
    data: Any,
    *,
    items: Sequence[str] | None = None,
    scales: Mapping[str, Sequence[str]] | None = None,
    codes: Codes | None = None,
    groups: float = 0.27,
) -> ItemStatistics:
    """Return what every item looks like: moments, floor and ceiling, easiness, discrimination.

    Skew and excess kurtosis are the estimates G1 and G2 (as in SPSS and SAS; Joanes & Gill 1998). Easiness is
    (mean - lowest code) / (highest code - lowest code), the counterpart of an item's difficulty in tests.
    Discrimination is shown in two ways: `item_rest`, the correlation with the sum of the other items of the
    scale (pairwise covariances, as in `cronbach_alpha`), and `upper_lower`, the easiness among the people
    with the highest mean on those other items minus that among the lowest; 27 % is the share that Kelley
    (1939) showed to be best under normality. People with the same mean as the last one belong to the group
    too. What alpha is without an item stands in `cronbach_alpha(...).items`.

    Parameters
    ----------
    data : Responses, frame, 2-D array, or mapping of name to frame of items
        Answers, one row a respondent, reverse-worded items turned.
    items : sequence of str, optional
        The items; all otherwise.
    scales : mapping of name to list of items, optional
        What belongs together; responses and mappings bring their own. Without scales the items of a frame
        are one.
    codes : pair, or mapping of item to pair, optional
        Lowest and highest code of a frame's items; the smallest and largest answer of all otherwise.
    groups : float
        Share of people in the upper and the lower group, above 0 up to 0.5.

    Returns
    -------
    ItemStatistics
        `.items`, `.distribution`, `.summary()`. A number that does not exist is NaN, and `note` says why.

    Raises
    ------
    ArgumentError
        For a name that is no item, or `groups` out of its range.
    DataError
        For data without rows or items, text in an item, or answers outside `codes`.

    References
    ----------
    Joanes, D. N., & Gill, C. A. (1998). Comparing measures of sample skewness and kurtosis. Journal of the
    Royal Statistical Society D, 47(1), 183-189.

    Kelley, T. L. (1939). The selection of upper and lower groups for the validation of test items. Journal of
    Educational Psychology, 30(1), 17-24.

    Notes
    -----
    psych's `describe` shows other estimates of skew and kurtosis unless `type = 2` is asked for. Checked
    against: psych 2.2.9, `describe(type = 2)` and `alpha` (tests/reference/screening/items.R).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 4, 5], "b": [1, 3, 4, 5], "c": [2, 2, 5, 4]})
    >>> table = item_statistics(answers, codes=(1, 5)).items
    >>> table["easiness"].tolist(), table["item_rest"].round(3).tolist()
    ([0.5, 0.5625, 0.5625], [0.974, 0.899, 0.81])
    """
    if not 0 < groups <= 0.5:
        in_range("groups", groups, 0.0, 0.5)
    return statistics_of(asked_of(data, items=items, scales=scales, codes=codes), groups)


def statistics_of(asked: Asked, groups: float) -> ItemStatistics:
    """Return the statistics of answers that were made ready."""
    scales = dict(asked.scales) or {"": tuple(range(len(asked.items)))}
    owner = {item: name for name, members in scales.items() for item in members}
    rest = {item: pair for members in scales.values() for item, pair in _against(asked, members, groups)}
    rows = [
        _row(asked, item, owner.get(item, ""), *rest.get(item, (np.nan, np.nan)))
        for item in range(len(asked.items))
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return ItemStatistics(frame, _distribution(asked), groups, len(asked.index))


def _row(asked: Asked, item: int, scale: str, item_rest: float, upper_lower: float) -> dict[str, Any]:
    values = asked.turned[:, item]
    seen = values[np.isfinite(values)]
    n, low, high = seen.size, asked.lowest[item], asked.highest[item]
    mean = float(seen.mean()) if n else np.nan
    return {
        "scale": scale,
        "item": asked.items[item],
        "n": n,
        "missing": len(values) - n,
        "share_missing": 1.0 - n / len(values),
        "mean": mean,
        "sd": float(seen.std(ddof=1)) if n > 1 else np.nan,
        "skew": skewness(seen),
        "kurtosis": excess_kurtosis(seen),
        "least": float(seen.min()) if n else np.nan,
        "greatest": float(seen.max()) if n else np.nan,
        "lowest_code": low,
        "highest_code": high,
        "categories_used": np.unique(seen).size,
        "floor": float((seen == low).mean()) if n else np.nan,
        "ceiling": float((seen == high).mean()) if n else np.nan,
        "easiness": (mean - low) / (high - low) if n and high > low else np.nan,
        "item_rest": item_rest,
        "upper_lower": upper_lower,
        "note": _note(seen),
    }


def _note(seen: Array) -> str:
    if seen.size == 0:
        return "No answers."
    return "The same answer in all rows." if np.ptp(seen) == 0 and seen.size > 1 else ""


def skewness(x: Array) -> float:
    """Return G1 = sqrt(n (n - 1)) / (n - 2) * m3 / m2^1.5; NaN below 3 answers or without variation."""
    n = x.size
    if n < 3 or np.ptp(x) == 0:
        return float("nan")
    away = (x - x.mean()) / x.std()
    return float(np.sqrt(n * (n - 1.0)) / (n - 2.0) * np.mean(away**3))


def excess_kurtosis(x: Array) -> float:
    """Return G2 = (n - 1) / ((n - 2) (n - 3)) * ((n + 1) g2 + 6); NaN below 4 answers or if all are alike."""
    n = x.size
    if n < 4 or np.ptp(x) == 0:
        return float("nan")
    g2 = np.mean(((x - x.mean()) / x.std()) ** 4) - 3.0
    return float((n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * g2 + 6.0))


def _against(asked: Asked, members: Sequence[int], groups: float) -> list[tuple[int, tuple[float, float]]]:
    """Return item-rest correlation and upper-lower difference of each item of a scale."""
    if len(members) < 2:
        return []
    r = _item_rest(asked.turned[:, members])
    shares = asked.shares(asked.turned[:, members], members)
    return [(item, (float(r[k]), _upper_lower(shares, k, groups))) for k, item in enumerate(members)]


def _item_rest(values: Array) -> Array:
    """Return the correlation of each column with the sum of the others, from pairwise covariances."""
    cov = pairwise_covariances(values)
    variance, total = np.diag(cov), cov.sum(axis=1)
    rest = cov.sum() - 2 * total + variance
    size = variance * rest
    usable = size > 1e-12 * max(np.nan_to_num(np.trace(cov)), 0.0) ** 2
    return np.where(usable, (total - variance) / np.sqrt(np.where(usable, size, 1.0)), np.nan)


def _upper_lower(shares: Array, item: int, groups: float) -> float:
    """Return the easiness of an item in the upper minus that in the lower group on the other items."""
    others = np.delete(shares, item, axis=1)
    there = np.isfinite(others)
    n = there.sum(axis=1)
    known = (n > 0) & np.isfinite(shares[:, item])
    if known.sum() < 2:
        return float("nan")
    level = (np.where(there, others, 0.0).sum(axis=1) / np.maximum(n, 1))[known]
    own = shares[known, item]
    upper, lower = _ends_of(level, groups)
    return float("nan") if (upper & lower).any() else float(own[upper].mean() - own[lower].mean())


def _ends_of(level: Array, groups: float) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return who is in the upper and who in the lower group; equal means belong together."""
    level = np.round(level, 12)
    size = max(int(np.ceil(groups * level.size - 1e-9)), 1)
    ranked = np.sort(level)
    return level >= ranked[-size], level <= ranked[size - 1]


def _distribution(asked: Asked) -> pd.DataFrame:
    rows = []
    for i, item in enumerate(asked.items):
        seen = asked.turned[np.isfinite(asked.turned[:, i]), i]
        codes, n = np.unique(seen, return_counts=True)
        possible = _possible(codes, asked.lowest[i], asked.highest[i])
        counted = dict(zip(codes.tolist(), n.tolist(), strict=True))
        rows += [(item, code, counted.get(code, 0), counted.get(code, 0) / seen.size) for code in possible]
    return pd.DataFrame(rows, columns=["item", "code", "n", "share"])


def _possible(codes: Array, low: float, high: float) -> list[float]:
    """Return the codes of an item, with those that nobody chose where all are whole numbers."""
    if codes.size == 0 or codes.size > MOST_CODES:
        return []
    whole = bool((codes == np.round(codes)).all()) and low == round(low) and high == round(high)
    if not whole or high - low >= MOST_CODES:
        return [float(code) for code in codes]
    return [float(code) for code in np.arange(min(low, codes[0]), max(high, codes[-1]) + 1)]
