"""What stands before `*` in a model text: fixed values, NA, labels, starts, `equal()` and bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from trustmeasure.sem.expressions import FUNCTIONS, evaluate, parse_text
from trustmeasure.sem.tokens import Source, Token

UNSUPPORTED_CALLS: Mapping[str, str] = {
    "efa": "exploratory blocks (`efa(...)`)",
    "prior": "priors (`prior(...)`)",
    "rv": "random slopes (`rv(...)`)",
}
_ARITHMETIC = frozenset("+-*/^()") | {"**"}


class Modifier(NamedTuple):
    """What stands before `*`.

    Attributes
    ----------
    fixed : float or None
        A fixed value.
    free : bool
        Whether NA frees the parameter.
    label : str or None
        Its name.
    start : float or None
        Its starting value.
    equal : str or None
        The relation, such as "f=~x2" (with ".g2" behind it in group 2), that it is the same as.
    lower, upper : float
        Its bounds.
    """

    fixed: float | None = None
    free: bool = False
    label: str | None = None
    start: float | None = None
    equal: str | None = None
    lower: float = -np.inf
    upper: float = np.inf


Modifiers = tuple[Modifier, ...]
PLAIN: Modifiers = (Modifier(),)
"""Nothing stands before the variable."""
Reader = Callable[[Source, list[Token], Token], Modifier]


def read_modifiers(source: Source, factors: Sequence[list[Token]]) -> Modifiers:
    """Return the modifiers of one term, for all groups or (`c(...)`) for each.

    Parameters
    ----------
    source : Source
        The model text.
    factors : sequence of lists of Token
        What stands before each `*` (or, with the mark behind it, before a `?`).

    Raises
    ------
    ModelSyntaxError
        For what is no modifier, and for modifiers that contradict each other.
    """
    if len(factors) > 1:
        plain = [t for factor in factors for t in factor]
        if all(t.kind == "number" or t.text in _ARITHMETIC for t in plain):
            return (Modifier(fixed=_constant(source, plain)),)
    found = PLAIN
    for factor in factors:
        own = _of_factor(source, factor)
        found = own if found is PLAIN else combine(source, found, own, factor[0])
    return found


def combine(source: Source, first: Modifiers, second: Modifiers, token: Token) -> Modifiers:
    """Return two sets of modifiers of one parameter as one; raise when they contradict each other."""
    size = max(len(first), len(second))
    if len({len(first), len(second), size} - {1}) > 1:
        raise source.error("The modifiers of one parameter are for different numbers of groups.", token)
    wide = [m * size if len(m) == 1 else m for m in (first, second)]
    return tuple(_both(source, a, b, token) for a, b in zip(*wide, strict=True))


def _both(source: Source, first: Modifier, second: Modifier, token: Token) -> Modifier:
    if _differ(first.fixed, second.fixed) or _differ(first.label, second.label):
        raise source.error("The same parameter has two different fixed values or labels.", token)
    if _differ(first.equal, second.equal):
        raise source.error("The same parameter has two different equal(...).", token)
    if (first.free and second.fixed is not None) or (second.free and first.fixed is not None):
        raise source.error("The same parameter is both fixed and free (NA).", token)
    both = Modifier(
        fixed=second.fixed if first.fixed is None else first.fixed,
        free=first.free or second.free,
        label=first.label or second.label,
        start=second.start if first.start is None else first.start,
        equal=first.equal or second.equal,
        lower=max(first.lower, second.lower),
        upper=min(first.upper, second.upper),
    )
    if both.lower > both.upper:
        raise source.error(f"The lower bound {both.lower:g} lies above the upper one {both.upper:g}.", token)
    return both


def _differ(a: object, b: object) -> bool:
    return a is not None and b is not None and a != b


def _of_factor(source: Source, tokens: list[Token]) -> Modifiers:
    """Return the modifier of one factor, for all groups or (`c(...)`, `start(c(...))`) for each."""
    if tokens[-1].text == "?":
        return _each(source, tokens[:-1], tokens[0], _start)
    first = tokens[0]
    if first.kind == "name" and len(tokens) > 1 and tokens[1].text == "(" and first.text != "c":
        if first.text in UNSUPPORTED_CALLS:
            raise source.error(f"This version does not support {UNSUPPORTED_CALLS[first.text]}.", first)
        if first.text in CALLS:
            _require_close(source, tokens)
            return _each(source, tokens[2:-1], first, CALLS[first.text])
    return _each(source, tokens, first, _plain)


def _each(source: Source, tokens: list[Token], place: Token, reader: Reader) -> Modifiers:
    """Read one value, or one for each group from `c(...)`."""
    if not (tokens and tokens[0].text == "c" and len(tokens) > 1 and tokens[1].text == "("):
        return (reader(source, tokens, place),)
    _require_close(source, tokens)
    return tuple(reader(source, part, part[0]) for part in _split_comma(source, tokens[2:-1], tokens[0]))


def _require_close(source: Source, tokens: list[Token]) -> None:
    if tokens[-1].text != ")":
        raise source.error("A closing parenthesis is missing.", tokens[-1])


def _split_comma(source: Source, tokens: list[Token], place: Token) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if any(not part for part in parts):
        raise source.error("A value is missing inside c(...).", place)
    return parts


def _plain(source: Source, tokens: list[Token], place: Token) -> Modifier:
    """Read a number, arithmetic with numbers, NA or a label."""
    if len(tokens) == 1 and place.kind == "name":
        return of_name(place.text)
    if len(tokens) == 1 and place.kind == "string":
        return Modifier(label=_quoted(source, place))
    if len(tokens) > 1 and place.kind == "name" and tokens[1].text == "(":
        _require_close(source, tokens)
        if _is_constant(tokens) and place.text in FUNCTIONS:
            return Modifier(fixed=_constant(source, tokens))
        raise source.error(
            f"The modifier '{place.text}(...)' is not known or its argument is wrong. Use start(number), "
            'label("name"), equal("f=~x2"), lower(number) or upper(number).',
            place,
        )
    if _is_constant(tokens):
        return Modifier(fixed=_constant(source, tokens))
    raise source.error("A modifier is a number, NA, a label or start(number).", place)


def of_name(name: str) -> Modifier:
    """Return what a name before `*` means: a label, or that the parameter is free."""
    return Modifier(free=True) if name == "NA" else Modifier(label=name)


def _is_constant(tokens: list[Token]) -> bool:
    """Return whether the tokens are arithmetic with numbers, such as `1/3` or `sqrt(2)`."""
    follows = [*(t.text for t in tokens[1:]), ""]
    return all(
        t.kind == "number" or t.text in _ARITHMETIC or (t.kind == "name" and after == "(")
        for t, after in zip(tokens, follows, strict=True)
    ) and any(t.kind == "number" for t in tokens)


def _constant(source: Source, tokens: list[Token]) -> float:
    first, last = tokens[0], tokens[-1]
    text = blank_comments(source.text[first.offset : last.offset + len(last.text)])
    tree = parse_text(text, lambda message, at: source.error_at(message, first.offset + at))
    with np.errstate(all="ignore"):
        value = float(evaluate(tree, {}))
    if not np.isfinite(value):
        raise source.error(f"'{text}' is not a finite number.", first)
    return value


def blank_comments(text: str) -> str:
    """Blank comments and line ends, so that every character keeps its place."""
    if "#" in text or "!" in text:
        text = re.sub(r"[#!][^\n]*", lambda found: " " * len(found[0]), text)
    return text.replace("\n", " ")


def _number(source: Source, tokens: list[Token], place: Token, message: str) -> float:
    if not tokens or not _is_constant(tokens):
        raise source.error(message, place)
    return _constant(source, tokens)


def _start(source: Source, tokens: list[Token], place: Token) -> Modifier:
    message = "A starting value is one number: start(0.5)*x or 0.5?x."
    if len(tokens) == 1 and tokens[0].text == "NA":
        return Modifier()
    return Modifier(start=_number(source, tokens, place, message))


def _lower(source: Source, tokens: list[Token], place: Token) -> Modifier:
    return Modifier(lower=_bound(source, tokens, place))


def _upper(source: Source, tokens: list[Token], place: Token) -> Modifier:
    return Modifier(upper=_bound(source, tokens, place))


def _bound(source: Source, tokens: list[Token], place: Token) -> float:
    return _number(source, tokens, place, "A bound is one number: lower(0)*x or upper(1)*x.")


def _label(source: Source, tokens: list[Token], place: Token) -> Modifier:
    if len(tokens) != 1 or tokens[0].kind != "string":
        raise source.error('A label is one text in quotes: label("a")*x.', place)
    return Modifier(label=_quoted(source, tokens[0]))


def _equal(source: Source, tokens: list[Token], place: Token) -> Modifier:
    if len(tokens) != 1 or tokens[0].kind != "string":
        raise source.error('equal(...) names one relation in quotes: equal("f=~x2")*x3.', place)
    return Modifier(equal="".join(_quoted(source, tokens[0]).split()))


def _quoted(source: Source, token: Token) -> str:
    inside = token.text[1:-1].strip()
    if not inside:
        raise source.error("An empty label.", token)
    return inside


CALLS: Mapping[str, Reader] = {
    "start": _start,
    "label": _label,
    "equal": _equal,
    "lower": _lower,
    "upper": _upper,
}
