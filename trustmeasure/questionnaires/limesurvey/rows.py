"""The rows of the survey structure: settings, then each language as a whole with equal groups and codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Page
from trustmeasure.questionnaires.hypertext import notice_as_html
from trustmeasure.questionnaires.limesurvey.cells import hypertext, unrun
from trustmeasure.questionnaires.limesurvey.codes import element_codes
from trustmeasure.questionnaires.limesurvey.conditions import ALWAYS, dialect, relevance
from trustmeasure.questionnaires.logic import Dialect
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.refusal import asks_for_consent, refused
from trustmeasure.questionnaires.texts import words

Row = Mapping[str, str]

LANGUAGES = {"zh": "zh-Hans"}
"""Our tags -> LimeSurvey's, where they differ."""

SETTINGS = {
    "format": "G",
    "anonymized": "N",
    "datestamp": "Y",
    "savetimings": "Y",
    "ipaddr": "N",
    "refurl": "N",
    "allowprev": "Y",
    "showwelcome": "Y",
    "showprogress": "Y",
    "showgroupinfo": "X",
    "showqnumcode": "X",
    "shownoanswer": "N",
    "questionindex": "0",
}
MOST_TITLE = 200
_SHORT_TEXT = 250


def language_tag(tag: str) -> str:
    """Return LimeSurvey's tag of a language."""
    return LANGUAGES.get(tag, tag)


@dataclass(frozen=True, slots=True)
class Speech:
    """One language of the file.

    Attributes
    ----------
    questionnaire : Questionnaire
        What is asked.
    tag : str
        Our tag of the language.
    codes : mapping
        Element id -> question code.
    said : Dialect
        How conditions are written.
    """

    questionnaire: Questionnaire
    tag: str
    codes: Mapping[str, str]
    said: Dialect

    @property
    def base(self) -> bool:
        """Whether this is the first language: only its rows carry what is no text."""
        return self.tag == self.questionnaire.languages[0]

    def row(self, kind: str, **values: str) -> dict[str, str]:
        """Return a row of this language; `scale` stands for the column type/scale."""
        named = {"type/scale" if name == "scale" else name: value for name, value in values.items()}
        return {"class": kind, "language": language_tag(self.tag), **named}


def rows(questionnaire: Questionnaire) -> Iterator[Row]:
    """Yield all rows in the order that LimeSurvey needs."""
    tags = questionnaire.languages
    others = " ".join(map(language_tag, tags[1:]))
    settings = {"language": language_tag(tags[0]), **SETTINGS}
    if others:
        settings["additional_languages"] = others
    yield from ({"class": "S", "name": name, "text": value} for name, value in settings.items())
    codes, said = element_codes(questionnaire), dialect(questionnaire)
    speeches = [Speech(questionnaire, tag, codes, said) for tag in tags]
    for speech in speeches:
        yield from _survey_texts(speech)
    for speech in speeches:
        yield from _language(speech)


def _survey_texts(speech: Speech) -> Iterator[Row]:
    questionnaire, tag = speech.questionnaire, speech.tag
    title = hypertext(" ".join(questionnaire.title[tag].split()))
    if len(title) > MOST_TITLE:
        raise QuestionnaireError(
            f"The title ({tag}) has {len(title)} signs; LimeSurvey keeps {MOST_TITLE}. Give a shorter title."
        )
    texts = {
        "surveyls_title": title,
        "surveyls_welcometext": hypertext(questionnaire.intro[tag]),
        "surveyls_endtext": hypertext(words("thanks", tag)),
    }
    yield from (speech.row("SL", name=name, text=text) for name, text in texts.items())


def _language(speech: Speech) -> Iterator[Row]:
    pages = speech.questionnaire.pages
    for number, page in enumerate(pages, start=1):
        yield from _group(speech, number, page)
        if number == 1:
            yield from _stored(speech)
    if asks_for_consent(speech.questionnaire):
        yield from _refusal(speech, len(pages) + 1)


