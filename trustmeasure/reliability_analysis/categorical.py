"""Categorical omega of one set of ordinal items, from the one-factor model fitted by WLSMV."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import DataError, InadmissibleWarning
from trustmeasure.reliability_analysis.items import MISSING, checked_items, complete_rows, require_variance
from trustmeasure.reliability_analysis.one_factor import fit_one_ordinal_factor, in_words
from trustmeasure.reliability_analysis.ordinal import (
    CAVEAT,
    LABELS,
    MEANING,
    OrdinalReliability,
    ordinal_reliability,
)
from trustmeasure.sem import SemResult
from trustmeasure.sem.diagnosis import data_notes

FIT = ("chisq_scaled", "df", "pvalue_scaled", "cfi_scaled", "tli_scaled", "rmsea_scaled", "srmr")
SHOWN = {**LABELS, "n_obs": "n", "omega_latent": "omega (latent)"}
NUMBERS = (
    "omega",
    "se",
    "ci_lower",
    "ci_upper",
    "omega_latent",
    "alpha_ordinal",
    "alpha_se",
    "alpha_ci_lower",
    "alpha_ci_upper",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class OmegaCategorical:
    """Categorical omega of one set of items, with ordinal alpha beside it.

    Attributes
    ----------
    omega, se : float
        Categorical omega and its standard error (delta method).
    ci_lower, ci_upper : float
        omega -+ z * se; not cut off at 0 or 1.
    ci : float
        Level of the intervals.
    omega_latent : float
        Omega of the latent responses.
    alpha_ordinal, alpha_se, alpha_ci_lower, alpha_ci_upper : float
        Ordinal alpha, its standard error and limits (delta method).
    items : pandas.DataFrame
        One row an item: `item`, `n_categories`, `loading` (standardised).
    fit : pandas.Series
        Fit of the one-factor model: chisq_scaled, df, pvalue_scaled, cfi_scaled, tli_scaled, rmsea_scaled,
        srmr.
    n_obs : int
        Rows used.
    n_items, n_rows : int
        Number of items, and rows given.
    missing : {"listwise", "pairwise"}
        What was done with missing answers.
    inadmissible : tuple of str
        What is wrong with the solution of the model, such as a negative residual variance.
    notes : tuple of str
        What a reader must know of this result, the above included.
    """

    omega: float
    se: float
    ci_lower: float
    ci_upper: float
    ci: float
    omega_latent: float
    alpha_ordinal: float
    alpha_se: float
    alpha_ci_lower: float
    alpha_ci_upper: float
    items: pd.DataFrame
    fit: pd.Series[float]
    n_obs: int
    n_items: int
    n_rows: int
    missing: str
    inadmissible: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficients with standard errors and intervals as one row."""
        return pd.DataFrame([{name: getattr(self, name) for name in ("n_items", "n_obs", *NUMBERS)}])

    def summary(self) -> Summary:
        """Return coefficients, items and model fit with notes, to be shown as text or HTML."""
        said = (
            f"{100 * self.ci:g} % intervals by the delta method. {self.n_obs} of {self.n_rows} rows used "
            f"({self.missing})."
        )
        parts: list[Table | str] = [
            Table("Coefficients", self.to_frame(), (said, MEANING, CAVEAT, *self.notes), labels=SHOWN),
            Table("Items", self.items, labels=SHOWN),
            Table("Fit of the one-factor model (WLSMV)", self.fit.to_frame().T.astype({"df": int})),
        ]
        return Summary("Categorical omega", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def omega_categorical(items: Any, ci: float = 0.95, *, missing: str = "listwise") -> OmegaCategorical:
    """Return categorical omega of a set of ordinal items, from the one-factor model, and ordinal alpha.

    The items are taken as what they are, answers in ordered categories: a one-factor model of latent
    responses is fitted to thresholds and polychoric correlations by WLSMV, and omega is that of the sum of
    the answers (Green & Yang 2009). See `ordinal_reliability` for the formula, and for models of several
    factors.

    Parameters
    ----------
    items : frame, 2-D array or mapping from name to column
        One row a person, one column an item, at least 3; codes of at most 11 ordered categories, missing
        answers as NaN or null. Items that are worded the other way round must come turned.
    ci : float
        Level of the intervals, between 0 and 1.
    missing : {"listwise", "pairwise"}
        listwise: only people who answered every item. pairwise: each threshold from all answers to the item,
        each correlation from the people who answered both.

    Returns
    -------
    OmegaCategorical
        `.omega .se .ci_lower .ci_upper .omega_latent .alpha_ordinal .items .fit`, `.summary()`.

    Raises
    ------
    DataError
        If there are fewer than 3 items (with 2 the one-factor model is not identified), an item without
        answers or variance, with more than 11 codes, or text.
    ConvergenceError
        If the model has no solution for these data.

    Warns
    -----
    InadmissibleWarning
        If a residual variance is negative or standard errors do not exist.

    References
    ----------
    Green, S. B., & Yang, Y. (2009). Reliability of summed item scores using structural equation modeling: An
    alternative to coefficient alpha. Psychometrika, 74(1), 155-167.

    Zumbo, B. D., Gadermann, A. M., & Zeisser, C. (2007). Ordinal versions of coefficients alpha and theta for
    Likert rating scales. Journal of Modern Applied Statistical Methods, 6(1), 21-29.

    Chalmers, R. P. (2018). On misconceptions and the limited usefulness of ordinal alpha. Educational and
    Psychological Measurement, 78(6), 1056-1071.

    Notes
    -----
    Checked against: semTools 0.5-6, `compRelSEM` with `obs.var = FALSE`, and psych 2.2.9, `alpha` of the
    polychoric correlations (tests/reference/ordinal_reliability/reliability.R).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> trait = rng.normal(size=(300, 1))
    >>> answers = np.digitize(trait * 0.8 + rng.normal(size=(300, 4)) * 0.6, [-1, 0, 1])
    >>> result = omega_categorical(answers)
    >>> bool(result.ci_lower < result.omega < result.alpha_ordinal), result.n_items
    (True, 4)
    """
    result = omega_of_categories(items, ci, missing)
    for message in result.inadmissible:
        warnings.warn(message, InadmissibleWarning, stacklevel=2)
    return result


def omega_of_categories(items: Any, ci: float, missing: str) -> OmegaCategorical:
    """Return the same record as `omega_categorical`; warns of nothing."""
    in_range("ci", ci, 0.0, 1.0)
    one_of("missing", missing, MISSING)
    frame = checked_items(items)
    _require_three_items(frame)
    used = complete_rows(frame) if missing == "listwise" else frame.dropna(how="all")
    require_variance(used)
    fit = fit_one_ordinal_factor(used, missing)
    return _record(ordinal_reliability(fit, ci=ci), fit, frame, missing)


def _require_three_items(frame: pd.DataFrame) -> None:
    if frame.shape[1] >= 3:
        return
    both = " and ".join(f"'{name}'" for name in frame.columns)
    raise DataError(
        f"Categorical omega needs at least 3 items; with {both} alone the one-factor model is not "
        "identified. Use cronbach_alpha, or add an item."
    )


def _record(found: OrdinalReliability, fit: SemResult, frame: pd.DataFrame, missing: str) -> OmegaCategorical:
    row, names = found.frame.iloc[0], [str(name) for name in frame.columns]
    loading = found.items["loading"] * np.where(found.items["loading"].sum() < 0, -1.0, 1.0)
    statistics = found.items.assign(item=names, loading=loading).drop(columns=["group", "factor"])
    of_data = data_notes(fit)
    wrong = tuple(f"One-factor model: {in_words(w, names)}" for w in fit.warnings if w not in of_data)
    return OmegaCategorical(
        **{name: float(row[name]) for name in NUMBERS},
        ci=found.ci,
        items=statistics,
        fit=fit.fit_measures[list(FIT)].astype(float),
        n_obs=fit.n_obs,
        n_items=len(names),
        n_rows=len(frame),
        missing=missing,
        inadmissible=wrong,
        notes=(*wrong, *(in_words(note, names) for note in (*of_data, *found.notes))),
    )
