"""What variables are called in a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from trustmeasure.errors import ArgumentError
from trustmeasure.plots.words import chosen

if TYPE_CHECKING:
    from trustmeasure.instruments import Instrument
    from trustmeasure.responses import Responses

Labels: TypeAlias = (
    "Mapping[str, str | Mapping[str, str]] | Instrument | Iterable[Instrument] | Responses | None"
)


def names(labels: Labels, language: str, *, wording: bool) -> dict[str, str]:
    """Return variable -> what it is called in `language`.

    Parameters
    ----------
    labels : mapping, Instrument, sequence of Instrument, Responses or None
        Where the names come from.
    language : str
        Language of the names; a text that does not exist in it is taken in the first language it has.
    wording : bool
        Whether items are called by their wording; by their ids otherwise.
    """
    if labels is None:
        return {}
    if isinstance(labels, Mapping):
        return {str(name): chosen(text, language) for name, text in labels.items()}
    found: dict[str, str] = {}
    for instrument in instruments_of(labels):
        found.update({c.id: chosen(c.label, language) for c in instrument.constructs})
        if wording:
            found.update({item.id: item_text(instrument, item, language) for item in instrument.items})
    return found


def instruments_of(source: Any) -> tuple[Instrument, ...]:
    """Return the instruments that `source` is or holds; raise ArgumentError when it is none of that."""
    held = getattr(source, "instruments", source)
    listed = (held,) if hasattr(held, "constructs") else held
    found = tuple(listed) if isinstance(listed, Iterable) and not isinstance(listed, str | bytes) else ()
    if not found or not all(hasattr(i, "constructs") and hasattr(i, "items") for i in found):
        raise ArgumentError(
            f"labels={source!r} gives no names. Give a mapping such as {{'sat': 'Satisfaction'}}, an "
            "instrument, "
            "a sequence of instruments, or responses."
        )
    return found


def item_text(instrument: Any, item: Any, language: str) -> str:
    """Return the wording of an item with its placeholders filled by their defaults."""
    tag = language if language in item.text else next(iter(item.text))
    fill = getattr(instrument, "fill", None)
    return str(fill(item.text, tag)) if fill is not None else str(item.text[tag])
