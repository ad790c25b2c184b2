"""Cutting a model text down to its measurement part."""

from __future__ import annotations

from trustmeasure.sem.tokens import Source, Token, statements

SIDES = ("~~", "~")


def measurement_text(text: str) -> str:
    r"""Return the measurement part of a model: all constructs correlate, none explains another.

    Statements are taken over as they are written: every `=~`, and those `~~` and `~ 1` in which only
    indicators and constructs occur. Regressions and `:=` lines are left out.

    Parameters
    ----------
    text : str
        A model text without mistakes.

    Returns
    -------
    str
        Model text; empty when the model measures nothing.

    Examples
    --------
    >>> measurement_text("f =~ a + b + c; g =~ d + e + h; g ~ p*f; t := p*2")
    'f =~ a + b + c\ng =~ d + e + h\n'
    """
    source = Source(text.replace("\r\n", "\n").replace("\r", "\n"))
    found = statements(source)
    measured = {name for tokens in found if _operator(tokens) == "=~" for name in _names(tokens)}
    kept = [tokens for tokens in found if _belongs(tokens, measured)]
    return "".join(f"{_written(tokens)}\n" for tokens in kept)


def _operator(tokens: list[Token]) -> str:
    return next((token.text for token in tokens if token.kind == "operator"), "")


def _names(tokens: list[Token]) -> set[str]:
    """Return the variables of a statement: names that are neither modifiers nor functions."""
    follows = [*tokens[1:], None]
    return {
        token.text
        for token, after in zip(tokens, follows, strict=True)
        if token.kind == "name" and (after is None or after.text not in ("*", "("))
    }


def _belongs(tokens: list[Token], measured: set[str]) -> bool:
    operator = _operator(tokens)
    if operator == "~":
        return tokens[-1].text in {"0", "1"} and _names(tokens) <= measured
    if operator in {"|", "~*~"}:
        lhs = tokens[: [token.text for token in tokens].index(operator)]
        return _names(lhs) <= measured
    return operator == "=~" or (operator == "~~" and _names(tokens) <= measured)


def _written(tokens: list[Token]) -> str:
    """Return a statement on one line; modifiers stay close to their variable."""
    words = " ".join(token.text for token in tokens)
    return words.replace(" * ", "*").replace("( ", "(").replace(" )", ")").replace(" (", "(")
