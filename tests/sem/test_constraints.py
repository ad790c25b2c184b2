"""Constraints: what they must equal, what does not matter, and what is refused."""

from __future__ import annotations

import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import (
    ArgumentError,
    ConvergenceError,
    IdentificationError,
    InadmissibleWarning,
    ModelSyntaxError,
    TrustMeasureWarning,
)
from trustmeasure.sem import (
    SemResult,
    bootstrap,
    compare,
    effects,
    fit_sem,
    modification_indices,
    monte_carlo_intervals,
    parse_model,
    power_monte_carlo,
    score_tests,
    second_opinion,
    simulate,
    standardized_solution,
)
from trustmeasure.sem.constraints import Affine, Limits, eliminate

ONE = "f =~ x1 + a*x2 + b*x3 + c*x4\n"


def fit(text: str, **options: object) -> SemResult:
    """Fit to Holzinger and Swineford's data, without a word on estimates at a boundary."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return fit_sem(text, holzinger(), **options)


def same(a: SemResult, b: SemResult, tolerance: float = 1e-9) -> None:
    """Fail unless two fits have the same estimates, errors and measures, relation by relation."""
    left, right = (x.parameters[x.parameters.op != ":="] for x in (a, b))
    keys = ["lhs", "op", "rhs", "group"]
    both = left.merge(right, on=keys, suffixes=("", "_b"), validate="one_to_one")
    assert len(both) == len(left) == len(right)
    for column in ("estimate", "se", "std_all"):
        np.testing.assert_allclose(both[column], both[f"{column}_b"], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(a.fit_measures, b.fit_measures, rtol=1e-7, atol=1e-8)
    assert (a.npar, a.df) == (b.npar, b.df)


# ---- what constraints must equal -------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"estimator": "MLR"}, {"estimator": "MLM"}, {"std_lv": True}])
def test_an_equality_is_a_shared_label(options: dict[str, object]) -> None:
    same(fit(ONE + "a == b", **options), fit("f =~ x1 + l*x2 + l*x3 + c*x4", **options))


def test_an_equality_across_groups_is_a_shared_label() -> None:
    written = fit("f =~ x1 + c(a1, a2)*x2 + x3 + x4\na1 == a2", group="school")
    same(written, fit("f =~ x1 + c(a, a)*x2 + x3 + x4", group="school"))


def test_equalities_are_group_equal() -> None:
    text = "f =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3 + c(c1, c2)*x4\na1 == a2\nb1 == b2\nc1 == c2"
    held = fit("f =~ x1 + x2 + x3 + x4", group="school", group_equal=["loadings"])
    same(fit(text, group="school"), held)


def test_an_equality_with_incomplete_rows_is_a_shared_label() -> None:
    data = holzinger()[["x1", "x2", "x3", "x4"]].astype(float)
    data.iloc[::7, 1] = np.nan
    data.iloc[3::9, 3] = np.nan
    one, two = (fit_sem(t, data, missing="fiml") for t in (ONE + "a == b", "f =~ x1 + l*x2 + l*x3 + c*x4"))
    same(one, two, 1e-7)


def test_a_parameter_held_at_a_value_is_a_fixed_one() -> None:
    held, fixed = fit(ONE + "b == 0.8"), fit("f =~ x1 + a*x2 + 0.8*x3 + c*x4")
    same(held, fixed)
    assert held.parameters.query("rhs == 'x3' and op == '=~'").se.item() == 0.0


def test_effects_coding_is_the_marker_solution_rescaled() -> None:
    """With loadings that average one, all loadings are the marker's divided by their mean."""
    coded = fit("f =~ NA*x1 + a*x1 + b*x2 + c*x3 + d*x4\na + b + c + d == 4")
    marked = fit("f =~ x1 + x2 + x3 + x4")
    assert coded.fit_measures["chisq"] == pytest.approx(marked.fit_measures["chisq"], rel=1e-9)
    loadings = marked.parameters.query("op == '=~'").estimate.to_numpy()
    ours = coded.parameters.query("op == '=~'").estimate.to_numpy()
    np.testing.assert_allclose(ours, loadings / loadings.mean(), rtol=1e-8)


