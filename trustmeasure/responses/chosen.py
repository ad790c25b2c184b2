"""Which instruments the answers belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Instrument, list_instruments, load_instrument
from trustmeasure.responses.columns import folded
from trustmeasure.responses.export import Export
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.meaning import item_meanings
from trustmeasure.responses.wordings import Wordings

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


def chosen_for(
    wanted: Choice | Sequence[Choice] | None, export: Export, columns: Mapping[str, str] | None = None
) -> tuple[Instrument, ...]:
    """Return the instruments asked for; those of the manifest; or the shipped ones of which an item occurs.

    Raises
    ------
    ResponseError
        If nothing is chosen, or the manifest names an instrument that is not shipped.
    """
    if wanted is not None or export.manifest is None:
        return choose_instruments(wanted, _shown(wanted, export), columns)
    return of_manifest(export.manifest)


def of_manifest(manifest: Manifest) -> tuple[Instrument, ...]:
    """Return the shipped instruments that a manifest names; nothing in it is ever taken for a path."""
    shipped = {str(id) for id in list_instruments()["id"]}
    own = [source.id for source in manifest.instruments if source.id not in shipped]
    if own:
        raise ResponseError(
            f"{manifest.source} names the instrument '{own[0]}', which is not among the shipped ones. "
            "Give your own instruments' files with instruments=['path/of/instrument.yaml', ...]."
        )
    if not manifest.instruments:
        raise ResponseError(f"{manifest.source} names no instrument. Give them with instruments=.")
    return tuple(load_instrument(source.id) for source in manifest.instruments)


def _shown(wanted: object, export: Export) -> list[str]:
    """Return the names of the columns and every id that they may stand for on their platform."""
    names = [str(name) for name in export.raw.frame.columns]
    if wanted is not None:
        return names
    shapes = [shape for name in names for shape in (name, *export.platform.candidates(name))]
    texts = {name: export.platform.texts(name, export.raw.labels.get(name, "")) for name in names}
    if not any(texts.values()):
        return shapes
    instruments = [load_instrument(str(id)) for id in list_instruments()["id"]]
    wordings = Wordings.of(item_meanings(instruments), instruments)
    return [*shapes, *(id for shown in texts.values() for id in wordings.ids(shown))]


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
