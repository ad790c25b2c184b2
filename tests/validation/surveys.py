"""Surveys for the tests of measurement reports and of the protocol."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from trustmeasure.instruments import load_instrument
from trustmeasure.responses import Responses, read_responses

ITEMS = {
    "competence": ("cog_com_1", "cog_com_2", "cog_com_3", "cog_com_4"),
    "integrity": ("cog_int_1", "cog_int_2", "cog_int_3", "cog_int_4"),
    "reliability": ("cog_rel_1", "cog_rel_2", "cog_rel_3", "cog_rel_4"),
}


def answers(n: int = 500, seed: int = 3, loading: float = 0.8) -> pd.DataFrame:
    """Return answers to cognitive trust, high meaning more, with what people bought and where they live."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(n)
    columns: dict[str, object] = {"respondent": [f"p{i}" for i in range(n)]}
    for items in ITEMS.values():
        factor = np.sqrt(0.5) * common + np.sqrt(0.5) * rng.standard_normal(n)
        for item in items:
            latent = loading * factor + np.sqrt(1 - loading**2) * rng.standard_normal(n)
            columns[item] = np.clip(np.round(1.3 * latent + 4.5), 1, 7)
    columns["country"] = np.where(np.arange(n) % 2 == 0, "north", "south")
    columns["bought"] = (common + rng.standard_normal(n) > 0).astype(int)
    return pd.DataFrame(columns)


def read(frame: pd.DataFrame, **options: object) -> Responses:
    """Return the answers as responses; items that are worded in reverse are told to be turned already."""
    turned = [item.id for item in load_instrument("cognitive-trust").items if item.reverse]
    return read_responses(
        frame, ["cognitive-trust"], id_column="respondent", already_reversed=turned, **options
    )  # type: ignore[arg-type]


@cache
def responses() -> Responses:
    """Return 500 people's answers."""
    return read(answers())


def frames(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return scale -> its items."""
    return {name: frame[list(items)] for name, items in ITEMS.items()}


def ratings(low: str = "", experts: int = 6) -> pd.DataFrame:
    """Return experts' ratings of relevance; everybody finds everything relevant, but for the item `low`."""
    items = [item.id for item in load_instrument("cognitive-trust").items]
    rows = [
        (f"expert {k}", item, 2 if item == low and k < experts // 2 else 4 - k % 2)
        for k in range(experts)
        for item in items
    ]
    return pd.DataFrame(rows, columns=["expert", "item", "relevance"])
