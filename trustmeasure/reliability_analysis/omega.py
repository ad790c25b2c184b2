"""McDonald's omega total of the one-factor model, with a delta-method interval."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import DataError, InadmissibleWarning, TrustMeasureWarning
from trustmeasure.reliability_analysis.formulas import omega_gradient, omega_of_parameters
from trustmeasure.reliability_analysis.items import checked_items, complete_rows, require_variance
from trustmeasure.reliability_analysis.one_factor import OneFactor, fit_one_factor
from trustmeasure.sem.chisq import normal_quantile

LABELS = {
    "ci_lower": "lower",
    "ci_upper": "upper",
    "n_obs": "n",
    "n_items": "items",
    "residual_variance": "residual variance",
    "standardized_loading": "std. loading",
}
MEANING = (
    "Omega total of the one-factor model: the share of the variance of the items' sum that one common factor "
    "explains. It is not omega hierarchical, and it is only as good as the fit of that model."
)
BEYOND = (
    "The upper limit lies above 1: the interval is symmetric, which is rough for few people or a high omega."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class OmegaTotal:
    """McDonald's omega total of one set of items.

    Attributes
    ----------
    omega, se : float
        The coefficient and its standard error (delta method).
    ci_lower, ci_upper : float
        omega -+ z * se; not cut off at 0 or 1.
    ci : float
        Level of the interval.
    items : pandas.DataFrame
        One row an item: `item`, `loading` (factor variance 1), `residual_variance`, `standardized_loading`.
    fit : pandas.Series
        Fit of the one-factor model: chisq, df, pvalue, cfi, tli, rmsea, srmr.
    n_obs : int
        Complete rows, on which everything rests.
    n_items, n_rows : int
        Number of items, and rows given.
    inadmissible : tuple of str
        What is wrong with the solution of the model: a negative residual variance, no standard errors.
    notes : tuple of str
        What a reader must know of this result, the above included.
    """

    omega: float
    se: float
    ci_lower: float
    ci_upper: float
    ci: float
    items: pd.DataFrame
    fit: pd.Series[float]
    n_obs: int
    n_items: int
    n_rows: int
    inadmissible: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficient, its standard error and its interval as one row."""
        names = ("n_items", "n_obs", "omega", "se", "ci_lower", "ci_upper")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> Summary:
        """Return coefficient, items and model fit with notes, to be shown as text or HTML."""
        interval = (
            f"{100 * self.ci:g} % interval by the delta method. {self.n_obs} of {self.n_rows} rows used."
        )
        parts: list[Table | str] = [
            Table("Coefficient", self.to_frame(), (interval, *self.notes), labels=LABELS),
            Table("Items", self.items, labels=LABELS),
            Table("Fit of the one-factor model", self.fit.to_frame().T.astype({"df": int})),
            MEANING,
        ]
        return Summary("McDonald's omega total", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def omega_total(items: Any, ci: float = 0.95) -> OmegaTotal:
    """Return McDonald's omega total of a set of items, from the one-factor model.

    With loadings l_i (factor variance 1) and residual variances t_i of a one-factor model with uncorrelated
    residuals, fitted by maximum likelihood,

        omega = (sum l_i)^2 / ((sum l_i)^2 + sum t_i),

    the share of the variance of the items' sum, as the model implies it, that the one factor explains. Unlike
    alpha it lets items measure the factor unequally well. It is omega total of a unidimensional model: not
    omega hierarchical, and not meant for items of several dimensions.

    Parameters
    ----------
    items : frame, 2-D array or mapping from name to column
        One row a person, one column an item, at least 3; numbers, missing answers as NaN or null. Rows with a
        missing answer are left out (listwise), and `n_obs` says how many are used.
    ci : float
        Level of the interval, between 0 and 1.

    Returns
    -------
    OmegaTotal
        `.omega .se .ci_lower .ci_upper .items .fit .n_obs .n_items`, `.summary()`.

    Raises
    ------
    DataError
        If there are fewer than 3 items (with 2 the one-factor model is not identified), an item without
        answers or variance, items that depend on each other linearly, text, or no more rows than items.
    ConvergenceError
        If the model has no solution for these data.

    Warns
    -----
    InadmissibleWarning
        If a residual variance is negative or standard errors do not exist.
    TrustMeasureWarning
        If an item loads negatively while the others load positively.

    References
    ----------
    McDonald, R. P. (1999). Test theory: A unified treatment. Mahwah, NJ: Erlbaum.

    Raykov, T. (2002). Analytic estimation of standard error and confidence interval for scale reliability.
    Multivariate Behavioral Research, 37(1), 89-103.

    Notes
    -----
    Checked against: lavaan 0.6-14 with omega as a defined parameter, and semTools 0.5-6, `compRelSEM` with
    `obs.var = FALSE` (tests/reference/reliability/omega.R).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> trait = rng.normal(size=(300, 1))
    >>> answers = trait * [0.9, 0.8, 0.7, 0.6] + rng.normal(size=(300, 4)) * 0.6
    >>> result = omega_total(answers)
    >>> bool(result.ci_lower < result.omega < result.ci_upper), result.n_items
    (True, 4)
    """
    result = omega_of_items(items, ci)
    for message in result.inadmissible:
        warnings.warn(message, InadmissibleWarning, stacklevel=2)
    against = _negative_loadings(result.items)
    if against:
        warnings.warn(against, TrustMeasureWarning, stacklevel=2)
    return result


def omega_of_items(items: Any, ci: float) -> OmegaTotal:
    """Return the same record as `omega_total`; warns of nothing."""
    return omega_and_model(items, ci)[0]


def omega_and_model(items: Any, ci: float) -> tuple[OmegaTotal, OneFactor]:
    """Return the record of `omega_total` and the fitted one-factor model; warns of nothing."""
    in_range("ci", ci, 0.0, 1.0)
    frame = checked_items(items)
    _require_three_items(frame)
    used = complete_rows(frame)
    require_variance(used)
    model = fit_one_factor(used)
    return _record(used, model, ci, len(frame)), model


def _require_three_items(frame: pd.DataFrame) -> None:
    if frame.shape[1] >= 3:
        return
    both = " and ".join(f"'{name}'" for name in frame.columns)
    raise DataError(
        f"Omega needs at least 3 items; with {both} alone the one-factor model is not identified. Use "
        "cronbach_alpha, or add an item."
    )


def _record(used: pd.DataFrame, model: OneFactor, ci: float, n_rows: int) -> OmegaTotal:
    omega = omega_of_parameters(model.loadings, model.residuals)
    gradient = omega_gradient(model.loadings, model.residuals)
    se = float(np.sqrt(gradient @ model.vcov @ gradient))
    reach = normal_quantile(0.5 + ci / 2.0) * se
    statistics = pd.DataFrame(
        {
            "item": list(used.columns),
            "loading": model.loadings,
            "residual_variance": model.residuals,
            "standardized_loading": model.standardized,
        }
    )
    against = _negative_loadings(statistics)
    beyond = BEYOND if omega + reach > 1.0 else ""
    return OmegaTotal(
        omega=omega,
        se=se,
        ci_lower=omega - reach,
        ci_upper=omega + reach,
        ci=ci,
        items=statistics,
        fit=model.fit,
        n_obs=len(used),
        n_items=used.shape[1],
        n_rows=n_rows,
        inadmissible=model.warnings,
        notes=tuple(note for note in (*model.warnings, against, beyond) if note),
    )


def _negative_loadings(statistics: pd.DataFrame) -> str:
    against = statistics.loc[statistics["loading"] < 0, "item"].tolist()
    if not against:
        return ""
    return (
        f"Negative loading on the common factor: {', '.join(against)}. If wording is the reason, turn these "
        "items (code = minimum + maximum - code); nothing was turned here."
    )
