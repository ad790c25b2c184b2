"""Which column holds which item: given by the caller, the same name, or the same name but for its case."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from trustmeasure.check import nearest, suggestion
from trustmeasure.errors import ResponseError

How = Literal["given", "exact", "ignoring case", "kept"]


@dataclass(frozen=True, slots=True)
class Match:
    """A column of the source and the item that it holds.

    Attributes
    ----------
    column : str
        Name in the source.
    item : str or None
        Item id; None for a column that is kept as it came.
    how : {"given", "exact", "ignoring case", "kept"}
        What made the match.
    """

    column: str
    item: str | None
    how: How


def folded(name: str) -> str:
    """Return a name without outer spaces, case and full-width letters, for comparing."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def match_columns(
    names: Sequence[str], items: Sequence[str], given: Mapping[str, str] | None = None
) -> tuple[Match, ...]:
    """Return what each column holds, in the order of the columns. Nothing is matched by position.

    Parameters
    ----------
    names : sequence of str
        Columns of the source, all different.
    items : sequence of str
        Ids of the items that are looked for.
    given : mapping, optional
        Column -> item id, from the caller; goes before everything else.

    Raises
    ------
    ResponseError
        If `given` names a column or an item that does not exist, or two columns hold one item.
    """
    fixed = dict(given or {})
    _check_given(fixed, names, items)
    matches = tuple(_match(name, items, fixed, names) for name in names)
    _require_one_each(matches)
    return matches


def _match(name: str, items: Sequence[str], given: Mapping[str, str], names: Sequence[str]) -> Match:
    if name in given:
        return Match(name, given[name], "given")
    if name in items:
        return Match(name, name, "exact")
    alike = {folded(item): item for item in items}.get(folded(name))
    taken = alike in names or alike in given.values()
    return Match(name, alike, "ignoring case") if alike and not taken else Match(name, None, "kept")


def _check_given(given: Mapping[str, str], names: Sequence[str], items: Sequence[str]) -> None:
    for column, item in given.items():
        if column not in names:
            turned = item in names and column in items
            hint = f"Write {{'{item}': '{column}'}}." if turned else suggestion(column, list(names))
            raise ResponseError(f"columns names '{column}', but the data have no such column. {hint}")
        if item not in items:
            raise ResponseError(
                f"columns names '{item}' as the item in '{column}', but no instrument has that item. "
                f"{suggestion(item, list(items))}"
            )


def _require_one_each(matches: Sequence[Match]) -> None:
    holder: dict[str, str] = {}
    for match in matches:
        if match.item is None:
            continue
        if match.item in holder:
            raise ResponseError(
                f"The columns '{holder[match.item]}' and '{match.column}' both hold the item '{match.item}'. "
                "Remove or rename one of them, or name the right one with columns=."
            )
        holder[match.item] = match.column


def missing_items(matches: Sequence[Match], items: Sequence[str]) -> tuple[str, ...]:
    """Return the items that no column holds, in the order of `items`."""
    held = {match.item for match in matches}
    return tuple(item for item in items if item not in held)


def missing_message(missing: Sequence[str], matches: Sequence[Match], most: int = 8) -> str:
    """Return a sentence that names the missing items, each with the nearest column that is free."""
    free = [match.column for match in matches if match.item is None]
    nears = {item: nearest(item, free) for item in missing}
    shown = [f"'{item}'" + (f" (nearest column: '{near}')" if near else "") for item, near in nears.items()]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    noun, verb = ("item", "has") if len(shown) == 1 else ("items", "have")
    return f"The {noun} {', '.join(shown[:most])}{more} {verb} no column."


def mapping_frame(matches: Sequence[Match]) -> pd.DataFrame:
    """Return one row a column of the source: column, item (None for one kept as it came), how."""
    rows = [(match.column, match.item, match.how) for match in matches]
    return pd.DataFrame(rows, columns=["column", "item", "how"], dtype=object)
