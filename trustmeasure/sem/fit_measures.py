"""All fit measures of one ML fit, under lavaan's names in snake case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.sem import indices as ix
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.residuals import residual_arrays

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FitNumbers:
    """The numbers that fit measures are made of.

    Attributes
    ----------
    discrepancy, baseline : float
        Minimum of F for the model and for the independence model.
    df, baseline_df, npar, n_obs : int
        Degrees of freedom, free parameters, sample size.
    s, sigma : arrays, shape (p, p)
        Sample and implied covariances.
    mean, mu : arrays, shape (p,), or None
        Sample and implied means when means are modelled.
    x : list of int
        Positions of the exogenous variables fixed at the sample's moments.
    """

    discrepancy: float
    baseline: float
    df: int
    baseline_df: int
    npar: int
    n_obs: int
    s: Array
    sigma: Array
    mean: Array | None
    mu: Array | None
    x: list[int]


def fit_measures(numbers: FitNumbers) -> pd.Series:
    """Return every measure as a float Series indexed by name.

    The likelihood leaves out the part of the exogenous variables, which the model takes as given.
    """
    chisq, base = numbers.n_obs * numbers.discrepancy, numbers.n_obs * numbers.baseline
    found: dict[str, float] = {
        "npar": numbers.npar,
        "fmin": numbers.discrepancy / 2.0,
        "chisq": chisq,
        "df": numbers.df,
        "pvalue": p_value(chisq, numbers.df),
        "baseline_chisq": base,
        "baseline_df": numbers.baseline_df,
        "baseline_pvalue": p_value(base, numbers.baseline_df),
    }
    found |= _comparative(chisq, base, numbers)
    found |= _likelihood(numbers)
    found |= _rmsea(chisq, numbers)
    found |= _residual(numbers)
    found |= _absolute(chisq, numbers)
    return pd.Series(found, dtype="float64", name="value")


def _comparative(chisq: float, base: float, n: FitNumbers) -> dict[str, float]:
    df, base_df = n.df, n.baseline_df
    tli = ix.tli(chisq, df, base, base_df)
    return {
        "cfi": ix.cfi(chisq, df, base, base_df),
        "tli": tli,
        "nnfi": tli,
        "rfi": ix.rfi(chisq, df, base, base_df),
        "nfi": ix.nfi(chisq, base),
        "pnfi": ix.ratio(df, base_df) * ix.nfi(chisq, base),
        "ifi": ix.ifi(chisq, df, base),
        "rni": ix.rni(chisq, df, base, base_df),
    }


def _likelihood(n: FitNumbers) -> dict[str, float]:
    p = n.s.shape[0]
    logdet = float(np.linalg.slogdet(n.s)[1])
    x_logdet = float(np.linalg.slogdet(n.s[np.ix_(n.x, n.x)])[1]) if n.x else 0.0
    constant = (p - len(n.x)) * (np.log(2 * np.pi) + 1.0) + logdet - x_logdet
    saturated = -0.5 * n.n_obs * constant
    logl = saturated - 0.5 * n.n_obs * n.discrepancy
    return {
        "logl": logl,
        "unrestricted_logl": saturated,
        "aic": -2.0 * logl + 2.0 * n.npar,
        "bic": -2.0 * logl + np.log(n.n_obs) * n.npar,
        "n_obs": n.n_obs,
        "bic2": -2.0 * logl + np.log((n.n_obs + 2.0) / 24.0) * n.npar,
    }


def _rmsea(chisq: float, n: FitNumbers) -> dict[str, float]:
    low, high = ix.rmsea_interval(chisq, n.df, n.n_obs)
    return {
        "rmsea": ix.rmsea(chisq, n.df, n.n_obs),
        "rmsea_ci_lower": low,
        "rmsea_ci_upper": high,
        "rmsea_ci_level": 0.90,
        "rmsea_pvalue": ix.rmsea_close(chisq, n.df, n.n_obs),
        "rmsea_close_h0": 0.05,
        "rmsea_notclose_pvalue": ix.rmsea_not_close(chisq, n.df, n.n_obs),
        "rmsea_notclose_h0": 0.08,
    }


def _residual(n: FitNumbers) -> dict[str, float]:
    raw, corr, by_sample = residual_arrays(n.s, n.sigma)
    sd, sd_implied = np.sqrt(np.diag(n.s)), np.sqrt(np.diag(n.sigma))
    mplus = corr + np.diag(np.diag(by_sample))
    means: tuple[Array | None, Array | None, Array | None] = (None, None, None)
    if n.mean is not None and n.mu is not None:
        gap = n.mean - n.mu
        means = (gap, gap / sd, n.mean / sd - n.mu / sd_implied)
    return {
        "rmr": ix.root_mean_square(raw, means[0]),
        "rmr_nomean": ix.root_mean_square(raw, None),
        "srmr": ix.root_mean_square(by_sample, means[1]),
        "srmr_bentler": ix.root_mean_square(by_sample, means[1]),
        "srmr_bentler_nomean": ix.root_mean_square(by_sample, None),
        "crmr": ix.correlation_root_mean_square(corr, means[1]),
        "crmr_nomean": ix.correlation_root_mean_square(corr, None),
        "srmr_mplus": ix.root_mean_square(mplus, means[2]),
        "srmr_mplus_nomean": ix.root_mean_square(mplus, None),
    }


def _absolute(chisq: float, n: FitNumbers) -> dict[str, float]:
    p = n.s.shape[0]
    moments = p * (p + 1) / 2 + (p if n.mean is not None else 0)
    means = None if n.mean is None or n.mu is None else (n.mean, n.mu)
    gfi = ix.gfi(n.s, n.sigma, means, n.x)
    return {
        "cn_05": ix.critical_n(chisq, n.df, n.n_obs, 0.05),
        "cn_01": ix.critical_n(chisq, n.df, n.n_obs, 0.01),
        "gfi": gfi,
        "agfi": 1.0 - ix.ratio(moments, n.df) * (1.0 - gfi),
        "pgfi": n.df / moments * gfi,
        "mfi": ix.mfi(chisq, n.df, n.n_obs),
        "ecvi": chisq / n.n_obs + 2.0 * n.npar / n.n_obs,
    }
