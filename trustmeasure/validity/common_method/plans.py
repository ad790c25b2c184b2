"""A substantive model made ready to be fitted again and again, with a method factor or without."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from trustmeasure.errors import ArgumentError, TrustMeasureError, TrustMeasureWarning
from trustmeasure.responses import Responses
from trustmeasure.sem import ParameterTable, SemResult, fit_sem, parse_model
from trustmeasure.validity.blocks import Blocks, blocks_of
from trustmeasure.validity.measured import NAME, factors_of, in_words

RESERVED = ("std_lv", "group", "group_equal", "group_partial", "se")
"""Options of `fit_sem` that these model sequences choose themselves, or do not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A model without a method factor, and what a method factor must know of it.

    Attributes
    ----------
    text : str
        The model.
    data : frame or Responses
        What it is fitted to.
    factors : mapping
        First-order factor -> its observed indicators.
    exogenous : tuple of str
        Latent variables that nothing points at.
    called : mapping
        Names of the model -> names of the data, where they differ.
    notes : tuple of str
        What was left out.
    """

    text: str
    data: Any
    factors: Mapping[str, tuple[str, ...]]
    exogenous: tuple[str, ...]
    called: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def indicators(self) -> tuple[str, ...]:
        """All observed indicators, each once."""
        return tuple(dict.fromkeys(item for items in self.factors.values() for item in items))

    def shown(self, name: str) -> str:
        """Return the name in the data of a variable of the model."""
        return self.called.get(name, name)

    def own(self, factor: str) -> str:
        """Return the name in the model of a construct of the data."""
        return next(own for own in self.factors if self.shown(own) == factor)

    def unused(self, name: str) -> str:
        """Return `name`, or a longer one when the model or the data have it already."""
        taken = {*self.indicators, *self.factors, *map(str, getattr(self.data, "columns", ()))}
        while name in taken or re.search(rf"\b{re.escape(name)}\b", self.text):
            name += "_"
        return name

    def fit(self, text: str, options: Mapping[str, Any]) -> SemResult:
        """Fit a text with latent variances of 1; warnings stay in the result, errors use the data's names."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", TrustMeasureWarning)
                return fit_sem(text, self.data, std_lv=True, **options)
        except TrustMeasureError as problem:
            if not self.called:
                raise
            raise type(problem)(in_words(str(problem), self.called)) from problem

    def tried(self, text: str, options: Mapping[str, Any]) -> tuple[SemResult | None, str]:
        """Return a fit with its warnings, or None with the reason why it could not be made."""
        try:
            result = self.fit(text, options)
        except TrustMeasureError as problem:
            return None, f"Not fitted: {problem}"
        return result, " ".join(result.warnings)


def refuse_reserved(options: Mapping[str, Any]) -> None:
    """Raise ArgumentError for an option that the model sequences choose themselves."""
    for name in RESERVED:
        if name in options:
            raise ArgumentError(
                f"{name}= is not offered here: the sequence of models sets it, or has one group."
            )


def plan_of(model: Any, data: Any = None) -> Plan:
    """Return a plan from a model text with data, or from constructs, which all correlate.

    Parameters
    ----------
    model : str, ParameterTable, Responses or mapping
        A model with its data; or responses, or a mapping from the name of a construct to a frame of its
        items, or (with `data`) to its columns.
    data : frame or Responses, optional
        What the model is fitted to, or where the columns are.

    Raises
    ------
    ArgumentError
        If the parts do not go together, or the model has no first-order factor.
    """
    if isinstance(model, SemResult):
        raise ArgumentError("model is a fit, which does not hold its data. Give the model text and the data.")
    if isinstance(model, str | ParameterTable):
        if data is None:
            raise ArgumentError("A model text needs data: the rows that it is fitted to.")
        return _of_text(model, data)
    if not isinstance(model, Responses | Mapping):
        raise ArgumentError(
            f"model is a {type(model).__name__}; give a model text with data, responses, or a mapping from "
            "names of constructs to frames of items."
        )
    return _of_blocks(blocks_of(model) if data is None else blocks_of(data, model))


def _of_text(model: str | ParameterTable, data: Any) -> Plan:
    table = parse_model(model) if isinstance(model, str) else model
    latent = set(table.latent)
    first = {
        factor.name: tuple(item for item in factor.indicators if item not in latent)
        for factor in factors_of(table)
    }
    first = {name: items for name, items in first.items() if items}
    if not first:
        raise ArgumentError(
            "The model has no factor with observed indicators (=~), so there is no method factor."
        )
    pointed = {p.lhs for p in table.parameters if p.op == "~"}
    pointed |= {p.rhs for p in table.parameters if p.op == "=~"}
    free = tuple(name for name in table.latent if name not in pointed)
    return Plan(table.text, data, first, free, {})


def _of_blocks(blocks: Blocks) -> Plan:
    shown = [*blocks.names, *blocks.frame.columns]
    if len(set(shown)) == len(shown) and all(NAME.fullmatch(name) for name in shown):
        factors = {block.name: block.items for block in blocks.blocks}
        return Plan(measurement(factors), blocks.frame, factors, tuple(factors), {}, blocks.notes)
    return _renamed(blocks)


def _renamed(blocks: Blocks) -> Plan:
    """Return a plan with names of its own, when those of the data cannot stand in a model text."""
    items = {item: f"item_{i}" for i, item in enumerate(blocks.frame.columns, start=1)}
    named = {f"construct_{i}": block for i, block in enumerate(blocks.blocks, start=1)}
    factors = {name: tuple(items[item] for item in block.items) for name, block in named.items()}
    called = {name: block.name for name, block in named.items()} | {own: item for item, own in items.items()}
    frame: pd.DataFrame = blocks.frame.rename(columns=items)
    return Plan(measurement(factors), frame, factors, tuple(factors), called, blocks.notes)


def measurement(factors: Mapping[str, Sequence[str]]) -> str:
    """Return the lines that measure factors by their items."""
    return "\n".join(f"{name} =~ {' + '.join(items)}" for name, items in factors.items())


def orthogonal(name: str, others: Sequence[str]) -> str:
    """Return the line that keeps a factor from correlating with others."""
    return f"{name} ~~ {' + '.join(f'0*{other}' for other in others)}" if others else ""


def standardised(result: SemResult | None) -> dict[tuple[str, str, str], float]:
    """Return the completely standardised values of a fit by (lhs, op, rhs); nothing without a fit."""
    if result is None:
        return {}
    table = result.parameters
    keys = zip(table["lhs"], table["op"], table["rhs"], strict=True)
    return dict(zip(keys, table["std_all"].astype(float), strict=True))


def estimated(result: SemResult, column: str = "estimate") -> dict[tuple[str, str, str], float]:
    """Return a column of the parameter table by (lhs, op, rhs)."""
    table = result.parameters
    keys = zip(table["lhs"], table["op"], table["rhs"], strict=True)
    return dict(zip(keys, table[column].astype(float), strict=True))
