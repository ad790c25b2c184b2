"""Fit measures of a scaled test: `_scaled` from the scaled chi-square, `_robust` as population values.

The robust versions estimate what CFI, TLI and RMSEA would be for normal data (Brosseau-Liard, Savalei & Li
2012, Multivariate Behavioral Research 47(6), 904-930; Brosseau-Liard & Savalei 2014, 49(5), 460-470). They
are not the scaled ones. The interval of the scaled RMSEA is lavaan's: of the unscaled chi-square on `c df`
degrees of freedom. Checked against: lavaan 0.6-14, `tests/reference/sem`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trustmeasure.sem import indices as ix
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.fiml_corrected import Corrected


@dataclass(frozen=True, slots=True)
class ScaledTest:
    """Factors by which chi-squares are divided.

    Attributes
    ----------
    factor, baseline_factor : float
        For the model and for the independence model; NaN without degrees of freedom.
    h0, h1 : float or None
        Traces per parameter of the model and of the saturated model (MLR), which scale the difference of two
        log-likelihoods.
    """

    factor: float
    baseline_factor: float
    h0: float | None
    h1: float | None


def scaled_measures(
    test: ScaledTest, chisq: float, df: int, base: float, base_df: int, size: float
) -> dict[str, float]:
    """Return the scaled and robust measures.

    Parameters
    ----------
    test : ScaledTest
        Scaling factors.
    chisq, base : float
        Unscaled chi-squares of the model and of the independence model.
    df, base_df : int
        Degrees of freedom.
    size : float
        Rows divided by the number of groups.
    """
    own = chisq / test.factor if df > 0 else chisq
    null = base / test.baseline_factor
    tli = ix.tli(own, df, null, base_df)
    found = {
        "chisq_scaled": own,
        "df_scaled": float(df),
        "pvalue_scaled": p_value(own, df),
        "chisq_scaling_factor": test.factor,
        "baseline_chisq_scaled": null,
        "baseline_df_scaled": float(base_df),
        "baseline_pvalue_scaled": p_value(null, base_df),
        "baseline_chisq_scaling_factor": test.baseline_factor,
        "cfi_scaled": ix.cfi(own, df, null, base_df),
        "tli_scaled": tli,
        "nnfi_scaled": tli,
        "rfi_scaled": ix.rfi(own, df, null, base_df),
        "nfi_scaled": ix.nfi(own, null),
        "pnfi_scaled": ix.ratio(df, base_df) * ix.nfi(own, null),
        "ifi_scaled": ix.ifi(own, df, null),
        "rni_scaled": ix.rni(own, df, null, base_df),
    }
    found |= _robust_comparative(test, chisq, df, base, base_df)
    found |= _rmsea_scaled(test.factor, chisq, df, size) | _rmsea_robust(test.factor, chisq, df, size)
    if test.h0 is not None and test.h1 is not None:
        found |= {"scaling_factor_h1": test.h1, "scaling_factor_h0": test.h0}
    return found


def corrected_measures(found: Corrected | None, df: int, base_df: int, size: float) -> dict[str, float]:
    """Return the FIML-corrected measures of incomplete rows, NaN when there are none.

    Parameters
    ----------
    found : Corrected or None
        See `trustmeasure.sem.fiml_corrected`.
    df, base_df : int
        Degrees of freedom.
    size : float
        Rows divided by the number of groups.
    """
    if found is None:
        return dict.fromkeys((*_COMPARATIVE, *_RMSEA), ix.NAN)
    test = ScaledTest(ix.ratio(found.bias, df), ix.ratio(found.baseline_bias, base_df), None, None)
    return _robust_comparative(test, found.chisq, df, found.baseline, base_df) | _rmsea_robust(
        test.factor, found.chisq, df, size
    )


_COMPARATIVE = ("cfi_robust", "tli_robust", "nnfi_robust", "rni_robust")
_RMSEA = (
    "rmsea_robust",
    "rmsea_ci_lower_robust",
    "rmsea_ci_upper_robust",
    "rmsea_pvalue_robust",
    "rmsea_notclose_pvalue_robust",
)


def _robust_comparative(
    test: ScaledTest, chisq: float, df: int, base: float, base_df: int
) -> dict[str, float]:
    own = chisq - test.factor * df if df > 0 else 0.0
    null = base - test.baseline_factor * base_df
    worst = max(own, null, 0.0)
    tli = 1.0 if df == 0 else 1.0 - ix.ratio(own * base_df, null * df)
    return {
        "cfi_robust": 1.0 if worst == 0 else 1.0 - max(own, 0.0) / worst,
        "tli_robust": tli,
        "nnfi_robust": tli,
        "rni_robust": 1.0 - ix.ratio(own, null),
    }


def _rmsea_scaled(factor: float, chisq: float, df: int, size: float) -> dict[str, float]:
    stretched = factor * df if df > 0 else 0.0
    low, high = ix.rmsea_interval(chisq, stretched, size)
    return {
        "rmsea_scaled": ix.rmsea(chisq / factor, df, size) if df > 0 else 0.0,
        "rmsea_ci_lower_scaled": low,
        "rmsea_ci_upper_scaled": high,
        "rmsea_pvalue_scaled": ix.rmsea_close(chisq, stretched, size),
        "rmsea_notclose_pvalue_scaled": ix.rmsea_not_close(chisq, stretched, size),
    }


def _rmsea_robust(factor: float, chisq: float, df: int, size: float) -> dict[str, float]:
    """Return robust RMSEA: the non-centrality of the scaled test, times the scaling factor."""
    if df == 0:
        return {
            "rmsea_robust": 0.0,
            "rmsea_ci_lower_robust": 0.0,
            "rmsea_ci_upper_robust": 0.0,
            "rmsea_pvalue_robust": ix.NAN,
            "rmsea_notclose_pvalue_robust": ix.NAN,
        }
    own = chisq / factor
    low, high = ix.rmsea_interval(own, df, size)
    return {
        "rmsea_robust": float(np.sqrt(max(chisq - factor * df, 0.0) / (df * size))),
        "rmsea_ci_lower_robust": float(np.sqrt(factor)) * low,
        "rmsea_ci_upper_robust": float(np.sqrt(factor)) * high,
        "rmsea_pvalue_robust": ix.rmsea_close(own, df, size / factor),
        "rmsea_notclose_pvalue_robust": ix.rmsea_not_close(own, df, size / factor),
    }
