"""The parts of checked answers put together: data, free text, what is kept aside, what was set missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Instrument
from trustmeasure.responses.coded import Read
from trustmeasure.responses.export import Export
from trustmeasure.responses.found import Found
from trustmeasure.responses.meaning import Meaning
from trustmeasure.responses.model import DROPPED_COLUMNS
from trustmeasure.responses.raw import place
from trustmeasure.responses.respondents import respondent_ids
from trustmeasure.responses.sought import Sought


@dataclass(frozen=True, slots=True)
class Frames:
    """The columns of the answers, by where they belong.

    Attributes
    ----------
    data : pandas.DataFrame
        Items turned, codes, and the other columns.
    raw : pandas.DataFrame
        As read, without free text and without what was left out.
    free_text : pandas.DataFrame
        What respondents wrote in words of their own.
    aside : pandas.DataFrame
        Retired items.
    """

    data: pd.DataFrame
    raw: pd.DataFrame
    free_text: pd.DataFrame
    aside: pd.DataFrame


def assemble(
    found: Sequence[Found], sought: Sought, export: Export, read: Read, ends: Mapping[str, int]
) -> Frames:
    """Return the columns in their order, each where it belongs.

    Parameters
    ----------
    found : sequence of Found
        What each column holds.
    sought : Sought
        The questions.
    export : Export
        The table.
    read : Read
        The answers read.
    ends : mapping
        Item id -> minimum + maximum of its scale, for the items to be turned.
    """
    frame = export.raw.frame
    data: dict[str, pd.Series] = {}
    free: dict[str, pd.Series] = {}
    aside: dict[str, pd.Series] = {}
    for one in found:
        if not one.name:
            continue
        place_of = data
        if one.id is not None and sought.is_aside(one.id):
            place_of = aside
        elif one.id is not None and sought.meanings[one.id].is_free_text:
            place_of = free
        place_of[one.name] = _column(one, frame, read, ends)
    left_out = [one.column for one in found if one.name in free or not one.name]
    return Frames(
        data=pd.DataFrame(data, index=frame.index),
        raw=frame.drop(columns=left_out),
        free_text=pd.DataFrame(free, index=frame.index) if free else pd.DataFrame(),
        aside=pd.DataFrame(aside, index=frame.index) if aside else pd.DataFrame(),
    )


def _column(one: Found, frame: pd.DataFrame, read: Read, ends: Mapping[str, int]) -> pd.Series:
    if one.id is None:
        return frame[one.column] if one.kept is None else one.kept.read(frame[one.column])
    if one.id in read.coded:
        values = read.coded[one.id].values
        turned = ends[one.id] - values if one.id in ends and one.name == one.id else values
        return pd.Series(turned, index=frame.index)
    return read.plain.get(one.id, frame[one.column])


def reversed_ends(instruments: Sequence[Instrument], already_reversed: Sequence[str]) -> dict[str, int]:
    """Return minimum + maximum of the scale for each item that has to be turned."""
    ends = {
        item.id: instrument.scale_of(item.id).minimum + instrument.scale_of(item.id).maximum
        for instrument in instruments
        for item in instrument.items
        if item.reverse
    }
    for id in already_reversed:
        if id not in ends:
            raise ResponseError(
                f"already_reversed: '{id}' is no reverse-worded item. {suggestion(id, list(ends))}"
            )
    return {id: end for id, end in ends.items() if id not in already_reversed}


def dropped_frame(data: pd.DataFrame, read: Read, id_column: str | None) -> pd.DataFrame:
    """Return one row a value that was set missing: row, respondent, column, value, reason."""
    ids = respondent_ids(data, id_column).to_numpy()
    rows = [
        (place(data.index, drop.position), ids[drop.position], drop.column, drop.value, drop.reason)
        for one in read.coded.values()
        for drop in one.dropped
    ]
    frame = pd.DataFrame(rows, columns=DROPPED_COLUMNS, dtype=object)
    return frame.astype({"row": "int64"}).sort_values("row", kind="stable", ignore_index=True)


def meanings_of(found: Sequence[Found], sought: Sought, read: Read) -> dict[str, Meaning]:
    """Return column of the data -> what it means, for the questions that were found."""
    return {
        one.name: replace(sought.meanings[one.id], id=one.name)
        for one in found
        if one.id is not None and one.name and one.id not in read.uncoded and not sought.is_aside(one.id)
    }