def test_a_linear_constraint_is_a_parametrisation_by_hand() -> None:
    """``b = a / 2`` by a phantom variable of half the size of f, on which x3 loads with a."""
    written = fit("f =~ x1 + a*x2 + b*x3 + x4\nb == a/2")
    phantom = fit("f =~ x1 + a*x2 + x4\nhalf =~ NA*x3 + a*x3\nhalf ~ 0.5*f\nhalf ~~ 0*half\nx3 ~~ x3")
    assert written.fit_measures["chisq"] == pytest.approx(phantom.fit_measures["chisq"], rel=1e-9)
    one, two = (x.parameters[x.parameters.label == "a"].iloc[0] for x in (written, phantom))
    assert (one.estimate, one.se) == (pytest.approx(two.estimate, rel=1e-8), pytest.approx(two.se, rel=1e-8))


def test_a_nonlinear_constraint_is_the_linear_one_that_means_the_same() -> None:
    same(fit(ONE + "exp(a) == exp(b)"), fit(ONE + "a == b"), 1e-7)
    same(fit(ONE + "log(a/b) == 0"), fit(ONE + "a == b"), 1e-7)


def test_an_active_inequality_has_the_estimates_of_the_equality() -> None:
    larger, equal = fit(ONE + "a > b"), fit(ONE + "a == b")
    np.testing.assert_allclose(larger.parameters.estimate, equal.parameters.estimate, rtol=1e-8)
    np.testing.assert_allclose(larger.parameters.se, equal.parameters.se, rtol=1e-7, atol=1e-12)
    assert (larger.npar, larger.df) == (equal.npar + 1, equal.df - 1)
    assert larger.warnings
    assert "a > b" in larger.warnings[0]


def test_an_idle_inequality_changes_nothing() -> None:
    free = fit(ONE)
    for lines in ("a < b", "a > 0\nb > 0", "a^2 + b^2 < 10"):
        idle = fit(ONE + lines)
        same(idle, free, 1e-8)
        assert idle.restrictions is None
        assert not idle.warnings


def test_bounds_have_the_estimates_of_the_constraint_and_the_errors_without_it() -> None:
    bound, line = fit("f =~ x1 + lower(0.7)*x2 + x3 + x4"), fit(ONE + "a > 0.7")
    np.testing.assert_allclose(bound.parameters.estimate, line.parameters.estimate, rtol=1e-8)
    assert bound.parameters.se[1] > 0
    assert np.isnan(bound.parameters.p_value[1])
    assert line.parameters.se[1] == 0
    assert "ignore" in bound.warnings[0]


def test_a_bound_keeps_a_residual_variance_from_falling_below_zero() -> None:
    corr = np.array([[1, 0.75, 0.75, 0.45], [0.75, 1, 0.5, 0.33], [0.75, 0.5, 1, 0.3], [0.45, 0.33, 0.3, 1]])
    frame = pd.DataFrame(2.0 * corr, list("abcd"), list("abcd"))
    with pytest.warns(InadmissibleWarning, match="negative"):
        free = fit_sem("f =~ a + b + c + d", sample_cov=frame, n_obs=150)
    with pytest.warns(TrustMeasureWarning, match="On the boundary: a~~a > 0"):
        held = fit_sem("f =~ a + b + c + d\na ~~ lower(0)*a", sample_cov=frame, n_obs=150)
    assert free.parameters.query("lhs == 'a' and op == '~~'").estimate.item() < 0
    assert held.parameters.query("lhs == 'a' and op == '~~'").estimate.item() == 0.0


# ---- what does not matter --------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_lines_does_not_matter(order: tuple[int, ...]) -> None:
    lines = ["a == b^2", "c > 0.6", "s := a + c"]
    same(fit(ONE + "\n".join(lines[i] for i in order)), fit(ONE + "\n".join(lines)), 1e-8)


