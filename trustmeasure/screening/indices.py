"""The indices of a screening, what each is for, and which values are worth a second look."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.check import suggestion
from trustmeasure.criteria.loading import load_criteria
from trustmeasure.criteria.model import SIGNS, Criterion
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Index:
    """A number that is computed for every respondent.

    Attributes
    ----------
    name, label : str
        Column, and what it says.
    careless : {"high", "low", "both", ""}
        Which end may show careless answers; empty for a number that is only a help.
    """

    name: str
    label: str
    careless: str = ""


INDICES: tuple[Index, ...] = (
    Index("missing_share", "share of the items without an answer", "high"),
    Index("long_string", "longest run of equal answers"),
    Index("long_string_share", "longest run, as a share of the items", "high"),
    Index("long_string_page", "longest run on one page"),
    Index("average_string", "mean length of runs of equal answers", "high"),
    Index("straight_lined", "share of scales answered with one code", "high"),
    Index("irv", "standard deviation of a person's answers", "both"),
    Index("even_odd", "even-odd consistency over the scales", "low"),
    Index("synonyms", "correlation over pairs of items that go together", "low"),
    Index("antonyms", "correlation over pairs of items that oppose each other", "high"),
    Index("person_total", "correlation with the item means of all others", "low"),
    Index("mahalanobis", "squared Mahalanobis distance", "high"),
    Index("mahalanobis_p", "chi-square probability of that distance", "low"),
    Index("seconds", "time for all items, in seconds", "low"),
    Index("seconds_per_item", "time for an item, in seconds", "low"),
    Index("fast_parts", "pages or items gone through too fast", "high"),
    Index("time_z", "robust z of the logarithm of the time", "both"),
    Index("instructed_failed", "instructed items answered otherwise", "high"),
    Index("duplicates", "other rows with exactly the same answers", "high"),
    Index("max_match", "largest share of equal answers with another row", "high"),
)
BY_NAME: Mapping[str, Index] = {index.name: index for index in INDICES}

OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
_COMPARE: dict[str, Callable[[Array, float], Flags]] = {
    ">=": lambda x, cut: np.asarray(x >= cut),
    ">": lambda x, cut: np.asarray(x > cut),
    "<=": lambda x, cut: np.asarray(x <= cut),
    "<": lambda x, cut: np.asarray(x < cut),
}
_LIMIT = re.compile(r"\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*", re.I)
_SHARE = re.compile(r"\s*(lowest|highest)\s+(\d+(?:\.\d+)?)\s*%\s*", re.I)


@dataclass(frozen=True, slots=True)
class Limit:
    """Which values of an index are flagged.

    Attributes
    ----------
    index : str
        The index.
    rule : str
        In signs, such as "< 0.3" or "lowest 5 %".
    source, caveat : str
        Where the rule comes from, and what to know before leaning on it.
    holds : callable
        Returns which of an array of values are flagged; NaN never is.
    """

    index: str
    rule: str
    source: str
    caveat: str
    holds: Callable[[Array], Flags]


def limits_of(given: Mapping[str, str | None] | None) -> dict[str, Limit]:
    """Return the limit of each index that has one: the cited ones, and those of the caller instead.

    Parameters
    ----------
    given : mapping, optional
        Index -> "< 0.3", ">= 12", "lowest 5 %", "highest 5 %"; None takes a limit away.

    Raises
    ------
    ArgumentError
        For an index or a limit that is not understood.
    """
    found = {name: limit for name in BY_NAME if (limit := cited(name)) is not None}
    for name, text in (given or {}).items():
        if name not in BY_NAME:
            raise ArgumentError(f"limits: there is no index '{name}'. {suggestion(str(name), list(BY_NAME))}")
        found.pop(name, None)
        if text is not None:
            found[name] = own_limit(name, text)
    return found


def cited(name: str) -> Limit | None:
    """Return the limit that the criteria keep for an index; None when there is none to apply."""
    criteria = load_criteria()
    if name not in criteria:
        return None
    metric = criteria[name]
    rules = [rule for rule in metric.rules if rule.level != "reference"]
    if not rules:
        return None
    rule = rules[0]

    def holds(values: Array) -> Flags:
        return _not_met(rule, np.abs(values) if metric.absolute else values)

    return Limit(name, _when(rule, absolute=metric.absolute), rule.source.cite, rule.caveat, holds)


def _when(rule: Criterion, *, absolute: bool) -> str:
    """Return which values a criterion is not met by, in signs."""
    cut = rule.resolved({})
    if isinstance(cut, tuple):
        return f"not {rule.rule()}"
    return f"{'absolute ' if absolute else ''}{SIGNS[OPPOSITE[rule.operator]]} {cut:g}"


def _not_met(rule: Criterion, values: Array) -> Flags:
    kinds, which = np.unique(values, return_inverse=True)
    failing = np.array([np.isfinite(x) and not rule.meets(float(x)) for x in kinds], dtype=bool)
    return np.asarray(failing[which.ravel()], dtype=bool)


def own_limit(name: str, text: str) -> Limit:
    """Return a limit that the caller wrote."""
    compared, share = (pattern.fullmatch(str(text)) for pattern in (_LIMIT, _SHARE))
    if compared:
        sign, cut = compared.group(1), float(compared.group(2))
        return Limit(name, f"{sign} {cut:g}", "given by the caller", "", lambda x: _COMPARE[sign](x, cut))
    if share and 0 < float(share.group(2)) < 100:
        end, part = share.group(1).lower(), float(share.group(2)) / 100
        rule = f"{end} {100 * part:g} %"
        return Limit(name, rule, "given by the caller", "", lambda x: _at_the_end(x, end, part))
    raise ArgumentError(
        f"limits: {text!r} for '{name}' is not understood. Write what is flagged, such as '< 0.3', '>= 12', "
        "'lowest 5 %' or 'highest 5 %'."
    )


def _at_the_end(values: Array, end: str, part: float) -> Flags:
    """Return the values at one end, tied ones only where all fit into the share; at least the utmost."""
    seen = values[np.isfinite(values)]
    if seen.size == 0:
        return np.zeros(len(values), dtype=bool)
    sign = 1.0 if end == "lowest" else -1.0
    ranked = np.sort(sign * seen)
    most = int(np.floor(part * seen.size + 1e-9))
    cut = ranked[most] if most < seen.size else np.inf
    return np.asarray((sign * values < cut) | (sign * values == ranked[0]))
