from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from trustmeasure.questionnaires.composing.order import shuffled


@dataclass(frozen=True)
class Named:
    id: str


RECORDS = tuple(Named(id) for id in "abcde")


def test_the_order_is_the_one_of_the_hashes_that_sha256sum_gives():
    assert "".join(record.id for record in shuffled(RECORDS, 2, "block")) == "baced"
    assert shuffled(RECORDS[::-1], 1, "block") == shuffled(RECORDS, 1, "block")


def test_every_place_is_equally_likely():
    first = Counter(shuffled(RECORDS, seed, "block")[0].id for seed in range(2000))
    assert set(first) == set("abcde")
    assert max(abs(count - 400) for count in first.values()) < 5 * (2000 * 0.2 * 0.8) ** 0.5


def test_blocks_are_shuffled_apart_from_each_other():
    orders = {shuffled(RECORDS, 1, f"block{number}") for number in range(20)}
    assert len(orders) > 10
