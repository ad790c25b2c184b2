"""Wald tests against lavaan 0.6-14, against z values and difference tests, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.reference.sem.cases import FILES, fitted, read
from tests.sem.data import holzinger
from trustmeasure.errors import ArgumentError, ModelSyntaxError
from trustmeasure.sem import SemResult, compare, fit_sem, score_tests, wald_test

STORED = [(c, name) for c in FILES if "wald" in read(c) for name in read(c)["wald"]]
LABELLED = "f =~ x1 + a*x2 + b*x3\ng =~ x4 + c*x5 + d*x6\nab := a*b"


@pytest.fixture(scope="module")
def fit() -> SemResult:
    return fit_sem(LABELLED, holzinger())


@pytest.mark.parametrize(("case", "name"), STORED)
def test_against_lavaan(case: str, name: str) -> None:
    found = wald_test(fitted(case), read(case)["constraints"][name])
    expected = read(case)["wald"][name]
    assert found.df == expected["df"]
    assert found.chisq == pytest.approx(expected["chisq"], rel=1e-6)
    assert found.p_value == pytest.approx(expected["p_value"], rel=1e-5, abs=1e-15)


def test_one_constraint_is_the_square_of_z(fit: SemResult) -> None:
    row = fit.parameters.query("label == 'a'").iloc[0]
    found = wald_test(fit, "a == 0")
    assert found.chisq == pytest.approx(row.z**2, rel=1e-10)
    assert found.p_value == pytest.approx(row.p_value, rel=1e-8)
    assert found.frame.value[0] == pytest.approx(row.estimate)
    assert found.frame.se[0] == pytest.approx(row.se)


def test_a_defined_parameter_is_a_name(fit: SemResult) -> None:
    a, b = (wald_test(fit, text).chisq for text in ("ab == 0.5", "a*b == 1/2"))
    assert a == pytest.approx(b, rel=1e-12)


def test_the_trinity_agrees_where_constraints_nearly_hold(fit: SemResult) -> None:
    equal = fit_sem(LABELLED.replace("b*x3", "a*x3").replace("\nab := a*b", ""), holzinger())
    ratio = compare(fit, equal).frame.chisq_difference.iloc[1]
    assert wald_test(fit, "a == b").chisq == pytest.approx(ratio, rel=0.2)
    assert score_tests(equal).chisq.iloc[0] == pytest.approx(ratio, rel=0.2)


def test_layout_of_the_text_does_not_matter(fit: SemResult) -> None:
    one = wald_test(fit, "a == b; c == d")
    two = wald_test(fit, "\n  d == c   # comment\n\n b==a ;\n")
    assert one.chisq == pytest.approx(two.chisq, rel=1e-10)
    assert list(one.frame.constraint) == ["a == b", "c == d"]


def test_shown(fit: SemResult) -> None:
    found = wald_test(fit, "a == b; c == d")
    assert "Each constraint alone" in str(found)
    assert "a == b" in found._repr_html_()
    assert found.to_frame().equals(found.frame)
    assert np.isfinite(found.frame[["value", "se", "z", "p_value"]].to_numpy()).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a == bb", "'bb' in 'a == bb' is no label of the model. Did you mean 'b'"),
        ("a == b; b == a", "at least one follows from the others"),
        ("a == b; b == c; a == c", "at least one follows"),
        ("a == a", "no free parameter"),
        ("log(0*a) == 1", "no value at the estimates"),
        (" ; ", "constraints is empty"),
    ],
)
def test_refused(fit: SemResult, text: str, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        wald_test(fit, text)


@pytest.mark.parametrize("text", ["a < b", "a = b", "a", "a == ", "a == b +"])
def test_no_equation(fit: SemResult, text: str) -> None:
    with pytest.raises(ModelSyntaxError, match="line 1"):
        wald_test(fit, text)


def test_a_fit_without_standard_errors_is_refused(fit: SemResult) -> None:
    with pytest.raises(ArgumentError, match="no standard errors"):
        wald_test(replace(fit, theta_cov=None), "a == b")
