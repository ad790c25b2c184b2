"""What a side answers, and whether two sides agree: a wrong answer has no speed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """Numbers of one side that another side must have too.

    Attributes
    ----------
    estimate : mapping
        Value by relation, such as "f=~x1.1" (group last) or the name of a definition.
    unit : mapping
        Standard error of each, which differences are measured in.
    measure : mapping
        Fit measures.
    """

    estimate: Numbers
    unit: Numbers
    measure: Numbers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Largest differences that count as agreement.

    Attributes
    ----------
    estimate : float
        In standard errors.
    unit : float
        Relative difference of the standard errors.
    measure : float
        Relative difference of the fit measures (absolute below 1).
    """

    estimate: float
    unit: float
    measure: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Largest differences between two answers, in the units of `Bounds`."""

    estimate: float
    unit: float
    measure: float

    def within(self, bounds: Bounds) -> bool:
        """Return whether no difference is above its bound; NaN is."""
        pairs = ((self.estimate, bounds.estimate), (self.unit, bounds.unit), (self.measure, bounds.measure))
        return all(gap <= bound for gap, bound in pairs)


STOPPED = Bounds(estimate=0.01, unit=0.01, measure=1e-3)
"""For lavaan's own stopping rule, which leaves estimates this near to the minimum."""
DRAWN = Bounds(estimate=0.25, unit=0.20, measure=1e-3)
"""For sides that draw different random numbers: means within 0.25 standard errors, spreads within 20 %."""

FEW_DRAWN = Bounds(estimate=0.01, unit=0.60, measure=1e-3)
"""For the same estimates with spreads of 50 draws on one side: a spread then has a standard error of 10 %,
that of a product more, and the largest of some 300 differences counts."""
MATRIX = Bounds(estimate=1e-4, unit=0.0, measure=0.0)
"""For correlations, which are compared as they are."""
SAMPLED = Bounds(estimate=0.6, unit=0.5, measure=0.0)
"""For means of 100 random samples on both sides: their difference has a standard error of 14 % of a spread,
that of two spreads one of 10 %, and the largest of 62 differences counts."""

BOUNDS: Mapping[str, Bounds] = {
    "fit": STOPPED,
    "modification": STOPPED,
    "bootstrap": DRAWN,
    "monte_carlo": DRAWN,
    "polychoric": MATRIX,
    "draws": FEW_DRAWN,
    "invariance": STOPPED,
    "parallel": SAMPLED,
    "ratios": FEW_DRAWN,
    "permuted": FEW_DRAWN,
    "pairs": STOPPED,
}


def compare(one: Answer, other: Answer) -> Gap:
    """Return the largest differences; infinite when one side lacks a number of the other."""
    return Gap(
        estimate=_largest(one.estimate, other.estimate, other.unit),
        unit=_largest(one.unit, other.unit, other.unit),
        measure=_largest(one.measure, other.measure, {k: max(abs(v), 1.0) for k, v in other.measure.items()}),
    )


def _largest(one: Numbers, other: Numbers, size: Numbers) -> float:
    if one.keys() != other.keys():
        return math.inf
    gaps = (abs(one[k] - other[k]) / (size[k] if size[k] > 0 else 1.0) for k in one)
    return max((math.inf if math.isnan(gap) else gap for gap in gaps), default=0.0)
