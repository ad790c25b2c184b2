"""Reading answers: from a file or a frame to checked responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Instrument
from trustmeasure.responses.cells import rules_for
from trustmeasure.responses.chosen import choose_instruments
from trustmeasure.responses.coding import Coded, OutOfRange, code_column
from trustmeasure.responses.columns import (
    Match,
    mapping_frame,
    match_columns,
    missing_items,
    missing_message,
)
from trustmeasure.responses.model import (
    DROPPED_COLUMNS,
    Responses,
    exclusion_frame,
)
from trustmeasure.responses.raw import RawTable, ReadOptions, place
from trustmeasure.responses.readers import read_source
from trustmeasure.responses.respondents import (
    DUPLICATES,
    Duplicates,
    find_id_column,
    repeated_rows,
    respondent_ids,
)
from trustmeasure.responses.screening import item_notes

Require = Literal["all", "any"]


def read_responses(
    source: Any,
    instruments: str | Path | Instrument | Sequence[str | Path | Instrument] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    id_column: str | None = None,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    require: Require = "all",
    out_of_range: OutOfRange = "error",
    missing_codes: Mapping[int, str] | None = None,
    already_reversed: Sequence[str] = (),
    duplicates: Duplicates = "error",
    simulated: bool | None = None,
) -> Responses:
    """Read answers, check them against their instruments, and turn reverse-worded items.

    A column holds an item when `columns` says so, when its name is the item's id, or when it differs from
    the id in case only. Nothing is matched by position. Other columns are kept as they came. Cells hold
    codes or labels (in any language of the instrument), not both in one column.

    Parameters
    ----------
    source : str, Path or frame
        A file (.csv, .tsv, .txt, .xlsx, .xlsm, .sav, .zsav, .dta, .parquet) or a frame (pandas, polars or
        another that Narwhals understands), one row a respondent.
    instruments : id, path or Instrument, or a sequence of them, optional
        What was asked. None for every shipped instrument of which an item occurs.
    columns : mapping, optional
        Column -> item id, for columns that are named otherwise: `{"IMAG1": "imag1"}`.
    id_column : str, optional
        The column with the respondents' ids. None for `respondent_id`, when there is such a column.
    sheet : str or int, optional
        Sheet of an Excel file, by name or counted from 0. None for the first.
    encoding, delimiter : str, optional
        Of a text file. None to find out.
    require : {"all", "any"}
        Whether every item needs a column. With `"any"`, missing ones are noted.
    out_of_range : {"error", "missing"}
        Refuse codes that the scale does not have, or set them missing and record each in `.dropped`.
    missing_codes : mapping, optional
        Further codes that mean no answer, with the reason: `{-99: "not shown"}`. A code that is an answer
        on an item's scale stays an answer there.
    already_reversed : sequence of str
        Ids of reverse-worded items whose answers were turned before; they are not turned again.
    duplicates : {"error", "first", "last", "keep"}
        What to do with rows that repeat a respondent's id.
    simulated : bool, optional
        Whether the answers are simulated. None to believe the data: a column `data_origin` that says
        "simulated" throughout, or a file label with that word.

    Returns
    -------
    Responses
        The checked answers, with everything that was set missing or left out.

    Raises
    ------
    ResponseError
        If the file cannot be read, a column or an answer does not fit, or an id comes twice. The message
        names the place and the remedy.

    Examples
    --------
    >>> import pandas as pd
    >>> import trustmeasure as tm
    >>> frame = pd.DataFrame({"SAT_1": [7, 99], "SAT_2": [6, 5], "SAT_3": [6, 4], "SAT_4": [7, 5]})
    >>> responses = tm.read_responses(frame, ["satisfaction"])
    >>> responses.data["sat_1"].tolist()
    [7.0, nan]
    >>> responses.dropped[["row", "column", "value"]].values.tolist()
    [[2, 'SAT_1', 99]]
    """
    _check_arguments(source, columns, require, out_of_range, duplicates)
    raw = read_source(source, ReadOptions(sheet, encoding, delimiter))
    chosen = choose_instruments(instruments, list(raw.frame.columns), columns)
    matches, notes = _matched(raw, chosen, columns, require)
    own_id = find_id_column([match.column for match in matches if match.item is None], id_column)
    coded = _coded(raw, matches, chosen, out_of_range, missing_codes or {})
    data = _data(raw.frame, matches, coded, chosen, already_reversed)
    responses = Responses(
        data=data,
        raw=raw.frame,
        instruments=chosen,
        mapping=mapping_frame(matches),
        dropped=_dropped(raw.frame, list(coded.values()), own_id),
        excluded=exclusion_frame(pd.Series(dtype=object), ""),
        source=raw.source,
        simulated=raw.simulated if simulated is None else simulated,
        id_column=own_id,
        notes=(*raw.notes, *notes, *_id_notes(data, own_id), *item_notes(data, chosen)),
    )
    again = repeated_rows(data, own_id, duplicates)
    return responses.subset(~again, f"repeats an id ({duplicates} row kept)") if again.any() else responses


def _check_arguments(source: Any, columns: Any, require: str, out_of_range: str, duplicates: str) -> None:
    if isinstance(source, Responses):
        raise ResponseError("source is Responses already; reading it again would turn reversed items back.")
    if columns is not None and not isinstance(columns, Mapping):
        raise ResponseError("columns must be a mapping such as {'column': 'item id'}.")
    one_of("require", require, ("all", "any"))
    one_of("out_of_range", out_of_range, ("error", "missing"))
    one_of("duplicates", duplicates, DUPLICATES)


def _matched(
    raw: RawTable, instruments: Sequence[Instrument], columns: Mapping[str, str] | None, require: Require
) -> tuple[tuple[Match, ...], tuple[str, ...]]:
    """Return what each column holds, and a note on items without a column."""
    items = [item.id for instrument in instruments for item in instrument.items]
    matches = match_columns(list(raw.frame.columns), items, columns)
    missing = missing_items(matches, items)
    if not missing:
        return matches, ()
    message = missing_message(missing, matches)
    if require == "all" or len(missing) == len(items):
        raise ResponseError(
            f"{raw.source}: {message} Name the columns with columns={{'column': 'item id'}}, or pass "
            "require='any' to go on without the items."
        )
    return matches, (message,)


def _coded(
    raw: RawTable,
    matches: Sequence[Match],
    instruments: Sequence[Instrument],
    out_of_range: OutOfRange,
    missing_codes: Mapping[int, str],
) -> dict[str, Coded]:
    """Return item id -> its codes as in the source."""
    owners = {item.id: instrument for instrument in instruments for item in instrument.items}
    coded: dict[str, Coded] = {}
    for match in matches:
        if match.item is None:
            continue
        owner = owners[match.item]
        rules = rules_for(
            match.column, owner.item(match.item), owner.scale_of(match.item), raw, missing_codes
        )
        coded[match.item] = code_column(raw.frame[match.column], rules, out_of_range)
    return coded


def _data(
    frame: pd.DataFrame,
    matches: Sequence[Match],
    coded: Mapping[str, Coded],
    instruments: Sequence[Instrument],
    already_reversed: Sequence[str],
) -> pd.DataFrame:
    """Return the columns in their order: items under their ids and turned, others as they came."""
    ends = _reversed_ends(instruments, already_reversed)
    columns = {}
    for match in matches:
        if match.item is None:
            columns[match.column] = frame[match.column]
            continue
        values = coded[match.item].values
        turned = ends[match.item] - values if match.item in ends else values
        columns[match.item] = pd.Series(turned, index=frame.index)
    return pd.DataFrame(columns, index=frame.index)


def _reversed_ends(instruments: Sequence[Instrument], already_reversed: Sequence[str]) -> dict[str, int]:
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


def _dropped(frame: pd.DataFrame, coded: Sequence[Coded], id_column: str | None) -> pd.DataFrame:
    ids = respondent_ids(frame, id_column).to_numpy()
    rows = [
        (place(frame.index, drop.position), ids[drop.position], drop.column, drop.value, drop.reason)
        for one in coded
        for drop in one.dropped
    ]
    frame_of = pd.DataFrame(rows, columns=DROPPED_COLUMNS, dtype=object)
    return frame_of.astype({"row": "int64"}).sort_values("row", kind="stable", ignore_index=True)


def _id_notes(data: pd.DataFrame, id_column: str | None) -> tuple[str, ...]:
    if id_column is None:
        return ("No column holds respondent ids; respondents are known by their row.",)
    without = int(np.asarray(data[id_column].isna()).sum())
    return (f"{without} rows have no respondent id in column '{id_column}'.",) if without else ()
