"""Split-half reliability: of one split, and of all or many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import Coefficient, correlations, total_of
from trustmeasure.reliability_analysis.estimates import How, estimated
from trustmeasure.reliability_analysis.formulas import horst, spearman_brown_formula
from trustmeasure.reliability_analysis.items import ItemMoments, item_moments, rows_used
from trustmeasure.reliability_analysis.splits import all_halves, contrast, half_count, sampled_halves

LABELS = {"ci_lower": "lower", "ci_upper": "upper", "n_items": "items"}
MOST = 10_000
"""Splits up to which all are looked at when nothing else is asked for."""
MEANING = (
    "spearman_brown: the correlation of the halves, stepped up; horst: the same for halves of unequal "
    "length; flanagan_rulon: 4 cov(A, B) / variance of the sum (also Rulon's and Guttman's); angoff_feldt: "
    "for halves of unequal true-score variance."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SplitHalf:
    """Split-half reliability of the sum of some items.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a coefficient of the chosen split: coefficient (correlation, spearman_brown, horst,
        flanagan_rulon, angoff_feldt), estimate, se, ci_lower, ci_upper.
    halves : pandas.DataFrame
        One row a half: half, items, n_items, mean, variance (of its sum; the mean is that of people's sums of
        item means).
    splits : pandas.Series
        Flanagan-Rulon coefficients over the splits into halves: n_splits, minimum, q025, median, mean, q975,
        maximum.
    best, worst : tuple of str
        One half of the split with the largest and the smallest coefficient.
    values : array
        The coefficient of each split looked at.
    exhaustive : bool
        Whether these are all splits.
    ci : float
        Level of the intervals.
    interval : str
        Where they come from.
    n_items, n_obs, n_rows : int
        Items, people used, rows given.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    halves: pd.DataFrame
    splits: pd.Series[float]
    best: tuple[str, ...]
    worst: tuple[str, ...]
    values: Array
    exhaustive: bool
    ci: float
    interval: str
    n_items: int
    n_obs: int
    n_rows: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the coefficients of the chosen split."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return coefficients, halves and splits with notes, to be shown as text or HTML."""
        kind = "All" if self.exhaustive else "Sampled"
        spread = self.splits.to_frame().T.astype({"n_splits": int})
        ends = f"Largest: {', '.join(self.best)} | the rest. Smallest: {', '.join(self.worst)} | the rest."
        return Summary(
            "Split-half reliability",
            [
                Table("Chosen split", self.frame, (*self.notes, MEANING), labels=LABELS),
                Table("Halves", self.halves, labels=LABELS),
                Table(f"{kind} splits into halves (Flanagan-Rulon)", spread, (ends,)),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def split_half(
    items: Any,
    ci: float = 0.95,
    *,
    half: Collection[str] | None = None,
    splits: int | None = None,
    missing: str = "pairwise",
    standardized: bool = False,
    interval: str = "adf",
    n_bootstrap: int = 1000,
    seed: int | None = None,
) -> SplitHalf:
    """Return the split-half reliability of the sum of some items, for one split and over many.

    One split is an accident: a scale has as many split-half coefficients as splits. So the coefficients of
    the chosen split come with the distribution of the Flanagan-Rulon coefficient over all splits into halves
    (whose mean is Cronbach's alpha when the number of items is even), or over a sample of them.

    Parameters
    ----------
    items : frame, 2-D array or mapping from name to column
        One row a person, one column an item, at least 2 of each; numbers, missing answers as NaN or null.
    ci : float
        Level of the intervals, between 0 and 1.
    half : collection of str, optional
        The items of the first half; the odd ones (first, third, ...) otherwise.
    splits : int, optional
        How many random splits to look at; by default all when there are at most 10,000 (up to 16 items), and
        10,000 otherwise.
    missing : {"pairwise", "listwise"}
        As in `cronbach_alpha`.
    standardized : bool
        Judge the sum of items brought to one variance.
    interval : str
        "adf" (asymptotically distribution-free), or a bootstrap of the rows: "percentile", "bc", "bca",
        "normal".
    n_bootstrap : int
        Draws of a bootstrap.
    seed : int, optional
        Seed of a bootstrap and of sampled splits.

    Returns
    -------
    SplitHalf
        `.frame` with a row a coefficient, `.halves`, `.splits`, `.best`, `.worst`, `.summary()`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed, `half` names an unknown item, or leaves nothing for the other half.
    DataError
        As `cronbach_alpha`, or if a half has no variance.

    References
    ----------
    Horst, P. (1951). Estimating total test reliability from parts of unequal length. Educational and
    Psychological Measurement, 11(3), 368-371.

    Feldt, L. S., & Charter, R. A. (2003). Estimating the reliability of a test split into two parts of equal
    or unequal length. Psychological Methods, 8(1), 102-109.

    Notes
    -----
    With r the correlation of the halves, p and q their shares of the items: spearman_brown = 2r / (1 + r);
    horst = r (sqrt(r^2 + 4pq(1 - r^2)) - r) / (2pq(1 - r^2)); flanagan_rulon = 4 cov(A, B) / T; angoff_feldt
    = 4 cov(A, B) / (T - (var A - var B)^2 / T). Checked against: psych 2.2.9, `splitHalf`
    (tests/reference/reliability/guttman.R).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(200, 1)) + rng.normal(size=(200, 6))
    >>> found = split_half(answers)
    >>> int(found.splits["n_splits"]), found.halves["items"].tolist()
    (10, ['x1, x3, x5', 'x2, x4, x6'])
    """
    how = How.checked(interval, ci, n_bootstrap, seed)
    moments = item_moments(items, missing)
    chosen = _chosen(moments.names, half)
    cov = correlations(moments.cov[None])[0] if standardized else moments.cov
    _require_varied(cov, chosen, moments.names)
    made = [c.standardized() if standardized else c for c in coefficients_of_split(chosen)]
    found = estimated(moments.values, moments.cov, made, how)
    signs, exhaustive = _splits(len(moments.names), splits, seed)
    values = _flanagan(cov, signs)
    ends = [_half(moments.names, signs, at) for at in (values.argmax(), values.argmin())]
    return SplitHalf(
        frame=found.to_frame(),
        halves=_halves(moments, cov, chosen),
        splits=_distribution(values),
        best=ends[0],
        worst=ends[1],
        values=values,
        exhaustive=exhaustive,
        ci=ci,
        interval=interval,
        n_items=len(moments.names),
        n_obs=moments.n_obs,
        n_rows=moments.n_rows,
        notes=(how.words, rows_used(moments, missing), *found.notes),
    )


def _chosen(names: Sequence[str], half: Collection[str] | None) -> npt.NDArray[np.bool_]:
    """Return which items are in the first half."""
    if half is None:
        return np.asarray(np.arange(len(names)) % 2 == 0)
    wanted = [half] if isinstance(half, str) else list(half)
    for name in wanted:
        if name not in names:
            raise ArgumentError(f"half: '{name}' is not an item. {suggestion(str(name), list(names))}")
    found = np.isin(names, wanted)
    if found.all() or not found.any():
        raise ArgumentError("half: name some of the items, and leave others for the second half.")
    return np.asarray(found)


def _require_varied(cov: Array, first: npt.NDArray[np.bool_], names: Sequence[str]) -> None:
    total = float(total_of(cov[None])[0])
    for part in (first, ~first):
        inside = cov[np.ix_(part, part)]
        if np.isnan(total) or not inside.sum() > 1e-12 * np.trace(inside):
            shown = ", ".join(name for name, flag in zip(names, part, strict=True) if flag)
            raise DataError(
                f"The sum of {'all items' if np.isnan(total) else shown} has no variance: items cancel each "
                "other out. Turn the items that are worded the other way round, or choose another half."
            )


def coefficients_of_split(first: npt.NDArray[np.bool_]) -> tuple[Coefficient, ...]:
    """Return the coefficients of one split as functions of the covariance matrix."""
    share = float(first.mean())

    def of_parts(name: str, function: Any) -> Coefficient:
        return Coefficient(
            name,
            lambda covs: function(*_parts(covs, first)),
            lambda cov: _slope_of_parts(function, cov, first),
        )

    return (
        of_parts("correlation", _correlation),
        of_parts("spearman_brown", lambda a, b, ab: spearman_brown_formula(_correlation(a, b, ab), 2.0)),
        of_parts("horst", lambda a, b, ab: horst(_correlation(a, b, ab), share)),
        of_parts("flanagan_rulon", lambda a, b, ab: 4.0 * ab / (a + b + 2.0 * ab)),
        of_parts("angoff_feldt", _angoff_feldt),
    )


def _parts(covs: Array, first: npt.NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Return the variances of both halves, and their covariance, shape (b,) each."""
    a, b = first.astype(float), 1.0 - first
    first_one, second, across = (np.einsum("i,bij,j->b", x, covs, y) for x, y in ((a, a), (b, b), (a, b)))
    return first_one, second, across


def _slope_of_parts(function: Any, cov: Array, first: npt.NDArray[np.bool_]) -> Array:
    parts = np.array([float(x[0]) for x in _parts(cov[None], first)])
    moved = parts + 1e-20j * np.eye(3)
    by_a, by_b, by_ab = np.imag(function(*moved.T)) / 1e-20
    a, b = first.astype(float), 1.0 - first
    across = np.outer(a, b)
    return np.asarray(by_a * np.outer(a, a) + by_b * np.outer(b, b) + by_ab * (across + across.T) / 2.0)


def _correlation(a: Any, b: Any, ab: Any) -> Any:
    return ab / np.sqrt(a * b)


def _angoff_feldt(a: Any, b: Any, ab: Any) -> Any:
    total = a + b + 2.0 * ab
    return 4.0 * ab / (total - (a - b) ** 2 / total)


def _splits(k: int, splits: int | None, seed: int | None) -> tuple[Array, bool]:
    """Return signs of the splits into halves to look at, and whether these are all."""
    if splits is None and half_count(k) <= MOST:
        return np.concatenate(list(all_halves(k))), True
    return sampled_halves(k, MOST if splits is None else at_least("splits", splits, 1), seed), False


def _flanagan(cov: Array, signs: Array) -> Array:
    return np.asarray(1.0 - contrast(cov[None], signs)[0] / cov.sum())


def _half(names: Sequence[str], signs: Array, at: np.intp) -> tuple[str, ...]:
    return tuple(name for name, sign in zip(names, signs[at], strict=True) if sign > 0)


def _distribution(values: Array) -> pd.Series[float]:
    low, middle, high = np.quantile(values, [0.025, 0.5, 0.975])
    spread = {"minimum": values.min(), "q025": low, "median": middle, "mean": values.mean()}
    return pd.Series({"n_splits": float(len(values)), **spread, "q975": high, "maximum": values.max()})


def _halves(moments: ItemMoments, cov: Array, first: npt.NDArray[np.bool_]) -> pd.DataFrame:
    rows = []
    for number, part in enumerate((first, ~first), 1):
        inside = [name for name, flag in zip(moments.names, part, strict=True) if flag]
        mean, variance = moments.mean[part].sum(), cov[np.ix_(part, part)].sum()
        rows.append((number, ", ".join(inside), len(inside), float(mean), float(variance)))
    return pd.DataFrame(rows, columns=["half", "items", "n_items", "mean", "variance"])
