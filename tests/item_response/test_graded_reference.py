"""The graded response model against OpenMx and rpf (tests/reference/item_response/graded.R)."""

import numpy as np
import pytest

from tests.item_response.reference_data import cases, fitted, flat

CASES = cases("graded")
# OpenMx stops EM when the deviance stands still to 1e-14 of itself: about seven digits of a slope.
ESTIMATES = 3e-6
# Oakes' standard errors are numerical differences there.
ERRORS = 2e-5


def model_of(name):
    case = CASES[name]
    return fitted(case["data"], case["equal_slopes"]), case


def test_the_reference_covers_what_can_differ():
    assert {case["data"] for case in CASES.values()} == {"five", "mixed", "binary"}
    assert any(case["equal_slopes"] for case in CASES.values())


@pytest.mark.parametrize("name", CASES)
def test_deviance(name):
    model, case = model_of(name)
    assert -2.0 * model.loglik == pytest.approx(case["deviance"], rel=1e-11)
    assert -2.0 * model.loglik <= case["deviance"] + 1e-9


@pytest.mark.parametrize("name", CASES)
def test_estimates(name):
    model, case = model_of(name)
    np.testing.assert_allclose(model.slopes, list(case["slopes"].values()), rtol=ESTIMATES)
    np.testing.assert_allclose(model.intercepts, flat(case["intercepts"]), rtol=ESTIMATES, atol=ESTIMATES)


@pytest.mark.parametrize("name", CASES)
def test_standard_errors(name):
    model, case = model_of(name)
    errors = np.sqrt(np.diag(model.vcov))
    layout = model.layout
    np.testing.assert_allclose(errors[layout.slope_at], list(case["slope_se"].values()), rtol=ERRORS)
    np.testing.assert_allclose(errors[layout.intercept_at], flat(case["intercept_se"]), rtol=ERRORS)


@pytest.mark.parametrize("name", CASES)
def test_curves(name):
    model, case = model_of(name)
    found = model.information(case["theta"]).to_numpy().T
    np.testing.assert_allclose(found, case["information"], rtol=1e-5)
    probabilities = model.probabilities(case["theta"])
    for item, expected in zip(model.names, case["probabilities"], strict=True):
        mine = probabilities[probabilities["item"] == item].pivot(
            index="theta", columns="category", values="probability"
        )
        np.testing.assert_allclose(mine.to_numpy(), expected, rtol=1e-5)
