"""Full collinearity: how well each construct is predicted by all others together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array
from trustmeasure.responses import Responses
from trustmeasure.responses.scoring import score_rows
from trustmeasure.sem import SemResult
from trustmeasure.validity.blocks import blocks_of
from trustmeasure.validity.common_method.plans import Plan, plan_of, refuse_reserved, standardised

ON = ("scores", "latent")
COLUMNS = ["construct", "vif", "tolerance", "r_squared", "n_obs", "note"]


def full_collinearity_vif(
    data: Any, constructs: Any = None, *, on: str = "scores", **options: Any
) -> pd.DataFrame:
    """Return the full-collinearity variance inflation factor of each construct.

    Each construct is regressed on all others, whatever their part in the model: VIF = 1 / (1 - R squared),
    the diagonal of the inverse correlations of the constructs. Kock (2015) reads high values as a sign of
    common method bias in models estimated by partial least squares; collinearity has other causes, and bias
    need not show here.

    Parameters
    ----------
    data : Responses, frame, or mapping of name to frame of items
        Answers, one row a person, reverse-worded items turned. Of a frame without `constructs` each column is
        a score of its own.
    constructs : mapping of name to columns, optional
        What belongs together, for a frame.
    on : {"scores", "latent"}
        Means of the items (people with half of the items answered, and all scores), or the correlations of
        latent variables in a confirmatory model, which are free of measurement error and so higher.
    **options
        For `on="latent"`, given on to `fit_sem`.

    Returns
    -------
    pandas.DataFrame
        One row a construct: construct, vif, tolerance (1 / vif), r_squared, n_obs, note. NaN, with a note,
        for a construct that does not vary; infinite vif never: a construct that others determine has NaN too.

    Raises
    ------
    ArgumentError
        For fewer than 2 constructs, or an unknown `on`.
    DataError
        For text in a column, or too few complete rows.

    References
    ----------
    Kock, N. (2015). Common method bias in PLS-SEM: A full collinearity assessment approach. International
    Journal of e-Collaboration, 11(4), 1-10.

    Kock, N., & Lynn, G. S. (2012). Lateral collinearity and misleading results in variance-based SEM: An
    illustration and recommendations. Journal of the Association for Information Systems, 13(7), 546-580.

    Notes
    -----
    Checked against: R's `lm` and lavaan 0.6-14 (tests/reference/method_bias/partial.R).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> scores = pd.DataFrame(rng.normal(size=(500, 3)) + rng.normal(size=(500, 1)), columns=["a", "b", "c"])
    >>> bool(full_collinearity_vif(scores)["vif"].between(1.3, 1.7).all())
    True
    """
    one_of("on", on, ON)
    if on == "latent":
        refuse_reserved(options)
        return _latent(plan_of(data) if constructs is None else plan_of(constructs, data), options)
    if options:
        raise ArgumentError(
            f"{', '.join(sorted(options))} belong to on='latent'. Leave them out with scores."
        )
    scores = scores_of(data, constructs)
    complete = scores.dropna()
    if scores.shape[1] < 2:
        raise ArgumentError("Full collinearity needs at least 2 constructs.")
    if len(complete) <= scores.shape[1]:
        raise DataError(
            f"{len(complete)} rows have a score on each of {scores.shape[1]} constructs; more rows than "
            "constructs are needed."
        )
    return _table(list(scores.columns), np.asarray(_correlations(complete)), len(complete))


def scores_of(data: Any, constructs: Any = None) -> pd.DataFrame:
    """Return a score for each person and construct: the mean of the items, half of which must be answered."""
    if constructs is None and not isinstance(data, Responses | dict):
        from trustmeasure.responses.item_frame import item_frame

        return item_frame(data)
    blocks = blocks_of(data, constructs)
    columns = {
        block.name: score_rows(blocks.frame[list(block.items)].to_numpy(dtype=float), len(block.items))
        for block in blocks.blocks
    }
    return pd.DataFrame(columns)


def _correlations(complete: pd.DataFrame) -> Array:
    values = complete.to_numpy(dtype=float)
    away = values - values.mean(axis=0)
    sd = np.sqrt((away**2).mean(axis=0))
    flat = sd <= 1e-12 * np.maximum(np.abs(values).max(axis=0), 1e-300)
    unit = np.where(flat, np.nan, away / np.where(flat, 1.0, sd))
    return np.asarray(unit.T @ unit / len(values))


def _latent(plan: Plan, options: dict[str, Any]) -> pd.DataFrame:
    if len(plan.exogenous) < 2:
        raise ArgumentError("Full collinearity needs at least 2 constructs.")
    result = plan.fit(plan.text, options)
    corr = latent_correlations(result, plan.exogenous)
    return _table([plan.shown(name) for name in plan.exogenous], corr, result.n_obs)


def latent_correlations(result: SemResult, names: tuple[str, ...]) -> Array:
    """Return the correlations of latent variables, shape (k, k)."""
    std = standardised(result)
    corr = np.eye(len(names))
    for i, a in enumerate(names):
        for j, b in enumerate(names[:i]):
            corr[i, j] = corr[j, i] = std.get((a, "~~", b), std.get((b, "~~", a), 0.0))
    return corr


def _table(names: list[str], corr: Array, n_obs: int) -> pd.DataFrame:
    known = np.isfinite(np.diag(corr))
    part = corr[np.ix_(known, known)]
    tolerance = np.full(len(names), np.nan)
    sure = _tolerances(part)
    tolerance[known] = sure
    vif = 1.0 / tolerance
    notes = [
        "" if t == t else ("The others determine it." if k else "It does not vary.")
        for t, k in zip(tolerance, known, strict=True)
    ]
    columns = {"construct": names, "vif": vif, "tolerance": tolerance, "r_squared": 1.0 - tolerance}
    return pd.DataFrame({**columns, "n_obs": n_obs, "note": notes})[COLUMNS]


def _tolerances(corr: Array) -> Array:
    """Return 1 - R squared of each variable on all others; NaN for one that they determine."""
    found = np.full(len(corr), np.nan)
    for i in range(len(corr)):
        others = np.delete(np.arange(len(corr)), i)
        inner = corr[np.ix_(others, others)]
        weights = np.linalg.lstsq(inner, corr[others, i], rcond=1e-12)[0]
        left = 1.0 - float(corr[i, others] @ weights)
        if 1e-10 < left <= 1.0 + 1e-12:
            found[i] = min(left, 1.0)
    return found
