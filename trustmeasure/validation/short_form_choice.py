"""Short forms: k items a construct, chosen on one half of the people and judged on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, one_of, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.validation.halves import first_half
from trustmeasure.validation.short_form_objective import (
    FIT,
    PARTS,
    Choice,
    Form,
    Judge,
    agreement,
    fitted,
    form_of,
    omega,
)
from trustmeasure.validation.short_form_search import Colony, Pool, colony, exhaustive, n_choices
from trustmeasure.validation.survey import Survey, survey_of

COUNTABLE = 1_000
"""Most choices that are all judged when the search is left to the function."""
EQUAL: Mapping[str, float] = dict.fromkeys(PARTS, 1.0)
MEANING = (
    "r_full is the correlation of the short with the full score as it would be if both were given "
    "separately: the unique variance of the shared items is taken out (Levy, 1967). What was chosen on one "
    "half looks better there than on the other; the other half is the one to report."
)
Search = Literal["auto", "exhaustive", "ants"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ShortForm:
    """A short form and how it was found.

    Attributes
    ----------
    items : dict of str to tuple of str
        Construct -> chosen items.
    objective : float
        Value of the choice in the half that it was made on.
    weights : dict of str to float
        Weight of each part of the objective.
    search : str
        "exhaustive" or "ants".
    tried : pandas.DataFrame
        Every choice that was judged, the best first: objective, its parts, items.
    scales : pandas.DataFrame
        One row a half and construct: half, construct, n_items, n_full, omega, omega_full, r_full (corrected
        for shared items), r_full_raw.
    fit : pandas.DataFrame
        One row a half and form ("short", "full"): chisq, df, pvalue, cfi, tli, rmsea, srmr of the measurement
        model; NaN when it has no solution.
    n_search, n_check : int
        People with complete answers in the half that was searched, and in the other.
    n_choices : int
        How many choices there are.
    seed : int
        Seed of halves and search.
    notes : tuple of str
        What a reader must know.
    """

    items: dict[str, tuple[str, ...]]
    objective: float
    weights: dict[str, float]
    search: str
    tried: pd.DataFrame
    scales: pd.DataFrame
    fit: pd.DataFrame
    n_search: int
    n_check: int
    n_choices: int
    seed: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a chosen item: construct, item."""
        rows = [(construct, item) for construct, items in self.items.items() for item in items]
        return pd.DataFrame(rows, columns=["construct", "item"])

    def summary(self, *, top: int = 5) -> Summary:
        """Return the items, their worth in both halves, and the best `top` choices."""
        chosen = pd.DataFrame(
            {"construct": list(self.items), "items": [", ".join(items) for items in self.items.values()]}
        )
        how = "every choice was judged" if self.search == "exhaustive" else "ants, then single exchanges"
        weights = ", ".join(f"{name} {weight:g}" for name, weight in self.weights.items())
        notes = (
            f"Search: {how} ({len(self.tried)} of {self.n_choices} choices). Objective: weighted mean of "
            f"{weights}.",
            f"{self.n_search} people to search with, {self.n_check} to check with; seed {self.seed}.",
            *self.notes,
        )
        return Summary(
            "Short form",
            [
                Table("Chosen items", chosen, notes),
                Table("Scales", self.scales),
                Table("Fit of the measurement model", self.fit.astype({"df": "Int64"})),
                Table(f"The best {min(top, len(self.tried))} choices", self.tried.head(top)),
                MEANING,
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def short_form(
    data: Any,
    items_per_construct: int | Mapping[str, int] = 3,
    *,
    facets: Mapping[str, str] | None = None,
    weights: Mapping[str, float] | None = None,
    search: Search = "auto",
    share: float = 0.5,
    ants: int = 20,
    rounds: int = 40,
    patience: int = 8,
    seed: int = 0,
) -> ShortForm:
    """Choose items for a short form on one random half of the people, and judge it on the other.

    The objective is the weighted mean of four parts, each between 0 and 1:

    - fit: CFI of the model in which each construct is a factor of its chosen items (ML);
    - reliability: mean over constructs of omega total of the chosen items;
    - information: mean over constructs of what the chosen items tell of the factor, sum of l^2 / (1 - l^2)
      with the loadings l of the full form, as a share of what the best items of this number would tell;
    - agreement: mean over constructs of the correlation with the full score, corrected for shared items.

    Parameters
    ----------
    data : Responses or mapping
        Responses, or construct -> frame of its items, all of the same people. Rows without an answer to every
        item are left out. Constructs that have no more items than wanted are kept whole.
    items_per_construct : int or mapping
        How many items, at least 2; or construct -> how many.
    facets : mapping, optional
        Item -> facet: every facet of a construct must be met by one item at least.
    weights : mapping, optional
        Part -> weight; equal unless given. A part without a weight does not count.
    search : {"auto", "exhaustive", "ants"}
        Whether every choice is judged; "auto" does so up to 1,000 choices. Ants follow Leite, Huang and
        Marcoulides (2008), and end with exchanges of single items.
    share : float
        Share of the people to search with.
    ants, rounds, patience : int
        Ants in a round, most rounds, and rounds without improvement after which they stop.
    seed : int
        The same seed gives the same halves and the same ants.

    Returns
    -------
    ShortForm
        `.items .scales .fit .tried .objective`, `.to_frame()`, `.summary()`.

    Raises
    ------
    ArgumentError
        For unknown constructs, items or parts, or a choice that cannot be made.
    DataError
        If a half has too few complete people, or an item does not vary in it.

    References
    ----------
    Leite, W. L., Huang, I.-C., & Marcoulides, G. A. (2008). Item selection for the development of short forms
    of scales using an ant colony optimization algorithm. Multivariate Behavioral Research, 43(3), 411-431.

    Levy, P. (1967). The correction for spurious correlation in the evaluation of short-form tests. Journal of
    Clinical Psychology, 23(1), 84-86.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> items = tm.load_sample("trust-survey").items("cognitive_trust")
    >>> scales = {"competence": items.filter(like="com"), "integrity": items.filter(like="int")}
    >>> found = tm.short_form(scales, 3)
    >>> found.search, found.n_choices, {name: len(own) for name, own in found.items.items()}
    ('exhaustive', 16, {'competence': 3, 'integrity': 3})
    """
    one_of("search", search, ("auto", "exhaustive", "ants"))
    survey = survey_of(data)
    worth = _weights(weights)
    scales = survey.reflective
    if not scales:
        raise ArgumentError(
            "data has no construct with two items or more. Give construct -> frame of its items."
        )
    complete = survey.answers[[item for own in scales.values() for item in own]].dropna()
    inside = np.asarray(first_half(len(complete), share, seed), dtype=bool)
    halves = {"search": form_of(complete[inside], scales), "check": form_of(complete[~inside], scales)}
    pools = _pools(survey, scales, halves["search"], items_per_construct, facets)
    count = n_choices(pools)
    judge = Judge(halves["search"], worth)
    chosen_search = ("exhaustive" if count <= COUNTABLE else "ants") if search == "auto" else search
    if chosen_search == "exhaustive":
        best = exhaustive(pools, judge)
    else:
        how = Colony(
            at_least("ants", ants, 1), at_least("rounds", rounds, 1), at_least("patience", patience, 1)
        )
        best = colony(pools, judge, halves["search"].information, np.random.default_rng(seed), how)
    dropped = len(survey.answers) - len(complete)
    notes = (*survey.notes, *((f"{dropped} rows with a missing answer were left out.",) if dropped else ()))
    return _record(best, judge, halves, chosen_search, count, seed, notes)


def _weights(given: Mapping[str, float] | None) -> dict[str, float]:
    found = dict(EQUAL if given is None else given)
    for name, weight in found.items():
        if name not in PARTS:
            raise ArgumentError(f"weights names '{name}', which is no part. {suggestion(name, PARTS)}")
        if not (np.isfinite(weight) and weight >= 0):
            raise ArgumentError(f"weights: {name}={weight!r} must be 0 or more.")
    if not sum(found.values()) > 0:
        raise ArgumentError("weights: at least one part needs a weight above 0.")
    return found


def _pools(
    survey: Survey,
    scales: Mapping[str, Sequence[str]],
    form: Form,
    wanted: int | Mapping[str, int],
    facets: Mapping[str, str] | None,
) -> list[Pool]:
    """Return what can be chosen of each construct."""
    _known("items_per_construct", wanted if isinstance(wanted, Mapping) else (), list(scales))
    _known("facets", facets or (), list(form.names))
    pools = []
    for name, place in form.scales.items():
        k = wanted.get(name, len(place)) if isinstance(wanted, Mapping) else wanted
        k = min(at_least("items_per_construct", k, 2), len(place)) if not isinstance(wanted, Mapping) else k
        at_least("items_per_construct", k, 2)
        own = [(facets or {}).get(form.names[i], "") for i in place]
        met = tuple(own) if any(own) else ()
        if met and not all(met):
            lacking = [form.names[i] for i, facet in zip(place, own, strict=True) if not facet]
            raise ArgumentError(
                f"facets lacks items of '{name}': {', '.join(lacking)}. Give all, or none of it."
            )
        pools.append(Pool(name, place, k, met))
    return pools


def _known(what: str, given: Any, allowed: list[str]) -> None:
    for name in given:
        if name not in allowed:
            raise ArgumentError(f"{what}: '{name}' is not there. {suggestion(str(name), allowed)}")


def _record(
    best: Choice,
    judge: Judge,
    halves: Mapping[str, Form],
    search: str,
    count: int,
    seed: int,
    notes: tuple[str, ...],
) -> ShortForm:
    form, kept = halves["search"], set(best)
    items = {name: tuple(form.names[i] for i in place if i in kept) for name, place in form.scales.items()}
    return ShortForm(
        items=items,
        objective=judge(best),
        weights=dict(judge.weights),
        search=search,
        tried=_tried(judge),
        scales=_scales(best, halves),
        fit=_fits(best, halves),
        n_search=halves["search"].n_obs,
        n_check=halves["check"].n_obs,
        n_choices=count,
        seed=seed,
        notes=notes,
    )


def _tried(judge: Judge) -> pd.DataFrame:
    """Return every choice that was judged, the best first."""
    order = sorted(judge.seen, key=lambda choice: (-judge.seen[choice]["objective"], choice))
    rows = [
        {**judge.seen[choice], "items": ", ".join(judge.form.names[i] for i in choice)} for choice in order
    ]
    return pd.DataFrame(rows)


def _scales(best: Choice, halves: Mapping[str, Form]) -> pd.DataFrame:
    rows = []
    for half, form in halves.items():
        for name, full in form.scales.items():
            place = np.intersect1d(full, np.array(best))
            raw, corrected = agreement(form, place, full)
            rows.append(
                {
                    "half": half,
                    "construct": name,
                    "n_items": len(place),
                    "n_full": len(full),
                    "omega": omega(form, place),
                    "omega_full": omega(form, full),
                    "r_full": corrected,
                    "r_full_raw": raw,
                }
            )
    return pd.DataFrame(rows)


def _fits(best: Choice, halves: Mapping[str, Form]) -> pd.DataFrame:
    rows = []
    for half, form in halves.items():
        for kind, choice in (("short", best), ("full", tuple(range(len(form.names))))):
            result = fitted(form, choice)
            found = dict.fromkeys(FIT, float("nan"))
            if result is not None:
                found = {name: float(result.fit_measures[name]) for name in FIT}
            rows.append({"half": half, "form": kind, **found})
    return pd.DataFrame(rows)
