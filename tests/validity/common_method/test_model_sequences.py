"""Unmeasured method factor and confirmatory marker technique against lavaan (method_bias/sequences.R)."""

import numpy as np
import pandas as pd
import pytest

from tests.validity.common_method.reference_data import CONSTRUCTS, MARKED, STRUCTURAL, survey, values
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import compare
from trustmeasure.validity import latent_method_factor, marker_cfa
from trustmeasure.validity.common_method import MarkerCfa, MethodFactor

FOUND = values("sequences")
FIT = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")
TIGHT = 1e-7


@pytest.fixture(scope="module")
def marked() -> MarkerCfa:
    return marker_cfa(survey(), MARKED, marker="m")


@pytest.fixture(scope="module", params=["measurement", "structural"])
def factor(request) -> tuple[str, MethodFactor]:
    model = CONSTRUCTS if request.param == "measurement" else STRUCTURAL
    return request.param, latent_method_factor(model, survey())


def near(value, wanted, tolerance=TIGHT):
    assert value == pytest.approx(wanted, rel=tolerance, abs=tolerance)


def test_the_fit_of_each_model_with_a_method_factor(factor):
    name, found = factor
    for row in found.steps.to_dict("records"):
        for measure in FIT:
            near(row[measure], FOUND["ulmc"][name][row["step"]][measure])


def test_loadings_and_paths_with_a_method_factor(factor):
    name, found = factor
    for step in ("baseline", "free"):
        std = FOUND["ulmc"][name][step]["std"]
        for row in found.loadings.to_dict("records"):
            near(row[step], std[f"{row['factor']} =~ {row['item']}"])
        for row in found.paths.to_dict("records"):
            near(row[step], std[f"{row['lhs']} {row['op']} {row['rhs']}"])
    std = FOUND["ulmc"][name]["free"]["std"]
    sign = np.sign(sum(std[f"X =~ {item}"] for item in found.loadings["item"]))
    for row in found.loadings.to_dict("records"):
        near(row["method_free"], sign * std[f"X =~ {row['item']}"])


def test_shares_of_variance_add_up(factor):
    _, found = factor
    assert found.chosen == "free"
    shares = found.variance[["trait", "method", "unique"]]
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    items = found.variance.iloc[:-1]
    np.testing.assert_allclose(items["trait"], found.loadings["free"] ** 2, rtol=1e-9)
    np.testing.assert_allclose(items["method"], found.loadings["method_free"] ** 2, rtol=1e-9)
    assert found.method_share == pytest.approx(items["method"].mean())


def test_both_models_are_tested_against_the_baseline(factor):
    name, found = factor
    steps, wanted = found.steps.set_index("step"), FOUND["ulmc"][name]
    for step, df in (("equal", 1), ("free", 12)):
        near(steps.loc[step, "chisq_difference"], wanted["baseline"]["chisq"] - wanted[step]["chisq"])
        assert steps.loc[step, "df_difference"] == df
    test = compare(found.fits["baseline"], found.fits["free"]).frame.iloc[-1]
    assert steps.loc["free", "p_value"] == pytest.approx(test["p_value"])
    assert np.isnan(steps.loc["baseline", "p_value"])
    assert "negative" in steps.loc["equal", "note"].lower()


def test_every_model_of_the_marker_technique(marked):
    for row in marked.steps.to_dict("records"):
        for measure in FIT:
            near(row[measure], FOUND["marker"]["steps"][row["step"]][measure])
    for row in marked.tests.to_dict("records"):
        for measure in ("chisq_difference", "df_difference"):
            near(row[measure], FOUND["marker"]["tests"][row["model"]][measure])
        near(row["p_value"], FOUND["marker"]["tests"][row["model"]]["p_value"])
    assert marked.tests["against"].tolist() == ["Baseline", "Method-C", "Method-U"]
    assert marked.chosen == "Method-U"


def test_loadings_of_the_marker_technique(marked):
    before, after = FOUND["marker"]["std"]["Baseline"], FOUND["marker"]["std"]["Method-U"]
    for row in marked.loadings.to_dict("records"):
        near(row["baseline"], before[f"{row['factor']} =~ {row['item']}"])
        near(row["substantive"], after[f"{row['factor']} =~ {row['item']}"])
        near(row["method"], after[f"m =~ {row['item']}"])
        near(row["p_value"], FOUND["marker"]["p_method"][row["item"]])
    assert marked.method_share == pytest.approx((marked.loadings["method"] ** 2).mean())


def test_reliability_and_its_parts(marked):
    for row in marked.reliability.to_dict("records"):
        wanted = FOUND["marker"]["reliability"][row["construct"]]
        near(row["total"], wanted["baseline"]["total"])
        near(row["substantive"], wanted["method_u"]["substantive"])
        near(row["method"], wanted["method_u"]["method"])
        both = wanted["method_u"]["substantive"] + wanted["method_u"]["method"]
        near(row["method_share"], wanted["method_u"]["method"] / both)


