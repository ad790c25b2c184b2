"""Polychoric correlations of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trustmeasure.check import one_of, suggestion
from trustmeasure.columns import Columns
from trustmeasure.errors import ArgumentError
from trustmeasure.moments.polychoric_correlations import PolychoricCorrelations, correlations_of
from trustmeasure.sem.design import weights_of
from trustmeasure.sem.ordinal.ordered import is_ordered_categorical, names_said, with_codes
from trustmeasure.sem.ordinal.refusals import MISSING
from trustmeasure.threads import one_thread


@one_thread
def polychoric(
    data: Any,
    names: Sequence[str] | None = None,
    *,
    ordered: Any = True,
    missing: str = "pairwise",
    weights: str | None = None,
) -> PolychoricCorrelations:
    r"""Return polychoric, polyserial and Pearson correlations, and thresholds.

    Parameters
    ----------
    data : frame or Responses
        One row a respondent.
    names : sequence of str, optional
        The p variables, at least two; all columns otherwise (but not that of the weights).
    ordered : True, sequence of str, or instrument
        Which of them are ordinal; the others are continuous. Ordered categoricals of pandas are ordinal.
    missing : {"pairwise", "listwise"}
        Use all answers to each variable and all rows that answer both of a pair, or rows that answer all.
    weights : str, optional
        Column of sampling weights.

    Returns
    -------
    PolychoricCorrelations
        Frames of correlations, standard errors, thresholds and pairs; polychoric for two ordinal variables,
        polyserial for an ordinal and a continuous one, Pearson for two continuous ones.

    Raises
    ------
    ArgumentError
        For fewer than two variables, a name that is not among them, or an unknown option.
    DataError
        For a missing or non-numeric column, a variable with one category or with too many, two variables that
        no row answers both, or weights that are none.

    Notes
    -----
    Estimated in two steps (Olsson 1979, Psychometrika 44(4), 443-460; Olsson, Drasgow & Dorans 1982,
    Psychometrika 47(3), 337-347): thresholds are normal quantiles of cumulated proportions,
    :math:`\tau_c = \Phi^{-1}(\sum_{a \le c} p_a)`, and each correlation has the highest likelihood given
    them. Standard errors are those of Muthen (1984, Psychometrika 49(1), 115-132). A 2 x 2 table with one
    empty cell gets half a row in that cell and in the one opposite and loses half a row in the two others; no
    other table is changed. Polychoric correlations are sought up to 0.999 in size, polyserial ones up to
    0.995.
    Checked against: lavaan 0.6-14, `tests/reference/ordinal_moments`.

    Examples
    --------
    >>> from trustmeasure.sem import simulate
    >>> data = simulate("trust =~ 0.8*a + 0.7*b + 0.9*c", 500, seed=1, cuts=[-1.0, 0.0, 1.0])
    >>> found = polychoric(data)
    >>> found.correlations.shape, found.pairs["kind"].unique().tolist()
    ((3, 3), ['polychoric'])
    """
    one_of("missing", missing, MISSING)
    columns = Columns.of(data)
    chosen = chosen_names(columns, names, weights)
    ordinal = chosen_ordinal(ordered, chosen, columns)
    columns = with_codes(columns, ordinal)
    values, _ = columns.reader(chosen).read(slice(0, columns.n_rows))
    return correlations_of(
        np.asarray(values),
        chosen,
        ordinal,
        missing=missing,
        weights=None if weights is None else weights_of(columns, weights),
    )


def chosen_names(columns: Columns, names: Sequence[str] | None, weights: str | None = None) -> list[str]:
    """Return the variables: those named, or all columns but the weights."""
    if isinstance(names, str):
        raise ArgumentError(f"names={names!r} is one text; give a list of column names.")
    every = [c for c in columns.frame.columns if c != weights]
    chosen = every if names is None else list(names)
    doubled = sorted({n for n in chosen if chosen.count(n) > 1})
    if doubled:
        raise ArgumentError(f"names holds {', '.join(doubled)} more than once.")
    if len(chosen) < 2:
        raise ArgumentError(f"There are {len(chosen)} variables; a correlation needs two.")
    return chosen


def chosen_ordinal(ordered: Any, names: list[str], columns: Columns) -> list[str]:
    """Return the ordinal variables, ordered categoricals among them; an instrument may know of others."""
    wanted = set(names) if ordered is True else set(names_said(ordered))
    if isinstance(ordered, str | list | tuple | set):
        for name in wanted:
            if name not in names:
                raise ArgumentError(f"ordered: '{name}' is not a variable here. {suggestion(name, names)}")
    known = [n for n in names if n in columns.frame.columns and is_ordered_categorical(columns, n)]
    return [name for name in names if name in wanted or name in known]
