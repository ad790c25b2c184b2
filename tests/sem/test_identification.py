"""The identification report: textbook cases, one a rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.reference.sem.cases import CASES, fitted
from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger
from trustmeasure.errors import ArgumentError, IdentificationError
from trustmeasure.sem import parse_model

TWO = "f =~ x1 + x2\ng =~ x4 + x5"
NOT_IDENTIFIED = {
    "one factor, two indicators": "f =~ x1 + x2",
    "no unit": "f =~ NA*x1 + x2 + x3 + x4",
    "uncorrelated factors of two indicators": f"{TWO}\nf ~~ 0*g",
    "single indicator with free error": "f =~ x1\nx1 ~~ NA*x1\ng =~ x4 + x5 + x6",
    "loop without instruments": "x1 ~ x2\nx2 ~ x1",
    "error of cause and effect": "x2 ~ x1\nx2 ~~ x1",
    "intercepts and a latent mean": "f =~ x1 + x2 + x3\nf ~ 1",
}
IDENTIFIED = {
    "three factors": HS_MODEL,
    "correlated factors of two indicators": TWO,
    "effects coding": "f =~ NA*x1 + a*x1 + b*x2 + c*x3\na + b + c == 3",
    "loop with instruments": "x1 ~ x2 + x4\nx2 ~ x1 + x5",
    "latent mean, an intercept fixed": "f =~ x1 + x2 + x3\nx1 ~ 0*1\nf ~ 1",
    "formative with two effects": "c <~ 1*x4 + x5 + x6\nx1 ~ c\nx2 ~ c\nc ~~ NA*c\nx1 ~~ 0*x2",
    "democracy": PD_MODEL,
}


@pytest.mark.parametrize("case", NOT_IDENTIFIED)
def test_not_identified(case: str) -> None:
    report = tm.identification(NOT_IDENTIFIED[case])
    assert not report.identified
    assert report.deficiency > 0
    assert report.involved
    assert report.condition == np.inf
    assert "not identified" in str(report)
    assert set(report.parameters.query("involved").parameter) == set(report.involved)
    with pytest.raises(IdentificationError):
        tm.fit_sem(NOT_IDENTIFIED[case], holzinger())


@pytest.mark.parametrize("case", IDENTIFIED)
def test_identified(case: str) -> None:
    report = tm.identification(IDENTIFIED[case])
    assert report.identified
    assert report.involved == ()
    assert report.condition < 1000


@pytest.mark.parametrize("case", CASES[::6])
def test_what_was_fitted_is_identified(case: str) -> None:
    report, fit = tm.identification(fitted(case)), fitted(case)
    assert report.identified
    assert report.df == fit.df
    assert report.n_moments == fit.df + fit.npar


def test_how_latent_variables_got_their_units() -> None:
    table = parse_model(
        "a =~ x1 + x2 + x3\nb =~ NA*x4 + x5 + x6\nb ~~ 1*b\nc =~ x7\nd =~ NA*x8 + k*x8 + l*x9\nk + l == 2"
    )
    latent = tm.identification(table).latent.set_index("latent")
    assert latent.scale.to_dict() == {
        "a": "a =~ 1*x1",
        "b": "b ~~ 1*b",
        "c": "c =~ 1*x7",
        "d": "k + l == 2",
    }
    assert latent.indicators.to_list() == [3, 3, 1, 2]
    assert latent.remark["c"] == "one indicator, error variance fixed at 0"
    free = tm.identification("f =~ NA*x1 + x2 + x3")
    assert free.latent.scale.to_list() == ["none"]
    assert free.checks.loc["each latent variable has a unit", "remark"] == "f"


def test_units_that_come_from_another_group() -> None:
    table = parse_model(HS_MODEL, n_groups=2, group_equal=["loadings"], std_lv=True)
    report = tm.identification(table)
    assert report.identified
    assert set(report.latent.query("group == 2").scale) == {"equal to another group's"}


def test_loops_and_joined_errors_are_named() -> None:
    report = tm.identification("x1 ~ x2 + x4\nx2 ~ x1 + x5\nx1 ~~ x2")
    assert not report.recursive
    assert report.checks.loc["no loops", "remark"] in {"x1 -> x2 -> x1", "x2 -> x1 -> x2"}
    assert report.checks.loc["errors of cause and effect apart", "remark"] == "x1 ~~ x2"
    assert tm.identification(PD_MODEL).recursive


def test_a_weak_spot_at_the_point_is_seen() -> None:
    """Factors of two indicators are told apart by their covariance only: near zero it is hardly enough."""
    near = tm.identification(f"{TWO}\nf ~~ start(0.00001)*g")
    assert near.identified
    assert near.condition > 1000
    assert not near.checks.loc["condition", "holds"]
    assert set(near.parameters.query("weak > 0.3").parameter) & {"f=~x2", "g=~x5", "f~~f", "g~~g"}
    assert "Parameters in question" in str(near)


def test_means_and_equality_constraints_are_counted() -> None:
    report = tm.identification("f =~ x1 + x2 + x3\nf ~ 1")
    assert report.checks.loc["means", "remark"] == "3 means for 4 intercepts and latent means"
    tied = tm.identification("f =~ x1 + a*x2 + b*x3\na == b")
    assert (tied.n_free, tied.n_equal, tied.df) == (6, 1, 1)


def test_data_give_the_starting_point() -> None:
    report = tm.identification(HS_MODEL, holzinger())
    assert report.identified
    grouped = parse_model(HS_MODEL, n_groups=2)
    assert tm.identification(grouped, holzinger(), group="school").identified
    assert tm.identification(parse_model("x1 ~ ageyr + sex"), holzinger()).condition < 1000


def test_what_is_shown() -> None:
    report = tm.identification(tm.fit_sem(PD_MODEL, democracy()))
    assert "66 moments for 31 parameters: df = 35" in str(report)
    assert "<table" in report._repr_html_()
    pd.testing.assert_frame_equal(report.to_frame(), report.checks)


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        (7, {}, "model is a int; give a model text"),
        (parse_model(HS_MODEL, n_groups=2), {"data": holzinger()}, "say group="),
        (parse_model(HS_MODEL, n_groups=3), {"data": holzinger(), "group": "school"}, "for 3 groups"),
    ],
)
def test_wrong_arguments(model: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        tm.identification(model, **options)


def test_a_fit_needs_no_data() -> None:
    with pytest.raises(ArgumentError, match="leave data out"):
        tm.identification(tm.fit_sem(HS_MODEL, holzinger()), holzinger())
