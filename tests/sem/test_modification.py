"""Modification indices and score tests: against lavaan 0.6-14 by name, and against models fitted again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import FILES, by_key, fitted, read, table
from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger
from trustmeasure.errors import ArgumentError, TrustMeasureWarning
from trustmeasure.sem import SemResult, fit_sem, modification_indices, score_tests

CASES = tuple(c for c in FILES if "modification" in read(c))
CONSTRAINED = tuple(c for c in CASES if read(c).get("score_tests"))
SQUARES = ("gls", "uls", "wls", "dwls", "wlsmv")
TOLD_APART = {"inspect-groups-intercepts": 15 - 3} | {f"inspect-{name}-groups": 10 - 2 for name in SQUARES}
"""Without any of their constraints these models would not identify one mean for each latent variable
(docs/differences.md); lavaan counts all constraints."""
RELATIVE = 1e-5
ROUNDING = 1e-7
GROUPED = {"group": "school", "group_equal": ["loadings"]}


def conditional(stored: pd.DataFrame, fit: SemResult) -> pd.DataFrame:
    """Return lavaan's rows but those that explain an exogenous variable whose moments are fixed.

    The model is conditional on these (docs/differences.md); lavaan lists them.
    """
    return stored[~stored.lhs.isin(fit.model.exogenous)]


@pytest.mark.parametrize("case", CASES)
def test_the_same_parameters_are_listed(case: str) -> None:
    theirs = conditional(table(read(case)["modification"]), fitted(case))
    assert list(by_key(modification_indices(fitted(case))).index) == list(theirs.index)


@pytest.mark.parametrize("case", CASES)
def test_indices_and_changes(case: str) -> None:
    theirs = conditional(table(read(case)["modification"]), fitted(case))
    ours = by_key(modification_indices(fitted(case)))
    variance = (theirs.op == "~~") & (theirs.lhs == theirs.rhs)
    for column in ("mi", "epc", "sepc_lv", "sepc_all"):
        # For a fixed variance lavaan gives its standardised value, not its change (docs/differences.md).
        same = ~variance if column.startswith("sepc") else slice(None)
        np.testing.assert_allclose(
            ours.loc[same, column], theirs.loc[same, column], rtol=RELATIVE, atol=ROUNDING, err_msg=column
        )


def test_a_fixed_variance_changes_on_the_scale_of_its_variable() -> None:
    fit = fitted("inspect-fixed")
    row = modification_indices(fit).query("lhs == 'x9' and rhs == 'x9'").iloc[0]
    assert row.sepc_all == pytest.approx(row.epc / fit.implied.cov.loc["x9", "x9"], rel=1e-12)
    assert row.sepc_lv == row.epc


def test_an_index_foretells_the_fall_of_the_chi_square() -> None:
    """Close to the solution score test and difference test agree (Buse 1982): a nearly true restriction."""
    free = fit_sem(HS_MODEL + "\nx1 ~~ x4", holzinger())
    near = free.parameters.query("lhs == 'x1' and rhs == 'x4'").estimate.item() - 0.01
    held = fit_sem(HS_MODEL + f"\nx1 ~~ {near}*x4", holzinger())
    row = modification_indices(held).query("lhs == 'x1' and rhs == 'x4'").iloc[0]
    fall = held.fit_measures["chisq"] - free.fit_measures["chisq"]
    assert row.mi == pytest.approx(fall, rel=0.05)
    assert row.epc == pytest.approx(0.01, rel=0.05)


def test_indices_do_not_depend_on_how_latent_variables_are_scaled() -> None:
    marker, unit = (
        by_key(modification_indices(fit_sem(HS_MODEL, holzinger(), std_lv=u))) for u in (False, True)
    )
    np.testing.assert_allclose(marker.mi, unit.mi, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(marker.sepc_all, unit.sepc_all, rtol=1e-6, atol=1e-8)


def test_indices_do_not_depend_on_units() -> None:
    data = holzinger()[[f"x{i}" for i in range(1, 10)]]
    plain = by_key(modification_indices(fit_sem(HS_MODEL, data)))
    other = by_key(modification_indices(fit_sem(HS_MODEL, data * 10.0 ** np.arange(-4, 5))))
    assert list(plain.index) == list(other.index)
    np.testing.assert_allclose(plain.mi, other.mi, rtol=1e-5, atol=1e-7)


def test_choice_and_order() -> None:
    fit = fit_sem(PD_MODEL, democracy())
    whole = modification_indices(fit)
    assert (whole.mi.diff().dropna() <= 0).all()
    assert set(modification_indices(fit, op="=~").op) == {"=~"}
    assert set(modification_indices(fit, op=["~", "~~"]).op) <= {"~", "~~"}
    strong = modification_indices(fit, minimum=3.84)
    assert len(strong) == (whole.mi >= 3.84).sum() > 0
    unsorted = modification_indices(fit, sort=False)
    assert list(unsorted.columns) == ["lhs", "op", "rhs", "group", "mi", "epc", "sepc_lv", "sepc_all"]
    assert sorted(unsorted.mi) == sorted(whole.mi)


def test_a_saturated_model_has_nothing_to_free() -> None:
    assert modification_indices(fit_sem("f =~ x1 + x2 + x3", holzinger())).empty


def test_nothing_found_has_the_same_columns() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    none, some = modification_indices(fit, op="~1"), modification_indices(fit)
    assert none.empty
    assert none.dtypes.equals(some.dtypes)


@pytest.mark.parametrize("case", CONSTRAINED)
def test_score_tests_against_lavaan(case: str) -> None:
    stored, ours = read(case)["score_tests"], score_tests(fitted(case))
    rows = pd.DataFrame(stored["univariate"]["rows"], columns=stored["univariate"]["columns"])
    theirs = rows.set_index((rows.lhs + " == " + rows.rhs).map(compact)).sort_index()
    single = ours[ours.test == "univariate"]
    single = single.set_index(single.constraint.map(compact)).sort_index()
    assert list(single.index) == list(theirs.index)
    for column in ("chisq", "p_value"):
        np.testing.assert_allclose(single[column], theirs[column], rtol=RELATIVE, atol=ROUNDING)
    total = ours.iloc[-1]
    assert total.df == TOLD_APART.get(case, stored["total"]["df"])
    assert total.chisq == pytest.approx(stored["total"]["chisq"], rel=RELATIVE)
    if case not in TOLD_APART:
        assert total.p_value == pytest.approx(stored["total"]["p_value"], rel=1e-4, abs=1e-12)


def compact(constraint: str) -> str:
    """Return `a =~ b.g1 == c =~ d.g2` as our names, without blanks."""
    sides = []
    for side in constraint.split(" == "):
        text, _, group = side.rpartition(".g") if ".g" in side else (side, "", "1")
        sides.append("".join(text.split()) + (f".g{group}" if group != "1" else ""))
    return "==".join(sides)


def test_a_released_constraint_has_the_difference_it_foretells() -> None:
    """`epc` is second minus first: near the truth, as a model without the constraint estimates it."""
    held = fit_sem(HS_MODEL, holzinger(), **GROUPED)
    for name, text in (("x2", "visual=~x2"), ("x8", "speed=~x8")):
        free = fit_sem(HS_MODEL, holzinger(), **GROUPED, group_partial=[text])
        own = free.parameters[(free.parameters.op == "=~") & (free.parameters.rhs == name)].estimate
        row = score_tests(held).query(f"constraint == '{text} == {text}.g2'").iloc[0]
        assert row.epc == pytest.approx(own.iloc[1] - own.iloc[0], abs=0.05)
        assert np.sign(row.epc) == np.sign(own.iloc[1] - own.iloc[0])
        fall = held.fit_measures["chisq"] - free.fit_measures["chisq"]
        assert row.chisq == pytest.approx(fall, rel=0.15)


def test_constraints_that_cannot_be_told_apart_are_not_counted() -> None:
    """Two loadings of two indicators are found only because they are equal."""
    rows = score_tests(fit_sem("f =~ NA*x1 + l*x1 + l*x2\nf ~~ 1*f", holzinger()))
    assert rows.test.tolist() == ["univariate", "total"]
    assert np.isnan(rows.chisq[0])
    assert rows.df[1] == 0


def test_refused() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    with pytest.raises(ArgumentError, match="Allowed: =~, ~, ~~, ~1, \\|"):
        modification_indices(fit, op=":=")
    with pytest.raises(ArgumentError, match="0 or larger"):
        modification_indices(fit, minimum=-1.0)
    apart = pd.DataFrame(np.kron(np.eye(2), [[2.0, 1.0], [1.0, 2.0]]), columns=list("abcd"))
    with pytest.warns(TrustMeasureWarning, match="do not determine f=~b, g=~d"):
        undetermined = fit_sem("f =~ a + b\ng =~ c + d", sample_cov=apart, n_obs=200)
    with pytest.raises(ArgumentError, match="no standard errors"):
        modification_indices(undetermined)
    with pytest.raises(ArgumentError, match="no equality constraint"):
        score_tests(fit)
