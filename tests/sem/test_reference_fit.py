"""Fit measures, convergence and the discrepancy against lavaan 0.6-14, by name."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import ncx2

from tests.reference.sem.cases import CASES, fitted, incomplete, read

RELATIVE = 1e-6
ABSOLUTE = 1e-6
"""Tighter than the 1e-4 that is promised: both solutions are."""
BY_ROOT = [f"rmsea_ci_{end}{kind}" for end in ("lower", "upper") for kind in ("", "_scaled", "_robust")]
ROOT = 1e-4
"""lavaan finds the limits of RMSEA by a root search that stops at about 1e-4 of the noncentrality."""
OTHER_NAMES = {"ntotal": "n_obs"}
NOT_LAVAANS = ["chisq_shift", "baseline_chisq_shift"]
"""Measures of ours that lavaan keeps elsewhere."""


def lavaan_measures(case: str) -> dict[str, float]:
    stored: dict[str, float | None] = read(case)["fit_measures"]
    return {
        OTHER_NAMES.get(name, name.replace(".", "_")): math.nan if value is None else value
        for name, value in stored.items()
    }


def deliberate(lavaan: dict[str, float], free_rows: int, *, incomplete: bool) -> dict[str, float]:
    """Return the measures that are meant to differ from lavaan's, with the value they must have here.

    - Without degrees of freedom, AGFI and the critical n are undefined (0 times infinity). lavaan gives 1 for
      AGFI, and 1 or nothing for the critical n, as the chi-square happens to be 1e-15 or 0.
    - NFI and RFI are formulas of two chi-squares and their degrees of freedom. lavaan gives nothing when the
      model has more degrees of freedom than the baseline, and 1 for an RFI that is below zero.
    - GFI and its relatives are defined by the information of complete rows, so incomplete rows have none.
    """
    chisq, df = lavaan["chisq"], lavaan["df"]
    base, base_df = lavaan["baseline_chisq"], lavaan["baseline_df"]
    found = _deliberate_scaled(lavaan, free_rows)
    if incomplete:
        found |= dict.fromkeys(("gfi", "agfi", "pgfi"), math.nan)
    if df == 0:
        return found | dict.fromkeys(("agfi", "cn_05", "cn_01"), math.nan)
    rfi = 1.0 - (chisq / df) / (base / base_df)
    if df > base_df:
        return found | {"nfi": 1.0 - chisq / base, "rfi": rfi}
    return found | ({"rfi": rfi} if rfi < 0 else {})


def _deliberate_scaled(lavaan: dict[str, float], free_rows: int) -> dict[str, float]:
    """Return scaled measures that are meant to differ.

    - The upper limit of the scaled RMSEA: lavaan gives 0 when the scaled degrees of freedom are below 1.
    - The scaling factor of the model per parameter: lavaan divides by the rows of free parameters, we by the
      distinct free parameters, as the formula of the scaled difference test needs.
    """
    if "chisq_scaling_factor" not in lavaan:
        return {}
    found: dict[str, float] = {}
    df = lavaan["chisq_scaling_factor"] * lavaan["df"]
    if df < 1:
        limit = brentq(lambda ncp: ncx2.cdf(lavaan["chisq"], df, ncp) - 0.05, 1e-9, 1e4)
        found["rmsea_ci_upper_scaled"] = math.sqrt(limit / (lavaan["n_obs"] * df))
    if "scaling_factor_h0" in lavaan:
        found["scaling_factor_h0"] = lavaan["scaling_factor_h0"] * free_rows / lavaan["npar"]
    return found | _deliberate_adjusted(lavaan)


def _deliberate_adjusted(lavaan: dict[str, float]) -> dict[str, float]:
    """Return measures of adjusted tests that are meant to differ.

    - NFI and RFI of a test with adjusted degrees of freedom: lavaan gives nothing where the model's exceed
      the baseline's; they are formulas of the same chi-squares all the same.
    - Robust CFI and its relatives of DWLS with the Satorra-Bentler test, or with fixed covariates: lavaan
      repeats the plain ones, and corrects those of the scaled and shifted test without covariates.
    """
    chisq, df = lavaan["chisq_scaled"], lavaan["df_scaled"]
    base, base_df = lavaan["baseline_chisq_scaled"], lavaan["baseline_df_scaled"]
    found: dict[str, float] = {}
    if df > base_df:
        found = {"nfi_scaled": 1.0 - chisq / base, "rfi_scaled": 1.0 - (chisq / df) / (base / base_df)}
    if "logl" not in lavaan and "cfi_robust" in lavaan and lavaan["cfi_robust"] == lavaan["cfi"]:
        own = _noncentrality(lavaan["chisq"], chisq, df, lavaan["chisq_scaling_factor"])
        factor = lavaan["baseline_chisq_scaling_factor"]
        null = _noncentrality(lavaan["baseline_chisq"], base, base_df, factor)
        tli = 1.0 - own / df / (null / base_df)
        found |= {"cfi_robust": 1.0 - max(own, 0.0) / null, "rni_robust": 1.0 - own / null}
        found |= {"tli_robust": tli, "nnfi_robust": tli}
    return found


def _noncentrality(plain: float, scaled: float, df: float, factor: float) -> float:
    """Return what a chi-square exceeds its mean by; the mean is told by the scaled one, shifted or not."""
    shift = scaled - plain / factor
    return plain - factor * (df - shift)


def free_rows(case: str) -> int:
    return len(read(case)["vcov"]["names"])


@pytest.mark.parametrize("case", CASES)
def test_fit_measures(case: str) -> None:
    lavaan = lavaan_measures(case)
    wanted = lavaan | deliberate(lavaan, free_rows(case), incomplete=incomplete(case))
    ours, theirs = fitted(case).fit_measures.drop(NOT_LAVAANS, errors="ignore"), pd.Series(wanted)
    assert sorted(ours.index) == sorted(theirs.index)
    if incomplete(case) and "information" in read(case)["options"]:
        # Ours do not depend on the information that standard errors rest on (see docs/differences.md).
        ours = ours[[name for name in ours.index if not name.endswith("_robust")]]
    theirs = theirs.reindex(ours.index)
    allowed = RELATIVE * theirs.abs() + ABSOLUTE
    allowed[[name for name in BY_ROOT if name in allowed]] = ROOT
    gap = (ours - theirs).abs()
    wrong = (gap > allowed) | (ours.isna() != theirs.isna())
    table = pd.DataFrame({"ours": ours, "wanted": theirs, "gap": gap})[wrong]
    assert not wrong.any(), f"\n{table.to_string()}"


@pytest.mark.parametrize("case", CASES)
def test_sizes(case: str) -> None:
    stored, result = read(case), fitted(case)
    assert result.n_obs == stored["n_obs"]
    assert result.npar == stored["npar"]
    assert result.df == stored["fit_measures"]["df"]


@pytest.mark.parametrize("case", CASES)
def test_the_minimum_is_never_worse_than_lavaans(case: str) -> None:
    theirs = read(case)["optimiser"]["fmin"]
    assert fitted(case).fit_measures["fmin"] <= theirs + 1e-9


@pytest.mark.parametrize("case", CASES)
def test_convergence_and_admissibility_are_reported(case: str) -> None:
    stored, result = read(case), fitted(case)
    assert result.converged
    inadmissible = any(
        "negative" in w or "beyond 1" in w or "positive definite" in w for w in result.warnings
    )
    assert inadmissible is not stored["admissible"]
