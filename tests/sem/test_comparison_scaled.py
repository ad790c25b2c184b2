"""Scaled difference tests against lavaan 0.6-14, and what holds of them whatever lavaan says."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.reference.sem.cases import FILES, OUR_NAMES, data_arguments, option, read
from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import Comparison, SemResult, compare, fit_sem

CASES = tuple(c for c in FILES if c.startswith("difference-"))
WAYS: dict[str, dict[str, Any]] = {
    "default": {},
    "sb2001": {"method": "satorra-bentler-2001"},
    "sb2010": {"method": "satorra-bentler-2010"},
    "delta_shifted": {"method": "satorra-2000"},
    "delta": {"method": "satorra-2000", "scaled_shifted": False},
    "exact_shifted": {"method": "satorra-2000", "restrictions": "exact"},
    "exact": {"method": "satorra-2000", "restrictions": "exact", "scaled_shifted": False},
}
STORED = [
    (case, estimator, way)
    for case in CASES
    for estimator, found in read(case)["estimators"].items()
    for way in found
    if way in WAYS
]
LOOSE = ("difference-fiml-groups", "difference-fiml-groups-robust")
"""Cases in which lavaan's Newton steps end at a gradient of 8e-7, not of 1e-11 as in all others."""
UNCORRELATED = HS_MODEL + "\nvisual ~~ 0*textual\nvisual ~~ 0*speed"


@cache
def fits(case: str, estimator: str) -> tuple[SemResult, SemResult]:
    """Fit the larger and the restricted model of a case."""

    def one(model: dict[str, Any]) -> SemResult:
        given = model["options"].items()
        options = {OUR_NAMES.get(k, k.replace(".", "_")): option(k, v) for k, v in given}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return fit_sem(model["model"], **data_arguments(case), estimator=estimator, **options)

    models = read(case)["models"]
    return one(models["larger"]), one(models["restricted"])


def row_of(fits: tuple[SemResult, SemResult], **options: Any) -> dict[str, float]:
    """Return the row of the restricted model."""
    return dict(compare(*fits, names=["larger", "restricted"], **options).frame.iloc[1])


@pytest.mark.parametrize(("case", "estimator", "way"), STORED)
def test_against_lavaan(case: str, estimator: str, way: str) -> None:
    expected = read(case)["estimators"][estimator][way]
    row = row_of(fits(case, estimator), **WAYS[way])
    within = 5e-6 if case in LOOSE else 1e-7
    assert row["chisq_difference"] == pytest.approx(expected["chisq_difference"], rel=within)
    assert row["df_difference"] == pytest.approx(expected["df_difference"], rel=1e-8)
    assert row["p_value"] == pytest.approx(expected["p_value"], rel=1e-5, abs=1e-300)


@pytest.mark.parametrize(
    ("case", "estimator"), [(case, estimator) for case in CASES for estimator in read(case)["estimators"]]
)
def test_changes_of_measures(case: str, estimator: str) -> None:
    stored = read(case)["estimators"][estimator]["measures"]
    larger, restricted = stored["larger"], stored["restricted"]
    row, within = row_of(fits(case, estimator)), 5e-6 if case in LOOSE else 1e-7
    for theirs, name in ((k, k.replace(".", "_")) for k in restricted if k in larger):
        # In lavaan a saturated model has no robust CFI; that of WLSM is plain CFI (see test_reference_fit).
        wrong = larger[theirs] is None or (estimator, name) == ("WLSM", "cfi_robust")
        if name in row and not wrong:
            assert row[name] == pytest.approx(restricted[theirs], rel=within, abs=1e-9)
            if name not in ("chisq", "df"):
                change = restricted[theirs] - larger[theirs]
                assert row[f"{name}_change"] == pytest.approx(change, rel=10 * within, abs=0.1 * within)


def test_scaling_factor_is_what_the_difference_was_divided_by() -> None:
    found = fits("difference-covariances", "MLM")
    plain = found[1].fit_measures["chisq"] - found[0].fit_measures["chisq"]
    for way in ("sb2001", "sb2010", "delta", "exact"):
        row = row_of(found, **WAYS[way])
        assert row["chisq_difference"] * row["scaling_factor"] == pytest.approx(plain, rel=1e-12)
        assert np.isnan(row["shift"])
    row = row_of(found, method="satorra-2000")
    assert row["chisq_difference"] == pytest.approx(plain / row["scaling_factor"] + row["shift"], rel=1e-12)


