"""Measurement invariance between groups, from one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.empty_categories import COLUMNS, collapsed, counts_of, refuse_empty
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.ordered import Categories, with_ordinal
from trustmeasure.sem.ordinal.refusals import ordinal_options, refuse_with_ordinal
from trustmeasure.sem.ordinal.sample import ordinal_sample
from trustmeasure.sem.parameters import PARAMETERIZATIONS, THETA, ParameterTable
from trustmeasure.sem.prepare import Asked, prepared
from trustmeasure.sem.split import Sample, Split
from trustmeasure.validity.invariance.plan import Partial, Plan, Steps, base_of, left_free, named_kinds
from trustmeasure.validity.invariance.record import Invariance

DEFAULTS: dict[str, Any] = {
    "std_lv": False,
    "meanstructure": None,
    "fixed_x": None,
    "group_equal": (),
    "group_partial": (),
}


def invariance(
    model: str,
    data: Any,
    *,
    group: str,
    steps: Steps | None = None,
    ordered: Any = (),
    parameterization: str = THETA,
    estimator: str | None = None,
    missing: str = "listwise",
    partial: Partial = (),
    weights: str | None = None,
    cluster: str | None = None,
    collapse: bool = False,
    ci: float = 0.95,
) -> Invariance:
    r"""Fit and compare the steps of measurement invariance between groups.

    Parameters
    ----------
    model : str
        A measurement model: `=~`, and `~~` for covariances. What identifies it is set by each step.
    data : frame or Responses
        One row a respondent.
    group : str
        Column that parts the rows into groups (language, sector, wave of a panel of new people). The first
        group to appear is the reference.
    steps : sequence, optional
        Each makes one more kind of parameter equal: "configural" (nothing), "metric" (loadings), "scalar"
        (intercepts), "strict" (residual variances), also under the names "loadings", "intercepts",
        "residuals"; beyond these "residual_covariances", "latent_loadings", "lv_variances", "lv_covariances",
        "means"; with ordered variables "thresholds" before all others. Several at once in parentheses:
        ("metric", "scalar"). Unless given, the first four, with thresholds before them for ordered variables.
    ordered : bool, sequence of str, or instrument
        Ordinal variables, as for `fit_sem`: True for all indicators.
    parameterization : {"theta", "delta"}
        For ordinal variables: whether residual variances or scales of responses are parameters.
    estimator : str, optional
        As for `fit_sem`: "ML" unless given, with ordinal variables "WLSMV". Robust ones ("MLR", "MLM", ...)
        give scaled tests and differences, and robust indices.
    missing : {"listwise", "fiml", "pairwise"}
        As for `fit_sem`.
    partial : sequence of str, or mapping from step to sequence
        Relations that are left free: "f =~ x2", "x2 ~ 1", "x2 ~~ x2", "x2 | t1". In every step, or from the
        step on under which they stand.
    weights, cluster : str, optional
        Columns of sampling weights and of clusters (continuous variables), as for `fit_sem`.
    collapse : bool
        Merge categories of ordinal variables that are empty in a group with a neighbour, in all groups.
    ci : float
        Confidence level of the parameters' intervals.

    Returns
    -------
    Invariance
        A fit for each step, tests and changes of fit against the nearest step that it restricts,
        `describe()`, `release()`, and what was set free.

    Raises
    ------
    ModelSyntaxError, ArgumentError, DataError
        Each says what is wrong and where.
    IdentificationError, ConvergenceError
        If no step at all can be fitted; otherwise the row of a step says why it could not.

    Notes
    -----
    Vandenberg & Lance (2000, Organizational Research Methods 3(1), 4-70). The first group has latent means 0
    and variances 1; equal loadings free the variances of the others, equal intercepts their means.
    Differences are tested as `compare` does, scaled where the estimator is robust. Ordinal answers follow Wu
    & Estabrook (2016, Psychometrika 81(4), 1014-1045), see `ordinal_invariance`. Cut-offs stay with
    `describe()`; a test that needs none is `permutation_invariance`. Checked against: lavaan 0.6-14,
    `tests/reference/invariance`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(600, 1)) + rng.normal(size=(600, 4)), columns=list("abcd"))
    >>> answers["language"] = ["en", "zh"] * 300
    >>> found = invariance("f =~ a + b + c + d", answers, group="language")
    >>> found.frame[["step", "df", "df_difference"]].values.tolist()
    [['configural', 4.0, nan], ['metric', 7.0, 3.0], ['scalar', 10.0, 3.0], ['strict', 14.0, 4.0]]
    """
    if not isinstance(group, str):
        raise ArgumentError("group names the column that parts the rows into groups.")
    in_range("ci", ci, 0.0, 1.0)
    one_of("parameterization", parameterization, list(PARAMETERIZATIONS))
    base_of(model, 2, {}, THETA)  # refuses a wrong text before the data are read
    split = Split.of(data, None, None, None, group, weights=weights, cluster=cluster)
    split, categories = with_ordinal(split, model, ordered)
    asked = Asked(estimator, None, None, None, "normal", "trustmeasure", missing, weights, cluster, (), False)
    wanted = _Wanted(model, group, steps, partial, parameterization, collapse, ci)
    if categories:
        return Invariance.of(*_ordinal(wanted, asked, split, categories))
    return Invariance.of(*_continuous(wanted, asked, split))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the user says of model and steps; see `invariance`."""

    model: str
    group: str
    steps: Steps | None
    partial: Partial
    parameterization: str
    collapse: bool
    ci: float

    def base(self, n_groups: int, counts: Mapping[str, int]) -> ParameterTable:
        """Return the model before anything is equal."""
        return base_of(self.model, n_groups, counts, self.parameterization)

    def plan(
        self, base: ParameterTable, split: Split, sample: Sample, options: Options, missing: str
    ) -> Plan:
        """Return the plan of the sequence."""
        kinds = named_kinds(self.steps, base)
        free = left_free(self.partial, base, list(kinds))
        return Plan(base, kinds, free, split, sample, options, missing, self.ci, self.group)


def _continuous(wanted: _Wanted, asked: Asked, split: Split) -> tuple[Plan, pd.DataFrame]:
    """Return the plan for continuous variables."""
    if wanted.collapse:
        raise ArgumentError("collapse merges categories of ordinal variables: name them in ordered.")
    base = wanted.base(len(split.labels), {})
    _, sample, options = prepared(asked, split, base, dict(DEFAULTS), (), None)
    return wanted.plan(base, split, sample, options, asked.missing), pd.DataFrame(columns=list(COLUMNS))


def _ordinal(
    wanted: _Wanted, asked: Asked, split: Split, categories: Categories
) -> tuple[Plan, pd.DataFrame]:
    """Return the plan for ordinal variables, and what was merged."""
    refuse_with_ordinal(
        engine=asked.engine, missing=asked.missing, cluster=asked.cluster, auxiliary=asked.auxiliary
    )
    options = ordinal_options(asked.estimator, None, None, None, "normal")
    table = wanted.base(len(split.labels), _counts(categories))
    used = counts_of(split, table, categories, asked.missing)
    if not wanted.collapse:
        refuse_empty(used)
    split, left, merged = collapsed(split, table, used)
    base = wanted.base(len(split.labels), _counts(left))
    sample = ordinal_sample(split, base, left, asked.missing, options)
    plan = wanted.plan(base, split, sample, options, asked.missing)
    return replace(plan, categories=left), merged


def _counts(categories: Mapping[str, tuple[float, ...]]) -> dict[str, int]:
    return {name: len(codes) - 1 for name, codes in categories.items()}
