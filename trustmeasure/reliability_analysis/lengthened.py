"""The reliability of a longer or shorter test."""

from __future__ import annotations

import numpy as np

from trustmeasure.errors import ArgumentError
from trustmeasure.reliability_analysis.formulas import spearman_brown_formula


def spearman_brown(reliability: float, length: float = 2.0) -> float:
    """Return the reliability of a test made `length` times as long, by the Spearman-Brown formula.

    n r / (1 + (n - 1) r): the parts added are parallel to those that are there.

    Parameters
    ----------
    reliability : float
        Reliability r of the test as it is, -1 to 1; the correlation of two halves for the whole.
    length : float
        How many times as long the test becomes, above 0; 0.5 for one half of it.

    Returns
    -------
    float
        NaN where the formula has no value.

    Raises
    ------
    ArgumentError
        If `reliability` or `length` is out of range.

    References
    ----------
    Spearman, C. (1910). Correlation calculated from faulty data. British Journal of Psychology, 3(3),
    271-295.

    Brown, W. (1910). Some experimental results in the correlation of mental abilities. British Journal of
    Psychology, 3(3), 296-322.

    Examples
    --------
    >>> round(spearman_brown(0.6), 10)
    0.75
    >>> round(spearman_brown(0.75, 0.5), 10)
    0.6
    """
    if not -1.0 <= reliability <= 1.0:
        raise ArgumentError(f"reliability={reliability!r} must lie between -1 and 1.")
    if not 0.0 < length < np.inf:
        raise ArgumentError(f"length={length!r} must be a number above 0.")
    if 1.0 + (length - 1.0) * reliability <= 0.0:
        return float("nan")
    return float(spearman_brown_formula(reliability, length))