def test_a_plain_difference_of_robust_fits_can_be_asked_for() -> None:
    found = fits("difference-covariances", "MLR")
    row = row_of(found, method="standard")
    plain = compare(*(fit_sem(m, holzinger()) for m in (HS_MODEL, UNCORRELATED))).frame.iloc[1]
    assert row["chisq_difference"] == pytest.approx(plain.chisq_difference, rel=1e-10)
    assert row["rmsea_difference"] == pytest.approx(plain.rmsea_difference, rel=1e-10)
    assert np.isnan(row["scaling_factor"])


def test_2010_does_not_depend_on_how_the_restricted_model_is_written() -> None:
    """Left out, fixed at zero, or in other units: it is the same model, and the same test."""
    larger = fit_sem(HS_MODEL + "\nx7 ~~ x8", holzinger(), estimator="MLM")
    restricted = [
        fit_sem(HS_MODEL, holzinger(), estimator="MLM"),
        fit_sem(HS_MODEL + "\nx7 ~~ 0*x8", holzinger(), estimator="MLM"),
        fit_sem(HS_MODEL, holzinger(), estimator="MLM", std_lv=True),
    ]
    values = [row_of((larger, r), method="satorra-bentler-2010")["chisq_difference"] for r in restricted]
    np.testing.assert_allclose(values, values[0], rtol=1e-7)
    factor = row_of((larger, restricted[0]), method="satorra-bentler-2010")["scaling_factor"]
    assert factor > 0


def test_lavaans_spelling_of_a_method_is_understood() -> None:
    found = fits("difference-covariances", "MLM")
    a, b = (row_of(found, method=m)["p_value"] for m in ("satorra.2000", "satorra-2000"))
    assert a == b


def test_exact_restrictions_may_be_left_out_of_the_text() -> None:
    larger = fits("difference-covariances", "MLM")[0]
    left_out = fit_sem(HS_MODEL.replace("x3", "x3\nx1 ~~ x2"), holzinger(), estimator="MLM")
    fixed = fit_sem(HS_MODEL + "\nx1 ~~ 0*x2", holzinger(), estimator="MLM")
    rows = [row_of((left_out, r), method="satorra-2000", restrictions="exact") for r in (larger, fixed)]
    assert rows[0]["chisq_difference"] == pytest.approx(rows[1]["chisq_difference"], rel=1e-7)


@pytest.mark.parametrize("case", ["difference-groups-intercepts", "difference-other-units"])
def test_exact_restrictions_need_the_same_parameters(case: str) -> None:
    with pytest.raises(ArgumentError, match=r"nested by their parameters; '.*' .*restrictions='delta'"):
        row_of(fits(case, "MLM"), method="satorra-2000", restrictions="exact")


def negative(found: tuple[SemResult, SemResult]) -> tuple[SemResult, SemResult]:
    """Return the fits with scaling factors whose difference is negative."""
    larger, restricted = found
    assert larger.test is not None
    assert restricted.test is not None
    return replace(larger, test=replace(larger.test, factor=1.3)), replace(
        restricted, test=replace(restricted.test, factor=1.1)
    )


def test_a_negative_scaling_factor_gives_no_test_and_names_the_remedy() -> None:
    found = compare(*negative(fits("difference-covariances", "MLM")), names=["larger", "restricted"])
    row = found.frame.iloc[1]
    assert row[["chisq_difference", "p_value", "rmsea_difference"]].isna().all()
    assert row.scaling_factor == pytest.approx((26 * 1.1 - 24 * 1.3) / 2)
    assert row.df_difference == 2
    assert any(
        "'restricted' against 'larger' is not positive (-1.3)" in n and "satorra-bentler-2010" in n
        for n in found.notes
    )


def test_2010_by_observed_information_can_fail_and_says_so() -> None:
    larger = fit_sem(HS_MODEL + "\nx7 ~~ x8", holzinger(), estimator="MLR")
    found = compare(larger, fit_sem(HS_MODEL, holzinger(), estimator="MLR"), method="satorra-bentler-2010")
    assert np.isnan(found.frame.p_value[1])
    assert "method='satorra-2000'" in found.notes[1]


