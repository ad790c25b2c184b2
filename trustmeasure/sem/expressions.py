"""Arithmetic of `:=` lines: text -> tree -> values and exact derivatives.

An expression is parsed into a small tree of our own (nothing is ever passed to `eval`), evaluated on whole
batches, and differentiated by the complex step (Squire & Trapp 1998, SIAM Review 40(1), 110-112), which is
exact to rounding because every function allowed here is analytic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
STEP = 1e-30
"""Complex step."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d][\w.]*)|(?P<mark>\*\*|[-+*/^()]))"
)


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
        found = [str(self.value)] if self.kind == "name" else []
        for child in self.children:
            found.extend(child.names())
        return tuple(dict.fromkeys(found))


class _Parser:
    """Recursive descent over the tokens of one expression (precedence: + - < * / < unary - < ^)."""

    def __init__(self, text: str, line: int, column: int, source: str) -> None:
        self.text, self.line, self.column, self.source = text, line, column, source
        self.tokens = self._tokens()
        self.at = 0

    def error(self, message: str, position: int | None = None) -> ModelSyntaxError:
        offset = len(self.text) if position is None else position
        return ModelSyntaxError(message, line=self.line, column=self.column + offset, source=self.source)

    def _tokens(self) -> list[tuple[str, str, int]]:
        found, position, end = [], 0, len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if not match or match.lastgroup is None:
                start = end - len(self.text[position:end].lstrip())
                raise self.error(f"'{self.text[start]}' cannot be used in an expression.", start)
            kind = match.lastgroup
            found.append((kind, match[kind], match.start(kind)))
            position = match.end()
        return found

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> tuple[str, str, int]:
        if self.at >= len(self.tokens):
            raise self.error("The expression ends too early.")
        self.at += 1
        return self.tokens[self.at - 1]

    def parse(self) -> Node:
        tree = self.sum()
        if self.at < len(self.tokens):
            _, text, position = self.tokens[self.at]
            raise self.error(f"'{text}' is not expected here.", position)
        return tree

    def sum(self) -> Node:
        tree = self.product()
        while self.peek() in {"+", "-"}:
            tree = Node("operation", self.take()[1], (tree, self.product()))
        return tree

    def product(self) -> Node:
        tree = self.signed()
        while self.peek() in {"*", "/"}:
            tree = Node("operation", self.take()[1], (tree, self.signed()))
        return tree

    def signed(self) -> Node:
        if self.peek() == "-":
            self.take()
            return Node("operation", "-", (Node("number", 0.0), self.signed()))
        if self.peek() == "+":
            self.take()
            return self.signed()
        return self.power()

    def power(self) -> Node:
        base = self.atom()
        if self.peek() in {"^", "**"}:
            self.take()
            return Node("operation", "^", (base, self.signed()))
        return base

    def atom(self) -> Node:
        kind, text, position = self.take()
        if kind == "number":
            return Node("number", float(text))
        if kind == "name":
            return self.call(text, position) if self.peek() == "(" else Node("name", text)
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
            raise self.error("A closing parenthesis is missing.")
        self.take()


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
    return _Parser(text, line, column, source).parse()


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
