"""How well a score tells two kinds of people apart: the area under the ROC curve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.validity.noncentral import Effect

Array = npt.NDArray[np.float64]


def area_under_curve(score: Array, outcome: Array, ci: float) -> Effect:
    """Return the area under the ROC curve with limits (DeLong, DeLong & Clarke-Pearson 1988).

    It is the share of pairs of one person with and one without the outcome in which the former scores higher,
    ties counted half. Limits are cut off at 0 and 1; NaN where one kind has fewer than two people, or nothing
    varies (an area of 0 or 1).

    Parameters
    ----------
    score, outcome : arrays, shape (n,)
        Scores, and 0 or 1; no gaps.
    ci : float
        Level of the interval.
    """
    cases, controls = score[outcome == 1], score[outcome == 0]
    m, n = cases.size, controls.size
    if min(m, n) < 1:
        return Effect(np.nan, np.nan, np.nan)
    every = rankdata(np.concatenate([cases, controls]))
    above = (every[:m] - rankdata(cases)) / n  # share of controls below each case
    below = 1.0 - (every[m:] - rankdata(controls)) / m  # share of cases above each control
    area = float(above.mean())
    if min(m, n) < 2:
        return Effect(area, np.nan, np.nan)
    se = float(np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n))
    if not se > 0:
        return Effect(area, np.nan, np.nan)
    reach = normal_quantile(0.5 + ci / 2) * se
    return Effect(area, max(area - reach, 0.0), min(area + reach, 1.0))
