"""Ordinal answers before a model: what is sparse, not normal underneath, or not positive definite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, one_of
from trustmeasure.columns import Columns
from trustmeasure.errors import ArgumentError
from trustmeasure.moments.answers import far_codes
from trustmeasure.moments.diagnosis import OrdinalDiagnosis, nearest_correlation
from trustmeasure.moments.diagnosis.answers import Answers
from trustmeasure.moments.diagnosis.indefinite import definiteness
from trustmeasure.moments.diagnosis.notes import notes_of
from trustmeasure.moments.ordinal import OrdinalMoments, ordinal_moments
from trustmeasure.sem.ordinal.correlations import chosen_names, chosen_ordinal
from trustmeasure.sem.ordinal.ordered import Categories, categories_of, with_codes
from trustmeasure.sem.ordinal.refusals import MISSING

Array = npt.NDArray[np.float64]


def ordinal_diagnosis(
    data: Any,
    names: Sequence[str] | None = None,
    *,
    ordered: Any = True,
    missing: str = "listwise",
    least_count: int = 5,
    smooth: bool = False,
) -> OrdinalDiagnosis:
    r"""Look at ordinal answers before a model is fitted to them.

    Parameters
    ----------
    data : frame or Responses
        One row a respondent.
    names : sequence of str, optional
        The p variables; all columns otherwise.
    ordered : True, sequence of str, or instrument
        Which of them are ordinal; the others are continuous. Ordered categoricals of pandas are ordinal.
    missing : {"listwise", "pairwise"}
        Count complete rows, or for each variable and each pair all rows that answer.
    least_count : int
        Categories with fewer answers are listed.
    smooth : bool
        Also return the nearest positive definite correlation matrix (`nearest_correlation`). Correlations and
        tests stay those of the data.

    Returns
    -------
    OrdinalDiagnosis
        Frames of variables, categories, tables and correlations, and notes in words.

    Raises
    ------
    DataError
        For a missing or non-numeric column, an ordinal variable with one category, or too few rows.
    ArgumentError
        For a name in `ordered` that is not among the variables, fewer than two ordinal variables, or an
        unknown option.

    Notes
    -----
    Underlying bivariate normality is tested for each table against the distribution with the estimated
    thresholds and correlation: likelihood ratio G2, Pearson X2 and M_n, with ab - a - b degrees of freedom
    for a and b categories. Thresholds and correlations are estimated in two steps, so G2 and X2 are no
    chi-squares even in large samples; M_n is (Maydeu-Olivares, Garcia-Forero, Gallardo-Pujol & Renom 2009,
    Methodology 5(4), 131-136). `mn_p_holm` holds for all tables together (Holm 1979, Scandinavian Journal of
    Statistics 6(2), 65-70). Sparse tables are far from the chi-square. Passing the tests does not mean that
    all variables are normal together: no test of pairs sees that. Checked against: `lavTables` of lavaan
    0.6-14, `tests/reference/ordinal_diagnosis`.

    Examples
    --------
    >>> from trustmeasure.sem import simulate
    >>> data = simulate("trust =~ 0.8*a + 0.7*b + 0.9*c", 400, seed=1, cuts=[-1.0, -0.2, 0.6, 1.4])
    >>> found = ordinal_diagnosis(data)
    >>> found.positive_definite, len(found.tables)
    (True, 3)
    """
    one_of("missing", missing, MISSING)
    at_least("least_count", least_count, 1)
    columns = Columns.of(data)
    chosen = chosen_names(columns, names)
    ordinal = chosen_ordinal(ordered, chosen, columns)
    if len(ordinal) < 2:
        raise ArgumentError(f"There are {len(ordinal)} ordinal variables; a table needs two.")
    columns = with_codes(columns, ordinal)
    categories = categories_of(columns, ordinal)
    values, _ = columns.reader(chosen).read(slice(0, columns.n_rows))
    moments = ordinal_moments(values, chosen, ordinal, missing=missing, gamma="none")
    answers = Answers.of(values, moments, listwise=missing == "listwise")
    corr = _correlations(moments)
    found = OrdinalDiagnosis(
        variables=answers.variables(),
        categories=answers.each_category(least_count),
        tables=answers.tables(corr),
        correlations=corr,
        definiteness=definiteness(corr.to_numpy(), chosen),
        smoothed=nearest_correlation(corr) if smooth else None,
        missing=missing,
        n_obs=moments.n_obs,
        n_dropped=moments.n_dropped,
        least_count=least_count,
        notes=(),
    )
    far = far_codes(list(categories), tuple(categories.values()))
    return replace(found, notes=(*notes_of(found), *far, *_gone(answers, categories)))


def _gone(answers: Answers, categories: Categories) -> list[str]:
    """Return which categories have answers in the data, but none among the rows that are used."""
    kept = dict(zip(answers.names, answers.categories, strict=True))
    gone = [f"{n} = {c:g}" for n, codes in categories.items() for c in codes if c not in kept[n]]
    if not gone:
        return []
    return [f"No complete row has the category {', '.join(gone)}; missing='pairwise' would count it."]


def _correlations(moments: OrdinalMoments) -> pd.DataFrame:
    """Return polychoric, polyserial and Pearson correlations of all variables."""
    layout = moments.layout
    found = np.eye(layout.p)
    sd = np.ones(layout.p)
    sd[layout.continuous] = np.sqrt(moments.statistics[layout.variances])
    row, col = layout.pairs
    values = moments.statistics[layout.correlations] / (sd[row] * sd[col])
    found[row, col] = found[col, row] = values
    return pd.DataFrame(found, index=list(layout.names), columns=list(layout.names))
