"""Schmid-Leiman transformation and congruence against psych (tests/reference/factors/rotation.R)."""

import numpy as np
import pandas as pd
import pytest

from tests.factors.reference_values import array, cases
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors import factor_congruence, schmid_leiman
from trustmeasure.factors.congruence import congruences
from trustmeasure.factors.hierarchical import general_loadings, transformed

CASES = cases("rotation")


@pytest.mark.parametrize("name", CASES)
def test_transformation(name):
    # psych's second level stops after about 4 digits.
    case = CASES[name]
    oblique = case["rotations"]["oblimin"]
    general, _ = general_loadings(array(oblique["phi"]))
    direction = np.sign(general.sum() * array(case["schmid"]["general"]).sum())
    np.testing.assert_allclose(direction * general, case["schmid"]["general"], atol=1e-3)
    g, groups = transformed(array(oblique["loadings"]), array(case["schmid"]["general"]))
    wanted = array(case["schmid"]["loadings"])
    np.testing.assert_allclose(g, wanted[:, 0], atol=1e-12)
    np.testing.assert_allclose(groups, wanted[:, 1:], atol=1e-12)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["second"]])
def test_second_level(name):
    case = CASES[name]
    general, _ = general_loadings(array(case["rotations"]["oblimin"]["phi"]))
    np.testing.assert_allclose(np.abs(general), np.abs(array(case["second"])), atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_omega(name):
    # psych's extraction and rotation stop after about 4 digits.
    case = CASES[name]
    found, theirs = schmid_leiman(pd.DataFrame(case["corr"]), case["m"]), case["omega"]
    assert found.omega_h == pytest.approx(theirs["omega_h"], abs=2e-3)
    assert found.omega_total == pytest.approx(theirs["omega_tot"], abs=1e-4)
    assert found.omega_limit == pytest.approx(theirs["omega_lim"], abs=2e-3)
    assert found.ecv == pytest.approx(theirs["ecv"], abs=3e-3)


@pytest.mark.parametrize("name", CASES)
def test_the_same_from_converged_pieces(name):
    case = CASES[name]
    found = schmid_leiman(pd.DataFrame(case["corr"]), case["m"])
    oblique = case["rotations"]["oblimin"]
    general, _ = general_loadings(array(oblique["phi"]))
    g = array(oblique["loadings"]) @ general
    whole = array(case["corr"]).sum()
    assert found.omega_h == pytest.approx(g.sum() ** 2 / whole, abs=1e-6)
    np.testing.assert_allclose(np.abs(found.loadings["g"]), np.abs(g), atol=1e-5)


def test_a_population_is_recovered():
    g, groups = np.full(12, 0.6), np.kron(np.eye(4), np.full((3, 1), 0.5))
    corr = np.outer(g, g) + groups @ groups.T
    np.fill_diagonal(corr, 1.0)
    found = schmid_leiman(corr, 4)
    np.testing.assert_allclose(found.loadings["g"], g, atol=1e-6)
    np.testing.assert_allclose(found.loadings[["F1", "F2", "F3", "F4"]].max(axis=1), 0.5, atol=1e-6)
    assert found.omega_h == pytest.approx(g.sum() ** 2 / corr.sum(), abs=1e-6)
    assert found.groups["n_items"].tolist() == [3, 3, 3, 3]
    assert found.groups["omega_general"].iloc[0] == pytest.approx(1.8**2 / corr[:3, :3].sum(), abs=1e-6)
    np.testing.assert_allclose(
        found.groups["omega_total"], found.groups["omega_general"] + found.groups["omega_group"], atol=1e-6
    )
    assert "omega_h" in str(found.summary())


def test_two_group_factors_are_set_equal():
    phi = np.array([[1.0, -0.36], [-0.36, 1.0]])
    general, notes = general_loadings(phi)
    np.testing.assert_allclose(general, [0.6, -0.6])
    assert "set equal" in notes[0]
    assert "negatively" in notes[1]


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="keeps factors uncorrelated"):
        schmid_leiman(np.eye(6), 2, rotation="varimax")
    with pytest.raises(ArgumentError, match="leaves no group factors"):
        schmid_leiman(np.eye(6), 1)


@pytest.mark.parametrize("name", CASES)
def test_congruence(name):
    rotations = CASES[name]["rotations"]
    one, other = (array(rotations[r]["loadings"]) for r in ("oblimin", "varimax"))
    np.testing.assert_allclose(congruences(one, other), CASES[name]["congruence"], atol=1e-12)
    np.testing.assert_allclose(
        factor_congruence(one, other).coefficients, CASES[name]["congruence"], atol=1e-12
    )


def test_items_are_matched_by_name():
    one = pd.DataFrame([[0.8, 0.0], [0.7, 0.1], [0.1, 0.9]], index=["a", "b", "c"], columns=["x", "y"])
    other = -one.iloc[::-1, ::-1]
    other.loc["d"] = [0.4, 0.4]
    found = factor_congruence(one, other)
    assert found.n_items == 3
    assert found.matches["second"].tolist() == ["x", "y"]
    assert found.matches["turned"].all()
    np.testing.assert_allclose(found.matches["congruence"], -1.0)
    assert "1 items" in found.notes[0]
    assert "Tucker" in found._repr_html_()


def test_a_factor_without_loadings_has_no_congruence():
    found = factor_congruence(np.array([[0.5, 0.0], [0.6, 0.0]]), np.array([[0.5], [0.6]]))
    assert np.isnan(found.coefficients.iloc[1, 0])
    assert "no congruence" in found.notes[-1]


def test_solutions_that_cannot_be_compared():
    one = pd.DataFrame({"x": [0.8, 0.7]}, index=["a", "b"])
    with pytest.raises(DataError, match="no item in common"):
        factor_congruence(one, one.set_axis(["c", "d"], axis=0))
    with pytest.raises(ArgumentError, match="first has 2 items and second 3"):
        factor_congruence(np.ones((2, 1)), np.ones((3, 1)))
    with pytest.raises(DataError, match="a loading is missing"):
        factor_congruence(one, one * np.nan)
