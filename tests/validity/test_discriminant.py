"""AVE, Fornell-Larcker and tests of constrained correlations, beside semTools and lavaan."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import likert
from tests.validity.validity_data import CONSTRUCTS, ERRORS, FOUR, THREE, holzinger, stored, survey
from trustmeasure.errors import ArgumentError, TrustMeasureWarning
from trustmeasure.sem import SemResult

REFERENCE = stored("discriminant")
RESTRICTIONS = {"0.8": "at_80", "0.9": "at_90", "1": "at_100", "merged": "merged"}
ITEMS = [item for items in FOUR.values() for item in items]
TEXT = "\n".join(f"{name} =~ {' + '.join(items)}" for name, items in FOUR.items())


@cache
def fit(name: str) -> SemResult:
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "ml": (THREE, {"std_lv": True}),
        "marker": (THREE, {}),
        "errors": (ERRORS, {"std_lv": True}),
        "mlr": (THREE, {"estimator": "MLR"}),
        "groups": (THREE, {"group": "school", "std_lv": True}),
        "delta": (TEXT, {"ordered": ITEMS}),
        "theta": (TEXT, {"ordered": ITEMS, "parameterization": "theta"}),
    }
    model, options = cases[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return tm.fit_sem(model, survey() if model == TEXT else holzinger(), **options)


# lavaan's WLSMV fits stop at about six digits; the others are made tight by the script.
@pytest.mark.parametrize("name", ["ml", "marker", "errors", "delta", "theta"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("observed", {"scale": "items", "variance": "sample"}),
        ("implied", {"scale": "items", "variance": "model"}),
        ("standardized", {}),
    ],
)
def test_ave_is_that_of_semtools(name: str, kind: str, options: dict[str, str]) -> None:
    found = tm.average_variance_extracted(fit(name), **options).frame.set_index("construct")["ave"]
    for construct, value in REFERENCE["ave"][name][kind].items():
        assert found[construct] == pytest.approx(value, rel=3e-6 if name in {"delta", "theta"} else 1e-8)


@pytest.mark.parametrize("kind", ["observed", "standardized"])
def test_ave_in_groups(kind: str) -> None:
    options = {"scale": "items", "variance": "sample"} if kind == "observed" else {}
    frame = tm.average_variance_extracted(fit("groups"), **options).frame
    case = REFERENCE["ave"]["groups"][kind]
    for row in frame.to_dict("records"):
        if kind == "observed":
            expected = case[row["construct"]][case["group"].index(row["group"])]
        else:
            expected = case[row["group"]][row["construct"]]
        assert row["ave"] == pytest.approx(expected, rel=1e-8)


def test_the_interval_of_ave_is_that_of_a_defined_parameter() -> None:
    labelled = "f =~ a*x1 + b*x2 + c*x3\nf ~~ 1*f\nx1 ~~ u*x1\nx2 ~~ v*x2\nx3 ~~ w*x3\n"
    text = labelled + "ave := (a^2/(a^2 + u) + b^2/(b^2 + v) + c^2/(c^2 + w)) / 3"
    row = tm.fit_sem(text, holzinger(), std_lv=True).parameters.query("op == ':='").iloc[0]
    own = tm.average_variance_extracted(tm.fit_sem("f =~ x1 + x2 + x3", holzinger())).frame.iloc[0]
    assert own["ave"] == pytest.approx(row["estimate"], rel=1e-8)
    assert own["ave_se"] == pytest.approx(row["se"], rel=1e-7)
    assert own["ave_ci_upper"] == pytest.approx(row["ci_upper"], rel=1e-7)


def test_bootstrap_limits_of_ave_are_quantiles_of_draws() -> None:
    result = fit("ml")
    draws = tm.bootstrap(result, holzinger(), 200, seed=1, progress=False)
    row = tm.average_variance_extracted(result, bootstrap=draws).frame.iloc[0]
    assert row["ave_ci_lower"] < row["ave"] < row["ave_ci_upper"]
    assert tm.average_variance_extracted(result, bootstrap=draws).interval == "percentile"


def test_shared_and_single_indicators_have_no_ave() -> None:
    found = tm.average_variance_extracted(THREE + "\nvisual =~ x9\none =~ ageyr", holzinger()).frame
    notes = found.set_index("construct")["note"]
    assert "x9 also measures another factor" in notes["speed"]
    assert found.set_index("construct")["ave"].notna().tolist() == [False, True, False, False]
    assert "single indicator" in notes["one"]


def test_second_order_factors_are_judged_by_their_dimensions() -> None:
    found = tm.fornell_larcker(THREE + "\ng =~ visual + textual + speed", holzinger())
    result = tm.fit_sem(THREE + "\ng =~ visual + textual + speed", holzinger())
    std = result.parameters.query("lhs == 'g' and op == '=~'")["std_all"]
    assert found.constructs.set_index("construct").loc["g", "ave"] == pytest.approx((std**2).mean())
    assert not (found.pairs[["construct_1", "construct_2"]] == "g").any(axis=None)


@pytest.mark.parametrize("name", ["ml", "marker", "errors"])
@pytest.mark.parametrize("restriction", list(RESTRICTIONS))
def test_constrained_correlations_are_those_of_semtools(name: str, restriction: str) -> None:
    case = REFERENCE["pairs"]["ml" if name == "marker" else name][RESTRICTIONS[restriction]]
    own = _tests(name, restriction)
    np.testing.assert_allclose(own["chisq_difference"], case["Chisq.diff"], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(own["p_value"], case["Pr..Chisq."], rtol=1e-6)
    assert own["df_difference"].tolist() == case["Df.diff"]


@pytest.mark.parametrize(("name", "case"), [("mlr", "mlr"), ("delta", "wlsmv"), ("theta", "wlsmv")])
@pytest.mark.parametrize("restriction", list(RESTRICTIONS))
def test_scaled_differences_are_those_of_semtools(name: str, case: str, restriction: str) -> None:
    expected = REFERENCE["pairs"][case][RESTRICTIONS[restriction]]
    chisq = np.array([np.nan if x is None else x for x in expected["Chisq.diff"]], dtype=float)
    own = _tests(name, restriction)
    # The factor of a scaled difference is itself a difference, in which lavaan's six digits become four.
    np.testing.assert_allclose(own["chisq_difference"], chisq, rtol=2e-4 if case == "mlr" else 1e-5)
    assert own["df_difference"].tolist() == expected["Df.diff"]
    if np.isnan(chisq).any():
        assert own.loc[np.isnan(chisq), "note"].str.contains("not positive").all()


@cache
def _found(name: str) -> tm.validity.DiscriminantValidity:
    return tm.discriminant_validity(fit(name))


def _tests(name: str, restriction: str) -> pd.DataFrame:
    tests = _found(name).tests
    return tests[tests["restriction"] == restriction]


@pytest.mark.parametrize(
    ("name", "case"), [("ml", "ml"), ("errors", "errors"), ("mlr", "mlr"), ("delta", "wlsmv")]
)
def test_intervals_of_correlations_are_those_of_lavaan(name: str, case: str) -> None:
    expected = REFERENCE["pairs"][case]["at_80"]
    own = _found(name).correlations
    assert own["construct_1"].tolist() == expected["lhs"]
    assert own["construct_2"].tolist() == expected["rhs"]
    for column, stored_as in {"correlation": "est", "ci_lower": "ci.lower", "ci_upper": "ci.upper"}.items():
        np.testing.assert_allclose(own[column], expected[stored_as], atol=2e-6)


def test_another_scaled_difference_can_be_asked_for() -> None:
    found = tm.discriminant_validity(fit("mlr"), method="satorra-2000")
    assert found.tests["chisq_difference"].notna().all()
    assert _found("mlr").tests["chisq_difference"].isna().any()
    assert (found.tests["note"] == "").all()
    with pytest.raises(ArgumentError, match="method"):
        tm.discriminant_validity(fit("mlr"), method="satorra")
    with pytest.raises(ArgumentError, match="robust tests"):
        tm.discriminant_validity(fit("ml"), method="satorra-bentler-2010")


def test_the_least_squares_without_a_test_say_so() -> None:
    found = tm.discriminant_validity(THREE, holzinger(), estimator="ULS", n_bootstrap=0)
    assert found.tests["p_value"].isna().all()
    assert found.tests["note"].str.contains("ULSM").all()


def test_factors_that_are_one_are_held_apart_at_every_cutoff() -> None:
    text = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
    same = tm.simulate("h =~ .8*x1 + .7*x2 + .8*x3 + .7*x4 + .9*x5 + .8*x6", 300, seed=3)
    found = tm.discriminant_validity(text, same, n_bootstrap=0).tests.set_index("restriction")
    assert found["chisq_difference"].notna().all()
    assert found.loc["merged", "p_value"] > 0.01
    assert found.loc["0.8", "p_value"] == 1.0


def test_an_estimate_beyond_the_cutoff_is_held_where_it_is() -> None:
    found = tm.discriminant_validity(fit("ml"), cutoffs=[0.3], merge=False).tests
    beyond = found["fixed_at"] > 0.3
    assert beyond.tolist() == [True, True, False]
    assert (found.loc[beyond, "chisq_difference"] == 0).all()
    assert (found.loc[beyond, "p_value"] == 1).all()


def test_a_negative_correlation_is_held_at_minus_the_cutoff() -> None:
    data = holzinger().assign(x1=-holzinger()["x1"], x2=-holzinger()["x2"], x3=-holzinger()["x3"])
    model = THREE.replace("x1 +", "start(-1)*x1 +")
    turned = tm.discriminant_validity(tm.fit_sem(model.replace("start(-1)*x1", "-1*x1"), data))
    same = _found("ml")
    np.testing.assert_allclose(turned.tests["chisq_difference"], same.tests["chisq_difference"], rtol=1e-6)
    flipped = tm.discriminant_validity(tm.fit_sem(THREE, data))
    assert flipped.correlations["correlation"].tolist()[0] < 0
    assert flipped.tests["fixed_at"].tolist()[0] == pytest.approx(-0.8)
    np.testing.assert_allclose(
        flipped.tests.query("restriction == '0.9'")["chisq_difference"],
        same.tests.query("restriction == '0.9'")["chisq_difference"],
        rtol=1e-6,
    )


def test_paths_are_left_out() -> None:
    model = THREE + "\nspeed ~ visual + textual"
    found = tm.discriminant_validity(model, holzinger(), n_bootstrap=0)
    assert any("Paths among factors" in note for note in found.notes)
    np.testing.assert_allclose(
        found.correlations["correlation"].sort_values(),
        _found("ml").correlations["correlation"].sort_values(),
        atol=1e-7,
    )


def test_one_call_on_constructs_gives_everything() -> None:
    found = tm.discriminant_validity(CONSTRUCTS, holzinger(), n_bootstrap=100, seed=1, progress=False)
    frame = found.to_frame()
    assert len(frame) == 3
    assert {"correlation", "chisq_0.9", "p_merged", "fl_difference", "htmt", "htmt2_upper"} <= set(frame)
    assert {"latent_correlation", "htmt", "htmt2"} == set(found.criteria()["metric"])
    assert "Fornell-Larcker" in str(found)
    assert "HTMT" in found._repr_html_()


def test_names_may_be_any_text() -> None:
    named = holzinger().rename(columns={"x1": "第一 题", "x4": "x 4"})
    constructs = {"视觉 能力": ["第一 题", "x2", "x3"], "textual": ["x 4", "x5", "x6"]}
    found = tm.discriminant_validity(constructs, named, n_bootstrap=0)
    assert found.correlations["construct_1"].tolist() == ["视觉 能力"]
    assert found.fornell_larcker.constructs["construct"].tolist() == ["视觉 能力", "textual"]
    with pytest.raises(tm.DataError, match="第一 题"):
        tm.discriminant_validity(constructs, named.assign(**{"第一 题": 3.0}), n_bootstrap=0)


BY_NAME = [
    tm.average_variance_extracted,
    tm.fornell_larcker,
    lambda parts: tm.discriminant_validity(parts, n_bootstrap=0),
    tm.convergent_validity,
    tm.measurement_table,
    lambda parts: tm.htmt(parts, n_bootstrap=0),
]


@pytest.mark.parametrize("function", BY_NAME)
def test_a_construct_may_be_called_like_its_item(function: Callable[[Any], Any]) -> None:
    frame = likert().rename(columns={"d": "item_1"})
    shown, others = (
        function({first: frame[["a", "b", "c"]], "B": frame[["item_1", "e", "f"]]}) for first in ("a", "A")
    )
    numbers = [found.to_frame().select_dtypes("number").to_numpy() for found in (shown, others)]
    np.testing.assert_allclose(*numbers, rtol=1e-9)
    text = str(shown)
    assert "construct_" not in text
    assert "item_2" not in text


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        ("visual =~ x1 + x2 + x3", {}, "2 are needed"),
        (THREE, {"group": "school"}, "groups"),
        (THREE + "\nx1 ~ ageyr", {}, "ageyr measures no factor"),
        ("visual =~ x1 + 1*x2 + x3\ntextual =~ x4 + x5 + x6", {}, "several fixed loadings"),
        ("visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6", {}, "shared label"),
        (THREE, {"cutoffs": [1.2]}, "must lie above 0"),
    ],
)
def test_what_cannot_be_tested_is_said(model: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.discriminant_validity(model, holzinger(), n_bootstrap=0, **options)


def test_equal_loadings_are_kept_with_unit_factors() -> None:
    text = "visual =~ a*x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6"
    found = tm.discriminant_validity(text, holzinger(), std_lv=True, n_bootstrap=0)
    assert found.result.df == tm.fit_sem(text, holzinger(), std_lv=True).df
    assert (found.tests["chisq_difference"] > 0).all()


def test_options_do_not_go_with_a_fit() -> None:
    with pytest.raises(ArgumentError, match="fitted already"):
        tm.average_variance_extracted(fit("ml"), estimator="MLR")
    with pytest.raises(ArgumentError, match="is no factor"):
        tm.average_variance_extracted(fit("ml"), factors=["vision"])
    with pytest.raises(ArgumentError, match="model is a int"):
        tm.average_variance_extracted(3)


def test_fornell_larcker_numbers_follow_from_the_standardised_solution() -> None:
    found = tm.fornell_larcker(fit("marker"))
    std = fit("marker").parameters
    ave = (std.query("lhs == 'speed' and op == '=~'")["std_all"] ** 2).mean()
    r = std.query("lhs == 'visual' and op == '~~' and rhs == 'speed'")["std_all"].iloc[0]
    row = found.constructs.set_index("construct").loc["speed"]
    assert row["root_ave"] == pytest.approx(np.sqrt(ave))
    assert row["msv"] == pytest.approx(r**2)
    assert found.matrix().loc["speed", "visual"] == pytest.approx(r)
    pair = found.pairs.query("construct_1 == 'visual' and construct_2 == 'speed'").iloc[0]
    assert pair["fl_difference"] == pytest.approx(min(ave, found.constructs["ave"].iloc[0]) - r**2)
    assert pair["fl_ci_lower"] < pair["fl_difference"] < pair["fl_ci_upper"]
