"""Rotation against GPArotation and R (tests/reference/factors/rotation.R), and its own properties."""

import numpy as np
import pytest

from tests.factors.reference_values import array, cases, same_loadings, same_phi
from trustmeasure.errors import ArgumentError, ConvergenceError, DataError
from trustmeasure.factors import rotate, simplicity
from trustmeasure.factors.gradient_projection import (
    _oblique,
    _orthogonal,
    gradient_projection,
    nearest_orthogonal,
    random_starts,
    unit_columns,
)
from trustmeasure.factors.rotation_newton import Place, newton

CASES = cases("rotation")
PLANS = {
    "varimax": ("varimax", {}),
    "varimax_plain": ("varimax", {"normalize": False}),
    "promax": ("promax", {}),
    "promax_3": ("promax", {"power": 3}),
    "quartimax": ("quartimax", {}),
    "equamax": ("equamax", {}),
    "oblimin": ("oblimin", {}),
    "oblimin_negative": ("oblimin", {"gamma": -1}),
    "quartimin": ("quartimin", {}),
    "geomin": ("geomin", {}),
    "geomin_small": ("geomin", {"epsilon": 0.001}),
    "geomin_orthogonal": ("geomin", {"orthogonal": True}),
    "crawford_ferguson": ("crawford_ferguson", {}),
    "target": ("target", {}),
    "target_orthogonal": ("target", {"orthogonal": True}),
    "partial": ("target", {}),
    "partial_orthogonal": ("target", {"orthogonal": True}),
    "bifactor": ("bifactor", {}),
}
EXACT = {"varimax", "varimax_plain", "promax", "promax_3"}
"""Rotations that R finds to its last digits; GPArotation stops at a gradient of 1e-7."""
CRITERIA = {
    "varimax": simplicity.varimax,
    "quartimax": simplicity.quartimax,
    "oblimin": simplicity.oblimin(0.3),
    "crawford_ferguson": simplicity.crawford_ferguson(0.2),
    "geomin": simplicity.geomin(0.01),
    "target": simplicity.target(np.where(np.eye(8, 3) > 0, np.nan, 0.1)),
    "bifactor": simplicity.bifactor,
    "bigeomin": simplicity.bigeomin(0.01),
}


def found(case, name, **more):
    method, options = PLANS[name]
    if method == "target":
        full = array(case["target"])
        options = {**options, "target": np.where(full > 0, np.nan, 0.0) if "partial" in name else full}
    return rotate(array(case["loadings"]), method, **options, **more)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("case", CASES)
def test_reference(case, name):
    own, theirs = found(CASES[case], name), CASES[case]["rotations"][name]
    atol = 1e-7 if name in EXACT else 2e-6
    if theirs["value"] is not None and name not in EXACT:
        assert own.criterion <= theirs["value"] + 1e-10
        if own.criterion < theirs["value"] - 1e-6:
            pytest.fail("our starts found a lower minimum than the reference: give the reference more starts")
    same_loadings(own.loadings, theirs["loadings"], atol=atol)
    same_phi(own.phi, own.loadings, theirs["phi"], theirs["loadings"], atol=2 * atol)


@pytest.mark.parametrize("name", CRITERIA)
def test_derivatives_of_a_criterion(name):
    loadings = np.random.default_rng(1).normal(size=(8, 3)) * 0.5
    steps = 1e-30j * np.eye(24).reshape(24, 8, 3)
    slopes = CRITERIA[name](loadings + steps)[0].imag / 1e-30
    np.testing.assert_allclose(CRITERIA[name](loadings[None])[1].ravel(), slopes, atol=1e-13)


@pytest.mark.parametrize("name", PLANS)
def test_what_the_factors_explain_stays(name):
    case = CASES["drawn"]
    own, a = found(case, name), array(case["loadings"])
    common = own.loadings.to_numpy() @ own.phi.to_numpy() @ own.loadings.to_numpy().T
    np.testing.assert_allclose(common, a @ a.T, atol=1e-10)
    np.testing.assert_allclose(np.diag(own.phi), 1.0)
    np.testing.assert_allclose(own.structure, own.loadings.to_numpy() @ own.phi.to_numpy())


