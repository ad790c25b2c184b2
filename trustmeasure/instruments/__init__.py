"""What is asked: instruments as data, loaded from YAML files that a non-programmer can read."""

from trustmeasure.instruments.background import (
    BackgroundQuestion,
    background_question,
    list_background_questions,
)
from trustmeasure.instruments.content import ContentValidity, content_validity
from trustmeasure.instruments.lint import InstrumentCheck, check_instruments
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.new import new_instrument
from trustmeasure.instruments.placeholders import Placeholder
from trustmeasure.instruments.reading_level import reading_level
from trustmeasure.instruments.records import (
    Block,
    Change,
    Construct,
    Context,
    Evidence,
    EvidenceStep,
    Form,
    Item,
    Language,
    MissingCode,
    ResponseScale,
    ScalePoint,
    Wave,
)
from trustmeasure.instruments.registry import list_instruments, load_instrument, load_scales
from trustmeasure.instruments.schema import instrument_schema, write_schema

__all__ = [
    "BackgroundQuestion",
    "Block",
    "Change",
    "Construct",
    "ContentValidity",
    "Context",
    "Evidence",
    "EvidenceStep",
    "Form",
    "Instrument",
    "InstrumentCheck",
    "Item",
    "Language",
    "MissingCode",
    "Placeholder",
    "ResponseScale",
    "ScalePoint",
    "Wave",
    "background_question",
    "check_instruments",
    "content_validity",
    "instrument_schema",
    "list_background_questions",
    "list_instruments",
    "load_instrument",
    "load_scales",
    "new_instrument",
    "reading_level",
    "write_schema",
]
