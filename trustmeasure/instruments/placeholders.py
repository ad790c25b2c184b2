"""Words in the place of placeholders such as `{brand}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustmeasure.check import suggestion
from trustmeasure.errors import InstrumentError

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s)\s*$")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name in braces that stands for words which differ between surveys.

    Attributes
    ----------
    name : str
        The name without braces.
    description : mapping
        What to put in its place, per language.
    default : mapping
        The words that are used when nothing else is given, per language.
    """

    name: str
    description: Mapping[str, str]
    default: Mapping[str, str]


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders in `text`, in their order, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def fill(text: str, placeholders: Sequence[Placeholder], language: str, values: Mapping[str, str]) -> str:
    """Return `text` with each placeholder replaced by its value or its default in `language`.

    A default gets a capital letter where a sentence begins; a value that was given stays as it is.
    """
    known = {placeholder.name: placeholder for placeholder in placeholders}
    _check_values(values, tuple(known))

    def words(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in values:
            return values[name]
        if name not in known:
            raise InstrumentError(
                f"The placeholder {{{name}}} in {text!r} is not declared. {_allowed(name, known)}"
            )
        default = known[name].default[language]
        return _capital(default) if _SENTENCE_START.search(text[: match.start()]) else default

    return PLACEHOLDER.sub(words, text)


def _check_values(values: Mapping[str, str], known: tuple[str, ...]) -> None:
    for name, value in values.items():
        if name not in known:
            raise InstrumentError(f"There is no placeholder '{name}'. {_allowed(name, known)}")
        if not isinstance(value, str) or not value.strip():
            raise InstrumentError(
                f"The placeholder '{name}' got {value!r}; give the words to put in its place."
            )


def _allowed(name: str, known: Mapping[str, Placeholder] | tuple[str, ...]) -> str:
    return suggestion(name, list(known))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
