"""Cited cut-offs held against the numbers of a table, without a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from trustmeasure.criteria import describe, load_criteria

COLUMNS = ("metric", "value", "level", "rule", "met", "reason", "citation", "reference", "scope", "caveat")
Held = tuple[Sequence[str], str, float, float | None, float | None]
"""What a number is of, the name of its criteria, the number, and the limits of its interval."""


def criteria_frame(held: Iterable[Held], named: Sequence[str]) -> pd.DataFrame:
    """Return one row a number and rule, with whether it is met, citation, scope and caveat.

    Parameters
    ----------
    held : iterable
        The numbers.
    named : sequence of str
        Columns that say what a number is of.
    """
    criteria = load_criteria()
    parts = []
    for of, metric, value, lower, upper in held:
        found = describe(metric, value, ci_lower=lower, ci_upper=upper, criteria=criteria).to_frame()
        for place, (column, name) in enumerate(zip(named, of, strict=True)):
            found.insert(place, column, name)
        parts.append(found)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*named, *COLUMNS])
