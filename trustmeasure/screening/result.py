"""What a screening found, person by person and in counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.frames import Array
from trustmeasure.moments.gaps import MissingPatterns
from trustmeasure.screening.asked import Asked
from trustmeasure.screening.consistency import ItemPairs
from trustmeasure.screening.indices import BY_NAME, INDICES, Flags, Limit
from trustmeasure.screening.little import LittleMCAR
from trustmeasure.screening.rule import Rule, parse_rule

FLAG = "flag_"
TOO_MANY = 0.25
"""Share of people beyond which a flag says more of the survey than of a person."""
QUANTILES = {"p05": 0.05, "median": 0.5, "p95": 0.95}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Screening:
    """Indices of every respondent, and what they say together. Showing it shows counts, never a person.

    Attributes
    ----------
    persons : pandas.DataFrame
        One row a respondent, with the index of the data: respondent, each index (float64; NaN where it does
        not exist), `flag_<index>` for each index with a limit (False where the index is NaN), `flags` (how
        many), `unknown` (how many indices with a limit are NaN).
    items : pandas.DataFrame
        Item statistics, as in `item_statistics`.
    missing : MissingPatterns or None
        Which answers are missing together.
    little : LittleMCAR or None
        Little's test; None when nothing is missing, or a note says why.
    counts : pandas.DataFrame
        One row an index: index, label, careless (the end that may be careless), n (people who have it),
        p05, median, p95, flagged_when, flagged, share_flagged, source, caveat.
    overlaps : pandas.DataFrame
        People flagged by both of two indices; on the diagonal, by one.
    pairs : pandas.DataFrame
        Psychometric synonyms and antonyms: kind, item_1, item_2, r.
    items_asked : tuple of str
        The items, in the order asked.
    notes : tuple of str
        What a reader must know.
    """

    persons: pd.DataFrame
    items: pd.DataFrame
    missing: MissingPatterns | None
    little: LittleMCAR | None
    counts: pd.DataFrame
    overlaps: pd.DataFrame
    pairs: pd.DataFrame
    items_asked: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of respondents."""
        return len(self.persons)

    @property
    def rule_columns(self) -> tuple[str, ...]:
        """The columns of `.persons` that a rule may name."""
        return tuple(name for name in self.persons.columns if name != "respondent")

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the counts, one row an index."""
        return self.counts.copy()

    def rule(self, text: str) -> Rule:
        """Return a rule that was read against the columns of this screening."""
        return parse_rule(text, self.rule_columns)

    def where(self, rule: str, *, unknown: bool = False) -> pd.Series:
        """Return for which respondents a rule holds.

        Parameters
        ----------
        rule : str
            Such as "long_string >= 12 and flags >= 2"; see `exclude`.
        unknown : bool
            What to return for a respondent for whom a missing index leaves the rule open.

        Returns
        -------
        pandas.Series of bool, length n
        """
        holds, is_open = self.rule(rule).of(self.persons)
        return pd.Series(np.where(is_open, unknown, holds), index=self.persons.index, dtype=bool, name=rule)

    def summary(self) -> Summary:
        """Return counts of flags, their overlap, missing answers and notes, for reading."""
        return Summary("Screening", [*_parts(self), *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def screening_of(
    asked: Asked,
    values: Mapping[str, Array],
    limits: Mapping[str, Limit],
    *,
    items: pd.DataFrame,
    missing: MissingPatterns | None,
    little: LittleMCAR | None,
    pairs: tuple[ItemPairs, ...],
    notes: tuple[str, ...],
) -> Screening:
    """Return the record of indices that were computed."""
    known = [index.name for index in INDICES if index.name in values]
    flags = {name: limits[name].holds(values[name]) for name in known if name in limits}
    persons = _persons(asked, {name: values[name] for name in known}, flags)
    counts = _counts(values, known, limits, flags)
    return Screening(
        persons=persons,
        items=items,
        missing=missing,
        little=little,
        counts=counts,
        overlaps=_overlaps(flags),
        pairs=pd.concat([p.pairs.assign(kind=p.kind) for p in pairs], ignore_index=True)[
            ["kind", "item_1", "item_2", "r"]
        ],
        items_asked=asked.items,
        notes=(*notes, *_too_many(counts)),
    )


def _too_many(counts: pd.DataFrame) -> list[str]:
    """Return a note on each index that flags more people than can be careless in most surveys."""
    much = counts[counts["share_flagged"] > TOO_MANY]
    return [
        f"{row['index']} flags {100 * row['share_flagged']:.0f} % of the people: its limit does not suit "
        "this survey. Look at the distribution, and set or take away the limit with limits=."
        for row in much.to_dict("records")
    ]


def _persons(asked: Asked, values: Mapping[str, Array], flags: Mapping[str, Flags]) -> pd.DataFrame:
    n = len(asked.index)
    each = np.column_stack([*flags.values(), np.zeros(n, dtype=bool)])
    lacking = np.column_stack([*(np.isnan(values[name]) for name in flags), np.zeros(n, dtype=bool)])
    columns = {
        "respondent": asked.respondents,
        **values,
        **{FLAG + name: flag for name, flag in flags.items()},
        "flags": each.sum(axis=1),
        "unknown": lacking.sum(axis=1),
    }
    return pd.DataFrame(columns, index=asked.index)


def _counts(
    values: Mapping[str, Array], known: list[str], limits: Mapping[str, Limit], flags: Mapping[str, Flags]
) -> pd.DataFrame:
    rows = []
    for name in known:
        seen = values[name][np.isfinite(values[name])]
        limit, flagged = limits.get(name), flags.get(name) if seen.size else None
        quantiles = {
            key: float(np.quantile(seen, q)) if seen.size else np.nan for key, q in QUANTILES.items()
        }
        rows.append(
            {
                "index": name,
                "label": BY_NAME[name].label,
                "careless": BY_NAME[name].careless,
                "n": seen.size,
                **quantiles,
                "flagged_when": limit.rule if limit else "",
                "flagged": np.nan if flagged is None else float(flagged.sum()),
                "share_flagged": np.nan if flagged is None else flagged.sum() / seen.size,
                "source": limit.source if limit else "",
                "caveat": limit.caveat if limit else "",
            }
        )
    return pd.DataFrame(rows)


def _overlaps(flags: Mapping[str, Flags]) -> pd.DataFrame:
    names = list(flags)
    each = np.column_stack([flags[name] for name in names]).astype(int) if names else np.zeros((0, 0), int)
    return pd.DataFrame(each.T @ each, index=names, columns=names)


def _parts(found: Screening) -> list[Table | str]:
    counts = found.counts.drop(columns=["caveat", "careless"]).rename(
        columns={"flagged_when": "flagged when"}
    )
    counts = counts.assign(flagged=[str(int(f)) if f == f else "" for f in counts["flagged"]])
    by_number = found.persons["flags"].value_counts().sort_index()
    together = pd.DataFrame({"flags": by_number.index, "people": by_number.to_numpy()})
    said = "A flag asks for a second look. It is no verdict, and nobody was left out."
    parts: list[Table | str] = [
        f"{found.n_rows:,} respondents, {len(found.items_asked)} items.",
        Table("Indices", counts, (said,)),
        Table("People by number of flags", together),
    ]
    if found.overlaps.to_numpy().any():
        parts.append(Table("Flagged by both", found.overlaps.rename_axis("index")))
    return [*parts, *_copies(found), *_gaps(found)]


def _copies(found: Screening) -> list[str]:
    again = int((found.persons["duplicates"] > 0).sum())
    return [f"{again:,} rows hold exactly the same answers as another row."] if again else []


def _gaps(found: Screening) -> list[str]:
    if found.missing is None or found.missing.share_missing == 0:
        return ["No answer is missing."] if found.missing is not None else []
    gaps = found.missing
    said = (
        f"{100 * gaps.share_missing:.1f} % of all answers are missing; {gaps.n_complete:,} rows are "
        f"complete, {gaps.n_empty:,} have no answer at all."
    )
    if found.little is None:
        return [said]
    test = found.little
    return [said, f"Little's test: chi-square {test.chisq:.2f}, df {test.df}, p {test.p_value:.3f}."]
