"""Difference tests of nested ordinal models against lavaan's lavTestLRT."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.reference.sem_ordinal.cases import DIFFERENCES, fit, read
from trustmeasure.sem import SemResult, compare

WAYS: dict[str, dict[str, Any]] = {
    "default": {},
    "sb2001": {"method": "satorra-bentler-2001"},
    "sb2010": {"method": "satorra-bentler-2010"},
    "delta_shifted": {"method": "satorra-2000"},
    "delta": {"method": "satorra-2000", "scaled_shifted": False},
    "exact_shifted": {"method": "satorra-2000", "restrictions": "exact"},
    "exact": {"method": "satorra-2000", "restrictions": "exact", "scaled_shifted": False},
}
ONE = "competence =~ c1 + c2 + c3 + c4"
STORED = [
    (case, estimator, way)
    for case in DIFFERENCES
    for estimator, found in read(case)["estimators"].items()
    for way in found
]


@cache
def fits(case: str, estimator: str) -> tuple[SemResult, SemResult]:
    """Fit the larger and the restricted model of a case."""
    models = read(case)["models"]
    larger, restricted = (
        fit(models[name]["model"], case, {"estimator": estimator, **models[name]["options"]})
        for name in ("larger", "restricted")
    )
    return larger, restricted


@pytest.mark.parametrize(("case", "estimator", "way"), STORED)
def test_against_lavaan(case: str, estimator: str, way: str) -> None:
    expected = read(case)["estimators"][estimator][way]
    frame = compare(*fits(case, estimator), names=["larger", "restricted"], **WAYS[way]).frame
    row = dict(frame.iloc[1])
    assert row["chisq_difference"] == pytest.approx(expected["chisq_difference"], rel=1e-6)
    assert row["df_difference"] == pytest.approx(expected["df_difference"], rel=1e-6)
    assert row["p_value"] == pytest.approx(expected["p_value"], rel=1e-4, abs=1e-12)


def test_equal_thresholds_are_not_nested_in_equal_loadings() -> None:
    """Equal thresholds free the response scales of later groups, which undoes equal loadings (delta)."""
    options = {"group": "site", "ordered": True}
    case = "ordinal-groups-nothing-delta"
    loadings = fit(ONE, case, {**options, "group.equal": ["loadings"]})
    both = fit(ONE, case, {**options, "group.equal": ["loadings", "thresholds"]})
    found = compare(loadings, both)
    assert found.frame["p_value"].isna().all()
    assert "is nested in none" in " ".join(found.notes)
