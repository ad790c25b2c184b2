"""The tables of content validity: one row an item, a scale, an expert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trustmeasure.frames import Array
from trustmeasure.instruments.content.formulas import (
    aiken_v,
    content_validity_ratio,
    critical_ratio,
    item_cvi,
    modified_kappa,
    score_interval,
)
from trustmeasure.instruments.content.ratings import CLARITY, NECESSITY, RELEVANCE, Ratings

ALL = "all"


@dataclass(frozen=True, slots=True)
class Reading:
    """How ratings are read.

    Attributes
    ----------
    points, relevant : int
        Points of relevance and clarity, and the lowest that counts.
    necessity_points : int
        Points of necessity; the highest means essential.
    ci : float
        Level of the intervals.
    """

    points: int
    relevant: int
    necessity_points: int
    ci: float


def item_table(given: Ratings, constructs: Mapping[str, str], reading: Reading) -> pd.DataFrame:
    """Return one row an item."""
    rows = [_item(given, j, name, constructs[name], reading) for j, name in enumerate(given.items)]
    counts = ("n_experts", "n_missing", "n_relevant", "n_necessity", "n_essential")
    frame = pd.DataFrame(rows)
    numbers = [c for c in frame if c not in ("item", "construct", "note")]
    return frame.astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(counts, "int64"))


def _item(given: Ratings, j: int, name: str, construct: str, reading: Reading) -> dict[str, object]:
    relevance = _column(given, RELEVANCE, j)
    clarity, necessity = _column(given, CLARITY, j), _column(given, NECESSITY, j)
    n, high = relevance.size, int((relevance >= reading.relevant).sum())
    essential = int((necessity >= reading.necessity_points).sum())
    share = item_cvi(high, n)
    lower, upper = score_interval(share, n, reading.ci)
    v, v_lower, v_upper = _aiken(relevance, reading)
    return {
        "item": name,
        "construct": construct,
        "n_experts": n,
        "n_missing": len(given.experts) - n if RELEVANCE in given.values else 0,
        "n_relevant": high,
        "i_cvi": share,
        "i_cvi_ci_lower": lower,
        "i_cvi_ci_upper": upper,
        "modified_kappa": modified_kappa(high, n),
        "mean": relevance.mean() if n else np.nan,
        "aiken_v": v,
        "aiken_v_ci_lower": v_lower,
        "aiken_v_ci_upper": v_upper,
        "n_necessity": necessity.size,
        "n_essential": essential,
        "cvr": content_validity_ratio(essential, necessity.size),
        "cvr_critical": critical_ratio(necessity.size) if necessity.size else np.nan,
        "clarity_cvi": item_cvi(int((clarity >= reading.relevant).sum()), clarity.size),
        "clarity_v": _aiken(clarity, reading)[0],
        "note": _note(given, n, necessity.size),
    }


def _column(given: Ratings, kind: str, j: int) -> Array:
    """Return the ratings that an item got."""
    if kind not in given.values:
        return np.zeros(0)
    values = given.values[kind][:, j]
    return np.asarray(values[~np.isnan(values)])


def _aiken(values: Array, reading: Reading) -> tuple[float, float, float]:
    if not values.size:
        return np.nan, np.nan, np.nan
    v = aiken_v(float(values.mean()), 1, reading.points)
    return v, *score_interval(v, values.size * (reading.points - 1), reading.ci)


def _note(given: Ratings, relevance: int, necessity: int) -> str:
    notes = []
    if RELEVANCE in given.values and not relevance:
        notes.append("nobody rated its relevance")
    if NECESSITY in given.values and 0 < necessity < 5:
        notes.append("too few experts for a critical CVR: at least 5 at .05")
    if NECESSITY in given.values and not necessity:
        notes.append("nobody rated its necessity")
    return "; ".join(notes)


def scale_table(given: Ratings, items: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Return one row a construct with several items, and one for all items."""
    named = [c for c in dict.fromkeys(items["construct"]) if c]
    wanted = [*(named if len(named) > 1 else []), ALL]
    rows = [_scale(given, items, name, reading) for name in wanted]
    frame = pd.DataFrame(rows)
    numbers = [c for c in frame if c not in ("construct", "note")]
    return frame.astype(dict.fromkeys(numbers, "float64") | {"n_items": "int64", "n_experts": "int64"})


def _scale(given: Ratings, items: pd.DataFrame, name: str, reading: Reading) -> dict[str, object]:
    own = items if name == ALL else items[items["construct"] == name]
    rated = own[own["i_cvi"].notna()]
    left_out = len(own) - len(rated)
    note = f"{left_out} items without a rating of relevance left out" if left_out and len(rated) else ""
    if not len(rated):
        note = "no rating of relevance"
    return {
        "construct": name,
        "n_items": len(own),
        "n_experts": len(given.experts),
        "s_cvi_ave": rated["i_cvi"].mean(),
        "s_cvi_ua": (rated["i_cvi"] == 1.0).mean() if len(rated) else np.nan,
        "aiken_v": rated["aiken_v"].mean(),
        "cvr_mean": own["cvr"].mean(),
        "agreement": _agreement(_relevant(given, reading)[:, own.index.to_numpy()]),
        "note": note,
    }


def _relevant(given: Ratings, reading: Reading) -> Array:
    """Return 1 for relevant, 0 for not, NaN for not rated, shape (n, m)."""
    if RELEVANCE not in given.values:
        return np.full((len(given.experts), len(given.items)), np.nan)
    values = given.values[RELEVANCE]
    return np.where(np.isnan(values), np.nan, values >= reading.relevant)


def _agreement(relevant: Array) -> float:
    """Return the share of pairs of experts who say the same of an item, over all items; NaN without pairs."""
    yes, no = (relevant == 1.0).sum(axis=0), (relevant == 0.0).sum(axis=0)
    pairs = (yes + no) * (yes + no - 1)
    same = yes * (yes - 1) + no * (no - 1)
    return float(same.sum() / pairs.sum()) if pairs.sum() else np.nan


def expert_table(given: Ratings, reading: Reading) -> pd.DataFrame:
    """Return one row an expert."""
    relevant = _relevant(given, reading)
    values = given.values.get(RELEVANCE, relevant)
    rows = []
    for i, name in enumerate(given.experts):
        own, others = relevant[i], np.delete(relevant, i, axis=0)
        there = ~np.isnan(own)
        same = (others == own)[:, there]
        compared = int((~np.isnan(others[:, there])).sum())
        rows.append(
            {
                "expert": name,
                "n_rated": int(there.sum()),
                "n_missing": int((~there).sum()),
                "mean": float(values[i, there].mean()) if there.any() else np.nan,
                "share_relevant": float(own[there].mean()) if there.any() else np.nan,
                "agreement": float(same.sum() / compared) if compared else np.nan,
            }
        )
    return pd.DataFrame(rows)
