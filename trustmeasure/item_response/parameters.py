"""Parameters as frames, with standard errors in either parameterisation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trustmeasure.frames import Array
from trustmeasure.item_response.answers import Answers

OGIVE = 1.702
"""Slope of the logistic curve that lies nearest to a normal ogive of slope 1."""


def loading_of(slopes: Array) -> Array:
    """Return standardised loadings from logistic slopes, (a / 1.702) / sqrt(1 + (a / 1.702)^2)."""
    normal = slopes / OGIVE
    return np.asarray(normal / np.sqrt(1.0 + normal**2))


def difficulty_frame(slopes: Array, intercepts: Array, vcov: Array, answers: Answers) -> pd.DataFrame:
    """Return slopes and difficulties b = -d / a with standard errors by the delta method."""
    layout = answers.layout
    variance = np.diag(vcov)
    a = slopes[layout.item_of_boundary]
    at_a = layout.slope_at[layout.item_of_boundary]
    with np.errstate(divide="ignore", invalid="ignore"):
        b = np.where(a != 0.0, -intercepts / a, np.nan)
        spread = variance[layout.intercept_at] + b**2 * variance[at_a]
        spread = spread + 2.0 * b * vcov[layout.intercept_at, at_a]
        se = np.sqrt(np.maximum(spread, 0.0)) / np.abs(a)
    return _frame(slopes, b, vcov, se, answers, "b")


def intercept_frame(slopes: Array, intercepts: Array, vcov: Array, answers: Answers) -> pd.DataFrame:
    """Return slopes and intercepts with standard errors."""
    se = np.sqrt(np.diag(vcov))[answers.layout.intercept_at]
    return _frame(slopes, intercepts, vcov, se, answers, "d")


def _frame(
    slopes: Array, values: Array, vcov: Array, errors: Array, answers: Answers, letter: str
) -> pd.DataFrame:
    layout = answers.layout
    frame = {
        "item": list(answers.names),
        "n": (answers.codes >= 0).sum(axis=0),
        "n_categories": np.array(layout.counts),
        "a": slopes,
        "a_se": np.sqrt(np.diag(vcov))[layout.slope_at],
        "loading": loading_of(slopes),
    }
    place = layout.score_of_cell[layout.score_of_cell > 0]
    for x in range(1, max(layout.counts)):
        for name, source in ((f"{letter}{x}", values), (f"{letter}{x}_se", errors)):
            column = np.full(layout.n_items, np.nan)
            column[layout.item_of_boundary[place == x]] = source[place == x]
            frame[name] = column
    return pd.DataFrame(frame)
