"""The sequence as a whole: order, partial invariance, steps that fail, what is refused, hostile data."""

from __future__ import annotations

import contextlib
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES, likert
from tests.validity.invariance.cases import THREE, sectors
from trustmeasure.errors import ArgumentError, DataError, IdentificationError, TrustMeasureError


@pytest.fixture(scope="module")
def found() -> tm.Invariance:
    return tm.invariance(THREE, sectors(), group="sector")


def test_names_of_steps_are_one_and_the_same(found: tm.Invariance) -> None:
    same = tm.invariance(
        THREE, sectors(), group="sector", steps=["configural", "loadings", "intercepts", "residuals"]
    )
    np.testing.assert_allclose(same.frame["chisq"], found.frame["chisq"], rtol=1e-12)
    joint = tm.invariance(THREE, sectors(), group="sector", steps=["configural", ("metric", "scalar")])
    assert joint.frame["step"].tolist() == ["configural", "metric+scalar"]
    assert joint.frame["chisq"][1] == pytest.approx(found.frame["chisq"][2], rel=1e-10)


def test_the_tests_are_those_of_compare(found: tm.Invariance) -> None:
    robust = tm.invariance(THREE, sectors(), group="sector", estimator="MLR")
    for sequence in (found, robust):
        names = list(sequence.fits)
        theirs = tm.compare(*sequence.fits.values(), names=names).frame.set_index("model")
        mine = sequence.frame.set_index("step")
        for column in ("chisq_difference", "p_value", "cfi_change"):
            np.testing.assert_allclose(mine.loc[names, column], theirs.loc[names, column], rtol=1e-8)


def test_latent_means_and_variances_are_set_by_what_is_equal(found: tm.Invariance) -> None:
    last = found.fit("scalar").parameters
    own = last[(last["lhs"] == "f") & (last["op"].isin(["~1", "~~"])) & (last["rhs"].isin(["", "f"]))]
    assert (own[own["group"] == 1]["se"].isna() | (own[own["group"] == 1]["se"] == 0)).all()
    assert (own[own["group"] > 1]["se"] > 0).all()


def test_released_relations_are_free_and_the_old_sequence_stays(found: tm.Invariance) -> None:
    again = found.release(["f =~ a2", "a2 ~ 1", "b1~1"])
    assert again.partial == ("a2~1", "b1~1", "f=~a2")
    assert found.partial == ()
    assert (again.frame["p_value"].iloc[1:] > 0.05).all()
    given = tm.invariance(
        THREE, sectors(), group="sector", partial={"metric": ["f =~ a2"], "scalar": ["a2 ~ 1", "b1 ~ 1"]}
    )
    np.testing.assert_allclose(given.frame["chisq"], again.frame["chisq"], rtol=1e-10)


def test_a_release_from_a_later_step_on_is_compared_with_what_it_restricts(found: tm.Invariance) -> None:
    later = found.release("f =~ a2", step="scalar").frame.set_index("step")
    assert later.loc["scalar", "against"] == "configural"
    assert "holds f=~a2 equal" in later.loc["scalar", "note"]
    assert later.loc["scalar", "df_difference"] == later.loc["scalar", "df"] - later.loc["configural", "df"]


def test_the_order_of_rows_and_the_names_of_groups_change_nothing(found: tm.Invariance) -> None:
    frame = sectors().sample(frac=1, random_state=1)
    frame["sector"] = frame["sector"].map({"shop": "z", "bank": "x", "care": "y"})
    again = tm.invariance(THREE, frame, group="sector")
    numbers = found.frame.select_dtypes("number").columns
    np.testing.assert_allclose(again.frame[numbers], found.frame[numbers], rtol=1e-6, atol=1e-9)


def test_a_step_without_a_solution_says_why_and_the_others_are_there() -> None:
    frame = likert(300, 2)
    frame["g"] = ["x", "y", "z"] * 100
    with pytest.warns(tm.InadmissibleWarning):
        sequence = tm.invariance("f =~ a + b", frame, group="g", steps=["configural", "metric", "scalar"])
    rows = sequence.frame.set_index("step")
    assert rows.loc["configural", "note"].startswith("Step 'configural': The model")
    assert np.isnan(rows.loc["configural", "chisq"])
    assert list(sequence.fits)
    first = next(iter(sequence.fits))
    assert rows.loc[first, "against"] == ""
    with pytest.raises(ArgumentError, match="Step 'configural'"):
        sequence.fit("configural")
    assert "Step 'configural'" in str(sequence.summary())
    with pytest.raises(IdentificationError, match="Step 'configural'"):
        tm.invariance("f =~ a + b", frame, group="g", steps=["configural"])


