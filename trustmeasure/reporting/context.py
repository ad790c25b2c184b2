"""What every section needs: the findings, the words, and the names of variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from trustmeasure.display import number, p_value
from trustmeasure.reporting.findings import Findings
from trustmeasure.reporting.frames import language_of
from trustmeasure.reporting.words import Words

NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Context:
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

    def name(self, variable: str) -> str:
        """Return what a variable is called; its own name when no instrument knows it."""
        return self.names.get(variable, variable)

    def inner(self, variable: str) -> str:
        """Return what a variable is called inside a sentence: in English with a small first letter."""
        name = self.name(variable)
        is_word = name[1:2].islower() or name[1:2] == " "
        return name[:1].lower() + name[1:] if self.words.language == "en" and is_word else name

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number for reading, a dash when it does not exist."""
        return number(float(value), self.findings.decimals if decimals is None else decimals) or "–"

    def p(self, value: float) -> str:
        """Return a probability for reading, a dash when it does not exist."""
        shown = p_value(float(value), max(self.findings.decimals, 3))
        return shown.removeprefix("0") or "–"

    def p_sentence(self, value: float) -> str:
        """Return a probability for use in a sentence: `p = .012` or `p < .001`."""
        shown = self.p(value)
        sign = "" if shown.startswith("<") else f"={NO_BREAK}"
        return f"p{NO_BREAK}{sign}{shown}".replace(" ", NO_BREAK)

    def interval(self, lower: float, upper: float) -> str:
        """Return both limits in brackets, a dash when they do not exist."""
        if lower != lower or upper != upper:
            return "–"
        return f"[{self.number(lower)}, {self.number(upper)}]"

    def percent(self, share: float, decimals: int = 1) -> str:
        """Return a share as a percentage without the sign."""
        return self.number(100 * share, decimals)

    def count(self, value: float) -> str:
        """Return a whole number for reading."""
        return number(float(value), 0) or "–"
