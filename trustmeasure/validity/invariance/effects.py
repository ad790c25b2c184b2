"""Effect sizes of items that are not invariant, from a sequence or an alignment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, ConvergenceError, DataError, IdentificationError
from trustmeasure.sem.invariance_fits import StepFits
from trustmeasure.sem.result import SemResult
from trustmeasure.validity.invariance.alignment_table import Alignment
from trustmeasure.validity.invariance.effect_values import draws_of, effects_of
from trustmeasure.validity.invariance.item_effects import (
    EFFECTS,
    Spread,
    linear_effects,
)
from trustmeasure.validity.invariance.plan import Plan
from trustmeasure.validity.invariance.record import Invariance

Array = npt.NDArray[np.float64]

_LABELS = {
    "dmacs": "dMACS",
    "dmacs_ci_lower": "from",
    "dmacs_ci_upper": "to",
    "dmacs_signed": "signed",
    "sdi2": "SDI2",
    "udi2": "UDI2",
    "mean_difference": "in answers",
}


@dataclass(frozen=True, slots=True)
class ItemEffects:
    """How much differences of items between groups matter.

    Attributes
    ----------
    frame : DataFrame
        One row an item and focal group: latent item reference focal; dmacs dmacs_signed sdi2 udi2
        mean_difference, each with `_ci_lower` and `_ci_upper`; note. Signed ones are positive where people of
        the reference group give higher answers than people of the focal group who are alike on the
        construct; `mean_difference` is in units of the answers.
    scales : DataFrame
        One row a latent variable and focal group: latent reference focal items mean_difference: what the
        items together bring to the difference of sum scores. Empty where items were free one at a time.
    anchors : tuple of str
        The items that were held equal; empty where all others were, item by item, or none (alignment).
    ci : float
        Level of the intervals.
    notes : tuple of str
        What a reader should know.
    """

    frame: pd.DataFrame
    scales: pd.DataFrame
    anchors: tuple[str, ...]
    ci: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the effects for reading."""
        names = ["latent", "item", "focal", "dmacs", "dmacs_ci_lower", "dmacs_ci_upper", "dmacs_signed"]
        table = Table("Items", self.frame[[*names, "sdi2", "udi2", "mean_difference"]], labels=_LABELS)
        scales = [Table("Sum scores", self.scales, labels=_LABELS)] if len(self.scales) else []
        return Summary("Effect sizes of items that are not invariant", [table, *scales, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def dmacs(
    found: Invariance | Alignment,
    *,
    reference: str | None = None,
    anchors: Iterable[str] | None = None,
    ci: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> ItemEffects:
    r"""Return how much each item's loading and intercept (or thresholds) differ between groups, in answers.

    Parameters
    ----------
    found : Invariance or Alignment
        A sequence, of which the model and the relations left free are taken; or aligned parameters (of a
        sequence made with `alignment`), in which every item is free.
    reference : str, optional
        The group that each other one (focal) is compared with; the first one unless given.
    anchors : iterable of str, optional
        For a sequence: items whose parameters are equal in all groups while all others are free, in one
        model. Unless given, each item in turn is free and all others are its anchors, but for those that the
        last step of the sequence leaves free.
    ci : float
        Level of the intervals.
    draws : int
        Draws from the distribution of the estimates that the intervals are made of.
    seed : int
        The same seed gives the same intervals.

    Returns
    -------
    ItemEffects
        dMACS, signed dMACS, SDI2 and UDI2 with intervals, and differences in answers and in sum scores.

    Raises
    ------
    ArgumentError
        For items that are not in the model, ordinal items of several factors, or models without a solution.

    Notes
    -----
    Nye & Drasgow (2011, Journal of Applied Psychology 96(5), 966-980); formulas and further sources in
    `trustmeasure.validity.invariance.item_effects`. dMACS cannot be below zero, so its interval does not say
    whether it is zero; the signed ones do. Ordinal items are compared by their expected answers. Checked
    against: integrals in R, `tests/reference/invariance/effects.R`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from trustmeasure.validity.invariance import invariance
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 4)), columns=list("abcd"))
    >>> answers["language"] = ["en", "zh"] * 1000
    >>> answers.loc[answers["language"] == "zh", "c"] += 0.7  # half of a standard deviation
    >>> effects = dmacs(invariance("f =~ a + b + c + d", answers, group="language"), anchors=["a", "b", "d"])
    >>> effects.frame.set_index("item")["dmacs"].round(1).to_dict()
    {'c': 0.5}
    """
    in_range("ci", ci, 0.0, 1.0)
    at_least("draws", draws, 2)
    rng = np.random.default_rng(seed)
    if isinstance(found, Alignment):
        if anchors is not None:
            raise ArgumentError("An alignment has no anchors; give the sequence instead.")
        rows, notes = _of_alignment(found, reference, ci, draws, rng)
        held: tuple[str, ...] = ()
    else:
        held = () if anchors is None else _anchors(found, anchors)
        rows, notes = _of_sequence(found, reference, held, ci, draws, rng)
    frame = pd.DataFrame(rows)
    at_once = isinstance(found, Alignment) or bool(held)
    return ItemEffects(frame, _scales(frame if at_once else frame.iloc[:0]), held, ci, notes)


def _scales(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what items that were free in one model bring to the difference of sum scores."""
    together = frame.groupby(["latent", "reference", "focal"], sort=False)["mean_difference"]
    scales = together.agg(["size", "sum"]).reset_index()
    scales.columns = pd.Index(["latent", "reference", "focal", "items", "mean_difference"])
    return scales.astype({"items": float})


Row = dict[str, object]


def _anchors(found: Invariance, anchors: Iterable[str]) -> tuple[str, ...]:
    items = list(found.plan.base.observed)
    given = [anchors] if isinstance(anchors, str) else list(anchors)
    for name in given:
        if name not in items:
            raise ArgumentError(f"anchors: '{name}' is no item of the model. {suggestion(str(name), items)}")
    if not given or set(given) >= set(items):
        raise ArgumentError("anchors: name some of the items, not none and not all.")
    return tuple(given)


def _pairs(labels: Sequence[str], reference: str | None) -> tuple[int, list[int]]:
    at = labels.index(labels[0] if reference is None else one_of("reference", str(reference), labels))
    return at, [g for g in range(len(labels)) if g != at]


def _of_sequence(
    found: Invariance,
    reference: str | None,
    anchors: tuple[str, ...],
    ci: float,
    draws: int,
    rng: np.random.Generator,
) -> tuple[list[Row], tuple[str, ...]]:
    plan, labels = found.plan, found.groups
    if not plan.group:
        raise ArgumentError("dmacs compares groups; waves of the same people are not supported.")
    at, others = _pairs(labels, reference)
    free = list(plan.free.values())[-1]
    measured = [name for name in plan.base.observed if name not in anchors]
    rows: list[Row] = []
    shared: SemResult | None = None
    for item in measured:
        if shared is None or not anchors:
            opened = measured if anchors else [item]
            shared, why = _fitted(plan, free, opened)
        for focal in others:
            start = {
                "latent": _latent(plan, item),
                "item": item,
                "reference": labels[at],
                "focal": labels[focal],
            }
            if shared is None:
                rows.append(start | _nothing() | {"note": why})
                continue
            theta = draws_of(shared, draws, rng)
            values = effects_of(plan, shared, item, (at, focal), theta)
            rows.append(start | _with_limits(values, ci) | {"note": ""})
    how = f"Anchors: {', '.join(anchors)}." if anchors else "All other items are anchors of an item in turn."
    kept = f" Left free besides: {', '.join(sorted(free))}." if free else ""
    return rows, (how + kept,)


def _fitted(plan: Plan, free: frozenset[str], items: Sequence[str]) -> tuple[SemResult | None, str]:
    """Return the fit with loadings and intercepts (and thresholds) equal but for some items; or why not."""
    kinds = tuple(
        k for k in ("thresholds", "loadings", "intercepts") if plan.base.ordered or k != "thresholds"
    )
    opened = frozenset(
        row.name
        for row in plan.base.parameters
        if (row.op == "=~" and row.rhs in items) or (row.op in {"~1", "|"} and row.lhs in items)
    )
    alone = replace(plan, kinds={"effects": kinds}, free={"effects": free | opened})
    try:
        return StepFits.of(alone.models(), plan.sample, plan.options, plan.ci).fits["effects"], ""
    except (IdentificationError, ConvergenceError, DataError) as error:
        return None, str(error).removeprefix("Step 'effects': ")


def _latent(plan: Plan, item: str) -> str:
    rows = [r for r in plan.base.parameters if r.group == 1 and r.op == "=~" and r.rhs == item]
    return "+".join(row.lhs for row in rows)


def _of_alignment(
    found: Alignment, reference: str | None, ci: float, draws: int, rng: np.random.Generator
) -> tuple[list[Row], tuple[str, ...]]:
    labels = list(dict.fromkeys(found.groups["group"]))
    at, others = _pairs(labels, reference)
    rows: list[Row] = []
    for latent, solved in found.solutions.items():
        items = list(dict.fromkeys(found.parameters.query("latent == @latent")["item"]))
        values = np.concatenate([solved.mean, solved.sd, solved.loading.ravel(), solved.intercept.ravel()])
        made = (
            values[None]
            if solved.flat or not np.isfinite(solved.cov).all()
            else _normal(values, solved.cov, draws, rng)
        )
        mean, sd, loading, intercept = _parted(made, len(labels), len(items))
        for i, item in enumerate(items):
            for focal in others:
                effects = linear_effects(
                    intercept[:, at, i] - intercept[:, focal, i],
                    (loading[:, at, i] - loading[:, focal, i])[:, None],
                    mean[:, focal, None],
                    (sd[:, focal] ** 2)[:, None, None],
                    Spread.of(found.spreads[at, item], found.spreads[focal, item], *_sizes(found, at, focal)),
                )
                start = {"latent": latent, "item": item, "reference": labels[at], "focal": labels[focal]}
                rows.append(start | _with_limits(effects, ci) | {"note": ""})
    return rows, ("Every item is free; the unit is that of the alignment.",)


def _sizes(found: Alignment, *groups: int) -> Iterator[float]:
    sizes = found.groups["n_obs"].to_numpy(dtype=float)
    return (float(sizes[g]) for g in groups)


def _normal(values: Array, cov: Array, draws: int, rng: np.random.Generator) -> Array:
    spread, vectors = np.linalg.eigh(cov)
    root = vectors * np.sqrt(np.maximum(spread, 0.0))
    return np.vstack([values[None], values + rng.standard_normal((draws, values.size)) @ root.T])


def _parted(values: Array, n_groups: int, p: int) -> tuple[Array, Array, Array, Array]:
    first, second, rest = values[:, :n_groups], values[:, n_groups : 2 * n_groups], values[:, 2 * n_groups :]
    loading, intercept = np.split(rest.reshape(len(values), 2 * n_groups, p), 2, axis=1)
    return first, second, loading, intercept


def _with_limits(values: Array, ci: float) -> Row:
    """Return estimates (the first row) with the limits that the others give."""
    found: Row = {}
    for k, name in enumerate(EFFECTS):
        low = high = float("nan")
        if len(values) > 1 and np.isfinite(values[1:, k]).all():
            low, high = np.quantile(values[1:, k], [0.5 - ci / 2, 0.5 + ci / 2])
        found |= {name: float(values[0, k]), f"{name}_ci_lower": float(low), f"{name}_ci_upper": float(high)}
    return found


def _nothing() -> Row:
    return dict.fromkeys((f"{n}{end}" for n in EFFECTS for end in ("", "_ci_lower", "_ci_upper")), np.nan)
