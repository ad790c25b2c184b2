"""What the linter works on, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.schema import FileKind

Severity = Literal["error", "warning", "advice"]
Role = Literal["item", "stem", "question", "answer", "name", "prose", "words"]
ASKED: frozenset[Role] = frozenset({"item", "question"})
STATED: frozenset[Role] = frozenset({"item"})
READ: frozenset[Role] = frozenset({"item", "stem", "question", "answer"})


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language.

    Attributes
    ----------
    where : tuple
        Its place in the file, with the language tag at the end.
    tag : str
        The language tag.
    text : str
        The words, runs of blanks and line ends as one blank, blanks at the ends kept.
    role : str
        Which part it plays: "item", "stem", "question", "answer" (a label of a response scale), "name"
        (title, labels), "prose" (definitions, descriptions) or "words" (what stands for a placeholder).
    """

    where: Where
    tag: str
    text: str
    role: Role

    @property
    def language(self) -> str:
        """The language without region or script."""
        return self.tag.split("-")[0]


@dataclass(frozen=True, slots=True)
class File:
    """A file as the rules see it.

    Attributes
    ----------
    path : Path
        The file.
    name : str
        Id of the instrument, or the file's name without its ending.
    kind : {"instrument", "scales", "background"}
        What it holds.
    data : object
        Its data, which need not be well formed.
    texts : tuple of Text
        The texts of everything that is still asked.
    problems : tuple of Problem
        What makes it unfit to load.
    lines : mapping
        Place -> line.
    taken : mapping
        Column names of other files -> the file that has them.
    """

    path: Path
    name: str
    kind: FileKind
    data: object
    texts: tuple[Text, ...]
    problems: tuple[Problem, ...]
    lines: Mapping[Where, int]
    taken: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that breaks a rule, and how.

    Attributes
    ----------
    where : tuple
        The place.
    message : str
        What is wrong.
    remedy : str
        What to do, when it is not what the rule says.
    """

    where: Where
    message: str
    remedy: str = ""


Check = Callable[[File], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the linter.

    Attributes
    ----------
    id : str
        Its name, which exemptions use.
    severity : {"error", "warning", "advice"}
        How grave a breach is.
    about : str
        What the rule wants, for the documentation.
    remedy : str
        What to do about a breach.
    check : function
        File -> the breaches.
    firm : bool
        Whether no exemption can silence it.
    bad, good : mapping
        Language -> an example that breaks the rule, and one that keeps it.
    """

    id: str
    severity: Severity
    about: str
    remedy: str
    check: Check
    firm: bool = False
    bad: Mapping[str, str] = field(default_factory=FrozenMap)
    good: Mapping[str, str] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach of a rule in a file.

    Attributes
    ----------
    instrument : str
        Id of the instrument, or the file's name.
    where : tuple
        The place.
    line : int
        The line, 0 when unknown.
    rule, severity, message, remedy : str
        The rule, how grave it is, what is wrong, and what to do.
    """

    instrument: str
    where: Where
    line: int
    rule: str
    severity: Severity
    message: str
    remedy: str
