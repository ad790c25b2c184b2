"""Answers as codes for a file: as they were given, with the codes of answers that were not given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trustmeasure.responses.meaning import Meaning
from trustmeasure.responses.model import Responses


def given_codes(responses: Responses) -> pd.DataFrame:
    """Return the data with every code as respondents gave it: items turned back, missing codes in place.

    Parameters
    ----------
    responses : Responses
        Checked answers.

    Returns
    -------
    pandas.DataFrame
        The columns of `data`; coded ones are whole numbers with `<NA>` where a cell was empty.
    """
    codes = {name: _codes(responses, name, meaning) for name, meaning in coded(responses).items()}
    return responses.data.assign(**codes)


def coded(responses: Responses) -> dict[str, Meaning]:
    """Return column of the data -> meaning, for the columns that hold codes or whole numbers."""
    return {
        name: meaning
        for name, meaning in responses.meanings.items()
        if name in responses.data and (meaning.scale is not None or meaning.entry == "integer")
    }


def _codes(responses: Responses, name: str, meaning: Meaning) -> pd.Series:
    values = responses.data[name].astype("float64")
    if name in responses.item_ids and responses.item(name).reverse:
        scale = responses.scale_of(name)
        values = scale.minimum + scale.maximum - values
    whole = values.round().astype("Int64")
    return _with_missing(responses, name, meaning, whole)


def _with_missing(responses: Responses, name: str, meaning: Meaning, values: pd.Series) -> pd.Series:
    """Return codes with the scale's own missing codes where an answer was set missing because of one."""
    if meaning.scale is None or responses.dropped.empty:
        return values
    sources = responses.mapping.loc[responses.mapping["name"] == name, "column"]
    codes = {code.reason: code.code for code in meaning.scale.missing}
    dropped = responses.dropped[responses.dropped["column"].isin(sources)]
    filled = values.copy()
    for row, reason in zip(dropped["row"], dropped["reason"], strict=True):
        if reason in codes:
            filled.loc[row - 1] = codes[reason]
    return filled


def lost_reasons(responses: Responses) -> int:
    """Return how many values were set missing for a reason that no code of their scale stands for."""
    reasons = {
        column: {code.reason for code in meaning.scale.missing}
        for name, meaning in coded(responses).items()
        if meaning.scale is not None
        for column in responses.mapping.loc[responses.mapping["name"] == name, "column"]
    }
    dropped = responses.dropped
    kept = [
        reason in reasons.get(column, set())
        for column, reason in zip(dropped["column"], dropped["reason"], strict=True)
    ]
    return len(dropped) - int(np.sum(kept))
