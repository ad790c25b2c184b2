"""Lower bounds, split halves and their intervals: closed cases, order among them, slopes, coverage."""

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.reliability_analysis import (
    cronbach_alpha,
    greatest_lower_bound,
    guttman_lambdas,
    spearman_brown,
    split_half,
)
from trustmeasure.reliability_analysis.coefficients import (
    ALPHA,
    AVERAGE_R,
    LAMBDA1,
    LAMBDA2,
    LAMBDA5,
    LAMBDA6,
    STANDARDIZED,
)
from trustmeasure.reliability_analysis.formulas import CLOSED_FORMS, feldt_interval
from trustmeasure.reliability_analysis.halves import coefficients_of_split
from trustmeasure.reliability_analysis.item_draws import influence
from trustmeasure.reliability_analysis.lower_bound import GLB
from trustmeasure.reliability_analysis.splits import LAMBDA4, all_splits, best_splits, contrast

RNG = np.random.default_rng(11)
SIZES = [0.9, 0.7, 0.8, 0.5, 0.6, 1.1]
TRAIT = RNG.normal(size=(150, 1))
ITEMS = pd.DataFrame(TRAIT * SIZES + RNG.normal(size=(150, 6)) * 0.8, columns=list("abcdef"))
COV = ITEMS.cov().to_numpy()
HALF = coefficients_of_split(np.array([True, False, True, True, False, False]))
COEFFICIENTS = {
    c.name: c
    for c in (ALPHA, STANDARDIZED, AVERAGE_R, LAMBDA1, LAMBDA2, LAMBDA4, LAMBDA5, LAMBDA6, GLB, *HALF)
}


@pytest.mark.parametrize("standardized", [False, True])
@pytest.mark.parametrize("name", COEFFICIENTS)
def test_slopes_are_derivatives(name, standardized):
    coefficient = COEFFICIENTS[name].standardized() if standardized else COEFFICIENTS[name]
    move = RNG.normal(size=COV.shape)
    move, step = move + move.T, 1e-5
    change = (coefficient.of(COV + step * move) - coefficient.of(COV - step * move)) / (2 * step)
    # the bound is solved to a small gap, which the step divides
    assert (coefficient.slope(COV) * move).sum() == pytest.approx(change, abs=1e-4 if name == "glb" else 1e-7)


@pytest.mark.parametrize("name", ["alpha", "standardized", "lambda2", "lambda6", "flanagan_rulon"])
def test_influence_is_what_leaving_a_person_out_shows(name):
    coefficient, values = COEFFICIENTS[name], ITEMS.to_numpy()
    n = len(values)
    parts = influence(values, coefficient.slope(COV))
    left = np.array([coefficient.of(np.cov(np.delete(values, i, axis=0).T)) for i in range(n)])
    jackknife = (n - 1) * (left.mean() - left)
    assert parts.mean() == pytest.approx(0.0, abs=1e-12)
    assert np.corrcoef(parts, jackknife)[0, 1] > 0.995
    assert parts.std() == pytest.approx(jackknife.std(), rel=0.05)


def test_influence_with_gaps_is_what_leaving_a_person_out_shows():
    frame = ITEMS.mask(np.random.default_rng(1).random(ITEMS.shape) < 0.15)
    n, values = len(frame), frame.to_numpy()
    parts = influence(values, ALPHA.slope(frame.cov().to_numpy()))
    left = np.array([ALPHA.of(frame.drop(index=i).cov().to_numpy()) for i in range(n)])
    jackknife = (n - 1) * (left.mean() - left)
    assert parts.mean() == pytest.approx(0.0, abs=1e-12)
    assert np.corrcoef(parts, jackknife)[0, 1] > 0.999
    assert cronbach_alpha(frame, interval="adf").se == pytest.approx(jackknife.std() / np.sqrt(n), rel=0.05)


def test_bounds_keep_their_order():
    found = guttman_lambdas(ITEMS).frame.set_index("coefficient")["estimate"]
    glb = greatest_lower_bound(ITEMS).glb
    assert found["lambda1"] < found["lambda3"] < found["lambda2"] < glb
    assert found["lambda4"] <= glb
    assert found["lambda6"] <= glb
    assert found["lambda3"] == pytest.approx(cronbach_alpha(ITEMS).alpha, rel=1e-14)


