"""Checks of texts: every language has every text, and placeholders are declared and the same in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from trustmeasure.check import suggestion
from trustmeasure.instruments.placeholders import PLACEHOLDER, names_in
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries, string, texts_in

MISSING, PLACEHOLDERS = "missing-translation", "placeholder"
_BRACE = re.compile(r"[{}]")


def problems(data: object) -> Iterator[Problem]:
    """Yield what is wrong with the texts of an instrument."""
    tags = _tags(data)
    yield from _language_problems(data, tags)
    declared = [name for _, entry in entries(data, "placeholders") if (name := string(entry, "name"))]
    for where, texts in texts_in(data):
        allowed = declared if _may_hold_placeholders(where) else None
        yield from text_problems(where, texts, tags, allowed)


def _tags(data: object) -> list[str]:
    return [tag for _, entry in entries(data, "languages") if (tag := string(entry, "tag"))]


def _language_problems(data: object, tags: Sequence[str]) -> Iterator[Problem]:
    for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
        yield Problem(("languages",), f"names '{tag}' more than once. Remove all but one.")
    source = string(as_mapping(data), "source_language")
    if source is not None and tags and source not in tags:
        yield Problem(
            ("source_language",), f"'{source}' is not one of the languages. {suggestion(source, tags)}"
        )


def text_problems(
    where: Where, texts: Raw, tags: Sequence[str], declared: Sequence[str] | None
) -> Iterator[Problem]:
    """Yield what is wrong with a text; `declared` is None where no placeholder may stand."""
    yield from coverage(where, texts, tags)
    yield from _placeholder_problems(where, texts, declared)


def coverage(where: Where, texts: Raw, tags: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each language without a text, and for each text in another language."""
    for tag in tags:
        if tag not in texts:
            yield Problem((*where, tag), f"is missing. Write the text in the language '{tag}'.", MISSING)
    for tag in texts:
        if tags and tag not in tags:
            told = f"is not one of the languages. {suggestion(tag, tags)} Or add it to languages."
            yield Problem((*where, tag), told, MISSING)


def _may_hold_placeholders(where: Where) -> bool:
    if where[0] == "contexts":
        return len(where) == 4 and where[2] in ("items", "stems")
    return where[-1] == "stem" or (where[-1] == "text" and where[0] == "items")


def _placeholder_problems(where: Where, texts: Raw, declared: Sequence[str] | None) -> Iterator[Problem]:
    used = {tag: set(names_in(text)) for tag, text in texts.items() if isinstance(text, str)}
    everywhere = set().union(*used.values())
    for tag, names in used.items():
        yield from _names_problems((*where, tag), names, everywhere, declared)
        if _BRACE.search(PLACEHOLDER.sub("", texts[tag])):
            told = "holds a brace that belongs to no placeholder. Write {name}, or no brace."
            yield Problem((*where, tag), told, PLACEHOLDERS)


def _names_problems(
    where: Where, names: set[str], everywhere: set[str], declared: Sequence[str] | None
) -> Iterator[Problem]:
    if declared is None:
        if names:
            told = "holds a placeholder; only item texts and stems may. Write the words out."
            yield Problem(where, told, PLACEHOLDERS)
        return
    for name in sorted(names - set(declared)):
        hint = suggestion(name, declared)
        told = f"uses {{{name}}}, which is not declared under placeholders. {hint}"
        yield Problem(where, told, PLACEHOLDERS)
    for name in sorted(everywhere - names):
        told = f"lacks {{{name}}}, which another language of the same text has. Use it in each."
        yield Problem(where, told, PLACEHOLDERS)
