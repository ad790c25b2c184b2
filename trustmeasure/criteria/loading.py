"""Read criteria from YAML, and say exactly where a file is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trustmeasure.check import existing_file, one_of, suggestion
from trustmeasure.criteria.conditions import Condition, Range, Words
from trustmeasure.criteria.model import (
    COMPUTED,
    LEVELS,
    SIGNS,
    SUBJECTS,
    Criteria,
    Criterion,
    Cutoff,
    Metric,
    Source,
)
from trustmeasure.errors import ArgumentError

SHIPPED = Path(__file__).with_name("criteria.yaml")
RULE_KEYS = ("level", "operator", "value", "subject", "when", "scope", "source", "see", "caveat")
METRIC_KEYS = ("label", "absolute", "rules")


def load_criteria(path: str | Path | None = None) -> Criteria:
    """Return the criteria that ship with the package, or those with the metrics of a file put in their place.

    Parameters
    ----------
    path : str or Path, optional
        A YAML file of the form of the shipped `criteria.yaml`, with `metrics` and, for new ones, `sources`.
        Each metric in it replaces the shipped metric of that name as a whole; all others stay.

    Returns
    -------
    Criteria
        Give it to `describe` or `verdict` as `criteria=`.

    Raises
    ------
    ArgumentError
        If the file is missing or malformed; the message names the place inside the file.

    Examples
    --------
    >>> load_criteria()["ave"].rules[0].rule()
    '≥ 0.5'
    """
    shipped = _shipped()
    if path is None:
        return shipped
    given = _read(existing_file(path), shipped.sources)
    return Criteria({**shipped.metrics, **given.metrics}, {**shipped.sources, **given.sources})


@cache
def _shipped() -> Criteria:
    return _read(SHIPPED, {})


def _read(path: Path, known: Mapping[str, Source]) -> Criteria:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ArgumentError(f"{path} is not readable YAML: {problem}") from problem
    table = _mapping(content, f"{path}", ("sources", "metrics"))
    given = _mapping(table.get("sources") or {}, f"{path}: sources")
    sources = {key: _source(key, value, f"{path}: sources.{key}") for key, value in given.items()}
    all_sources = {**known, **sources}
    metrics = _mapping(table.get("metrics") or {}, f"{path}: metrics")
    return Criteria(
        {
            name: _metric(name, value, all_sources, f"{path}: metrics.{name}")
            for name, value in metrics.items()
        },
        sources,
    )


def _mapping(value: Any, place: str, allowed: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ArgumentError(f"{place} must be a mapping of names, not {type(value).__name__}.")
    for key in value:
        if allowed and key not in allowed:
            raise ArgumentError(f"{place} has an unknown entry '{key}'. {suggestion(str(key), allowed)}")
    return {str(key): entry for key, entry in value.items()}


def _text(table: Mapping[str, Any], key: str, place: str) -> str:
    value = table.get(key)
    if isinstance(value, str) and value.strip():
        return value
    raise ArgumentError(f"{place}.{key} must be a text that says something; it is {value!r}.")


def _source(key: str, value: Any, place: str) -> Source:
    table = _mapping(value, place, ("cite", "reference"))
    return Source(key, _text(table, "cite", place), _text(table, "reference", place))


def _metric(name: str, value: Any, sources: Mapping[str, Source], place: str) -> Metric:
    table = _mapping(value, place, METRIC_KEYS)
    rules = table.get("rules")
    if not isinstance(rules, list) or not rules:
        raise ArgumentError(f"{place}.rules must be a list with at least one rule.")
    label = _text(table, "label", place)
    read = [_rule(name, label, rule, sources, f"{place}.rules[{i}]") for i, rule in enumerate(rules)]
    return Metric(name, label, tuple(read), absolute=table.get("absolute") is True)


def _rule(name: str, label: str, value: Any, sources: Mapping[str, Source], place: str) -> Criterion:
    table = _mapping(value, place, RULE_KEYS)
    sign = one_of(f"{place}.operator", _text(table, "operator", place), list(SIGNS))
    return Criterion(
        metric=name,
        label=label,
        level=one_of(f"{place}.level", _text(table, "level", place), LEVELS),
        operator=sign,
        cutoff=_cutoff(table.get("value"), sign, f"{place}.value"),
        subject=one_of(f"{place}.subject", table.get("subject", "value"), list(SUBJECTS)),
        when=_when(table.get("when") or {}, f"{place}.when"),
        scope=_text(table, "scope", place),
        caveat=_text(table, "caveat", place),
        source=_cited(_text(table, "source", place), sources, f"{place}.source"),
        see=tuple(_cited(key, sources, f"{place}.see") for key in table.get("see") or ()),
    )


def _cited(key: str, sources: Mapping[str, Source], place: str) -> Source:
    return sources[one_of(place, key, sorted(sources))]


def _cutoff(value: Any, sign: str, place: str) -> Cutoff | str:
    if isinstance(value, str):
        return one_of(place, value, list(COMPUTED))
    if sign == "between":
        if isinstance(value, list) and len(value) == 2 and all(_is_number(v) for v in value):
            return float(value[0]), float(value[1])
        raise ArgumentError(f"{place} must be two numbers, [from, to], for the operator 'between'.")
    if _is_number(value):
        return float(value)
    raise ArgumentError(f"{place} must be a number or the name of a computed cut-off; it is {value!r}.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _when(value: Any, place: str) -> dict[str, Condition]:
    table = _mapping(value, place)
    return {name: _condition(wanted, f"{place}.{name}") for name, wanted in table.items()}


def _condition(value: Any, place: str) -> Condition:
    if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
        return Words(tuple(value))
    ends = isinstance(value, list) and len(value) == 2 and all(v is None or _is_number(v) for v in value)
    if ends:
        return Range(value[0], value[1])
    raise ArgumentError(
        f"{place} must be [from, to] with numbers or null, or a list of words; it is {value!r}."
    )
