"""Checking the entries of a TOML file: each error names the file, the key and the remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trustmeasure.check import nearest, suggestion
from trustmeasure.errors import StudyError, TrustMeasureError

KINDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands, and the kind of error that it raises.

    Attributes
    ----------
    file : Path
        The file.
    key : str
        The key, such as `responses.exclude[1].column`; empty for the file as a whole.
    kind : type
        The error to raise.
    """

    file: Path
    key: str = ""
    kind: type[TrustMeasureError] = StudyError

    def __truediv__(self, name: str) -> Place:
        return replace(self, key=f"{self.key}.{name}" if self.key else name)

    def __getitem__(self, number: int) -> Place:
        return replace(self, key=f"{self.key}[{number}]")

    def error(self, message: str) -> TrustMeasureError:
        """Return an error at this place."""
        shown = f"{self.file}: {self.key}" if self.key else str(self.file)
        return self.kind(f"{shown}: {message}")

    def wrong_type(self, value: object, wanted: str) -> TrustMeasureError:
        """Return an error for a value of another type than the key takes."""
        return self.error(f"{wanted} is needed, not {kind_of(value)} ({value!r}).")


Check = Callable[[Any, Place], Any]


def kind_of(value: object) -> str:
    """Return what kind of entry a value is, in words."""
    return next((words for kind, words in KINDS.items() if type(value) is kind), "a date or time")


def entries(table: Any, place: Place, checks: Mapping[str, Check]) -> dict[str, Any]:
    """Return the entries of a table, each checked.

    Parameters
    ----------
    table : object
        What the file has at `place`.
    place : Place
        Where it stands.
    checks : mapping
        Key -> check of its value, for every key that is allowed.

    Raises
    ------
    TrustMeasureError
        Of the place's kind, if `table` is no table, has an unknown key, or a value is not allowed.
    """
    if not isinstance(table, dict):
        raise place.wrong_type(table, "a table")
    for key in table:
        if key not in checks:
            raise place.error(_unknown(str(key), list(checks)))
    return {key: checks[key](value, place / key) for key, value in table.items()}


def _unknown(key: str, allowed: Sequence[str]) -> str:
    hit = nearest(key, allowed)
    remedy = f"Rename it to '{hit}', or remove it. " if hit else "Remove it. "
    return f"the key '{key}' is not known. {remedy}Allowed: {', '.join(allowed)}."


def read_toml(file: Path, kind: type[TrustMeasureError]) -> dict[str, Any]:
    """Return what a TOML file in UTF-8 holds; raise an error of `kind` that says what is wrong otherwise."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise kind(f"{file}: not a UTF-8 text. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise kind(
            f"{file}: not readable as TOML: {error}. Texts need quotes, tables a line such as [study]."
        ) from error
    except OSError as error:
        raise kind(f"{file} cannot be read: {error.strerror}. Check its permissions.") from error


def kept(value: Any, place: Place) -> Any:
    """Return a value as it is, for a part that is checked later."""
    return value


def text(value: Any, place: Place) -> str:
    """Return a text that says something."""
    if not isinstance(value, str):
        raise place.wrong_type(value, "a text in quotes")
    if not value.strip():
        raise place.error("the text is empty. Fill it in, or remove the key.")
    return value.strip()


def flag(value: Any, place: Place) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    raise place.wrong_type(value, "true or false")


def whole(least: int, most: int) -> Check:
    """Return a check for a whole number from `least` to `most`."""

    def check(value: Any, place: Place) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise place.wrong_type(value, "a whole number")
        if not least <= value <= most:
            raise place.error(f"{value} must lie between {least} and {most}.")
        return value

    return check


def level(value: Any, place: Place) -> float:
    """Return a number strictly between 0 and 1."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise place.wrong_type(value, "a number")
    if not 0 < value < 1:
        raise place.error(f"{value} must lie strictly between 0 and 1, such as 0.95.")
    return float(value)


def choice(allowed: Sequence[str]) -> Check:
    """Return a check for one of several words."""

    def check(value: Any, place: Place) -> str:
        word = text(value, place)
        if word not in allowed:
            raise place.error(f"{word!r} is not known. {suggestion(word, list(allowed))}")
        return word

    return check


def several(check: Check) -> Check:
    """Return a check for a list of which each entry passes `check`."""

    def check_all(value: Any, place: Place) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise place.wrong_type(value, "a list")
        return tuple(check(entry, place[i + 1]) for i, entry in enumerate(value))

    return check_all


def pairs(check: Check) -> Check:
    """Return a check for a table with keys of any name, of which each value passes `check`."""

    def check_all(value: Any, place: Place) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise place.wrong_type(value, "a table")
        return {str(key): check(entry, place / str(key)) for key, entry in value.items()}

    return check_all
