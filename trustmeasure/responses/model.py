"""The value that holds checked answers: one row a respondent, items under their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.display import Summary
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Construct, Instrument, Item, ResponseScale
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.masks import as_mask, exclusion_frame, stacked
from trustmeasure.responses.meaning import Meaning, labels_of
from trustmeasure.responses.raw import ROW_OFFSET
from trustmeasure.responses.respondents import respondent_ids
from trustmeasure.responses.scoring import Method, score_frame

DROPPED_COLUMNS = ["row", "respondent", "column", "value", "reason"]
EMPTY = "empty"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Responses:
    """Answers that were checked against their instruments.

    Made by `read_responses` and `load_sample`. Every operation returns a new value. Showing it shows counts,
    never the answers of a person.

    Attributes
    ----------
    data : pandas.DataFrame
        One row a respondent. Item columns are float64 under item ids: NaN where there is no answer, and
        reverse-worded items turned, so that high means more. Background questions, consent and instructed
        items are float64 codes under their ids, see `meanings`. Columns that platforms add have standard
        names (`started_at`, `duration_seconds`, ...); others are kept as they came. The index counts the rows
        of the source from 0 (row 1 has index 0), and keeps that count in a subset.
    raw : pandas.DataFrame
        The same rows as read, without free text and direct identifiers: codes before missing codes were
        applied and before items were turned.
    instruments : tuple of Instrument
        What was asked.
    mapping : pandas.DataFrame
        One row a column of the source: column, item (None when it holds no item), how it was found, its name
        in `data` (empty when it is left out), and what it holds.
    dropped : pandas.DataFrame
        One row a value that was set missing: row, respondent, column, value, reason.
    excluded : pandas.DataFrame
        One row a respondent who was left out: row, respondent, reason.
    source : str
        Name of the file, or the kind of frame.
    simulated : bool
        True when the answers are simulated.
    id_column : str or None
        The column that holds the respondents' ids.
    notes : tuple of str
        What a reader of the results should know.
    platform : str
        Name of the survey platform that exported them.
    manifest : Manifest or None
        What the questionnaire's writer said of the columns.
    meanings : mapping
        Column of `data` -> Meaning: wording, response scale, expected code.
    versions : mapping
        Instrument id -> version that was answered.
    free_text : pandas.DataFrame
        What respondents wrote in words of their own, kept apart because it may tell who they are.
    aside : pandas.DataFrame
        Answers to items that are retired by now.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> responses.items("competence").columns.tolist()
    ['cog_com_1', 'cog_com_2', 'cog_com_3', 'cog_com_4']
    >>> finance = responses.subset(responses.data["sector"] == "finance", "another sector")
    >>> finance.n_rows + len(finance.excluded) == responses.n_rows
    True
    """

    data: pd.DataFrame
    raw: pd.DataFrame
    instruments: tuple[Instrument, ...]
    mapping: pd.DataFrame
    dropped: pd.DataFrame
    excluded: pd.DataFrame
    source: str
    simulated: bool = False
    id_column: str | None = None
    notes: tuple[str, ...] = ()
    platform: str = "plain"
    manifest: Manifest | None = None
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    free_text: pd.DataFrame = field(default_factory=pd.DataFrame)
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        kind = "simulated responses" if self.simulated else "responses"
        ids = ", ".join(instrument.id for instrument in self.instruments)
        return f"<Responses: {self.n_rows} {kind} to {len(self.item_ids)} items ({ids}) from {self.source}>"

    def __str__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    @property
    def n_rows(self) -> int:
        """Number of respondents."""
        return len(self.data)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Ids of the items that have a column, in the order of the instruments."""
        return tuple(i.id for instrument in self.instruments for i in instrument.items if i.id in self.data)

    @property
    def ordinal_items(self) -> tuple[str, ...]:
        """Ids of the items that have a column and whose answers are ordered categories."""
        ordinal = {i for instrument in self.instruments for i in instrument.ordinal_items}
        return tuple(i for i in self.item_ids if i in ordinal)

    @property
    def constructs(self) -> tuple[Construct, ...]:
        """The constructs of all instruments, in their order."""
        return tuple(construct for instrument in self.instruments for construct in instrument.constructs)

    @property
    def respondents(self) -> pd.Series:
        """The ids of the respondents; row numbers when no column holds ids."""
        return respondent_ids(self.data, self.id_column)

    @property
    def expected(self) -> dict[str, int]:
        """Column of an instructed item -> the code that it asks for."""
        return {
            id: meaning.expected
            for id, meaning in self.meanings.items()
            if meaning.expected is not None and id in self.data
        }

    @property
    def wave(self) -> str | None:
        """Which of several times it was; None when it was the only one."""
        return None if self.manifest is None else self.manifest.wave

    def labels(self, column: str, language: str = "en") -> dict[int, str]:
        """Return code -> label of a coded column; empty where it has none in that language.

        Parameters
        ----------
        column : str
            A column of `data`, such as `"age_group"`.
        language : str
            Tag of the language.

        Returns
        -------
        dict
            Answers and missing codes.

        Raises
        ------
        ResponseError
            If nothing is known of the column.

        Examples
        --------
        >>> import trustmeasure as tm
        >>> tm.load_sample("trust-survey").labels("sat_1")[1]
        'Strongly disagree'
        """
        if column not in self.meanings:
            raise ResponseError(
                f"No answers are known for '{column}'. {suggestion(column, list(self.meanings))}"
            )
        return dict(labels_of(self.meanings[column], language))

    @property
    def complete(self) -> pd.Series:
        """Whether a respondent answered every item: a boolean for each row."""
        return self.data[list(self.item_ids)].notna().all(axis=1)

    def instrument_of(self, construct: str) -> Instrument:
        """Return the instrument that has the construct; raise ResponseError naming the nearest otherwise."""
        for instrument in self.instruments:
            if any(own.id == construct for own in instrument.constructs):
                return instrument
        known = [own.id for own in self.constructs]
        raise ResponseError(f"No instrument has the construct '{construct}'. {suggestion(construct, known)}")

    def item(self, id: str) -> Item:
        """Return the item `id`; raise ResponseError naming the nearest otherwise."""
        return self._owner(id).item(id)

    def scale_of(self, item_id: str) -> ResponseScale:
        """Return the response scale of an item."""
        return self._owner(item_id).scale_of(item_id)

    def _owner(self, item_id: str) -> Instrument:
        for instrument in self.instruments:
            if any(item.id == item_id for item in instrument.items):
                return instrument
        known = [item.id for instrument in self.instruments for item in instrument.items]
        raise ResponseError(f"No instrument has the item '{item_id}'. {suggestion(item_id, known)}")

    def items(self, construct: str | None = None) -> pd.DataFrame:
        """Return the answers to the items of a construct.

        Parameters
        ----------
        construct : str, optional
            Id of a construct; for a higher-order one the items of all its dimensions. None for all items.

        Returns
        -------
        pandas.DataFrame of shape (n, m)
            float64, high meaning more, NaN where there is no answer.

        Raises
        ------
        ResponseError
            If no instrument has the construct, or none of its items has a column.
        """
        if construct is None:
            return self.data[list(self.item_ids)].copy()
        owner = self.instrument_of(construct)
        asked = [item.id for item in owner.items_of(construct) if item.id in self.data]
        if not asked:
            raise ResponseError(f"None of the items of '{construct}' has a column in {self.source}.")
        return self.data[asked].copy()

    def scores(
        self,
        method: Method = "mean",
        min_valid: float = 0.5,
        *,
        constructs: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return a score for each respondent and construct.

        The score of a higher-order construct is taken over all items of its dimensions. A sum over fewer
        answers than items is prorated: the mean of the answers given, times the number of items. Where a
        manifest tells that a short form was asked, its items are the items.

        Parameters
        ----------
        method : {"mean", "sum"}
            Mean (on the scale of the answers) or sum.
        min_valid : float or int
            How many of a construct's items must be answered: a float is a share above 0 up to 1.0, an
            integer a count (all items, where a construct has fewer). By default half of them.
        constructs : sequence of str, optional
            Ids of the constructs; all of them when None.

        Returns
        -------
        pandas.DataFrame of shape (n, k)
            Columns are construct ids; NaN where too few items were answered.

        Raises
        ------
        ResponseError
            If a construct is unknown, or its items have scales with different codes.
        ArgumentError
            If `method` or `min_valid` is not allowed.

        Examples
        --------
        >>> import trustmeasure as tm
        >>> scores = tm.load_sample("trust-survey").scores(constructs=["cognitive_trust", "satisfaction"])
        >>> scores.shape
        (1200, 2)
        """
        chosen = [c.id for c in self.constructs] if constructs is None else list(constructs)
        return score_frame(self.data, {id: self._scorable(id) for id in chosen}, method, min_valid)

    def _scorable(self, construct: str) -> list[str]:
        owner = self.instrument_of(construct)
        items = owner.items_of(construct)
        codes = {owner.scale_of(item.id).codes for item in items}
        if len(codes) > 1:
            raise ResponseError(
                f"The items of '{construct}' have scales with different codes; a score would mix them. "
                "Name the constructs to score with constructs=."
            )
        asked = [item.id for item in items if self.manifest is None or item.id in self.manifest.asked]
        return asked or [item.id for item in items]

    def missing(self) -> pd.DataFrame:
        """Return how many answers are missing and why: columns reason, answers and share (of all cells)."""
        sources = self.mapping.loc[self.mapping["name"].isin(self.item_ids), "column"]
        dropped = self.dropped[self.dropped["column"].isin(sources)]
        counts = dropped["reason"].value_counts(sort=False).to_dict()
        empty = int(self.items().isna().sum().sum()) - len(dropped)
        rows = [*counts.items(), (EMPTY, empty)] if empty else list(counts.items())
        cells = self.n_rows * len(self.item_ids)
        frame = pd.DataFrame(rows, columns=["reason", "answers"]).astype({"answers": "int64"})
        frame["share"] = frame["answers"] / cells if cells else np.nan
        return frame.sort_values(["answers", "reason"], ascending=[False, True], ignore_index=True)

    def subset(self, mask: Any, reason: str) -> Responses:
        """Return the rows for which `mask` is true, and record why the others were left out.

        Parameters
        ----------
        mask : array or Series of bool, length n
            True for the rows to keep. A Series is matched by its index.
        reason : str
            Why the other rows were left out, for the report.

        Returns
        -------
        Responses
            The rows kept; `.excluded` has one more row for each respondent left out.

        Raises
        ------
        ResponseError
            If `mask` does not fit the rows, `reason` is empty, or no row is left.
        """
        if not reason.strip():
            raise ResponseError("subset: give the reason why the other rows are left out.")
        keep = as_mask(mask, self.data.index)
        if not keep.any():
            raise ResponseError(f"No row is left after leaving out: {reason}. Check the mask.")
        gone = exclusion_frame(self.respondents[~keep], reason)
        rows = self.data.index[keep] + ROW_OFFSET
        return replace(
            self,
            data=self.data.loc[keep],
            raw=self.raw.loc[keep],
            free_text=self.free_text.loc[keep] if len(self.free_text) else self.free_text,
            aside=self.aside.loc[keep] if len(self.aside) else self.aside,
            dropped=self.dropped[self.dropped["row"].isin(rows)].reset_index(drop=True),
            excluded=stacked([self.excluded, gone]),
        )

    def summary(self) -> Summary:
        """Return the counts of rows, items and missing answers, and all notes, for reading."""
        from trustmeasure.responses.summary import summary

        return summary(self)