def test_units_do_not_matter() -> None:
    data = holzinger()[["x1", "x2", "x3", "x4"]]
    factor = 1e5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        plain = fit_sem(ONE + "a == b^2\nc > 0.6", data)
        other = fit_sem(ONE + f"a == b^2/{factor}\nc > 0.6", data * [1, factor, factor, 1])
    assert other.fit_measures["chisq"] == pytest.approx(plain.fit_measures["chisq"], rel=1e-8)
    np.testing.assert_allclose(other.std.std_all, plain.std.std_all, rtol=1e-7)


@settings(max_examples=25, deadline=None)
@given(
    scale=st.floats(-3, 3).filter(lambda x: abs(x) > 0.1),
    rows=st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=3),
    point=st.lists(st.floats(-2, 2), min_size=4, max_size=4),
)
def test_elimination_keeps_exactly_what_satisfies_the_equalities(
    scale: float, rows: list[list[int]], point: list[float]
) -> None:
    matrix, x = np.array(rows, dtype=float) * scale, np.array(point)
    found = eliminate(matrix, matrix @ x)
    assert isinstance(found, Affine)
    assert found.basis.shape[1] == 4 - np.linalg.matrix_rank(matrix)
    np.testing.assert_allclose(matrix @ found.basis, 0, atol=1e-9)
    np.testing.assert_allclose(found.whole(found.reduced(x[None]))[0], x, atol=1e-8)


def test_starts_that_break_the_constraints_do_no_harm() -> None:
    text = "f =~ x1 + start(2)*a*x2 + start(0.1)*b*x3 + c*x4\na == b^2\na < 0.5"
    same(fit(text), fit(ONE + "a == b^2\na < 0.5"), 1e-8)


# ---- the solution ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "a == b^2",
        "a*b == 0.3\nc > 0.7",
        "a > b\nb > c",
        "exp(a) + log(b) == 1.4",
        "a + b + c == 2\na*c < 0.3",
    ],
)
def test_the_gradient_lies_in_the_span_of_the_active_constraints(lines: str) -> None:
    found = fit(ONE + lines)
    assert found.restrictions is not None
    rest = np.linalg.lstsq(found.restrictions.T, found.gradient, rcond=None)
    left = found.gradient - found.restrictions.T @ rest[0]
    assert np.abs(left).max() < 1e-8
    limits = Limits.of(found.model)
    assert np.abs(limits.values(limits.equal, found.theta)).max(initial=0.0) < 1e-12
    assert limits.inequalities(found.theta).min(initial=0.0) > -1e-12


