"""A questionnaire as the JSON of a SurveyJS survey."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from trustmeasure.questionnaires.composing.consent import CONSENT, REFUSE
from trustmeasure.questionnaires.elements import Page
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.surveyjs.conditions import Routes, routes, visible_if
from trustmeasure.questionnaires.surveyjs.elements import element, html_of
from trustmeasure.questionnaires.surveyjs.wording import escaped, locale, localised, own, said

START = "start"
"""Name of the first page, which greets; and of the words on it."""


def survey(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the survey as plain values.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to ask.

    Returns
    -------
    dict
        What `new Survey.Model(...)` takes: a first page that greets, the pages, the words of the buttons, the
        last words, and the questionnaire's hash, wave and language as values that are saved with the answers.
    """
    tags = questionnaire.languages
    known = routes(questionnaire)
    return {
        "title": said(questionnaire.title),
        "locale": locale(tags[0]),
        "firstPageIsStartPage": True,
        "showQuestionNumbers": False,
        "showProgressBar": True,
        "progressBarType": "questions",
        "progressBarLocation": "top",
        "widthMode": "responsive",
        "clearInvisibleValues": "onHiddenContainer",
        **_buttons(tags),
        "completedHtml": localised(_paragraphs(own("thanks", tags))),
        **_refused(questionnaire),
        "calculatedValues": _saved_besides(questionnaire),
        "pages": [_start(questionnaire), *(_page(page, tags, known) for page in questionnaire.pages)],
    }


def survey_bytes(questionnaire: Questionnaire) -> bytes:
    """Return the survey as JSON for people to read: indented, UTF-8, Chinese as it is."""
    return (json.dumps(survey(questionnaire), ensure_ascii=False, indent=2) + "\n").encode()


def _buttons(tags: tuple[str, ...]) -> dict[str, Any]:
    shown = {"startSurveyText": START, "pagePrevText": "back", "pageNextText": "next", "completeText": "done"}
    return {name: localised(own(key, tags)) for name, key in shown.items()}


def _paragraphs(*texts: Mapping[str, str]) -> dict[str, str]:
    return {tag: "".join(f"<p>{escaped(text[tag])}</p>" for text in texts) for tag in texts[0]}


def _refused(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return other last words for those who did not agree; all later pages are hidden from them."""
    if CONSENT not in questionnaire.columns:
        return {}
    words = localised(_paragraphs(own("refused", questionnaire.languages)))
    return {"completedHtmlOnCondition": [{"expression": f"{{{CONSENT}}} = {REFUSE}", "html": words}]}


def _saved_besides(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """Return the values that SurveyJS saves with the answers: questionnaire, wave, and the language shown."""
    constants = {"questionnaire": questionnaire.hash, "wave": questionnaire.wave}
    expressions = {name: f"'{value}'" for name, value in constants.items() if value is not None}
    return [
        {"name": name, "expression": expression, "includeIntoResult": True}
        for name, expression in {**expressions, "language": "{locale}"}.items()
    ]


def _start(questionnaire: Questionnaire) -> dict[str, Any]:
    tags = questionnaire.languages
    about = {tag: own("about", (tag,), minutes=questionnaire.minutes(tag))[tag] for tag in tags}
    return {"name": START, "elements": [html_of("greeting", _paragraphs(questionnaire.intro, about))]}


def _page(page: Page, tags: tuple[str, ...], known: Routes) -> dict[str, Any]:
    parts = [{**element(part, tags), **visible_if(part.shown_if, known)} for part in page.elements]
    return {"name": page.id, **visible_if(page.shown_if, known), "elements": parts}
