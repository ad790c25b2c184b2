"""Frames as tables that fit a terminal."""

from __future__ import annotations

import pandas as pd

from trustmeasure.display import Table
from trustmeasure.reporting.frames import rows_of

SHOWN = (
    "construct",
    "n_items",
    "n_obs",
    "alpha",
    "alpha_ci_lower",
    "alpha_ci_upper",
    "omega",
    "omega_ci_lower",
    "omega_ci_upper",
    "average_r",
)
LABELS = {
    "n_items": "items",
    "n_obs": "n",
    "alpha_ci_lower": "lower",
    "alpha_ci_upper": "upper",
    "omega_ci_lower": "lower",
    "omega_ci_upper": "upper",
    "average_r": "mean r",
}


def reliability_table(frame: pd.DataFrame, ci: float) -> Table:
    """Return the table of reliabilities with the remarks on single scales below it."""
    notes = [f"{row.construct}: {row.note}" for row in rows_of(frame) if row.note]
    level = f"{100 * ci:g} % intervals: alpha after Feldt, omega by the delta method."
    return Table("Reliability", frame[list(SHOWN)], (level, *notes), labels=LABELS)
