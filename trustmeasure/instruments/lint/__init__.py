"""The linter of instrument files: wording, translation, typography and structure."""

from trustmeasure.instruments.lint.check import check_instruments
from trustmeasure.instruments.lint.model import Rule
from trustmeasure.instruments.lint.result import InstrumentCheck
from trustmeasure.instruments.lint.rules import RULES

__all__ = ["RULES", "InstrumentCheck", "Rule", "check_instruments"]
