"""Comparisons of models under constraints: degrees of freedom, boundaries, and inequalities alone."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sem.data import holzinger
from trustmeasure.sem import Comparison, compare, fit_sem

FREE = "f =~ x1 + a*x2 + b*x3\ng =~ x4 + c*x5 + d*x6\nf ~~ v*f\nf ~~ r*g"


def pair(larger: str, restricted: str, estimator: str = "ML", **options: str) -> Comparison:
    fits = [fit_sem(f"{FREE}\n{text}", holzinger(), estimator=estimator) for text in (larger, restricted)]
    return compare(*fits, names=["larger", "restricted"], **options)


@pytest.mark.parametrize("method", ["satorra-bentler-2001", "satorra-bentler-2010", "satorra-2000"])
def test_an_equality_by_label_or_by_constraint_is_the_same(method: str) -> None:
    by_constraint = pair("", "a == b\nc == d", "MLM", method=method)
    labelled = FREE.replace("b*x3", "a*x3").replace("d*x6", "c*x6")
    fits = [fit_sem(text, holzinger(), estimator="MLM") for text in (FREE, labelled)]
    columns = ["chisq_difference", "df_difference", "p_value", "scaling_factor", "rmsea_difference"]
    ours, theirs = (
        c.frame.loc[1, columns].astype(float) for c in (by_constraint, compare(*fits, method=method))
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@pytest.mark.parametrize("restrictions", ["delta", "exact"])
def test_constraints_of_the_larger_model_count(restrictions: str) -> None:
    """Against the model with c equal to d already, a = b is one restriction: the labels say the same."""
    larger, restricted = FREE.replace("d*x6", "c*x6"), FREE.replace("d*x6", "c*x6").replace("b*x3", "a*x3")
    fits = [fit_sem(text, holzinger(), estimator="MLM") for text in (larger, restricted)]
    by_label = compare(*fits, method="satorra-2000", restrictions=restrictions).frame.loc[1]
    found = pair(
        "c == d", "c == d\na == b", "MLM", method="satorra-2000", restrictions=restrictions
    ).frame.loc[1]
    assert found.df_difference == 1
    assert found.chisq_difference == pytest.approx(by_label.chisq_difference, rel=1e-6)


def test_a_nonlinear_constraint_is_a_restriction_however_it_is_written() -> None:
    one, other = (pair("", text, "MLM").frame.loc[1] for text in ("a*b == c", "log(a) == log(c) - log(b)"))
    assert one.df_difference == other.df_difference == 1
    for column in ("chisq_difference", "scaling_factor"):
        assert one[column] == pytest.approx(other[column], rel=1e-6)


def test_an_inequality_at_its_boundary_makes_the_test_conservative() -> None:
    found = pair("r > 0", "r == 0")
    assert found.frame.df_difference[1] == 1
    assert "'r > 0' stands at its boundary" in found.notes[-1]
    assert "Stoel" in found.notes[-1]


def test_an_inequality_away_from_its_boundary_changes_nothing() -> None:
    found = pair("a > 0", "a > 0\na == b")
    assert found.notes == ()
    assert found.frame.p_value[1] == pytest.approx(pair("", "a == b").frame.p_value[1], rel=1e-6)


@pytest.mark.filterwarnings("ignore:On the boundary")
@pytest.mark.parametrize("text", ["a > 0", "a > 1.5"])
def test_inequalities_alone_are_no_degrees_of_freedom(text: str) -> None:
    found = pair("", text)
    assert found.frame.df.tolist() == [8, 8]
    assert found.frame.p_value.isna().all()
    assert "differ by inequalities only" in found.notes[0]
