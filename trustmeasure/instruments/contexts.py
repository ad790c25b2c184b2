"""Checks of sector wordings: what a context names exists, and its texts keep the placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trustmeasure.check import suggestion
from trustmeasure.instruments.placeholders import names_in
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries, is_active, named, string
from trustmeasure.instruments.wording import PLACEHOLDERS


def problems(data: object) -> Iterator[Problem]:
    """Yield what is wrong with the sector wordings of an instrument."""
    texts = {
        "items": {i["id"]: as_mapping(i.get("text")) for _, i in entries(data, "items") if _is_asked(i)},
        "stems": {b["id"]: as_mapping(b.get("stem")) for _, b in entries(data, "blocks") if string(b, "id")},
    }
    declared: dict[str, Raw] = {p["name"]: {} for _, p in entries(data, "placeholders") if string(p, "name")}
    for where, context in entries(data, "contexts"):
        yield from _unknown(context, "placeholders", where, declared, "placeholder")
        yield from _unknown(context, "items", where, texts["items"], "active item")
        yield from _unknown(context, "stems", where, texts["stems"], "block")
        for field in ("items", "stems"):
            for at, name, wording in named(context, field, where):
                yield from _other_placeholders(at, wording, texts[field].get(name, {}))


def _is_asked(item: Raw) -> bool:
    return string(item, "id") is not None and is_active(item)


def _unknown(
    context: Raw, field: str, where: Where, known: Mapping[str, Raw], what: str
) -> Iterator[Problem]:
    for name in as_mapping(context.get(field)):
        if name not in known:
            yield Problem(
                (*where, field, name), f"there is no {what} '{name}'. {suggestion(name, list(known))}"
            )


def _other_placeholders(where: Where, wording: Raw, general: Raw) -> Iterator[Problem]:
    """Yield a problem for each placeholder of the general text that a sector's text does not have."""
    for tag, text in wording.items():
        source = general.get(tag)
        if not isinstance(text, str) or not isinstance(source, str):
            continue
        for name in names_in(source):
            if name not in names_in(text):
                told = f"lacks {{{name}}}, which the general wording has. Use it here too."
                yield Problem((*where, tag), told, PLACEHOLDERS)
