"""How a document says things: in which language, with how many digits, under which names."""

from __future__ import annotations

from typing import Literal

from trustmeasure.display import number, p_value
from trustmeasure.reporting.words import Words

NO_BREAK = "\u00a0"
DASH = "–"


class Said:
    """What sections need of the document they stand in; the methods write numbers for reading.

    Attributes
    ----------
    words : Words
        The words of its language.
    """

    words: Words

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return 3

    @property
    def std(self) -> Literal["std_all", "std_lv"]:
        """Which standardised estimates are shown."""
        return "std_all"

    def name(self, variable: str) -> str:
        """Return what a variable is called."""
        return variable

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number for reading, a dash when it does not exist."""
        return number(float(value), self.decimals if decimals is None else decimals) or DASH

    def p(self, value: float) -> str:
        """Return a probability for reading, a dash when it does not exist."""
        shown = p_value(float(value), max(self.decimals, 3))
        return shown.removeprefix("0") or DASH

    def p_sentence(self, value: float) -> str:
        """Return a probability for use in a sentence: `p = .012` or `p < .001`."""
        shown = self.p(value)
        sign = "" if shown.startswith("<") else f"={NO_BREAK}"
        return f"p{NO_BREAK}{sign}{shown}".replace(" ", NO_BREAK)

    def interval(self, lower: float, upper: float) -> str:
        """Return both limits in brackets, a dash when they do not exist."""
        if lower != lower or upper != upper:
            return DASH
        return f"[{self.number(lower)}, {self.number(upper)}]"

    def percent(self, share: float, decimals: int = 1) -> str:
        """Return a share as a percentage without the sign."""
        return self.number(100 * share, decimals)

    def count(self, value: float) -> str:
        """Return a whole number for reading."""
        return self.number(value, 0)
