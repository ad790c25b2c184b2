"""The three sheets of an XLSForm as rows: what is asked, the answers, and the settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.composing.consent import AGREE, CONSENT
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice, Page
from trustmeasure.questionnaires.entry_words import how_to_answer
from trustmeasure.questionnaires.logic import said_in
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import choosable
from trustmeasure.questionnaires.texts import form_texts
from trustmeasure.questionnaires.xlsform.conditions import DIALECT, constraint
from trustmeasure.questionnaires.xlsform.names import Names, form_id
from trustmeasure.questionnaires.xlsform.wording import plain, said

Row = dict[str, str]

_TYPES = {"integer": "integer", "text": "text", "date": "date"}
_SHOWN_LONG = 100
"""Texts that may be longer than this get a field of several lines."""

TRANSLATED = ("label", "hint", "constraint_message")


def language_name(tag: str) -> str:
    """Return how a language is named in the headers of the sheets, such as `English (en)`."""
    return f"{form_texts(tag)['name']} ({tag})"


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire with the names that its form uses.

    Attributes
    ----------
    questionnaire : Questionnaire
        What is asked.
    names : Names
        The names of everything that is no question.
    stacked : bool
        Whether the answers of a matrix stand below each question, for phones, instead of beside it.
    """

    questionnaire: Questionnaire
    names: Names
    stacked: bool = False

    def words(self, what: str, texts: Texts) -> Row:
        """Return the cells of a text in all languages."""
        tags = self.questionnaire.languages
        return {f"{what}::{language_name(tag)}": texts[tag] for tag in tags if texts[tag]}

    def labels(self, texts: Texts) -> Row:
        """Return the cells of a label that shows exactly these words."""
        return self.words("label", {tag: said(texts[tag]) for tag in self.questionnaire.languages})


def survey_rows(form: Form) -> Iterator[Row]:
    """Yield the rows of the sheet `survey`."""
    yield from _own_rows(form)
    yield {"type": "note", "name": form.names.own["intro"], **form.labels(form.questionnaire.intro)}
    for page in form.questionnaire.pages:
        yield from _page_rows(form, page)


def _own_rows(form: Form) -> Iterator[Row]:
    own, questionnaire = form.names.own, form.questionnaire
    yield {"type": "start", "name": own["start"]}
    yield {"type": "end", "name": own["end"]}
    yield {"type": "calculate", "name": own["questionnaire"], "calculation": f"'{questionnaire.hash}'"}
    if questionnaire.wave is not None:
        yield {"type": "calculate", "name": own["wave"], "calculation": f"'{questionnaire.wave}'"}


def _page_rows(form: Form, page: Page) -> Iterator[Row]:
    start = {"type": "begin_group", "name": form.names.groups[page.id], "appearance": "field-list"}
    yield start if page.shown_if is None else {**start, "relevant": said_in(page.shown_if, DIALECT)}
    for element in page.elements:
        condition = {} if element.shown_if is None else {"relevant": said_in(element.shown_if, DIALECT)}
        for row in _element_rows(form, element):
            yield condition | row
    yield {"type": "end_group"}


def _element_rows(form: Form, element: Element) -> Iterator[Row]:
    if isinstance(element, Matrix):
        yield from _matrix_rows(form, element)
    elif isinstance(element, Choice):
        yield from _choice_rows(form, element)
    elif isinstance(element, Entry):
        yield _entry_row(form, element)
    else:
        yield {"type": "note", "name": form.names.notes[element.id], **_notice(form, element)}


def _matrix_rows(form: Form, matrix: Matrix) -> Iterator[Row]:
    type = f"select_one {form.names.list_of(matrix.scale)}"
    beside = {} if form.stacked else {"appearance": "list-nolabel"}
    above = {"type": "note"} if form.stacked else {"type": type, "appearance": "label"}
    yield {**above, "name": form.names.heads[matrix.id], **form.labels(matrix.stem)}
    for question in matrix.questions:
        yield {"type": type, "name": question.id, **beside, **form.labels(question.text)}


def _choice_rows(form: Form, choice: Choice) -> Iterator[Row]:
    type = f"select_one {form.names.list_of(choice.scale)}"
    yield {"type": type, "name": choice.id, **form.labels(choice.text), **_required(choice)}
    if choice.id == CONSENT:
        texts = {tag: form_texts(tag)["refused"] for tag in form.questionnaire.languages}
        refused = f"${{{CONSENT}}} != '' and ${{{CONSENT}}} != {AGREE}"
        yield {
            "type": "note",
            "name": form.names.own["refused"],
            **form.labels(texts),
            "relevant": refused,
        }


def _required(field: Choice | Entry) -> Row:
    return {"required": "yes"} if field.required else {}


def _entry_row(form: Form, entry: Entry) -> Row:
    row = {"type": _TYPES[entry.kind], "name": entry.id, **form.labels(entry.text), **_required(entry)}
    told = {tag: how_to_answer(entry, tag) for tag in form.questionnaire.languages}
    if entry.kind == "integer":
        row |= form.words("hint", told)
    if limit := constraint(entry):
        row |= {"constraint": limit, **form.words("constraint_message", told)}
    if entry.kind == "text" and (entry.longest or 0) > _SHOWN_LONG:
        row["appearance"] = "multiline"
    return row


def _notice(form: Form, notice: Notice) -> Row:
    return form.words("label", {tag: _notice_text(notice, tag) for tag in form.questionnaire.languages})


def _notice_text(notice: Notice, tag: str) -> str:
    """Return the notice in Markdown, its headings bold."""
    parts = [] if notice.mark is None else [said(notice.mark[tag])]
    parts.append(f"**{said(notice.title[tag])}**")
    parts += [f"**{said(part.heading[tag])}**\n{said(part.text[tag])}" for part in notice.paragraphs]
    return "\n\n".join(parts)


def choice_rows(form: Form) -> Iterator[Row]:
    """Yield the rows of the sheet `choices`."""
    for scale, name in form.names.lists:
        for entry in choosable(scale):
            yield {"list_name": name, "name": str(entry.code), **form.labels(entry.label)}


def settings(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return the one row of the sheet `settings`."""
    first = questionnaire.languages[0]
    return {
        "form_title": plain(questionnaire.title[first]),
        "form_id": form_id(questionnaire),
        "version": f"{questionnaire.version} {questionnaire.hash[:12]}",
        "default_language": language_name(first),
        "style": "pages",
    }
