"""What ordinal moments refuse, and what they tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.moments.ordinal_data import answers
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments.ordinal import ordinal_moments

Array = npt.NDArray[np.float64]
NAMES = ["a", "b", "c"]


def rows(n: int = 60) -> Array:
    return answers(n, 3, [-0.5, 0.5], seed=8)


def changed(column: int, value: Any) -> Array:
    found = rows()
    found[:, column] = value
    return found


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"missing": "fiml"}, r"missing='fiml' is not known. Allowed: listwise, pairwise"),
        ({"gamma": "diag"}, r"gamma='diag' is not known. Did you mean 'diagonal'\?"),
        ({"ordered": ["aa"]}, r"ordered names 'aa'. Did you mean 'a'\?"),
        ({"ordered": ["a"], "covariates": ["z"]}, r"covariates names 'z'"),
        ({"covariates": ["a"]}, r"'a' is a covariate and in ordered"),
        ({"ordered": [], "covariates": NAMES}, r"All variables are covariates"),
        ({"weights": np.ones(3)}, r"weights has shape \(3,\) for 60 rows"),
        (
            {"categories": {"a": (3.0, 2.0, 1.0)}},
            r"categories of a are \(3.0, 2.0, 1.0\). Give each code once",
        ),
    ],
)
def test_bad_arguments(options: dict[str, Any], message: str) -> None:
    given = {"ordered": NAMES, **options}
    with pytest.raises(ArgumentError, match=message):
        ordinal_moments(rows(), NAMES, **given)


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (changed(1, 2.0), {}, r"b has the same answer \(2\) in all rows that are used"),
        (changed(1, np.nan), {"missing": "pairwise"}, r"b has no answer in all rows"),
        (changed(1, np.nan), {}, r"0 of 60 rows are complete on a, b, c: too few. Use missing='pairwise'"),
        (changed(2, np.arange(60)), {}, r"c has 60 different values \(0, 1, 2, ...\), too many"),
        (changed(2, 1.5), {"ordered": ["a", "b"]}, r"The same value in all rows of c"),
        (changed(2, np.r_[np.inf, np.zeros(59)]), {"ordered": ["a", "b"]}, r"c holds an infinite value"),
        (rows(), {"categories": {"a": (1.0, 2.0, 3.0, 4.0)}}, r"Nobody chose category 4 of a"),
        (
            rows(),
            {"categories": {"a": (1.0, 2.0)}},
            r"a has the answer 3, which is none of its categories 1, 2",
        ),
        (rows(), {"weights": np.r_[-1.0, np.ones(59)]}, r"The weight of row 1 is -1.0"),
        (rows(), {"weights": np.zeros(60)}, r"0 of 60 rows are complete"),
        (
            changed(2, 1.0),
            {"ordered": ["a", "b"], "covariates": ["c"]},
            r"The covariate c has the same value",
        ),
    ],
)
def test_bad_data(values: Array, options: dict[str, Any], message: str) -> None:
    given = {"ordered": NAMES, **options}
    with pytest.raises(DataError, match=message):
        ordinal_moments(values, NAMES, **given)


def test_covariates_that_follow_from_each_other_are_named() -> None:
    x = np.random.default_rng(0).normal(size=(60, 2))
    values = np.column_stack([rows(), x, x[:, 0] - 2.0 * x[:, 1]])
    names = [*NAMES, "x", "y", "z"]
    with pytest.raises(DataError, match="The covariate z follows from x, y"):
        ordinal_moments(values, names, NAMES, ["x", "y", "z"])


def test_a_covariate_that_says_the_answer_is_told() -> None:
    values = rows()
    values = np.column_stack([values, values[:, 0] > 2.0])
    with pytest.raises(DataError, match="The covariates tell the categories of a apart without error"):
        ordinal_moments(values, [*NAMES, "x"], NAMES, ["x"])


def test_a_pair_that_nobody_answers_together_is_named() -> None:
    values = rows()
    values[:30, 0], values[30:, 2] = np.nan, np.nan
    with pytest.raises(DataError, match="No row answers both a and c"):
        ordinal_moments(values, NAMES, NAMES, missing="pairwise")


def test_rows_without_covariate_or_any_answer_are_left_out() -> None:
    values = np.column_stack([rows(), np.random.default_rng(1).normal(size=60)])
    values[0, :3], values[1, 3], values[2, 0] = np.nan, np.nan, np.nan
    found = ordinal_moments(values, [*NAMES, "x"], NAMES, ["x"], missing="pairwise")
    assert (found.n_obs, found.n_dropped) == (58, 2)
    found = ordinal_moments(values, [*NAMES, "x"], NAMES, ["x"])
    assert (found.n_obs, found.n_dropped) == (57, 3)


def test_a_weight_of_zero_leaves_a_row_out() -> None:
    values, weights = rows(), np.r_[np.zeros(20), np.ones(40)]
    weighted = ordinal_moments(values, NAMES, NAMES, weights=weights)
    fewer = ordinal_moments(values[20:], NAMES, NAMES)
    assert (weighted.n_obs, weighted.n_dropped) == (40, 0)
    np.testing.assert_array_equal(weighted.statistics, fewer.statistics)


def test_a_code_of_left_out_rows_only_is_told() -> None:
    values = rows()
    values[0] = [5.0, 1.0, np.nan]
    found = ordinal_moments(values, NAMES, NAMES)
    assert found.categories[0] == (1.0, 2.0, 3.0)
    assert found.notes == ("a: 5 occurs in rows left out only and is no category.",)


def test_variables_that_are_the_same_are_told() -> None:
    values = rows()
    values[:, 1] = values[:, 0]
    found = ordinal_moments(values, NAMES, NAMES)
    assert found.statistics[found.layout.correlations.start] == pytest.approx(0.999, abs=1e-6)
    assert len(found.notes) == 1
    assert "Correlations near 1 or -1: b and a (0.999)" in found.notes[0]


def test_any_numbers_are_codes() -> None:
    values = rows()
    codes = np.array([np.nan, -2.0, 0.5, 7.0])[values.astype(int)]
    found, plain = ordinal_moments(codes, NAMES, NAMES), ordinal_moments(values, NAMES, NAMES)
    assert found.categories == ((-2.0, 0.5, 7.0),) * 3
    np.testing.assert_array_equal(found.statistics, plain.statistics)


def test_one_variable_has_thresholds_alone() -> None:
    found = ordinal_moments(rows()[:, :1], ["a"], ["a"])
    assert found.statistics.shape == (2,)
    assert found.gamma is not None
    assert found.gamma.shape == (2, 2)


def test_covariates_may_have_any_unit() -> None:
    x = np.random.default_rng(3).normal(size=60)
    values = np.column_stack([rows(), x])
    values[:, 1] = 2.0 * x + np.random.default_rng(4).normal(size=60)
    names, ordered = [*NAMES, "x"], ["a", "c"]
    plain = ordinal_moments(values, names, ordered, ["x"])
    years = values.copy()
    years[:, 3] = 1980.0 + 10.0 * x
    found = ordinal_moments(years, names, ordered, ["x"])
    layout, at = plain.layout, plain.layout.slopes
    np.testing.assert_allclose(10.0 * found.statistics[at], plain.statistics[at], rtol=1e-9)
    # Thresholds and means are those at zero, which the linear part moves.
    moved = found.statistics[at][layout.level_variable] * 1980.0 * np.where(layout.level_is_mean, 1.0, -1.0)
    np.testing.assert_allclose(
        found.statistics[layout.levels] + moved, plain.statistics[layout.levels], atol=1e-9
    )
    rest = slice(at.stop, None)
    np.testing.assert_allclose(found.statistics[rest], plain.statistics[rest], rtol=1e-10)
    assert found.gamma is not None
    assert plain.gamma is not None
    np.testing.assert_allclose(found.gamma[rest, rest], plain.gamma[rest, rest], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(100.0 * found.gamma[at, at], plain.gamma[at, at], rtol=1e-8, atol=1e-9)


def test_a_correlation_that_the_answers_do_not_determine_is_told() -> None:
    # An answer in the first category of a and the second of b would bring it down; there is none.
    table = [(1.0, 1.0, 5), (2.0, 1.0, 7), (3.0, 1.0, 34), (3.0, 2.0, 4)]
    values = np.repeat([(a, b) for a, b, _ in table], [times for *_, times in table], axis=0)
    found = ordinal_moments(values, ["a", "b"], ["a", "b"])
    assert found.statistics[-1] == 0.999
    assert found.variances is not None
    assert 1e8 < found.variances[-1] < 1e16
    assert np.isfinite(found.gamma).all()
    assert len(found.notes) == 1
    assert found.notes[0].startswith("Correlations that the answers do not determine: b and a (0.999).")


@pytest.mark.parametrize("covariate", [False, True])
def test_a_polyserial_correlation_at_the_edge_has_a_finite_variance(covariate: bool) -> None:
    rng = np.random.default_rng(12)
    z = np.sort(rng.normal(size=80))
    values = np.column_stack([z > z[-2], z, rng.normal(size=80)])
    names = ["a", "z", "x"] if covariate else ["a", "z"]
    found = ordinal_moments(values[:, : len(names)], names, ["a"], ["x"] if covariate else [])
    assert found.variances is not None
    assert np.isfinite(found.gamma).all()
    assert (found.variances > 0.0).all()
