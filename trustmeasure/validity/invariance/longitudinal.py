"""Longitudinal invariance: the same people answer the same items several times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.empty_categories import COLUMNS
from trustmeasure.sem.parameters import THETA
from trustmeasure.sem.prepare import Asked, prepared
from trustmeasure.sem.split import Split
from trustmeasure.validity.invariance.plan import Partial, Plan, Steps, base_of, left_free, named_kinds
from trustmeasure.validity.invariance.record import Invariance
from trustmeasure.validity.invariance.sequence import DEFAULTS
from trustmeasure.validity.invariance.waves import Waves

_NOTE = (
    "CFI and TLI compare with independent items; with waves that baseline fits worse than equal means and "
    "variances over time would (Widaman & Thompson 2003, Psychological Methods 8(1), 16-37)."
)


def longitudinal_invariance(
    model: str,
    data: Any,
    *,
    waves: Mapping[str, str | Mapping[str, str]],
    steps: Steps | None = None,
    estimator: str | None = None,
    missing: str = "listwise",
    partial: Partial = (),
    cluster: str | None = None,
    ci: float = 0.95,
) -> Invariance:
    r"""Fit and compare the steps of invariance over waves of the same people.

    Parameters
    ----------
    model : str
        A measurement model of one wave, in names of items without their wave.
    data : frame or Responses
        One row a person, the items of every wave in columns of their own (wide form).
    waves : mapping of str to str, or to mapping
        For each wave, in order, where its items stand: a pattern such as "{item}_t1", or a mapping from item
        to column.
    steps, partial, ci
        As for `invariance`; relations are named as in the model of one wave, such as "f =~ x2".
    estimator, missing, cluster
        As for `fit_sem`, of continuous answers; "fiml" keeps people who left out a wave.

    Returns
    -------
    Invariance
        As from `invariance`. Latent variables are called by their name and wave ("f_before"); they have mean
        0 and variance 1 in the first wave. They covary freely between waves, and so do the residuals of the
        same item. `suggest_releases`, `release_sequentially` and `latent_means` take it.

    Raises
    ------
    ModelSyntaxError, ArgumentError, DataError, IdentificationError, ConvergenceError
        As for `invariance`.

    Notes
    -----
    Millsap & Cham (2012, in Laursen, Little & Card, Handbook of developmental research methods). Checked
    against: models of `measEq.syntax` of semTools 0.5-6 fitted by lavaan 0.6-14,
    `tests/reference/invariance/waves.R`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> trust = rng.normal(size=(500, 1))
    >>> first = trust + 0.5 * rng.normal(size=(500, 1)) + rng.normal(size=(500, 4))
    >>> second = trust + 0.3 + 0.5 * rng.normal(size=(500, 1)) + rng.normal(size=(500, 4))
    >>> names = [f"{item}_{wave}" for wave in (1, 2) for item in "abcd"]
    >>> answers = pd.DataFrame(np.hstack([first, second]), columns=names)
    >>> waves = {"before": "{item}_1", "after": "{item}_2"}
    >>> found = longitudinal_invariance("f =~ a + b + c + d", answers, waves=waves)
    >>> found.frame[["step", "df", "df_difference"]].values.tolist()
    [['configural', 15.0, nan], ['metric', 18.0, 3.0], ['scalar', 21.0, 3.0], ['strict', 25.0, 4.0]]
    """
    in_range("ci", ci, 0.0, 1.0)
    one = base_of(model, 1, {}, THETA)
    places = Waves.of(waves, one.observed)
    base = base_of(model, len(places.labels), {}, THETA)
    kinds = named_kinds(steps, base)
    free = left_free(partial, base, list(kinds))
    split = Split.of(data, None, None, None, None, cluster=cluster)
    asked = Asked(estimator, None, None, None, "normal", "trustmeasure", missing, None, cluster, (), False)
    wide = places.table(base)
    clash = set(wide.latent) & set(wide.observed)
    if clash:
        raise ArgumentError(
            f"'{min(clash)}' would be a latent variable and is a column. Give the wave another name."
        )
    _, sample, options = prepared(asked, split, wide, dict(DEFAULTS), (), None)
    plan = Plan(
        base, kinds, free, split, sample, options, asked.missing, ci, "", waves=places, notes=(_NOTE,)
    )
    return Invariance.of(plan, pd.DataFrame(columns=list(COLUMNS)))
