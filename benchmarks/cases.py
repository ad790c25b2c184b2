"""What is timed, and the goal for each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import models

INVARIANCE: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table.

    Attributes
    ----------
    name : str
        Chosen with CASES="...".
    title : str
        What a user does.
    model : str
        Model text.
    data : str
        Key of `data.DATASETS`.
    work : {"fit", "modification", "bootstrap", "monte_carlo"}
        What is timed.
    options : mapping
        Arguments of `fit_sem`.
    draws : int
        Bootstrap draws or replications.
    goal : float or None
        How many times faster than lavaan is asked for.
    semopy : str
        Model text for semopy; empty when it cannot do the case.
    long : bool
        lavaan is run once.
    """

    name: str
    title: str
    model: str
    data: str
    work: str = "fit"
    options: Mapping[str, Any] = field(default_factory=dict)
    draws: int = 0
    goal: float | None = None
    semopy: str = ""
    long: bool = False


def _invariance(items: int, level: str) -> Case:
    options = {"group": "part", "group_equal": INVARIANCE[level]}
    return Case(
        name=f"groups-{items}-{level}",
        title=f"3-group {level} invariance, {items} items",
        model=models.ITEMS_12 if items == 12 else models.ITEMS_31,
        data="three-groups",
        options=options,
        goal=20.0 if (items, level) == (31, "scalar") else None,
    )


CASES: tuple[Case, ...] = (
    Case("holzinger", "Holzinger-Swineford CFA, ML", models.HOLZINGER, "holzinger", semopy=models.HOLZINGER),
    Case("trust-ml", "full SEM, 31 items, ML", models.TRUST, "trust", goal=20.0, semopy=models.TRUST_PATHS),
    Case("trust-mlr", "full SEM, MLR", models.TRUST, "trust", options={"estimator": "MLR"}, goal=20.0),
    *(_invariance(items, level) for items in (12, 31) for level in INVARIANCE),
    Case("modification", "modification indices, 31 items", models.TRUST, "trust", "modification", goal=40.0),
    Case(
        "fiml",
        "FIML of it, 10 % missing",
        models.TRUST,
        "with-gaps",
        options={"missing": "fiml"},
        goal=50.0,
        long=True,
    ),
    Case(
        "bootstrap",
        "1,000 bootstrap draws of it",
        models.TRUST,
        "trust",
        "bootstrap",
        draws=1000,
        goal=50.0,
        long=True,
    ),
    Case(
        "monte-carlo",
        "500 Monte Carlo replications of it",
        models.TRUST,
        "trust",
        "monte_carlo",
        draws=500,
        goal=50.0,
        long=True,
    ),
)

MEMORY_CASES = ("million", "draws-10000")
"""Cases that run in processes of their own, for their memory."""


def names() -> list[str]:
    """Return the names of all cases."""
    return [case.name for case in CASES] + list(MEMORY_CASES)


def chosen(wanted: Sequence[str]) -> list[str]:
    """Return the wanted names in the order of the table, all when none is wanted.

    Raises
    ------
    ValueError
        For a name that is no case.
    """
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        raise ValueError(f"There is no case {', '.join(unknown)}. Cases: {', '.join(names())}.")
    return [name for name in names() if not wanted or name in wanted]
