"""Which indicator stands in whose fan, and which factors stand on the far side of the indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trustmeasure.plots.diagram.graph import Graph, Link


def parents(graph: Graph) -> dict[str, str]:
    """Return indicator -> the factor in whose fan it stands.

    A variable with regressions of its own stands in no fan. One that loads on several factors stands with the
    first, but never with a general factor when it has a specific one, as in a bifactor model.
    """
    busy = in_paths(graph)
    loadings = [link for link in graph.links if link.kind == "loading" and link.target not in busy]
    general = _general(loadings)
    chosen: dict[str, str] = {}
    for link in sorted(loadings, key=lambda link: link.source in general):
        if link.target not in chosen and not _below(link.source, link.target, chosen):
            chosen[link.target] = link.source
    order = dict.fromkeys(link.target for link in loadings if link.target in chosen)
    return {name: chosen[name] for name in order}


def in_paths(graph: Graph) -> set[str]:
    """Return the variables that take part in a regression."""
    return {end for link in graph.links if link.kind == "path" for end in (link.source, link.target)}


def _general(loadings: Iterable[Link]) -> set[str]:
    """Return the factors whose indicators are shared out among two or more other factors."""
    families: dict[str, set[str]] = {}
    for link in loadings:
        families.setdefault(link.source, set()).add(link.target)
    return {name for name, own in families.items() if _n_apart(name, own, families) > 1}


def _n_apart(name: str, own: set[str], families: Mapping[str, set[str]]) -> int:
    """Return how many other factors lie within `own` without sharing an indicator among each other."""
    taken: set[str] = set()
    count = 0
    for other, family in families.items():
        if other != name and family < own and not family & taken:
            taken |= family
            count += 1
    return count


def _below(name: str, root: str, chosen: Mapping[str, str]) -> bool:
    """Return whether `name` already stands in the fan of `root` (or is it)."""
    here: str | None = name
    while here is not None:
        if here == root:
            return True
        here = chosen.get(here)
    return False


def outer_factors(graph: Graph, parent: Mapping[str, str]) -> tuple[str, ...]:
    """Return the factors that stand on the far side of the indicators.

    These are the factors of a measurement model (no regressions) all of whose indicators stand in the fans of
    other factors: the general factor of a bifactor model, the slope of a growth model.
    """
    if in_paths(graph):
        return ()
    loaded = {link.source for link in graph.links if link.kind == "loading" and link.target in parent}
    lone = [box.id for box in graph.boxes if box.id in loaded and box.id not in parent]
    return tuple(name for name in lone if name not in parent.values())


def root(name: str, parent: Mapping[str, str]) -> str:
    """Return the factor at the top of the fan in which `name` stands."""
    while name in parent:
        name = parent[name]
    return name
