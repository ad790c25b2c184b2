"""Instructed-response items: statements that ask for one certain answer, to see who reads."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires.elements import Matrix, Page, Question
from trustmeasure.questionnaires.scales import is_numeric
from trustmeasure.questionnaires.texts import words

LEAST_QUESTIONS = 4
"""A matrix with fewer questions gets no instructed item: it would stand out."""


def with_checks(pages: Sequence[Page], number: int, tags: tuple[str, ...], seed: int) -> tuple[Page, ...]:
    """Return the pages with instructed-response items in some of their matrices.

    The items are named `check_1`, `check_2`, ... They are spread evenly over the matrices with words for
    answers and at least four questions that everybody is asked, one a matrix, never as a matrix's first
    question. Which answer each asks for is drawn with the seed from all but the middle one.

    Parameters
    ----------
    pages : sequence of Page
        The instruments' pages.
    number : int
        How many items.
    tags : tuple of str
        The languages.
    seed : int
        What answer and place are drawn from.

    Raises
    ------
    QuestionnaireError
        If there are fewer fitting matrices than items.
    """
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise QuestionnaireError(f"checks={number!r} is not a number of instructed items. Give 0, 1, 2, ...")
    fitting = [place for place, page in enumerate(pages) if _fits(page)]
    if number > len(fitting):
        raise QuestionnaireError(
            f"checks={number} asks for more instructed items than there are matrices of at least "
            f"{LEAST_QUESTIONS} questions with answers in words that everybody is asked ({len(fitting)}). "
            "Ask for fewer."
        )
    chosen = [fitting[(2 * i + 1) * len(fitting) // (2 * number)] for i in range(number)]
    changed = dict(zip(chosen, range(1, number + 1), strict=True))
    return tuple(
        _checked(page, changed[place], tags, seed) if place in changed else page
        for place, page in enumerate(pages)
    )


def _fits(page: Page) -> bool:
    first = page.elements[0]
    return (
        page.shown_if is None
        and isinstance(first, Matrix)
        and len(first.questions) >= LEAST_QUESTIONS
        and not is_numeric(first.scale)
    )


def _checked(page: Page, number: int, tags: tuple[str, ...], seed: int) -> Page:
    matrix, *others = page.elements
    if not isinstance(matrix, Matrix):
        return page
    added = _question(f"check_{number}", matrix.scale, tags, seed)
    place = 1 + _drawn(seed, f"{added.id} place", len(matrix.questions))
    questions = (*matrix.questions[:place], added, *matrix.questions[place:])
    return replace(page, elements=(replace(matrix, questions=questions), *others))


def _question(id: str, scale: ResponseScale, tags: tuple[str, ...], seed: int) -> Question:
    middle = (len(scale.points) - 1) / 2
    points = [point for place, point in enumerate(scale.points) if place != middle]
    point = points[_drawn(seed, f"{id} answer", len(points))]
    text = FrozenMap.of({tag: words("instructed", tag, label=point.label[tag]) for tag in tags})
    return Question(id, "", text, expected=point.code)


def _drawn(seed: int, what: str, below: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\n{what}".encode()).digest()[:8], "big") % below
