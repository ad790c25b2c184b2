"""The questions of a Qualtrics survey, with their translations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trustmeasure.instruments import ResponseScale
from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix
from trustmeasure.questionnaires.hypertext import as_html, notice_as_html
from trustmeasure.questionnaires.qualtrics.conditions import question_expression
from trustmeasure.questionnaires.qualtrics.places import answer_numbers

LANGUAGES = {"en": "EN", "zh": "ZH-S"}
"""Our tags -> Qualtrics' codes of languages; others are their tags in capitals."""

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIMER = "TIME_"
"""Begins the export tags of the timers; in capitals, which no id of ours is."""

_SHORT = 100
_LONG = 100
_NO_MESSAGE = {"messageID": None, "subMessageID": "VE_ERROR", "libraryID": None, "description": None}


def language_code(tag: str) -> str:
    """Return Qualtrics' code of a language."""
    return LANGUAGES.get(tag, tag.upper())


def hypertext(text: str) -> str:
    """Return a text as HTML in which Qualtrics finds no piped text to fill in."""
    return piped_off(as_html(text))


def piped_off(markup: str) -> str:
    """Return HTML in which no `${...}` is left that Qualtrics would fill in."""
    return markup.replace("${", "&#36;{")


def payload(element: Element, id: str, tags: tuple[str, ...]) -> dict[str, Any]:
    """Return the question as Qualtrics keeps it, without its display logic."""
    if isinstance(element, Matrix):
        return _matrix(element, id, tags)
    if isinstance(element, Choice):
        return _choice(element, id, tags)
    if isinstance(element, Entry):
        return _entry(element, id, tags)
    words = {tag: piped_off(notice_as_html(element, tag)) for tag in tags}
    return reading(words, element.title[tags[0]], element.id, id, tags)


def reading(words: Texts, short: str, name: str, id: str, tags: tuple[str, ...]) -> dict[str, Any]:
    """Return something to read; `words` are HTML."""
    return {
        **_common(words[tags[0]], short, name, id),
        "QuestionType": "DB",
        "Selector": "TB",
        "ChoiceOrder": [],
        "Validation": {"Settings": {"Type": "None"}},
        "Language": _translations({tag: {"QuestionText": words[tag]} for tag in tags}, tags),
        "NextChoiceId": 1,
        "NextAnswerId": 1,
    }


def timer(element: str, id: str) -> dict[str, Any]:
    """Return the question that nobody sees and that keeps how long a page took, named after an element."""
    parts = ("First Click", "Last Click", "Page Submit", "Click Count")
    common = _common("Timing", "Timing", f"{TIMER}{element}", id)
    return {
        **common,
        "QuestionType": "Timing",
        "Selector": "PageTimer",
        "Configuration": {**common["Configuration"], "MinSeconds": "0", "MaxSeconds": "0"},
        "Choices": {str(number): {"Display": part} for number, part in enumerate(parts, start=1)},
        "Language": [],
        "NextChoiceId": len(parts) + 1,
        "NextAnswerId": 1,
    }


def _common(text: str, short: str, name: str, id: str) -> dict[str, Any]:
    plain = " ".join(short.split()).replace("${", "$ {")
    return {
        "QuestionText": text,
        "DefaultChoices": False,
        "DataExportTag": name,
        "QuestionID": id,
        "DataVisibility": {"Private": False, "Hidden": False},
        "Configuration": {"QuestionDescriptionOption": "UseText"},
        "QuestionDescription": plain if len(plain) <= _SHORT else f"{plain[: _SHORT - 3]}...",
        "GradingData": [],
    }


def _translations(words: Mapping[str, dict[str, Any]], tags: tuple[str, ...]) -> Any:
    """Return the words of all languages but the first; an empty list where there are none."""
    return {language_code(tag): words[tag] for tag in tags[1:]} or []


def _displays(texts: Iterable[Texts], tag: str) -> dict[str, dict[str, str]]:
    return {str(number): {"Display": hypertext(text[tag])} for number, text in enumerate(texts, start=1)}


def _labels(scale: ResponseScale) -> list[Texts]:
    return [entry.label for entry in answers(scale)]


def _recoded(element: Matrix | Choice) -> dict[str, str]:
    return {str(number): str(code) for code, number in answer_numbers(element).items()}


