"""A whole Qualtrics survey file: entry, blocks, flow, options, questions."""

from __future__ import annotations

from typing import Any

from trustmeasure.questionnaires.elements import Page
from trustmeasure.questionnaires.hypertext import opening_as_html
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.qualtrics.conditions import display_logic
from trustmeasure.questionnaires.qualtrics.flow import INTRO, REFUSED, Flow
from trustmeasure.questionnaires.qualtrics.places import made_id, places, question_ids
from trustmeasure.questionnaires.qualtrics.questions import (
    TIMER,
    hypertext,
    language_code,
    payload,
    piped_off,
    reading,
    timer,
)
from trustmeasure.questionnaires.refusal import asks_for_consent
from trustmeasure.questionnaires.texts import words

NEVER = "0000-00-00 00:00:00"
LINK_FIELD = "link"


def survey(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the survey file as plain values."""
    seed = questionnaire.hash
    return {"SurveyEntry": _entry(questionnaire, seed), "SurveyElements": _elements(questionnaire, seed)}


def stored_fields(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """Return the fields that Qualtrics keeps beside the answers: form, wave, code of the link, language."""
    values = {"questionnaire": questionnaire.hash, "wave": questionnaire.wave}
    set_here = [_field(name, value) for name, value in values.items() if value is not None]
    linked = any(field.role == "link" for field in questionnaire.fields)
    taken_over = [*([LINK_FIELD] if linked else []), "Q_Language"]
    return [*set_here, *(_field(name, None) for name in taken_over)]


def _field(name: str, value: str | None) -> dict[str, Any]:
    given = {} if value is None else {"Value": value}
    return {
        "Description": name,
        "Type": "Recipient" if value is None else "Custom",
        "Field": name,
        "VariableType": "String",
        "DataVisibility": [],
        "AnalyzeText": False,
        **given,
    }


def _title(questionnaire: Questionnaire) -> str:
    return " ".join(questionnaire.title[questionnaire.languages[0]].split())


def _entry(questionnaire: Questionnaire, seed: str) -> dict[str, Any]:
    owner = made_id(seed, "UR")
    return {
        "SurveyID": made_id(seed, "SV"),
        "SurveyName": _title(questionnaire),
        "SurveyDescription": f"Version {questionnaire.version}, hash {seed}",
        "SurveyOwnerID": owner,
        "SurveyBrandID": "",
        "DivisionID": None,
        "SurveyLanguage": language_code(questionnaire.languages[0]),
        "SurveyActiveResponseSet": made_id(seed, "RS"),
        "SurveyStatus": "Inactive",
        "SurveyStartDate": NEVER,
        "SurveyExpirationDate": NEVER,
        "SurveyCreationDate": NEVER,
        "CreatorID": owner,
        "LastModified": NEVER,
        "LastAccessed": NEVER,
        "LastActivated": NEVER,
        "Deleted": None,
    }


def _elements(questionnaire: Questionnaire, seed: str) -> list[dict[str, Any]]:
    id = made_id(seed, "SV")
    questions = _questions(questionnaire)
    blocks = _block_ids(questionnaire, seed)
    flow = Flow(blocks, places(questionnaire)).root(questionnaire, stored_fields(questionnaire))
    parts: list[tuple[str, str, str | None, str | None, Any]] = [
        ("BL", "Survey Blocks", None, None, _blocks(questionnaire, blocks, seed)),
        ("FL", "Survey Flow", None, None, flow),
        ("PROJ", "CORE", None, "1.1.0", {"ProjectCategory": "CORE", "SchemaVersion": "1.1.0"}),
        ("QC", "Survey Question Count", str(len(questions)), None, None),
        ("RS", made_id(seed, "RS"), "Default Response Set", None, None),
        ("SCO", "Scoring", None, None, _scoring()),
        ("SO", "Survey Options", None, None, _options(questionnaire)),
        ("STAT", "Survey Statistics", None, None, {"MobileCompatible": True, "ID": "Survey Statistics"}),
        *(
            ("SQ", question["QuestionID"], question["QuestionDescription"], None, question)
            for question in questions
        ),
    ]
    return [
        {
            "SurveyID": id,
            "Element": element,
            "PrimaryAttribute": first,
            "SecondaryAttribute": second,
            "TertiaryAttribute": third,
            "Payload": content,
        }
        for element, first, second, third, content in parts
    ]


def _own_ids(questionnaire: Questionnaire) -> dict[str, str]:
    """Return the ids of what only this format has: its own two pages, and the timer of each page."""
    names = [INTRO, REFUSED, *(f"{TIMER}{page.id}" for page in questionnaire.pages)]
    return {name: f"QID{number}" for number, name in enumerate(names, start=len(questionnaire.elements) + 1)}


def _own(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    tags, ids = questionnaire.languages, _own_ids(questionnaire)
    opening = {
        tag: piped_off(opening_as_html(questionnaire.title[tag], questionnaire.intro[tag])) for tag in tags
    }
    found = [reading(opening, _title(questionnaire), INTRO, ids[INTRO], tags)]
    if asks_for_consent(questionnaire):
        ended = {tag: hypertext(words("refused", tag)) for tag in tags}
        found.append(reading(ended, words("refused", tags[0]), REFUSED, ids[REFUSED], tags))
    timers = (timer(page.elements[0].id, ids[f"{TIMER}{page.id}"]) for page in questionnaire.pages)
    return [*found, *timers]


def _questions(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    ids, where = question_ids(questionnaire), places(questionnaire)
    found = []
    for page in questionnaire.pages:
        columns = tuple(column for element in page.elements for column in element.columns)
        for element in page.elements:
            shown = (
                {}
                if element.shown_if is None
                else {"DisplayLogic": display_logic(element.shown_if, where, columns)}
            )
            found.append({**payload(element, ids[element.id], questionnaire.languages), **shown})
    return [*found, *_own(questionnaire)]


def _block_ids(questionnaire: Questionnaire, seed: str) -> dict[str, str]:
    names = [INTRO, *(page.id for page in questionnaire.pages)]
    if asks_for_consent(questionnaire):
        names.append(REFUSED)
    return {name: made_id(seed, "BL", name) for name in names}


def _blocks(questionnaire: Questionnaire, ids: dict[str, str], seed: str) -> list[dict[str, Any]]:
    """Return the blocks, one a page; Qualtrics begins a new page with each."""
    questions, own = question_ids(questionnaire), _own_ids(questionnaire)
    pages: dict[str, Page] = {page.id: page for page in questionnaire.pages}
    asked = {
        name: [own[f"{TIMER}{name}"], *(questions[element.id] for element in pages[name].elements)]
        if name in pages
        else [own[name]]
        for name in ids
    }
    trash = {
        "Type": "Trash",
        "Description": "Trash / Unused Questions",
        "ID": made_id(seed, "BL", "trash"),
        "BlockElements": [],
    }
    blocks = [
        {
            "Type": "Default" if place == 0 else "Standard",
            "SubType": "",
            "Description": name,
            "ID": id,
            "BlockElements": [{"Type": "Question", "QuestionID": question} for question in asked[name]],
            "Options": {
                "BlockLocking": "false",
                "RandomizeQuestions": "false",
                "BlockVisibility": "Expanded",
            },
        }
        for place, (name, id) in enumerate(ids.items())
    ]
    return [*blocks, trash]


def _scoring() -> dict[str, Any]:
    return {
        "ScoringCategories": [],
        "ScoringCategoryGroups": [],
        "ScoringSummaryCategory": None,
        "ScoringSummaryAfterQuestions": 0,
        "ScoringSummaryAfterSurvey": 0,
        "DefaultScoringCategory": None,
        "AutoScoringCategory": None,
    }


def _options(questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "BackButton": "true",
        "SaveAndContinue": "true",
        "SurveyProtection": "PublicSurvey",
        "BallotBoxStuffingPrevention": "false",
        "NoIndex": "Yes",
        "SecureResponseFiles": "true",
        "SurveyExpiration": "None",
        "SurveyTermination": "DefaultMessage",
        "Header": "",
        "Footer": "",
        "ProgressBarDisplay": "Text",
        "PartialData": "+1 week",
        "ValidationMessage": None,
        "PreviousButton": "",
        "NextButton": "",
        "SurveyTitle": _title(questionnaire),
        "SkinLibrary": "Qualtrics",
        "SkinType": "templated",
        "Skin": {"brandingId": None, "templateId": "*base", "overrides": None},
        "NewScoring": 1,
        "SurveyMetaDescription": _title(questionnaire),
        "AvailableLanguages": {language_code(tag): [] for tag in questionnaire.languages},
    }
