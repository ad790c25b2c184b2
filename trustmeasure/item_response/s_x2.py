"""Whether each item follows the model: S-X2, answers among people with the same sum score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import DataError
from trustmeasure.frames import Array
from trustmeasure.item_response.cumulative import cells_at
from trustmeasure.item_response.lord_wingersky import sum_score_likelihoods
from trustmeasure.item_response.model import GradedResponse
from trustmeasure.multiple_tests import CORRECTIONS, corrected
from trustmeasure.threads import one_thread

LABELS = {"s_x2": "S-X²", "p_value_corrected": "p (corrected)", "rmsea": "RMSEA"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ItemFit:
    """S-X2 of each item.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row an item: item, s_x2, df, p_value, p_value_corrected, rmsea, cells (after collapsing), note.
    tables : dict
        Item -> long frame before collapsing: sum_score (categories counted from 0), category, n, observed,
        expected.
    n_obs : int
        People who answered every item; only they have a sum score.
    least_expected : float
        Cells with a smaller expected count were put together with their neighbour.
    correction : str
        How p_value_corrected allows for the number of items.
    """

    frame: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    n_obs: int
    least_expected: float
    correction: str

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the statistics."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the statistics with notes, to be shown as text or HTML."""
        notes = (
            f"{self.n_obs} people with complete answers. Within a sum score, adjacent categories were put "
            f"together until each cell expects at least {self.least_expected:g}.",
            "A large S-X² says that an item does not follow the curve given to it; with many people small "
            "departures do so too, and RMSEA says how large they are.",
        )
        return Summary("Item fit", [Table("S-X²", self.frame, notes, labels=LABELS)])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@one_thread
def item_fit(model: GradedResponse, *, least_expected: float = 1.0, correction: str = "holm") -> ItemFit:
    """Hold the answers of people with the same sum score against what the model expects of them.

    For each item and sum score, the expected share of a category is the probability of this answer together
    with the rest of the score, over the probability of the score (Orlando & Thissen 2000; for more than two
    categories Kang & Chen 2008). Cells with small expected counts are put together: within a score, the cell
    with the smallest expected count joins its smaller neighbour, until every cell expects `least_expected`. A
    score with one cell left tells nothing. The degrees of freedom are the cells, less one for each score,
    less the item's own parameters.

    Parameters
    ----------
    model : GradedResponse
        A fitted model of at least 3 items; weights are not taken into account.
    least_expected : float
        Smallest expected count of a cell, above 0.
    correction : {"holm", "bonferroni", "fdr_bh", "none"}
        How p_value_corrected allows for the number of items.

    Returns
    -------
    ItemFit
        `.frame`, `.tables`, `.summary()`.

    Raises
    ------
    DataError
        If fewer than 2 people answered every item.

    References
    ----------
    Orlando, M., & Thissen, D. (2000). Likelihood-based item-fit indices for dichotomous item response theory
    models. Applied Psychological Measurement, 24(1), 50-64.

    Kang, T., & Chen, T. T. (2008). Performance of the generalized S-X2 item fit index for polytomous IRT
    models. Journal of Educational Measurement, 45(4), 391-406.

    Notes
    -----
    Checked against: rpf 1.0.11, `SitemFit(alt = TRUE)`: expected counts and statistics
    (tests/reference/item_response/graded.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> tm.item_fit(model).frame[["item", "df"]].head(1).to_numpy().tolist()
    [['cog_com_1', 58]]
    """
    in_range("least_expected", least_expected, 0.0, 1e6)
    one_of("correction", correction, CORRECTIONS)
    codes = model.answers.codes
    codes = codes[(codes >= 0).all(axis=1)]
    if len(codes) < 2:
        raise DataError(
            f"{len(codes)} people answered every item; a sum score needs complete answers. Fit the model to "
            "fewer items, or look at local_dependence, which uses all answers."
        )
    observed = _observed(codes, model)
    expected = _expected(model, observed)
    pairs = list(zip(observed, expected, strict=True))
    frame = pd.DataFrame([_statistic(o, e, model, i, least_expected) for i, (o, e) in enumerate(pairs)])
    frame.insert(0, "item", list(model.names))
    frame["rmsea"] = _rmsea(frame, len(codes))
    frame.insert(4, "p_value_corrected", corrected(frame["p_value"].to_numpy(), correction))
    tables = {
        name: _long(*pair, codes)
        for name, pair, codes in zip(model.names, pairs, model.answers.categories, strict=True)
    }
    columns = ["item", "s_x2", "df", "p_value", "p_value_corrected", "rmsea", "cells", "note"]
    return ItemFit(frame[columns], tables, len(codes), least_expected, correction)


