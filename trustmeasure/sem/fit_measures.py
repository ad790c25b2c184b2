"""All fit measures of one ML fit, under lavaan's names in snake case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log, pi

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.moments.fourth import given_moments
from trustmeasure.sem import indices as ix
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.determinants import log_determinant
from trustmeasure.sem.discrepancy.weights import Weight, moment_vector
from trustmeasure.sem.fiml_corrected import Corrected
from trustmeasure.sem.options import ADJUSTED, Options
from trustmeasure.sem.ordinal.measures import OrdinalNumbers, gfi_parts, residual_measures
from trustmeasure.sem.residuals import residual_arrays
from trustmeasure.sem.scaled import ScaledTest, corrected_measures, scaled_measures

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """What one group brings to the fit measures.

    Attributes
    ----------
    n_obs : float
        Rows, or the sum of their weights.
    s, sigma : arrays, shape (p, p)
        Sample and implied covariances.
    mean, mu : arrays, shape (p,), or None
        Sample and implied means when means are modelled.
    x : list of int
        Positions of the exogenous variables fixed at the sample's moments.
    size : float
        What the group's discrepancy is multiplied by to be a chi-square: n, or n - 1.
    discrepancy : float
        The group's part of the minimum.
    saturated : float or None
        Log-likelihood of the saturated model, when the rows are incomplete.
    weight : Weight or None
        Weight of the moments in least squares.
    ordinal : OrdinalNumbers or None
        Statistics of ordinal data, whose `s` and `sigma` are those of responses y*.
    """

    n_obs: float
    s: Array
    sigma: Array
    mean: Array | None
    mu: Array | None
    x: list[int]
    size: float
    discrepancy: float
    saturated: float | None = None
    weight: Weight | None = None
    ordinal: OrdinalNumbers | None = None


@dataclass(frozen=True, slots=True)
class FitNumbers:
    """The numbers that fit measures are made of.

    Attributes
    ----------
    discrepancy : float
        Minimum of F.
    chisq, baseline_chisq : float
        Chi-squares of the model and of the independence model, not scaled.
    df, baseline_df, npar : int
        Degrees of freedom, free parameters.
    groups : sequence of GroupNumbers, length G
        The groups.
    test : ScaledTest or None
        Scaling factors, which add the `_scaled` and `_robust` measures.
    options : Options
        The estimator: least squares has no likelihood, and ULS no reference distribution.
    corrected : Corrected or None
        For incomplete rows: what the `_robust` measures, which are FIML-corrected, are made of.
    """

    discrepancy: float
    chisq: float
    baseline_chisq: float
    df: int
    baseline_df: int
    npar: int
    groups: Sequence[GroupNumbers]
    test: ScaledTest | None = None
    options: Options = field(default_factory=Options)
    corrected: Corrected | None = None

    @property
    def size(self) -> float:
        """What the discrepancy is multiplied by to be a chi-square."""
        return sum(g.size for g in self.groups)

    @property
    def n_obs(self) -> int:
        """Rows in all groups."""
        return round(sum(g.n_obs for g in self.groups))


def fit_measures(numbers: FitNumbers) -> pd.Series:
    """Return every measure as a float Series indexed by name.

    The likelihood leaves out the part of the exogenous variables, which the model takes as given. In several
    groups, RMSEA is multiplied by the root of their number (Steiger 1998), and residual measures are averages
    weighted by rows, as in lavaan.
    """
    chisq, base = numbers.chisq, numbers.baseline_chisq
    known = numbers.options.discrepancy != "ULS"
    minimum = chisq / numbers.n_obs if numbers.options.least_squares else numbers.discrepancy
    found: dict[str, float] = {
        "npar": numbers.npar,
        "fmin": minimum / 2.0,
        "chisq": chisq,
        "df": numbers.df,
        "pvalue": p_value(chisq, numbers.df) if known else ix.NAN,
        "baseline_chisq": base,
        "baseline_df": numbers.baseline_df,
        "baseline_pvalue": p_value(base, numbers.baseline_df) if known else ix.NAN,
    }
    found |= _comparative(chisq, base, numbers)
    found |= {} if numbers.options.least_squares else _likelihood(numbers)
    found |= _rmsea(chisq, numbers)
    found |= _residual(numbers)
    found |= _absolute(chisq, numbers)
    if numbers.test is not None:
        size = numbers.size / len(numbers.groups)
        found |= scaled_measures(numbers.test, chisq, numbers.df, base, numbers.baseline_df, size)
        if any(g.ordinal for g in numbers.groups) and numbers.test.kind != ADJUSTED:
            found |= corrected_measures(numbers.corrected, numbers.df, numbers.baseline_df, size)
    if any(g.saturated is not None for g in numbers.groups):
        size = numbers.n_obs / len(numbers.groups)
        found |= corrected_measures(numbers.corrected, numbers.df, numbers.baseline_df, size)
    return pd.Series(
        np.array(list(found.values()), dtype=np.float64), index=_index(tuple(found)).view(), name="value"
    )


@lru_cache(maxsize=16)
def _index(names: tuple[str, ...]) -> pd.Index:
    """Return the names of the measures as an index, which takes longer to make than the measures."""
    return pd.Index(names)


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


def _saturated(group: GroupNumbers) -> float:
    """Return the log-likelihood of the saturated model in one group, given the exogenous variables."""
    whole = _normal(group.n_obs, group.s) if group.saturated is None else group.saturated
    return whole - (_normal(group.n_obs, group.s[np.ix_(group.x, group.x)]) if group.x else 0.0)


def _normal(n_obs: float, cov: Array) -> float:
    """Return the log-likelihood of complete rows at their own moments."""
    return float(-0.5 * n_obs * (len(cov) * (log(2 * pi) + 1.0) + log_determinant(cov)))


def _likelihood(n: FitNumbers) -> dict[str, float]:
    saturated = float(sum(_saturated(g) for g in n.groups))
    logl = saturated - 0.5 * sum(g.n_obs * g.discrepancy for g in n.groups)
    return {
        "logl": logl,
        "unrestricted_logl": saturated,
        "aic": -2.0 * logl + 2.0 * n.npar,
        "bic": -2.0 * logl + log(n.n_obs) * n.npar,
        "n_obs": n.n_obs,
        "bic2": -2.0 * logl + log((n.n_obs + 2.0) / 24.0) * n.npar,
    }


def _rmsea(chisq: float, n: FitNumbers) -> dict[str, float]:
    size = n.size / len(n.groups)
    low, high = ix.rmsea_interval(chisq, n.df, size)
    return {
        "rmsea": ix.rmsea(chisq, n.df, size),
        "rmsea_ci_lower": low,
        "rmsea_ci_upper": high,
        "rmsea_ci_level": 0.90,
        "rmsea_pvalue": ix.rmsea_close(chisq, n.df, size),
        "rmsea_close_h0": 0.05,
        "rmsea_notclose_pvalue": ix.rmsea_not_close(chisq, n.df, size),
        "rmsea_notclose_h0": 0.08,
    }


def _residual(n: FitNumbers) -> dict[str, float]:
    found = [_group_residual(g) for g in n.groups]
    return {
        name: sum(g.n_obs * f[name] for g, f in zip(n.groups, found, strict=True)) / n.n_obs
        for name in found[0]
    }


def _group_residual(g: GroupNumbers) -> dict[str, float]:
    if g.ordinal is not None:
        return residual_measures(g.ordinal)
    raw, corr, by_sample = residual_arrays(g.s, g.sigma)
    mplus = corr.copy()
    mplus.reshape(-1)[:: len(mplus) + 1] += by_sample.diagonal()
    plain = _root_means(raw, by_sample, corr, mplus, (None, None, None))
    full = plain
    if g.mean is not None and g.mu is not None:
        gap, sd = g.mean - g.mu, np.sqrt(g.s.diagonal())
        scaled = g.mean / sd - g.mu / np.sqrt(g.sigma.diagonal())
        full = _root_means(raw, by_sample, corr, mplus, (gap, gap / sd, scaled))
    return {
        "rmr": full[0],
        "rmr_nomean": plain[0],
        "srmr": full[1],
        "srmr_bentler": full[1],
        "srmr_bentler_nomean": plain[1],
        "crmr": full[2],
        "crmr_nomean": plain[2],
        "srmr_mplus": full[3],
        "srmr_mplus_nomean": plain[3],
    }


def _root_means(
    raw: Array, by_sample: Array, corr: Array, mplus: Array, means: tuple[Array | None, ...]
) -> tuple[float, float, float, float]:
    """Return RMR, SRMR, CRMR and the SRMR of Mplus; `means` are raw, by the sample, and as Mplus has them."""
    return (
        ix.root_mean_square(raw, means[0]),
        ix.root_mean_square(by_sample, means[1]),
        ix.correlation_root_mean_square(corr, means[1]),
        ix.root_mean_square(mplus, means[2]),
    )


def _absolute(chisq: float, n: FitNumbers) -> dict[str, float]:
    p = n.groups[0].s.shape[0]
    moments = len(n.groups) * (p * (p + 1) / 2 + (p if n.groups[0].mean is not None else 0))
    ordinal = n.groups[0].ordinal
    if ordinal is not None:
        moments = len(n.groups) * ordinal.layout.size
    # GFI weighs residuals by the information of complete rows, so it is not defined for incomplete ones.
    gfi = ix.NAN if any(g.saturated is not None for g in n.groups) else _gfi(n)
    return {
        "cn_05": ix.critical_n(chisq, n.df, n.size, 0.05),
        "cn_01": ix.critical_n(chisq, n.df, n.size, 0.01),
        "gfi": gfi,
        "agfi": 1.0 - ix.ratio(moments, n.df) * (1.0 - gfi),
        "pgfi": n.df / moments * gfi,
        "mfi": ix.mfi(chisq, n.df, n.size),
    } | (
        {"ecvi": chisq / n.size + 2.0 * n.npar / n.size}
        if ordinal is None
        else {"wrmr": float(np.sqrt(chisq / ordinal.layout.size))}
    )


def _gfi(n: FitNumbers) -> float:
    """Return GFI, in several groups the average of theirs weighted by rows."""
    total = 0.0
    for g in n.groups:
        means = None if g.mean is None or g.mu is None else (g.mean, g.mu)
        if g.ordinal is not None and g.weight is not None:
            residual, size = gfi_parts(g.ordinal, g.weight)
        elif g.weight is None:
            residual, size = ix.gfi_parts(g.s, g.sigma, means, g.x)
        else:
            # The weight of ULS does not depend on what is given, so its size counts all moments.
            given = [] if n.options.discrepancy == "ULS" else g.x
            residual, size = _weighted_parts(g, g.weight, means, given)
        total += g.n_obs * (1.0 - residual / size)
    return total / n.n_obs


def _weighted_parts(
    g: GroupNumbers, weight: Weight, means: tuple[Array, Array] | None, x: Sequence[int]
) -> tuple[float, float]:
    """Return numerator and denominator of `1 - GFI` for least squares: `d'W d` and `s'W s` without `x`."""
    sample = moment_vector(g.s, None if means is None else means[0])
    gap = sample - moment_vector(g.sigma, None if means is None else means[1])
    sample[given_moments(len(g.s), x, means=means is not None)] = 0.0
    return float(gap @ weight.times(gap[:, None])[:, 0]), float(sample @ weight.times(sample[:, None])[:, 0])
