"""Meaning of defined parameters: products of paths are routes, sums of routes indirect or total effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult
    from trustmeasure.sem.expressions import Node

Kind = Literal["direct", "route", "indirect", "total", "other"]
Monomial = tuple[str, ...]

FIGURES = ("estimate", "se", "z", "p_value", "ci_lower", "ci_upper", "std_lv", "std_all")
COLUMNS = ("source", "target", "kind", "route", "name", "expression", *FIGURES)
MOST_TERMS = 500


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a defined parameter stands for.

    Attributes
    ----------
    kind : str
        `"route"` (one indirect route), `"indirect"` (all that it sums), `"total"` (direct path included) or
        `"other"` (anything else).
    route : tuple of str
        The variables on the way, from the first to the last; for a sum only both ends.
    """

    kind: Kind
    route: tuple[str, ...] = ()


def effect_frame(result: SemResult) -> pd.DataFrame:
    """Return the effects that the model defines, together with the direct paths they go with.

    Parameters
    ----------
    result : SemResult
        A fitted model with `:=` lines.

    Returns
    -------
    pandas.DataFrame
        One row an effect: source, target, kind (direct, route, indirect, total, other), route (variables
        joined by " → "), name, expression, and the figures of `result.parameters`. Sorted by the pair of
        source and target; what is no effect comes last with empty source and target.
    """
    found = meanings(result)
    rows = [_row(result, name, meaning) for name, meaning in found.items()]
    ends = {(row["source"], row["target"]) for row in rows if row["source"]}
    rows += [row for row in _direct(result) if (row["source"], row["target"]) in ends]
    return _sorted(pd.DataFrame(rows, columns=list(COLUMNS)))


def meanings(result: SemResult) -> dict[str, Meaning]:
    """Return the meaning of each defined parameter, by its name."""
    paths = _labelled_paths(result)
    sums: dict[str, list[Monomial] | None] = {}
    found: dict[str, Meaning] = {}
    for definition in result.model.definitions:
        terms = _expanded(definition.expression, sums)
        sums[definition.name] = terms
        refers = any(name in found for name in definition.expression.names())
        found[definition.name] = _meaning(terms, paths, refers=refers)
    return found


def _labelled_paths(result: SemResult) -> dict[str, tuple[str, str]]:
    """Return label -> (source, target) for each labelled regression; a label used twice means no one path."""
    rows = result.parameters
    chosen = rows[(rows["op"] == "~") & (rows["label"] != "")]
    once = chosen[~chosen["label"].duplicated(keep=False)]
    return {str(r.label): (str(r.rhs), str(r.lhs)) for r in once.itertuples()}


def _expanded(node: Node, known: Mapping[str, list[Monomial] | None]) -> list[Monomial] | None:
    """Return an expression as a sum of products of labels, or None when it is none."""
    if node.kind == "name":
        return known.get(str(node.value), [(str(node.value),)])
    if node.kind != "operation" or node.value not in ("+", "*"):
        return None
    left, right = (_expanded(child, known) for child in node.children)
    if left is None or right is None or len(left) * len(right) > MOST_TERMS:
        return None
    if node.value == "+":
        return left + right
    return [a + b for a, b in product(left, right)]


def _meaning(terms: list[Monomial] | None, paths: Mapping[str, tuple[str, str]], *, refers: bool) -> Meaning:
    routes = [_route(term, paths) for term in terms or ()]
    known = [route for route in routes if route]
    if not known or len(known) < len(routes) or len({(r[0], r[-1]) for r in known}) > 1:
        return Meaning("other")
    if len(known) == 1 and not refers:
        return Meaning("route", known[0]) if len(known[0]) > 2 else Meaning("other")
    includes_direct = any(len(route) == 2 for route in known)
    return Meaning("total" if includes_direct else "indirect", (known[0][0], known[0][-1]))


def _route(term: Monomial, paths: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """Return the variables along a chain of paths; empty when the labels are no chain."""
    if any(label not in paths for label in term) or len(set(term)) < len(term):
        return ()
    steps = dict(paths[label] for label in term)
    starts = set(steps) - set(steps.values())
    if len(steps) < len(term) or len(starts) != 1:
        return ()
    route = [starts.pop()]
    while route[-1] in steps:
        route.append(steps[route[-1]])
    return tuple(route) if len(route) == len(term) + 1 else ()


def _row(result: SemResult, name: str, meaning: Meaning) -> dict[str, object]:
    rows = result.parameters
    own = rows[(rows["op"] == ":=") & (rows["lhs"] == name)].iloc[0]
    ends = (meaning.route[0], meaning.route[-1]) if meaning.route else ("", "")
    return {
        "source": ends[0],
        "target": ends[1],
        "kind": meaning.kind,
        "route": " → ".join(meaning.route),
        "name": name,
        "expression": own["rhs"],
        **{figure: own[figure] for figure in FIGURES},
    }


def _direct(result: SemResult) -> list[dict[str, object]]:
    rows = result.parameters
    return [
        {
            "source": row["rhs"],
            "target": row["lhs"],
            "kind": "direct",
            "route": f"{row['rhs']} → {row['lhs']}",
            "name": row["label"],
            "expression": f"{row['lhs']} ~ {row['rhs']}",
            **{figure: row[figure] for figure in FIGURES},
        }
        for _, row in rows[rows["op"] == "~"].iterrows()
    ]


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort by target and source in the order in which they are defined, then direct, routes, sums."""
    places: dict[tuple[str, str], int] = {}
    for pair in zip(frame["source"], frame["target"], strict=True):
        places.setdefault(pair, len(places) if pair[0] else 10**6)
    kinds = {"direct": 0, "route": 1, "indirect": 2, "total": 3, "other": 4}
    order = pd.DataFrame(
        {
            "pair": [places[p] for p in zip(frame["source"], frame["target"], strict=True)],
            "kind": [kinds[kind] for kind in frame["kind"]],
        }
    )
    return frame.loc[order.sort_values(["pair", "kind"], kind="stable").index].reset_index(drop=True)
