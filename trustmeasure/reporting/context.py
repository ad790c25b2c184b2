"""What every section needs: the findings, the words, and the names of variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from trustmeasure.reporting.findings import Findings
from trustmeasure.reporting.frames import language_of
from trustmeasure.reporting.said import Said
from trustmeasure.reporting.words import Words


@dataclass(frozen=True)
class Context(Said):
    """The findings together with how they are said.

    Attributes
    ----------
    findings : Findings
        What was found.
    words : Words
        In which language it is said.
    """

    findings: Findings
    words: Words

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Construct id -> its name in the report's language."""
        return {
            construct.id: construct.label[language_of(instrument.language_tags, self.findings.language)]
            for instrument in self.findings.responses.instruments
            for construct in instrument.constructs
        }

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return self.findings.decimals

    @property
    def std(self) -> Literal["std_all", "std_lv"]:
        """Which standardised estimates are shown."""
        return self.findings.std

    def name(self, variable: str) -> str:
        """Return what a variable is called; its own name when no instrument knows it."""
        return self.names.get(variable, variable)

    def inner(self, variable: str) -> str:
        """Return what a variable is called inside a sentence: in English with a small first letter."""
        name = self.name(variable)
        is_word = name[1:2].islower() or name[1:2] == " "
        return name[:1].lower() + name[1:] if self.words.language == "en" and is_word else name
