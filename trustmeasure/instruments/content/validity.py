"""Content validity of items and scales, from experts' ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range
from trustmeasure.criteria import describe
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.instruments.content.ratings import Ratings, ratings_of
from trustmeasure.instruments.content.tables import Reading, expert_table, item_table, scale_table
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.registry import load_instrument

LABELS = {
    "n_experts": "experts",
    "n_relevant": "relevant",
    "i_cvi": "I-CVI",
    "modified_kappa": "kappa*",
    "aiken_v": "V",
    "aiken_v_ci_lower": "lower",
    "aiken_v_ci_upper": "upper",
    "cvr": "CVR",
    "cvr_critical": "critical",
    "clarity_cvi": "clarity",
    "n_items": "items",
    "s_cvi_ave": "S-CVI/Ave",
    "s_cvi_ua": "S-CVI/UA",
    "cvr_mean": "mean CVR",
    "n_rated": "rated",
    "share_relevant": "share relevant",
}
SHOWN = (
    "item", "n_experts", "n_relevant", "i_cvi", "modified_kappa", "aiken_v", "aiken_v_ci_lower",
    "aiken_v_ci_upper", "cvr", "cvr_critical", "clarity_cvi",
)  # fmt: skip
METRICS = ("i_cvi", "modified_kappa", "cvr")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ContentValidity:
    """What experts say of the items of an instrument.

    Attributes
    ----------
    items : pandas.DataFrame
        One row an item: `item`, `construct`, `n_experts`, `n_missing` (of relevance), `n_relevant`, `i_cvi`,
        `i_cvi_ci_lower`, `i_cvi_ci_upper` (Wilson), `modified_kappa`, `mean`, `aiken_v`, `aiken_v_ci_lower`,
        `aiken_v_ci_upper`, `n_necessity`, `n_essential`, `cvr`, `cvr_critical`, `clarity_cvi`, `clarity_v`,
        `note`. NaN for what was not rated.
    scales : pandas.DataFrame
        One row a construct, and "all" at the end: `construct`, `n_items`, `n_experts`, `s_cvi_ave`,
        `s_cvi_ua`, `aiken_v`, `cvr_mean`, `agreement`, `note`.
    experts : pandas.DataFrame
        One row an expert: `expert`, `n_rated`, `n_missing`, `mean`, `share_relevant`, `agreement` (how often
        another expert says the same of an item: relevant, or not).
    comments : pandas.DataFrame
        One row a comment: expert, item, comment.
    points : int
        Points of the relevance ratings.
    relevant : int
        The lowest rating that counts as relevant.
    ci : float
        Level of the intervals.
    instrument : str
        Id and version, or empty.
    notes : tuple of str
        What a reader must know.
    """

    items: pd.DataFrame
    scales: pd.DataFrame
    experts: pd.DataFrame
    comments: pd.DataFrame
    points: int
    relevant: int
    ci: float
    instrument: str = ""
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item; see `items`."""
        return self.items.copy()

    def describe(self) -> pd.DataFrame:
        """Return what the cited cut-offs say of each item and scale, without a verdict.

        One row an item (or construct) and rule that goes with the number of experts: what, metric, value,
        level, rule, met, reason, citation, scope, caveat. What was not rated has no row.
        """
        parts = [
            _described(
                row["item"], metric, row[metric], row["n_necessity" if metric == "cvr" else "n_experts"]
            )
            for row in self.items.to_dict("records")
            for metric in METRICS
        ]
        parts += [
            _described(row["construct"], "s_cvi_ave", row["s_cvi_ave"], row["n_experts"])
            for row in self.scales.to_dict("records")
        ]
        return pd.concat(parts, ignore_index=True)

    def summary(self) -> Summary:
        """Return scales, items and experts for reading."""
        there = [c for c in SHOWN if self.items[c].notna().any()]
        about = (
            f"Relevant: {self.relevant} or more of {self.points}. {100 * self.ci:g} % score intervals of "
            "Aiken's V (Penfield & Giacobbi 2004). kappa*: I-CVI corrected for chance (Polit, Beck & Owen "
            "2007)."
        )
        scales = self.scales.dropna(axis=1, how="all")
        return Summary(
            "Content validity" + (f" of {self.instrument}" if self.instrument else ""),
            [
                Table("Scales", scales, self.notes, labels=LABELS),
                Table("Items", self.items[[*there, "note"]], (about,), decimals=2, labels=LABELS),
                Table("Experts", self.experts, decimals=2, labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _described(what: str, metric: str, value: float, experts: int) -> pd.DataFrame:
    frame = describe(metric, value, experts=int(experts)).to_frame().drop(columns="reference")
    frame.insert(0, "what", what)
    judged = frame["met"].notna()
    if np.isnan(value):
        return frame.iloc[:0]
    return frame[judged] if judged.any() else frame


def content_validity(
    ratings: Any,
    instrument: Instrument | str | None = None,
    *,
    points: int = 4,
    relevant: int | None = None,
    necessity_points: int = 3,
    ci: float = 0.95,
) -> ContentValidity:
    r"""Return the indices of content validity of items and scales from a table of experts' ratings.

    Parameters
    ----------
    ratings : frame, or mapping of kinds to frames
        Long: columns `expert`, `item` and `relevance` (1 to 4), `clarity` (1 to 4), `necessity` (1 not
        necessary, 2 useful, 3 essential), `comment`; at least one of the three ratings. Wide: one row an
        expert, one column an item, of relevance; {"relevance": frame, "necessity": frame} for several.
        `read_expert_forms` returns the long form. A rating that was not given is missing, and an index counts
        the experts who gave one.
    instrument : Instrument or str, optional
        Whose items they are: gives the order and the constructs, and refuses unknown items.
    points : int
        Points of the ratings of relevance and clarity, which begin with 1.
    relevant : int, optional
        The lowest rating that counts as relevant (or clear); otherwise the upper half: 3 of 4.
    necessity_points : int
        Points of the ratings of necessity; the highest means essential.
    ci : float
        Level of the intervals.

    Returns
    -------
    ContentValidity
        `.items`, `.scales`, `.experts`, `.comments`; `.describe()` holds them against cited cut-offs.

    Raises
    ------
    DataError
        If there is no rating, one is outside of its scale, or an expert rated an item twice.
    InstrumentError
        If the instrument has no such item.
    ArgumentError
        For an unknown option.

    Notes
    -----
    With N experts, A of whom call an item relevant and E essential:

    - I-CVI = A / N, and over the items of a scale its mean (S-CVI/Ave) and the share of items on which all
      agree (S-CVI/UA) (Lynn 1986; Polit & Beck 2006), with Wilson's interval for A / N;
    - modified kappa = (I-CVI - Pc) / (1 - Pc), Pc = N! / (A! (N - A)!) .5^N (Polit, Beck & Owen 2007);
    - CVR = (E - N/2) / (N/2) (Lawshe 1975), with exact binomial critical values (Ayre & Scally 2014);
    - V = (mean - lowest) / (highest - lowest) (Aiken 1985) with the score interval of Penfield & Giacobbi
      (2004).

    Experts are few, and intervals wide: read the comments as well. Checked against: tables of published
    studies, and R's binom.test and prop.test (tests/reference/content_validity/content.R).

    References
    ----------
    Aiken, L. R. (1985). Three coefficients for analyzing the reliability and validity of ratings. Educational
    and Psychological Measurement, 45(1), 131-142.

    Penfield, R. D., & Giacobbi, P. R. (2004). Applying a score confidence interval to Aiken's item
    content-relevance index. Measurement in Physical Education and Exercise Science, 8(4), 213-225.

    Polit, D. F., Beck, C. T., & Owen, S. V. (2007). Is the CVI an acceptable indicator of content validity?
    Appraisal and recommendations. Research in Nursing & Health, 30(4), 459-467.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"expert": list("ABCDEF"), "q1": [4, 4, 3, 4, 4, 3], "q2": [4, 2, 3, 4, 3, 4]})
    >>> found = content_validity(ratings)
    >>> found.items[["item", "i_cvi", "modified_kappa"]].round(2).to_dict("list")
    {'item': ['q1', 'q2'], 'i_cvi': [1.0, 0.83], 'modified_kappa': [1.0, 0.82]}
    """
    at_least("points", points, 2)
    at_least("necessity_points", necessity_points, 2)
    in_range("ci", ci, 0.0, 1.0)
    least = _least(relevant, points)
    bounds = {"relevance": (1, points), "clarity": (1, points), "necessity": (1, necessity_points)}
    known = load_instrument(instrument) if isinstance(instrument, str) else instrument
    given = ratings_of(ratings, bounds)
    constructs = _constructs(given, known)
    if known is not None:
        given = given.reordered(tuple(constructs))
    reading = Reading(points, least, necessity_points, ci)
    items = item_table(given, constructs, reading)
    return ContentValidity(
        items=items,
        scales=scale_table(given, items, reading),
        experts=expert_table(given, reading),
        comments=given.comments,
        points=points,
        relevant=least,
        ci=ci,
        instrument="" if known is None else f"{known.id} {known.version}",
        notes=_notes(given),
    )


def _least(relevant: int | None, points: int) -> int:
    if relevant is None:
        return points // 2 + 1
    if at_least("relevant", relevant, 2) > points:
        raise ArgumentError(f"relevant={relevant} is above the highest rating, {points}.")
    return relevant


def _constructs(given: Ratings, instrument: Instrument | None) -> dict[str, str]:
    """Return the construct of each item in order, refusing items that the instrument does not have."""
    if instrument is None:
        return dict.fromkeys(given.items, "")
    for name in given.items:
        instrument.item(name)
    return {item.id: item.construct for item in instrument.items}


def _notes(given: Ratings) -> tuple[str, ...]:
    notes = [f"{len(given.experts)} experts: {', '.join(given.experts[:12])}."]
    if len(given.experts) < 3:
        notes.append("Content validity is usually judged by at least three experts (Lynn 1986).")
    for kind, values in given.values.items():
        gaps = int(np.isnan(values).sum())
        if gaps:
            notes.append(
                f"{gaps} of {values.size} ratings of {kind} are missing; an index counts those given."
            )
    return tuple(notes)
