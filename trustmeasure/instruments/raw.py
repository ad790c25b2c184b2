"""Safe access to data that may not have the form they should have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trustmeasure.instruments.problems import Where

Raw = Mapping[str, Any]
TEXT_FIELDS = frozenset({"title", "description", "default", "label", "definition", "text", "stem"})
CONTEXT_GROUPS = ("placeholders", "items", "stems")


def as_mapping(data: object) -> Raw:
    """Return `data` when it is a mapping, an empty one otherwise."""
    return data if isinstance(data, Mapping) else {}


def entries(data: object, field: str) -> list[tuple[Where, Raw]]:
    """Return the mappings in the list `field` of `data`, each with its place."""
    listed = as_mapping(data).get(field)
    if not isinstance(listed, list):
        return []
    return [((field, i), entry) for i, entry in enumerate(listed) if isinstance(entry, Mapping)]


def string(entry: Raw, field: str) -> str | None:
    """Return the text of a field, or None when it is not there or not text."""
    value = entry.get(field)
    return value if isinstance(value, str) else None


def strings(entry: Raw, field: str, where: Where) -> list[tuple[Where, str]]:
    """Return the texts in a list field, each with its place."""
    listed = entry.get(field)
    if not isinstance(listed, list):
        return []
    return [((*where, field, i), value) for i, value in enumerate(listed) if isinstance(value, str)]


def ids(data: object, field: str) -> list[str]:
    """Return the ids in the list `field`, in their order."""
    found = (string(entry, "id") for _, entry in entries(data, field))
    return [id for id in found if id is not None]


def is_active(item: Raw) -> bool:
    """Return whether an item is still asked."""
    return string(item, "status") != "retired"


def named(entry: Raw, field: str, where: Where) -> list[tuple[Where, str, Raw]]:
    """Return the mappings in the group `field`, each with its place and its name."""
    inside = as_mapping(entry.get(field)).items()
    return [((*where, field, name), name, value) for name, value in inside if isinstance(value, Mapping)]


def texts_in(data: object, where: Where = ()) -> Iterator[tuple[Where, Raw]]:
    """Yield every group of texts per language in `data`, with its place."""
    if isinstance(data, list):
        for i, entry in enumerate(data):
            yield from texts_in(entry, (*where, i))
    for name, value in as_mapping(data).items():
        if isinstance(value, Mapping) and (name in TEXT_FIELDS or _in_context(where)):
            yield (*where, name), value
        else:
            yield from texts_in(value, (*where, name))


def _in_context(where: Where) -> bool:
    """Return whether the names at a place are those of placeholders, items or blocks in a sector's words."""
    return len(where) == 3 and where[0] == "contexts" and where[2] in CONTEXT_GROUPS
