"""Measurement invariance: sequences, partial invariance, permutation tests, alignment, effect sizes."""

from trustmeasure.validity.invariance.record import Invariance
from trustmeasure.validity.invariance.releases import Suggestions, suggest_releases
from trustmeasure.validity.invariance.sequence import invariance
from trustmeasure.validity.invariance.sequential import SequentialRelease, release_sequentially

__all__ = [
    "Invariance",
    "SequentialRelease",
    "Suggestions",
    "invariance",
    "release_sequentially",
    "suggest_releases",
]
