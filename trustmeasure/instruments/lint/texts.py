"""The texts of a file, each with the part it plays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from trustmeasure.instruments.lint.model import Check, File, Hit, Role, Text
from trustmeasure.instruments.problems import Where
from trustmeasure.instruments.raw import as_mapping, entries, is_active, texts_in

_BY_FIELD: dict[str, Role] = {
    "stem": "stem",
    "title": "name",
    "label": "name",
    "definition": "prose",
    "description": "prose",
    "default": "words",
}
_BY_GROUP: dict[str, Role] = {"items": "item", "stems": "stem", "placeholders": "words"}
Look = Callable[[Text], Iterator[str]]


def texts_of(data: object) -> tuple[Text, ...]:
    """Return the texts of everything that is still asked."""
    retired = {where for where, item in entries(data, "items") if not is_active(item)}
    found = []
    for where, texts in texts_in(data):
        if where[:2] in retired:
            continue
        for tag, text in texts.items():
            if isinstance(text, str):
                found.append(Text((*where, tag), tag, " ".join(text.split("\n")), _role(where)))
    return tuple(found)


def _role(where: Where) -> Role:
    if where[0] == "contexts" and len(where) == 4:
        return _BY_GROUP[str(where[2])]
    if where[-1] == "text":
        return "question" if where[0] == "questions" else "item"
    if where[-1] == "label" and ("points" in where or "missing" in where):
        return "answer"
    return _BY_FIELD[str(where[-1])]


def each(look: Look, roles: Collection[Role], languages: Sequence[str] = ()) -> Check:
    """Return a check that looks at each text of some roles, in some languages or in all."""

    def check(file: File) -> Iterator[Hit]:
        for text in file.texts:
            if text.role in roles and (not languages or text.language in languages):
                yield from (Hit(text.where, message) for message in look(text))

    return check


def tags_of(file: File) -> list[str]:
    """Return the languages of a file: those that it names, or those of its texts."""
    named = [entry.get("tag") for _, entry in entries(file.data, "languages")]
    known = [tag for tag in named if isinstance(tag, str)]
    return known or list(dict.fromkeys(text.tag for text in file.texts))


def item_texts(file: File, tag: str) -> list[tuple[Where, str]]:
    """Return the general wording of the active items in one language."""
    found = []
    for where, item in entries(file.data, "items"):
        text = as_mapping(item.get("text")).get(tag)
        if is_active(item) and isinstance(text, str):
            found.append(((*where, "text", tag), text))
    return found
