"""What is wrong with a file, where, and one message for all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trustmeasure.errors import InstrumentError

Where = tuple[str | int, ...]
MOST = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem and its place.

    Attributes
    ----------
    where : tuple of str and int
        Names and positions that lead to the place, such as `("items", 3, "text", "zh")`.
    message : str
        What is wrong and what to do.
    rule : str
        Id of the rule that is broken.
    """

    where: Where
    message: str
    rule: str = "consistency"


def place(where: Where) -> str:
    """Return the way to a place as text, such as `items[3].text.zh`."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in where]
    return "".join(parts).removeprefix(".") or "the file"


def line_of(where: Where, lines: Mapping[Where, int]) -> int:
    """Return the line of a place, or of the nearest thing around it; 0 when nothing is known."""
    for length in range(len(where), -1, -1):
        if where[:length] in lines:
            return lines[where[:length]]
    return 0


def refuse(
    path: Path, problems: Iterable[Problem], lines: Mapping[Where, int], data: object = None
) -> InstrumentError:
    """Return the error that names every problem, in the order of the lines, ten at most."""
    by_line = sorted(dict.fromkeys(problems), key=lambda problem: line_of(problem.where, lines))
    shown = [_sentence(problem, lines, data) for problem in by_line[:MOST]]
    if len(by_line) == 1:
        return InstrumentError(f"{path}, {shown[0]}")
    more = [f"... and {len(by_line) - MOST} more."] if len(by_line) > MOST else []
    return InstrumentError("\n  ".join([f"{path} has {len(by_line)} problems:", *shown, *more]))


def _sentence(problem: Problem, lines: Mapping[Where, int], data: object) -> str:
    line = line_of(problem.where, lines)
    start = f"line {line}, " if line else ""
    named = nearest_id(problem.where, data)
    return f"{start}{place(problem.where)}{f' ({named})' if named else ''}: {problem.message}"


def nearest_id(where: Where, data: object) -> str:
    """Return the id of the innermost list entry on the way to a place, so that a reader finds it."""
    found = ""
    for step in where:
        data = _inside(data, step)
        if isinstance(step, int) and isinstance(data, Mapping) and isinstance(data.get("id"), str):
            found = data["id"]
    return found


def _inside(data: object, step: str | int) -> object:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None
