"""Reading answers: from a file, a folder or a frame to checked responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Instrument
from trustmeasure.responses.assembled import assemble, dropped_frame, meanings_of, reversed_ends
from trustmeasure.responses.chosen import chosen_for
from trustmeasure.responses.coded import Coding, Read, read_columns
from trustmeasure.responses.coding import OutOfRange
from trustmeasure.responses.consented import require_questionnaire, without_consent
from trustmeasure.responses.export import AUTO, PLAIN, Export, ManifestGiven, read_export
from trustmeasure.responses.found import Found, find_columns, lacking_note, mapping_frame
from trustmeasure.responses.masks import exclusion_frame
from trustmeasure.responses.model import Responses
from trustmeasure.responses.privacy.protecting import Identifiers, Policy, protect
from trustmeasure.responses.raw import ReadOptions
from trustmeasure.responses.respondents import (
    DUPLICATES,
    Duplicates,
    find_id_column,
    repeated_rows,
)
from trustmeasure.responses.screening import item_notes
from trustmeasure.responses.sought import sought_for
from trustmeasure.responses.versions import VERSIONS, Versions

Require = Literal["all", "any"]


def read_responses(
    source: Any,
    instruments: str | Path | Instrument | Sequence[str | Path | Instrument] | None = None,
    *,
    manifest: ManifestGiven = AUTO,
    platform: str | None = None,
    language: str | None = None,
    columns: Mapping[str, str] | None = None,
    by_position: bool = False,
    id_column: str | None = None,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    require: Require = "all",
    out_of_range: OutOfRange = "error",
    missing_codes: Mapping[float | str, str] | Mapping[int, str] | None = None,
    already_reversed: Sequence[str] = (),
    versions: Versions = "refuse",
    instrument_version: str | Mapping[str, str] | None = None,
    duplicates: Duplicates = "error",
    identifiers: Identifiers | Mapping[str, Identifiers] = "drop",
    key: str | Path | None = None,
    simulated: bool | None = None,
) -> Responses:
    """Read answers, check them against their instruments, and turn reverse-worded items.

    A column holds an item when `columns` or the manifest says so, when its name is the item's id (whatever
    its case) or has the shape that the survey platform gives it (`COG[cog_1]`, `group/cog_1`), or when it
    shows the item's exact wording. Other columns are kept and reported (`Responses.mapping`), never guessed.
    Cells hold codes or labels (in any language of the instrument), not both in one column.

    Parameters
    ----------
    source : str, Path or frame
        A file (.csv, .tsv, .txt, .xlsx, .xlsm, .sav, .zsav, .dta, .parquet, or one that a platform loads
        itself), a folder of saved forms, or a frame (pandas, polars or another that Narwhals understands).
    instruments : id, path or Instrument, or a sequence of them, optional
        What was asked. None for those of the manifest, or every shipped instrument of which an item occurs.
    manifest : path, Manifest, Questionnaire, "auto" or None
        What the questionnaire's writer said of columns and codes: the file `<export>.manifest.json` or the
        export it lies beside, or the questionnaire itself. `"auto"` takes one beside the answers when exactly
        one fits, and says so in the notes.
    platform : str, optional
        Name of the survey platform, see `list_platforms`. None to recognise it.
    language : str, optional
        Tag of the language of the labels. None for any; a label that means two codes in two languages is then
        refused.
    columns : mapping, optional
        Column -> item id, for columns that are named otherwise: `{"IMAG1": "imag1"}`.
    by_position : bool
        Take the columns that are left over for the questions that are left over, in order. Only when their
        numbers are the same.
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
    versions : {"refuse", "separate", "drop"}
        What to do with items whose meaning or scale was changed since the version that was answered: stop,
        keep them as `id@1.0.0`, or leave them out. Changes of wording are joined with a note.
    instrument_version : str or mapping, optional
        The version that was answered, for all instruments or per id. None for what the manifest says, else
        the installed version.
    duplicates : {"error", "first", "last", "keep"}
        What to do with rows that repeat a respondent's id.
    identifiers : {"drop", "hash", "keep", "refuse"} or mapping of column to one of them
        What to do with columns that tell directly who somebody is (e-mail, phone, IP address, names, ... see
        `find_identifiers`): leave them out and say so, replace them by keyed hashes, keep them, or stop. A
        column of ids that looks like phone numbers or e-mail addresses always needs a word from you.
        Identifiers inside longer texts are masked, unless kept.
    key : str or Path, optional
        The key of the hashes, see `make_key`; None for the environment variable TRUSTMEASURE_KEY.
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
    _check_arguments(source, columns, require, out_of_range, duplicates, versions)
    options = ReadOptions(sheet, encoding, delimiter)
    export = read_export(source, options, manifest=manifest, platform=platform, language=language)
    chosen = chosen_for(instruments, export, columns)
    sought = sought_for(
        chosen,
        export.manifest,
        background=export.platform.name != PLAIN,
        versions=versions,
        instrument_version=instrument_version,
    )
    found = find_columns(export, sought, chosen, columns, by_position=by_position)
    policy = Policy.of(identifiers, key, source, [one.column for one in found])
    protected = protect(export.raw, found, sought, policy, id_column)
    export, found = replace(export, raw=protected.raw), protected.found
    lacking = lacking_note(found, sought, require, export.raw.source)
    own_id = find_id_column(
        [one.name for one in found if one.id is None and one.name], _renamed(found, id_column)
    )
    missing = dict(export.platform.missing)
    for code, reason in (missing_codes or {}).items():
        missing[code] = reason
    read = read_columns(found, sought, export, Coding(out_of_range, missing, language))
    frames = assemble(found, sought, export, read, reversed_ends(chosen, already_reversed))
    require_questionnaire(frames.data, export.manifest, export.raw.source)
    responses = Responses(
        data=frames.data,
        raw=frames.raw,
        instruments=chosen,
        mapping=mapping_frame(found),
        dropped=dropped_frame(frames.data, read, own_id),
        excluded=exclusion_frame(pd.Series(dtype=object), ""),
        source=export.raw.source,
        simulated=export.raw.simulated if simulated is None else simulated,
        id_column=own_id,
        notes=(
            *export.raw.notes,
            *export.notes,
            *protected.notes,
            *lacking,
            *sought.notes,
            *_uncoded_notes(read),
            *_unmapped_notes(found, export),
            *_id_notes(frames.data, own_id),
        ),
        platform=export.platform.name,
        manifest=export.manifest,
        meanings=meanings_of(found, sought, read),
        versions={id: compared.version for id, compared in sought.compared.items()},
        free_text=frames.free_text,
        aside=frames.aside,
    )
    kept = without_consent(_without_repeated(responses, duplicates))
    return replace(kept, notes=(*kept.notes, *item_notes(kept.data, chosen)))


