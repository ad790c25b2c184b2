"""The standardised solution with standard errors and intervals by the delta method."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.expressions import gradient
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.standardize import standardized
from trustmeasure.sem.tables import estimates, inference_columns

Array = npt.NDArray[np.float64]

KINDS = ("std_all", "std_lv")
NO_ERROR = 1e-9
"""Standard errors below this are those of a constant, such as the variance of a standardised variable."""


def standardized_solution(
    result: SemResult, kind: str = "std_all", *, ci: float | None = None
) -> pd.DataFrame:
    r"""Return the standardised solution with its own standard errors.

    Parameters
    ----------
    result : SemResult
        A fit.
    kind : {"std_all", "std_lv"}
        Standardise all variables, or the latent ones only.
    ci : float, optional
        Confidence level of the intervals; that of the fit unless given.

    Returns
    -------
    DataFrame
        One row a parameter or definition: lhs op rhs group label estimate se z p_value ci_lower ci_upper.
        What cannot vary, such as the standardised variance of an exogenous variable, has the error 0.

    Raises
    ------
    ArgumentError
        For another `kind`, or a fit without standard errors.

    Notes
    -----
    After `se="bootstrap"` errors and percentile limits are those of the draws. Otherwise by the delta
    method: ``se^2 = g' V g`` with V the covariance matrix of the estimates and g the derivatives of the
    standardised value by all parameters (the complex step of Squire & Trapp 1998, exact to rounding). The
    test of a standardised value is not that of the unstandardised one. Checked against:
    `standardizedSolution` of lavaan 0.6-14, `tests/reference/sem_inspect`.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> cov = pd.DataFrame([[2.0, 1.0, 0.8], [1.0, 2.0, 0.9], [0.8, 0.9, 2.0]], columns=["a", "b", "c"])
    >>> fit = fit_sem("trust =~ a + b + c", sample_cov=cov, n_obs=200)
    >>> standardized_solution(fit).query("op == '=~'")["estimate"].round(3).tolist()
    [0.667, 0.75, 0.6]
    """
    one_of("kind", kind, KINDS)
    level = result.ci if ci is None else in_range("ci", ci, 0.0, 1.0)
    if result.theta_cov is None:
        raise ArgumentError("The fit has no standard errors, so its standardised solution has none either.")
    names = result.parameters[["lhs", "op", "rhs", "group", "label"]]
    if result.draws is not None:
        own = result.draws.columns(level, kind)
        order = ["estimate", "se", "z", "p_value", "ci_lower", "ci_upper"]
        return names.assign(estimate=result.parameters[kind], **own)[[*names.columns, *order]]
    value, slopes = _values_with_slopes(result, latent_only=kind == "std_lv")
    se = np.sqrt(np.maximum(np.einsum("rq,qs,rs->r", slopes, result.theta_cov, slopes), 0.0))
    se = np.where(se < NO_ERROR, 0.0, se)
    return pd.concat([names, inference_columns(value, se, level)], axis=1)


def _values_with_slopes(result: SemResult, *, latent_only: bool) -> tuple[Array, Array]:
    """Return standardised values, shape (r,), and their derivatives, shape (r, q)."""
    table, rams = result.model, [g.ram for g in result.groups]
    fixed = [estimates(table.only(g), ram, result.theta) for g, ram in enumerate(rams, start=1)]

    def function(theta: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        moved = standardized(table, rams, fixed, theta, latent_only=latent_only)
        return moved.astype(complex)

    value = standardized(table, rams, fixed, result.theta, latent_only=latent_only)
    return value, gradient(function, result.theta)
