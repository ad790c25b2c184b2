"""Factor scores: each respondent's place on the latent variables, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.columns import Columns
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import numeric_columns, require_columns, to_pandas
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.ordinal.answers import Measured
from trustmeasure.sem.ordinal.ordered import with_codes
from trustmeasure.sem.ordinal.scores import EBM, METHODS as METHODS_ORDINAL, ML, scores_of
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.score_weights import Scorer, Weights

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

METHODS = ("regression", "Bartlett")
MISSING = ("listwise", "fiml")
MISSING_ORDINAL = ("listwise", "pairwise")


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
        squared correlation of the score with the latent variable (with ordinal variables, where the error
        depends on the answers: from the mean error variance of the complete rows given); determinacy: its
        root; least_correlation: how little two equally good sets of scores can correlate, ``2 reliability -
        1`` (Guttman 1955).
    method : str
        "regression" or "Bartlett"; with ordinal variables "EBM", "EAP" or "ML".
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
    method: str | None = None,
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
    method : {"regression", "Bartlett"} or {"EBM", "EAP", "ML"}, optional
        regression (default): the expected value given the answers, closest to the latent variable but drawn
        towards the mean. Bartlett: unbiased for each respondent, with more error. With ordinal variables: EBM
        (default), the empirical Bayes mode, where the density given the answers is highest; EAP, its mean,
        for at most 8 dimensions; ML, where the answers are most likely, without a score for who gave the
        lowest or the highest answer everywhere.
    latent : sequence of str, optional
        Latent variables to score; all otherwise.
    se : bool
        Give the standard error of each score as well (of sampling the respondent; the parameters are taken as
        known). EBM and ML: from the curvature at the mode. EAP: the standard deviation given the answers.
    missing : {"listwise", "fiml"} or {"listwise", "pairwise"}, optional
        listwise: only rows that answered all variables are scored. fiml, and with ordinal variables pairwise:
        every row is scored from what it answered. By default as in the fit.
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
        For an unknown method or latent variable, a missing `group`, a fit without means, or Bartlett or ML
        scores of a latent variable that has no observed indicator; with ordinal variables also for EAP in
        more than 8 dimensions, errors that correlate among more than two variables, and a residual variance
        that is not positive.
    DataError
        If a column is missing, not numeric, has an answer that the fit did not, or a row belongs to a group
        that the fit has not.

    Notes
    -----
    ``regression: mu_eta + C Sigma^-1 (y - mu)``, C the implied covariances of latent with observed variables;
    ``Bartlett: mu_eta + (L' U^-1 L)^-1 L' U^-1 (y - mu)``, L the loadings and U the covariances of the errors
    (Grice 2001, Psychological Methods 6(4), 430-450). With ordinal variables the density is that of the
    latent variables times the normal probabilities of the answers given them; covariates, correlated errors
    of pairs and continuous variables are part of it (Skrondal & Rabe-Hesketh 2004, Generalized latent
    variable modeling, chapter 7). The mean is taken by adaptive Gauss-Hermite quadrature, from 4 dimensions
    on by a sparse grid. Checked against: lavaan 0.6-14, `lavPredict`, `tests/reference/sem_scores` and
    `ordinal_reliability`.

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
    ordinal = bool(result.model.ordered)
    method = one_of("method", method or _usual(result), METHODS_ORDINAL if ordinal else METHODS)
    known = MISSING_ORDINAL if ordinal else MISSING
    how = result.missing if missing is None else one_of("missing", missing, known)
    names = _chosen(result, latent)
    frame = to_pandas(data)
    values = _values(result, frame)
    scores, errors = (np.full((len(frame), len(result.model.latent)), np.nan) for _ in range(2))
    trusted = []
    for part, rows in zip(result.groups, _members(result, frame, group), strict=True):
        scores[rows], errors[rows], table = _of_group(part, values[rows], names, method, how)
        trusted.append(table)
    kept = pd.DataFrame(scores, index=frame.index, columns=list(result.model.latent))[names]
    spread = pd.DataFrame(errors, index=frame.index, columns=list(result.model.latent))[names]
    table = pd.concat(trusted, ignore_index=True)
    table = table[table["latent"].isin(names)].reset_index(drop=True)
    return FactorScores(kept, table, method, spread if se else None)


def _usual(result: SemResult) -> str:
    return EBM if result.model.ordered else "regression"


def _values(result: SemResult, frame: pd.DataFrame) -> Array:
    """Return the observed variables of the model as numbers, shape (n, p)."""
    names = list(result.model.observed)
    require_columns(frame, names, what="variables of the model")
    coded = with_codes(Columns.of(frame), result.model.ordered).frame if result.model.ordered else frame
    return np.asarray(numeric_columns(coded, names).to_numpy(dtype=float))


def _of_group(
    part: GroupResult, values: Array, names: Sequence[str], method: str, missing: str
) -> tuple[Array, Array, pd.DataFrame]:
    """Return scores, standard errors and the table of reliabilities of one group."""
    if part.model.ordered:
        found = scores_of(part, values, method, every_answer=missing != "listwise")
        complete = ~np.isnan(values).any(axis=1)
        variances = Measured.of(part).variances
        squared = _average_reliability(found.errors[complete], variances, fixed=method == ML)
        return found.scores, found.errors, _trust_table(part, variances, squared)
    scorer = _scorer(part, names, method)
    scores, errors = _scored(scorer, values, method, missing)
    return scores, errors, _reliability(part, scorer, method)


def _average_reliability(errors: Array, variances: Array, *, fixed: bool) -> Array:
    """Return the reliability that goes with the mean error variance of rows (n, k), shape (k,)."""
    squares, count = errors**2, np.isfinite(errors).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.where(np.isfinite(squares), squares, 0.0).sum(axis=0) / count
        return np.asarray(variances / (variances + error) if fixed else 1.0 - error / variances)


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
    return _trust_table(part, scorer.variances, squared)


def _trust_table(part: GroupResult, variances: Array, squared: Array) -> pd.DataFrame:
    with np.errstate(invalid="ignore"):
        determinacy = np.sqrt(squared)
    return pd.DataFrame(
        {
            "group": part.label,
            "latent": list(part.model.latent),
            "variance": variances,
            "reliability": squared,
            "determinacy": determinacy,
            "least_correlation": 2.0 * squared - 1.0,
        }
    )