def _check_arguments(
    source: Any, columns: Any, require: str, out_of_range: str, duplicates: str, versions: str
) -> None:
    if isinstance(source, Responses):
        raise ResponseError("source is Responses already; reading it again would turn reversed items back.")
    if columns is not None and not isinstance(columns, Mapping):
        raise ResponseError("columns must be a mapping such as {'column': 'item id'}.")
    one_of("require", require, ("all", "any"))
    one_of("out_of_range", out_of_range, ("error", "missing"))
    one_of("duplicates", duplicates, DUPLICATES)
    one_of("versions", versions, VERSIONS)


def _renamed(found: Sequence[Found], id_column: str | None) -> str | None:
    """Return the name in the data of the column that the caller calls the ids."""
    return next((one.name for one in found if one.column == id_column and one.name), id_column)


def _without_repeated(responses: Responses, duplicates: Duplicates) -> Responses:
    again = repeated_rows(responses.data, responses.id_column, duplicates)
    return responses.subset(~again, f"repeats an id ({duplicates} row kept)") if again.any() else responses


def _uncoded_notes(read: Read) -> tuple[str, ...]:
    if not read.uncoded:
        return ()
    named = ", ".join(read.uncoded)
    return (f"Kept as they came, because their answers are not those of the shipped questions: {named}.",)


def _unmapped_notes(found: Sequence[Found], export: Export) -> tuple[str, ...]:
    """Return a note on columns that nothing is known of, where a manifest or platform should know them."""
    unknown = [one.column for one in found if one.how == "kept" and not one.holds]
    if not unknown or (export.manifest is None and export.platform.name == PLAIN):
        return ()
    return (f"Nothing is known of these columns; they are kept as they came: {_some(unknown)}.",)


def _some(names: Sequence[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _id_notes(data: pd.DataFrame, id_column: str | None) -> tuple[str, ...]:
    if id_column is None:
        return ("No column holds respondent ids; respondents are known by their row.",)
    without = int(np.asarray(data[id_column].isna()).sum())
    return (f"{without} rows have no respondent id in column '{id_column}'.",) if without else ()
