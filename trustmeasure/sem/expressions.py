"""Arithmetic of `:=` lines: text -> tree -> values and exact derivatives.

An expression is parsed into a small tree of our own (nothing is ever passed to `eval`), evaluated on whole
batches, and differentiated by the complex step (Squire & Trapp 1998, SIAM Review 40(1), 110-112), which is
exact to rounding because every function allowed here is analytic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustmeasure.check import suggestion
from trustmeasure.errors import ModelSyntaxError

FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    # |x| written so that a complex step passes through it; NumPy's abs would return the modulus.
    "abs": lambda x: np.where(np.real(x) < 0, -x, x),
}
OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
MARKS = frozenset("-+*/^()") | {"**"}
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}
"""How much operations bind what stands beside them."""
STEP = 1e-30
"""Complex step."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d][\w.]*)|(?P<mark>\*\*|[-+*/^()]))"
)

Piece = tuple[str, str, int]
"""A token: its kind, its text and its position."""
MakeError = Callable[[str, int], ModelSyntaxError]


class Node(NamedTuple):
    """A part of an expression.

    Attributes
    ----------
    kind : {"number", "name", "call", "operation"}
        What the part is.
    value : float or str
        The number, the name, or the function or operation mark.
    children : tuple of Node
        What a call or an operation is applied to.
    """

    kind: str
    value: float | str
    children: tuple[Node, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Return the parameter names in the expression, each once, in order of appearance."""
        if not self.children:
            return (str(self.value),) if self.kind == "name" else ()
        return tuple(dict.fromkeys([name for child in self.children for name in child.names()]))


class _Parser:
    """Precedence climbing over the tokens of one expression (+ - bind less than * /, then unary -, then ^).

    Attributes
    ----------
    tokens : list of (kind, text, position)
        The tokens; the last has no text and stands at the end of the expression.
    error : callable
        Makes the error of a message and a position.
    """

    def __init__(self, tokens: Sequence[Piece], error: MakeError) -> None:
        _, text, position = tokens[-1] if tokens else ("", "", 0)
        self.tokens = [*tokens, ("", "", position + len(text))]
        self.error = error
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1]

    def take(self) -> Piece:
        found = self.tokens[self.at]
        if not found[1]:
            raise self.error("The expression ends too early.", found[2])
        self.at += 1
        return found

    def parse(self) -> Node:
        tree = self.sum()
        _, text, position = self.tokens[self.at]
        if text:
            raise self.error(f"'{text}' is not expected here.", position)
        return tree

    def sum(self, least: int = 1) -> Node:
        """Return the operations from here on that bind at least as much as `least`: 1 sums, 2 products."""
        tree = self.signed()
        while (binds := BINDS.get(mark := self.peek(), 0)) >= least:
            self.at += 1
            tree = Node("operation", mark, (tree, self.sum(binds + 1)))
        return tree

    def signed(self) -> Node:
        kind, text, _ = self.tokens[self.at]
        if kind != "mark" or text not in {"-", "+"}:
            return self.power()
        self.at += 1
        return Node("operation", "-", (Node("number", 0.0), self.signed())) if text == "-" else self.signed()

    def power(self) -> Node:
        base = self.atom()
        if self.peek() in {"^", "**"}:
            self.at += 1
            return Node("operation", "^", (base, self.signed()))
        return base

    def atom(self) -> Node:
        kind, text, position = self.take()
        if kind == "name":
            return self.call(text, position) if self.peek() == "(" else Node("name", text)
        if kind == "number":
            return Node("number", float(text))
        if text == "(":
            inner = self.sum()
            self.close()
            return inner
        raise self.error(f"'{text}' is not expected here.", position)

    def call(self, name: str, position: int) -> Node:
        if name not in FUNCTIONS:
            raise self.error(
                f"The function '{name}' is not known. {suggestion(name, list(FUNCTIONS))}", position
            )
        self.take()
        inner = self.sum()
        self.close()
        return Node("call", name, (inner,))

    def close(self) -> None:
        if self.peek() != ")":
            raise self.error("A closing parenthesis is missing.", self.tokens[-1][2])
        self.take()


def parse_tokens(tokens: Sequence[Piece], error: MakeError) -> Node:
    """Parse the tokens of an expression, each with its kind, text and position, into a tree.

    Parameters
    ----------
    tokens : sequence of (str, str, int)
        Of the kinds "name", "number" and "mark"; any other raises.
    error : callable
        Makes the error of a message and the position that it points at.
    """
    for kind, text, position in tokens:
        if kind not in {"name", "number"} and text not in MARKS:
            raise error(f"'{text[0]}' cannot be used in an expression.", position)
    return _Parser(tokens, error).parse()


def parse_expression(text: str, *, line: int = 0, column: int = 1, source: str = "") -> Node:
    """Parse arithmetic such as `a*b + c/2` into a tree.

    Parameters
    ----------
    text : str
        The expression: numbers, parameter labels, `+ - * / ^ **`, parentheses, and the functions of
        `FUNCTIONS`.
    line, column : int
        Where the expression starts in the model text, for messages.
    source : str
        The whole line, shown with a caret in messages.

    Returns
    -------
    Node
        The root of the tree.

    Raises
    ------
    ModelSyntaxError
        With line, column and caret, when the text is not such an expression.
    """

    def error(message: str, position: int) -> ModelSyntaxError:
        return ModelSyntaxError(message, line=line, column=column + position, source=source)

    return parse_text(text, error)


def parse_text(text: str, error: MakeError) -> Node:
    """Parse an expression; `error` makes the error of a message and a position in the text."""
    return parse_tokens(_pieces(text, error), error)


def _pieces(text: str, error: MakeError) -> list[Piece]:
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if not match or match.lastgroup is None:
            start = end - len(text[position:end].lstrip())
            raise error(f"'{text[start]}' cannot be used in an expression.", start)
        kind = match.lastgroup
        found.append((kind, match[kind], match.start(kind)))
        position = match.end()
    return found


def evaluate(node: Node, values: Mapping[str, Any]) -> Any:
    """Return the value of `node` where each name has the value (any shape, real or complex) in `values`."""
    if node.kind == "number":
        return node.value
    if node.kind == "name":
        return values[str(node.value)]
    children = [evaluate(child, values) for child in node.children]
    if node.kind == "call":
        return FUNCTIONS[str(node.value)](children[0])
    return OPERATIONS[str(node.value)](*children)


def gradient(
    function: Callable[[npt.NDArray[np.complex128]], npt.NDArray[np.complex128]],
    theta: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Return the Jacobian of an analytic function by the complex step.

    Parameters
    ----------
    function : callable
        Takes complex parameters of shape (k, q), one vector a row, and returns values of shape (k, r).
    theta : array, shape (q,)
        Where to differentiate.

    Returns
    -------
    array, shape (r, q)
        Partial derivatives, exact to rounding.
    """
    moved = theta[None, :] + 1j * STEP * np.eye(theta.size)
    return np.asarray(np.imag(function(moved)) / STEP).T
