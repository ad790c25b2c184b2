"""Agreement: what comes in, what is said, what is refused, and whether intervals cover."""

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.reliability_analysis import (
    bland_altman,
    cohen_kappa,
    cronbach_alpha,
    fleiss_kappa,
    intraclass_correlation,
    krippendorff_alpha,
)
from trustmeasure.reliability_analysis.intraclass import Squares, _coefficients, _errors

RNG = np.random.default_rng(6)
TRUTH = RNG.normal(5, 2, size=(40, 1))
SCORES = pd.DataFrame(TRUTH + RNG.normal(size=(40, 3)) + [0, 0.5, 1], columns=["one", "two", "three"])
RATINGS = pd.DataFrame(np.clip(np.round(SCORES / 2), 1, 5).to_numpy(), columns=["a", "b", "c"])


def jackknife(function, frame):
    n = len(frame)
    left = np.array([function(frame.drop(index=i)) for i in range(n)])
    return np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())


def test_consistency_of_the_mean_is_alpha():
    found = intraclass_correlation(SCORES)
    assert found.form("ICC3k")["icc"] == pytest.approx(cronbach_alpha(SCORES).alpha, rel=1e-12)
    assert found.form("ICC(A,1)")["icc"] < found.form("ICC3")["icc"]


def test_missing_ratings_are_counted():
    found = intraclass_correlation(SCORES.mask(np.eye(40, 3, dtype=bool)))
    assert (found.n_obs, found.n_rows) == (37, 40)
    assert found.notes == ("37 of 40 rows used; rows with a missing rating are left out.",)


def test_intraclass_intervals_cover():
    rng = np.random.default_rng(2)
    shift = np.array([0.0, 0.4, 5.0])
    truth = 1 / (1 + np.array([0.0, 0.16, 0.0]) + 0.5)
    inside = np.zeros((400, 3), dtype=bool)
    for i in range(len(inside)):
        plain = rng.standard_normal((30, 1)) + np.sqrt(0.5) * rng.standard_normal((30, 4))
        columns = rng.standard_normal(4)
        for form in range(3):
            found = _coefficients(Squares.of(plain + shift[form] * columns), 0.95)
            inside[i, form] = found["ci_lower"][form] < truth[form] < found["ci_upper"][form]
    assert ((inside.mean(axis=0) > 0.91) & (inside.mean(axis=0) < 0.985)).all()


def test_measurement_error_limits_cover():
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(400):
        values = rng.standard_normal((30, 1)) + rng.standard_normal(3) * 0.5 + rng.standard_normal((30, 3))
        found = _errors(Squares.of(values), 0.95)
        inside.append(found["sem_ci_lower"][2] < 1.0 < found["sem_ci_upper"][2])
    assert 0.92 < np.mean(inside) < 0.98
    assert found["mdc"][2] == pytest.approx(1.959963984540054 * np.sqrt(2) * found["sem"][2])


def test_exact_limits_of_agreement_cover_for_few_people():
    d = np.random.default_rng(4).standard_normal((4000, 12))
    frame = bland_altman(d[0], np.zeros(12)).frame.set_index("measure")
    bias, sd = d.mean(axis=1), d.std(axis=1, ddof=1)
    low, high = (frame.loc["upper_limit", ["ci_lower", "ci_upper"]].to_numpy(dtype=float) - bias[0]) / sd[0]
    inside = (bias + low * sd < 1.959964) & (bias + high * sd > 1.959964)
    assert 0.94 < inside.mean() < 0.96


def test_swapping_measurements_turns_the_sign():
    orders = (["one", "two"], ["two", "one"])
    one, two = (bland_altman(SCORES[names]).frame.set_index("measure") for names in orders)
    assert one.loc["bias", "estimate"] == pytest.approx(-two.loc["bias", "estimate"])
    assert one.loc["lower_limit", "ci_lower"] == pytest.approx(-two.loc["upper_limit", "ci_upper"])


def test_two_columns_are_needed():
    with pytest.raises(ArgumentError, match="has 3 ratings and the second 2"):
        bland_altman([1, 2, 3], [1, 2])
    with pytest.raises(ArgumentError, match="there are 3 columns"):
        cohen_kappa(RATINGS)
    with pytest.raises(ArgumentError, match="interval='normal' is not known"):
        bland_altman(SCORES[["one", "two"]], interval="normal")


def test_kappa_of_text_and_of_codes():
    order = ["never", "rarely", "often", "mostly", "always"]
    words = RATINGS.apply(lambda column: column.map(dict(zip([1.0, 2.0, 3.0, 4.0, 5.0], order, strict=True))))
    codes = cohen_kappa(RATINGS[["a", "b"]], weights="quadratic", categories=[1, 2, 3, 4, 5])
    named = cohen_kappa(words["a"], words["b"], weights="quadratic", categories=order)
    assert named.kappa == pytest.approx(codes.kappa, rel=1e-14)
    dtype = pd.CategoricalDtype(order, ordered=True)
    typed = cohen_kappa(words[["a", "b"]].astype(dtype), weights="quadratic")
    assert typed.kappa == pytest.approx(codes.kappa, rel=1e-14)
    assert typed.table.index.tolist() == order
    with pytest.raises(ArgumentError, match="needs the order of the categories"):
        cohen_kappa(words["a"], words["b"], weights="linear")


