"""The criterion of Fornell and Larcker: average variance extracted beside squared correlations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.sem import Bootstrap
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty
from trustmeasure.validity.measured import Factor, Measured, Numbers, measured
from trustmeasure.validity.variance_extracted import ave_frame

CONSTRUCTS = ("group", "construct", "ave", "root_ave", "msv", "asv", "largest_with")
LABELS = {
    "ave": "AVE",
    "root_ave": "√AVE",
    "msv": "MSV",
    "asv": "ASV",
    "largest_with": "largest with",
    "construct_1": "construct",
    "construct_2": "and",
    "squared_correlation": "shared variance",
    "smaller_ave": "smaller AVE",
    "fl_difference": "smaller AVE − shared",
    "fl_ci_lower": "lower",
    "fl_ci_upper": "upper",
}
MEANING = "Diagonal: √AVE. Below it: correlations of the constructs, which it should exceed."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class FornellLarcker:
    """Average variance extracted beside what constructs share.

    Attributes
    ----------
    constructs : pandas.DataFrame
        One row a group and construct: group, construct, ave, root_ave, msv (largest squared correlation with
        another construct), asv (mean of them), largest_with.
    pairs : pandas.DataFrame
        One row a group and pair: group, construct_1, construct_2, correlation, squared_correlation,
        smaller_ave, fl_difference (smaller AVE less squared correlation: above 0 the criterion holds),
        fl_ci_lower, fl_ci_upper.
    ci : float
        Level of the intervals.
    interval : str
        Where they come from.
    notes : tuple of str
        What a reader must know.
    """

    constructs: pd.DataFrame
    pairs: pd.DataFrame
    ci: float
    interval: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of pairs."""
        return self.pairs.copy()

    def matrix(self, group: str = "") -> pd.DataFrame:
        """Return the square roots of AVE on the diagonal, correlations below it, squared ones above it.

        Parameters
        ----------
        group : str
            Label of the group, in a fit with groups.
        """
        rows = self.constructs[self.constructs["group"] == group]
        names = rows["construct"].tolist()
        found = pd.DataFrame(np.diag(rows["root_ave"].to_numpy(dtype=float)), index=names, columns=names)
        for pair in self.pairs[self.pairs["group"] == group].to_dict("records"):
            i, j = (names.index(pair[name]) for name in ("construct_1", "construct_2"))
            found.iloc[max(i, j), min(i, j)] = pair["correlation"]
            found.iloc[min(i, j), max(i, j)] = pair["squared_correlation"]
        return found

    def summary(self) -> Summary:
        """Return the matrix of each group and the table of pairs, to be shown as text or HTML."""
        parts: list[Table | str] = []
        for group in dict.fromkeys(self.constructs["group"]):
            square = self.matrix(group)
            low = np.tril(np.ones(square.shape, dtype=bool))
            title = f"Fornell-Larcker{f' ({group})' if group else ''}"
            parts.append(Table(title, square.where(low).rename_axis("construct"), (MEANING,)))
        said = f"{100 * self.ci:g} % intervals: {self.interval}."
        one = not self.pairs["group"].astype(bool).any()
        pairs = self.pairs.drop(columns="group") if one else self.pairs
        parts.append(Table("Shared variance", pairs, (said, *self.notes), labels=LABELS))
        return Summary("Fornell-Larcker criterion", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def fornell_larcker(
    model: Any,
    data: Any = None,
    *,
    ci: float = 0.95,
    bootstrap: Bootstrap | None = None,
    interval: str | None = None,
    **options: Any,
) -> FornellLarcker:
    r"""Return average variances extracted beside squared correlations of the constructs.

    By this criterion two constructs differ when each accounts for more of its items' variance (AVE) than the
    two share (their squared correlation). It compares quantities of different kinds and often misses what the
    other criteria find; reviewers ask for it all the same.

    Parameters
    ----------
    model, data, bootstrap, interval, **options
        As for `average_variance_extracted`.
    ci : float
        Level of the intervals.

    Returns
    -------
    FornellLarcker
        `.constructs`, `.pairs`, `.matrix()`, `.summary()`. A factor and its own dimensions are not compared.

    Raises
    ------
    ArgumentError
        If there are fewer than two factors, or the arguments do not go together.

    References
    ----------
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables
    and measurement error. Journal of Marketing Research, 18(1), 39-50.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> text = "a =~ .8*a1 + .7*a2 + .8*a3\nb =~ .7*b1 + .9*b2 + .8*b3\na ~~ .5*b"
    >>> fit = tm.fit_sem("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3", tm.simulate(text, 300, seed=1))
    >>> tm.fornell_larcker(fit).matrix().round(2).values.tolist()
    [[0.61, 0.17], [0.41, 0.63]]
    """
    in_range("ci", ci, 0.0, 1.0)
    found = measured(model, data, least=2, **options)
    return fornell_of(found, ci, bootstrap=bootstrap, interval=interval)


def fornell_of(
    found: Measured, ci: float, *, bootstrap: Bootstrap | None = None, interval: str | None = None
) -> FornellLarcker:
    """Return the record of a model that was fitted already."""
    by = Uncertainty.of(found.result, interval, ci, bootstrap=bootstrap)
    return beside(found, by, ave_frame(found, found.factors, by, scale="standardized", variance="model"))


def beside(found: Measured, by: Uncertainty, aves: pd.DataFrame) -> FornellLarcker:
    """Return average variances extracted that are known already beside squared correlations."""
    pairs = _pairs(found, by, aves)
    notes = [f"{r['construct']}: {r['note']}" for r in aves.to_dict("records") if r["note"]]
    return FornellLarcker(_constructs(aves, pairs), pairs, by.ci, by.interval, (*found.notes, *notes))


def compared(pair: tuple[Factor, Factor]) -> bool:
    """Return whether two factors are compared: none is a dimension of the other."""
    first, second = pair
    return second.name not in first.below and first.name not in second.below


def _pairs(found: Measured, by: Uncertainty, aves: pd.DataFrame) -> pd.DataFrame:
    rams = [group.ram for group in found.result.groups]
    theta = found.result.theta[None]
    which = np.array([compared((a, b)) for _, a, b in found.pair_rows], dtype=bool)
    correlation = np.where(which, np.real(found.correlations(rams, theta))[0], np.nan)
    values = aves.set_index(["group", "construct"])["ave"]
    both = np.array(
        [[values[label, found.name(f.name)] for f in (a, b)] for label, a, b in found.pair_rows], dtype=float
    ).reshape(-1, 2)
    smaller = both.argmin(axis=1)
    margin = both.min(axis=1) - correlation**2
    function = _Margin(found, smaller)
    lower, upper = _limits(by, function, margin)
    names = [(label, found.name(a.name), found.name(b.name)) for label, a, b in found.pair_rows]
    frame = pd.DataFrame(names, columns=["group", "construct_1", "construct_2"])
    numbers = {
        "correlation": correlation,
        "squared_correlation": correlation**2,
        "smaller_ave": both.min(axis=1),
        "fl_difference": margin,
        "fl_ci_lower": lower,
        "fl_ci_upper": upper,
    }
    return frame.assign(**numbers)[which]


def _limits(by: Uncertainty, function: Any, margin: Any) -> tuple[Any, Any]:
    spread = by.of_function(function, margin)
    known = ~np.isnan(margin)
    return np.where(known, spread.lower, np.nan), np.where(known, spread.upper, np.nan)


@dataclass(frozen=True, slots=True)
class _Margin:
    """The smaller AVE of each pair less its squared correlation, as a function of the parameters."""

    found: Measured
    smaller: Any

    def __call__(self, rams: Sequence[Ram], theta: Numbers) -> Numbers:
        loadings, k = self.found.loadings(rams, theta), len(self.found.factors)
        sizes = [len(factor.indicators) for _ in rams for factor in self.found.factors]
        ends = np.cumsum([0, *sizes])
        aves = np.stack([(loadings[:, a:b] ** 2).mean(axis=1) for a, b in pairwise(ends)], axis=1)
        sides = np.stack(np.triu_indices(k, 1), axis=1)
        at = np.concatenate([sides + g * k for g in range(len(rams))])
        own = at[np.arange(len(at)), self.smaller]
        return np.asarray(aves[:, own] - self.found.correlations(rams, theta) ** 2)


def _constructs(aves: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in aves.to_dict("records"):
        own = pairs[pairs["group"] == row["group"]]
        first, second = own["construct_1"] == row["construct"], own["construct_2"] == row["construct"]
        shared = own["squared_correlation"][first | second]
        others = own["construct_2"].where(first, own["construct_1"])[first | second]
        known = shared.notna().any()
        rows.append(
            {
                **{name: row[name] for name in ("group", "construct", "ave", "root_ave")},
                "msv": float(shared.max()) if known else np.nan,
                "asv": float(shared.mean()) if known else np.nan,
                "largest_with": others[shared.idxmax()] if known else "",
            }
        )
    return pd.DataFrame(rows, columns=list(CONSTRUCTS))
