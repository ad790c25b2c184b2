"""Distribution-free errors and bootstrap limits against lavaan and boot (reliability/intervals.R)."""

import numpy as np
import pytest

from tests.reliability_analysis.reference_data import cases, items_of
from trustmeasure.reliability_analysis import cronbach_alpha
from trustmeasure.reliability_analysis.coefficients import ALPHA, STANDARDIZED
from trustmeasure.reliability_analysis.item_draws import acceleration, influence, weighted_covariances
from trustmeasure.sem.intervals import limits

CASES = cases("intervals")


def alpha(case, interval="adf"):
    return cronbach_alpha(items_of(case), case["ci"], missing="listwise", interval=interval)


@pytest.mark.filterwarnings("ignore:Negative correlation")
@pytest.mark.parametrize("name", CASES)
def test_distribution_free_errors(name):
    found, case = alpha(CASES[name]), CASES[name]
    assert found.se == pytest.approx(case["adf_se"], rel=1e-8)  # R takes numerical derivatives
    spread = (found.standardized_ci_upper - found.standardized) / 1.959963984540054
    assert spread == pytest.approx(case["standardized_se"], rel=1e-8)
    assert found.ci_upper - found.alpha == pytest.approx(1.959963984540054 * found.se, rel=1e-12)


@pytest.mark.parametrize(("name", "coefficient"), [("alpha", ALPHA), ("standardized", STANDARDIZED)])
def test_limits_of_the_same_draws(name, coefficient):
    case = CASES["opposed"]
    values = items_of(case).to_numpy(dtype=float)
    rows, expected = np.array(case["limits"]["rows"]) - 1, case["limits"][name]
    counts = np.stack([np.bincount(row, minlength=len(values)) for row in rows]).astype(float)
    drawn = coefficient.value(weighted_covariances(values, counts))
    assert drawn.std(ddof=1) == pytest.approx(expected["se"], rel=1e-12)
    cov = np.cov(values.T)
    speed = acceleration(influence(values, coefficient.slope(cov)))
    for kind in ("percentile", "bca"):
        found = limits(drawn[:, None], np.array([coefficient.of(cov)]), case["ci"], kind, speed)[:, 0]
        # boot's influence values are numerical
        np.testing.assert_allclose(found, expected[kind], rtol=1e-10 if kind == "percentile" else 1e-5)