def test_kappa_of_binary_ratings_needs_no_weights():
    binary = (RATINGS[["a", "b"]] > 3).astype(int)
    assert cohen_kappa(binary).kappa == pytest.approx(
        cohen_kappa(binary, weights="quadratic").kappa, rel=1e-14
    )


def test_quadratic_kappa_is_near_the_intraclass_correlation():
    # Fleiss and Cohen (1973): equal but for terms of order 1/n
    many = pd.concat([RATINGS[["a", "b"]]] * 50, ignore_index=True)
    icc = intraclass_correlation(many).form("ICC2")["icc"]
    assert cohen_kappa(many, weights="quadratic").kappa == pytest.approx(icc, abs=1e-3)


def test_standard_errors_are_near_the_jackknife():
    pair = RATINGS[["a", "b"]]
    found = cohen_kappa(pair, weights="linear", categories=range(1, 6))
    left = jackknife(lambda f: cohen_kappa(f, weights="linear", categories=range(1, 6)).kappa, pair)
    assert found.se == pytest.approx(left, rel=0.1)
    left = jackknife(lambda f: fleiss_kappa(f).kappa, RATINGS)
    assert fleiss_kappa(RATINGS).se == pytest.approx(left, rel=0.05)
    gaps = RATINGS.mask(np.random.default_rng(1).random(RATINGS.shape) < 0.1)
    assert fleiss_kappa(gaps).se == pytest.approx(jackknife(lambda f: fleiss_kappa(f).kappa, gaps), rel=0.05)


def test_largest_kappa_is_reached_by_sorting():
    ordered = pd.DataFrame({"a": np.sort(RATINGS["a"]), "b": np.sort(RATINGS["b"])})
    found = cohen_kappa(RATINGS[["a", "b"]], weights="quadratic")
    assert cohen_kappa(ordered, weights="quadratic").kappa == pytest.approx(found.kappa_max, abs=1e-9)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("cubic", "weights='cubic' is not known"),
        (np.eye(3), r"has shape \(3, 3\); 5 x 5"),
        (np.eye(5) * 2, "credits from 0 to 1"),
        (np.triu(np.ones((5, 5))), "symmetric"),
        ([["a"]], "square array"),
    ],
)
def test_weights_are_refused(weights, said):
    with pytest.raises(ArgumentError, match=said):
        cohen_kappa(RATINGS[["a", "b"]], weights=weights, categories=[1, 2, 3, 4, 5])


def test_categories_are_refused():
    with pytest.raises(DataError, match="none of the categories 1, 2"):
        cohen_kappa(RATINGS[["a", "b"]], categories=[1, 2])
    with pytest.raises(ArgumentError, match="named twice"):
        cohen_kappa(RATINGS[["a", "b"]], categories=[1, 2, 2])
    with pytest.raises(DataError, match="whole number of ratings"):
        fleiss_kappa(np.array([[0.5, 1.0]]), counts=True)
    with pytest.raises(ArgumentError, match="columns are the categories"):
        fleiss_kappa(np.ones((3, 2)), counts=True, categories=[1, 2])
    with pytest.raises(ArgumentError, match='level="interval" needs numbers'):
        krippendorff_alpha(RATINGS.astype(str), level="interval")
    with pytest.raises(ArgumentError, match='level="ordinal" needs the order'):
        krippendorff_alpha(RATINGS.astype(str), level="ordinal")
    with pytest.raises(ArgumentError, match="0 or more"):
        krippendorff_alpha(-RATINGS, level="ratio")


def test_krippendorffs_nominal_alpha_is_near_fleiss_kappa():
    # they differ by a correction of order 1 / number of ratings
    many = pd.concat([RATINGS] * 30, ignore_index=True)
    alpha = krippendorff_alpha(many, n_bootstrap=2, seed=1).alpha
    assert alpha == pytest.approx(fleiss_kappa(many).kappa, abs=1e-3)


def test_krippendorffs_interval_alpha_is_the_one_way_intraclass_correlation():
    many = pd.concat([RATINGS] * 30, ignore_index=True)
    alpha = krippendorff_alpha(many, level="interval", n_bootstrap=2, seed=1).alpha
    assert alpha == pytest.approx(intraclass_correlation(many).form("ICC1")["icc"], abs=1e-3)


def test_krippendorffs_bootstrap_repeats_itself_and_is_near_the_jackknife():
    first, again = (krippendorff_alpha(RATINGS, level="ordinal", seed=4) for _ in range(2))
    assert (first.ci_lower, first.ci_upper) == (again.ci_lower, again.ci_upper)
    left = jackknife(lambda f: krippendorff_alpha(f, level="ordinal", n_bootstrap=2, seed=1).alpha, RATINGS)
    assert first.se == pytest.approx(left, rel=0.2)


def test_summaries_say_what_was_done():
    assert "Single forms" in str(intraclass_correlation(SCORES))
    assert "Differences: one - two" in str(bland_altman(SCORES[["one", "two"]]))
    assert "Fleiss, Cohen and Everitt" in cohen_kappa(RATINGS[["a", "b"]])._repr_html_()
    assert "Weights" in str(cohen_kappa(RATINGS[["a", "b"]], weights="linear"))
    assert "people as a sample" in str(fleiss_kappa(RATINGS))
    assert "percentile interval" in str(krippendorff_alpha(RATINGS, seed=1))
    for found in (intraclass_correlation(SCORES), cohen_kappa(RATINGS[["a", "b"]]), fleiss_kappa(RATINGS)):
        assert len(found.to_frame()) >= 1
