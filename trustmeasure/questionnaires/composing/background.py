"""Questions beside the instruments, shipped ones by id or a team's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import BackgroundQuestion, background_question
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires.composing.checks import clean, require_column_name
from trustmeasure.questionnaires.composing.own_questions import require_sound_question
from trustmeasure.questionnaires.composing.wording import Voice, in_languages
from trustmeasure.questionnaires.elements import Choice, Entry, Field, Page, Role
from trustmeasure.questionnaires.texts import words

Asked = str | Choice | Entry
MOST_ON_A_PAGE = 5


def background_pages(given: Sequence[Asked] | Asked, role: Role, voice: Voice) -> tuple[Page, ...]:
    """Return pages of at most five questions.

    Parameters
    ----------
    given : sequence of str, Choice or Entry
        Ids of shipped questions, or questions of the team's own.
    role : {"behaviour", "demographics"}
        What the questions are for.
    voice : Voice
        Languages and brand.

    Raises
    ------
    QuestionnaireError
        If something is no question, or a question contradicts itself. An unknown id raises InstrumentError
        instead.
    """
    asked = (given,) if isinstance(given, Asked) else tuple(given)
    fields = [_field(one, role, voice) for one in asked]
    groups = [fields[start : start + MOST_ON_A_PAGE] for start in range(0, len(fields), MOST_ON_A_PAGE)]
    return tuple(Page(f"{role}/{place}", tuple(group)) for place, group in enumerate(groups, start=1))


def _field(one: Asked, role: Role, voice: Voice) -> Field:
    if isinstance(one, str):
        return _shipped(background_question(one), role, voice)
    if not isinstance(one, Choice | Entry):
        raise QuestionnaireError(f"{role} holds {one!r}. Give ids of background questions, Choice or Entry.")
    require_column_name(one.id, f"The question {one.id!r} in {role}")
    require_sound_question(one)
    text = _given(one.text, voice, one.id)
    if isinstance(one, Entry):
        return replace(one, text=text, role=role)
    return replace(one, text=text, role=role, scale=in_languages(one.scale, voice.tags))


def _given(text: Mapping[str, str], voice: Voice, id: str) -> FrozenMap[str]:
    missing = [tag for tag in voice.tags if tag not in text]
    if missing:
        raise QuestionnaireError(f"The question '{id}' has no words in {', '.join(missing)}. Add them.")
    return FrozenMap.of({tag: clean(f"text of {id}", text[tag]) for tag in voice.tags})


def _shipped(question: BackgroundQuestion, role: Role, voice: Voice) -> Field:
    text = FrozenMap.of({tag: _named(question, tag, voice) for tag in voice.tags})
    if question.scale is not None:
        return Choice(question.id, text, in_languages(question.scale, voice.tags), role)
    return Entry(
        id=question.id,
        text=text,
        kind="integer" if question.kind == "integer" else "text",
        role=role,
        minimum=question.minimum,
        maximum=question.maximum,
        longest=question.longest,
    )


def _named(question: BackgroundQuestion, tag: str, voice: Voice) -> str:
    if tag not in question.text:
        raise QuestionnaireError(f"The question '{question.id}' does not exist in the language '{tag}'.")
    name = words("company", tag) if voice.brand is None else voice.brand[tag]
    return question.text[tag].replace("{brand}", name)
