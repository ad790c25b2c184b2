"""The fixed words of a report, in each language, from `words.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError

LANGUAGES = ("en", "zh")
FILES = ("words.yaml", "sentences.yaml", "quality.yaml")


@cache
def all_words() -> Mapping[str, Mapping[str, str]]:
    """Return key -> language -> text, of all files."""
    found: dict[str, Mapping[str, str]] = {}
    for name in FILES:
        file = Path(__file__).parent / name
        found.update(yaml.safe_load(file.read_text(encoding="utf-8")))
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes
    ----------
    language : {"en", "zh"}
        The language.

    Examples
    --------
    >>> Words("zh")("section.method")
    '方法说明'
    """

    language: str

    def __post_init__(self) -> None:
        one_of("language", self.language, LANGUAGES)

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key with its placeholders filled."""
        words = all_words()
        if key not in words:
            raise ArgumentError(f"The report has no words for '{key}'.")
        return words[key][self.language].format(**values)

    def has(self, key: str) -> bool:
        """Return whether there are words for a key."""
        return key in all_words()

    def listed(self, parts: list[str]) -> str:
        """Return texts as a list in a sentence: "a, b and c"."""
        if len(parts) < 2:
            return "".join(parts)
        comma, last = self("list.comma"), self("list.and")
        return f"{comma.join(parts[:-1])}{last}{parts[-1]}"

    def joined(self, sentences: list[str]) -> str:
        """Return sentences as one paragraph."""
        return ("" if self.language == "zh" else " ").join(sentences)