@pytest.mark.parametrize("name", ["varimax", "oblimin", "geomin", "bifactor"])
def test_the_start_does_not_matter(name):
    case, rng = CASES["harman"], np.random.default_rng(5)
    turned = {**case, "loadings": array(case["loadings"]) @ random_starts(case["m"], 2, rng)[1]}
    one, other = found(case, name), found(turned, name)
    np.testing.assert_allclose(one.loadings, other.loadings, atol=1e-6)


def test_factors_are_ordered_and_turned():
    own = found(CASES["harman"], "oblimin")
    sizes = np.diag(own.phi @ own.loadings.T @ own.loadings)
    assert (np.diff(sizes) <= 0).all()
    assert (own.loadings.sum() > 0).all()


def test_the_same_seed_gives_the_same_answer():
    one, other = (found(CASES["harman"], "geomin", seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.loadings, other.loadings)
    assert one.local_minima().equals(other.local_minima())


def test_local_minima_are_told_apart():
    # A box with 26 measures: geomin has more than one minimum there when epsilon is small.
    rng = np.random.default_rng(8)
    loadings = rng.uniform(0.2, 0.8, (12, 3)) * (rng.random((12, 3)) < 0.6)
    own = rotate(loadings, "geomin", epsilon=1e-4, starts=60)
    table = own.local_minima()
    assert len(table) > 1
    assert table["times"].sum() <= 60
    assert (np.diff(table["criterion"]) >= 0).all()
    assert table["criterion"].iloc[0] == own.criterion
    assert table["largest_difference"].iloc[0] == 0.0
    assert (table["largest_difference"].iloc[1:] > 1e-3).all()


def test_a_full_target_is_reached_where_it_can_be():
    rng = np.random.default_rng(2)
    wanted = rng.uniform(-0.7, 0.7, (10, 3))
    turn = random_starts(3, 2, rng)[1]
    own = rotate(wanted @ turn, "target", target=wanted, orthogonal=True)
    np.testing.assert_allclose(own.loadings, wanted, atol=1e-7)
    assert own.criterion == pytest.approx(0.0, abs=1e-12)


def test_one_factor_is_only_turned():
    own = rotate(np.array([[-0.5], [-0.6], [0.1]]), "oblimin")
    assert own.loadings.iloc[:, 0].tolist() == [0.5, 0.6, -0.1]
    assert own.local_minima().empty


def test_kaiser_normalisation_makes_rows_equal():
    a = array(CASES["drawn"]["loadings"])
    scaled = a * np.random.default_rng(1).uniform(0.2, 1.0, (len(a), 1))
    lengths = np.sqrt((a**2).sum(axis=1) / (scaled**2).sum(axis=1))[:, None]
    one, other = rotate(a, "geomin", normalize=True), rotate(scaled, "geomin", normalize=True)
    same_loadings(other.loadings.to_numpy() * lengths, one.loadings, atol=1e-6)


def test_statsmodels_agrees_where_it_can():
    from statsmodels.multivariate.factor_rotation import rotate_factors

    a = array(CASES["drawn"]["loadings"])
    for method, name, arguments in (("quartimax", "quartimax", ()), ("oblimin", "quartimin", (0, "oblique"))):
        theirs, _ = rotate_factors(a, name if name == "quartimax" else "oblimin", *arguments, tol=1e-9)
        same_loadings(rotate(a, method).loadings, theirs, atol=1e-6)


@pytest.mark.parametrize(
    ("method", "options", "said"),
    [
        ("obliman", {}, "Did you mean 'oblimin'"),
        ("oblimin", {"orthogonal": True}, "contradicts"),
        ("varimax", {"orthogonal": False}, "contradicts"),
        ("geomin", {"epsilonn": 0.1}, "no option 'epsilonn'. Did you mean 'epsilon'"),
        ("geomin", {"epsilon": 0}, "above 0"),
        ("geomin", {"starts": 0}, "starts=0"),
        ("promax", {"power": 0.5}, "at least 1"),
        ("target", {}, "give both"),
        ("oblimin", {"target": np.eye(4, 2)}, "give both"),
        ("target", {"target": np.eye(3, 2)}, r"shape \(3, 2\)"),
        ("target", {"target": np.full((4, 2), np.nan)}, "at least one number"),
    ],
)
def test_what_is_refused(method, options, said):
    with pytest.raises(ArgumentError, match=said):
        rotate(np.array([[0.8, 0.1], [0.7, 0.2], [0.1, 0.6], [0.2, 0.5]]), method, **options)


def test_a_general_factor_needs_group_factors():
    with pytest.raises(ArgumentError, match="general and at least one group factor"):
        rotate(np.array([[0.8], [0.7]]), "bifactor")


def test_a_factor_without_loadings():
    bare = np.array([[0.8, 0.0], [0.7, 0.0], [0.6, 0.0]])
    with pytest.raises((DataError, ConvergenceError), match="fewer factors"):
        rotate(bare, "promax")


def test_steps_that_do_not_suffice():
    with pytest.raises(ConvergenceError, match="did not converge in 1 steps"):
        rotate(array(CASES["harman"]["loadings"]), "geomin", max_iter=1)


def test_more_searches_change_none_of_them():
    a, starts = array(CASES["drawn"]["loadings"]), random_starts(3, 8, np.random.default_rng(1))
    many = gradient_projection(a, simplicity.geomin(0.01), starts, oblique=True)
    alone = gradient_projection(a, simplicity.geomin(0.01), starts[5:6], oblique=True)
    np.testing.assert_allclose(many.transforms[5], alone.transforms[0], atol=1e-9)


def flat(cross, correlation):
    """Return unrotated loadings (9, 3) of one pattern for which quartimin is nearly flat at its minimum."""
    pattern = np.where(np.kron(np.eye(3), np.ones((3, 1))) > 0, 0.5, cross)
    phi = np.full((3, 3), correlation) + (1.0 - correlation) * np.eye(3)
    values, vectors = np.linalg.eigh(pattern @ phi @ pattern.T)
    return vectors[:, -3:] * np.sqrt(values[-3:])


@pytest.mark.parametrize(("cross", "correlation"), [(0.2, 0.5), (0.3, 0.2), (0.3, 0.3)])
def test_a_flat_minimum_takes_few_steps(cross, correlation):
    starts = random_starts(3, 8, np.random.default_rng(1))
    ends = gradient_projection(flat(cross, correlation), simplicity.oblimin(0.0), starts, oblique=True)
    assert ends.converged.all()
    assert ends.iterations.max() < 300
    assert ends.slopes.max() < 1e-7
    best = ends.values[ends.values < ends.values.min() + 1e-6]
    assert np.ptp(best) < 1e-10


@pytest.mark.parametrize("oblique", [True, False])
def test_newton_steps_end_where_gradients_do(oblique):
    a = array(next(iter(CASES.values()))["loadings"])
    start = random_starts(a.shape[1], 2, np.random.default_rng(3))[1:]
    evaluate = (_oblique if oblique else _orthogonal)(a, simplicity.geomin(0.01))
    project = unit_columns if oblique else nearest_orthogonal
    ended = gradient_projection(a, simplicity.geomin(0.01), start, oblique=oblique, tolerance=1e-4)
    values, tangents = evaluate(ended.transforms)
    place = Place(ended.transforms[0], float(values[0]), tangents[0])
    polished = newton(evaluate, project, place, oblique=oblique, tolerance=1e-9)
    exact = gradient_projection(a, simplicity.geomin(0.01), start, oblique=oblique, tolerance=1e-9)
    assert polished.slope <= 1e-9
    assert polished.steps <= 5
    np.testing.assert_allclose(polished.t, exact.transforms[0], atol=1e-7)
