"""Model texts with exploratory blocks: which factors share which items, and the text that fits them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from trustmeasure.errors import ArgumentError, ModelSyntaxError
from trustmeasure.frames import Array

NAME = r"[\w.]+"
TERM = rf"efa\(\s*[\"']({NAME})[\"']\s*\)\s*\*\s*({NAME})"
STATEMENT = re.compile(rf"({TERM}(?:\s*\+\s*{TERM})*)\s*=~\s*({NAME}(?:\s*\+\s*{NAME})*)")
HOW = (
    'write the factors and the items that they share as efa("a")*f1 + efa("a")*f2 =~ x1 + x2 + x3 + x4, '
    "without other modifiers"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Factors that share all their items: name, factors (m of them) and items (p of them)."""

    name: str
    factors: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Anchored:
    """Loadings that a block is fitted with.

    Attributes
    ----------
    loadings : array, shape (p, m)
        Values: fixed ones and starts.
    fixed : array of bool, shape (p, m)
        Which stay as they are: those of each factor's anchor item on the other factors.
    phi : array, shape (m, m)
        First correlations of the factors.
    """

    loadings: Array
    fixed: Array
    phi: Array


def split_text(text: str) -> tuple[tuple[Block, ...], str]:
    """Return the exploratory blocks of a model text, and the rest of it.

    Raises
    ------
    ModelSyntaxError
        If a statement with efa(...) is not understood.
    ArgumentError
        If there is no block, or a block has too few items.
    """
    plain = re.sub(r"[#!].*", "", text)
    found: dict[str, Block] = {}
    for match in STATEMENT.finditer(plain):
        _add(found, match)
    rest = STATEMENT.sub("", plain)
    if re.search(r"\befa\s*\(", rest):
        line = next(line for line in rest.splitlines() if re.search(r"\befa\s*\(", line))
        raise ModelSyntaxError(f"This line is not understood: {line.strip()}. For a block, {HOW}.")
    if not found:
        raise ArgumentError(
            f"The model has no exploratory block: {HOW}. For a model without one use fit_sem."
        )
    return tuple(found.values()), "\n".join(line for line in rest.splitlines() if line.strip())


def _add(found: dict[str, Block], match: re.Match[str]) -> None:
    terms = re.findall(TERM, match[1])
    names = {block for block, _ in terms}
    factors = tuple(factor for _, factor in terms)
    items = tuple(item.strip() for item in match[match.re.groups].split("+"))
    if len(names) > 1:
        raise ArgumentError(
            f"One statement names several blocks ({', '.join(sorted(names))}); write one for each."
        )
    name = names.pop()
    if name in found:
        raise ArgumentError(f"Block '{name}' has two statements. Write all its factors and items in one.")
    if len(set(factors)) < len(factors) or len(set(items)) < len(items):
        raise ArgumentError(f"Block '{name}' names a factor or an item twice.")
    found[name] = Block(name, factors, items)


def anchored(loadings: Array, phi: Array) -> Anchored:
    """Return a block's loadings with those of the anchor items on other factors fixed.

    An anchor is the item that speaks most for one factor and least for the others; all factors have another
    one (Marsh, Nagengast and Morin 2013 call it ESEM within CFA). With variances of 1 this fixes the
    rotation.
    """
    squared = loadings**2
    clear = 2.0 * squared - squared.sum(axis=1, keepdims=True)
    rows, columns = linear_sum_assignment(-clear)
    fixed = np.zeros(loadings.shape, dtype=bool)
    fixed[rows] = True
    fixed[rows, columns] = False
    return Anchored(loadings, fixed, phi)


def block_text(block: Block, values: Anchored, explained: frozenset[str]) -> str:
    """Return the statements that fit a block with given anchors."""
    lines = []
    for k, factor in enumerate(block.factors):
        free = [i for i in range(len(block.items)) if not values.fixed[i, k]]
        held = [i for i in range(len(block.items)) if values.fixed[i, k]]
        terms = [f"NA*{block.items[free[0]]}"]
        terms += [f"start({values.loadings[i, k]:.17g})*{block.items[i]}" for i in free[1:]]
        terms += [f"{values.loadings[i, k]:.17g}*{block.items[i]}" for i in held]
        lines += [f"{factor} =~ {' + '.join(terms)}", f"{factor} ~~ 1*{factor}"]
    for k, factor in enumerate(block.factors):
        for j in range(k):
            other = block.factors[j]
            start = 0.0 if {factor, other} & explained else float(values.phi[k, j])
            lines.append(f"{other} ~~ start({start:.17g})*{factor}")
    return "\n".join(lines)
