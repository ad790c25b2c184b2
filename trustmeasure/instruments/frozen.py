"""A mapping that cannot be changed, can be hashed, and can be sent to another process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FrozenMap(Mapping[str, V]):
    """Pairs of a name and a value, in the order in which they were given.

    Attributes
    ----------
    pairs : tuple of (str, value)
        What the mapping holds. Equal to any other mapping with the same pairs.
    """

    pairs: tuple[tuple[str, V], ...] = ()

    @classmethod
    def of(cls, pairs: Mapping[str, V] | Iterable[tuple[str, V]]) -> FrozenMap[V]:
        """Return the frozen copy of a mapping or of pairs."""
        return cls(tuple(dict(pairs).items()))

    def __getitem__(self, key: str) -> V:
        for name, value in self.pairs:
            if name == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __hash__(self) -> int:
        return hash(frozenset(self.pairs))

    def __repr__(self) -> str:
        return repr(dict(self.pairs))
