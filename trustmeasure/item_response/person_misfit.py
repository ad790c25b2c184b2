"""Whether a person's answers follow the model: lz*."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.check import one_of
from trustmeasure.frames import Array
from trustmeasure.item_response.curves import by_item, curves_at, information_of_cells
from trustmeasure.item_response.estimators import bias_term, person_sums
from trustmeasure.item_response.model import GradedResponse
from trustmeasure.item_response.scores import answers_for, cells_answered, person_scores

METHODS = ("wle", "map", "ml")


def person_fit(model: GradedResponse, method: str = "wle", *, data: Any = None) -> pd.DataFrame:
    """Return for each person how well the answers go with the model, in standard deviations.

    The log-likelihood of a person's answers is compared with what it would be among people of the same trait.
    Since the trait is estimated from the same answers, mean and variance are corrected for it (Snijders 2001;
    for more than two categories Sinharay 2016). Far below zero: answers that hardly go together, such as high
    ones to items that others endorse last and low ones to items that others endorse first. It is a reason to
    look at a person's answers, none to leave them out.

    Parameters
    ----------
    model : GradedResponse
        A fitted model.
    method : {"wle", "map", "ml"}
        How the trait is estimated; the correction is known for these.
    data : frame, array or Responses, optional
        Other people's answers to the same items; those of the model when None.

    Returns
    -------
    pandas.DataFrame
        One row a person: score, lz (uncorrected), lz_star, p_value (of a value as low, from the normal
        distribution), n_answered, note. The normal distribution is rough for few items.

    References
    ----------
    Snijders, T. A. B. (2001). Asymptotic null distribution of person fit statistics with estimated person
    parameter. Psychometrika, 66(3), 331-342.

    Sinharay, S. (2016). Asymptotically correct standardization of person-fit statistics beyond dichotomous
    items. Psychometrika, 81(4), 992-1013.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> tm.person_fit(model).columns.tolist()
    ['score', 'lz', 'lz_star', 'p_value', 'n_answered', 'note']
    """
    one_of("method", method, METHODS)
    answers = answers_for(model, data)
    frame = person_scores(model, method, data=data).scores
    cells = cells_answered(model, answers)
    theta = frame["score"].fillna(0.0).to_numpy(dtype=float)
    plain, corrected = _standardised(model, cells, theta, method)
    known = frame["score"].notna().to_numpy()
    return pd.DataFrame(
        {
            "score": frame["score"],
            "lz": np.where(known, plain, np.nan),
            "lz_star": np.where(known, corrected, np.nan),
            "p_value": np.where(known, stats.norm.cdf(corrected), np.nan),
            "n_answered": frame["n_answered"],
            "note": frame["note"],
        }
    )


def _standardised(model: GradedResponse, cells: Any, theta: Array, method: str) -> tuple[Array, Array]:
    """Return the statistic without and with correction, each (n,)."""
    layout = model.layout
    curves = curves_at(model.slopes, model.intercepts, layout, theta)
    p, w = curves.probability, curves.log_probability
    people = np.arange(len(cells))
    safe = np.where(cells >= 0, cells, 0)
    own = np.where(cells >= 0, w[safe, people[:, None]], 0.0).sum(axis=1)
    surplus = own - person_sums(by_item(p * w, layout), cells)
    information = person_sums(by_item(information_of_cells(curves), layout), cells)
    shared = person_sums(by_item(curves.first * w, layout), cells) / np.where(
        information > 0, information, np.inf
    )
    adjusted = w - shared * curves.ratio
    spread, spread_adjusted = (
        person_sums(by_item(p * x**2, layout) - by_item(p * x, layout) ** 2, cells) for x in (w, adjusted)
    )
    pull = _pull(model, cells, theta, method)
    with np.errstate(divide="ignore", invalid="ignore"):
        return surplus / np.sqrt(spread), (surplus + shared * pull) / np.sqrt(spread_adjusted)


def _pull(model: GradedResponse, cells: Any, theta: Array, method: str) -> Array:
    """Return what is added to the derivative of the log-likelihood in the estimating equation."""
    if method == "wle":
        return bias_term(model.slopes, model.intercepts, cells, model.layout, theta)
    return -theta if method == "map" else np.zeros_like(theta)
