"""The words of codebooks and review documents, in each language that a form can have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trustmeasure.questionnaires.codebook.model import Variable
from trustmeasure.questionnaires.texts import fill_in, require_form_language

_FILE = Path(__file__).with_name("texts.yaml")


@cache
def _all() -> Mapping[str, Mapping[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def own_words(language: str) -> Mapping[str, Any]:
    """Return key -> words in `language`; raise QuestionnaireError when there are none."""
    return _all()[require_form_language(language, tuple(_all()))]


def say(key: str, language: str, **values: object) -> str:
    """Return one text with its `{names}` replaced in one pass: no value is ever read as a name."""
    return fill_in(str(own_words(language)[key]), values)


def reason(missing: str, language: str) -> str:
    """Return why an answer is missing, in words; the reason's own name where there are none."""
    return str(own_words(language)["reasons"].get(missing, missing))


def remarks(variable: Variable, language: str) -> tuple[str, ...]:
    """Return what is to be known of a column besides its words and codes."""
    said = [_limits(variable, language)]
    if variable.pattern:
        said.append(say("matches", language, pattern=variable.pattern))
    if variable.reverse:
        said.append(say("reverse", language))
    if variable.expected is not None:
        said.append(say("expects", language, code=variable.expected))
    if variable.condition[language]:
        said.append(say("asked_if", language, condition=variable.condition[language]))
    return tuple(one for one in said if one)


def _limits(variable: Variable, language: str) -> str:
    if variable.level == "date":
        return say("is_date", language)
    if variable.level == "scale":
        bounds = {"minimum": variable.minimum, "maximum": variable.maximum}
        any_ = say("any", language)
        return say("limits_number", language, **{k: any_ if v is None else v for k, v in bounds.items()})
    if variable.level != "text":
        return ""
    if variable.longest is None:
        return say("is_text", language)
    return say("limits_text", language, longest=variable.longest)
