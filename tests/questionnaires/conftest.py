"""Small instruments made by hand, so that these tests do not hang on the shipped wording."""

from __future__ import annotations

import pytest

from tests.questionnaires.examples import instrument
from trustmeasure.questionnaires import Questionnaire


@pytest.fixture
def small() -> Questionnaire:
    """Two instruments, two languages, one scale in words and one of numbers."""
    return Questionnaire.compose([instrument("first"), instrument("second", scale="likely")], brand="Acme")