@pytest.mark.parametrize("seed", range(8))
def test_solutions_under_random_constraints_are_stationary(seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = "f =~ x1 + a*x2 + b*x3\ng =~ x4 + c*x5 + d*x6\n"
    for _ in range(3):
        i, j = rng.permutation(list("abcd"))[:2]
        forms = [f"{i} > {j}", f"{i} < {rng.uniform(0.5, 1.2):.2f}", f"{i}*{j} < {rng.uniform(0.4, 1):.2f}"]
        text += forms[rng.integers(3)] + "\n"
    found = fit(text)
    tight = Limits.of(found.model).tight(found.theta)
    slopes = np.zeros((0, found.theta.size)) if tight is None else tight
    multipliers = np.linalg.lstsq(slopes.T, found.gradient, rcond=None)[0]
    np.testing.assert_allclose(slopes.T @ multipliers, found.gradient, atol=1e-9)


def test_a_random_point_that_satisfies_the_constraints_is_never_better() -> None:
    found = fit(ONE + "a == b^2\nc < 0.5")
    rng = np.random.default_rng(3)
    for _ in range(20):
        b = found.theta[1] + 0.1 * rng.normal()
        c = min(0.5, found.theta[2] - 0.1 * abs(rng.normal()))
        fixed = fit(f"f =~ x1 + {b * b}*x2 + {b}*x3 + {c}*x4")
        assert fixed.discrepancy >= found.discrepancy - 1e-12


def test_standard_errors_agree_with_those_of_a_model_written_with_the_relation() -> None:
    """The delta method: a == b^2 makes the error of a that of b times 2 b."""
    rows = fit(ONE + "a == b^2").parameters.set_index("label")
    assert rows.se["a"] == pytest.approx(2 * rows.estimate["b"] * rows.se["b"], rel=1e-9)


# ---- other functions -------------------------------------------------------------------------------------


def test_draws_of_a_constraint_are_draws_of_a_shared_label() -> None:
    one, two = (
        bootstrap(fit(t), holzinger(), n=30, seed=5, progress=False)
        for t in (ONE + "a == b", "f =~ x1 + l*x2 + l*x3 + c*x4")
    )
    np.testing.assert_allclose(one.theta[:, 0], one.theta[:, 1], rtol=1e-12)
    np.testing.assert_allclose(np.delete(one.theta, 1, axis=1), two.theta, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", ["nonparametric", "bollen-stine", "parametric"])
def test_draws_satisfy_nonlinear_constraints_and_inequalities(kind: str) -> None:
    found = bootstrap(fit(ONE + "a == b^2\nc > 0.5"), holzinger(), n=10, seed=5, kind=kind, progress=False)
    a, b, c = found.theta[:, :3].T
    np.testing.assert_allclose(a, b**2, rtol=1e-9)
    assert (c > 0.5 - 1e-12).all()


def test_monte_carlo_studies_and_intervals_know_constraints() -> None:
    true = "f =~ 1*x1 + 0.8*x2 + 0.8*x3 + 0.5*x4\n" + "".join(f"x{i} ~~ 1*x{i}\n" for i in range(1, 5))
    frames = [
        power_monte_carlo(true + "f ~~ 1*f", 200, analysis=t, replications=20, seed=1, progress=False)
        for t in (ONE + "a == b", "f =~ x1 + l*x2 + l*x3 + c*x4")
    ]
    rows = [frame.set_index("parameter") for frame in frames]
    np.testing.assert_allclose(
        rows[0].loc[["a", "c"]].select_dtypes("number"),
        rows[1].loc[["l", "c"]].select_dtypes("number"),
        rtol=1e-4,
    )
    held = fit("x2 ~ a*x1\nx3 ~ b*x2 + x1\nind := a*b\nind == 0.1")
    limits = monte_carlo_intervals(held, seed=1)
    assert limits.ci_lower.item() == pytest.approx(0.1, abs=0.02)


def test_effects_and_standardised_solutions_have_constrained_errors() -> None:
    held = fit("x2 ~ a*x1\nx3 ~ b*x2 + x1\nind := a*b\na*b == 0.1")
    row = effects(held).query("kind == 'indirect'").iloc[0]
    assert (row.estimate, row.se) == (pytest.approx(0.1), pytest.approx(0.0, abs=1e-9))
    assert held.parameters.query("lhs == 'ind'").se.item() == 0.0
    one, two = (standardized_solution(fit(t)) for t in (ONE + "a == b", "f =~ x1 + l*x2 + l*x3 + c*x4"))
    np.testing.assert_allclose(one.se, two.se, rtol=1e-7)


def test_a_constrained_model_is_compared_with_the_free_one() -> None:
    held, free = fit(ONE + "a == b^2"), fit(ONE)
    row = compare(free, held, names=["free", "held"]).to_frame().iloc[-1]
    assert row["model"] == "held"
    assert (row["npar"], row["df"]) == (free.npar - 1, free.df + 1)


def test_score_tests_release_written_constraints() -> None:
    rows = score_tests(fit(ONE + "a == b\nb == c + 0.1"))
    assert rows.constraint.tolist() == ["a == b", "b == c + 0.1", ""]
    assert rows.df.tolist() == [1, 1, 2]
    held, free = fit(ONE + "a == b"), fit(ONE)
    row = score_tests(held).iloc[0]
    fall = held.fit_measures["chisq"] - free.fit_measures["chisq"]
    assert row.chisq == pytest.approx(fall, rel=0.15)
    assert np.sign(row.epc) == np.sign(free.theta[1] - free.theta[0])


def test_a_constraint_that_follows_from_others_has_no_score_test_of_its_own() -> None:
    rows = score_tests(fit(ONE + "a == b\nb == a"))
    assert rows.chisq[:2].isna().all()
    assert rows.df[2] == 1


def test_the_summary_says_which_constraints_are_active() -> None:
    text = str(fit(ONE + "a == b^2\nc > 0.6\nb < 3").summary())
    for part in ("Constraints", "a == b^2", "equality", "c > 0.6", "not active"):
        assert part in text


# ---- formative constructs --------------------------------------------------------------------------------


def test_a_formative_construct_is_the_regression_on_its_causes() -> None:
    """With one effect, the weighted sum is the best predictor: the regression itself."""
    formed = fit("f <~ 1*x1 + x2 + x3\nx4 ~ f")
    plain = fit("x4 ~ x1 + x2 + x3")
    assert formed.fit_measures["chisq"] == pytest.approx(0, abs=1e-9)
    assert formed.r_squared["x4"] == pytest.approx(plain.r_squared["x4"], rel=1e-9)
    rows = formed.parameters.set_index(["op", "rhs"]).estimate
    slopes = plain.parameters.query("op == '~'").estimate.to_numpy()
    weights = rows.loc[[("<~", "x1"), ("<~", "x2"), ("<~", "x3")]].to_numpy()
    np.testing.assert_allclose(weights * rows.loc[[("~", "f")]].to_numpy(), slopes, rtol=1e-8)


def test_a_formative_construct_is_part_of_paths() -> None:
    found = effects(fit("f <~ 1*x1 + x2\ng =~ x4 + x5 + x6\ng ~ f\nx7 ~ g"))
    assert ((found.source == "x2") & (found.target == "x7")).any()


def test_a_formative_construct_without_a_scale_is_not_identified() -> None:
    with pytest.raises(IdentificationError, match="f<~x1"):
        fit("f <~ x1 + x2 + x3\nx4 ~ f\nx5 ~ f")


# ---- what is refused -------------------------------------------------------------------------------------


def test_a_model_without_the_constraint_that_identifies_it() -> None:
    text = "f =~ NA*x1 + a*x1 + b*x2 + c*x3 + x4"
    with pytest.raises(IdentificationError, match="not identified"):
        fit(text)
    assert fit(text + "\na^2 + b^2 == 1").converged
    with pytest.raises(IdentificationError, match="not identified"):
        fit(text + "\na > 0")


def test_constraints_that_nothing_satisfies() -> None:
    for lines in ("a^2 == -1", "a*b > 1\na*b < 0.5", "exp(a) < 0"):
        with pytest.raises(ConvergenceError, match="no parameters were found that satisfy"):
            fit(ONE + lines)
    with pytest.raises(ModelSyntaxError, match="contradicts"):
        fit(ONE + "a + b == 1\n2*a == 5 - 2*b")


def test_a_constraint_without_a_slope_at_its_solutions() -> None:
    with pytest.raises(IdentificationError, match=r"\(a - b\)\^2 == 0.*no slope"):
        fit(ONE + "(a - b)^2 == 0")


def test_refused_by_name() -> None:
    held = fit(ONE + "a == b")
    with pytest.raises(ArgumentError, match="semopy"):
        second_opinion(held)
    with pytest.raises(ArgumentError, match="formative"):
        fit("f <~ 1*x1 + x2\nx4 ~ f", engine="semopy")
    with pytest.raises(ArgumentError, match="bound"):
        modification_indices(fit(HS_MODEL.replace("x2", "lower(0.7)*x2")))
    with pytest.raises(ArgumentError, match="do not satisfy a == b"):
        simulate("y ~ 0.4*x + a*z + b*w\na == b", 50, seed=1, values={"a": 0.3, "b": 0.2})


def test_a_table_carries_its_constraints_into_the_fit() -> None:
    table = parse_model(ONE + "a == b")
    same(fit_sem(table, holzinger()), fit(ONE + "a == b"))
