"""Columns from 0.001 to 10000: what lavaan says of the same columns near unit scale, carried over by algebra.

lavaan 0.6-14 finds no solution in the original units (tests/reference/sem/scales.R), this engine must.
A parameter's unit is that of its variables: a loading has the unit of the indicator over that of the latent
variable, which is the unit of the marker, or none when the latent variance is 1.
"""

from __future__ import annotations

import pandas as pd
import pytest

from tests.reference.sem.cases import UNIT_CASES, by_key, fit, lavaan_parameters, read
from trustmeasure.sem import SemResult

RELATIVE = 1e-5
FREE_OF_UNITS = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_pvalue", "srmr", "gfi", "npar")
LATENT_MARKER = {"f": "v1", "h": "v4"}


@pytest.fixture(scope="module", params=UNIT_CASES)
def both(request: pytest.FixtureRequest) -> tuple[str, SemResult]:
    return request.param, fit(request.param, original_units=True)


def unit_of(name: str, case: str) -> float:
    """Return the unit of an observed or latent variable."""
    units: dict[str, float] = read(case)["data"]["units"]
    if name in units:
        return units[name]
    return 1.0 if read(case)["options"].get("std.lv") else units[LATENT_MARKER[name]]


def factor(row: pd.Series, case: str) -> float:
    """Return what a parameter is multiplied by when the columns return to their units."""
    if row["op"] == ":=":
        return unit_of("income", case) / unit_of("f", case)
    left, right = unit_of(row["lhs"], case), unit_of(row["rhs"], case)
    return {"=~": right / left, "~": left / right, "~~": left * right}[row["op"]]


def test_estimates_and_errors_have_their_units(both: tuple[str, SemResult]) -> None:
    case, result = both
    theirs, ours = lavaan_parameters(case), by_key(result.parameters)
    by = theirs.apply(factor, axis=1, case=case)
    for column in ("estimate", "se"):
        gap = (ours[column] / by - theirs[column]).abs()
        assert (gap <= RELATIVE * theirs[column].abs()).all(), f"\n{gap[gap > 0].to_string()}"


def test_standardised_values_do_not_change(both: tuple[str, SemResult]) -> None:
    case, result = both
    gap = (by_key(result.parameters)["std_all"] - lavaan_parameters(case)["std_all"]).abs()
    assert gap.max() <= RELATIVE


def test_fit_does_not_change(both: tuple[str, SemResult]) -> None:
    case, result = both
    stored = {k.replace(".", "_"): v for k, v in read(case)["fit_measures"].items()}
    for name in FREE_OF_UNITS:
        assert result.fit_measures[name] == pytest.approx(stored[name], rel=1e-6, abs=1e-8), name
