"""Which column holds which question: given by the caller, by the manifest, by its name, or by its wording."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from trustmeasure.check import nearest, suggestion
from trustmeasure.errors import ResponseError

How = Literal["given", "manifest", "exact", "ignoring case", "pattern", "wording", "position", "kept"]

Finder = Callable[[str], Sequence[str]]
"""Column -> ids that it may stand for, the best first."""


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
    names: Sequence[str],
    items: Sequence[str],
    given: Mapping[str, str] | None = None,
    ways: Sequence[tuple[How, Finder]] | None = None,
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
    ways : sequence of (how, finder), optional
        The ways to find an id, surest first; `by_name(items)` when left out. A later way does not touch what
        an earlier one found.

    Raises
    ------
    ResponseError
        If `given` names a column or an item that does not exist, or two columns hold one item.
    """
    fixed = dict(given or {})
    _check_given(fixed, names, items)
    found: dict[str, Match] = {name: Match(name, fixed[name], "given") for name in names if name in fixed}
    _require_one_each(tuple(found.values()))
    for how, finder in by_name(items) if ways is None else ways:
        claims = tuple(_claims([name for name in names if name not in found], items, finder, how))
        taken = {match.item: match for match in found.values()}
        clear = [claim for claim in claims if claim.item not in taken]
        _require_one_each(clear)
        _require_free(claims, taken)
        found |= {claim.column: claim for claim in clear}
    return tuple(found.get(name, Match(name, None, "kept")) for name in names)


def by_name(items: Sequence[str]) -> tuple[tuple[How, Finder], ...]:
    """Return the ways by the column's own name: the same, or the same but for its case."""
    folds = {folded(item): item for item in items}

    def exact(name: str) -> tuple[str, ...]:
        return (name,)

    def ignoring_case(name: str) -> tuple[str, ...]:
        return (folds[folded(name)],) if folded(name) in folds else ()

    return ("exact", exact), ("ignoring case", ignoring_case)


def _claims(names: Sequence[str], items: Sequence[str], finder: Finder, how: How) -> Iterator[Match]:
    known = set(items)
    for name in names:
        hit = next((id for id in finder(name) if id in known), None)
        if hit is not None:
            yield Match(name, hit, how)


def _require_free(claims: Sequence[Match], taken: Mapping[str | None, Match]) -> None:
    """Raise ResponseError when the caller gave an item one column and another has the item's very name."""
    for claim in claims:
        if claim.how == "exact" and claim.item in taken and taken[claim.item].how == "given":
            _require_one_each((taken[claim.item], claim))


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
