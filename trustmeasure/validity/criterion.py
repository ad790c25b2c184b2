"""Criterion validity: scores beside what people were seen to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.multiple_tests import corrected
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.validity.correlation_tests import Correlation, correlation
from trustmeasure.validity.logit import SEPARATED, logistic
from trustmeasure.validity.roc import area_under_curve
from trustmeasure.validity.scores import Scores, scores_of

Array = npt.NDArray[np.float64]

METHODS = ("auto", "pearson", "spearman")
CORRECTED = ("corrected_r", "corrected_ci_lower", "corrected_ci_upper")
BINARY = (
    *("auc", "auc_ci_lower", "auc_ci_upper", "odds_ratio", "odds_ratio_ci_lower", "odds_ratio_ci_upper"),
    *("logistic_p_value", "mcfadden", "tjur"),
)
COLUMNS = (
    *("construct", "criterion", "kind", "n", "r", "ci_lower", "ci_upper", "p_value", "p_holm", "reliability"),
    *(*CORRECTED, *BINARY, "note"),
)
LABELS = {
    "kind": "correlation",
    "ci_lower": "lower",
    "ci_upper": "upper",
    "p_value": "p",
    "p_holm": "p (Holm)",
    "corrected_r": "r corrected",
    "corrected_ci_lower": "lower",
    "corrected_ci_upper": "upper",
    "auc": "AUC",
    "auc_ci_lower": "lower",
    "auc_ci_upper": "upper",
    "odds_ratio": "odds ratio per SD",
    "odds_ratio_ci_lower": "lower",
    "odds_ratio_ci_upper": "upper",
    "logistic_p_value": "p",
    "mcfadden": "McFadden R²",
    "tjur": "Tjur R²",
}
CORRECTION = (
    "Corrected: divided by the square root of the score's reliability (and of the criterion's, where given), "
    "limits too, as if reliabilities were known; only the score's error is taken out unless both are said."
)
BEYOND = "A corrected value lies beyond 1: the reliability is too low for the correlation that was found."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CriterionValidity:
    """Scores beside criteria.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a construct and criterion: construct, criterion, kind ("pearson", "point-biserial" or
        "spearman"), n, r, ci_lower, ci_upper, p_value, p_holm (over all rows), reliability (of the score),
        corrected_r with limits; for a criterion with two values auc with limits, odds_ratio (for one standard
        deviation of the score) with limits, logistic_p_value, mcfadden, tjur; note.
    ci : float
        Level of the intervals.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame
    ci: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the tables with notes, to be shown as text or HTML."""
        first = ["construct", "criterion", "kind", "n", "r", "ci_lower", "ci_upper", "p_value", "p_holm"]
        said = f"{100 * self.ci:g} % intervals."
        own = [str(note) for note in dict.fromkeys(self.frame["note"]) if note]
        known = self.frame["corrected_r"].notna().any()
        shown = self.frame[[*first, *(CORRECTED if known else ())]]
        notes = (said, *([CORRECTION] if known else []), *own, *self.notes)
        parts: list[Table | str] = [Table("Correlations", shown, notes, labels=LABELS)]
        binary = self.frame[self.frame["auc"].notna()]
        if len(binary):
            shown = binary[["construct", "criterion", *BINARY]]
            how = "AUC by DeLong et al. (1988); logistic regression on the standardised score."
            parts.append(Table("Criteria with two values", shown, (how,), labels=LABELS))
        return Summary("Criterion validity", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def criterion_validity(
    data: Any,
    criteria: Any,
    constructs: Any = None,
    *,
    method: str = "auto",
    reliability: Mapping[str, float] | None = None,
    ci: float = 0.95,
) -> CriterionValidity:
    r"""Hold scores against criteria, such as what people were seen to do.

    Parameters
    ----------
    data : Responses, mapping of frames, or frame
        Answers with their instruments; a mapping from a construct to a frame of its items; or a frame with
        scores.
    criteria : str, sequence of str, or mapping
        Columns of the data, or a name -> values, one a row. A criterion with two values (the greater one
        counts as the outcome) also gets AUC and a logistic regression.
    constructs : sequence of str or mapping, optional
        Constructs, or columns that are scores; or a construct -> its columns. Needed for a frame.
    method : {"auto", "pearson", "spearman"}
        "auto" is Pearson, which with a criterion of two values is the point-biserial correlation.
    reliability : mapping, optional
        Reliabilities of scores, and of criteria that have one, by name. Alpha of the scores is taken where
        their items are known.
    ci : float
        Level of the intervals.

    Returns
    -------
    CriterionValidity
        `.frame`, `.summary()`.

    Raises
    ------
    ArgumentError, DataError
        If a column is missing or holds text, or an argument is not allowed.

    Notes
    -----
    Limits of r by Fisher's z, of ranks after Bonett & Wright (2000, Psychometrika 65(1), 23-28); AUC after
    DeLong, DeLong & Clarke-Pearson (1988, Biometrics 44(3), 837-845); logistic regression by statsmodels.
    Checked against: R 4.2.2, `cor.test`, `glm`, and the formulas, `tests/reference/validity`.

    Examples
    --------
    >>> import pandas as pd, trustmeasure as tm
    >>> people = pd.DataFrame({"trust": [3, 4, 3, 5, 4, 6, 5, 7], "bought": [0, 0, 0, 1, 0, 1, 1, 0]})
    >>> found = tm.criterion_validity(people, "bought", ["trust"]).frame
    >>> found[["kind", "r", "auc"]].round(2).values.tolist()
    [['point-biserial', 0.42, 0.8]]
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("method", method, METHODS)
    scores = scores_of(data, constructs)
    known = {**scores.reliability, **_reliabilities(reliability)}
    named = _criteria(scores, criteria)
    rows = [
        _row(name, criterion, scores.frame[name], values, method, known, ci)
        for name in scores.frame.columns
        for criterion, values in named.items()
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["p_holm"] = corrected(frame["p_value"].to_numpy(dtype=float))
    beyond = (frame["corrected_r"].abs() > 1).any()
    return CriterionValidity(frame, ci, (*scores.notes, *([BEYOND] if beyond else [])))


def _reliabilities(given: Mapping[str, float] | None) -> dict[str, float]:
    found = dict(given or {})
    for name, value in found.items():
        if not 0 < value <= 1:
            raise ArgumentError(f"reliability of '{name}' is {value!r}; it must lie above 0 and not above 1.")
    return found


def _criteria(scores: Scores, criteria: Any) -> dict[str, pd.Series]:
    if isinstance(criteria, Mapping):
        return {
            str(name): scores.numbers(pd.Series(np.asarray(v)), str(name)) for name, v in criteria.items()
        }
    alone = isinstance(criteria, str | pd.Series)
    names: Sequence[Any] = [criteria] if alone else list(criteria if np.iterable(criteria) else ())
    if not names:
        raise ArgumentError("criteria names nothing; give one or more columns, or a mapping to values.")
    return {
        str(name if isinstance(name, str) else getattr(name, "name", None) or "criterion"): scores.numbers(
            name, "criterion"
        )
        for name in names
    }


def _row(
    name: str,
    criterion: str,
    score: pd.Series,
    values: pd.Series,
    method: str,
    known: Mapping[str, float],
    ci: float,
) -> dict[str, Any]:
    x, y = score.to_numpy(dtype=float), values.to_numpy(dtype=float)
    both = np.isfinite(x) & np.isfinite(y)
    codes = np.unique(y[both])
    binary = codes.size == 2
    ranks = method == "spearman"
    found = correlation(x, y, ci, ranks=ranks)
    kind = "spearman" if ranks else "point-biserial" if binary else "pearson"
    own = known.get(name, np.nan)
    row = {
        **{"construct": name, "criterion": criterion, "kind": kind, "n": found.n, "r": found.r},
        **{"ci_lower": found.lower, "ci_upper": found.upper, "p_value": found.p_value, "reliability": own},
        **dict(zip(CORRECTED, _corrected(found, own * known.get(criterion, 1.0)), strict=True)),
        "note": f"{name} and {criterion}: {found.note}" if found.note else "",
    }
    if binary:
        row |= _binary(x[both], (y[both] == codes[1]).astype(float), ci, row)
    return row


def _corrected(found: Correlation, product: float) -> Iterator[float]:
    """Yield a correlation and its limits, divided by the root of the product of reliabilities."""
    root = np.sqrt(product) if product > 0 else np.nan
    return (value / root for value in (found.r, found.lower, found.upper))


def _binary(x: Array, outcome: Array, ci: float, row: Mapping[str, Any]) -> dict[str, Any]:
    area = area_under_curve(x, outcome, ci)
    found: dict[str, Any] = {"auc": area.value, "auc_ci_lower": area.lower, "auc_ci_upper": area.upper}
    if np.isnan(row["r"]):
        return found
    fit = logistic((x - x.mean())[:, None] / x.std(ddof=1), outcome)
    if fit is None:
        said = f"{row['construct']} and {row['criterion']}: {SEPARATED}"
        return found | {"note": f"{row['note']} {said}".strip()}
    slope, se = float(fit.slopes[1]), float(fit.errors[1])
    reach = normal_quantile(0.5 + ci / 2) * se
    return found | {
        "odds_ratio": float(np.exp(slope)),
        "odds_ratio_ci_lower": float(np.exp(slope - reach)),
        "odds_ratio_ci_upper": float(np.exp(slope + reach)),
        "logistic_p_value": 2.0 * _tail(abs(slope / se)),
        "mcfadden": fit.mcfadden,
        "tjur": fit.tjur(outcome),
    }


def _tail(z: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(-z))
