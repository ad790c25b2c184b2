"""Search for the best choice of items: all choices, or ants that follow each other's traces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array
from trustmeasure.validation.short_form_objective import Choice

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The items of one scale: positions, how many to choose, and the facet of each.

    Attributes
    ----------
    name : str
        The scale.
    items : array of int, shape (p,)
        Positions of its items among all.
    k : int
        How many are chosen.
    facets : tuple of str, length p
        Facet of each item; every facet must be met. Empty without facets.
    """

    name: str
    items: Index
    k: int
    facets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ArgumentError when the choice is impossible."""
        if self.k > len(self.items):
            raise ArgumentError(f"'{self.name}' has {len(self.items)} items; {self.k} cannot be chosen.")
        if len(set(self.facets)) > self.k:
            raise ArgumentError(
                f"'{self.name}' has {len(set(self.facets))} facets, so that {self.k} items cannot meet "
                "each. Choose more items, or join facets."
            )

    def met(self, choice: Sequence[int]) -> bool:
        """Return whether positions within the pool meet every facet."""
        return not self.facets or len({self.facets[i] for i in choice}) == len(set(self.facets))

    def choices(self) -> Iterator[Choice]:
        """Yield every choice that meets the facets, as positions among all items."""
        for chosen in combinations(range(len(self.items)), self.k):
            if self.met(chosen):
                yield tuple(int(self.items[i]) for i in chosen)

    def draw(self, traces: Array, rng: np.random.Generator) -> list[int]:
        """Return a choice drawn by traces: one item of each facet, then any, as positions within the pool."""
        chosen: list[int] = []
        for facet in rng.permutation(sorted(set(self.facets))) if self.facets else ():
            open_ = [i for i, own in enumerate(self.facets) if own == facet]
            chosen.append(_one(open_, traces, rng))
        while len(chosen) < self.k:
            chosen.append(_one([i for i in range(len(self.items)) if i not in chosen], traces, rng))
        return chosen


def _one(open_: list[int], traces: Array, rng: np.random.Generator) -> int:
    weights = traces[open_]
    return int(rng.choice(open_, p=weights / weights.sum()))


def n_choices(pools: Sequence[Pool]) -> int:
    """Return the number of choices, facets not counted."""
    total = 1
    for pool in pools:
        total *= comb(len(pool.items), pool.k)
    return total


def joined(parts: Sequence[Choice]) -> Choice:
    """Return the choices of all scales as one."""
    return tuple(sorted(i for part in parts for i in part))


def exhaustive(pools: Sequence[Pool], judge: Callable[[Choice], float]) -> Choice:
    """Judge every choice and return the best; of equals the first."""
    best, worth = None, -np.inf
    for parts in product(*(list(pool.choices()) for pool in pools)):
        found = judge(joined(parts))
        if found > worth:
            best, worth = joined(parts), found
    if best is None:
        raise ArgumentError("No choice of items meets every facet.")
    return best


@dataclass(frozen=True, slots=True)
class Colony:
    """How ants search.

    Attributes
    ----------
    ants : int
        Choices in a round.
    rounds : int
        Most rounds.
    patience : int
        Rounds without a better choice after which the search ends.
    evaporation : float
        Share of the traces that stays after a round.
    """

    ants: int = 20
    rounds: int = 40
    patience: int = 8
    evaporation: float = 0.9


def colony(
    pools: Sequence[Pool],
    judge: Callable[[Choice], float],
    heuristic: Array,
    rng: np.random.Generator,
    how: Colony,
) -> Choice:
    """Return the best choice that ants find, after all single exchanges (Leite, Huang and Marcoulides 2008).

    An item's trace begins with what it tells of its factor. Each round the traces fade, and the best choice
    of the round adds its objective to those of its items. The best choice of all is then improved by
    exchanging one item at a time until no exchange helps.
    """
    traces = [0.5 + _scaled(heuristic[pool.items]) for pool in pools]
    best: Choice = ()
    worth, waited = -np.inf, 0
    for _ in range(how.rounds):
        drawn = [[pool.draw(t, rng) for pool, t in zip(pools, traces, strict=True)] for _ in range(how.ants)]
        values = [judge(_positions(pools, ant)) for ant in drawn]
        leader = int(np.argmax(values))
        for t, chosen in zip(traces, drawn[leader], strict=True):
            t *= how.evaporation
            t[chosen] += values[leader]
        waited += 1
        if values[leader] > worth:
            best, worth, waited = _positions(pools, drawn[leader]), values[leader], 0
        if waited >= how.patience:
            break
    return exchanged(pools, judge, best)


def _scaled(values: Array) -> Array:
    top = float(values.max())
    return np.asarray(values / top if top > 0 else np.ones_like(values))


def _positions(pools: Sequence[Pool], ant: list[list[int]]) -> Choice:
    return joined([tuple(int(pool.items[i]) for i in own) for pool, own in zip(pools, ant, strict=True)])


def exchanged(pools: Sequence[Pool], judge: Callable[[Choice], float], choice: Choice) -> Choice:
    """Return the choice after exchanges of one item, each the best there is, until none helps."""
    while True:
        near = list(_neighbours(pools, choice))
        values = [judge(other) for other in near]
        if not near or max(values) <= judge(choice):
            return choice
        choice = near[int(np.argmax(values))]


def _neighbours(pools: Sequence[Pool], choice: Choice) -> Iterator[Choice]:
    held = set(choice)
    for pool in pools:
        inside = [i for i, item in enumerate(pool.items) if int(item) in held]
        outside = [i for i, item in enumerate(pool.items) if int(item) not in held]
        for gone in inside:
            for new in outside:
                own = [i for i in inside if i != gone] + [new]
                if pool.met(own):
                    yield joined([tuple(held - {int(pool.items[gone])} | {int(pool.items[new])})])
