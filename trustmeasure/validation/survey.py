"""What is measured: answers with the first-order scales they belong to, from responses or from frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import to_pandas
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.responses import Responses
from trustmeasure.responses.item_frame import item_frame

FEWEST_CATEGORIES = 5
"""With fewer answers an item counts as ordinal: robust ML serves from five on (Rhemtulla et al. 2012)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Survey:
    """Answers and their scales.

    Attributes
    ----------
    answers : pandas.DataFrame of shape (n, p)
        One row a person, one column an item of a scale; float64, NaN where there is no answer.
    scales : mapping of str to tuple of str
        Scale -> its items that have a column, in order; each item stands in one scale.
    labels : mapping of str to mapping of str to str
        Language -> construct -> its name for readers, of constructs with dimensions too.
    formative : frozenset of str
        Scales whose items make the construct up.
    columns : pandas.DataFrame
        What else is known of the people: groups, behaviour.
    responses : Responses or None
        Where it comes from, when that is known.
    simulated : bool
        Whether the answers are simulated.
    notes : tuple of str
        What was left out, and why.
    """

    answers: pd.DataFrame
    scales: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=FrozenMap)
    formative: frozenset[str] = frozenset()
    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    responses: Responses | None = None
    simulated: bool = False
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<Survey: {len(self.answers)} people, {len(self.scales)} scales, {self.answers.shape[1]} items>"
        )

    @property
    def reflective(self) -> dict[str, tuple[str, ...]]:
        """Scales of two items or more that a common factor may stand behind."""
        return {
            name: items
            for name, items in self.scales.items()
            if len(items) > 1 and name not in self.formative
        }

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Scale -> the answers to its items, for the reflective scales."""
        return {name: self.answers[list(items)] for name, items in self.reflective.items()}

    @property
    def ordinal(self) -> tuple[str, ...]:
        """Items with so few different answers that they are ordinal."""
        counts = self.answers.nunique()
        return tuple(str(name) for name in counts.index[(counts > 1) & (counts < FEWEST_CATEGORIES)])

    def measurement_model(self) -> str:
        """Return the text of the model in which every reflective scale is a factor and all correlate."""
        return "".join(f"{name} =~ {' + '.join(items)}\n" for name, items in self.reflective.items())

    def rows(self, keep: Any) -> Survey:
        """Return the survey with the rows for which `keep` is true."""
        mask = np.asarray(keep, dtype=bool)
        return replace(
            self,
            answers=self.answers.loc[mask],
            columns=self.columns.loc[mask] if len(self.columns) else self.columns,
            responses=None,
        )


def survey_of(source: Any) -> Survey:
    """Return the survey behind Responses, or a mapping from the name of a scale to a frame of its items.

    Raises
    ------
    ArgumentError
        If `source` is neither.
    DataError
        If the frames of a mapping have different numbers of rows, an item stands in two of them, or a column
        holds text.
    """
    if isinstance(source, Survey):
        return source
    if isinstance(source, Responses):
        return _from_responses(source)
    if isinstance(source, Mapping):
        return _from_frames(source)
    raise ArgumentError(
        f"responses is a {type(source).__name__}; give Responses, or a mapping from names of scales to "
        "frames of items, such as {'competence': frame[['c1', 'c2', 'c3']]}."
    )


def _from_responses(responses: Responses) -> Survey:
    scales: dict[str, tuple[str, ...]] = {}
    labels: dict[str, dict[str, str]] = {}
    formative = set()
    for instrument in responses.instruments:
        for construct in instrument.constructs:
            for tag, text in construct.label.items():
                labels.setdefault(tag, {})[construct.id] = text
            items = tuple(item for item in construct.items if item in responses.data)
            if not items:
                continue
            scales[construct.id] = items
            if construct.measurement == "formative":
                formative.add(construct.id)
    asked = [item for own in scales.values() for item in own]
    return Survey(
        answers=responses.data[asked],
        scales=scales,
        labels=labels,
        formative=frozenset(formative),
        columns=responses.data.drop(columns=list(responses.item_ids)),
        responses=responses,
        simulated=responses.simulated,
    )


def _from_frames(frames: Mapping[str, Any]) -> Survey:
    read = {str(name): item_frame(to_pandas(frame, name=str(name))) for name, frame in frames.items()}
    if not read:
        raise ArgumentError("responses is an empty mapping; give at least one scale with its items.")
    rows = {name: len(frame) for name, frame in read.items()}
    if len(set(rows.values())) > 1:
        counts = ", ".join(f"{name} {n}" for name, n in rows.items())
        raise DataError(f"The scales have different numbers of rows ({counts}); one row must be one person.")
    columns = [item for frame in read.values() for item in frame.columns]
    twice = sorted({item for item in columns if columns.count(item) > 1})
    if twice:
        raise DataError(f"Item '{twice[0]}' stands in two scales. Rename it, or leave it out of one.")
    return Survey(
        answers=pd.concat(list(read.values()), axis=1),
        scales={name: tuple(str(item) for item in frame.columns) for name, frame in read.items()},
    )
