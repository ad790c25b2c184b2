"""Texts as SurveyJS reads them: per language, as words or as HTML, and never as anything else."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from trustmeasure.questionnaires.texts import form_texts, words

Said = str | dict[str, str]
"""Text for all languages, or locale -> text."""

DEFAULT = "default"
WORD_JOINER = "\u2060"
_BRACED = re.compile(r"\{(?=[^{}]*\})")


def locale(tag: str) -> str:
    """Return SurveyJS's name of a language, such as `zh-cn`."""
    return form_texts(tag)["html"].lower()


def said(texts: Mapping[str, str], *, as_html: bool = False) -> Said:
    """Return a text in all its languages, safe from being read as a formula, or as HTML.

    Parameters
    ----------
    texts : mapping
        Language tag -> words.
    as_html : bool
        Whether SurveyJS shows the place as HTML; everywhere else it shows plain text.
    """
    safe = {tag: escaped(text) if as_html else plain(text) for tag, text in texts.items()}
    return localised(safe)


def localised(texts: Mapping[str, str]) -> Said:
    """Return texts under SurveyJS's names of the languages; one language stands alone.

    English, or the first language where there is no English, is the one that SurveyJS falls back to.
    """
    first, *others = texts
    if not others:
        return texts[first]
    fallback = "en" if "en" in texts else first
    return {DEFAULT if tag == fallback else locale(tag): text for tag, text in texts.items()}


def own(key: str, tags: tuple[str, ...], **values: object) -> dict[str, str]:
    """Return words of the form itself, language tag -> text."""
    return {tag: words(key, tag, **values) for tag in tags}


def plain(text: str) -> str:
    """Return text in which SurveyJS finds no variable: an invisible word joiner parts brace and name."""
    return _BRACED.sub("{" + WORD_JOINER, text)


def escaped(text: str) -> str:
    """Return text as HTML: signs escaped, braces too, lines kept."""
    safe = html.escape(text).replace("{", "&#123;").replace("}", "&#125;")
    return safe.replace("\n", "<br>")
