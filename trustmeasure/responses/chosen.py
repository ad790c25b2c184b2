"""Which instruments the answers belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Instrument, list_instruments, load_instrument
from trustmeasure.responses.columns import folded

Choice = str | Path | Instrument


def choose_instruments(
    wanted: Choice | Sequence[Choice] | None, names: Sequence[str], columns: Mapping[str, str] | None = None
) -> tuple[Instrument, ...]:
    """Return the instruments asked for, or the shipped ones of which an item occurs.

    Parameters
    ----------
    wanted : id, path or Instrument, or a sequence of them, or None
        What the caller asks for.
    names : sequence of str
        Columns of the data.
    columns : mapping, optional
        Column -> item id, from the caller.

    Raises
    ------
    ResponseError
        If nothing is chosen, or two instruments have an item or a construct in common.
    """
    if wanted is None:
        return _occurring([folded(name) for name in (*names, *(columns or {}).values())])
    several = [wanted] if not isinstance(wanted, Sequence) or isinstance(wanted, str) else wanted
    for one in several:
        if not isinstance(one, Choice):
            raise ResponseError(f"instruments holds {one!r}; give ids, paths of files or Instruments.")
    chosen = tuple(load_instrument(one) for one in several)
    if not chosen:
        raise ResponseError("instruments is empty. Name at least one, or pass None to find them.")
    _require_distinct(chosen)
    return chosen


def _occurring(names: Sequence[str]) -> tuple[Instrument, ...]:
    """Return the shipped instruments of which an item occurs, in the order of their first column."""
    first: dict[Instrument, int] = {}
    for instrument in (load_instrument(str(id)) for id in list_instruments()["id"]):
        items = {folded(item.id) for item in instrument.items}
        places = [place for place, name in enumerate(names) if name in items]
        if places:
            first[instrument] = places[0]
    found = tuple(sorted(first, key=lambda instrument: first[instrument]))
    if not found:
        raise ResponseError(
            "No column has the name of an item of a shipped instrument. Name the instruments with "
            "instruments=, or the columns with columns={'column': 'item id'}."
        )
    return found


def _require_distinct(instruments: Sequence[Instrument]) -> None:
    owner: dict[str, str] = {}
    for instrument in instruments:
        ids = [item.id for item in instrument.items] + [own.id for own in instrument.constructs]
        for id in sorted(set(ids)):
            if id in owner:
                raise ResponseError(
                    f"'{id}' belongs to the instruments '{owner[id]}' and '{instrument.id}'. "
                    "Name only one of them."
                )
            owner[id] = instrument.id
