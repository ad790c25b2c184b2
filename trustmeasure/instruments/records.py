"""The small records that an instrument is made of.

Every text is a mapping from a language tag to the text, such as `{"en": "...", "zh": "..."}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trustmeasure.instruments.frozen import FrozenMap

Texts = Mapping[str, str]
Measurement = Literal["reflective", "formative"]
Scoring = Literal["mean", "sum"]
ChangeKind = Literal["typo", "wording", "meaning", "scale", "added", "retired"]
ItemStatus = Literal["active", "retired"]
TranslationStatus = Literal["drafted", "reviewed", "adjudicated", "pretested", "documented"]
EvidenceStatus = Literal[
    "developed",
    "content-validated",
    "piloted",
    "structurally-validated",
    "invariant",
    "criterion-validated",
]


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One answer of a response scale.

    Attributes
    ----------
    code : int
        The number that stands for the answer in the data.
    label : mapping
        The words of the answer per language.
    """

    code: int
    label: Texts


@dataclass(frozen=True, slots=True)
class MissingCode:
    """A code that stands for an answer that was not given.

    Attributes
    ----------
    code : int
        The number in the data, larger than every answer's code.
    label : mapping
        The words per language.
    reason : str
        Why the answer is missing, such as `"not-applicable"`.
    """

    code: int
    label: Texts
    reason: str


