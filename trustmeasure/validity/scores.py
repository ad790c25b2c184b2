"""Scores of constructs and the variables beside them, whatever they came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.frames import numeric_columns, require_columns, require_one, to_pandas
from trustmeasure.reliability_analysis.formulas import alpha_of_covariance
from trustmeasure.reliability_analysis.items import item_moments
from trustmeasure.responses import Responses
from trustmeasure.validity.blocks import Blocks, blocks_of

Array = npt.NDArray[np.float64]

LEAST_ANSWERED = 0.5
"""Share of a construct's items that must be answered for a mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of people, and what else is known of them.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a person, one float64 column a construct.
    beside : pandas.DataFrame
        All columns of the data, with the same rows.
    reliability : dict of str to float
        Cronbach's alpha of each score whose items are known.
    notes : tuple of str
        What was left out.
    """

    frame: pd.DataFrame
    beside: pd.DataFrame
    reliability: dict[str, float]
    notes: tuple[str, ...] = ()

    def variable(self, given: Any, what: str) -> pd.Series:
        """Return a variable: a column by its name, a score by its name, or values, one a row."""
        if isinstance(given, str):
            if given in self.frame.columns:
                return self.frame[given]
            require_columns(self.beside, [given], what=what)
            return require_one(self.beside[given], given)
        values = (
            given.reset_index(drop=True) if isinstance(given, pd.Series) else pd.Series(np.asarray(given))
        )
        if len(values) != len(self.frame):
            raise ArgumentError(
                f"{what} has {len(values)} values for {len(self.frame)} rows. Give one a row."
            )
        return values

    def numbers(self, given: Any, what: str) -> pd.Series:
        """Return a variable as float64; DataError where it holds text."""
        name = given if isinstance(given, str) else str(getattr(given, "name", None) or what)
        column = self.variable(given, what)
        if column.dtype == bool:
            column = column.astype(float)
        return numeric_columns(pd.DataFrame({name: column}), [name])[name]


def scores_of(data: Any, constructs: Any = None) -> Scores:
    """Return scores.

    Parameters
    ----------
    data : Responses, mapping of frames, or frame
        Answers with their instruments; a mapping from a construct to a frame of its items; or a frame, whose
        columns `constructs` names.
    constructs : sequence of str or mapping, optional
        Names of constructs, or of columns that are scores; or a construct -> its columns. All constructs of
        responses otherwise.
    """
    if isinstance(data, Responses):
        return _of_responses(data, constructs)
    if isinstance(constructs, Mapping) or (isinstance(data, Mapping) and _has_frames(data)):
        blocks = blocks_of(data, constructs)
        beside = to_pandas(data).reset_index(drop=True) if isinstance(constructs, Mapping) else blocks.frame
        return Scores(_means(blocks), beside, _alphas(blocks), blocks.notes)
    frame = to_pandas(data).reset_index(drop=True)
    if constructs is None:
        raise ArgumentError(
            "constructs must name the columns that are scores, such as ['competence', 'loyalty'], or map "
            "each construct to its items."
        )
    names = [constructs] if isinstance(constructs, str) else [str(name) for name in constructs]
    if not names:
        raise ArgumentError("constructs is empty; name one or more columns that are scores.")
    return Scores(numeric_columns(frame, list(dict.fromkeys(names))), frame, {})


def _has_frames(data: Mapping[Any, Any]) -> bool:
    return any(isinstance(value, pd.DataFrame) or np.ndim(value) == 2 for value in data.values())


def _of_responses(data: Responses, constructs: Sequence[str] | str | None) -> Scores:
    names = [c.id for c in data.constructs] if constructs is None else constructs
    names = [names] if isinstance(names, str) else list(names)
    scores, alphas, notes = {}, {}, []
    for name in names:
        try:
            scores[name] = data.scores(constructs=[name])[name].reset_index(drop=True)
            alphas[name] = _alpha(data.items(name))
        except TrustMeasureError as problem:
            if constructs is not None:
                raise
            notes.append(f"Left out is {name}: {problem}")
    if not scores:
        raise DataError(f"No construct of the responses has a score. {' '.join(notes)}")
    return Scores(pd.DataFrame(scores), data.data.reset_index(drop=True), alphas, tuple(notes))


def _means(blocks: Blocks) -> pd.DataFrame:
    found = {}
    for block in blocks.blocks:
        items = blocks.frame[list(block.items)]
        enough = items.notna().mean(axis=1) >= LEAST_ANSWERED
        found[block.name] = items.mean(axis=1).where(enough)
    return pd.DataFrame(found, dtype="float64")


def _alphas(blocks: Blocks) -> dict[str, float]:
    return {block.name: _alpha(blocks.frame[list(block.items)]) for block in blocks.blocks}


def _alpha(items: pd.DataFrame) -> float:
    """Return alpha of the items; NaN where there is none."""
    try:
        cov = item_moments(items, "pairwise").cov
    except TrustMeasureError:
        return float("nan")
    return alpha_of_covariance(cov) if cov.sum() > 1e-12 * np.trace(cov) else float("nan")
