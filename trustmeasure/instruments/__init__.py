"""What is asked: instruments as data, loaded from YAML files that a non-programmer can read."""

from trustmeasure.instruments.content import ContentValidity, content_validity
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.placeholders import Placeholder
from trustmeasure.instruments.records import (
    Block,
    Change,
    Construct,
    Evidence,
    EvidenceStep,
    Form,
    Item,
    Language,
    MissingCode,
    ResponseScale,
    ScalePoint,
)
from trustmeasure.instruments.registry import list_instruments, load_instrument, load_scales
from trustmeasure.instruments.schema import instrument_schema, write_schema

__all__ = [
    "Block",
    "Change",
    "Construct",
    "ContentValidity",
    "Evidence",
    "EvidenceStep",
    "Form",
    "Instrument",
    "Item",
    "Language",
    "MissingCode",
    "Placeholder",
    "ResponseScale",
    "ScalePoint",
    "content_validity",
    "instrument_schema",
    "list_instruments",
    "load_instrument",
    "load_scales",
    "write_schema",
]
