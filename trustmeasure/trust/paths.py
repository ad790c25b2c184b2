"""Regressions among constructs -> labelled model text with every indirect and total effect defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Paths:
    """Directed paths among constructs, without a circle.

    Attributes
    ----------
    predictors : mapping
        Outcome -> its predictors.
    short : mapping
        Construct -> the short name used in labels.
    """

    predictors: Mapping[str, Sequence[str]]
    short: Mapping[str, str]

    def label(self, source: str, target: str) -> str:
        """Return the label of the direct path from `source` to `target`."""
        return f"{self.short[source]}_{self.short[target]}"

    def regressions(self) -> list[str]:
        """Return one `~` line for each outcome, every path with its label."""
        return [
            f"{y} ~ " + " + ".join(f"{self.label(x, y)}*{x}" for x in xs) for y, xs in self.predictors.items()
        ]

    def routes(self, source: str, target: str) -> Iterator[tuple[str, ...]]:
        """Yield every directed route from `source` to `target`, the direct one included."""
        for before in self.predictors.get(target, ()):
            if before == source:
                yield (source, target)
            else:
                yield from ((*route, target) for route in self.routes(source, before))

    def definitions(self) -> list[str]:
        """Return `:=` lines: each indirect route, and for each pair the sum of them and the total effect."""
        lines: list[str] = []
        constructs = list(dict.fromkeys([x for xs in self.predictors.values() for x in xs]))
        for target in self.predictors:
            for source in constructs:
                lines += self._effects(source, target)
        return lines

    def _effects(self, source: str, target: str) -> list[str]:
        routes = sorted(self.routes(source, target), key=len)
        indirect = [r for r in routes if len(r) > 2]
        if not indirect:
            return []
        names = ["ind_" + "_".join(self.short[c] for c in r) for r in indirect]
        products = ["*".join(self.label(a, b) for a, b in pairwise(r)) for r in indirect]
        lines = [f"{name} := {product}" for name, product in zip(names, products, strict=True)]
        ends = self.label(source, target)
        lines.append(f"indirect_{ends} := {' + '.join(names)}")
        if len(routes) > len(indirect):
            lines.append(f"total_{ends} := {ends} + indirect_{ends}")
        return lines


def short_names(constructs: Sequence[str], least: int = 3) -> dict[str, str]:
    """Return a short, unique name for each construct: the fewest first letters that tell them apart."""
    for length in range(least, max(map(len, constructs), default=0) + 1):
        names = {c: c[:length].rstrip("_") for c in constructs}
        if len(set(names.values())) == len(constructs):
            return names
    return {c: c for c in constructs}