def _group(speech: Speech, number: int, page: Page) -> Iterator[Row]:
    condition = relevance(page.shown_if, speech.said)
    shuffled = "pages" if page.shuffled else ""
    name = words("part", speech.tag, part=number, parts=len(speech.questionnaire.pages))
    yield speech.row("G", scale=str(number), name=name, relevance=condition, random_group=shuffled)
    for element in page.elements:
        yield from _element(speech, element)


def _element(speech: Speech, element: Element) -> Iterator[Row]:
    if isinstance(element, Matrix):
        yield from _matrix(speech, element)
    elif isinstance(element, Choice):
        yield _question(speech, element, "L", element.text[speech.tag], _asked(element.required))
        yield from _answers(speech, element)
    elif isinstance(element, Entry):
        yield _entry(speech, element)
    else:
        text = unrun(notice_as_html(element, speech.tag))
        yield {**_question(speech, element, "X", "", "N"), "text": text}


def _asked(required: bool) -> str:
    """Return whether an answer is forced, or asked for once more (soft)."""
    return "Y" if required else "S"


def _question(
    speech: Speech, element: Element, kind: str, text: str, mandatory: str, **attributes: str
) -> dict[str, str]:
    """Return the row of a question; attributes stand in the first language only."""
    return speech.row(
        "Q",
        scale=kind,
        name=speech.codes[element.id],
        relevance=relevance(element.shown_if, speech.said),
        text=hypertext(text),
        mandatory=mandatory,
        other="N",
        **(attributes if speech.base else {}),
    )


def _matrix(speech: Speech, matrix: Matrix) -> Iterator[Row]:
    order = {"random_order": "1"} if matrix.randomised else {}
    yield _question(speech, matrix, "F", matrix.stem[speech.tag], "S", **order)
    for question in matrix.questions:
        yield speech.row(
            "SQ", scale="0", name=question.id, relevance=ALWAYS, text=hypertext(question.text[speech.tag])
        )
    yield from _answers(speech, matrix)


def _answers(speech: Speech, element: Matrix | Choice) -> Iterator[Row]:
    for entry in answers(element.scale):
        yield speech.row("A", scale="0", name=str(entry.code), text=hypertext(entry.label[speech.tag]))


def _entry(speech: Speech, entry: Entry) -> Row:
    kind, attributes = _entry_kind(entry)
    mandatory = "Y" if entry.required else "N"
    row = _question(speech, entry, kind, entry.text[speech.tag], mandatory, **attributes)
    return {**row, "validation": f"/^(?:{_in_slashes(entry.pattern)})$/"} if entry.pattern else row


def _in_slashes(pattern: str) -> str:
    return pattern.replace("/", r"\/")


def _entry_kind(entry: Entry) -> tuple[str, dict[str, str]]:
    """Return LimeSurvey's type of question and its attributes."""
    if entry.kind == "integer":
        limits = {"min_num_value_n": entry.minimum, "max_num_value_n": entry.maximum}
        given = {name: str(limit) for name, limit in limits.items() if limit is not None}
        return "N", {"num_value_int_only": "1", **given}
    if entry.kind == "date":
        return "D", {"date_format": "yyyy-mm-dd"}
    longest = {} if entry.longest is None else {"maximum_chars": str(entry.longest)}
    return ("S" if (entry.longest or _SHORT_TEXT + 1) <= _SHORT_TEXT else "T"), longest


def _stored(speech: Speech) -> Iterator[Row]:
    """Yield hidden questions that keep which form and which wave it is."""
    values = {"questionnaire": speech.questionnaire.hash, "wave": speech.questionnaire.wave}
    hidden = {"hidden": "1"} if speech.base else {}
    for name, value in values.items():
        if value is not None:
            yield speech.row(
                "Q", scale="*", name=name, relevance=ALWAYS, text=value, mandatory="N", other="N", **hidden
            )


def _refusal(speech: Speech, number: int) -> Iterator[Row]:
    """Yield the page that only those see who do not agree."""
    condition = relevance(refused(), speech.said)
    yield speech.row("G", scale=str(number), name=words("finish", speech.tag), relevance=condition)
    text = hypertext(words("refused", speech.tag))
    yield speech.row("Q", scale="X", name="refused", relevance=ALWAYS, text=text, mandatory="N", other="N")
