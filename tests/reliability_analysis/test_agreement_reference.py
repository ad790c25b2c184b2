"""Agreement against psych and base R (tests/reference/reliability_agreement), and published tables."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy
from statsmodels.stats import inter_rater

from trustmeasure.reliability_analysis import (
    bland_altman,
    cohen_kappa,
    fleiss_kappa,
    intraclass_correlation,
    krippendorff_alpha,
)

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "reliability_agreement"
STORED = json.loads((FOLDER / "agreement.json").read_text(encoding="utf-8"))
RETEST = pd.read_csv(FOLDER / "data" / "retest.csv")
JUDGES = pd.read_csv(FOLDER / "data" / "judges.csv")
OWN = np.eye(5) + 0.4 * (np.abs(np.subtract.outer(np.arange(5), np.arange(5))) == 1)
NAN = np.nan
# ten people, fourteen raters, five categories: the example of many textbooks, kappa .210
COUNTS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
# four observers of twelve units: Krippendorff's own worked example
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
).T

FINE = 1e-9 if tuple(int(part) for part in scipy.__version__.split(".")[:2]) >= (1, 14) else 1e-6
"""How near quantiles of t are to R's; older SciPy has fewer digits."""


@pytest.mark.parametrize("name", STORED["icc"])
def test_intraclass_correlations(name):
    case = STORED["icc"][name]
    found = intraclass_correlation(np.array(case["ratings"], dtype=float), case["ci"])
    assert found.frame["form"].tolist() == case["form"]
    for column in ("icc", "f", "df1", "df2", "p_value", "ci_lower", "ci_upper"):
        wanted = np.array(case[column], dtype=float)
        np.testing.assert_allclose(found.frame[column], wanted, rtol=1e-9, atol=1e-12, err_msg=column)
    for form, value in case["errors"].items():
        assert found.form(form)["sem"] == pytest.approx(value, rel=1e-10)
        mean_of_all = found.form(f"{form}k")["sem"]
        assert mean_of_all == pytest.approx(value / np.sqrt(found.n_ratings), rel=1e-10)


def test_the_table_of_shrout_and_fleiss():
    case = STORED["icc"]["shrout-fleiss"]
    found = intraclass_correlation(np.array(case["ratings"], dtype=float))
    assert found.frame["icc"].round(2).tolist() == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    squares = found.anova.set_index("source")["mean_square"]
    assert squares.round(2).tolist() == [11.24, 32.49, 1.02, 6.26]


PAIRS = {"ab": ("a", "b"), "bc": ("b", "c")}


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic", "own"])
@pytest.mark.parametrize("name", PAIRS)
def test_cohens_kappa(name, weights):
    case = STORED["kappa"][name]
    one, two = PAIRS[name]
    given = OWN if weights == "own" else weights
    found = cohen_kappa(JUDGES[one], JUDGES[two], case["ci"], weights=given, categories=range(1, 6))
    assert found.table.to_numpy().tolist() == case["counts"]
    for number, value in case[weights].items():
        # R's derivatives for weighted kappa are numerical
        close = 1e-8 if number == "se" else 1e-10
        assert getattr(found, number) == pytest.approx(value, rel=close), number


@pytest.mark.parametrize(
    ("weights", "theirs"), [("none", None), ("linear", "linear"), ("quadratic", "quadratic")]
)
def test_kappa_without_agreement(weights, theirs):
    found = cohen_kappa(JUDGES["a"], JUDGES["b"], weights=weights, categories=range(1, 6))
    other = inter_rater.cohens_kappa(found.table.to_numpy(), wt=theirs)
    assert found.kappa == pytest.approx(other.kappa, rel=1e-10)
    assert found.se == pytest.approx(other.std_kappa, rel=1e-10)
    assert found.z == pytest.approx(other.z_value, rel=1e-10)
    assert found.p_value == pytest.approx(other.pvalue_two_sided, rel=1e-8)
    if weights == "none":
        assert found.kappa_max == pytest.approx(other.kappa_max, rel=1e-10)


@pytest.mark.parametrize("interval", ["exact", "approximate"])
@pytest.mark.parametrize("name", STORED["altman"])
def test_limits_of_agreement(name, interval):
    case = STORED["altman"][name]
    found = bland_altman(RETEST[name.split("-")], ci=case["ci"], coverage=case["coverage"], interval=interval)
    frame = found.frame.set_index("measure")
    assert found.sd == pytest.approx(case["sd"], rel=1e-12)
    assert frame["estimate"].tolist() == pytest.approx(
        [case["bias"], case["lower"], case["upper"]], rel=1e-10
    )
    limits = {"bias": case["bias_limits"]}
    limits |= {f"{side}_limit": case[interval][side] for side in ("lower", "upper")}
    for measure, wanted in limits.items():
        # R's noncentral t is good to about 1e-9
        found_limits = frame.loc[measure, ["ci_lower", "ci_upper"]].tolist()
        assert found_limits == pytest.approx(wanted, rel=1e-7), measure
    trends = found.trends.set_index("trend")
    for trend in ("proportional_bias", "spread"):
        for number, value in case[trend].items():
            assert trends.loc[trend, number] == pytest.approx(value, rel=FINE), (trend, number)


def test_fleiss_kappa_of_a_printed_table():
    found = fleiss_kappa(COUNTS, counts=True)
    assert round(found.kappa, 3) == 0.210
    assert (round(found.agreement, 3), round(found.expected, 3)) == (0.378, 0.213)
    assert found.kappa == pytest.approx(inter_rater.fleiss_kappa(COUNTS), rel=1e-12)


def test_fleiss_kappa_of_ratings_and_of_their_counts():
    complete = JUDGES.dropna()
    counts = np.stack([(complete == c).sum(axis=1) for c in range(1, 6)], axis=1)
    first, second = fleiss_kappa(complete), fleiss_kappa(counts, counts=True)
    assert first.kappa == pytest.approx(second.kappa, rel=1e-14)
    assert first.kappa == pytest.approx(inter_rater.fleiss_kappa(counts), rel=1e-12)


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_example(level, alpha):
    found = krippendorff_alpha(OBSERVERS, level=level, n_bootstrap=20, seed=1)
    assert round(found.alpha, 3) == alpha
    assert (found.n_obs, found.n_rows, found.n_ratings) == (11, 12, 40)
    assert found.coincidences.to_numpy().sum() == pytest.approx(40)
