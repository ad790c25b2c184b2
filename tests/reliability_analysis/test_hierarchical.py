"""Omega hierarchical against psych (tests/reference/reliability/hierarchical.R), and its bootstrap."""

import numpy as np
import pandas as pd
import pytest

from tests.reliability_analysis.reference_data import cases, items_of
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.reliability_analysis import omega_hierarchical

CASES = cases("hierarchical")
RNG = np.random.default_rng(3)
GROUPS = RNG.normal(size=(400, 1)) + RNG.normal(size=(400, 3))
ITEMS = pd.DataFrame(np.repeat(GROUPS, 3, axis=1) + RNG.normal(size=(400, 9)))
TRUE = 81 / (81 + 27 + 9)


def found(items=ITEMS, **how):
    return omega_hierarchical(items, **{"n_bootstrap": 40, "seed": 1, "progress": False, **how})


@pytest.mark.parametrize("name", CASES)
def test_coefficients(name):
    case = CASES[name]
    ours = found(items_of(case), n_factors=case["n_factors"], missing="listwise", n_bootstrap=0)
    values = ours.frame.set_index("coefficient")["estimate"]
    assert ours.n_obs == case["n_obs"]
    for mine, theirs in (("omega_hierarchical", "omega_h"), ("omega_limit", "omega_limit"), ("ecv", "ecv")):
        assert values[mine] == pytest.approx(case[theirs], abs=1e-4), mine  # psych stops early
    assert values["omega_total"] == pytest.approx(case["omega_total"], abs=1e-4)
    np.testing.assert_allclose(ours.solution.loadings["g"], case["general"], atol=1e-3)


def test_intervals_hold_the_truth_and_repeat_themselves():
    first, again = found(n_bootstrap=50), found(n_bootstrap=50)
    row = first.frame.set_index("coefficient").loc["omega_hierarchical"]
    assert row["ci_lower"] < TRUE < row["ci_upper"]
    assert row["ci_lower"] < first.omega_hierarchical < row["ci_upper"]
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert first.failed == 0


def test_without_draws_there_is_no_interval():
    none = found(n_bootstrap=0)
    assert none.frame["ci_lower"].isna().all()
    assert "No interval was asked for (n_bootstrap=0)." in str(none)


def test_refused():
    with pytest.raises(DataError, match="3 group factors need at least 6 items; there are 5"):
        found(ITEMS.iloc[:, :5])
    with pytest.raises(ArgumentError, match=r"n_factors=2\.5"):
        found(n_factors=2.5)
    with pytest.raises(ArgumentError, match="n_factors=1"):
        found(n_factors=1)
    with pytest.raises(ArgumentError, match="interval='adf' is not known"):
        found(interval="adf")
    with pytest.raises(ArgumentError, match="n_bootstrap=1"):
        found(n_bootstrap=1)
