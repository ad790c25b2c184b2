"""A random order that is the same on every machine and in every version of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol, TypeVar


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_HasId)


def shuffled(records: Sequence[T], seed: int, block: str) -> tuple[T, ...]:
    """Return `records` in the order of the hashes of seed, block and id.

    The order of one block does not depend on what else the questionnaire asks.

    Parameters
    ----------
    records : sequence
        Records with an `id`.
    seed : int
        Another seed gives another order.
    block : str
        Name of the block, so that blocks are shuffled independently.

    Returns
    -------
    tuple
        The same records in another order.
    """

    def place(record: T) -> bytes:
        return hashlib.sha256(f"{seed}\n{block}\n{record.id}".encode()).digest()

    return tuple(sorted(records, key=place))
