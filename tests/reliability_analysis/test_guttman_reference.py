"""Lower bounds and split halves against psych and Rcsdp (tests/reference/reliability/guttman.R)."""

import pytest

from tests.reliability_analysis.reference_data import cases, items_of
from trustmeasure.reliability_analysis import greatest_lower_bound, guttman_lambdas, split_half

CASES = cases("guttman")
METRICS = {"correlations": True, "covariances": False}
CLOSE = {"rel": 1e-10, "abs": 1e-10}


def lambdas(case, standardized):
    found = guttman_lambdas(items_of(case), missing="listwise", standardized=standardized)
    return found.frame.set_index("coefficient")["estimate"]


@pytest.mark.parametrize("name", [name for name in CASES if "lambdas" in CASES[name]])
def test_lambdas_of_correlations(name):
    found = lambdas(CASES[name], standardized=True)
    for bound, value in CASES[name]["lambdas"].items():
        assert found[bound] == pytest.approx(value, **CLOSE), bound


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", CASES)
def test_lambda4_is_the_best_of_all_splits(name, metric):
    found = lambdas(CASES[name], METRICS[metric])
    assert found["lambda4"] == pytest.approx(CASES[name]["lambda4"][metric], **CLOSE)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", CASES)
def test_greatest_lower_bound(name, metric):
    found = greatest_lower_bound(items_of(CASES[name]), missing="listwise", standardized=METRICS[metric])
    # Rcsdp stops at about eight digits; ours says itself how near it is
    assert found.glb == pytest.approx(CASES[name]["glb"][metric], abs=1e-7)
    assert 0 <= found.gap < 1e-8


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", [name for name in CASES if "halves" in CASES[name]])
def test_all_halves(name, metric):
    expected = CASES[name]["halves"][metric]
    found = split_half(items_of(CASES[name]), missing="listwise", standardized=METRICS[metric])
    assert found.exhaustive
    assert found.splits["n_splits"] == expected["n_splits"]
    for which in ("maximum", "minimum", "mean"):
        assert found.splits[which] == pytest.approx(expected[which], **CLOSE), which


@pytest.mark.parametrize("name", CASES)
def test_correlation_of_odd_and_even_items(name):
    found = split_half(items_of(CASES[name]), missing="listwise").frame.set_index("coefficient")["estimate"]
    assert found["correlation"] == pytest.approx(CASES[name]["first"], **CLOSE)