def test_glb_of_one_factor_is_omega():
    loadings, errors = np.array(SIZES), np.array([0.5, 0.8, 0.3, 0.9, 0.6, 0.4])
    cov = np.outer(loadings, loadings) + np.diag(errors)
    omega = loadings.sum() ** 2 / cov.sum()
    assert GLB.of(cov) == pytest.approx(omega, abs=1e-9)
    assert GLB.of(1e6 * cov) == pytest.approx(omega, abs=1e-9)


@pytest.mark.parametrize(("a", "b", "c"), [(1.0, 2.0, 0.5), (4.0, 1.0, -0.3)])
def test_glb_of_two_items(a, b, c):
    assert GLB.of(np.array([[a, c], [c, b]])) == pytest.approx(
        (2 * c + 2 * abs(c)) / (a + b + 2 * c), abs=1e-9
    )


def test_glb_does_not_let_error_be_negative():
    # the smaller variance cannot be less than nothing: d1 = 0 binds
    cov = np.array([[0.5, 1.0], [1.0, 4.0]])
    assert GLB.of(cov) == pytest.approx(1 - 2.0 / cov.sum(), abs=1e-9)


def test_items_that_depend_on_each_other_have_no_error():
    frame = ITEMS.assign(g=ITEMS["a"] + ITEMS["b"])
    found = greatest_lower_bound(frame)
    errors = found.items.set_index("item")["error_variance"]
    assert errors[["a", "b", "g"]].tolist() == [0, 0, 0]
    assert (errors[["c", "d", "e", "f"]] > 0.1).all()
    assert found.glb > guttman_lambdas(frame).frame["estimate"].max()
    assert np.isnan(found.se)
    assert any("depend on each other" in note for note in found.notes)


def test_standardised_bounds_are_those_of_standardised_items():
    scaled = ITEMS / ITEMS.std()
    first = guttman_lambdas(ITEMS, standardized=True).frame
    second = guttman_lambdas(scaled).frame
    np.testing.assert_allclose(first["estimate"], second["estimate"], rtol=1e-10)
    assert greatest_lower_bound(ITEMS, standardized=True).glb == pytest.approx(
        greatest_lower_bound(scaled).glb, abs=1e-9
    )


def test_the_search_comes_close_to_the_best_split_of_many_items():
    rng = np.random.default_rng(2)
    values = rng.normal(size=(4, 300, 1)) * rng.uniform(0.4, 0.9, 17) + rng.normal(size=(4, 300, 17)) * 0.7
    covs = np.stack([np.cov(x.T) for x in values])
    every = all_splits(17)
    for cov, signs in zip(covs, best_splits(covs), strict=True):
        total, best = cov.sum(), contrast(cov[None], every)[0].min()
        assert best <= signs @ cov @ signs < best + 0.001 * total


def test_mean_over_all_halves_is_alpha():
    found = split_half(ITEMS)
    assert found.exhaustive
    assert found.splits["mean"] == pytest.approx(cronbach_alpha(ITEMS).alpha, rel=1e-12)
    frame = found.frame.set_index("coefficient")
    assert frame.loc["horst", "estimate"] == pytest.approx(frame.loc["spearman_brown", "estimate"], rel=1e-12)


def test_a_half_of_ones_own_by_hand():
    found = split_half(ITEMS, half=["a", "b", "f", "c"]).frame.set_index("coefficient")["estimate"]
    a, b = ITEMS[list("abfc")].sum(axis=1), ITEMS[["d", "e"]].sum(axis=1)
    r, total = a.corr(b), (a + b).var()
    p, q = 4 / 6, 2 / 6
    assert found["correlation"] == pytest.approx(r, rel=1e-12)
    assert found["flanagan_rulon"] == pytest.approx(4 * a.cov(b) / total, rel=1e-12)
    assert found["flanagan_rulon"] == pytest.approx(2 * (1 - (a.var() + b.var()) / total), rel=1e-12)
    horst = r * (np.sqrt(r**2 + 4 * p * q * (1 - r**2)) - r) / (2 * p * q * (1 - r**2))
    assert found["horst"] == pytest.approx(horst, rel=1e-12)
    angoff = 4 * a.cov(b) / (total - (a.var() - b.var()) ** 2 / total)
    assert found["angoff_feldt"] == pytest.approx(angoff, rel=1e-12)


def test_sampled_splits_are_near_all_and_repeatable():
    whole, part = split_half(ITEMS), split_half(ITEMS, splits=400, seed=3)
    assert not part.exhaustive
    assert part.splits["maximum"] == pytest.approx(whole.splits["maximum"], rel=1e-12)
    assert part.splits["mean"] == pytest.approx(whole.splits["mean"], abs=0.01)
    assert part.splits.equals(split_half(ITEMS, splits=400, seed=3).splits)


