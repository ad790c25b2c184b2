"""Answers with gaps, the questions' words, and what reading must give back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.responses.forms import answers_to
from trustmeasure.questionnaires import Choice, Entry, Matrix, Questionnaire
from trustmeasure.responses import Responses


def with_gaps(questionnaire: Questionnaire, seed: int = 1) -> pd.DataFrame:
    """Return codes where one in ten questions that may be left out has no answer (None)."""
    answers = answers_to(questionnaire, seed=seed).astype(object)
    required = {field.id for field in questionnaire.fields if field.required}
    gaps = np.random.default_rng(seed).random(answers.shape) < 0.1
    gaps[:, [column in required for column in answers.columns]] = False
    return answers.mask(gaps, None)


def texts_of(questionnaire: Questionnaire, language: str) -> dict[str, str]:
    """Return column -> the words of its question."""
    found: dict[str, str] = {}
    for element in questionnaire.elements:
        if isinstance(element, Matrix):
            found |= {question.id: question.text[language] for question in element.questions}
        elif isinstance(element, Choice | Entry):
            found[element.id] = element.text[language]
    return found


def shown_codes(questionnaire: Questionnaire) -> dict[str, list[int]]:
    """Return column -> the codes of the answers in the order in which they are offered."""
    found: dict[str, list[int]] = {}
    for element in questionnaire.elements:
        if isinstance(element, Matrix | Choice):
            scale = element.scale
            offered = [code.code for code in scale.missing if code.reason != "no-answer"]
            found |= {column: [*scale.codes, *offered] for column in element.columns}
    return found


def codes_given(answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return what reading must give for everything that is coded: NaN where there is no answer."""
    shown = shown_codes(questionnaire)
    whole = [e.id for e in questionnaire.fields if isinstance(e, Entry) and e.kind == "integer"]
    kept = answers[[column for column in answers if column in shown or column in whole]]
    return kept.mask(kept.isin([97, 98])).astype(float)


def assert_same_codes(
    responses: Responses, answers: pd.DataFrame, questionnaire: Questionnaire, *, certain: bool
) -> None:
    """Fail when a code came back otherwise than it was given.

    Parameters
    ----------
    responses : Responses
        What was read.
    answers : DataFrame
        What was exported, as codes.
    questionnaire : Questionnaire
        What was asked.
    certain : bool
        Whether a manifest was there; without one instructed items are not known.
    """
    given = codes_given(answers, questionnaire)
    known = given if certain else given.drop(columns=list(questionnaire.expected))
    assert len(responses.data) == len(answers)
    for column in known:
        found = responses.data[column].reset_index(drop=True)
        if column in responses.item_ids and responses.item(column).reverse:
            scale = responses.scale_of(column)
            found = scale.minimum + scale.maximum - found
        pd.testing.assert_series_equal(found, known[column], check_dtype=False)
