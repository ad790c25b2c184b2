"""When a rule applies: a number in a range, or one of several words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Context = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `lower` to `upper`, both included; None is an open end."""

    lower: float | None
    upper: float | None

    def holds(self, given: float | str) -> bool:
        """Return whether `given` is a number inside the range."""
        if isinstance(given, str):
            return False
        return (self.lower is None or given >= self.lower) and (self.upper is None or given <= self.upper)

    def __str__(self) -> str:
        ends = (("from", self.lower), ("to", self.upper))
        return " ".join(f"{word} {end:g}" for word, end in ends if end is not None)


@dataclass(frozen=True, slots=True)
class Words:
    """One of several words."""

    allowed: tuple[str, ...]

    def holds(self, given: float | str) -> bool:
        """Return whether `given` is one of the words."""
        return given in self.allowed

    def __str__(self) -> str:
        return " or ".join(self.allowed)


Condition = Range | Words


def missing(when: Mapping[str, Condition], context: Context) -> tuple[str, ...]:
    """Return the names in `when` about which `context` says nothing."""
    return tuple(name for name in when if name not in context)


def all_hold(when: Mapping[str, Condition], context: Context) -> bool:
    """Return whether `context` answers every condition and fulfils it."""
    return all(name in context and wanted.holds(context[name]) for name, wanted in when.items())


def in_words(when: Mapping[str, Condition]) -> str:
    """Return conditions in words, such as "experts from 3 to 5"."""
    return "; ".join(f"{name} {wanted}" for name, wanted in when.items())
