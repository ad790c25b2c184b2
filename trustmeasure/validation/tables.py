"""Every table of the findings as an unrounded frame, under the name of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from trustmeasure.validation.findings import Finding
from trustmeasure.validation.glance import glance
from trustmeasure.validation.held import held_frame
from trustmeasure.validation.survey import Survey

Tables = Iterator[tuple[str, pd.DataFrame]]


def tables_of(survey: Survey, found: Mapping[str, Finding]) -> dict[str, pd.DataFrame]:
    """Return name -> table, in the order of the report; nothing about single people."""
    tables = {"scales": glance(survey, found)}
    for name, one in found.items():
        if one.value is not None and name in _TABLES:
            tables |= dict(_TABLES[name](one.value))
    return {**tables, "criteria": held_frame(survey, found)}


def _screening(value: Any) -> Tables:
    yield "screening", value.counts
    yield "screening-overlaps", value.overlaps.rename_axis("index").reset_index()


def _items(value: Any) -> Tables:
    yield "items", value.items
    yield "answers", value.distribution


def _reliability(value: pd.DataFrame) -> Tables:
    yield "reliability", value


def _adequacy(value: Any) -> Tables:
    yield "kmo", value[0].to_frame()
    yield "sphericity", value[1].to_frame()


def _factor_numbers(value: Any) -> Tables:
    yield "number-of-factors", value.to_frame()


def _exploratory(value: Any) -> Tables:
    yield "exploratory-loadings", value.loadings.rename_axis("item").reset_index()


def _confirmatory(value: Any) -> Tables:
    yield "confirmatory-fit", value.fit_measures.rename_axis("measure").rename("value").reset_index()
    yield "confirmatory-parameters", value.parameters


def _convergent(value: Any) -> Tables:
    yield "convergent", value.to_frame()


def _discriminant(value: Any) -> Tables:
    yield "discriminant-pairs", value.to_frame()
    yield "discriminant-tests", value.tests


def _method(value: Any) -> Tables:
    yield "method-bias", value.to_frame()


def _item_response(value: Mapping[str, Finding]) -> Tables:
    frames = {name: one.value.items for name, one in value.items() if one.value is not None}
    if frames:
        joined = pd.concat(frames, names=["construct"]).reset_index(level=0).reset_index(drop=True)
        yield "item-response", joined


def _invariance(value: Mapping[str, Finding]) -> Tables:
    for column, one in value.items():
        if one.value is not None:
            yield f"invariance-{column}", one.value.to_frame()
            yield f"invariance-{column}-criteria", one.value.describe()


_TABLES: Mapping[str, Callable[[Any], Tables]] = {
    "screening": _screening,
    "items": _items,
    "reliability": _reliability,
    "adequacy": _adequacy,
    "factor_numbers": _factor_numbers,
    "exploratory": _exploratory,
    "confirmatory": _confirmatory,
    "convergent": _convergent,
    "discriminant": _discriminant,
    "method": _method,
    "item_response": _item_response,
    "invariance": _invariance,
}
