"""What the table of scales gives when it is asked for, and measurement error."""

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.reliability_analysis import (
    composite_reliability,
    cronbach_alpha,
    greatest_lower_bound,
    guttman_lambdas,
    measurement_error,
    omega_total,
    reliability,
    split_half,
)
from trustmeasure.reliability_analysis.table_extras import EXTRAS
from trustmeasure.sem import fit_sem

RNG = np.random.default_rng(4)
TRAIT = RNG.normal(size=(300, 1))
ITEMS = pd.DataFrame(TRAIT * [1, 0.8, 0.6, 0.9] + RNG.normal(size=(300, 4)), columns=list("abcd"))
GAPS = ITEMS.mask(np.random.default_rng(1).random(ITEMS.shape) < 0.05)


def row(items=ITEMS, **how):
    return reliability({"care": items}, **{"also": "all", **how}).iloc[0]


@pytest.mark.parametrize("items", [ITEMS, GAPS], ids=["complete", "gaps"])
def test_the_table_has_what_the_functions_give(items):
    found = row(items)
    lambdas = guttman_lambdas(items).frame.set_index("coefficient")
    alpha, glb = cronbach_alpha(items), greatest_lower_bound(items)
    half = split_half(items).frame.set_index("coefficient").loc["spearman_brown"]
    for name in ("lambda2", "lambda6"):
        assert found[name] == pytest.approx(lambdas.loc[name, "estimate"])
        assert found[f"{name}_ci_lower"] == pytest.approx(lambdas.loc[name, "ci_lower"])
    assert found["alpha_standardized"] == pytest.approx(alpha.standardized)
    assert found["alpha_standardized_ci_upper"] == pytest.approx(alpha.standardized_ci_upper)
    assert (found["glb"], found["glb_ci_lower"]) == pytest.approx((glb.glb, glb.ci_lower), abs=1e-9)
    assert (found["split_half"], found["split_half_ci_upper"]) == pytest.approx(
        (half["estimate"], half["ci_upper"])
    )
    error = measurement_error(items).frame.iloc[0]
    assert found[["sem", "sem_ci_lower", "sem_ci_upper"]].tolist() == pytest.approx(
        error[["sem", "sem_ci_lower", "sem_ci_upper"]].tolist()
    )


def test_model_coefficients_are_those_of_the_fitted_model():
    found = row()
    model = composite_reliability(fit_sem("f =~ a + b + c + d", ITEMS)).frame.iloc[0]
    for ours, theirs in (
        ("composite_reliability", "standardized"),
        ("maximal_reliability", "maximal_reliability"),
    ):
        assert found[ours] == pytest.approx(model[theirs], rel=1e-7)
        assert found[f"{ours}_ci_lower"] == pytest.approx(model[f"{theirs}_ci_lower"], rel=1e-5)


def test_columns_come_only_when_asked_for():
    plain = reliability({"care": ITEMS})
    assert plain.columns.tolist()[-1] == "note"
    assert not {"glb", "sem"} & set(plain.columns)
    some = reliability({"care": ITEMS}, also=["sem", "glb"])
    added = [c for c in some.columns if c not in plain.columns]
    assert added == ["glb", "glb_ci_lower", "glb_ci_upper", "sem", "sem_ci_lower", "sem_ci_upper"]
    assert len([c for c in row().index if c in EXTRAS]) == len(EXTRAS)
    with pytest.raises(ArgumentError, match=r"also='glp' is not known\. Did you mean 'glb'"):
        reliability({"care": ITEMS}, also="glp")


def test_bootstrap_limits_in_the_table():
    found = row(interval="bca", n_bootstrap=100, seed=2)
    alone = cronbach_alpha(ITEMS, interval="bca", n_bootstrap=100, seed=2)
    assert (found["alpha_ci_lower"], found["alpha_ci_upper"]) == (alone.ci_lower, alone.ci_upper)
    lambdas = guttman_lambdas(ITEMS, interval="bca", n_bootstrap=100, seed=2).frame.set_index("coefficient")
    assert found["lambda2_ci_lower"] == lambdas.loc["lambda2", "ci_lower"]


def test_two_items_and_one():
    table = reliability({"two": ITEMS[["a", "b"]], "one": ITEMS[["a"]]}, also="all").set_index("construct")
    assert table.loc["two", "glb"] == pytest.approx(table.loc["two", "alpha"], abs=1e-9)
    assert table.loc["two", ["composite_reliability", "maximal_reliability"]].isna().all()
    assert table.loc["one", list(EXTRAS)].isna().all()


def test_higher_order_constructs():
    table = tm.reliability(tm.load_sample("trust-survey"), also=["omega_l1", "omega_l2"]).set_index(
        "construct"
    )
    row = table.loc["cognitive_trust"]
    assert 0.7 < row["omega_l1"] < row["alpha"]
    assert row["omega_l1_ci_lower"] < row["omega_l1"] < row["omega_l1_ci_upper"]
    assert table["omega_l1"].notna().sum() == 2
    assert "at least 3 dimensions" in table.loc["loyalty", "note"]


def test_measurement_error_by_hand():
    found = measurement_error(ITEMS, score="sum").frame.iloc[0]
    total = ITEMS.sum(axis=1).std()
    assert found["sd"] == pytest.approx(total)
    assert found["sem"] == pytest.approx(total * np.sqrt(1 - cronbach_alpha(ITEMS).alpha))
    assert found["mdc"] == pytest.approx(1.959963984540054 * np.sqrt(2) * found["sem"])
    assert found["mdc_group"] == pytest.approx(found["mdc"] / np.sqrt(300))
    mean = measurement_error(ITEMS).frame.iloc[0]
    assert mean["sem"] == pytest.approx(found["sem"] / 4)


def test_measurement_error_of_omega():
    found = measurement_error(ITEMS, coefficient="omega", score="sum").frame.iloc[0]
    omega = omega_total(ITEMS)
    residual = omega.items["residual_variance"].sum()
    assert found["sem"] == pytest.approx(np.sqrt(residual))
    assert found["sem"] == pytest.approx(found["sd"] * np.sqrt(1 - omega.omega))
    assert found["sem_ci_lower"] < found["sem"] < found["sem_ci_upper"]


def test_errors_of_alpha_and_omega_cover():
    rng = np.random.default_rng(5)
    inside = []
    for _ in range(100):
        sample = rng.standard_normal((150, 1)) + rng.standard_normal((150, 4))
        row = measurement_error(sample, score="sum").frame.iloc[0]
        inside.append(row["sem_ci_lower"] < 2.0 < row["sem_ci_upper"])
    assert np.mean(inside) > 0.88


def test_measurement_error_of_several_scales():
    several = measurement_error({"care": ITEMS, "one": ITEMS[["a"]]})
    assert several.frame["construct"].tolist() == ["care", "one"]
    assert "at least 2 items" in several.frame.loc[1, "note"]
    assert "MDC of means" in str(several)
    assert len(several.to_frame()) == 2
    with pytest.raises(DataError, match="at least 2 items"):
        measurement_error(ITEMS[["a"]])
    with pytest.raises(ArgumentError, match="coefficient='beta'"):
        measurement_error(ITEMS, coefficient="beta")
    with pytest.raises(ArgumentError, match="score='total'"):
        measurement_error(ITEMS, score="total")
