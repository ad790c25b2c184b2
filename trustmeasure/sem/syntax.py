"""Model text -> terms and definitions; every error has line and caret.

The language is lavaan's (Rosseel 2012, Journal of Statistical Software 48(2), section 3): `=~` is measured
by, `~` is regressed on, `~~` varies or covaries with, `~ 1` has an intercept, `:=` is defined as. What this
version does not support is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from trustmeasure.sem.expressions import Node, parse_expression
from trustmeasure.sem.tokens import Source, Token, statements

UNSUPPORTED: Mapping[str, str] = {
    "<~": "formative measurement (`<~`)",
    "==": "an equality constraint (`==`); give both parameters the same label instead",
    "<": "an inequality constraint (`<`)",
    ">": "an inequality constraint (`>`)",
    "|": "thresholds (`|`)",
    "~*~": "response scales (`~*~`)",
}
UNSUPPORTED_CALLS: Mapping[str, str] = {
    "equal": "`equal(...)`; give both parameters the same label instead",
    "efa": "exploratory blocks (`efa(...)`)",
    "prior": "priors (`prior(...)`)",
    "rv": "random slopes (`rv(...)`)",
    "lower": "bounds (`lower(...)`)",
    "upper": "bounds (`upper(...)`)",
}


@dataclass(frozen=True, slots=True)
class Modifier:
    """What stands before `*`: a fixed value, NA (free), a label or a starting value."""

    fixed: float | None = None
    free: bool = False
    label: str | None = None
    start: float | None = None


Modifiers = tuple[Modifier, ...]


@dataclass(frozen=True, slots=True)
class Term:
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
class ModelText:
    """A parsed model: terms and definitions in the order written."""

    source: Source
    terms: tuple[Term, ...]
    definitions: tuple[Definition, ...]


def parse(text: str) -> ModelText:
    """Parse a model text.

    Parameters
    ----------
    text : str
        lavaan-style model text. Names may be in any script.

    Returns
    -------
    ModelText
        Terms (each relation once, modifiers merged) and definitions.

    Raises
    ------
    ModelSyntaxError
        With line, column and a caret under the place.
    """
    source = Source(text.replace("\r\n", "\n").replace("\r", "\n"))
    terms: list[Term] = []
    definitions: list[Definition] = []
    for tokens in statements(source):
        split = _operator(source, tokens)
        operator = tokens[split]
        if operator.text in UNSUPPORTED:
            raise source.error(f"This version does not support {UNSUPPORTED[operator.text]}.", operator)
        if operator.text == ":=":
            definitions.append(_definition(source, tokens, split))
        else:
            terms.extend(_terms(source, tokens[:split], operator, tokens[split + 1 :]))
    if not terms:
        last = Token("", "", 1, 1, 0)
        raise source.error(
            "The model has no relation. Write at least one line such as 'f =~ x1 + x2 + x3'.", last
        )
    return ModelText(source, tuple(_merged(source, terms)), tuple(definitions))


def _operator(source: Source, tokens: list[Token]) -> int:
    places = [i for i, token in enumerate(tokens) if token.kind == "operator"]
    if not places:
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


def _definition(source: Source, tokens: list[Token], split: int) -> Definition:
    name, right = tokens[0], tokens[split + 1 :]
    if split != 1 or name.kind != "name":
        raise source.error("The left side of ':=' must be one new name.", name)
    first, last = right[0], right[-1]
    text = _without_comments(source.text[first.offset : last.offset + len(last.text)])
    tree = parse_expression(text, line=first.line, column=first.column, source=source.line(first.line))
    return Definition(name.text, " ".join(text.split()), tree, name)


def _without_comments(text: str) -> str:
    """Blank comments and line ends, so that every character keeps its place."""
    return re.sub(r"[#!][^\n]*", lambda found: " " * len(found[0]), text).replace("\n", " ")


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
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "+" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if any(not part for part in parts):
        place = next((t for t in tokens if t.text == "+"), operator)
        raise source.error("A variable is missing beside '+'.", place)
    return parts


def _left_name(source: Source, part: list[Token]) -> Token:
    if len(part) != 1 or part[0].kind != "name":
        raise source.error("The left side must be variable names, joined by '+' when several.", part[0])
    return part[0]


def _right_term(source: Source, part: list[Token]) -> tuple[Modifiers, Token]:
    modifiers: Modifiers = (Modifier(),)
    factors = _split_star(source, part)
    for factor in factors[:-1]:
        modifiers = _combine_all(source, modifiers, _modifiers(source, factor), factor[0])
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
    """Split at `*` and `?`; a value before `?` is a start, so it keeps the mark."""
    factors: list[list[Token]] = [[]]
    for token in part:
        if token.text == "?":
            factors[-1].append(token)
        if token.text in {"*", "?"}:
            factors.append([])
        else:
            factors[-1].append(token)
    if any(not factor for factor in factors):
        star = next(t for t in part if t.text in {"*", "?"})
        raise source.error(f"Something is missing beside '{star.text}'.", star)
    return factors


def _modifiers(source: Source, tokens: list[Token]) -> Modifiers:
    """Return the modifier of one factor, for all groups or (`c(...)`, `start(c(...))`) for each."""
    last = tokens[-1].text
    start = last == "?" or (tokens[0].text == "start" and len(tokens) > 1)
    inside = tokens[:-1] if last == "?" else (tokens[2:-1] if start else tokens)
    if not (inside and inside[0].text == "c" and len(inside) > 1 and inside[1].text == "("):
        return (_modifier(source, tokens),)
    if inside[-1].text != ")":
        raise source.error("A closing parenthesis is missing.", inside[-1])
    parts = _split_comma(source, inside[2:-1], inside[0])
    if start:
        return tuple(_start(source, part, part[0]) for part in parts)
    return tuple(_modifier(source, part) for part in parts)


def _split_comma(source: Source, tokens: list[Token], place: Token) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    if any(not part for part in parts):
        raise source.error("A value is missing inside c(...).", place)
    return parts


def _combine_all(source: Source, first: Modifiers, second: Modifiers, token: Token) -> Modifiers:
    size = max(len(first), len(second))
    if len({len(first), len(second), size} - {1}) > 1:
        raise source.error("The modifiers of one parameter are for different numbers of groups.", token)
    wide = [m * size if len(m) == 1 else m for m in (first, second)]
    return tuple(_combine(source, a, b, token) for a, b in zip(*wide, strict=True))


def _modifier(source: Source, tokens: list[Token]) -> Modifier:
    if tokens[-1].text == "?":
        return _start(source, tokens[:-1], tokens[0])
    sign, rest = _sign(tokens)
    first = rest[0] if rest else tokens[0]
    if len(rest) == 1 and first.kind == "number":
        return Modifier(fixed=sign * float(first.text))
    if len(rest) == 1 and first.kind == "name" and len(tokens) == 1:
        return Modifier(free=True) if first.text == "NA" else Modifier(label=first.text)
    if len(rest) == 1 and first.kind == "string":
        return Modifier(label=_label_in_quotes(source, first))
    if len(rest) > 1 and first.kind == "name" and rest[1].text == "(":
        return _call(source, first, rest[2:-1], rest[-1])
    raise source.error("A modifier is a number, NA, a label or start(number).", first)


def _sign(tokens: list[Token]) -> tuple[float, list[Token]]:
    sign, rest = 1.0, tokens
    while rest and rest[0].text == "-":
        sign, rest = -sign, rest[1:]
    return sign, rest


def _label_in_quotes(source: Source, token: Token) -> str:
    label = token.text[1:-1].strip()
    if not label:
        raise source.error("An empty label.", token)
    return label


def _call(source: Source, name: Token, inside: list[Token], last: Token) -> Modifier:
    if name.text in UNSUPPORTED_CALLS:
        raise source.error(f"This version does not support {UNSUPPORTED_CALLS[name.text]}.", name)
    if last.text != ")":
        raise source.error("A closing parenthesis is missing.", last)
    if name.text == "start":
        return _start(source, inside, name)
    if name.text == "label" and len(inside) == 1 and inside[0].kind == "string":
        return Modifier(label=_label_in_quotes(source, inside[0]))
    raise source.error(
        f"The modifier '{name.text}(...)' is not known or its argument is wrong. "
        'Use start(number) or label("name").',
        name,
    )


def _start(source: Source, inside: list[Token], place: Token) -> Modifier:
    sign, value = _sign(inside)
    if len(value) == 1 and value[0].kind == "number":
        return Modifier(start=sign * float(value[0].text))
    raise source.error("A starting value is one number: start(0.5)*x or 0.5?x.", place)


def _combine(source: Source, first: Modifier, second: Modifier, token: Token) -> Modifier:
    if (first.fixed is not None and second.fixed is not None and first.fixed != second.fixed) or (
        first.label and second.label and first.label != second.label
    ):
        raise source.error("The same parameter has two different fixed values or labels.", token)
    if (first.free and second.fixed is not None) or (second.free and first.fixed is not None):
        raise source.error("The same parameter is both fixed and free (NA).", token)
    return Modifier(
        fixed=second.fixed if first.fixed is None else first.fixed,
        free=first.free or second.free,
        label=first.label or second.label,
        start=second.start if first.start is None else first.start,
    )


def _term(source: Source, name: Token, operator: Token, variable: Token, modifiers: Modifiers) -> Term:
    if variable.kind == "number":
        return _intercept(source, name, operator, variable, modifiers)
    if operator.text in {"=~", "~"} and name.text == variable.text:
        verb = "measured by" if operator.text == "=~" else "regressed on"
        raise source.error(f"'{name.text}' cannot be {verb} itself.", variable)
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
        turned = (term.rhs, term.op, term.lhs)
        if term.op == "~~" and turned in merged:
            key = turned
        if key in merged:
            both = _combine_all(source, merged[key].modifiers, term.modifiers, term.token)
            merged[key] = replace(merged[key], modifiers=both)
        else:
            merged[key] = term
    return list(merged.values())
