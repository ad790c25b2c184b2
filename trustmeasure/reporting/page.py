"""What stands around the sections of a document: title, language, people, marks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from trustmeasure.reporting.words import Words


@dataclass(frozen=True)
class Page:
    """The frame of a document, whatever its sections are.

    Attributes
    ----------
    title : str
        The title.
    language : {"en", "zh"}
        The language of its words.
    authors : tuple of str
        Who is responsible.
    made : str
        One line on when and from what it was made.
    simulated : bool
        Whether any of its numbers rest on simulated answers; said at the top.
    version : str
        The version of trustmeasure that made it.
    """

    title: str
    language: str
    authors: tuple[str, ...] = ()
    made: str = ""
    simulated: bool = False
    version: str = ""

    @cached_property
    def words(self) -> Words:
        """The words of its language."""
        return Words(self.language)
