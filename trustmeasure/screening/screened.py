"""One look at all answers: every index of careless answering, missing answers and items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range
from trustmeasure.criteria.loading import load_criteria
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array
from trustmeasure.moments.gaps import MissingPatterns, missing_patterns
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import Responses
from trustmeasure.screening.asked import Asked, Codes, asked_of
from trustmeasure.screening.consistency import ItemPairs, Kind, even_odd, item_pairs, person_total
from trustmeasure.screening.distance import distances
from trustmeasure.screening.indices import limits_of
from trustmeasure.screening.instructed import Required, failed_instructions
from trustmeasure.screening.items import statistics_of
from trustmeasure.screening.little import LittleMCAR, little_of
from trustmeasure.screening.result import Screening, screening_of
from trustmeasure.screening.runs import (
    average_run,
    longest_run,
    most,
    page_runs,
    straight_lined,
    variability,
)
from trustmeasure.screening.similarity import closest_match, copies
from trustmeasure.screening.timing import times_of

Found = tuple[dict[str, Array], list[str]]

MANY_ROWS = 20_000
"""Rows above which pairs of rows are no longer compared; `duplicate_rows` does so at any number."""


def screen(
    data: Any,
    *,
    items: Sequence[str] | None = None,
    scales: Mapping[str, Sequence[str]] | None = None,
    order: Sequence[str] | Questionnaire | None = None,
    pages: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] = (),
    codes: Codes | None = None,
    instructed: Mapping[str, Required] | None = None,
    seconds: Any = None,
    synonyms: float | None = None,
    antonyms: float | None = None,
    resamples: int = 0,
    limits: Mapping[str, str | None] | None = None,
    seed: int | None = None,
) -> Screening:
    """Look at what came back: missing answers, careless answers, and items. Nobody is left out.

    Every index of careless answering is computed for every respondent, and flagged where the field keeps a
    figure to look at twice (`limits` changes that). No single index finds all kinds of careless answers:
    long strings find straight-liners, consistency and distance find random answers, and honest people can
    have extreme values of any of them. So nothing is excluded here; `exclude` does that by a rule that you
    state.

    Parameters
    ----------
    data : Responses, frame, 2-D array, or mapping of name to frame of items
        Answers, one row a respondent, reverse-worded items turned (as `Responses` has them).
    items : sequence of str, optional
        The items; all items of responses, all items of `scales`, or all columns of a frame otherwise.
    scales : mapping of name to list of items, optional
        What belongs together, for even-odd consistency, straight-lining and item statistics. Responses bring
        their own (the constructs that have items of their own, not their dimensions once more).
    order : sequence of str or Questionnaire, optional
        The order in which the items were asked. Of responses, otherwise: each respondent's own, where a
        column `item_order` has it, or block by block as in the instruments. Of a frame: its columns.
    pages : mapping of name to list of items, optional
        What was seen at one time; the pages of the questionnaire in `order` or the blocks of the instruments
        otherwise.
    reverse : sequence of str
        Items of a frame that were turned. They are turned back where answers count as they were given (long
        strings, variability, synonyms and antonyms).
    codes : pair, or mapping of item to pair, optional
        Lowest and highest code of a frame's items; all items share the smallest and the largest answer
        otherwise.
    instructed : mapping of column to code, optional
        Items that say which answer to give, with the required code (or several, or text). Responses that were
        read with the manifest of their questionnaire bring their own.
    seconds : str, pair of str, array or frame, optional
        Time taken: a column with seconds; two columns with points in time, (started, ended); n numbers; or a
        frame with a column for each page or item. Of responses, when left out: `duration_seconds`, else
        `started_at` and `saved_at`; and `seconds_<block or item>` for the pages.
    synonyms, antonyms : float, optional
        Correlation above which (below which) two items are a pair; from the criteria otherwise.
    resamples : int
        Draws of which item of a pair stands on which side; 0 for the order in which they were asked.
    limits : mapping of index to str, optional
        What is flagged: `{"irv": "lowest 5 %", "long_string": ">= 12", "time_z": None}`. None takes a flag
        away.
    seed : int, optional
        What resamples are drawn from.

    Returns
    -------
    Screening
        `.persons` (each index and its flag), `.items`, `.missing`, `.little`, `.counts`, `.overlaps`,
        `.pairs`, `.notes`, `.where(rule)`, `.summary()`.

    Raises
    ------
    ArgumentError
        For a name that is no item, column or index, or a limit that is not understood.
    DataError
        For data without rows or items, or an item that holds text.

    References
    ----------
    Curran, P. G. (2016). Methods for the detection of carelessly invalid responses in survey data. Journal of
    Experimental Social Psychology, 66, 4-19.

    Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. Psychological Methods,
    17(3), 437-455.

    See Also
    --------
    exclude : Leave respondents out by a rule, on record.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = tm.screen(tm.load_sample("trust-survey"))
    >>> found.persons.shape[0], round(float(found.persons["long_string"].median()))
    (1200, 4)
    >>> bool(found.where("long_string >= 20 and flags >= 2").sum() < 60)
    True
    """
    asked = asked_of(data, items=items, scales=scales, order=order, pages=pages, reverse=reverse, codes=codes)
    if instructed is None and isinstance(data, Responses):
        instructed = data.expected or None
    at_least("resamples", resamples, 0)
    known = limits_of(limits)
    wanted: tuple[tuple[Kind, float | None], ...] = (("synonyms", synonyms), ("antonyms", antonyms))
    pairs = tuple(item_pairs(asked, kind, _critical(kind, r), resamples, seed) for kind, r in wanted)
    parts = (_runs(asked), _consistent(asked, pairs), _far(asked), _timed(asked, seconds, instructed))
    values = {name: value for found, _ in parts for name, value in found.items()}
    notes = [note for _, more in parts for note in more]
    missing = _missing(asked)
    little, why = _little(asked)
    return screening_of(
        asked,
        values,
        known,
        items=statistics_of(asked, 0.27).items,
        missing=missing,
        little=little,
        pairs=pairs,
        notes=(*notes, *why),
    )


def _critical(kind: Kind, given: float | None) -> float:
    if given is not None:
        return in_range(kind, given, -1.0, 1.0)
    return load_criteria()[f"{kind}_r"].rules[0].number()


def _runs(asked: Asked) -> Found:
    answers = asked.in_order()
    longest = longest_run(answers)
    n_items = len(asked.items)
    return {
        "missing_share": 1.0 - np.isfinite(answers).sum(axis=1) / n_items,
        "long_string": longest,
        "long_string_share": longest / n_items,
        "long_string_page": most(page_runs(asked).values(), len(answers)),
        "average_string": average_run(answers),
        "straight_lined": straight_lined(asked),
        "irv": variability(asked.given),
    }, _run_notes(asked)


def _run_notes(asked: Asked) -> list[str]:
    notes = []
    if not asked.pages:
        notes.append("No pages are known (pages=), so there is no longest run on one page.")
    if len({*zip(asked.lowest, asked.highest, strict=True)}) > 1 and np.isfinite(asked.lowest).all():
        notes.append("The items have different codes: irv and long strings mix them. Name some with items=.")
    return notes


def _consistent(asked: Asked, pairs: tuple[ItemPairs, ...]) -> Found:
    halves = sum(len(items) > 1 for items in asked.scales.values())
    notes = [] if halves > 2 else [f"Even-odd consistency needs 3 scales of 2 items or more; {halves} known."]
    values: dict[str, Array] = {"even_odd": even_odd(asked)}
    values.update((pair.kind, pair.values) for pair in pairs)
    return {**values, "person_total": person_total(asked)}, [*notes, *(p.note for p in pairs if p.note)]


def _far(asked: Asked) -> Found:
    found = distances(asked.given, asked.items)
    values = {"mahalanobis": found.squared, "mahalanobis_p": found.p, "duplicates": copies(asked.given)}
    if len(asked.index) > MANY_ROWS:
        more = f"No max_match: with more than {MANY_ROWS:,} rows it is left to duplicate_rows."
        return values, [*found.notes, more]
    return {**values, "max_match": closest_match(asked.given)[0]}, list(found.notes)


def _timed(asked: Asked, seconds: Any, instructed: Mapping[str, Required] | None) -> Found:
    values: dict[str, Array] = {}
    if instructed is not None:
        values["instructed_failed"] = failed_instructions(asked, instructed)
    times = times_of(asked, seconds, load_criteria()["seconds_per_item"].rules[0].number())
    if times is not None:
        values |= {"seconds": times.seconds, "seconds_per_item": times.per_item, "time_z": times.z}
    if times is not None and times.fast is not None:
        values["fast_parts"] = times.fast
    return values, []


def _missing(asked: Asked) -> MissingPatterns | None:
    frame = pd.DataFrame(asked.given, columns=list(asked.items))
    try:
        return missing_patterns(frame)
    except ArgumentError:  # an item that is named like a count
        return None


def _little(asked: Asked) -> tuple[LittleMCAR | None, tuple[str, ...]]:
    there = np.isfinite(asked.given)
    if there.all():
        return None, ()
    answered = there.any(axis=1)
    empty = [name for name, n in zip(asked.items, there.sum(axis=0).tolist(), strict=True) if not n]
    if empty:
        return None, (f"No test of missing completely at random: no answer to {', '.join(empty)}.",)
    try:
        values = np.ascontiguousarray(asked.given[answered])
        return little_of(values, int((~answered).sum()), asked.items), ()
    except DataError as problem:
        return None, (f"No test of missing completely at random: {problem}",)
