"""Known groups, criterion and incremental validity, and the nomological net, beside base R."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy

import trustmeasure as tm
from tests.validity.validity_data import THREE, holzinger, stored, survey
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.multiple_tests import corrected
from trustmeasure.validity.logit import logistic, resampled_mcfadden
from trustmeasure.validity.noncentral import noncentral_f_limits, noncentral_t_limits

REFERENCE = stored("relations")
SCORES = {"fa": [f"a{i}" for i in range(1, 5)], "fd": [f"d{i}" for i in range(1, 4)]}


FINE = tuple(int(part) for part in scipy.__version__.split(".")[:2]) >= (1, 14)
"""Whether SciPy's noncentral distributions are exact; before, they are good to about 1e-5."""


@cache
def people() -> pd.DataFrame:
    data = survey()
    third = np.quantile(data["v3"], [1 / 3, 2 / 3])
    named = np.array(["low", "middle", "high"])[np.searchsorted(third, data["v3"], side="left")]
    scores = {name: data[items].mean(axis=1) for name, items in SCORES.items()}
    return data.assign(third=named, **scores)


def close(own: Any, expected: Any, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(
        np.asarray(own, dtype=float), np.asarray(expected, dtype=float), rtol=tolerance
    )


def held(row: pd.Series, case: dict[str, float]) -> None:
    close(row["difference"], case["difference"])
    close(
        row[["ci_lower", "ci_upper", "t", "df", "p_value"]],
        [case[x] for x in ("lower", "upper", "t", "df", "p")],
    )
    close(row["cohen_d"], case["d"])
    close(row[["cohen_d_ci_lower", "cohen_d_ci_upper"]], [case["d_lower"], case["d_upper"]], 1e-6)
    close(row["hedges_g"], case["g"])


def test_two_groups_are_compared_as_by_t_test() -> None:
    found = tm.known_groups(people(), "g", ["fa", "fd"], order=[1, 2])
    for construct in ("fa", "fd"):
        row = found.pairs.query("construct == @construct").iloc[0]
        held(row, REFERENCE["two"][construct])
        close(row["p_one_sided"], REFERENCE["two"][construct]["one_sided"])
    all_held(found.tests.iloc[0], REFERENCE["two"]["all"])


def all_held(row: pd.Series, case: dict[str, float]) -> None:
    close(row[["f", "df_1", "df_2", "p_value"]], [case[x] for x in ("f", "df_1", "df_2", "p")])
    close(row[["eta_squared", "omega_squared"]], [case["eta"], case["omega"]])
    limits = row[["eta_squared_ci_lower", "eta_squared_ci_upper"]]
    close(limits, [case["eta_lower"], case["eta_upper"]], 1e-5 if FINE else 1e-3)
    columns = ["welch_f", "welch_df_1", "welch_df_2", "welch_p_value"]
    close(row[columns], [case[x] for x in ("welch_f", "welch_df_1", "welch_df_2", "welch_p")])


def test_three_groups_are_compared_as_by_aov() -> None:
    found = tm.known_groups(people(), "third", ["fd"], order=["low", "middle", "high"])
    for i, name in enumerate(("low_middle", "low_high", "middle_high")):
        held(found.pairs.iloc[i], REFERENCE["three"][name])
    all_held(found.tests.iloc[0], REFERENCE["three"]["all"])
    close(found.pairs["p_holm"], corrected(found.pairs["p_value"].to_numpy()))
    assert found.groups["group"].tolist() == ["low", "middle", "high"]


def test_limits_of_a_mean_are_those_of_t() -> None:
    row = tm.known_groups(people(), "g", ["fa"]).groups.iloc[0]
    own = people().query("g == 1")["fa"]
    from scipy import stats

    close([row["ci_lower"], row["ci_upper"]], stats.t.interval(0.95, own.size - 1, own.mean(), own.sem()))


def test_items_make_the_scores() -> None:
    by_items = tm.known_groups(survey(), "g", SCORES)
    pd.testing.assert_frame_equal(by_items.pairs, tm.known_groups(people(), "g", ["fa", "fd"]).pairs)


def test_groups_are_in_their_order_and_gaps_are_counted() -> None:
    frame = pd.DataFrame({"trust": np.arange(40.0), "wave": np.tile([1.0, 2.0, 10.0, np.nan], 10)})
    found = tm.known_groups(frame, "wave", ["trust"])
    assert found.groups["group"].tolist() == [1, 2, 10]
    assert found.notes == ("10 people are in none of the groups.",)


def test_frames_of_another_kind() -> None:
    import polars as pl

    frame = pl.from_pandas(people()[["fa", "v1", "c1", "g"]])
    for own, other in (
        (tm.known_groups(frame, "g", ["fa"]).pairs, tm.known_groups(people(), "g", ["fa"]).pairs),
        (
            tm.criterion_validity(frame, ["v1", "c1"], ["fa"]).frame,
            tm.criterion_validity(people(), ["v1", "c1"], ["fa"]).frame,
        ),
    ):
        pd.testing.assert_frame_equal(own, other)


def test_groups_of_responses() -> None:
    found = tm.known_groups(tm.load_sample("trust-survey"), "sector", ["satisfaction", "competence"])
    assert set(found.pairs["construct"]) == {"satisfaction", "competence"}
    assert "Known groups" in str(found)


@pytest.mark.parametrize(
    ("groups", "order", "error", "message"),
    [
        ("h", None, DataError, "'h' is not a column"),
        ("third", ["low", "hihg"], ArgumentError, "Did you mean 'high'"),
        ("third", ["low"], DataError, "two or more"),
        ([1, 2], None, ArgumentError, "2 values for 500 rows"),
        ("v1", None, DataError, "does not look like"),
    ],
)
def test_groups_that_are_none(groups: Any, order: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        tm.known_groups(people(), groups, ["fa"], order=order)


def test_limits_of_noncentral_distributions_lie_where_they_should() -> None:
    from scipy import stats

    low, high = noncentral_t_limits(2.5, 20, 0.9)
    close([stats.nct.cdf(2.5, 20, low), stats.nct.cdf(2.5, 20, high)], [0.95, 0.05], 1e-6 if FINE else 1e-4)
    low, high = noncentral_f_limits(4.0, 3, 40, 0.9)
    close(
        [stats.ncf.cdf(4.0, 3, 40, low), stats.ncf.cdf(4.0, 3, 40, high)],
        [0.95, 0.05],
        1e-6 if FINE else 1e-4,
    )
    assert noncentral_f_limits(0.01, 3, 40, 0.95)[0] == 0.0


def test_a_criterion_is_correlated_as_by_cor_test() -> None:
    case = REFERENCE["criterion"]["v1"]
    row = tm.criterion_validity(people(), "v1", ["fa"]).frame.iloc[0]
    assert row["kind"] == "pearson"
    close(row[["r", "ci_lower", "ci_upper", "p_value"]], [case[x] for x in ("r", "lower", "upper", "p")])
    assert np.isnan(row["auc"])
    ranks = tm.criterion_validity(people(), "v1", ["fa"], method="spearman").frame.iloc[0]
    close(ranks[["r", "ci_lower", "ci_upper"]], [case[x] for x in ("rho", "rho_lower", "rho_upper")])


@pytest.mark.parametrize(("score", "criterion"), [("fa", "c1"), ("fd", "c2")])
def test_a_criterion_with_two_values(score: str, criterion: str) -> None:
    case = REFERENCE["criterion"][criterion]
    row = tm.criterion_validity(people(), criterion, [score]).frame.iloc[0]
    assert row["kind"] == "point-biserial"
    close(row[["r", "ci_lower", "ci_upper", "p_value"]], [case[x] for x in ("r", "lower", "upper", "p")])
    close(row[["auc", "auc_ci_lower", "auc_ci_upper"]], [case["area"][x] for x in ("auc", "lower", "upper")])
    odds = ["odds_ratio", "odds_ratio_ci_lower", "odds_ratio_ci_upper", "logistic_p_value"]
    close(row[odds], [case[x] for x in ("odds", "odds_lower", "odds_upper", "logistic_p")], 1e-7)
    close(row[["mcfadden", "tjur"]], [case["mcfadden"], case["tjur"]], 1e-7)


def test_reliability_corrects_correlations() -> None:
    items = {name: survey()[columns] for name, columns in SCORES.items()}
    found = tm.criterion_validity(items, {"v1": survey()["v1"]}).frame.set_index("construct")
    alpha = tm.cronbach_alpha(items["fa"]).alpha
    row = found.loc["fa"]
    close(row["reliability"], alpha)
    close(row["corrected_r"], row["r"] / np.sqrt(alpha))
    close(row["corrected_ci_upper"], row["ci_upper"] / np.sqrt(alpha))
    both = tm.criterion_validity(items, {"v1": survey()["v1"]}, reliability={"fa": 0.64, "v1": 0.25}).frame
    close(both["corrected_r"].iloc[0], row["r"] / 0.4)
    with pytest.raises(ArgumentError, match="above 0"):
        tm.criterion_validity(items, {"v1": survey()["v1"]}, reliability={"fa": 1.2})


@pytest.mark.parametrize("criteria", [None, [], 3])
def test_criteria_that_are_none(criteria: Any) -> None:
    with pytest.raises(ArgumentError, match="names nothing"):
        tm.criterion_validity(people(), criteria, ["fa"])


def test_a_perfect_split_has_an_area_and_no_odds_ratio() -> None:
    frame = pd.DataFrame({"score": np.arange(20.0), "bought": np.repeat([0, 1], 10)})
    found = tm.criterion_validity(frame, "bought", ["score"])
    row = found.frame.iloc[0]
    assert row["auc"] == 1.0
    assert np.isnan(row["odds_ratio"])
    assert np.isnan(row["auc_ci_lower"])
    assert "no finite solution" in row["note"]


def test_steps_are_those_of_lm() -> None:
    case = REFERENCE["linear"]
    steps = {"known": ["v2", "v3"], "scores": ["fa", "fd"]}
    found = tm.incremental_validity(people(), "v1", steps, seed=1)
    frame = found.frame
    assert found.kind == "linear"
    close(frame["r_squared"], case["r"])
    close(frame["adjusted_r_squared"], case["adjusted"])
    close(frame["statistic"], case["f"])
    close(frame["p_value"], case["p"], 1e-7)
    assert frame["df_2"].tolist() == case["df_2"]
    assert (frame["delta_ci_lower"] < frame["delta_r_squared"]).all()
    assert (frame["delta_ci_upper"] > frame["delta_r_squared"]).all()


def test_steps_are_those_of_glm() -> None:
    case = REFERENCE["logistic"]
    found = tm.incremental_validity(people(), "c1", [["v2", "v3"], ["fa", "fd"]], seed=1, n_bootstrap=100)
    assert found.kind == "logistic"
    close(found.frame["r_squared"], case["mcfadden"], 1e-8)
    close(found.frame["tjur"], case["tjur"], 1e-7)
    close(found.frame["statistic"], case["chisq"], 1e-8)
    close(found.frame["p_value"], case["p"], 1e-7)
    assert "ΔMcFadden" in str(found)


def test_draws_of_the_change_are_those_of_resampled_people() -> None:
    data = people()
    x, y = data[["v2", "v3", "fa"]].to_numpy(), data["c1"].to_numpy(dtype=float)
    counts = np.random.default_rng(1).multinomial(len(y), np.full(len(y), 1 / len(y)), size=3)
    found = resampled_mcfadden(x, y, counts.astype(float))
    for own, times in zip(found, counts, strict=True):
        fit = logistic(np.repeat(x, times, axis=0), np.repeat(y, times))
        assert fit is not None
        close(own, fit.mcfadden, 1e-7)


def test_the_same_seed_gives_the_same_limits() -> None:
    first = tm.incremental_validity(people(), "v1", [["v2"], ["fa"]], n_bootstrap=150)
    again = tm.incremental_validity(people(), "v1", [["v2"], ["fa"]], n_bootstrap=150, seed=first.seed)
    pd.testing.assert_frame_equal(first.frame, again.frame)


def test_predictors_that_depend_are_said() -> None:
    data = people().assign(twice=2 * people()["v2"])
    found = tm.incremental_validity(data, "v1", [["v2"], ["twice"]], n_bootstrap=0).frame
    assert found["note"].str.contains("linearly").tolist() == [False, True]
    binary = tm.incremental_validity(data, "c1", [["v2"], ["twice"]], n_bootstrap=0).frame
    assert binary["note"].str.contains("linearly").tolist() == [False, True]


@pytest.mark.parametrize(
    ("steps", "kind", "message"),
    [
        ([["v2"], ["v2"]], "auto", "comes twice"),
        ([[]], "auto", "without predictors"),
        ([["v2"]], "logistic", "two values"),
        ([["v9"]], "auto", "'v9' is not a column"),
        (3, "auto", "steps is 3"),
        ("v2", "auto", "steps is 'v2'"),
    ],
)
def test_steps_that_are_none(steps: Any, kind: str, message: str) -> None:
    with pytest.raises((ArgumentError, DataError), match=message):
        tm.incremental_validity(people(), "v1", steps, kind=kind)


def test_probabilities_are_corrected_by_holm() -> None:
    close(corrected(np.array(REFERENCE["holm"]["p"])), REFERENCE["holm"]["corrected"])


def test_expected_and_found_signs() -> None:
    data = people().assign(against=-people()["fa"])
    expected = {("fa", "fd"): "+", ("against", "fd"): "+", ("against", "v1"): "-", ("fa", "v1"): (0.1, 0.9)}
    frame = tm.nomological_table(data, expected).frame
    assert frame["as_expected"].tolist() == [True, False, True, True]
    assert frame["found"].tolist() == ["+", "-", "-", "+"]
    assert frame["p_value"].iloc[1] > 0.99
    assert frame["inside"].tolist()[:3] == [None] * 3
    row = tm.criterion_validity(people(), "fd", ["fa"]).frame.iloc[0]
    close(frame["p_value"].iloc[0], row["p_value"] / 2)
    close(frame["ci_lower"].iloc[0], row["ci_lower"])
    assert "as expected" in str(tm.nomological_table(data, expected))


def test_factors_of_a_model_are_correlated() -> None:
    expected = {("visual", "textual"): "+", ("speed", "visual"): "-"}
    found = tm.nomological_table(holzinger(), expected, model=THREE)
    std = tm.standardized_solution(tm.fit_sem(THREE, holzinger()))
    row = std.query("lhs == 'visual' and op == '~~' and rhs == 'textual'").iloc[0]
    own = found.frame.iloc[0]
    close(own[["r", "ci_lower", "ci_upper"]], row[["estimate", "ci_lower", "ci_upper"]], 1e-7)
    close(own["p_value"], row["p_value"] / 2, 1e-6)
    assert found.frame["as_expected"].tolist() == [True, False]
    same = tm.nomological_table(tm.fit_sem(THREE, holzinger()), expected).frame
    pd.testing.assert_frame_equal(same, found.frame)
    assert found.source == "factors"


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ({}, "must map pairs"),
        ({("fa",): "+"}, "no pair"),
        ({("fa", "fd"): "plus"}, "not known"),
        ({("fa", "fd"): 3}, "a range"),
        ({("fa", "fd"): (0.5, 0.2)}, "the lower end first"),
        ({("fa", "fx"): "+"}, "'fx' is not a column"),
    ],
)
def test_expectations_that_are_none(expected: Any, message: str) -> None:
    with pytest.raises((ArgumentError, DataError), match=message):
        tm.nomological_table(people(), expected)
