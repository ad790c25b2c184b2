"""The JSON Schema of instrument files, and its findings in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trustmeasure.check import nearest
from trustmeasure.files import write_text
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import as_mapping

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMA_FILE = Path(__file__).with_name("instrument.schema.json")
RULE = "form"
FileKind = Literal["instrument", "scales", "background"]
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of named fields",
}


def instrument_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that instrument files follow.

    Returns
    -------
    dict
        A new copy; changing it changes nothing.

    Examples
    --------
    >>> instrument_schema()["title"]
    'trustmeasure instrument'
    """
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def write_schema(path: str | Path) -> Path:
    """Write the JSON Schema to `path`, for editors that check a file while it is written.

    Parameters
    ----------
    path : str or Path
        The file to write.

    Returns
    -------
    Path
        The file written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_schema(Path(folder) / "instrument.schema.json").name
    'instrument.schema.json'
    """
    return write_text(path, SCHEMA_FILE.read_text(encoding="utf-8"))


def schema_problems(data: object, kind: FileKind = "instrument") -> list[Problem]:
    """Return where `data` does not follow the schema; empty when it does."""
    errors = _validator(kind).iter_errors(data)
    return [problem for error in errors for problem in _problems(error)]


@cache
def _validator(kind: FileKind) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    schema = instrument_schema()
    if kind != "instrument":
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{kind}File"}
    return Draft202012Validator(schema)


def _problems(error: ValidationError) -> Iterator[Problem]:
    where: Where = tuple(error.absolute_path)
    rule, schema = str(error.validator), as_mapping(error.schema)
    value: Any = error.instance
    if rule == "required":
        yield from _missing_fields(where, schema, value)
    elif rule == "additionalProperties":
        yield from _unknown_fields(where, schema, value)
    else:
        reason = _reason(rule, error.validator_value, value)
        yield Problem(where, f"{reason} {schema.get('description', '')}".strip(), RULE)


def _missing_fields(
    where: Where, schema: Mapping[str, Any], value: Mapping[str, object]
) -> Iterator[Problem]:
    for name in schema["required"]:
        if name not in value:
            description = schema["properties"][name]["description"]
            yield Problem((*where, name), f"is missing. Add it: {description}", RULE)


def _unknown_fields(
    where: Where, schema: Mapping[str, Any], value: Mapping[str, object]
) -> Iterator[Problem]:
    allowed = list(schema["properties"])
    for name in value:
        if name not in allowed:
            hit = nearest(str(name), allowed)
            hint = f"Did you mean '{hit}'? " if hit else ""
            yield Problem((*where, name), f"is not a field here. {hint}Allowed: {', '.join(allowed)}.", RULE)


def _reason(rule: str, wanted: Any, value: object) -> str:
    if rule == "type":
        quotes = " Put it in double quotes." if wanted == "string" and value is not None else ""
        return f"must be {_TYPES[wanted]}, but is {_what(value)}.{quotes}"
    if rule == "enum":
        hit = nearest(value, wanted) if isinstance(value, str) else None
        hint = f" Did you mean '{hit}'?" if hit else ""
        return f"{_shown(value)} is not allowed.{hint} Allowed: {', '.join(map(str, wanted))}."
    if rule in ("minItems", "minProperties"):
        return f"needs at least {wanted}."
    if rule == "uniqueItems":
        return "names something twice. Remove the second."
    return f"{_shown(value)} does not fit."


def _what(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a group of named fields" if isinstance(value, dict) else "a list"
    return f"{_shown(value)} ({'text' if isinstance(value, str) else 'a number'})"


def _shown(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
