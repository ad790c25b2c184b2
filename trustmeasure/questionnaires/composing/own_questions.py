"""What a question of the team's own must fulfil, so that every platform asks the same."""

from __future__ import annotations

import re
from collections import Counter
from typing import get_args

from trustmeasure.check import one_of
from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.elements import Choice, Entry, EntryKind, Field

_LIMITS = {"minimum": "integer", "maximum": "integer", "longest": "text", "pattern": "text"}
"""Limit of what is written -> the kind of question that it is for."""

_ONLY_SOME_KNOW = re.compile(r"\(\?(?!:)|\\[bBAZzpPkG1-9]")


def require_sound_question(field: Field) -> None:
    """Raise QuestionnaireError when the answers or limits of a question contradict themselves."""
    if isinstance(field, Choice):
        _require_answers(field)
        return
    one_of(f"kind of '{field.id}'", field.kind, list(get_args(EntryKind)), error=QuestionnaireError)
    _require_limits(field)
    _require_pattern(field)


def _require_answers(choice: Choice) -> None:
    scale = choice.scale
    if not scale.points:
        raise QuestionnaireError(f"The question '{choice.id}' has no answers. Give its scale some.")
    codes = Counter([*scale.codes, *scale.missing_codes])
    twice = [code for code, times in codes.items() if times > 1]
    if twice:
        raise QuestionnaireError(
            f"The answers of '{choice.id}' have the code {twice[0]} {codes[twice[0]]} times. Give each one."
        )


def _require_limits(entry: Entry) -> None:
    for limit, kind in _LIMITS.items():
        if getattr(entry, limit) not in (None, "") and entry.kind != kind:
            raise QuestionnaireError(
                f"The question '{entry.id}' is of the kind '{entry.kind}', and {limit} is for the kind "
                f"'{kind}'. Change one of them."
            )
    low, high = entry.minimum, entry.maximum
    if low is not None and high is not None and low > high:
        raise QuestionnaireError(f"No number is from {low} to {high} in '{entry.id}'. Exchange the two.")
    if entry.longest is not None and entry.longest < 1:
        raise QuestionnaireError(f"longest={entry.longest} of '{entry.id}' leaves no room. Give 1 or more.")


def _require_pattern(entry: Entry) -> None:
    try:
        re.compile(entry.pattern)
    except re.error as error:
        raise QuestionnaireError(
            f"The pattern {entry.pattern!r} of '{entry.id}' is no regular expression: {error}. Mend it."
        ) from error
    hit = _ONLY_SOME_KNOW.search(entry.pattern)
    if hit:
        raise QuestionnaireError(
            f"The pattern of '{entry.id}' holds {hit[0]!r}, which not every platform knows. Use character "
            "classes, counts and groups only; the whole answer must fit the pattern anyway."
        )