def test_correlations_and_their_sensitivity(marked):
    for row in marked.correlations.to_dict("records"):
        for name, wanted in FOUND["marker"]["correlations"].items():
            near(row[name], wanted[f"{row['construct_1']} ~~ {row['construct_2']}"])


def test_equal_method_loadings_go_on_when_unequal_ones_are_no_better():
    rng = np.random.default_rng(5)
    method = rng.normal(size=(600, 1))
    items = (
        0.7 * np.repeat(rng.normal(size=(600, 2)), 3, axis=1) + 0.4 * method + 0.6 * rng.normal(size=(600, 6))
    )
    marker = 0.7 * method + 0.7 * rng.normal(size=(600, 3))
    names = [f"{f}{i}" for f in "abm" for i in (1, 2, 3)]
    constructs = {f: [f"{f}{i}" for i in (1, 2, 3)] for f in "abm"}
    found = marker_cfa(pd.DataFrame(np.hstack([items, marker]), columns=names), constructs, marker="m")
    assert found.chosen == "Method-C"
    assert found.fits["Method-C"].parameters.query("lhs == 'm' and rhs == 'a1'")["estimate"].iloc[
        0
    ] == pytest.approx(0.4, abs=0.12)
    assert found.tests["against"].tolist()[-1] == "Method-C"


def test_without_method_variance_there_is_none():
    found = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        items = 0.7 * np.repeat(rng.normal(size=(300, 3)), 3, axis=1) + 0.7 * rng.normal(size=(300, 9))
        frame = pd.DataFrame(items, columns=[f"{f}{i}" for f in "abm" for i in (1, 2, 3)])
        constructs = {f: [f"{f}{i}" for i in (1, 2, 3)] for f in "abm"}
        found.append(marker_cfa(frame, constructs, marker="m", sensitivity=()))
    assert sum(one.tests["p_value"].iloc[0] < 0.01 for one in found) <= 1
    assert np.mean([one.method_share for one in found]) < 0.03


def test_names_that_no_model_text_could_hold():
    plain = marker_cfa(survey(), MARKED, marker="m", sensitivity=())
    called = {f"{name}{i}": f"item {name}-{i}" for name in "abcm" for i in range(1, 5)}
    odd = {f"construct {name}": [called[i] for i in items] for name, items in MARKED.items()}
    found = marker_cfa(survey().rename(columns=called), odd, marker="construct m", sensitivity=())
    np.testing.assert_allclose(found.steps["chisq"], plain.steps["chisq"], rtol=1e-9)
    assert found.loadings["item"].tolist()[0] == "item a-1"
    assert found.reliability["construct"].tolist() == ["construct a", "construct b", "construct c"]


def test_a_construct_may_be_called_like_its_item():
    data = survey().rename(columns={"a1": "a"})
    constructs = {**CONSTRUCTS, "a": ["a", "a2", "a3", "a4"]}
    found = latent_method_factor(constructs, data)
    near(found.steps["chisq"].iloc[0], FOUND["ulmc"]["measurement"]["baseline"]["chisq"])
    assert found.loadings["item"].tolist()[:2] == ["a", "a2"]
    single = latent_method_factor({**CONSTRUCTS, "c1": ["c1"], "c": ["c2", "c3", "c4"]}, survey())
    assert single.loadings.set_index("factor").loc["c1", "baseline"] == pytest.approx(1.0)


def test_incomplete_rows_and_robust_tests():
    gaps = survey()[[i for items in MARKED.values() for i in items]]
    gaps = gaps.mask(np.random.default_rng(2).random(gaps.shape) < 0.05)
    found = marker_cfa(gaps, MARKED, marker="m", missing="fiml", estimator="MLR", sensitivity=())
    assert found.steps["chisq"].notna().all()
    assert found.tests["p_value"].notna().all()
    assert found.tests["p_value"].iloc[0] < 1e-4
    assert "Confirmatory marker technique" in str(found.summary())
    assert "Unmeasured latent" in str(latent_method_factor(CONSTRUCTS, gaps, missing="fiml").summary())


def test_mistakes_are_named():
    with pytest.raises(ArgumentError, match="Did you mean 'm'"):
        marker_cfa(survey(), MARKED, marker="M")
    with pytest.raises(ArgumentError, match="has one item"):
        marker_cfa(survey(), {**CONSTRUCTS, "m": ["m1"]}, marker="m")
    with pytest.raises(ArgumentError, match="no construct besides"):
        marker_cfa(survey(), {"m": MARKED["m"]}, marker="m")
    with pytest.raises(ArgumentError, match="ordered= does not go"):
        marker_cfa(survey(), MARKED, marker="m", ordered=True)
    with pytest.raises(ArgumentError, match="std_lv= is not offered"):
        latent_method_factor(CONSTRUCTS, survey(), std_lv=False)
    with pytest.raises(ArgumentError, match="needs data"):
        latent_method_factor(STRUCTURAL)
    with pytest.raises(ArgumentError, match="no factor with observed indicators"):
        latent_method_factor("a1 ~ b1", survey())
    with pytest.raises(ArgumentError, match="model is a list"):
        latent_method_factor([1], survey())
