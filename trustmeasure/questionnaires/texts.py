"""The words of the form itself: buttons, instructions, notices, in each language that a form can have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from trustmeasure.check import suggestion
from trustmeasure.errors import QuestionnaireError

_FILE = Path(__file__).with_name("texts.yaml")


@cache
def _all() -> Mapping[str, Mapping[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def form_languages() -> tuple[str, ...]:
    """Return the tags of the languages in which the form's own words exist."""
    return tuple(_all())


def form_texts(language: str) -> Mapping[str, str]:
    """Return key -> words in `language`; raise QuestionnaireError when the form does not speak it."""
    return _all()[require_form_language(language, form_languages())]


def require_form_language(language: str, known: tuple[str, ...]) -> str:
    """Return the tag when it is known; raise QuestionnaireError naming the nearest otherwise."""
    if language in known:
        return language
    raise QuestionnaireError(
        f"The form's own words (buttons, instructions) do not exist in the language '{language}'. "
        f"{suggestion(language, known)}"
    )


def words(key: str, language: str, **values: object) -> str:
    """Return one text with its `{names}` replaced in one pass: no value is ever read as a name."""
    return fill_in(form_texts(language)[key], values)


def fill_in(text: str, values: Mapping[str, object]) -> str:
    """Return a text with its `{names}` replaced in one pass: no value is ever read as a name."""
    parts = text.replace("}", "{").split("{")
    return "".join(str(values[part]) if place % 2 else part for place, part in enumerate(parts))
