"""A small language for rules over the columns of a screening: comparisons joined by and, or, not.

    rule       = conjunction { "or" conjunction }
    conjunction = term { "and" term }
    term       = "not" term | "(" rule ")" | comparison
    comparison = column sign number | number sign column | flag column

Nothing is ever evaluated as code. A comparison with a missing index is neither true nor false: it leaves a
rule open unless the rest of it decides (Kleene's logic).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import nearest
from trustmeasure.errors import ArgumentError

Flags = npt.NDArray[np.bool_]
Truth = tuple[Flags, Flags]
"""For each row whether it is true, and whether it is false; neither when it is open."""

SIGNS: dict[str, Callable[[pd.Series, float], pd.Series]] = {
    ">=": lambda x, cut: x >= cut,
    "<=": lambda x, cut: x <= cut,
    ">": lambda x, cut: x > cut,
    "<": lambda x, cut: x < cut,
    "==": lambda x, cut: x == cut,
    "!=": lambda x, cut: x != cut,
}
TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "==", "!=": "!="}
WORDS = ("and", "or", "not")
_TOKEN = re.compile(
    r"\s*(?:(?P<sign>>=|<=|==|!=|>|<)|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<bracket>[()]))"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a rule: its kind, its text and where it starts, from 0."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read.

    Attributes
    ----------
    text : str
        As it was written.
    names : tuple of str
        The columns that it speaks of.
    truth : callable
        Returns for each row of a frame whether the rule is true, and whether it is false.
    """

    text: str
    names: tuple[str, ...]
    truth: Callable[[pd.DataFrame], Truth]

    def of(self, persons: pd.DataFrame) -> tuple[Flags, Flags]:
        """Return for each row whether the rule holds, and whether missing indices leave it open."""
        true, false = self.truth(persons)
        return true, ~true & ~false


def parse_rule(text: str, columns: Sequence[str]) -> Rule:
    """Return the rule that `text` says over `columns`.

    Raises
    ------
    ArgumentError
        For anything that is not understood, with the place in the text.
    """
    if not isinstance(text, str) or not text.strip():
        raise ArgumentError(
            "rule is empty. Write one such as 'flags >= 2' or 'long_string >= 12 and even_odd < 0.3'."
        )
    reader = _Reader(text, _tokens(text), tuple(columns))
    truth = reader.rule()
    if reader.now is not None:
        reader.refuse(f"'{reader.now.text}' is not expected here", "Join comparisons by and, or.")
    return Rule(text.strip(), tuple(dict.fromkeys(reader.names)), truth)


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while at < len(text.rstrip()):
        hit = _TOKEN.match(text, at)
        if hit is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise ArgumentError(
                f"rule, position {start + 1}: {text[start]!r} is not understood.\n  {text}\n  "
                f"{' ' * start}^\n"
                "Rules compare columns with numbers: >=, <=, >, <, ==, !=, joined by and, or, not, brackets."
            )
        kind = str(hit.lastgroup)
        word = hit.group(kind)
        found.append(Token("word" if word in WORDS else kind, word, hit.start(kind)))
        at = hit.end()
    return found


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, text: str, tokens: list[Token], columns: tuple[str, ...]) -> None:
        self.text, self.tokens, self.columns = text, tokens, columns
        self.place = 0
        self.names: list[str] = []

    @property
    def now(self) -> Token | None:
        """The token that is to be read; None at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, kind: str, text: str | None = None) -> Token | None:
        """Return the token and go on when it is of this kind (and text); None otherwise."""
        token = self.now
        if token is None or token.kind != kind or (text is not None and token.text != text):
            return None
        self.place += 1
        return token

    def refuse(self, what: str, remedy: str) -> NoReturn:
        """Raise ArgumentError pointing at the current token."""
        at = self.now.at if self.now is not None else len(self.text.rstrip())
        raise ArgumentError(f"rule, position {at + 1}: {what}. {remedy}\n  {self.text}\n  {' ' * at}^")

    def rule(self) -> Callable[[pd.DataFrame], Truth]:
        """Read terms joined by `or`."""
        parts = [self.conjunction()]
        while self.take("word", "or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else lambda frame: _either([p(frame) for p in parts])

    def conjunction(self) -> Callable[[pd.DataFrame], Truth]:
        """Read terms joined by `and`."""
        parts = [self.term()]
        while self.take("word", "and"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else lambda frame: _both([p(frame) for p in parts])

    def term(self) -> Callable[[pd.DataFrame], Truth]:
        """Read a comparison, a rule in brackets, or the opposite of a term."""
        if self.take("word", "not"):
            inner = self.term()
            return lambda frame: inner(frame)[::-1]
        if self.take("bracket", "("):
            whole = self.rule()
            if not self.take("bracket", ")"):
                self.refuse("a bracket is not closed", "Write ')' at its end.")
            return whole
        return self.comparison()

    def comparison(self) -> Callable[[pd.DataFrame], Truth]:
        """Read `column sign number`, `number sign column`, or the name of a flag."""
        first = self.take("name") or self.take("number")
        if first is None:
            self.refuse("a column or a number is expected", "Write such as 'flags >= 2'.")
        sign = self.take("sign")
        if sign is None:
            return self._flag(first)
        second = self.take("name") or self.take("number")
        if second is None or second.kind == first.kind:
            self.place -= second is not None
            self.refuse("a column is compared with a number", "Write such as 'irv < 0.5'.")
        name, cut = (first, second) if first.kind == "name" else (second, first)
        turned = sign.text if first.kind == "name" else TURNED[sign.text]
        return _compared(self._known(name), turned, float(cut.text))

    def _flag(self, token: Token) -> Callable[[pd.DataFrame], Truth]:
        if token.kind != "name" or not token.text.startswith("flag_"):
            self.refuse(f"'{token.text}' is compared with nothing", "Only flags stand alone.")
        return _compared(self._known(token), "!=", 0.0)

    def _known(self, token: Token) -> str:
        if token.text not in self.columns:
            hit = nearest(token.text, self.columns)
            near = f" Did you mean '{hit}'?" if hit else ""
            raise ArgumentError(
                f"rule, position {token.at + 1}: '{token.text}' is no column of the screening.{near} "
                f"Columns: {', '.join(self.columns)}."
            )
        self.names.append(token.text)
        return token.text


def _compared(name: str, sign: str, cut: float) -> Callable[[pd.DataFrame], Truth]:
    def truth(frame: pd.DataFrame) -> Truth:
        column = frame[name].astype(float)
        known = column.notna().to_numpy(dtype=bool)
        holds = SIGNS[sign](column, cut).to_numpy(dtype=bool)
        return known & holds, known & ~holds

    return truth


def _both(parts: Sequence[Truth]) -> Truth:
    return np.all([true for true, _ in parts], axis=0), np.any([false for _, false in parts], axis=0)


def _either(parts: Sequence[Truth]) -> Truth:
    return np.any([true for true, _ in parts], axis=0), np.all([false for _, false in parts], axis=0)
