"""Standard error of measurement and minimal detectable change of scale scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import TrustMeasureError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import Coefficient
from trustmeasure.reliability_analysis.estimates import How, estimated
from trustmeasure.reliability_analysis.formulas import alpha_of_covariance
from trustmeasure.reliability_analysis.items import (
    MISSING,
    item_moments,
    require_total_variance,
)
from trustmeasure.reliability_analysis.omega import omega_and_model
from trustmeasure.responses import Responses
from trustmeasure.responses.scales import scales_of
from trustmeasure.sem.chisq import normal_quantile

COEFFICIENTS = ("alpha", "omega")
SCORES = ("mean", "sum")
NUMBERS = (
    "sd",
    "reliability",
    "sem",
    "sem_ci_lower",
    "sem_ci_upper",
    "mdc",
    "mdc_ci_lower",
    "mdc_ci_upper",
    "mdc_group",
)
LABELS = {
    "n_items": "items",
    "n_obs": "n",
    "sem": "SEM",
    "sem_ci_lower": "lower",
    "sem_ci_upper": "upper",
    "mdc": "MDC",
    "mdc_ci_lower": "lower",
    "mdc_ci_upper": "upper",
    "mdc_group": "MDC of means",
}
MEANING = (
    "SEM: standard error of measurement of one person's score; MDC: the smallest change of one person that "
    "error alone "
    "would rarely bring; MDC of means: the same for the mean of a group as large as this sample. They rest "
    "on internal "
    "consistency at one time, and hold no change of mood or situation: where there is retest data, take the "
    "SEM of "
    "intraclass_correlation."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MeasurementError:
    """Measurement error of the scores of one or more scales.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a scale: construct, n_items, n_obs, sd (of the score), reliability, sem, sem_ci_lower,
        sem_ci_upper, mdc, mdc_ci_lower, mdc_ci_upper, mdc_group, note. NaN for what does not exist, and
        `note` says why.
    coefficient : {"alpha", "omega"}
        Which reliability.
    score : {"mean", "sum"}
        Which score.
    ci : float
        Level of the intervals, and of the minimal detectable change.
    interval : str
        Where intervals come from.
    """

    frame: pd.DataFrame
    coefficient: str
    score: str
    ci: float
    interval: str

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the table with notes, to be shown as text or HTML."""
        how = How(self.interval, self.ci).words if self.coefficient == "alpha" else _delta_words(self.ci)
        said = f"Scores: {self.score} of the items. Reliability: {self.coefficient}. {how}"
        return Summary("Measurement error", [Table("Scales", self.frame, (said, MEANING), labels=LABELS)])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _delta_words(ci: float) -> str:
    return f"{100 * ci:g} % intervals: delta method."


def measurement_error(
    items: Any,
    ci: float = 0.95,
    *,
    coefficient: str = "alpha",
    score: str = "mean",
    missing: str = "pairwise",
    interval: str = "adf",
    n_bootstrap: int = 1000,
    seed: int | None = None,
) -> MeasurementError:
    """Return standard error of measurement and minimal detectable change of the scores of scales.

    SEM = sd * sqrt(1 - reliability), in units of the score; MDC = z * sqrt(2) * SEM, what the difference of
    two measurements of a person who has not changed stays under with probability `ci`.

    Parameters
    ----------
    items : frame, 2-D array, Responses or mapping
        Items of one scale (one row a person, one column an item), or responses, or a mapping from a name to a
        frame of items, for a row a scale.
    ci : float
        Level of the intervals and of the minimal detectable change, between 0 and 1.
    coefficient : {"alpha", "omega"}
        Whether error is what alpha, or the one-factor model (omega total), leaves.
    score : {"mean", "sum"}
        Whether scores are means or sums of the items.
    missing : {"pairwise", "listwise"}
        As in `cronbach_alpha`; omega always rests on complete rows.
    interval : str
        Of the error from alpha: "adf" (asymptotically distribution-free), or a bootstrap of the rows:
        "percentile", "bc", "bca", "normal". That from omega has the delta method's.
    n_bootstrap : int
        Draws of a bootstrap.
    seed : int, optional
        Seed of a bootstrap.

    Returns
    -------
    MeasurementError
        `.frame` with a row a scale, `.summary()`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed.
    DataError
        As `cronbach_alpha`, for a single scale; of several a scale that cannot be computed is a note.

    See Also
    --------
    intraclass_correlation : Measurement error from repeated measurements.

    References
    ----------
    de Vet, H. C. W., Terwee, C. B., Knol, D. L., & Bouter, L. M. (2006). When to use agreement versus
    reliability measures. Journal of Clinical Epidemiology, 59(10), 1033-1039.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(300, 1)) + rng.normal(size=(300, 4))
    >>> found = measurement_error(answers).frame.iloc[0]
    >>> bool(0.4 < found["sem"] < 0.6), bool(found["mdc"] > 2.7 * found["sem"])
    (True, True)
    """
    how = How.checked(interval, ci, n_bootstrap, seed)
    one_of("coefficient", coefficient, COEFFICIENTS)
    one_of("score", score, SCORES)
    one_of("missing", missing, MISSING)
    if _are_scales(items):
        rows = [
            _scale_row(scale.id, scale.read, coefficient, score, missing, how) for scale in scales_of(items)
        ]
    else:
        rows = [{"construct": "", **_numbers(items, coefficient, score, missing, how), "note": ""}]
    frame = pd.DataFrame(rows, columns=["construct", "n_items", "n_obs", *NUMBERS, "note"])
    frame = frame if _are_scales(items) else frame.drop(columns="construct")
    return MeasurementError(frame, coefficient, score, ci, interval)


