"""A fitted measurement model, whatever it was asked for with: what its factors share with their items."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError, TrustMeasureError, TrustMeasureWarning
from trustmeasure.responses import Responses
from trustmeasure.sem import ParameterTable, SemResult, fit_sem
from trustmeasure.sem.matrices import implied
from trustmeasure.sem.ram import Ram
from trustmeasure.validity.blocks import Blocks, blocks_of

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]
"""Real, or complex where a derivative is taken."""
NAME = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Factor:
    """A latent variable with its indicators in every group.

    Attributes
    ----------
    name, label : str
        Name in the model, and name for reading.
    indicators : tuple of str
        What it is measured by: items, or dimensions.
    shared : tuple of str
        Those of them that measure another factor too.
    above, below : tuple of str
        Factors that it is a dimension of, and those that are its dimensions, near and far.
    """

    name: str
    label: str
    indicators: tuple[str, ...]
    shared: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A fit with what it says of its factors.

    Attributes
    ----------
    result : SemResult
        The fit.
    factors : tuple of Factor
        Latent variables that have indicators.
    called : mapping of str to str
        Names of the model -> names of the data, where they differ.
    blocks : Blocks or None
        The answers, when the model was made from constructs.
    notes : tuple of str
        What was left out.
    """

    result: SemResult
    factors: tuple[Factor, ...]
    called: Mapping[str, str] = field(default_factory=dict)
    blocks: Blocks | None = None
    notes: tuple[str, ...] = ()

    def name(self, own: str) -> str:
        """Return the name in the data of a variable of the model."""
        return self.called.get(own, own)

    def told(self, notes: Sequence[str]) -> tuple[str, ...]:
        """Return what the engine says, in the names of the data."""
        return tuple(in_words(note, self.called) for note in notes)

    def loadings(self, rams: Sequence[Ram], theta: Numbers) -> Numbers:
        """Return standardised loadings, factor by factor in each group, shape (b, loadings)."""
        return np.concatenate([_standardised(ram, theta, self.factors)[0] for ram in rams], axis=1)

    def correlations(self, rams: Sequence[Ram], theta: Numbers) -> Numbers:
        """Return correlations of the factors in each group, upper triangle by rows, shape (b, pairs)."""
        return np.concatenate([_standardised(ram, theta, self.factors)[1] for ram in rams], axis=1)

    @property
    def loading_rows(self) -> list[tuple[str, Factor, str]]:
        """Group, factor and indicator of each loading."""
        labels = self.result.group_labels
        return [
            (label, factor, item) for label in labels for factor in self.factors for item in factor.indicators
        ]

    @property
    def pair_rows(self) -> list[tuple[str, Factor, Factor]]:
        """Group and factors of each correlation."""
        every = range(len(self.factors))
        pairs = [(i, j) for i in every for j in every if i < j]
        return [
            (label, self.factors[i], self.factors[j]) for label in self.result.group_labels for i, j in pairs
        ]


def _standardised(ram: Ram, theta: Numbers, factors: Sequence[Factor]) -> tuple[Numbers, Numbers]:
    """Return loadings (b, k) and correlations (b, pairs) of factors in one group."""
    at = {name: i for i, name in enumerate(ram.variables)}
    now = implied(ram, theta)
    variance = np.einsum("bii->bi", now.phi)
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(np.where(np.real(variance) > 0, variance, np.nan))
    direct = np.array([(at[item], at[f.name]) for f in factors for item in f.indicators], dtype=np.intp).T
    with np.errstate(invalid="ignore"):
        loads = _direct(ram, theta)[:, direct[0], direct[1]] * sd[:, direct[1]] / sd[:, direct[0]]
    own = np.array([at[f.name] for f in factors], dtype=np.intp)
    first, second = (own[side] for side in np.triu_indices(len(own), 1))
    with np.errstate(invalid="ignore"):
        return loads, now.phi[:, first, second] / (sd[:, first] * sd[:, second])


def _direct(ram: Ram, theta: Numbers) -> Numbers:
    """Return the matrix of directed paths, shape (b, v, v)."""
    a = np.repeat(ram.a0[None].astype(theta.dtype), len(theta), axis=0)
    a[:, ram.a.row, ram.a.col] = theta[:, ram.a.free]
    return a


