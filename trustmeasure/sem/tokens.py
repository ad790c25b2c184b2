"""Model text -> tokens -> statements: comments removed, continued lines joined."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from trustmeasure.errors import ModelSyntaxError

# The operators that separate the two sides of a statement, longest first.
OPERATORS = ("=~", "~*~", "<~", "~~", ":=", "==", "<=", ">=", "~", "<", ">", "|")
_TOKEN = re.compile(
    r"""([^\S\n]*(?:[#!][^\n]*)?)  # blanks and a comment before the token
      (?:([^\W\d][\w.]*  # a name
      | =~|~\*~|<~|~~|:=|==|<=|>=|~|<|>|\|  # an operator
      | \n
      | \*\*|[-+*/^(),;:%?]  # a mark
      | (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])  # a number
      | "[^"\n]*"|'[^'\n]*')  # a string
      | (\S?))  # what has no meaning, or the end""",
    re.VERBOSE,
)
_KINDS = {
    **dict.fromkeys(OPERATORS, "operator"),
    **dict.fromkeys(("**", *"-+*/^(),;:%?"), "mark"),
    "\n": "newline",
}
PARENTHESES = {"(": 1, ")": -1}
"""By how much a mark changes the depth."""
_OPENS_NEXT = frozenset("+*/^,(-?") | {"**"}


class Token(NamedTuple):
    """A piece of model text with its place: characters before it."""

    kind: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Source:
    """A model text that can show one of its places in an error."""

    text: str

    def error(self, message: str, token: Token) -> ModelSyntaxError:
        """Return an error that points at `token`."""
        return self.error_at(message, token.offset)

    def error_at(self, message: str, offset: int) -> ModelSyntaxError:
        """Return an error that points at the character behind `offset` others."""
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.text[start:].partition("\n")[0]
        number = self.text.count("\n", 0, start) + 1
        return ModelSyntaxError(message, line=number, column=offset - start + 1, source=line.rstrip())


def tokenize(source: Source, start: int = 0, stop: int | None = None) -> list[Token]:
    """Return all tokens but blanks and comments; newlines stay, as they can end a statement.

    `start` and `stop` are the first character, and the first one left out.
    """
    tokens: list[Token] = []
    offset = start
    for blank, text, strange in _TOKEN.findall(
        source.text, start, len(source.text) if stop is None else stop
    ):
        offset += len(blank)
        if not text:
            if strange:
                raise source.error_at(_strange(strange), offset)
            break
        tokens.append(Token(_KINDS.get(text) or _kind(text), text, offset))
        offset += len(text)
    return tokens


def _kind(text: str) -> str:
    """Return which kind of token it is that can have many texts."""
    first = text[0]
    if first.isalpha():
        return "name"
    if first in "\"'":
        return "string"
    return "number" if first.isdecimal() or first == "." else "name"


def _strange(character: str) -> str:
    known = {
        "～": "~",
        "＝": "=",
        "＋": "+",
        "＊": "*",
        "：": ":",
        "（": "(",
        "）": ")",
        "，": ",",
        "；": ";",
    }
    if character in known:
        return f"'{character}' is a full-width character; write '{known[character]}'."
    if character == ".":
        return (
            "A name starts with a letter. lavaan's numbered parameters ('.p2.') are not supported: give the "
            "parameters labels instead."
        )
    if character == "=":
        return "'=' is no operator. Use '=~' (is measured by), '~' (is regressed on) or ':=' (is defined as)."
    if character.isdigit():
        return "A name cannot start with a digit; rename the variable."
    return f"The character '{character}' has no meaning in a model."


def statements(source: Source) -> list[list[Token]]:
    """Return the tokens of each statement.

    A statement ends at `;` or at the end of a line, unless a parenthesis is open, the line ends with an
    operator, `+`, `*` or a comma, or the next line starts with one.
    """
    tokens = tokenize(source)
    found: list[list[Token]] = []
    current: list[Token] = []
    depth = 0
    for position, token in enumerate(tokens):
        kind, text, _ = token
        if kind == "newline":
            ends = depth <= 0 and not _continues(current, tokens, position)
        elif text == ";":
            ends = True
        else:
            current.append(token)
            depth += PARENTHESES.get(text, 0) if kind == "mark" else 0
            continue
        if ends:
            found.append(current)
            current, depth = [], 0
    found.append(current)
    return [statement for statement in found if statement]


def _continues(current: list[Token], tokens: list[Token], position: int) -> bool:
    if not current:
        return False
    last = current[-1]
    if last.kind == "operator" or last.text in _OPENS_NEXT:
        return True
    while position < len(tokens) and tokens[position].kind == "newline":
        position += 1
    following = tokens[position] if position < len(tokens) else None
    return following is not None and (
        following.kind == "operator" or following.text in {"+", "*", "/", "^", ")"}
    )
