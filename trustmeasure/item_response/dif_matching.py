"""What people are matched on before groups are compared: the sum of the answers, or the trait."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trustmeasure.errors import TrustMeasureError
from trustmeasure.frames import Array
from trustmeasure.item_response.answers import Answers, answers_of
from trustmeasure.item_response.graded import fit_answers
from trustmeasure.item_response.layout import Index
from trustmeasure.item_response.scores import eap_scores


def by_sum(answers: Answers, flagged: frozenset[int]) -> Array:
    """Return for each item (column) the sum of the categories of the unflagged items and the item itself.

    A sum over fewer answers than items is prorated; NaN for people without any answer.
    """
    codes = answers.codes
    seen = codes >= 0
    plain = np.array([i not in flagged for i in range(len(answers.names))])
    columns = []
    for i in range(len(answers.names)):
        chosen = plain.copy()
        chosen[i] = True
        given = seen[:, chosen].sum(axis=1)
        total = np.where(seen, codes, 0)[:, chosen].sum(axis=1)
        exact = total * chosen.sum() / np.maximum(given, 1)
        columns.append(np.where(given > 0, exact, np.nan))
    return np.column_stack(columns)


def by_trait(answers: Answers, flagged: frozenset[int], group: Index) -> Array:
    """Return for each item (column) the EAP score on the trait; NaN for people without answers.

    A flagged item becomes one item for each group, with parameters of its own, so that it still tells how far
    people of the same group differ, and nothing of how far groups do (Crane et al. 2006; Choi, Gibbons &
    Crane 2011). The other items tie the groups together, and so does the item under test: left out, it would
    keep a flag that it got by chance.
    """
    common = _scores(answers, flagged, group)
    return np.column_stack(
        [
            _scores(answers, flagged - {i}, group) if i in flagged else common
            for i in range(len(answers.names))
        ]
    )


def _scores(answers: Answers, flagged: frozenset[int], group: Index) -> Array:
    """Return EAP scores (n,) from a model in which flagged items have own parameters in each group."""
    columns = {}
    for i, name in enumerate(answers.names):
        codes = np.where(answers.codes[:, i] >= 0, answers.codes[:, i].astype(float), np.nan)
        if i not in flagged:
            columns[name] = codes
            continue
        for g in np.unique(group[group >= 0]):
            own = np.where(group == g, codes, np.nan)
            if np.unique(own[~np.isnan(own)]).size > 1:
                columns[f"{name} in group {g}"] = own
    frame = pd.DataFrame(columns)
    rows = (group >= 0) & frame.notna().any(axis=1).to_numpy()
    found = np.full(len(group), np.nan)
    part = answers_of(frame[rows], least=3)
    found[rows] = eap_scores(fit_answers(part, np.ones(int(rows.sum()))), part)[0]
    return found


def matching_values(how: str | Array, answers: Answers, flagged: frozenset[int], group: Index) -> Array:
    """Return the matching variable of each person for each item, (n, k)."""
    if not isinstance(how, str):
        return np.repeat(how[:, None], len(answers.names), axis=1)
    if how == "sum":
        return by_sum(answers, flagged)
    try:
        return by_trait(answers, flagged, group)
    except TrustMeasureError as problem:
        raise type(problem)(
            f"{problem} This happened while people were matched on the trait; matching='sum' needs no model."
        ) from problem
