"""Which column of a tidy table holds which question, and what the other columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Instrument
from trustmeasure.responses.columns import (
    Finder,
    How,
    Match,
    by_name,
    folded,
    match_columns,
    missing_items,
    missing_message,
)
from trustmeasure.responses.export import Export
from trustmeasure.responses.platforms import Kept
from trustmeasure.responses.sought import Sought
from trustmeasure.responses.wordings import Wordings

MAPPING_COLUMNS = ["column", "item", "how", "name", "holds"]


@dataclass(frozen=True, slots=True)
class Found:
    """One column of the source.

    Attributes
    ----------
    column : str
        Name in the source.
    id : str or None
        The question that it holds; None for another column.
    how : str
        What made the match; `"platform"` for a column of the platform that gets a standard name,
        `"kept"` for any other.
    name : str
        Name in the data; empty when it is left out.
    holds : str
        Kind of the question, kind of the platform's column, or empty.
    kept : Kept or None
        How a column of the platform is read.
    """

    column: str
    id: str | None
    how: str
    name: str
    holds: str
    kept: Kept | None = None


def find_columns(
    export: Export,
    sought: Sought,
    instruments: Sequence[Instrument],
    given: Mapping[str, str] | None,
    *,
    by_position: bool,
) -> tuple[Found, ...]:
    """Return what each column of a table holds, in their order.

    Raises
    ------
    ResponseError
        If two columns hold one question, or a name would come twice in the data.
    """
    names = [str(name) for name in export.raw.frame.columns]
    ids = list(sought.meanings)
    matches = match_columns(names, ids, given, ways_of(export, sought, instruments))
    if by_position:
        matches = with_positions(matches, export, sought)
    taken = {match.item for match in matches if match.item is not None}
    found = _named(matches, export, sought, {*names, *taken})
    _require_names_once(found)
    return found


def ways_of(
    export: Export, sought: Sought, instruments: Sequence[Instrument]
) -> tuple[tuple[How, Finder], ...]:
    """Return the ways to find a question: manifest, name, pattern of the platform, wording."""
    platform, raw = export.platform, export.raw
    ids = {} if export.manifest is None else export.manifest.ids
    folds = {folded(id): id for id in sought.meanings}
    wordings = Wordings.of(sought.meanings, instruments)

    def by_manifest(name: str) -> list[str]:
        return [ids[one] for one in (name, *raw.aliases.get(name, ())) if one in ids]

    def by_pattern(name: str) -> list[str]:
        shapes = (folded(shape) for shape in platform.candidates(name))
        return [folds[shape] for shape in shapes if shape in folds]

    def by_wording(name: str) -> tuple[str, ...]:
        return wordings.ids(platform.texts(name, raw.labels.get(name, "")))

    return (
        ("manifest", by_manifest),
        *by_name(list(sought.meanings)),
        ("pattern", by_pattern),
        ("wording", by_wording),
    )


def with_positions(matches: Sequence[Match], export: Export, sought: Sought) -> tuple[Match, ...]:
    """Return the matches with the columns left over taken for the questions left over, in order.

    Raises
    ------
    ResponseError
        If their numbers differ.
    """
    free = [m.column for m in matches if m.item is None and export.platform.bookkeeping(m.column) is None]
    held = {match.item for match in matches}
    lacking = [id for id in _in_order(sought) if id not in held]
    if len(free) != len(lacking):
        raise ResponseError(
            f"by_position: {len(free)} columns are left over ({_some(free)}), but {len(lacking)} questions "
            f"({_some(lacking)}). Remove what is no answer, or name the columns with columns=."
        )
    placed = dict(zip(free, lacking, strict=True))
    return tuple(
        Match(match.column, placed[match.column], "position") if match.column in placed else match
        for match in matches
    )


def _in_order(sought: Sought) -> list[str]:
    if sought.certain:
        return sorted(sought.meanings, key=lambda id: sought.meanings[id].number)
    return list(sought.required)


def _some(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "") if names else "none"


def _named(matches: Sequence[Match], export: Export, sought: Sought, taken: set[str]) -> tuple[Found, ...]:
    found = []
    for match in matches:
        one = _of_match(match, export, sought, taken)
        taken.add(one.name)
        found.append(one)
    return tuple(found)


def _of_match(match: Match, export: Export, sought: Sought, taken: set[str]) -> Found:
    if match.item is not None:
        kind = sought.meanings[match.item].kind
        name = "" if sought.is_dropped(match.item) else sought.column_of(match.item)
        return Found(match.column, match.item, match.how, name, kind)
    kept = export.platform.bookkeeping(match.column)
    if kept is None:
        return Found(match.column, None, "kept", match.column, "")
    name = kept.name if kept.name and kept.name not in taken else match.column
    how = "kept" if name == match.column else "platform"
    return Found(match.column, None, how, name, kept.kind, kept)


def _require_names_once(found: Sequence[Found]) -> None:
    first: dict[str, str] = {}
    for one in found:
        if one.name and one.name in first:
            raise ResponseError(
                f"The columns '{first[one.name]}' and '{one.column}' would both be '{one.name}' in the data. "
                "Rename or remove one of them."
            )
        first[one.name] = one.column


def lacking_note(found: Sequence[Found], sought: Sought, require: str, source: str) -> tuple[str, ...]:
    """Return a note on items without a column, or raise ResponseError when every item needs one."""
    matches = [Match(one.column, one.id, "kept") for one in found]
    missing = missing_items(matches, sought.required)
    if not missing:
        return ()
    message = missing_message(missing, matches)
    if require == "all" or len(missing) == len(sought.required):
        raise ResponseError(
            f"{source}: {message} {_titles_above(found)}Name the columns with "
            "columns={'column': 'item id'}, or pass require='any' to go on without the items."
        )
    return (message,)


def _titles_above(found: Sequence[Found]) -> str:
    """Return a hint when most columns have no name, as where a title stands above the names."""
    unnamed = sum(one.column.startswith("unnamed_") for one in found)
    return "Most columns have no name: remove the rows above the names. " if 2 * unnamed > len(found) else ""


def mapping_frame(found: Sequence[Found]) -> pd.DataFrame:
    """Return one row a column of the source: column, item (None for another column), how, name, holds."""
    rows = [
        (one.column, one.id if one.holds == "item" else None, one.how, one.name, one.holds) for one in found
    ]
    return pd.DataFrame(rows, columns=MAPPING_COLUMNS, dtype=object)