def measured(model: Any, data: Any = None, *, least: int = 1, **options: Any) -> Measured:
    """Return a fitted measurement model.

    Parameters
    ----------
    model : SemResult, str, ParameterTable, Responses or mapping
        A fit; or a model (text or parsed) to be fitted to `data`; or responses, or a mapping from the name of
        a construct to a frame of its items, or (with `data`) to its columns: each construct becomes a factor,
        and all factors correlate.
    data : frame, optional
        What a model is fitted to.
    least : int
        How many factors there must be.
    **options
        Given on to `fit_sem`.

    Raises
    ------
    ArgumentError
        If the parts do not go together, or there are too few factors.
    """
    if isinstance(model, SemResult):
        if options:
            raise ArgumentError(
                f"The model is fitted already: say {', '.join(sorted(options))} to fit_sem, or give the "
                "model to be fitted."
            )
        found = Measured(model, factors_of(model.model))
    elif isinstance(model, str | ParameterTable):
        result = _quietly(partial(fit_sem, model, data, **options), {})
        found = Measured(result, factors_of(result.model))
    else:
        found = _of_constructs(model, data, least, options)
    if len(found.factors) < least:
        raise ArgumentError(
            f"The model has {len(found.factors)} factors with indicators; {least} are needed."
        )
    return found


def _of_constructs(model: Any, data: Any, least: int, options: dict[str, Any]) -> Measured:
    if not isinstance(model, Responses | Mapping):
        raise ArgumentError(
            f"model is a {type(model).__name__}; give a fit of fit_sem, a model text with data, responses, "
            "or a mapping from names of constructs to frames of items."
        )
    blocks = blocks_of(model) if data is None else blocks_of(data, model)
    if len(blocks.blocks) < max(least, 1):
        blocks_of(model if data is None else data, None if data is None else model, least=max(least, 1))
    factors, items = _own_names(blocks)
    called = {own: shown for names in (factors, items) for shown, own in names.items() if own != shown}
    lines = [f"{factors[b.name]} =~ {' + '.join(items[i] for i in b.items)}" for b in blocks.blocks]
    frame = blocks.frame.rename(columns=items)
    if isinstance(options.get("ordered"), list | tuple | set):
        options["ordered"] = [items.get(str(name), str(name)) for name in options["ordered"]]
    result = _quietly(partial(fit_sem, "\n".join(lines), frame, **options), called)
    labels = {factors[b.name]: b.label for b in blocks.blocks}
    return Measured(result, factors_of(result.model, labels), called, blocks, blocks.notes)


def _own_names(blocks: Blocks) -> tuple[dict[str, str], dict[str, str]]:
    """Return names of constructs and of items -> names for the model.

    They differ when those of the data cannot stand in a model text, or a construct is called like an item.
    """
    names, columns = list(blocks.names), [str(name) for name in blocks.frame.columns]
    shown = [*names, *columns]
    if len(set(shown)) == len(shown) and all(NAME.fullmatch(name) for name in shown):
        return dict(zip(names, names, strict=True)), dict(zip(columns, columns, strict=True))
    return (
        {name: f"construct_{i + 1}" for i, name in enumerate(names)},
        {name: f"item_{i + 1}" for i, name in enumerate(columns)},
    )


def _quietly(fit: Any, called: Mapping[str, str]) -> SemResult:
    """Fit without warnings aloud (all are in the result); errors are told in the names of the data."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TrustMeasureWarning)
            result: SemResult = fit()
    except TrustMeasureError as problem:
        if not called:
            raise
        text = in_words(str(problem), called)
        raise type(problem)(text) from problem
    return result


def in_words(text: str, called: Mapping[str, str]) -> str:
    """Return a message of the engine with the names of the data."""
    return re.sub(r"\b(?:construct|item)_\d+\b", lambda m: called.get(m[0], m[0]), text)


def factors_of(model: ParameterTable, labels: Mapping[str, str] | None = None) -> tuple[Factor, ...]:
    """Return the latent variables of a model that have indicators."""
    rows = [(p.lhs, p.rhs) for p in model.parameters if p.op == "=~" and p.group == 1]
    names = [name for name in model.latent if any(lhs == name for lhs, _ in rows)]
    return tuple(
        Factor(
            name,
            (labels or {}).get(name, name),
            tuple(rhs for lhs, rhs in rows if lhs == name),
            tuple(rhs for lhs, rhs in rows if lhs == name and any(r == rhs and f != name for f, r in rows)),
            _reached(name, [(rhs, lhs) for lhs, rhs in rows]),
            tuple(x for x in _reached(name, rows) if x in names),
        )
        for name in names
    )


def _reached(name: str, arrows: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return what arrows lead to from a variable, directly or not."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        at = waiting.pop()
        for end in (b for a, b in arrows if a == at and b not in found):
            found.append(end)
            waiting.append(end)
    return tuple(found)


def chosen_factors(found: Measured, names: Sequence[str] | str | None) -> tuple[Factor, ...]:
    """Return factors by their names; ArgumentError naming the nearest for one that is unknown."""
    if names is None:
        return found.factors
    known = {found.name(f.name): f for f in found.factors}
    asked = [names] if isinstance(names, str) else [str(name) for name in names]
    for name in asked:
        if name not in known:
            raise ArgumentError(f"'{name}' is no factor of the model. {suggestion(name, list(known))}")
    return tuple(known[name] for name in asked)
