"""What stands out in ordinal answers, in words. No verdict: a cut-off is named with its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.criteria import load_criteria
from trustmeasure.display import number
from trustmeasure.moments.diagnosis.indefinite import Definiteness, definiteness
from trustmeasure.moments.diagnosis.nearest import SmoothedCorrelation
from trustmeasure.moments.diagnosis.record import NEAR_ONE, OrdinalDiagnosis

Array = npt.NDArray[np.float64]

MOST = 5
"""Most names or pairs in a sentence."""
LEVEL = 0.05


def notes_of(found: OrdinalDiagnosis) -> tuple[str, ...]:
    """Return the notes on a diagnosis, whose own notes are not looked at."""
    parts = [
        _rows(found),
        definiteness_note(found.definiteness, smoothed=found.smoothed is not None),
        _smoothing(found.smoothed),
        _near_one(found.near_one),
        _few(found),
        _sparse(found.tables),
        _normality(found.tables),
        continuous_advice(found.variables),
    ]
    return tuple(part for part in parts if part)


def _rows(found: OrdinalDiagnosis) -> str:
    which = "Complete rows" if found.missing == "listwise" else "Rows with an answer"
    dropped = f"; {found.n_dropped:,} left out because a value was missing" if found.n_dropped else ""
    return f"{which}: {found.n_obs:,}{dropped}."


def definiteness_note(found: Definiteness, *, smoothed: bool = False) -> str:
    """Return what is the matter with correlations that are not positive definite, or nothing."""
    if found.positive:
        return ""
    least, count = found.eigenvalues[0], found.n_negative
    heavy = [_share(row) for row in found.variables.head(MOST).itertuples()]
    low = [_pair(row) for row in found.pairs[found.pairs["contribution"] < 0].head(3).itertuples()]
    text = (
        f"The correlations are not positive definite: {count} {_plural(count, 'eigenvalue')} not above 0, "
        f"the least {least:.4g}. Shares of the variables in it: {', '.join(heavy)}. Pairs that pull it down "
        f"most: {'; '.join(low)}."
    )
    mending = _nearest_mended(found.pairs).head(3)
    if len(mending):
        ranges = [_range(row) for row in mending.itertuples()]
        text += f" One of these correlations alone would mend it: {'; '.join(ranges)}."
    advice = " Look at these items first; ask for smooth=True to see the nearest positive definite matrix."
    return text if smoothed else text + advice


def short_note(corr: Array, names: Sequence[str]) -> str:
    """Return a sentence on correlations (p, p) that are not positive definite; nothing for others."""
    found = definiteness(corr, names)
    if found.positive:
        return ""
    low = [_pair(row) for row in found.pairs[found.pairs["contribution"] < 0].head(2).itertuples()]
    return (
        f"The sample's correlations are not positive definite together (least eigenvalue "
        f"{found.eigenvalues[0]:.3g}); most behind it: {'; '.join(low)}. Least squares does not need that "
        "they are, but look at the items: trustmeasure.ordinal_diagnosis tells more."
    )


def _nearest_mended(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that alone would mend the matrix, the smallest change first."""
    found = pairs.dropna(subset=["lower"])
    below, above = found["lower"] - found["correlation"], found["correlation"] - found["upper"]
    return found.iloc[np.argsort(np.maximum(below.to_numpy(), above.to_numpy()), kind="stable")]


def _share(row: Any) -> str:
    return f"{row.variable} ({number(row.share, 2)})"


def _range(row: Any) -> str:
    return f"{_pair(row)} between {number(row.lower)} and {number(row.upper)}"


def _pair(row: Any) -> str:
    return f"{row.first} and {row.second} ({number(row.correlation)})"


def _smoothing(found: SmoothedCorrelation | None) -> str:
    if found is None or not found.changed:
        return ""
    top = found.changes.iloc[0]
    return (
        f"Smoothed to the nearest positive definite matrix: largest change of a correlation "
        f"{number(found.largest_change)} ({top['first']} and {top['second']}), distance "
        f"{number(found.distance)}. The tables below are those of the data."
    )


def _near_one(pairs: pd.DataFrame) -> str:
    if not len(pairs):
        return ""
    named = _listed([_pair(row) for row in pairs.itertuples()])
    return f"Correlations beyond {NEAR_ONE} in size: {named}. Such items say the same; leave one out."


def _few(found: OrdinalDiagnosis) -> str:
    few = found.few
    if not len(few):
        return ""
    named = _listed([f"{r.variable} = {r.category:g} ({r.count})" for r in few.itertuples()])
    return (
        f"{len(few)} {_plural(len(few), 'category', 'categories')} with fewer than {found.least_count} "
        f"answers: {named}. Their thresholds rest on little; consider collapsing them with a neighbour, and "
        "say so."
    )


def _sparse(tables: pd.DataFrame) -> str:
    """Return how many tables have empty cells, or miss Cochran's rules."""
    empty = int((tables["empty"] > 0).sum())
    least, share = (load_criteria()[m].rules[0] for m in ("least_expected", "small_expected_share"))
    missed = [
        not (least.meets(a) and share.meets(b))
        for a, b in zip(tables["least_expected"], tables["small_share"], strict=True)
    ]
    if not (empty or any(missed)):
        return ""
    return (
        f"{empty} of {len(tables)} two-way tables have empty cells; {sum(missed)} have an expected count "
        f"below {least.number():g} or more than {100 * share.number():.0f} % of them below 5, where the "
        f"chi-square approximation of the tests below is doubtful ({least.source.cite})."
    )


def _normality(tables: pd.DataFrame) -> str:
    tested = tables[tables["df"] > 0]
    if not len(tested):
        return "All variables are binary: no pair of them can tell whether what lies underneath is normal."
    single = int((tested["mn_p"] < LEVEL).sum())
    together = int((tested["mn_p_holm"] < LEVEL).sum())
    return (
        f"Underlying bivariate normality (M_n): p < {LEVEL} in {single} of {len(tested)} tables (about "
        f"{number(LEVEL * len(tested), 1)} by chance alone if it holds in all), in {together} when all "
        "tables are tested together (Holm)."
    )


def continuous_advice(variables: pd.DataFrame) -> str:
    """Return what the literature advises on treating the answers as continuous, given `variables`."""
    rule = load_criteria()["categories"].rules[0]
    least = variables["categories"].min()
    if not rule.meets(float(least)):
        names = _listed([str(v) for v in variables.index[variables["categories"] < rule.number()]])
        return (
            f"Fewer than {rule.number():g} categories: {names}. For such items categorical least squares "
            f"(estimator='WLSMV') is recommended ({rule.source.cite})."
        )
    skew = variables["skewness"].abs()
    more = " With six or seven the two give similar results in many conditions."
    return (
        f"All ordinal variables have {least} categories or more. Robust maximum likelihood (estimator='MLR', "
        "answers as numbers) is a fair alternative then, when the sample is small and thresholds are about "
        f"symmetric ({rule.source.cite}).{more if least > rule.number() else ''} Skewness here: at most "
        f"{number(float(skew.max()), 2)} in size ({skew.idxmax()}), median {number(float(skew.median()), 2)}."
    )


def _listed(words: Sequence[str]) -> str:
    more = len(words) - MOST
    return ", ".join(words[:MOST]) + (f" and {more} more" if more > 0 else "")


def _plural(count: int, one: str, several: str = "") -> str:
    return one if count == 1 else several or f"{one}s"
