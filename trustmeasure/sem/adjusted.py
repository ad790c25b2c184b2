r"""Robust standard errors and tests from the covariance matrix Gamma of the sample's moments.

With W the weight of the discrepancy (for ML the normal-theory one at the implied covariances), D the
derivatives of the moments and ``A = D'WD``:

    covariance = A^-1 D'W Gamma W D A^-1 / n,   U = W - W D A^-1 D'W

(Browne 1984, eq. 2.12; Satorra & Bentler 1994). The traces of `U Gamma` and of its square make tests that
have the mean, or mean and variance, of a chi-square (Satorra & Bentler 1994; Asparouhov & Muthen 2010).
Checked against: lavaan 0.6-14, `tests/reference/sem_estimators`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.fourth import moment_covariance
from trustmeasure.sem.discrepancy.ml import invert
from trustmeasure.sem.discrepancy.weights import Diagonal, Normal, Weight
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import Ram, implied
from trustmeasure.sem.moment_slopes import moment_slopes
from trustmeasure.sem.options import ADJUSTED, SHIFTED
from trustmeasure.sem.ordinal.misfit import Products, ordinal_misfit
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.scaled import ScaledTest
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Misfit:
    """What the moments' own variation does to estimates and test.

    Attributes
    ----------
    covariance : array, shape (q, q)
        Robust covariance matrix of the estimates, times the size of the sample.
    trace, square : float
        `tr(U Gamma)` and `tr((U Gamma)^2)`.
    """

    covariance: Array
    trace: float
    square: float


def misfit(
    rams: Sequence[Ram],
    theta: Array,
    weights: Sequence[Weight | None],
    gammas: Sequence[Array],
    shares: Sequence[float],
    restrictions: Array | None = None,
) -> Misfit | None:
    """Return robust covariances and traces; None when the information is singular.

    Parameters
    ----------
    rams : sequence of Ram, length G
        The model in each group.
    theta : array, shape (q,)
        Estimates.
    weights : sequence of Weight or None, length G
        Weight of the moments; None for the normal-theory weight at the implied covariances.
    gammas : sequence of arrays of shape (m, m), length G
        Covariance matrices of the moments.
    shares : sequence of float, length G
        Part of the rows in each group.
    restrictions : array, shape (r, q), or None
        Jacobian of equality constraints.
    """
    if all(ram.ordinal is not None and isinstance(w, Diagonal) for ram, w in zip(rams, weights, strict=True)):
        return _one_by_one(rams, theta, weights, gammas, shares, restrictions)
    slopes = [moment_slopes(ram, theta) for ram in rams]
    used = [w if w is not None else _at_implied(ram, theta) for w, ram in zip(weights, rams, strict=True)]
    pulled = [w.times(d) for w, d in zip(used, slopes, strict=True)]
    groups = list(zip(shares, slopes, pulled, gammas, used, strict=True))
    bread = np.sum([s * d.T @ wd for s, d, wd, *_ in groups], axis=0)
    inverse = inverse_information(bread, restrictions)
    if inverse is None:
        return None
    meat = np.sum([s * wd.T @ gamma @ wd for s, _, wd, gamma, _ in groups], axis=0)
    trace = sum(float(np.einsum("ij,ji->", w.times(np.eye(len(gamma))), gamma)) for *_, gamma, w in groups)
    trace -= float(np.einsum("ij,ji->", inverse, meat))
    return Misfit(inverse @ meat @ inverse, trace, _square(groups, inverse))


def _one_by_one(
    rams: Sequence[Ram],
    theta: Array,
    weights: Sequence[Weight | None],
    gammas: Sequence[Array],
    shares: Sequence[float],
    restrictions: Array | None,
) -> Misfit | None:
    """Return the same for ordinal data whose statistics are weighted one by one."""
    groups = [
        Products.of(ram, theta, w.values, gamma)
        for ram, w, gamma in zip(rams, weights, gammas, strict=True)
        if isinstance(w, Diagonal)
    ]
    found = ordinal_misfit(groups, shares, theta.size, restrictions)
    return None if found is None else Misfit(*found)


def _at_implied(ram: Ram, theta: Array) -> Weight:
    return Normal(invert(implied(ram, theta[None]).sigma)[1][0])


Group = tuple[float, Array, Array, Array, Weight]


def _square(groups: Sequence[Group], inverse: Array) -> float:
    """Return `tr((U Gamma)^2)`, group by group and for pairs of groups.

    Over groups U has the blocks `s_g W_g - s_g s_h W_g D_g A^-1 D_h' W_h`, and Gamma has `Gamma_g / s_g`.
    """
    total = 0.0
    for i, (s, _, wd, gamma, w) in enumerate(groups):
        own = w.times(gamma) - s * wd @ (inverse @ (wd.T @ gamma))
        total += float(np.einsum("ij,ji->", own, own))
        for t, _, other, gamma_other, _ in groups[:i]:
            inner = inverse @ (other.T @ gamma_other @ other) @ inverse @ (wd.T @ gamma @ wd)
            total += 2.0 * s * t * float(np.trace(inner))
    return total


def gammas_of(table: ParameterTable, sample: Sample) -> list[Array]:
    """Return the covariance matrix of the moments in each group."""
    ordinal = [
        m.ordinal.gamma for m in sample.moments if m.ordinal is not None and m.ordinal.gamma is not None
    ]
    if ordinal:
        return ordinal
    x = [table.observed.index(name) for name in table.exogenous]
    return [moment_covariance(rows, x, means=table.meanstructure) for rows in sample.rows]


def adjusted_test(kind: str, model: Misfit, baseline: Misfit, df: int, baseline_df: int) -> ScaledTest:
    """Return how chi-squares are scaled (and shifted), by the traces of the model and of its baseline."""
    own, null = _adjustment(kind, model, df), _adjustment(kind, baseline, baseline_df)
    return ScaledTest(
        factor=own[0],
        baseline_factor=null[0],
        h0=None,
        h1=None,
        kind=kind,
        shift=own[1],
        baseline_shift=null[1],
        df=own[2],
        baseline_df=null[2],
        mean_factor=model.trace / df if df > 0 else float("nan"),
        baseline_mean_factor=baseline.trace / baseline_df if baseline_df > 0 else float("nan"),
    )


def _adjustment(kind: str, found: Misfit, df: int) -> tuple[float, float, float]:
    """Return factor, shift and degrees of freedom of an adjusted chi-square `T / factor + shift`."""
    if df == 0:
        return float("nan"), 0.0, 0.0
    if kind == ADJUSTED:
        return found.square / found.trace, 0.0, found.trace**2 / found.square
    if kind == SHIFTED:
        factor = float(np.sqrt(found.square / df))
        return factor, df - found.trace / factor, float(df)
    return found.trace / df, 0.0, float(df)
