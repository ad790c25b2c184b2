"""The model texts of the confirmatory marker technique."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from trustmeasure.sem import SemResult
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.validity.common_method.method_factor import difference
from trustmeasure.validity.common_method.plans import Plan, estimated, measurement, orthogonal


@dataclass(frozen=True, slots=True, eq=False)
class MarkerModels:
    """What the model texts are put together from.

    Attributes
    ----------
    marker : str
        The marker construct.
    substantive : mapping
        The other constructs -> their items.
    fixed : tuple
        Item, loading and error variance of each item of the marker, as the first model found them.
    cfa : SemResult
        That model.
    """

    marker: str
    substantive: Mapping[str, tuple[str, ...]]
    fixed: tuple[tuple[str, float, float], ...]
    cfa: SemResult

    @classmethod
    def of(cls, plan: Plan, marker: str, cfa: SemResult) -> MarkerModels:
        """Take loadings and error variances of the marker's items from the first model."""
        found = estimated(cfa)
        items = plan.factors[marker]
        fixed = tuple((i, found[(marker, "=~", i)], found[(i, "~~", i)]) for i in items)
        others = {name: items for name, items in plan.factors.items() if name != marker}
        return cls(marker, others, fixed, cfa)

    @property
    def indicators(self) -> tuple[str, ...]:
        """The substantive indicators."""
        return tuple(item for items in self.substantive.values() for item in items)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of substantive factors."""
        names = list(self.substantive)
        return [(a, b) for k, b in enumerate(names) for a in names[:k]]

    def text(self, step: str, method: Mapping[str, float] | None = None) -> str:
        """Return the model of a step; `method` fixes the method loadings."""
        own = [f"{loading!r}*{item}" for item, loading, _ in self.fixed]
        if method is not None:
            own += [f"{method[item]!r}*{item}" for item in self.indicators]
        elif step == "Method-C":
            own += [f"method_loading*{item}" for item in self.indicators]
        elif step == "Method-U":
            own += list(self.indicators)
        errors = "\n".join(f"{item} ~~ {error!r}*{item}" for item, _, error in self.fixed)
        lines = [measurement(self.substantive), f"{self.marker} =~ {' + '.join(own)}", errors]
        return "\n".join([*lines, orthogonal(self.marker, list(self.substantive))])

    def far(self, fit: SemResult, level: float) -> dict[str, float]:
        """Return for each indicator the limit of its method loading that lies farther from zero."""
        value, se = estimated(fit), estimated(fit, "se")
        z = normal_quantile(0.5 + level / 2)
        keys = {item: (self.marker, "=~", item) for item in self.indicators}
        return {i: float(value[k] + np.copysign(z * se[k], value[k])) for i, k in keys.items()}


def better(fits: Mapping[str, SemResult | None], alpha: float) -> str:
    """Return the method model that goes on."""
    equal, free = fits["Method-C"], fits["Method-U"]
    if equal is None or free is None:
        return "Method-U" if free is not None else ("Method-C" if equal is not None else "")
    return "Method-U" if difference(equal, free)["p_value"] < alpha else "Method-C"


def restricted(
    plan: Plan,
    parts: MarkerModels,
    fits: Mapping[str, SemResult | None],
    chosen: str,
    options: Mapping[str, Any],
) -> tuple[SemResult | None, str]:
    """Return the chosen method model with the correlations of Baseline, or None with the reason why not."""
    baseline = fits["Baseline"]
    if not chosen or baseline is None or not parts.pairs:
        return None, "Not fitted: it needs Baseline, a method model and two substantive constructs."
    found = estimated(baseline)
    fixed = [
        f"{a} ~~ {float(found.get((a, '~~', b), found.get((b, '~~', a), np.nan)))!r}*{b}"
        for a, b in parts.pairs
    ]
    return plan.tried("\n".join([parts.text(chosen), *fixed]), options)
