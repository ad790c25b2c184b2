"""Factor scores: each respondent's place on the latent variables, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import numeric_columns, require_columns, to_pandas
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.score_weights import Scorer, Weights

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

METHODS = ("regression", "Bartlett")
MISSING = ("listwise", "fiml")


@dataclass(frozen=True, slots=True)
class FactorScores:
    """Scores of respondents on latent variables.

    Attributes
    ----------
    frame : DataFrame, shape (n, k)
        One row a row of the data, with its index; one column a latent variable. NaN where no score can be
        given.
    reliability : DataFrame
        group latent variance reliability determinacy least_correlation, for complete rows. reliability: the
        squared correlation of the score with the latent variable; determinacy: its root; least_correlation:
        how little two equally good sets of scores can correlate, ``2 reliability - 1`` (Guttman 1955).
    method : str
        "regression" or "Bartlett".
    errors : DataFrame, shape (n, k), or None
        Standard errors of the scores, when asked for.
    """

    frame: pd.DataFrame
    reliability: pd.DataFrame
    method: str
    errors: pd.DataFrame | None

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the scores."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the reliabilities, and how many rows have scores."""
        unscored = int(self.frame.isna().any(axis=1).sum())
        missing = f" {unscored} of them lack a score." if unscored else ""
        alone = not self.reliability["group"].astype(bool).any()
        shown = self.reliability.drop(columns="group") if alone else self.reliability
        return Summary(
            f"Factor scores ({self.method})",
            [
                Table("How far the scores of complete rows can be trusted", shown),
                f"{len(self.frame):,} rows.{missing} The scores themselves are in `frame`.",
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def factor_scores(
    result: SemResult,
    data: Any,
    *,
    method: str = "regression",
    latent: Sequence[str] | None = None,
    se: bool = False,
    missing: str | None = None,
    group: str | None = None,
) -> FactorScores:
    r"""Score respondents on the latent variables of a fitted model.

    Parameters
    ----------
    result : SemResult
        A fit. Made from covariances it needs means (`sample_mean`).
    data : frame or Responses
        Rows to score: those of the fit, or other respondents with the same columns.
    method : {"regression", "Bartlett"}
        regression: the expected value given the answers, closest to the latent variable but drawn towards the
        mean. Bartlett: unbiased for each respondent, with more error.
    latent : sequence of str, optional
        Latent variables to score; all otherwise.
    se : bool
        Give the standard error of each score as well (of sampling the respondent; the parameters are taken as
        known).
    missing : {"listwise", "fiml"}, optional
        listwise: only rows that answered all variables are scored. fiml: every row is scored from what it
        answered. By default as in the fit.
    group : str, optional
        The grouping column of a fit in groups.

    Returns
    -------
    FactorScores
        Scores with the index of `data`, reliabilities, and standard errors when asked for. A row without any
        answer is NaN, and so is a Bartlett score of a latent variable none of whose indicators is answered.

    Raises
    ------
    ArgumentError
        For an unknown method or latent variable, a missing `group`, a fit without means, or Bartlett scores
        of a latent variable that has no observed indicator.
    DataError
        If a column is missing, not numeric, or a row belongs to a group that the fit has not.

    Notes
    -----
    ``regression: mu_eta + C Sigma^-1 (y - mu)``, C the implied covariances of latent with observed variables;
    ``Bartlett: mu_eta + (L' U^-1 L)^-1 L' U^-1 (y - mu)``, L the loadings and U the covariances of the errors
    (Grice 2001, Psychological Methods 6(4), 430-450). Checked against: lavaan 0.6-14, `lavPredict`,
    `tests/reference/sem_scores`.

    Examples
    --------
    >>> from semopy.examples import holzinger39
    >>> from trustmeasure.sem import fit_sem
    >>> pupils = holzinger39.get_data()
    >>> fit = fit_sem("visual =~ x1 + x2 + x3", pupils)
    >>> scores = factor_scores(fit, pupils)
    >>> scores.frame["visual"].round(2).tolist()[:3]
    [-0.71, -0.06, -0.32]
    >>> round(float(scores.reliability["reliability"].iloc[0]), 2)
    0.66
    """
    one_of("method", method, METHODS)
    how = result.missing if missing is None else one_of("missing", missing, MISSING)
    names = _chosen(result, latent)
    frame = to_pandas(data)
    values = numeric_columns(frame, list(result.model.observed)).to_numpy(dtype=float)
    scores, errors = (np.full((len(frame), len(result.model.latent)), np.nan) for _ in range(2))
    trusted = []
    for part, rows in zip(result.groups, _members(result, frame, group), strict=True):
        scorer = _scorer(part, names, method)
        scores[rows], errors[rows] = _scored(scorer, values[rows], method, how)
        trusted.append(_reliability(part, scorer, method))
    kept = pd.DataFrame(scores, index=frame.index, columns=list(result.model.latent))[names]
    spread = pd.DataFrame(errors, index=frame.index, columns=list(result.model.latent))[names]
    table = pd.concat(trusted, ignore_index=True)
    table = table[table["latent"].isin(names)].reset_index(drop=True)
    return FactorScores(kept, table, method, spread if se else None)


def _chosen(result: SemResult, latent: Sequence[str] | None) -> list[str]:
    known = list(result.model.latent)
    if not known:
        raise ArgumentError("The model has no latent variable to score.")
    if latent is None:
        return known
    asked = [latent] if isinstance(latent, str) else list(latent)
    for name in asked:
        if name not in known:
            raise ArgumentError(f"'{name}' is not a latent variable of the model. {suggestion(name, known)}")
    return asked


def _members(result: SemResult, frame: pd.DataFrame, group: str | None) -> list[Flags]:
    """Return which rows belong to each group."""
    if len(result.groups) == 1:
        return [np.ones(len(frame), dtype=bool)]
    if group is None:
        raise ArgumentError('The model has groups: say group="..." as in fit_sem.')
    require_columns(frame, [group], what="grouping variable")
    label = frame[group].map(str)
    known = list(result.group_labels)
    for value in label.unique():
        if value not in known:
            raise DataError(
                f"Group '{value}' in column '{group}' is not in the fit. {suggestion(value, known)}"
            )
    return [np.asarray(label == name) for name in known]


def _scorer(part: GroupResult, names: Sequence[str], method: str) -> Scorer:
    scorer = Scorer.of(part.ram, part.theta, part.moments.mean)
    if method == "Bartlett":
        _refuse_unmeasured(part, scorer, names)
        _refuse_fixed(part, scorer)
    return scorer


def _refuse_unmeasured(part: GroupResult, scorer: Scorer, names: Sequence[str]) -> None:
    measured = scorer.measured(np.ones(len(scorer.mu), dtype=bool))
    bare = [n for n, has in zip(part.model.latent, measured, strict=True) if not has and n in names]
    if not bare:
        return
    rest = [n for n in names if n not in bare]
    remedy = f" or latent={rest}" if rest else ""
    raise ArgumentError(
        f"Bartlett scores of {', '.join(bare)} do not exist: no observed variable measures it. Use "
        f"method='regression'{remedy}."
    )


def _refuse_fixed(part: GroupResult, scorer: Scorer) -> None:
    """Refuse a latent variable that covaries with the error of an observed one: it cannot be held fixed."""
    observed, latent = set(part.model.observed), set(part.model.latent)
    for row in part.model.parameters:
        mixed = {row.lhs, row.rhs} & observed and {row.lhs, row.rhs} & latent
        if row.op != "~~" or not mixed or not (row.free or row.value):
            continue
        name = row.lhs if row.lhs in observed else row.rhs
        at = part.model.observed.index(name)
        apart = np.delete(scorer.unique[at], at)
        if scorer.loadings[at].any() or apart.any():
            raise ArgumentError(
                f"Bartlett scores hold latent variables fixed, but the model lets {row.lhs} covary with "
                f"{row.rhs}. Use method='regression'."
            )


def _weights(scorer: Scorer, seen: Flags, method: str) -> Weights:
    return scorer.bartlett(seen) if method == "Bartlett" else scorer.regression(seen)


def _scored(scorer: Scorer, values: Array, method: str, missing: str) -> tuple[Array, Array]:
    """Return scores and standard errors of rows (n, p), pattern by pattern of answers."""
    shape = (len(values), len(scorer.eta))
    scores, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    answered = np.isfinite(values)
    patterns, which = np.unique(answered, axis=0, return_inverse=True)
    for i, seen in enumerate(patterns):
        if not seen.any() or (missing == "listwise" and not seen.all()):
            continue
        rows = np.flatnonzero(which.ravel() == i)
        weights = _weights(scorer, seen, method)
        scores[rows] = scorer.eta + (values[np.ix_(rows, seen)] - scorer.mu[seen]) @ weights.slope.T
        with np.errstate(invalid="ignore"):
            errors[rows] = np.sqrt(_not_below_zero(np.diag(weights.error), scorer.variances))
    return scores, errors


def _not_below_zero(variance: Array, total: Array) -> Array:
    """Return error variances without the rounding that makes a zero look negative."""
    return np.where(np.abs(variance) < 1e-12 * np.abs(total), 0.0, variance)


def _reliability(part: GroupResult, scorer: Scorer, method: str) -> pd.DataFrame:
    weights = _weights(scorer, np.ones(len(scorer.mu), dtype=bool), method)
    squared = scorer.reliability(weights, fixed=method == "Bartlett")
    with np.errstate(invalid="ignore"):
        determinacy = np.sqrt(squared)
    return pd.DataFrame(
        {
            "group": part.label,
            "latent": list(part.model.latent),
            "variance": scorer.variances,
            "reliability": squared,
            "determinacy": determinacy,
            "least_correlation": 2.0 * squared - 1.0,
        }
    )
