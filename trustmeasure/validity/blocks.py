"""Which items measure which construct: from responses, from frames, or from columns that are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError, DataError, ResponseError
from trustmeasure.frames import require_columns, require_one, to_pandas
from trustmeasure.responses import Responses
from trustmeasure.responses.scales import Scale, scales_of

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Block:
    """A construct with its items.

    Attributes
    ----------
    name, label : str
        Name, and name for reading.
    items : tuple of str
        Columns of the frame.
    """

    name: str
    label: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Answers to the items of several constructs.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a person, one float64 column an item.
    blocks : tuple of Block
        The constructs in their order.
    notes : tuple of str
        What was left out, and why.
    """

    frame: pd.DataFrame
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the constructs."""
        return tuple(block.name for block in self.blocks)

    def places(self) -> list[Index]:
        """Return the columns of each construct."""
        at = {name: i for i, name in enumerate(self.frame.columns)}
        return [np.array([at[item] for item in block.items], dtype=np.intp) for block in self.blocks]


def blocks_of(data: Any, constructs: Any = None, *, least: int = 1) -> Blocks:
    """Return answers with the constructs that they belong to.

    Parameters
    ----------
    data : Responses, frame, or mapping of frames
        Answers with their instruments; or a frame, whose columns `constructs` names; or a mapping from the
        name of a construct to a frame of its items.
    constructs : mapping, or sequence of str, optional
        Name of a construct -> its columns; of responses or of a mapping of frames, the names to keep.
    least : int
        How many constructs there must be.

    Raises
    ------
    ArgumentError, DataError, ResponseError
        If a construct or a column does not exist, the frames have rows of their own, or too few constructs
        are left.
    """
    if isinstance(constructs, Mapping):
        found = _of_scales(scales_of(_taken_out(data, constructs)))
    elif isinstance(data, Responses | Mapping):
        found = _of_scales(_chosen(scales_of(data), constructs))
    else:
        raise ArgumentError(
            "constructs must say which columns belong together, such as {'competence': ['c1', 'c2', 'c3']}; "
            "without it, give Responses or a mapping from names to frames of items."
        )
    if len(found.blocks) < least:
        left = "; ".join(found.notes)
        raise ArgumentError(
            f"{len(found.blocks)} construct(s) with items are there; {least} or more are needed."
            + (f" {left}" if left else "")
        )
    return found


def _taken_out(data: Any, constructs: Mapping[Any, Any]) -> dict[str, pd.DataFrame]:
    frame = data.items() if isinstance(data, Responses) else to_pandas(data)
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    found = {}
    for name, columns in constructs.items():
        items = [columns] if isinstance(columns, str) else [str(column) for column in columns]
        require_columns(frame, items, what=f"item of '{name}'")
        _refuse_twice(items, str(name))
        found[str(name)] = pd.DataFrame({item: require_one(frame[item], item) for item in items})
    return found


def _refuse_twice(items: Sequence[str], name: str) -> None:
    twice = [item for item in dict.fromkeys(items) if list(items).count(item) > 1]
    if twice:
        raise ArgumentError(f"constructs names '{twice[0]}' twice in '{name}'. Name each item once.")


def _chosen(scales: Sequence[Scale], names: Sequence[str] | str | None) -> tuple[Scale, ...]:
    if names is None:
        return tuple(scales)
    known = {scale.id: scale for scale in scales}
    asked = [names] if isinstance(names, str) else [str(name) for name in names]
    for name in asked:
        if name not in known:
            raise ArgumentError(f"'{name}' is no construct of the data. {suggestion(name, list(known))}")
    return tuple(known[name] for name in asked)


def _of_scales(scales: Sequence[Scale]) -> Blocks:
    """Return the items of first-order reflective constructs side by side."""
    parts: dict[str, pd.DataFrame] = {}
    labels: dict[str, str] = {}
    notes: list[str] = []
    for scale in scales:
        reason = _why_not(scale)
        try:
            items = scale.read() if not reason else pd.DataFrame()
        except ResponseError as problem:
            reason = str(problem)
        if reason:
            notes.append(f"Left out is {scale.id}: {reason}")
        elif items.shape[1]:
            parts[scale.id], labels[scale.id] = items, scale.label
        else:
            notes.append(f"Left out is {scale.id}: it has no items.")
    _refuse_rows(parts)
    return _side_by_side(parts, labels, notes)


def _why_not(scale: Scale) -> str:
    if scale.dimensions:
        return "it is of a higher order; its dimensions stand for it."
    return "it is formative, and its items need not agree." if scale.formative else ""


def _refuse_rows(parts: Mapping[str, pd.DataFrame]) -> None:
    sizes = {name: len(items) for name, items in parts.items()}
    if len(set(sizes.values())) > 1:
        shown = ", ".join(f"{name} {rows}" for name, rows in sizes.items())
        raise DataError(f"The constructs have different numbers of rows ({shown}). Give one row a person.")


def _side_by_side(
    parts: Mapping[str, pd.DataFrame], labels: Mapping[str, str], notes: Sequence[str]
) -> Blocks:
    every = [str(item) for items in parts.values() for item in items.columns]
    shared = {item for item in every if every.count(item) > 1}
    columns: dict[str, pd.Series[float]] = {}
    blocks = []
    for name, items in parts.items():
        named = [f"{name}.{item}" if item in shared else str(item) for item in items.columns]
        columns |= {new: items[old].reset_index(drop=True) for new, old in zip(named, items, strict=True)}
        blocks.append(Block(name, labels[name], tuple(named)))
    return Blocks(pd.DataFrame(columns, dtype="float64"), tuple(blocks), tuple(notes))
