"""Comparisons of models: against lavaan 0.6-14, nestedness, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import FILES, data_arguments, option, read, with_gaps
from tests.sem.data import HS_MODEL, holzinger, linear
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import SemResult, compare, fit_sem
from trustmeasure.sem.comparable import is_nested
from trustmeasure.sem.options import Options

CASES = tuple(c for c in FILES if "difference_tests" in read(c))
ONE_FACTOR = "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"


def fits(case: str) -> dict[str, SemResult]:
    """Fit all models of a case."""
    stored = read(case)["models"]
    options = {
        name: {k.replace(".", "_"): option(k, v) for k, v in model["options"].items()}
        for name, model in stored.items()
    }
    return {
        name: fit_sem(model["model"], **data_arguments(case), **options[name])
        for name, model in stored.items()
    }


@pytest.mark.parametrize("case", CASES)
def test_against_lavaan(case: str) -> None:
    models = fits(case)
    ours = compare(*models.values(), names=list(models)).frame.set_index("model")
    stored = read(case)["difference_tests"]
    theirs = pd.DataFrame(stored["rows"], columns=stored["columns"]).set_index("model")
    assert list(ours.index) == list(theirs.index)
    # lavaan tests each model against the one above it, whether it is nested in it or not.
    same = [m for i, m in enumerate(ours.index) if i and ours.against[m] == ours.index[i - 1]]
    assert same
    for column in ("chisq_difference", "df_difference", "p_value", "rmsea_difference"):
        expected = theirs.loc[same, column].astype(float)
        np.testing.assert_allclose(ours.loc[same, column], expected, rtol=1e-5, atol=1e-12, err_msg=column)


@pytest.mark.parametrize("case", CASES)
def test_fit_of_each_model_and_its_change(case: str) -> None:
    models = fits(case)
    ours = compare(*models.values(), names=list(models)).frame.set_index("model")
    theirs = pd.DataFrame(read(case)["measures"]).T
    for column in ("npar", "chisq", "df", "cfi", "rmsea", "srmr", "aic", "bic"):
        np.testing.assert_allclose(ours[column], theirs.loc[ours.index, column], rtol=1e-6, atol=1e-7)
    for name, against in ours.against[ours.against != ""].items():
        for column in ("cfi", "rmsea", "srmr", "aic", "bic"):
            change = theirs.loc[name, column] - theirs.loc[against, column]
            assert ours.loc[name, f"{column}_change"] == pytest.approx(change, rel=1e-5, abs=1e-7)


def test_a_model_is_tested_against_the_nearest_that_contains_it() -> None:
    models = fits("compare-paths")
    found = compare(*models.values(), names=list(models))
    rows = found.frame.set_index("model")
    assert rows.against.to_dict() == {"free": "", "none": "free", "equal": "free"}
    assert rows.chisq_difference["equal"] == pytest.approx(1.757343640566, rel=1e-9)
    assert found.notes == ()


def test_models_that_are_not_nested_are_not_tested() -> None:
    data = linear(1, 300)
    a, b = (fit_sem(f"m ~ x\ny ~ m\n{pair}", data) for pair in ("y ~ z\nm ~ 0*z", "m ~ 0*z\ny ~ x + z"))
    c = fit_sem("y ~ x\nm ~ z\ny ~~ 0*m", data)
    assert not is_nested(c, a)
    found = compare(a, b, c, names=["a", "b", "c"])
    rows = found.frame.set_index("model")
    assert rows.against["a"] == "b"
    assert rows.against["c"] == ""
    assert rows.loc["c", ["p_value", "chisq_difference", "cfi_change"]].isna().all()
    assert "'c' is nested in none" in found.notes[0]
    assert rows.aic_weight.sum() == pytest.approx(1.0)


def test_another_parameterisation_is_nested_both_ways() -> None:
    a, b = (fit_sem(HS_MODEL, holzinger(), std_lv=u) for u in (False, True))
    assert is_nested(a, b)
    assert is_nested(b, a)
    assert compare(a, b).frame.p_value.isna().all()


def test_weights_follow_from_the_criterion() -> None:
    models = [fit_sem(m, holzinger()) for m in (HS_MODEL, HS_MODEL + "\nx7 ~~ x8", HS_MODEL + "\nx1 ~~ x9")]
    frame = compare(*models).frame
    for name in ("aic", "bic"):
        odds = frame[f"{name}_weight"] / frame[f"{name}_weight"].max()
        np.testing.assert_allclose(odds, np.exp(-(frame[name] - frame[name].min()) / 2), rtol=1e-9)
        assert frame[f"{name}_weight"].sum() == pytest.approx(1.0)


def test_order_of_models_and_variables_does_not_matter() -> None:
    one, three = fit_sem(ONE_FACTOR, holzinger()), fit_sem(HS_MODEL, holzinger())
    a = compare(one, three, names=["one", "three"]).frame
    turned = fit_sem("\n".join(reversed(HS_MODEL.splitlines())), holzinger())
    b = compare(turned, one, names=["three", "one"]).frame
    assert list(a.model) == ["three", "one"]
    pd.testing.assert_frame_equal(a, b, rtol=1e-7)


def test_summary_shows_tests_and_changes() -> None:
    found = compare(fit_sem(ONE_FACTOR, holzinger()), fit_sem(HS_MODEL, holzinger()))
    assert "Δ chi-square" in str(found)
    assert "226.959" in str(found)
    assert "24.000" not in str(found)
    assert "model 2" in found._repr_html_()
    assert found.to_frame().equals(found.frame)


def refused() -> dict[str, tuple[Any, Any, str]]:
    fit = fit_sem(HS_MODEL, holzinger())
    return {
        "rows": (fit, fit_sem(HS_MODEL, holzinger().iloc[:-1]), r"data differ \(301 and 300 rows\)"),
        "variables": (fit, fit_sem("f =~ x1 + x2 + x3", holzinger()), r"variables differ \(x4, x5"),
        "groups": (fit, fit_sem(HS_MODEL, holzinger(), group="school"), "groups differ"),
        "means": (fit, fit_sem(HS_MODEL, holzinger(), meanstructure=True), "meanstructure=True"),
        "estimator": (fit, replace(fit, options=Options.of("MLR")), "estimator='ML' and estimator='MLR'"),
        "kind": (fit, "HS", "Model 2 is a str"),
    }


@pytest.mark.parametrize("case", ["rows", "variables", "groups", "means", "estimator", "kind"])
def test_refused(case: str) -> None:
    first, second, message = refused()[case]
    with pytest.raises(ArgumentError, match=message):
        compare(first, second)


def test_exogenous_in_one_model_only_is_refused() -> None:
    data = linear(2)
    a, b = fit_sem("m ~ x\ny ~ m", data), fit_sem("m ~ x\ny ~ m", data, fixed_x=False)
    with pytest.raises(ArgumentError, match="fixed_x=False"):
        compare(a, b)


def test_numbers_and_names_of_models() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    with pytest.raises(ArgumentError, match="two or more fits; 1 given"):
        compare(fit)
    with pytest.raises(ArgumentError, match="2 different texts"):
        compare(fit, fit, names=["a", "a"])


def gaps(every: int = 7) -> pd.DataFrame:
    """Return the pupils with answers left out by rule."""
    return with_gaps(holzinger(), [f"x{i}" for i in range(1, 10)], every)


def test_incomplete_rows_whatever_the_order_of_variables() -> None:
    turned = "\n".join(reversed(HS_MODEL.splitlines()))
    a, b = fit_sem(turned, gaps(), missing="fiml"), fit_sem(ONE_FACTOR, gaps(), missing="fiml")
    row = compare(a, b).frame.iloc[1]
    assert row.against == "model 1"
    logl = [m.fit_measures["logl"] for m in (a, b)]
    assert row.chisq_difference == pytest.approx(2 * (logl[0] - logl[1]), rel=1e-8)


def test_incomplete_rows_must_be_the_same() -> None:
    a = fit_sem(HS_MODEL, gaps(), missing="fiml")
    b = fit_sem(ONE_FACTOR, gaps(11), missing="fiml")
    with pytest.raises(ArgumentError, match="their data differ"):
        compare(a, b)
    c = fit_sem(ONE_FACTOR, gaps().dropna(subset=[f"x{i}" for i in range(1, 10)]), meanstructure=True)
    with pytest.raises(ArgumentError, match="missing='fiml' and missing='listwise'"):
        compare(a, c)


def test_weights_must_be_the_same() -> None:
    data = holzinger().assign(w=1.0 + holzinger()["sex"] / 2, v=1.0)
    a, b = (fit_sem(m, data, estimator="MLR", weights=w) for m, w in ((HS_MODEL, "w"), (ONE_FACTOR, None)))
    with pytest.raises(ArgumentError, match="weights or clusters differ"):
        compare(a, b)
    c = fit_sem(ONE_FACTOR, data, estimator="MLR", weights="w")
    assert compare(a, c).frame.p_value[1] < 1e-6


def test_equivalent_models_are_told_so() -> None:
    data = linear(1, 300)
    texts = ("m ~ x\ny ~ m", "x ~ m\ny ~ m\nx ~~ 0*y")
    chain, fork = (fit_sem(text, data, fixed_x=False) for text in texts)
    found = compare(chain, fork, names=["chain", "fork"])
    assert "'fork' and 'chain' are equivalent" in found.notes[0]
    assert found.frame.p_value.isna().all()
    assert found.frame.aic_weight.tolist() == pytest.approx([0.5, 0.5])


def test_nested_with_means_in_groups() -> None:
    """Latent means of zero are nested in free ones, although the free ones come with equal intercepts."""
    free = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=["loadings"])
    equal = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=["loadings", "intercepts"])
    same = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=["loadings", "intercepts", "means"])
    found = compare(same, free, equal, names=["same", "free", "equal"]).frame.set_index("model")
    assert found.against.to_dict() == {"free": "", "equal": "free", "same": "equal"}
    assert found.df_difference["same"] == 3


def test_rmsea_of_a_difference_has_an_interval() -> None:
    a, b = fit_sem(HS_MODEL + "\nx1 ~~ x4", holzinger()), fit_sem(HS_MODEL, holzinger())
    row = compare(a, b).frame.iloc[1]
    assert 0.0 == row.rmsea_difference_ci_lower <= row.rmsea_difference < row.rmsea_difference_ci_upper
