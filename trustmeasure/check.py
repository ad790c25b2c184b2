"""Argument checks with one form of message: what was given, the nearest allowed value, all allowed values."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from numbers import Integral
from pathlib import Path
from typing import Any, TypeVar

from trustmeasure.errors import ArgumentError, TrustMeasureError

T = TypeVar("T", bound=str)
FEWEST_SIGNS = 3
"""Signs that a word needs so that it counts as the beginning of a longer one."""


def nearest(value: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed value that looks most like `value` or begins with it, or None when none does."""
    by_folded = {name.casefold(): name for name in allowed}
    folded = value.casefold()
    hits = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    longer = [name for name in by_folded if len(folded) >= FEWEST_SIGNS and name.startswith(folded)]
    return next((by_folded[name] for name in [*hits, *longer[:1]]), None)


def suggestion(value: str, allowed: Sequence[str], *, most: int = 12) -> str:
    """Return the part of a message that names the nearest and the allowed values."""
    hit = nearest(value, allowed)
    shown = ", ".join(allowed[:most]) + (f", ... ({len(allowed)} in all)" if len(allowed) > most else "")
    start = f"Did you mean '{hit}'? " if hit else ""
    return f"{start}Allowed: {shown or 'none'}."


def one_of(
    name: str, value: T, allowed: Sequence[str], *, error: type[TrustMeasureError] = ArgumentError
) -> T:
    """Return `value` when it is one of `allowed`; raise `error` naming the nearest otherwise."""
    if value in allowed:
        return value
    raise error(f"{name}={value!r} is not known. {suggestion(str(value), list(allowed))}")


def in_range(name: str, value: float, lower: float, upper: float, *, open_ends: bool = True) -> float:
    """Return `value` when it lies between `lower` and `upper` (exclusive unless `open_ends=False`)."""
    inside = lower < value < upper if open_ends else lower <= value <= upper
    if inside:
        return value
    how = "strictly between" if open_ends else "between"
    raise ArgumentError(f"{name}={value!r} must lie {how} {lower} and {upper}.")


def at_least(name: str, value: Any, least: int) -> int:
    """Return a whole number, or raise ArgumentError when it is below `least` or no whole number.

    Examples
    --------
    >>> at_least("n", 5, 1)
    5
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ArgumentError(f"{name}={value!r}: it must be a whole number of at least {least}.")
    return int(value)


def existing_file(path: str | Path, *, error: type[TrustMeasureError] = ArgumentError) -> Path:
    """Return `path` as a Path when it is a file; raise `error` naming a similar file otherwise."""
    found = Path(path)
    if found.is_file():
        return found
    if found.is_dir():
        raise error(f"{found} is a folder; a file is needed.")
    siblings = sorted(p.name for p in found.parent.iterdir()) if found.parent.is_dir() else []
    hit = nearest(found.name, siblings)
    hint = f" Did you mean '{found.parent / hit}'?" if hit else " Check the path and the working folder."
    raise error(f"File not found: {found}.{hint}")
