"""Comparisons in which an inequality stands at its boundary, so that differences follow no chi-square."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]

TOUCHING = 1e-6
"""Part of the size of its terms below which an inequality stands at its boundary."""
SOURCE = "Stoel, Galindo Garre, Dolan & van den Wittenboer 2006, Psychological Methods 11(4), 439-455"


def boundary_note(restricted: SemResult, larger: SemResult, at: Array, names: tuple[str, str]) -> str:
    """Return what a reader must know of inequalities at their boundary, or an empty text.

    Parameters
    ----------
    restricted, larger : SemResult
        The models.
    at : array, shape (q,)
        Parameters with which the larger model implies what the restricted one implies.
    names : tuple of two str
        What the restricted and the larger model are called.
    """
    found = [*_touching(larger, at), *_touching(restricted, restricted.theta)]
    if not found:
        return ""
    listed = ", ".join(f"'{text}'" for text in dict.fromkeys(found))
    return (
        f"Between '{names[0]}' and '{names[1]}' {listed} stands at its boundary, where the difference "
        f"follows a mixture of chi-squares: the p value given is too large, the test conservative ({SOURCE})."
    )


def has_inequalities(result: SemResult) -> bool:
    """Return whether a model has inequality constraints or bounds."""
    limits = Limits.of(result.model)
    return bool(limits.unequal or limits.bounded)


def inequality_note(a: str, b: str) -> str:
    """Return why models that differ by inequalities alone have no difference test."""
    return (
        f"'{a}' and '{b}' have as many degrees of freedom and differ by inequalities only, so there is no "
        "difference test with degrees of freedom; the difference follows a mixture of chi-squares "
        f"({SOURCE})."
    )


def _touching(result: SemResult, theta: Array) -> list[str]:
    limits = Limits.of(result.model)
    if not (limits.unequal or limits.bounded):
        return []
    size = np.abs(theta) + 1e-3 * np.max(np.abs(theta), initial=0.0)
    terms = np.abs(limits.inequality_slopes(theta)) @ size
    near = limits.inequalities(theta) <= TOUCHING * terms
    return [text for text, flag in zip(_texts(limits), near, strict=True) if flag]


def _texts(limits: Limits) -> list[str]:
    names = limits.table.free_names
    bounds = [f"{names[i]} {'>' if sign > 0 else '<'} {sign * least:g}" for i, sign, least in limits.bounded]
    return [*(c.text for c in limits.unequal), *bounds]
