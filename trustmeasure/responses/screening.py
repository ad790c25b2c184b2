"""What a reader of the results should know about the items: no answers, no variation, against the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trustmeasure.instruments import Construct, Instrument

AGAINST = -0.2  # correlation with the other items of the construct below which an item is pointed out
ENOUGH = 20  # rows below which such a correlation is not looked at


def item_notes(data: pd.DataFrame, instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """Return notes on items without answers, with one answer only, and that run against the others."""
    items = [item.id for instrument in instruments for item in instrument.items if item.id in data]
    return (*_variation_notes(data[items]), *_direction_notes(data, instruments))


def _variation_notes(answers: pd.DataFrame) -> list[str]:
    different = answers.nunique().tolist()
    found = {0: "has no answers", 1: "has the same answer in every row"}
    return [
        f"Item {item} {found[count]}; analyses cannot use it."
        for item, count in zip(answers.columns, different, strict=True)
        if count in found
    ]


def _direction_notes(data: pd.DataFrame, instruments: Sequence[Instrument]) -> list[str]:
    whole = [(instrument, c) for instrument in instruments for c in instrument.constructs if c.items]
    reflective = [(i, c) for i, c in whole if c.measurement == "reflective"]
    return [note for instrument, c in reflective for note in _against(data, instrument, c)]


def _against(data: pd.DataFrame, instrument: Instrument, construct: Construct) -> list[str]:
    asked = [item for item in construct.items if item in data]
    notes = []
    for item in asked if len(asked) > 2 else []:
        others = data[[other for other in asked if other != item]].mean(axis=1)
        correlation = _correlation(data[item], others)
        if correlation < AGAINST:
            notes.append(_advice(item, construct.id, correlation, instrument.item(item).reverse))
    return notes


def _correlation(left: pd.Series, right: pd.Series) -> float:
    both = (left.notna() & right.notna()).to_numpy()
    x, y = left.to_numpy()[both], right.to_numpy()[both]
    if len(x) < ENOUGH or np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _advice(item: str, construct: str, correlation: float, reverse: bool) -> str:
    start = f"Item {item} runs against the other items of {construct} (correlation {correlation:.2f})."
    if reverse:
        return f"{start} If its answers were turned before, pass already_reversed=['{item}']."
    return f"{start} Check whether its codes run the other way round in the source."
