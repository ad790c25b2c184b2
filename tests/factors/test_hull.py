from __future__ import annotations

import numpy as np
import pytest

import trustmeasure as tm
from tests.factors.number_data import items_of, stored
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors.hull_method import hull_of


@pytest.mark.parametrize("fit", ["cfi", "caf"])
@pytest.mark.parametrize("case", ["holzinger", "ordinal", "gaps"])
def test_the_hull_is_that_of_the_steps_of_the_paper(case: str, fit: str) -> None:
    """psych's minres stops at about six digits, and KMO of small residuals doubles what is left."""
    expected = stored("hull")[case]
    found = tm.hull(items_of(case), fit=fit, max_factors=expected["max_factors"])
    own, tolerance = expected[fit], 1e-7 if fit == "cfi" else 3e-5
    table = found.solutions
    np.testing.assert_allclose(table["fit"], own["fit"], atol=tolerance)
    assert table["df"].tolist() == expected["df"]
    assert table["on_hull"].tolist() == own["on_hull"]
    st = np.array([np.nan if v is None else v for v in own["st"]], dtype=float)
    np.testing.assert_allclose(table["st"], st, rtol=1e-4 if fit == "cfi" else 1e-3)
    assert found.n_factors == own["chosen"]


def test_points_on_or_below_the_line_of_their_neighbours_leave_the_hull() -> None:
    df = np.array([30.0, 20.0, 10.0, 0.0])
    on, st = hull_of(np.array([0.0, 0.3, 0.6, 0.9]), df)
    assert on.tolist() == [True, False, False, True]
    assert np.isnan(st).all()
    on, st = hull_of(np.array([0.0, 0.6, 0.5, 0.7]), df)
    assert on.tolist() == [True, True, False, True]
    assert st[1] == pytest.approx(0.6 / 10 / (0.1 / 20))


def test_a_solution_that_was_not_found_is_left_out() -> None:
    on, st = hull_of(np.array([0.0, np.nan, 0.8, 0.9]), np.array([30.0, 20.0, 10.0, 0.0]))
    assert on.tolist() == [True, False, True, True]
    assert np.isfinite(st).tolist() == [False, False, True, False]


def test_arguments_and_small_sets_are_refused() -> None:
    with pytest.raises(DataError, match="at least 6 items"):
        tm.hull(items_of("ordinal").iloc[:, :5])
    with pytest.raises(ArgumentError, match="fit="):
        tm.hull(items_of("ordinal"), fit="rmsea")
    with pytest.raises(ArgumentError, match="max_factors"):
        tm.hull(items_of("ordinal"), max_factors=1)
    with pytest.raises(ArgumentError, match="n_obs"):
        tm.hull(items_of("ordinal").corr())


def test_all_criteria_stand_in_one_table() -> None:
    found = tm.number_of_factors(items_of("ordinal"), draws=100, seed=1)
    table = found.to_frame().set_index(["method", "variant"])["n_factors"]
    assert table[("hull", "CFI")] == found.hulls[0].n_factors == 3
    assert table[("MAP", "squared")] == found.partials.n_factors
    assert table[("empirical Kaiser", "")] == found.kaiser.n_factors
    assert table[("parallel analysis", "factors, 95 %")] == found.parallel.n_factors
    counts = found.counts()
    assert counts.iloc[0, 0] == 3
    assert counts["criteria"].sum() == (~found.table["weak"]).sum()
    assert "No criterion decides" in str(found)


def test_where_the_hull_does_not_apply_the_table_says_why() -> None:
    found = tm.number_of_factors(items_of("binary").iloc[:, :4], draws=50, seed=1)
    row = found.table[found.table["method"] == "hull"].iloc[0]
    assert np.isnan(row["n_factors"])
    assert "at least 6 items" in row["note"]
    assert found.hulls == ()
