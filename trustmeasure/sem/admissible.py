"""What a reader must be told of a solution: values that cannot be, and what they may mean."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg.lapack import dpotrf

from trustmeasure.sem.matrices import Ram, implied

Array = npt.NDArray[np.float64]


def inadmissible(
    parameters: Callable[[], pd.DataFrame], ram: Ram, theta: Array, group: str = ""
) -> tuple[str, ...]:
    """Return one message for each impossible value of a solution.

    Parameters
    ----------
    parameters : callable
        Returns the parameter frame of the fit; called when a variance is negative.
    ram : Ram
        The model.
    theta : array, shape (q,)
        Free parameters.
    group : str
        Name of the group, put before each message.
    """
    negative = bool((implied(ram, theta[None]).s[0].diagonal() < 0).any())
    found = [*(_negative_variances(parameters()) if negative else []), *_latent_correlations(ram, theta)]
    return tuple(f"Group '{group}': {message}" if group else message for message in found)


def _negative_variances(parameters: pd.DataFrame) -> list[str]:
    variances = parameters[(parameters.op == "~~") & (parameters.lhs == parameters.rhs)]
    found = []
    negative = variances[variances.estimate < 0]
    columns = (negative.lhs, negative.estimate, negative.ci_lower, negative.ci_upper)
    for name, estimate, low, high in zip(*(c.tolist() for c in columns), strict=True):
        interval = f" [{low:.3f}, {high:.3f}]" if low < high else ""
        found.append(
            f"The variance {name} ~~ {name} is negative: {estimate:.3f}{interval} "
            f"(Heywood case). {_hint(low, high)}."
        )
    return found


def _hint(low: float, high: float) -> str:
    """Return what the interval of a negative variance says; there is none where it is no free parameter."""
    if not low < high:
        return (
            "It is no free parameter but fixed, or what other parameters leave of a response: the model "
            "explains more than there is, by sampling error or because it is wrong"
        )
    if low <= 0 <= high:
        return "Its interval includes 0, so sampling error may be the cause; collect more data or fix it to 0"
    return "Its interval excludes 0, which points to a wrong model"


def _latent_correlations(ram: Ram, theta: Array) -> list[str]:
    names = ram.variables[ram.p :]
    if len(names) < 2:
        return []
    cov = implied(ram, theta[None]).phi[0][ram.p :, ram.p :]
    variance = cov.diagonal()
    if (variance <= 0).any():
        bad = [n for n, x in zip(names, variance, strict=True) if x < 0]
        return [f"The implied variance of {', '.join(bad)} is negative."] if bad else []
    corr = cov / np.sqrt(variance[:, None] * variance)
    if not dpotrf(corr, lower=1)[1]:
        return []
    pairs = np.argwhere(np.tril(np.abs(corr) > 1 + 1e-8, -1)).tolist()
    found = [
        f"The correlation between {names[j]} and {names[i]} is {corr[i, j]:.3f}, beyond 1: these items "
        "do not tell the two constructs apart."
        for i, j in pairs
    ]
    if not found and np.linalg.eigvalsh(corr)[0] < -1e-8:
        found.append("The covariance matrix of the latent variables is not positive definite.")
    return found