@pytest.mark.parametrize("method", ["satorra-bentler-2001", "satorra-bentler-2010", "satorra-2000"])
def test_plain_fits_are_not_scaled(method: str) -> None:
    a, b = fit_sem(HS_MODEL, holzinger()), fit_sem(UNCORRELATED, holzinger())
    with pytest.raises(ArgumentError, match=r"estimator='ML'.*estimator='MLM' or 'MLR'"):
        compare(a, b, method=method)


@pytest.mark.parametrize("name", ["method", "restrictions"])
def test_unknown_options_name_the_nearest(name: str) -> None:
    found = fits("difference-covariances", "MLM")
    wrong = {"method": "satorra-bentler-2011", "restrictions": "exactly"}
    nearest = {"method": "satorra-bentler-20", "restrictions": "'exact'"}
    with pytest.raises(ArgumentError, match=f"Did you mean '?{nearest[name]}"):
        row_of(found, **{name: wrong[name]})


def test_rmsea_of_a_scaled_difference_is_the_robust_one() -> None:
    """With a saturated larger model it is robust RMSEA of the model itself."""
    found = fits("difference-saturated", "MLM")
    row = row_of(found)
    own = found[1].fit_measures
    for ours, theirs in (
        ("rmsea_difference", "rmsea_robust"),
        ("rmsea_difference_ci_lower", "rmsea_ci_lower_robust"),
        ("rmsea_difference_ci_upper", "rmsea_ci_upper_robust"),
    ):
        assert row[ours] == pytest.approx(own[theirs], rel=1e-9)


def test_rmsea_of_a_plain_difference_from_a_saturated_model_is_rmsea() -> None:
    larger = read("difference-saturated")["models"]["larger"]["model"]
    found = fit_sem(larger, holzinger()), fit_sem(HS_MODEL, holzinger())
    row, own = row_of(found), found[1].fit_measures
    for end in ("", "_ci_lower", "_ci_upper"):
        assert row[f"rmsea_difference{end}"] == pytest.approx(own[f"rmsea{end}"], rel=1e-9)


def summary(**options: Any) -> Comparison:
    return compare(*fits("difference-covariances", "MLM"), names=["free", "none"], **options)


def test_summary_says_how_it_was_done() -> None:
    found = summary()
    assert "Satorra & Bentler (2001)" in str(found)
    assert "CFI (robust)" in str(found)
    assert "scaling factor" in str(found)
    assert "CFI (robust)" in found._repr_html_()
    assert "scaled and shifted by Satorra (2000)" in str(summary(method="satorra-2000"))
    assert list(summary().frame["method"]) == ["", "satorra-bentler-2001"]


@pytest.mark.filterwarnings("ignore:Plain standard errors")
@pytest.mark.parametrize(("estimator", "robust"), [("ULS", "ULSM"), ("DWLS", "WLSM")])
def test_plain_least_squares_has_no_test_and_names_the_robust_estimator(estimator: str, robust: str) -> None:
    found = compare(*(fit_sem(m, holzinger(), estimator=estimator) for m in (HS_MODEL, UNCORRELATED)))
    row = found.frame.iloc[1]
    assert row.chisq_difference > 0
    assert row[["p_value", "rmsea_difference", "aic"]].isna().all()
    assert f"estimator='{robust}'" in found.notes[0]
    assert "AIC" not in str(found.summary().parts[1])


def test_adjusted_tests_are_not_scaled_by_their_mean() -> None:
    found = fits("difference-covariances-adjusted", "MLMV")
    with pytest.raises(ArgumentError, match=r"those of 'MLMV' are adjusted.*method='satorra-2000'"):
        row_of(found, method="satorra-bentler-2001")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"test": "scaled-shifted", "estimator": "MLM"}, "test='satorra-bentler' and test='scaled-shifted'"),
        ({"estimator": "MLR"}, "estimator='MLM' and estimator='MLR'"),
    ],
)
def test_fits_must_be_tested_alike(other: dict[str, str], message: str) -> None:
    a = fits("difference-covariances", "MLM")[0]
    with pytest.raises(ArgumentError, match=message):
        compare(a, fit_sem(UNCORRELATED, holzinger(), **other))
