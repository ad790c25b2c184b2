"""Wald tests: what constraints would cost, judged from the estimates and their covariances alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, ModelSyntaxError
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.expressions import Node, evaluate, gradient, parse_expression
from trustmeasure.sem.inference import defined_values, labelled
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]

COLUMNS = ("constraint", "value", "se", "z", "p_value")
DEPENDENT = 1e-10
"""Least eigenvalue, of the correlations of the constraints' values, of constraints that differ."""


@dataclass(frozen=True, slots=True)
class WaldTest:
    """A Wald test of one or several constraints together.

    Attributes
    ----------
    chisq : float
        The statistic.
    df : int
        Number of constraints.
    p_value : float
        Upper tail probability.
    frame : DataFrame
        Each constraint alone: constraint value se z p_value, where `value` is its left minus its right side.
    """

    chisq: float
    df: int
    p_value: float
    frame: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the test in tables for reading."""
        whole = pd.DataFrame({"chisq": [self.chisq], "df": [self.df], "p_value": [self.p_value]})
        labels = {"chisq": "chi-square", "p_value": "p", "value": "left − right"}
        parts = [
            Table("All constraints together", whole, labels=labels),
            Table("Each constraint alone", self.frame, labels=labels),
        ]
        return Summary("Wald test", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def wald_test(result: SemResult, constraints: str) -> WaldTest:
    r"""Test constraints on the parameters of a fit, without fitting again.

    Parameters
    ----------
    result : SemResult
        A fit with standard errors; robust ones make the test robust.
    constraints : str
        Equations such as "a == b; c == 0", linear or not, parted by `;` or lines. Names are the labels of
        parameters, free or fixed, and defined parameters (`:=`).

    Returns
    -------
    WaldTest
        The test of all constraints together, and each alone.

    Raises
    ------
    ArgumentError
        For a name that the model does not have, a constraint that cannot be tested, constraints of which one
        follows from the others, or a fit without standard errors.
    ModelSyntaxError
        For a text that is no equation, with line and caret.

    Notes
    -----
    ``W = h' (J V J')^-1 h`` with h the left minus the right sides, J their derivatives and V the covariance
    matrix of the estimates (Wald 1943, Transactions of the American Mathematical Society 54(3), 426-482).
    Unlike a difference test, W depends on how a constraint is written: `a*b == 0` and `log(a*b) == 0` are not
    the same. Checked against: `lavTestWald` of lavaan 0.6-14, `tests/reference/sem_compare`.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> cov = pd.DataFrame([[2.0, 1.0, 0.8], [1.0, 2.0, 0.9], [0.8, 0.9, 2.0]], columns=["a", "b", "c"])
    >>> fit = fit_sem("f =~ a + l2*b + l3*c", sample_cov=cov, n_obs=200)
    >>> test = wald_test(fit, "l2 == l3")
    >>> test.df, round(test.chisq, 2)
    (1, 1.64)
    """
    if result.theta_cov is None:
        raise ArgumentError("The fit has no standard errors, so constraints cannot be tested by them.")
    equations = _equations(constraints)
    _refuse_unknown(result, equations)

    def sides(theta: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        known = _known(result, theta)
        gaps = [evaluate(left, known) - evaluate(right, known) for _, left, right in equations]
        return np.stack([np.broadcast_to(gap, theta.shape[:1]) for gap in gaps], axis=1).astype(complex)

    with np.errstate(all="ignore"):
        value = np.real(sides(result.theta[None].astype(complex))[0])
        slopes = gradient(sides, result.theta)
    covariance = slopes @ result.theta_cov @ slopes.T
    return _test([text for text, _, _ in equations], np.asarray(value), covariance)


def _known(result: SemResult, theta: npt.NDArray[np.complex128]) -> dict[str, object]:
    by_label = labelled(result.model, theta)
    names = [d.name for d in result.model.definitions]
    return by_label | dict(zip(names, defined_values(result.model, by_label), strict=True))


def _equations(constraints: str) -> list[tuple[str, Node, Node]]:
    """Return text, left and right side of each constraint."""
    found = []
    for number, line in enumerate(constraints.splitlines(), start=1):
        source = re.split(r"[#!]", line)[0]
        found += [
            _equation(m.group(), m.start() + 1, source, number)
            for m in re.finditer(r"[^;]+", source)
            if m.group().strip()
        ]
    if not found:
        raise ArgumentError("constraints is empty. Write equations such as 'a == b; c == 0'.")
    return found


def _equation(text: str, column: int, source: str, line: int) -> tuple[str, Node, Node]:
    left, mark, right = text.partition("==")
    if not mark:
        kind = next((op for op in ("<", ">", ":=", "=~", "~", "=") if op in text), "")
        raise ModelSyntaxError(
            "A Wald test takes equations with '==' only" + (f", not '{kind}'." if kind else "."),
            line=line,
            column=column,
            source=source,
        )
    at = column + len(left) + len(mark)
    return (
        " ".join(text.split()),
        parse_expression(left, line=line, column=column, source=source),
        parse_expression(right, line=line, column=at, source=source),
    )


def _refuse_unknown(result: SemResult, equations: list[tuple[str, Node, Node]]) -> None:
    labels = [p.label for p in result.model.parameters if p.label]
    known = list(dict.fromkeys([*labels, *(d.name for d in result.model.definitions)]))
    for text, left, right in equations:
        for name in (*left.names(), *right.names()):
            if name not in known:
                raise ArgumentError(
                    f"'{name}' in '{text}' is no label of the model. {suggestion(name, known)} Labels are "
                    "given in the model text, as in 'f =~ x1 + a*x2'."
                )


def _test(texts: list[str], value: Array, covariance: Array) -> WaldTest:
    se = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    for text, own, error in zip(texts, value, se, strict=True):
        if not np.isfinite(own) or not np.isfinite(error):
            raise ArgumentError(f"'{text}' has no value at the estimates, so it cannot be tested.")
        if error <= 0:
            raise ArgumentError(
                f"'{text}' holds no free parameter that could break it: nothing can be tested. Remove it."
            )
    unit = covariance / np.outer(se, se)
    if np.linalg.eigvalsh(unit)[0] < DEPENDENT:
        raise ArgumentError(
            f"Of the constraints {'; '.join(texts)} at least one follows from the others. Remove it."
        )
    z = value / se
    chisq = float(z @ np.linalg.solve(unit, z))
    frame = pd.DataFrame({"constraint": texts, "value": value, "se": se, "z": z})
    frame["p_value"] = [p_value(float(x) ** 2, 1) for x in z]
    return WaldTest(chisq, len(texts), p_value(chisq, len(texts)), frame[list(COLUMNS)])
