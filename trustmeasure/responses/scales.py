"""The scales of a survey: which items belong together, from responses or from a mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from trustmeasure.errors import ArgumentError
from trustmeasure.instruments import Construct, Instrument
from trustmeasure.responses.item_frame import item_frame
from trustmeasure.responses.model import Responses


@dataclass(frozen=True, slots=True)
class Scale:
    """A set of items with what its instrument says of it.

    Attributes
    ----------
    id, label : str
        Name, and name for reading.
    read : callable
        Returns the items as numbers, or raises what stands in the way.
    dimensions : tuple of str
        Labels of the dimensions of a higher-order construct; empty for a first-order one.
    formative : bool
        Whether the items make the construct up instead of reflecting it.
    expected : tuple of str
        The items that the instrument has; empty when no instrument is known.
    """

    id: str
    label: str
    read: Callable[[], pd.DataFrame]
    dimensions: tuple[str, ...] = ()
    formative: bool = False
    expected: tuple[str, ...] = ()


def scales_of(responses: Responses | Mapping[str, Any]) -> tuple[Scale, ...]:
    """Return the scales in order; constructs that are meant to have one item are no scales."""
    if isinstance(responses, Responses):
        return tuple(
            _scale(responses, instrument, construct)
            for instrument in responses.instruments
            for construct in instrument.constructs
            if len(instrument.items_of(construct.id)) > 1
        )
    if isinstance(responses, Mapping):
        return tuple(
            Scale(str(name), str(name), partial(item_frame, items)) for name, items in responses.items()
        )
    raise ArgumentError(
        f"responses is a {type(responses).__name__}; give Responses, or a mapping from names to frames of "
        "items, such as {'competence': frame[['c1', 'c2', 'c3']]}. One frame alone goes to cronbach_alpha."
    )


def _scale(responses: Responses, instrument: Instrument, construct: Construct) -> Scale:
    dimensions = instrument.dimensions_of(construct.id)
    return Scale(
        id=construct.id,
        label=_label(construct, instrument),
        read=partial(responses.items, construct.id),
        dimensions=tuple(_label(dimension, instrument) for dimension in dimensions),
        formative=construct.measurement == "formative",
        expected=tuple(item.id for item in instrument.items_of(construct.id)),
    )


def _label(construct: Construct, instrument: Instrument) -> str:
    tag = "en" if "en" in construct.label else instrument.source_language
    return construct.label.get(tag, construct.id)
