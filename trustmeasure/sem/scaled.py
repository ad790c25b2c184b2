"""Fit measures of a scaled test: `_scaled` from the scaled chi-square, `_robust` as population values.

The robust versions estimate what CFI, TLI and RMSEA would be for normal data (Brosseau-Liard, Savalei & Li
2012, Multivariate Behavioral Research 47(6), 904-930; Brosseau-Liard & Savalei 2014, 49(5), 460-470). They
are not the scaled ones. The interval of the scaled RMSEA is lavaan's: of the unscaled chi-square on `c df`
degrees of freedom. Checked against: lavaan 0.6-14, `tests/reference/sem`.
"""

from __future__ import annotations

from dataclasses import dataclass

from trustmeasure.sem import indices as ix
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.fiml_corrected import Corrected
from trustmeasure.sem.options import ADJUSTED, SB, SHIFTED


@dataclass(frozen=True, slots=True)
class ScaledTest:
    """How chi-squares are made to follow their reference distribution: `T / factor + shift` on `df`.

    Attributes
    ----------
    factor, baseline_factor : float
        For the model and for the independence model; NaN without degrees of freedom.
    h0, h1 : float or None
        Traces per parameter of the model and of the saturated model (MLR), which scale the difference of two
        log-likelihoods.
    kind : str
        Name of the test, one of `options.SCALED`.
    shift, baseline_shift : float
        Added after scaling; 0 but for "scaled-shifted".
    df, baseline_df : float or None
        Degrees of freedom where the test adjusts them ("mean-var-adjusted").
    mean_factor, baseline_mean_factor : float or None
        Factors that give the mean of a chi-square, where `factor` is another one.
    """

    factor: float
    baseline_factor: float
    h0: float | None
    h1: float | None
    kind: str = SB
    shift: float = 0.0
    baseline_shift: float = 0.0
    df: float | None = None
    baseline_df: float | None = None
    mean_factor: float | None = None
    baseline_mean_factor: float | None = None


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
    own = chisq / test.factor + test.shift if df > 0 else chisq
    null = base / test.baseline_factor + test.baseline_shift if base_df > 0 else base
    own_df = float(df) if test.df is None else test.df
    null_df = float(base_df) if test.baseline_df is None else test.baseline_df
    tli = ix.tli(own, own_df, null, null_df)
    found = {
        "chisq_scaled": own,
        "df_scaled": own_df,
        "pvalue_scaled": p_value(own, own_df),
        "chisq_scaling_factor": test.factor,
        "baseline_chisq_scaled": null,
        "baseline_df_scaled": null_df,
        "baseline_pvalue_scaled": p_value(null, null_df),
        "baseline_chisq_scaling_factor": test.baseline_factor,
        "cfi_scaled": ix.cfi(own, own_df, null, null_df),
        "tli_scaled": tli,
        "nnfi_scaled": tli,
        "rfi_scaled": ix.rfi(own, own_df, null, null_df),
        "nfi_scaled": ix.nfi(own, null),
        "pnfi_scaled": ix.ratio(own_df, null_df) * ix.nfi(own, null),
        "ifi_scaled": ix.ifi(own, own_df, null),
        "rni_scaled": ix.rni(own, own_df, null, null_df),
    }
    if test.kind == SHIFTED:
        found |= {"chisq_shift": test.shift, "baseline_chisq_shift": test.baseline_shift}
        found |= _rmsea_of("scaled", own, own_df, size, size)
    else:
        found |= _rmsea_stretched(chisq, test.factor * own_df if df > 0 else 0.0, own, own_df, size)
    if test.kind != ADJUSTED:
        found |= _robust_comparative(test, chisq, df, base, base_df)
        found |= _rmsea_robust(test.factor, own, df, size)
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
    comparative = _robust_comparative(test, found.chisq, df, found.baseline, base_df)
    return comparative | _rmsea_robust(test.factor, ix.ratio(found.chisq, test.factor), df, size)


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
    factor = test.factor if test.mean_factor is None else test.mean_factor
    base_factor = test.baseline_factor if test.baseline_mean_factor is None else test.baseline_mean_factor
    own = chisq - factor * df if df > 0 else 0.0
    null = base - base_factor * base_df
    worst = max(own, null, 0.0)
    tli = 1.0 if df == 0 else 1.0 - ix.ratio(own * base_df, null * df)
    return {
        "cfi_robust": 1.0 if worst == 0 else 1.0 - max(own, 0.0) / worst,
        "tli_robust": tli,
        "nnfi_robust": tli,
        "rni_robust": 1.0 - ix.ratio(own, null),
    }


def _rmsea_of(kind: str, chisq: float, df: float, size: float, size_of_tests: float) -> dict[str, float]:
    low, high = ix.rmsea_interval(chisq, df, size)
    return {
        f"rmsea_{kind}": ix.rmsea(chisq, df, size),
        f"rmsea_ci_lower_{kind}": low,
        f"rmsea_ci_upper_{kind}": high,
        f"rmsea_pvalue_{kind}": ix.rmsea_close(chisq, df, size_of_tests),
        f"rmsea_notclose_pvalue_{kind}": ix.rmsea_not_close(chisq, df, size_of_tests),
    }


def _rmsea_stretched(chisq: float, stretched: float, own: float, df: float, size: float) -> dict[str, float]:
    """Return scaled RMSEA, its interval and tests those of the unscaled chi-square on stretched df."""
    found = _rmsea_of("scaled", chisq, stretched, size, size)
    return found | {"rmsea_scaled": ix.rmsea(own, df, size)}


def _rmsea_robust(factor: float, own: float, df: int, size: float) -> dict[str, float]:
    """Return robust RMSEA: the non-centrality of the scaled test, times the scaling factor."""
    if df == 0:
        return _rmsea_of("robust", 0.0, 0.0, size, size)
    return _rmsea_of("robust", own, df, size / factor, size / factor)
