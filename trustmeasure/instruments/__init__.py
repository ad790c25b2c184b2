"""What is asked: instruments as data, loaded from YAML files that a non-programmer can read."""

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

__all__ = [
    "Block",
    "Change",
    "Construct",
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
]
