"""Model text -> tokens -> statements: comments removed, continued lines joined."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from trustmeasure.errors import ModelSyntaxError

# The operators that separate the two sides of a statement, longest first.
OPERATORS = ("=~", "~*~", "<~", "~~", ":=", "==", "<=", ">=", "~", "<", ">", "|")
_TOKEN = re.compile(
    r"""[^\S\n]*(?:[#!][^\n]*)?  # blanks and a comment before the token
      (?:(?P<name>[^\W\d][\w.]*)
      | (?P<operator>=~|~\*~|<~|~~|:=|==|<=|>=|~|<|>|\|)
      | (?P<newline>\n)
      | (?P<mark>\*\*|[-+*/^(),;:%?])
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<string>"[^"\n]*"|'[^'\n]*')
      | (?P<end>\Z)
      | (?P<strange>.))""",
    re.VERBOSE,
)
PARENTHESES = {"(": 1, ")": -1}
"""By how much a mark changes the depth."""
_OPENS_NEXT = frozenset("+*/^,(-?") | {"**"}


class Token(NamedTuple):
    """A piece of model text with its place (line and column from 1, offset from 0)."""

    kind: str
    text: str
    line: int
    column: int
    offset: int


@dataclass(frozen=True, slots=True)
class Source:
    """A model text that can show one of its places in an error."""

    text: str

    def line(self, number: int) -> str:
        """Return one line of the text, without its end."""
        lines = self.text.split("\n")
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def error(self, message: str, token: Token) -> ModelSyntaxError:
        """Return an error that points at `token`."""
        return ModelSyntaxError(
            message, line=token.line, column=token.column, source=self.line(token.line).rstrip()
        )


def tokenize(source: Source) -> list[Token]:
    """Return all tokens but blanks and comments; newlines stay, as they can end a statement."""
    tokens: list[Token] = []
    line, start, text = 1, 0, source.text
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "end"
        place, end = match.span(kind)
        if kind == "end":
            break
        token = Token(kind, text[place:end], line, place - start + 1, place)
        if kind == "strange":
            raise source.error(_strange(token.text), token)
        tokens.append(token)
        if kind == "newline":
            line, start = line + 1, end
    return tokens


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
        if token.kind in {"name", "number", "operator"}:
            current.append(token)
        elif token.text == ";" or (
            token.kind == "newline" and depth <= 0 and not _continues(current, tokens, position)
        ):
            found.append(current)
            current, depth = [], 0
        elif token.kind != "newline":
            depth += PARENTHESES.get(token.text, 0)
            current.append(token)
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
