"""Steps of ordinal invariance: the models of semTools fitted by lavaan, and what is refused."""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError, DataError, IdentificationError
from trustmeasure.sem.comparable import is_nested
from trustmeasure.sem.empty_categories import Counts

FOLDER = Path(__file__).parents[1] / "reference" / "ordinal_invariance"
CASES = sorted(path.stem for path in FOLDER.glob("*.json"))
FIVE = "f =~ a1 + a2 + a3 + a4\ng =~ b1 + b2 + b3 + b4"
MEASURES = {
    "chisq": "chisq",
    "pvalue": "pvalue",
    "chisq_scaled": "chisq.scaled",
    "pvalue_scaled": "pvalue.scaled",
    "cfi_scaled": "cfi.scaled",
    "tli_scaled": "tli.scaled",
    "rmsea_scaled": "rmsea.scaled",
    "srmr": "srmr",
}


@cache
def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")


def steps_of(reference: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return what each step of a reference adds."""
    found, before = [], ()
    for step in reference["steps"].values():
        equal = tuple(kind.replace("lv.", "lv_") for kind in step["equal"])
        found.append(tuple(kind for kind in equal if kind not in before) or ("configural",))
        before = equal
    return found


@cache
def ours(name: str) -> tm.OrdinalInvariance:
    reference = case(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tm.ordinal_invariance(
            reference["model"],
            data(reference["data"]),
            group="group",
            ordered=reference["ordered"],
            steps=steps_of(reference),
            parameterization=reference["parameterization"],
            estimator=reference["estimator"],
            partial=reference["partial"],
        )


def pairs(name: str) -> list[tuple[pd.Series, dict[str, Any]]]:
    rows = [row for _, row in ours(name).frame.iterrows()]
    return list(zip(rows, case(name)["steps"].values(), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_each_step_fits_as_in_lavaan(name: str) -> None:
    for row, step in pairs(name):
        assert (row["npar"], row["df"]) == (step["measures"]["npar"], step["measures"]["df"])
        for mine, theirs in MEASURES.items():
            value = step["measures"][theirs]
            expected = np.nan if value is None else value  # least squares without weights have no p
            near = pytest.approx(expected, rel=1e-6, abs=1e-7, nan_ok=True)
            assert row[mine] == near, (row["step"], mine)


@pytest.mark.parametrize("name", CASES)
def test_each_step_is_tested_as_in_lavaan(name: str) -> None:
    names = list(case(name)["steps"])
    for i, (row, step) in enumerate(pairs(name)):
        if i:
            against = names.index(step["against"])
            assert row["against"] == ours(name).frame["step"][against]
        test = step["difference"] or {"chisq": np.nan, "df": np.nan, "p_value": np.nan}
        mine = row[["chisq_difference", "df_difference", "p_value"]].astype(float)
        np.testing.assert_allclose(mine, list(test.values()), rtol=1e-5, err_msg=row["step"])
        assert row["coincides"] == (i > 0 and step["difference"] is None)


@pytest.mark.parametrize("name", CASES)
def test_estimates_and_errors_of_each_step_are_lavaans(name: str) -> None:
    key = ["lhs", "op", "rhs", "group"]
    for (step, fit), reference in zip(ours(name).fits.items(), case(name)["steps"].values(), strict=True):
        table = reference["estimates"]
        theirs = pd.DataFrame(table["rows"], columns=table["columns"])
        # semTools writes scales of continuous variables too, which are 1
        theirs = theirs[(theirs["op"] != "~*~") | theirs["lhs"].isin(case(name)["ordered"])]
        both = theirs.merge(fit.parameters, on=key, suffixes=("_lavaan", ""), how="left")
        turned = both["estimate"].isna() & (both["op"] == "~~")
        assert not (both["estimate"].isna() & ~turned).any()
        both = both[~turned]
        scale = both["est"].abs().clip(lower=0.1)
        assert ((both["estimate"] - both["est"]).abs() / scale).max() < 1e-6, step
        free = both["se_lavaan"] > 0
        assert (both["se"][free] / both["se_lavaan"][free] - 1).abs().max() < 1e-5, step


def test_the_cases_cover_categories_groups_and_both_parameterisations() -> None:
    kinds = {(case(n)["data"], case(n)["parameterization"]) for n in CASES}
    assert {d for d, _ in kinds} == {"five", "binary", "mixed", "three"}
    assert all((d, "theta") in kinds and (d, "delta") in kinds for d, _ in kinds)


def models(ordered: dict[str, int], **options: Any) -> dict[str, tm.InvarianceModel]:
    text = "f =~ " + " + ".join(ordered)
    return {m.step: m for m in tm.ordinal_invariance_models(text, ordered=ordered, **options)}


def test_steps_that_coincide_say_so_by_name() -> None:
    found = models({"x1": 1, "x2": 2, "x3": 2, "x4": 1})
    step = found["thresholds"]
    assert step.coincides
    assert step.remark.startswith("Coincides with 'configural'")
    assert "binary variables (x1, x4) gives but the intercept" in step.remark
    assert "three categories (x2, x3) give but the intercept and the scale" in step.remark
    assert not models({"x1": 3, "x2": 2, "x3": 2})["thresholds"].coincides


def test_binary_scales_make_the_steps_no_chain_which_is_said() -> None:
    found = models(dict.fromkeys(("x1", "x2", "x3", "x4"), 1))
    assert "compared in units of their residuals; parameterization='delta'" in found["loadings"].remark
    assert found["intercepts"].against == "thresholds"
    assert found["intercepts"].remark.startswith(
        "Not nested in 'loadings', which compares the loadings of x1"
    )
    assert found["residuals"].against == "intercepts"


def test_each_step_says_what_it_sets_free() -> None:
    found = models({"x1": 3, "x2": 3, "x3": 2}, partial=["x1 ~ 1", "x2 | t2"])
    assert found["intercepts"].set == (
        "equal in all groups: thresholds, loadings, intercepts",
        "free in all groups but the first: intercepts of x1; residual variances of all ordered variables; "
        "latent variances of f; latent means of f",
        "left free all the same: x2|t2, x1~1",
    )


def test_an_own_unit_of_a_latent_variable_is_kept() -> None:
    (unit,) = tm.ordinal_invariance_models(
        "f =~ 1*x1 + x2 + x3", ordered={"x1": 3, "x2": 3, "x3": 3}, steps=["configural"]
    )
    rows = unit.model.to_frame().query("lhs == 'f' and rhs in ('f', 'x1')")
    assert rows.groupby("op")["free"].apply(lambda x: bool((x > 0).all())).to_dict() == {
        "=~": False,
        "~~": True,
    }


def test_a_second_order_model_can_be_compared() -> None:
    text = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\ns =~ f + g + h"
    ordered = {f"x{i}": 4 for i in range(1, 10)}
    steps = ("configural", "thresholds", "loadings", "intercepts", "latent_loadings")
    found = {m.step: m for m in tm.ordinal_invariance_models(text, ordered=ordered, steps=steps)}
    last = found["latent_loadings"].model.to_frame().query("group == 2 and free > 0 and op in ('~1', '~~')")
    assert last.query("op == '~1'")["lhs"].tolist() == ["f", "g", "h"]
    assert "s" in last.query("op == '~~'")["lhs"].tolist()
    assert found["latent_loadings"].df - found["intercepts"].df == 2


def test_the_text_is_what_lavaan_fits() -> None:
    step = models({"x1": 3, "x2": 3, "x3": 2})["thresholds"]
    assert 'x1 | c("x1_t1.all", "x1_t1.all")*t1' in step.text
    assert "x1 ~ c(0, NA)*1" in step.text
    assert 'parameterization = "theta"' in step.call
    assert step.text.splitlines()[0].replace("NA", "") != step.text
    assert "free in all groups but the first" in step._repr_html_()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": ["configural", "intercepts"]}, "'intercepts' cannot be compared .* before 'thresholds'"),
        ({"steps": ["configural", "loadings"]}, r"both in one step: \('thresholds', 'loadings'\)"),
        ({"steps": ["configural", "treshold"]}, "Did you mean 'thresholds'"),
        ({"steps": ["thresholds", "configural"]}, "'configural' is not the first step"),
        ({"steps": ["thresholds", "thresholds"]}, "'thresholds' stands a second time"),
        (
            {"steps": [("thresholds", "loadings", "intercepts"), "residuals"], "parameterization": "delta"},
            "residual variances .* Use parameterization='theta'",
        ),
        ({"parameterization": "gamma"}, "parameterization='gamma' is not known"),
        ({"partial": ["f =~ x9"]}, "partial: the model has no relation 'f=~x9'"),
        ({"partial": ["x1 ~*~ x1"]}, "partial: the model has no relation"),
        ({"n_groups": 1}, "n_groups=1"),
    ],
)
def test_what_cannot_be_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        models({"x1": 3, "x2": 3, "x3": 3}, **options)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f =~ x1 + x2 + x3\ny ~ f", "'y ~ f': invariance is that of a measurement model"),
        ("f =~ x1 + x2 + x3\nx1 ~ 0*1", "'x1 ~ 1': .* are set by the steps"),
        ("f =~ x1 + x2 + x3\nx1 | 0*t1", r"'x1 \| t1': .* are set by the steps"),
        ("f =~ x1 + x2 + x3\nf ~~ 2*f", "'f ~~ f': .* are set by the steps"),
        ("f =~ x1 + l*x2 + x3", r"'l\*x2': a label would make"),
        ("f =~ x1 + x2 + x3\nx1 ~~ p*x2\np == 0.1", "'p == 0.1': leave constraints out"),
    ],
)
def test_a_text_says_what_is_measured_and_no_more(text: str, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.ordinal_invariance_models(text, ordered={"x1": 3, "x2": 3, "x3": 3})


def test_without_ordered_variables_the_way_is_named() -> None:
    with pytest.raises(ArgumentError, match=r"use trustmeasure\.invariance"):
        tm.ordinal_invariance("f =~ m6 + m7 + m8", data("mixed"), group="group", ordered=[])


def with_empty() -> pd.DataFrame:
    frame = data("five").copy()
    south = frame["group"] == "south"
    frame.loc[south & (frame["a1"] == 5), "a1"] = 4
    frame.loc[~south & (frame["b2"] == 3), "b2"] = 2
    return frame


def test_an_empty_category_is_an_error_that_names_it() -> None:
    with pytest.raises(DataError, match="category 5 of 'a1' in south; category 3 of 'b2' in north"):
        tm.ordinal_invariance(FIVE, with_empty(), group="group")


def test_collapse_merges_in_all_groups_and_says_so() -> None:
    found = tm.ordinal_invariance(FIVE, with_empty(), group="group", collapse=True, steps=["configural"])
    assert found.merged.to_numpy().tolist() == [["a1", 5.0, 4.0, "south"], ["b2", 3.0, 4.0, "north"]]
    merged = with_empty().replace({"a1": {5: 4}, "b2": {3: 4}})
    by_hand = tm.ordinal_invariance(FIVE, merged, group="group", steps=["configural"])
    np.testing.assert_allclose(found.frame["chisq"], by_hand.frame["chisq"], rtol=1e-10)
    assert by_hand.merged.empty
    assert "Merged categories" in repr(found)
    assert "Merged categories" in found._repr_html_()


def test_the_neighbour_with_fewer_answers_takes_a_category() -> None:
    counts = Counts("x", (1.0, 2.0, 3.0, 4.0), np.array([[9.0, 0, 5, 7], [9, 4, 5, 0]]), ("a", "b"))
    now, done = counts.merged()
    assert done == [("x", 2.0, 3.0, "a"), ("x", 4.0, 3.0, "b")]
    np.testing.assert_array_equal(now.by_group, [[9, 12], [9, 9]])


def test_what_nobody_shares_cannot_be_merged() -> None:
    with pytest.raises(DataError, match="'x' has no two categories that every group uses"):
        Counts("x", (1.0, 2.0), np.array([[9.0, 0], [9, 4]]), ("a", "b")).merged()


def test_a_step_that_is_not_identified_says_so_and_does_not_stop_the_others() -> None:
    found = tm.ordinal_invariance("f =~ y1 + y2", data("binary"), group="group")
    frame = found.frame.set_index("step")
    assert frame.loc["configural", "note"].startswith("Step 'configural': The model")
    assert np.isnan(frame.loc["configural", "chisq"])
    assert frame["note"].ne("").sum() + len(found.fits) == len(frame)
    assert len(found.fits) > 0
    assert frame.loc[list(found.fits), "chisq"].notna().all()
    assert frame.loc["configural", "note"] in found.notes
    with pytest.raises(ArgumentError, match="Step 'configural': "):
        found.fit("configural")


def test_no_step_at_all_is_an_error_that_names_the_first() -> None:
    with pytest.raises(IdentificationError, match="Step 'configural': "):
        tm.ordinal_invariance("f =~ y1 + y2", data("binary"), group="group", steps=["configural"])


def test_texts_and_fits_are_found_by_step() -> None:
    found = ours("three-theta")
    assert found.fit("loadings").df == found.model("loadings").df
    with pytest.raises(ArgumentError, match="Did you mean 'loadings'"):
        found.fit("loading")
    assert found.identification["step"].tolist() == found.frame["step"].tolist()
    assert "Steps and their tests" in str(found.summary())


def test_an_unscaled_estimator_has_differences_without_scaling() -> None:
    found = tm.ordinal_invariance(
        "f =~ a1 + a2 + a3", data("five"), group="group", estimator="WLS", steps=["configural", "thresholds"]
    )
    difference = found.frame["chisq"].diff()
    np.testing.assert_allclose(found.frame["chisq_difference"][1], difference[1])
    assert found.frame["chisq_scaled"].isna().all()
    assert 0 < found.frame["p_value"][1] < 1


def test_missing_answers_and_weights_reach_every_fit() -> None:
    frame = data("five").assign(w=lambda d: 0.5 + np.arange(len(d)) % 3)
    frame["a1"] = frame["a1"].astype(float).where(np.arange(len(frame)) % 9 > 0)
    found = tm.ordinal_invariance(
        "f =~ a1 + a2 + a3 + a4",
        frame,
        group="group",
        missing="pairwise",
        weights="w",
        steps=["configural"],
    )
    alone = tm.fit_sem(found.model("configural").model, frame, group="group", missing="pairwise", weights="w")
    assert found.frame["chisq_scaled"][0] == pytest.approx(alone.fit_measures["chisq_scaled"], rel=1e-10)


@pytest.mark.parametrize("name", ["binary-theta", "binary-delta", "mixed-theta"])
def test_what_a_step_is_tested_against_contains_it(name: str) -> None:
    """The larger model reproduces what the smaller one implies, and equal loadings of binary items do not."""
    found = ours(name)
    for model in found.models[1:]:
        assert is_nested(found.fit(model.step), found.fit(model.against)), model.step
    assert not is_nested(found.fit("intercepts"), found.fit("loadings"))


def drawn(shift: float, spread: float) -> pd.DataFrame:
    """Return answers to nine items of three constructs with one behind them, in two groups."""
    rng = np.random.default_rng(5)
    n = 1500
    second = np.repeat([0, 1], n)
    above = rng.normal(size=2 * n) * np.where(second, spread, 1.0)
    constructs = [0.7 * above + 0.7 * rng.normal(size=2 * n) + second * shift for _ in range(3)]
    responses = np.repeat(constructs, 3, axis=0).T + rng.normal(size=(2 * n, 9))
    frame = pd.DataFrame(np.digitize(responses, [-1.2, -0.3, 0.6, 1.4]))
    frame.columns = [f"x{i}" for i in range(1, 10)]
    return frame.assign(group=np.where(second, "second", "first"))


def test_means_and_variances_of_the_other_group_are_found() -> None:
    frame = drawn(0.5, 1.0)
    found = tm.ordinal_invariance("f =~ x1 + x2 + x3", frame, group="group")
    last = found.fit("residuals").parameters.query("group == 2 and lhs == 'f' and op in ('~1', '~~')")
    unit = np.sqrt(0.98)  # the standard deviation of the construct in the first group
    estimates = last.set_index("op")[["estimate", "se"]]
    for op, value in (("~1", 0.5 / unit), ("~~", 1.0)):
        assert abs(estimates.loc[op, "estimate"] - value) < 3 * estimates.loc[op, "se"]
    assert (found.frame["p_value"].dropna() > 0.001).all()


def test_a_second_order_model_is_compared_step_by_step() -> None:
    text = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\ns =~ f + g + h"
    steps = ("configural", ("thresholds", "loadings"), "intercepts", "latent_loadings")
    found = tm.ordinal_invariance(text, drawn(0.3, 1.3), group="group", steps=steps)
    assert found.frame["df_difference"].tolist()[1:] == [24.0, 6.0, 2.0]
    variance = found.fit("latent_loadings").parameters.query("lhs == 's' and rhs == 's' and group == 2")
    assert abs(variance["estimate"].item() - 1.69) < 3 * variance["se"].item()
    for model in found.models[1:]:
        assert is_nested(found.fit(model.step), found.fit(model.against)), model.step