def _are_scales(items: Any) -> bool:
    """Whether there are several scales: responses, or a mapping whose values are tables."""
    if isinstance(items, Responses):
        return True
    return isinstance(items, Mapping) and any(getattr(v, "ndim", 1) == 2 for v in items.values())


def _scale_row(name: str, read: Any, coefficient: str, score: str, missing: str, how: How) -> dict[str, Any]:
    try:
        return {"construct": name, **_numbers(read(), coefficient, score, missing, how), "note": ""}
    except TrustMeasureError as problem:
        empty = {"n_items": 0, "n_obs": 0, **dict.fromkeys(NUMBERS, np.nan)}
        return {"construct": name, **empty, "note": str(problem)}


def _numbers(items: Any, coefficient: str, score: str, missing: str, how: How) -> dict[str, Any]:
    found = _from_alpha(items, missing, how) if coefficient == "alpha" else _from_omega(items, how.ci)
    unit = 1.0 if score == "sum" else 1.0 / found["n_items"]
    sem = {name: found[name] * unit for name in ("sem", "sem_ci_lower", "sem_ci_upper")}
    times = normal_quantile(0.5 + how.ci / 2) * np.sqrt(2.0)
    mdc = {name.replace("sem", "mdc"): value * times for name, value in sem.items()}
    group = mdc["mdc"] / np.sqrt(found["n_obs"])
    return {**found, "sd": found["sd"] * unit, **sem, **mdc, "mdc_group": group}


def _from_alpha(items: Any, missing: str, how: How) -> dict[str, Any]:
    moments = item_moments(items, missing)
    require_total_variance(moments)
    found = estimated(moments.values, moments.cov, [SEM], how)
    return {
        "n_items": len(moments.names),
        "n_obs": moments.n_obs,
        "sd": float(np.sqrt(moments.cov.sum())),
        "reliability": alpha_of_covariance(moments.cov),
        "sem": float(found.estimate[0]),
        "sem_ci_lower": float(found.lower[0]),
        "sem_ci_upper": float(found.upper[0]),
    }


def _from_omega(items: Any, ci: float) -> dict[str, Any]:
    """Return the error that the one-factor model leaves: the root of the sum of its residual variances."""
    result, model = omega_and_model(items, ci)
    k, error = len(model.loadings), float(model.residuals.sum())
    sem = float(np.sqrt(error)) if error > 0 else float("nan")
    spread = float(np.sqrt(max(float(model.vcov[k:, k:].sum()), 0.0))) / (2.0 * sem)
    margin = normal_quantile(0.5 + ci / 2) * spread
    return {
        "n_items": result.n_items,
        "n_obs": result.n_obs,
        "sd": float(np.sqrt(model.loadings.sum() ** 2 + error)),
        "reliability": result.omega,
        "sem": sem,
        "sem_ci_lower": sem - margin,
        "sem_ci_upper": sem + margin,
    }


def _sem(covs: Array) -> Array:
    """Return sqrt(total * (1 - alpha)) = sqrt((k tr C - total) / (k - 1))."""
    k = covs.shape[-1]
    error = (k * np.trace(covs, axis1=1, axis2=2) - covs.sum(axis=(1, 2))) / (k - 1)
    return np.where(error >= 0, np.sqrt(np.maximum(error, 0.0)), np.nan)


def _sem_slope(cov: Array) -> Array:
    k, value = len(cov), float(_sem(cov[None])[0])
    return (
        np.asarray((k * np.eye(k) - 1.0) / ((k - 1) * 2.0 * value))
        if value > 0
        else np.full_like(cov, np.nan)
    )


SEM = Coefficient("sem", _sem, _sem_slope)
"""Standard error of measurement of the sum of the items, from alpha."""