def test_ordinal_answers_go_through_thresholds_first() -> None:
    frame = likert(600, 4)
    frame["g"] = ["x", "y"] * 300
    mine = tm.invariance("f =~ a + b + c + d", frame, group="g", ordered=True)
    theirs = tm.ordinal_invariance("f =~ a + b + c + d", frame, group="g")
    assert mine.frame["step"].tolist() == ["configural", "thresholds", "metric", "scalar", "strict"]
    for column in ("chisq_scaled", "cfi_scaled", "chisq_difference", "p_value"):
        np.testing.assert_allclose(mine.frame[column], theirs.frame[column], rtol=1e-9)
    assert set(tm.suggest_releases(mine, "thresholds").frame["kind"]) == {"thresholds"}


def test_what_rules_say_depends_on_step_and_rows(found: tm.Invariance) -> None:
    rules = found.describe()
    judged = rules[rules["met"].notna()]
    metric = judged[(judged["step"] == "metric") & (judged["metric"] == "delta_srmr")]
    assert metric["rule"].tolist() == ["< 0.03"]
    assert not judged[(judged["step"] == "scalar") & (judged["metric"] == "delta_cfi")]["met"].any()
    assert "delta_cfi" not in set(rules[rules["step"] == "configural"]["metric"])


def test_it_is_shown_in_text_and_html(found: tm.Invariance) -> None:
    text = str(found)
    assert "Steps and their tests" in text
    assert "Δ CFI" in text
    assert "<table" in found._repr_html_()
    assert found.identification["df"].tolist() == found.frame["df"].tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": ["configural", "metrics"]}, "Did you mean 'metric'"),
        ({"steps": ["configural", "scalar"]}, r"'intercepts' cannot be compared .* before 'loadings'"),
        ({"steps": ["metric", "metric"]}, "stands a second time"),
        ({"steps": ["configural", "thresholds"]}, "no ordered variable"),
        ({"steps": "metric"}, r"\['configural', 'metric'\]"),
        ({"steps": []}, "steps is empty"),
        ({"partial": ["f =~ a9"]}, "no relation 'f=~a9'"),
        ({"partial": {"metrics": ["f =~ a2"]}}, "Did you mean 'metric'"),
        ({"collapse": True}, "name them in ordered"),
        ({"ci": 1.5}, "ci=1.5"),
        ({"group": ["sector"]}, "group names the column"),
        ({"estimator": "XYZ"}, "XYZ"),
    ],
)
def test_what_cannot_be_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.invariance(THREE, sectors(), **({"group": "sector"} | options))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("f =~ a1 + a2 + a3\nb1 ~ f", "invariance is that of a measurement model"),
        ("f =~ a1 + k*a2 + a3", "a label would make the loading equal"),
        ("f =~ a1 + a2 + a3\na1 ~ 1", "are set by the steps"),
        ("a1 ~~ a2", "no latent variable"),
        (3, "model is a int"),
    ],
)
def test_models_that_set_what_steps_set_are_refused(model: Any, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.invariance(model, sectors(), group="sector")


def test_an_item_that_is_constant_in_a_group_is_named() -> None:
    frame = sectors().copy()
    frame.loc[frame["sector"] == "bank", "a3"] = 2.0
    with pytest.raises(DataError, match=r"bank.*a3"):
        tm.invariance(THREE, frame, group="sector")


def test_a_group_of_one_row_is_named() -> None:
    frame = pd.concat([sectors(), sectors().head(1).assign(sector="new")])
    with pytest.raises(TrustMeasureError, match="new"):
        tm.invariance(THREE, frame, group="sector")


@pytest.mark.parametrize(
    ("name", "ordered"),
    [(name, ordered) for name in FRAMES for ordered in ((), True) if (name, ordered) != ("two_items", True)],
)
def test_hostile_data_are_answered_or_refused(name: str, ordered: Any) -> None:
    frame = FRAMES[name]()
    items = list(frame.columns)
    frame["g"] = (["x", "y"] * len(frame))[: len(frame)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", tm.TrustMeasureWarning)
        with contextlib.suppress(TrustMeasureError):
            sequence = tm.invariance("f =~ " + " + ".join(items), frame, group="g", ordered=ordered)
            assert sequence.frame["chisq"].notna().any()
            str(sequence)
            sequence.describe()
            tm.suggest_releases(sequence)
