"""In which order the items were asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.responses import Responses

ORDER_COLUMN = "item_order"
"""Where the HTML form of a questionnaire saves the order that a respondent saw: ids with blanks between."""


def fixed_order(responses: Responses, items: Sequence[str]) -> list[str]:
    """Return the items as the questionnaire asked them, else block by block as the instruments do."""
    asked = [id for own in responses.instruments for block in own.blocks for id in block.items]
    if responses.manifest is not None and responses.manifest.order == "fixed":
        asked = [*responses.manifest.asked, *asked]
    wanted = set(items)
    first = [id for id in dict.fromkeys(asked) if id in wanted]
    return [*first, *(id for id in items if id not in set(first))]


def places_of(frame: pd.DataFrame, items: Sequence[str]) -> npt.NDArray[np.intp] | None:
    """Return the place of each item in each row's own order, shape (n, p); None when no row has one.

    A row without an order, or whose order lacks an item, has the order of `items`.
    """
    if ORDER_COLUMN not in frame.columns:
        return None
    usual = np.arange(len(items), dtype=np.intp)
    orders = frame[ORDER_COLUMN].tolist()
    known = {text: _places(text, items) for text in set(orders) if isinstance(text, str)}
    if not any(places is not None for places in known.values()):
        return None
    rows = [known.get(text) if isinstance(text, str) else None for text in orders]
    return np.stack([usual if row is None else row for row in rows])


def _places(text: str, items: Sequence[str]) -> npt.NDArray[np.intp] | None:
    at = {id: i for i, id in enumerate(text.split())}
    if not all(item in at for item in items):
        return None
    return np.array([at[item] for item in items], dtype=np.intp)