def _observed(codes: Any, model: GradedResponse) -> list[Array]:
    """Return for each item the people by sum score (rows, from 0) and category."""
    total = codes.sum(axis=1)
    counts = model.layout.counts
    size = sum(counts) - len(counts) + 1
    tables = []
    for i, m in enumerate(counts):
        flat = np.bincount(total * m + codes[:, i], minlength=size * m)
        tables.append(flat.reshape(size, m).astype(float))
    return tables


def _expected(model: GradedResponse, observed: list[Array]) -> list[Array]:
    """Return for each item the expected counts, given how many people have each sum score."""
    layout, nodes = model.layout, model.nodes
    probability = np.exp(cells_at(model.slopes, model.intercepts, layout, nodes.theta).log_probability)
    rest = sum_score_likelihoods(probability, layout.counts, np.arange(layout.n_items))
    weights = np.exp(nodes.log_weights)
    tables = []
    for i, table in enumerate(observed):
        joint = np.zeros_like(table)
        for x, p in enumerate(probability[layout.cells_of(i)]):
            joint[x:, x] = (rest[i, : len(table) - x] * p) @ weights
        total = joint.sum(axis=1, keepdims=True)
        people = table.sum(axis=1, keepdims=True)
        tables.append(people * joint / np.where(total > 0.0, total, 1.0))
    return tables


def _statistic(
    observed: Array, expected: Array, model: GradedResponse, item: int, least: float
) -> dict[str, Any]:
    square, cells, scores = 0.0, 0, 0
    for o, e in zip(observed, expected, strict=True):
        possible = e > 0.0
        if possible.sum() < 2:
            continue
        o_kept, e_kept = _collapsed(o[possible].tolist(), e[possible].tolist(), least)
        if len(e_kept) > 1:
            square += sum((a - b) ** 2 / b for a, b in zip(o_kept, e_kept, strict=True))
            cells, scores = cells + len(e_kept), scores + 1
    parameters = model.layout.counts[item] - int(model.equal_slopes)
    df = cells - scores - parameters
    if df < 1:
        why = f"{cells - scores} independent cells for {parameters} parameters: nothing is left to test"
        return {"s_x2": np.nan, "df": df, "p_value": np.nan, "cells": cells, "note": why}
    return {"s_x2": square, "df": df, "p_value": float(stats.chi2.sf(square, df)), "cells": cells, "note": ""}


def _collapsed(observed: list[float], expected: list[float], least: float) -> tuple[list[float], list[float]]:
    """Put the smallest cell together with its smaller neighbour until none expects less than `least`."""
    while len(expected) > 1 and min(expected) < least:
        at = expected.index(min(expected))
        beside = [j for j in (at - 1, at + 1) if 0 <= j < len(expected)]
        to = min(beside, key=lambda j: expected[j])
        observed[to] += observed.pop(at) if at > to else observed[at]
        expected[to] += expected.pop(at) if at > to else expected[at]
        if at < to:
            observed.pop(at)
            expected.pop(at)
    return observed, expected


def _rmsea(frame: pd.DataFrame, n: int) -> Array:
    square, df = (frame[name].to_numpy(dtype=float) for name in ("s_x2", "df"))
    return np.asarray(np.sqrt(np.maximum(square - df, 0.0) / (np.where(df > 0.0, df, np.nan) * (n - 1))))


def _long(observed: Array, expected: Array, codes: tuple[float, ...]) -> pd.DataFrame:
    size, m = observed.shape
    frame = pd.DataFrame(
        {
            "sum_score": np.repeat(np.arange(size), m),
            "category": np.tile(np.array(codes), size),
            "n": np.repeat(observed.sum(axis=1).astype(int), m),
            "observed": observed.reshape(-1),
            "expected": expected.reshape(-1),
        }
    )
    return frame[(frame["expected"] > 0.0) | (frame["observed"] > 0.0)].reset_index(drop=True)
