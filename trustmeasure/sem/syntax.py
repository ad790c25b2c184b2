"""Model text -> terms, definitions and constraints; every error has line and caret.

The language is lavaan's (Rosseel 2012, Journal of Statistical Software 48(2), section 3): `=~` is measured
by, `<~` is formed by, `~` is regressed on, `~~` varies or covaries with, `~ 1` has an intercept, `:=` is
defined as; an ordered variable has thresholds (`|`) and a response scale (`~*~`); `==`, `<` and `>` constrain
labelled parameters. What this version does not support is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from trustmeasure.errors import ModelSyntaxError
from trustmeasure.sem.expressions import Node, parse_tokens
from trustmeasure.sem.modifiers import (
    PLAIN,
    Modifier,
    Modifiers,
    blank_comments,
    combine,
    of_name,
    read_modifiers,
)
from trustmeasure.sem.plain import plain_lines
from trustmeasure.sem.tokens import PARENTHESES, Source, Token, statements, tokenize

UNSUPPORTED: Mapping[str, str] = {
    ">=": "`>=`; write `>`, which holds with equality too",
    "<=": "`<=`; write `<`, which holds with equality too",
}
UNSUPPORTED_BLOCKS: Mapping[str, str] = {
    "group": "blocks (`group:`); say group= to fit_sem, and c(...) for what differs between groups",
    "level": "several levels (`level:`)",
    "block": "blocks (`block:`)",
    "class": "latent classes (`class:`)",
}
VERBS: Mapping[str, str] = {"=~": "measured by", "~": "regressed on", "<~": "formed by"}
CONSTRAINTS = frozenset({"==", "<", ">"})


class Term(NamedTuple):
    """One relation of the model: `lhs op rhs` with its modifiers and its place in the text.

    `modifiers` has one entry that holds for every group, or (`c(...)`) one for each group.
    """

    lhs: str
    op: str
    rhs: str
    modifiers: tuple[Modifier, ...]
    token: Token

    def modifier(self, group: int) -> Modifier:
        """Return the modifier for a group, counted from 0."""
        return self.modifiers[group if len(self.modifiers) > 1 else 0]


@dataclass(frozen=True, slots=True)
class Definition:
    """One `name := expression` line."""

    name: str
    text: str
    expression: Node
    token: Token


@dataclass(frozen=True, slots=True)
class Constraint:
    """One `left == right`, `left < right` or `left > right` line.

    Attributes
    ----------
    lhs, rhs : str
        Both sides as written.
    kind : {"==", "<", ">"}
        The relation; `<` and `>` hold with equality too, as in lavaan.
    expression : Node
        What is zero (`==`) or not below zero (`<`, `>`): the difference of the sides.
    token : Token
        Where it stands.
    """

    lhs: str
    kind: str
    rhs: str
    expression: Node
    token: Token

    @property
    def text(self) -> str:
        """Return the line as written, blanks put in order."""
        return f"{self.lhs} {self.kind} {self.rhs}"


@dataclass(frozen=True, slots=True)
class ModelText:
    """A parsed model: terms, definitions and constraints in the order written."""

    source: Source
    terms: tuple[Term, ...]
    definitions: tuple[Definition, ...]
    constraints: tuple[Constraint, ...] = ()


def parse(text: str) -> ModelText:
    """Parse a model text.

    Parameters
    ----------
    text : str
        lavaan-style model text. Names may be in any script.

    Returns
    -------
    ModelText
        Terms (each relation once, modifiers merged), definitions and constraints.

    Raises
    ------
    ModelSyntaxError
        With line, column and a caret under the place.
    """
    source = Source(text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)
    return _of_plain_lines(source) or _of_tokens(source)


def _of_plain_lines(source: Source) -> ModelText | None:
    """Return the model of a text of plain lines; None for others, and where anything is wrong."""
    found = plain_lines(source.text)
    if found is None or not found[0]:
        return None
    terms = []
    for lhs, op, label, rhs, offset in found[0]:
        if lhs == rhs and op in VERBS:
            return None
        modifiers = (of_name(label),) if label else PLAIN
        terms.append(Term(lhs, op, rhs, modifiers, Token("name", rhs, offset)))
    try:
        definitions = [
            Definition(name, *_expression(source, tokenize(source, start, stop)), Token("name", name, offset))
            for name, offset, start, stop in found[1]
        ]
        return ModelText(source, tuple(_merged(source, terms)), tuple(definitions))
    except ModelSyntaxError:
        return None


def _of_tokens(source: Source) -> ModelText:
    """Return the model of any text, or raise."""
    terms: list[Term] = []
    definitions: list[Definition] = []
    constraints: list[Constraint] = []
    for tokens in statements(source):
        split = _operator(source, tokens)
        operator = tokens[split]
        if operator.text in UNSUPPORTED:
            raise source.error(f"This version does not support {UNSUPPORTED[operator.text]}.", operator)
        if operator.text == ":=":
            definitions.append(_definition(source, tokens, split))
        elif operator.text in CONSTRAINTS:
            constraints.append(_constraint(source, tokens, split))
        else:
            terms.extend(_terms(source, tokens[:split], operator, tokens[split + 1 :]))
    if not terms:
        raise source.error_at(
            "The model has no relation. Write at least one line such as 'f =~ x1 + x2 + x3'.", 0
        )
    return ModelText(source, tuple(_merged(source, terms)), tuple(definitions), tuple(constraints))


def _operator(source: Source, tokens: list[Token]) -> int:
    places = [i for i, token in enumerate(tokens) if token.kind == "operator"]
    if not places:
        _refuse_block(source, tokens)
        raise source.error("This line has no operator (=~, ~, ~~ or :=).", tokens[0])
    if len(places) > 1:
        raise source.error(
            f"A second operator '{tokens[places[1]].text}' in one statement. Start a new line.",
            tokens[places[1]],
        )
    if places[0] == 0:
        raise source.error(f"Nothing stands to the left of '{tokens[0].text}'.", tokens[0])
    if places[0] == len(tokens) - 1:
        raise source.error(f"Nothing stands to the right of '{tokens[-1].text}'.", tokens[-1])
    return places[0]


def _refuse_block(source: Source, tokens: list[Token]) -> None:
    """Raise for `group: 1` and the like."""
    first = tokens[0]
    if len(tokens) > 1 and tokens[1].text == ":" and first.text in UNSUPPORTED_BLOCKS:
        raise source.error(f"This version does not support {UNSUPPORTED_BLOCKS[first.text]}.", first)


def _definition(source: Source, tokens: list[Token], split: int) -> Definition:
    name = tokens[0]
    if split != 1 or name.kind != "name":
        raise source.error("The left side of ':=' must be one new name.", name)
    text, tree = _expression(source, tokens[split + 1 :])
    return Definition(name.text, text, tree, name)


def _constraint(source: Source, tokens: list[Token], split: int) -> Constraint:
    left, left_tree = _expression(source, tokens[:split])
    right, right_tree = _expression(source, tokens[split + 1 :])
    kind = tokens[split].text
    sides = (right_tree, left_tree) if kind == "<" else (left_tree, right_tree)
    return Constraint(left, kind, right, Node("operation", "-", sides), tokens[split])


def _expression(source: Source, tokens: list[Token]) -> tuple[str, Node]:
    """Return an expression as text in one line, and as a tree."""
    first, last = tokens[0], tokens[-1]
    text = blank_comments(source.text[first.offset : last.offset + len(last.text)])
    return " ".join(text.split()), parse_tokens(tokens, source.error_at)


def _terms(source: Source, left: list[Token], operator: Token, right: list[Token]) -> list[Term]:
    lefts = [_left_name(source, part) for part in _split_plus(source, left, operator)]
    found = []
    for part in _split_plus(source, right, operator):
        modifiers, variable = _right_term(source, part)
        for name in lefts:
            found.append(_term(source, name, operator, variable, modifiers))
    return found


def _split_plus(source: Source, tokens: list[Token], operator: Token) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        kind, text, _ = token
        if kind == "mark":
            depth += PARENTHESES.get(text, 0)
            if text == "+" and depth == 0:
                parts.append([])
                continue
        parts[-1].append(token)
    if not all(parts):
        place = next((t for t in tokens if t.text == "+"), operator)
        raise source.error("A variable is missing beside '+'.", place)
    return parts


def _left_name(source: Source, part: list[Token]) -> Token:
    if len(part) > 1 and part[0].text == "efa":
        raise source.error("This version does not support exploratory blocks (`efa(...)`).", part[0])
    if len(part) != 1 or part[0].kind != "name":
        raise source.error("The left side must be variable names, joined by '+' when several.", part[0])
    return part[0]


def _right_term(source: Source, part: list[Token]) -> tuple[Modifiers, Token]:
    if len(part) == 1 and part[0].kind == "name":
        return PLAIN, part[0]
    factors = _split_star(source, part)
    modifiers = read_modifiers(source, factors[:-1])
    variable = factors[-1]
    if len(variable) > 1:
        _refuse_product(source, variable)
    token = variable[0]
    if token.kind != "name" and token.text not in {"0", "1"}:
        raise source.error(f"'{token.text}' is not a variable name.", token)
    return modifiers, token


def _refuse_product(source: Source, variable: list[Token]) -> None:
    if variable[1].text == ":":
        raise source.error(
            "This version does not support interactions ('a:b'). Add the product as a column.", variable[1]
        )
    if variable[1].kind in {"name", "number"}:
        raise source.error(f"An operator or '+' is missing before '{variable[1].text}'.", variable[1])
    raise source.error(f"'{variable[1].text}' is not expected here.", variable[1])


def _split_star(source: Source, part: list[Token]) -> list[list[Token]]:
    """Split at `*` and `?` outside parentheses; a value before `?` is a start, so it keeps the mark."""
    factors: list[list[Token]] = [[]]
    depth = 0
    for token in part:
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "?":
            factors[-1].append(token)
        if token.text in {"*", "?"} and depth == 0:
            factors.append([])
        else:
            factors[-1].append(token)
    if any(not factor for factor in factors):
        star = next(t for t in part if t.text in {"*", "?"})
        raise source.error(f"Something is missing beside '{star.text}'.", star)
    return factors


def _term(source: Source, name: Token, operator: Token, variable: Token, modifiers: Modifiers) -> Term:
    if variable.kind == "number":
        return _intercept(source, name, operator, variable, modifiers)
    if operator.text in VERBS and name.text == variable.text:
        raise source.error(f"'{name.text}' cannot be {VERBS[operator.text]} itself.", variable)
    return Term(name.text, operator.text, variable.text, modifiers, variable)


def _intercept(source: Source, name: Token, operator: Token, variable: Token, modifiers: Modifiers) -> Term:
    if operator.text != "~":
        raise source.error(f"A number cannot stand alone after '{operator.text}'.", variable)
    if variable.text == "0":
        if modifiers != (Modifier(),):
            raise source.error("Write the intercept as '0*1'.", variable)
        modifiers = (Modifier(fixed=0.0),)
    return Term(name.text, "~1", "", modifiers, variable)


def _merged(source: Source, terms: list[Term]) -> list[Term]:
    merged: dict[tuple[str, str, str], Term] = {}
    for term in terms:
        key = (term.lhs, term.op, term.rhs)
        if term.op == "~~" and key not in merged:
            turned = (term.rhs, term.op, term.lhs)
            key = turned if turned in merged else key
        if key in merged:
            both = combine(source, merged[key].modifiers, term.modifiers, term.token)
            merged[key] = merged[key]._replace(modifiers=both)
        else:
            merged[key] = term
    return list(merged.values())