def test_halves_are_refused():
    with pytest.raises(ArgumentError, match="half: 'g' is not an item"):
        split_half(ITEMS, half=["g"])
    with pytest.raises(ArgumentError, match="leave others"):
        split_half(ITEMS, half=list("abcdef"))
    with pytest.raises(DataError, match="The sum of a, g has no variance"):
        split_half(ITEMS.assign(g=-ITEMS["a"]), half=["a", "g"])


def test_spearman_brown():
    assert spearman_brown(0.5) == pytest.approx(2 / 3)
    assert spearman_brown(spearman_brown(0.8, 3), 1 / 3) == pytest.approx(0.8)
    assert np.isnan(spearman_brown(-1.0))
    for given in ({"reliability": 1.2}, {"reliability": 0.5, "length": 0}):
        with pytest.raises(ArgumentError):
            spearman_brown(**given)


@pytest.mark.parametrize("interval", ["percentile", "bc", "bca", "normal"])
def test_bootstrap_is_repeatable_and_near_the_other_intervals(interval):
    first, again, other = (cronbach_alpha(ITEMS, interval=interval, seed=seed) for seed in (1, 1, 2))
    assert (first.ci_lower, first.ci_upper) == (again.ci_lower, again.ci_upper)
    assert first.ci_lower != other.ci_lower
    free = cronbach_alpha(ITEMS, interval="adf")
    assert first.ci_lower == pytest.approx(free.ci_lower, abs=0.03)
    assert first.se == pytest.approx(free.se, rel=0.2)


def test_draws_with_gaps_rest_on_the_same_pairs():
    frame = ITEMS.mask(np.random.default_rng(1).random(ITEMS.shape) < 0.15)
    found, free = (cronbach_alpha(frame, interval=i, seed=1) for i in ("percentile", "adf"))
    assert found.alpha == free.alpha
    assert found.se == pytest.approx(free.se, rel=0.15)


@pytest.mark.parametrize("name", ["bonett", "hakstian-whalen"])
def test_closed_intervals_come_close_to_the_exact_one(name):
    near = CLOSED_FORMS[name](0.8, 300, 6, 0.95)
    assert near == pytest.approx(feldt_interval(0.8, 300, 6, 0.95), abs=2e-3)
    assert all(np.isnan(CLOSED_FORMS[name](0.8, 2, 6, 0.95)))


def test_hakstian_and_whalen_are_the_cube_root_of_f():
    # Wilson and Hilferty's cube root is good to three digits even for ten people
    near = CLOSED_FORMS["hakstian-whalen"](0.8, 60, 6, 0.95)
    assert near == pytest.approx(feldt_interval(0.8, 60, 6, 0.95), abs=4e-3)


def test_bonett_by_hand():
    # n = 50, k = 5, alpha = .7: 1 - exp(ln .3 - ln(50/49) -+ 1.96 * sqrt(10 / (4 * 48)))
    found = CLOSED_FORMS["bonett"](0.7, 50, 5, 0.95)
    assert found == pytest.approx((1 - 0.294 * np.exp(0.4473), 1 - 0.294 * np.exp(-0.4473)), abs=1e-5)


def test_intervals_are_named_and_refused():
    assert "interval of Bonett (2002)" in str(cronbach_alpha(ITEMS, interval="bonett"))
    assert "bootstrap (percentile)" in str(
        cronbach_alpha(ITEMS, interval="percentile", seed=1, n_bootstrap=50)
    )
    with pytest.raises(ArgumentError, match="Did you mean 'feldt'"):
        cronbach_alpha(ITEMS, interval="felt")
    with pytest.raises(ArgumentError, match="n_bootstrap=1"):
        cronbach_alpha(ITEMS, interval="bca", n_bootstrap=1)
    with pytest.raises(ArgumentError, match="interval='feldt' is not known"):
        guttman_lambdas(ITEMS, interval="feldt")


def test_distribution_free_interval_covers_with_skewed_answers():
    rng = np.random.default_rng(8)
    loadings, errors = np.ones(4), np.full(4, 1.0)
    truth = ALPHA.of(np.outer(loadings, loadings) + np.diag(errors))
    inside = []
    for _ in range(400):
        sample = (rng.exponential(size=(300, 1)) - 1) + (rng.exponential(size=(300, 4)) - 1)
        found = cronbach_alpha(sample, interval="adf")
        inside.append(found.ci_lower < truth < found.ci_upper)
    assert 0.90 < np.mean(inside) < 0.98