def _matrix(element: Matrix, id: str, tags: tuple[str, ...]) -> dict[str, Any]:
    rows, labels = [question.text for question in element.questions], _labels(element.scale)
    words: dict[str, dict[str, Any]] = {
        tag: {
            "QuestionText": hypertext(element.stem[tag]),
            "Choices": _displays(rows, tag),
            "Answers": _displays(labels, tag),
        }
        for tag in tags
    }
    base = words[tags[0]]
    common = _common(base["QuestionText"], element.stem[tags[0]], element.id, id)
    shuffled = {"Type": "All", "TotalRandSubset": "", "Advanced": None}
    return {
        **common,
        "QuestionType": "Matrix",
        "Selector": "Likert",
        "SubSelector": "SingleAnswer",
        "Configuration": {
            **common["Configuration"],
            "TextPosition": "inline",
            "ChoiceColumnWidth": 25,
            "RepeatHeaders": "none",
            "WhiteSpace": "OFF",
            "MobileFirst": True,
        },
        "Choices": base["Choices"],
        "ChoiceOrder": list(base["Choices"]),
        "ChoiceDataExportTags": {str(n): column for n, column in enumerate(element.columns, start=1)},
        "Answers": base["Answers"],
        "AnswerOrder": list(base["Answers"]),
        "RecodeValues": _recoded(element),
        **({"Randomization": shuffled} if element.randomised else {}),
        "Validation": {"Settings": {**_asked(False), "Type": "None"}},
        "Language": _translations(words, tags),
        "NextChoiceId": len(rows) + 1,
        "NextAnswerId": len(labels) + 1,
    }


def _choice(element: Choice, id: str, tags: tuple[str, ...]) -> dict[str, Any]:
    labels = _labels(element.scale)
    words: dict[str, dict[str, Any]] = {
        tag: {"QuestionText": hypertext(element.text[tag]), "Choices": _displays(labels, tag)} for tag in tags
    }
    base = words[tags[0]]
    return {
        **_common(hypertext(element.text[tags[0]]), element.text[tags[0]], element.id, id),
        "QuestionType": "MC",
        "Selector": "SAVR",
        "SubSelector": "TX",
        "Choices": base["Choices"],
        "ChoiceOrder": list(base["Choices"]),
        "RecodeValues": _recoded(element),
        "Validation": {"Settings": {**_asked(element.required), "Type": "None"}},
        "Language": _translations(words, tags),
        "NextChoiceId": len(labels) + 1,
        "NextAnswerId": 1,
    }


def _entry(element: Entry, id: str, tags: tuple[str, ...]) -> dict[str, Any]:
    long = element.kind == "text" and not element.pattern and (element.longest or _LONG) >= _LONG
    searched = {} if long else {"SearchSource": {"AllowFreeResponse": "false"}}
    words = {tag: {"QuestionText": hypertext(element.text[tag])} for tag in tags}
    return {
        **_common(words[tags[0]]["QuestionText"], element.text[tags[0]], element.id, id),
        "QuestionType": "TE",
        "Selector": "ML" if long else "SL",
        "Validation": {"Settings": _entry_settings(element, id)},
        "Language": _translations(words, tags),
        "NextChoiceId": 1,
        "NextAnswerId": 1,
        **searched,
    }


def _asked(required: bool) -> dict[str, str]:
    """Return the settings that force an answer, or ask once more for one."""
    how = "ON" if required else "RequestResponse"
    return {"ForceResponse": how, "ForceResponseType": how}


def _entry_settings(element: Entry, id: str) -> dict[str, Any]:
    asked = _asked(True) if element.required else {"ForceResponse": "OFF"}
    if element.kind == "integer":
        limits = {"Min": _limit(element.minimum), "Max": _limit(element.maximum), "NumDecimals": "0"}
        return {**asked, "Type": "ContentType", "ContentType": "ValidNumber", "ValidNumber": limits}
    pattern = DATE if element.kind == "date" else element.pattern
    if pattern:
        return {**asked, "Type": "CustomValidation", "CustomValidation": _matching(pattern, element, id)}
    if element.longest is not None:
        return {**asked, "Type": "TotalChar", "MinChars": "1", "TotalChars": str(element.longest)}
    return {**asked, "Type": "None"}


def _limit(number: int | None) -> str:
    return "" if number is None else str(number)


def _matching(pattern: str, element: Entry, id: str) -> dict[str, Any]:
    """Return the rule that an answer matches the pattern; where none is required, an empty one is allowed."""
    short = f"(?=.{{0,{element.longest}}}$)" if element.longest is not None else ""
    escaped = pattern.replace("/", r"\/")
    answer = "ChoiceTextEntryValue"
    matches = question_expression(id, answer, "MatchesRegex", f"/^{short}(?:{escaped})$/")
    sets: dict[str, Any] = {"0": {"0": matches, "Type": "If"}}
    if not element.required:
        empty = question_expression(id, answer, "Empty", None)
        sets = {"0": {"0": empty, "Type": "If"}, "1": {"0": matches, "Type": "OrIf"}}
    return {"Logic": {**sets, "Type": "BooleanExpression"}, "Message": _NO_MESSAGE}
