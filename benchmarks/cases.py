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
    work : str
        A key of `ours.WORK`: "fit", "modification", "bootstrap", ..., "parallel".
        What is timed. "draws" resamples a fit made before, "bootstrap" fits first.
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
    peer_draws : int
        Draws that lavaan does where all of them would take too long; its time is that for all of them.
    other : str
        A further function of R that does the same and is run once, such as "psych::polychoric".
    packages : tuple of str
        Packages of R that the case needs besides lavaan.
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
    peer_draws: int = 0
    other: str = ""
    packages: tuple[str, ...] = ()

    @property
    def prepared(self) -> bool:
        """Whether the case builds on a fit that is made before and not timed."""
        return self.work in {"modification", "monte_carlo", "draws"}

    @property
    def peer_share(self) -> float:
        """Part of its draws that lavaan does."""
        return self.peer_draws / self.draws if self.peer_draws else 1.0


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


ORDINAL: tuple[Case, ...] = (
    Case(
        "polychoric",
        "polychoric matrix, 31 items, 5 categories",
        models.ITEMS_31,
        "five",
        "polychoric",
        goal=20.0,
        other="psych::polychoric",
        packages=("psych",),
    ),
    Case("wlsmv-cfa", "WLSMV CFA, 31 items", models.ITEMS_31, "five", options={"ordered": True}, goal=20.0),
    Case("wlsmv", "full SEM, WLSMV, 31 items", models.TRUST, "five", options={"ordered": True}, goal=20.0),
    Case(
        "wlsmv-draws",
        "500 bootstrap draws of it",
        models.TRUST,
        "five",
        "draws",
        options={"ordered": True},
        draws=500,
        goal=50.0,
        long=True,
        peer_draws=50,
    ),
    Case(
        "ordinal-invariance",
        "ordinal invariance in 5 steps, 12 items, 3 groups",
        models.ITEMS_12,
        "five-three-groups",
        "invariance",
        options={"group": "part"},
        goal=20.0,
        packages=("semTools",),
    ),
)
"""Answers in ordered categories."""

MEASUREMENT: tuple[Case, ...] = (
    Case(
        "parallel",
        "parallel analysis, 31 items, 100 samples",
        models.ITEMS_31,
        "trust",
        "parallel",
        draws=100,
        goal=50.0,
        other="psych::fa.parallel, SMC",
        packages=("psych",),
    ),
    Case(
        "htmt",
        "HTMT and HTMT2, 31 items, 8 constructs, 1,000 bootstrap draws",
        models.ITEMS_31,
        "trust",
        "ratios",
        draws=1000,
        goal=50.0,
        long=True,
        peer_draws=50,
        packages=("semTools",),
    ),
    Case(
        "discriminant",
        "tests of 28 correlations held at .9, 31 items",
        models.ITEMS_31,
        "trust",
        "pairs",
        packages=("semTools",),
    ),
    Case(
        "permutation",
        "permutation test of equal loadings, 12 items, 3 groups, 200 permutations",
        models.ITEMS_12,
        "three-groups",
        "permuted",
        options={"group": "part"},
        draws=200,
        goal=50.0,
        long=True,
        peer_draws=20,
        packages=("semTools",),
    ),
)
"""Quality of measurement."""

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
    *ORDINAL,
    *MEASUREMENT,
)

MEMORY_CASES = ("million", "draws-10000")
"""Cases that run in processes of their own, for their memory."""


def names() -> list[str]:
    """Return the names of all cases."""
    return [case.name for case in CASES] + list(MEMORY_CASES)


def packages(wanted: Sequence[str]) -> list[str]:
    """Return the further packages of R that the wanted cases need."""
    return sorted({package for case in CASES if case.name in wanted for package in case.packages})


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
