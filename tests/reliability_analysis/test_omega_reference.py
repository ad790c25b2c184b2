"""Omega total against lavaan and semTools (tests/reference/reliability/omega.R)."""

import warnings

import numpy as np
import pytest

from tests.reliability_analysis.reference_data import cases, items_of
from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.reliability_analysis import omega_total, reliability
from trustmeasure.sem import fit_sem

CASES = cases("omega")
TOLERANCE = 1e-8


def fitted(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return omega_total(items_of(case), ci=case["ci"])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("number", ["omega", "se", "ci_lower", "ci_upper", "n_obs"])
def test_coefficient(name, number):
    assert getattr(fitted(CASES[name]), number) == pytest.approx(CASES[name][number], rel=TOLERANCE)


@pytest.mark.parametrize("name", CASES)
def test_semtools_agrees(name):
    assert fitted(CASES[name]).omega == pytest.approx(CASES[name]["comprelsem"], rel=TOLERANCE)


@pytest.mark.parametrize("name", CASES)
def test_solution_and_fit(name):
    found, case = fitted(CASES[name]), CASES[name]
    for column, theirs in {"loading": "loadings", "residual_variance": "residuals"}.items():
        np.testing.assert_allclose(found.items[column], case[theirs], rtol=1e-7)
    np.testing.assert_allclose(found.items["standardized_loading"], case["std"], rtol=1e-7)
    for measure, wanted in case["fit"].items():
        value = np.nan if wanted is None else wanted
        assert found.fit[measure] == pytest.approx(value, rel=1e-6, abs=1e-7, nan_ok=True), measure


def test_the_engine_gives_the_same_as_a_defined_parameter():
    case = CASES["hs-six"]
    names = case["columns"]
    terms = "+".join(f"l{i}*{name}" for i, name in enumerate(names))
    total, noise = ("+".join(f"{letter}{i}" for i in range(len(names))) for letter in "le")
    residuals = "\n".join(f"{name} ~~ e{i}*{name}" for i, name in enumerate(names))
    text = f"f =~ {terms}\n{residuals}\nomega := ({total})^2/(({total})^2+{noise})"
    row = fit_sem(text, items_of(case), std_lv=True).parameters.query("lhs == 'omega'").iloc[0]
    found = fitted(case)
    assert (found.omega, found.se) == pytest.approx((row["estimate"], row["se"]), rel=1e-9)


def test_the_table_has_the_same_numbers():
    frames = {name: items_of(case) for name, case in CASES.items() if case["ci"] == 0.95}
    table = reliability(frames).set_index("construct")
    for name in frames:
        case = CASES[name]
        wanted = (case["omega"], case["ci_lower"], case["ci_upper"], case["n_obs"])
        found = table.loc[name, ["omega", "omega_ci_lower", "omega_ci_upper", "n_complete"]]
        assert tuple(found) == pytest.approx(wanted, rel=TOLERANCE)