@dataclass(frozen=True, slots=True)
class ResponseScale:
    """The answers that may be given to an item, in their order.

    Attributes
    ----------
    id : str
        Name of the scale, such as `"agreement-7"`.
    points : tuple of ScalePoint
        The answers, codes ascending.
    missing : tuple of MissingCode
        The codes of answers that were not given.
    """

    id: str
    points: tuple[ScalePoint, ...]
    missing: tuple[MissingCode, ...] = ()

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of the answers, ascending."""
        return tuple(point.code for point in self.points)

    @property
    def minimum(self) -> int:
        """The smallest code of an answer."""
        return min(self.codes)

    @property
    def maximum(self) -> int:
        """The largest code of an answer."""
        return max(self.codes)

    @property
    def missing_codes(self) -> tuple[int, ...]:
        """The codes that mean that no answer was given."""
        return tuple(code.code for code in self.missing)

    def reverse(self, code: int) -> int:
        """Return the code of the answer at the other end: minimum + maximum - code."""
        return self.minimum + self.maximum - code

    def labels(self, language: str, *, missing: bool = False) -> dict[int, str]:
        """Return code -> label in `language`, with the missing codes when `missing` is true."""
        shown: tuple[ScalePoint | MissingCode, ...] = self.points + (self.missing if missing else ())
        return {entry.code: entry.label[language] for entry in shown}


@dataclass(frozen=True, slots=True)
class Construct:
    """What items measure.

    Attributes
    ----------
    id : str
        Name in data and models, such as `"competence"`.
    label, definition : mapping
        Name for readers, and what is meant, per language.
    measurement : {"reflective", "formative"}
        Whether the construct shows itself in the items or is made up of them.
    higher_order : str or None
        Id of the construct of which this one is a dimension.
    items : tuple of str
        Ids of its items; empty for a construct that is measured through dimensions.
    score : {"mean", "sum"}
        How answers become one score.
    sources : tuple of str
        The literature behind the definition, as full references.
    """

    id: str
    label: Texts
    definition: Texts
    measurement: Measurement = "reflective"
    higher_order: str | None = None
    items: tuple[str, ...] = ()
    score: Scoring = "mean"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed in an item.

    Attributes
    ----------
    version : str
        The instrument's version that brought the change.
    note : str
        What was changed and why.
    kind : {"typo", "wording", "meaning", "scale", "added", "retired"}
        What the change means for answers to older forms: after a change of meaning or scale they are answers
        to another question; after the others they are not.
    """

    version: str
    note: str
    kind: ChangeKind = "wording"


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question.

    Attributes
    ----------
    id : str
        Name of the column in the data, at most 20 characters.
    construct : str
        Id of the construct that it measures.
    scale : str
        Id of the response scale of its block.
    text : mapping
        The wording per language, with placeholders.
    reverse : bool
        True when agreement means less of the construct.
    status : {"active", "retired"}
        A retired item is no longer asked, and its id is never used again.
    source : str
        Where the wording comes from.
    changes : tuple of Change
        How the wording came to be what it is.
    """

    id: str
    construct: str
    scale: str
    text: Texts
    reverse: bool = False
    status: ItemStatus = "active"
    source: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Items that are shown together under one stem; layout, not scoring.

    Attributes
    ----------
    id : str
        Letters and digits only, because some platforms allow no underscore here.
    stem : mapping
        The words above the items, per language.
    items : tuple of str
        Ids of the items in their order.
    scale : str
        Id of the response scale that all its items share.
    randomise : bool
        Whether the items are shown in random order.
    waves : tuple of str
        Ids of the instrument's waves in which the block is asked; empty for all.
    shown_if : str
        Condition on which the block is asked, such as `complained == 1`; empty for always.
    """

    id: str
    stem: Texts
    items: tuple[str, ...]
    scale: str
    randomise: bool = True
    waves: tuple[str, ...] = ()
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A named selection of the items, such as a short form.

    Attributes
    ----------
    id : str
        Name of the form; `"long"` always means all items.
    label : mapping
        Name for readers, per language.
    items : tuple of str
        Ids of its items.
    """

    id: str
    label: Texts
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """A time at which an instrument is answered, such as before a crisis or right after it.

    Attributes
    ----------
    id : str
        Name of the wave: small letters, digits and hyphens.
    label : mapping
        Name for readers, per language.
    """

    id: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Context:
    """The wording for a sector: the same items, constructs and scales in other words.

    Attributes
    ----------
    id : str
        Name of the sector, such as `"finance"`.
    label : mapping
        Name for readers, per language.
    placeholders : mapping
        Placeholder -> the words that stand for it in this sector, per language.
    items : mapping
        Item id -> its wording in this sector, per language; items not named keep the general wording.
    stems : mapping
        Block id -> its stem in this sector, per language.
    """

    id: str
    label: Texts
    placeholders: Mapping[str, Texts] = field(default_factory=FrozenMap)
    items: Mapping[str, Texts] = field(default_factory=FrozenMap)
    stems: Mapping[str, Texts] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the instrument and how far its wording has come (TRAPD).

    Attributes
    ----------
    tag : str
        Language tag, such as `"zh"`.
    name : str
        The language's own name.
    status : str
        Last step done of translation, review, adjudication, pretesting, documentation: `"drafted"`,
        `"reviewed"`, `"adjudicated"`, `"pretested"` or `"documented"`.
    back_translation : bool
        Whether the wording was translated back and compared.
    note : str
        How the wording was made.
    """

    tag: str
    name: str
    status: TranslationStatus = "drafted"
    back_translation: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """One piece of evidence for the instrument.

    Attributes
    ----------
    status : str
        What the step shows, one of the statuses of `Evidence`.
    date : str
        Day of the analysis, as `2025-01-31`.
    n : int
        Number of people in the sample.
    country, language : str
        Where and in which language they answered.
    simulated : bool
        True for simulated answers: a check of the software, which never raises the status.
    figures : mapping
        Name of a figure -> its value.
    criteria : tuple of str
        The criteria that were applied.
    analysis_hash : str
        Hash of the analysis, so that it can be found again.
    """

    status: EvidenceStatus
    date: str
    n: int
    country: str = ""
    language: str = ""
    simulated: bool = False
    figures: Mapping[str, float] = field(default_factory=FrozenMap)
    criteria: tuple[str, ...] = ()
    analysis_hash: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far data support the instrument.

    Attributes
    ----------
    status : str
        `"developed"` until data show more.
    steps : tuple of EvidenceStep
        What was done, oldest first.
    """

    status: EvidenceStatus = "developed"
    steps: tuple[EvidenceStep, ...] = ()
