"""Figures of measurement invariance: steps, items that differ, aligned means."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from trustmeasure.check import one_of
from trustmeasure.criteria import load_criteria
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.dot_rows import Dot, Row, draw_rows
from trustmeasure.plots.naming import Labels, names
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.validity.invariance import (
        Alignment,
        Invariance,
        ItemEffects,
        PermutationInvariance,
    )

MEASURES = ("cfi", "rmsea", "srmr")
EFFECTS = ("dmacs", "dmacs_signed", "udi2", "sdi2", "mean_difference")


def invariance_steps(
    found: Invariance,
    permutations: PermutationInvariance | None = None,
    *,
    measure: Literal["cfi", "rmsea", "srmr"] = "cfi",
    reference: bool = True,
    decimals: int = 3,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw how the fit changes from step to step, beside a cited cut-off and what chance does.

    Parameters
    ----------
    found : Invariance
        A sequence.
    permutations : PermutationInvariance, optional
        Its permutation test: a grey band is the middle 95 % of the permutations.
    measure : {"cfi", "rmsea", "srmr"}
        What changes; the index made for the estimator where the sequence has it.
    reference : bool
        Draw the cut-off of Cheung & Rensvold (2002) for changes of CFI.
    decimals : int
        Digits after the point.
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of the figure's own words.
    ax : Axes, optional
        Axes to draw on.
    figsize : pair of float, optional
        Size in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Raises
    ------
    ArgumentError
        If no step is compared with another one.

    Examples
    --------
    >>> import numpy as np, pandas as pd, trustmeasure as tm
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(600, 1)) + rng.normal(size=(600, 4)), columns=list("abcd"))
    >>> answers["language"] = ["en", "zh"] * 300
    >>> fig = invariance_steps(tm.invariance("f =~ a + b + c + d", answers, group="language"))
    >>> fig.axes[0].get_xlabel()
    'Change of CFI against the step before'
    """
    from trustmeasure.validity.invariance.table import kind_of_indices

    one_of("measure", measure, MEASURES)
    require_language(language)
    column = measure if measure == "srmr" else f"{measure}{kind_of_indices(found.frame)}"
    rows = []
    for row in found.frame.to_dict("records"):
        value = float(row[f"{column}_change"])
        if row["against"] and np.isfinite(value):
            rows.append(
                Row(str(row["step"]), (Dot(value, band=_band(permutations, str(row["step"]), measure)),))
            )
    if not rows:
        raise ArgumentError("No step of the sequence is compared with another one; there is nothing to draw.")
    lines = {}
    if reference and measure == "cfi":
        rule = load_criteria()["delta_cfi"].rules[0]
        lines = {float(rule.cutoff): rule.source.cite} if isinstance(rule.cutoff, float) else {}
    axis = word("change_of", language, name=measure.upper())
    if permutations is not None:
        axis += f" ({word('by_chance', language, level='95')})"
    with style.drawing():
        return draw_rows(
            rows, axis=axis, references=lines, title=title, decimals=decimals, ax=ax, figsize=figsize
        )


def _band(found: PermutationInvariance | None, step: str, measure: str) -> tuple[float, float] | None:
    name = f"{step}:{measure}"
    if found is None or name not in found.draws:
        return None
    low, high = np.quantile(found.draws[name], [0.025, 0.975])
    return float(low), float(high)


def item_effects(
    found: ItemEffects,
    *,
    effect: Literal["dmacs", "dmacs_signed", "udi2", "sdi2", "mean_difference"] = "dmacs",
    labels: Labels = None,
    decimals: int = 2,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw how much items differ between groups: a dot with its interval for each item and focal group.

    Parameters
    ----------
    found : ItemEffects
        From `dmacs`.
    effect : {"dmacs", "dmacs_signed", "udi2", "sdi2", "mean_difference"}
        Which effect size.
    labels : mapping, Instrument, sequence of Instrument or Responses, optional
        Names of constructs and items, as for `loadings`.
    decimals, title, language, ax, figsize
        As for `invariance_steps`.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Examples
    --------
    >>> import numpy as np, pandas as pd, trustmeasure as tm
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(600, 1)) + rng.normal(size=(600, 4)), columns=list("abcd"))
    >>> answers["language"] = ["en", "zh"] * 300
    >>> steps = tm.invariance("f =~ a + b + c + d", answers, group="language")
    >>> fig = item_effects(tm.dmacs(steps, draws=50))
    >>> len([line for line in fig.axes[0].lines if str(line.get_label()).startswith("_dot")])
    4
    """
    one_of("effect", effect, EFFECTS)
    require_language(language)
    called = names(labels, language, wording=True)
    several = found.frame["focal"].nunique() > 1
    rows: list[Row] = []
    for latent, part in found.frame.groupby("latent", sort=False):
        rows.append(Row(called.get(str(latent), str(latent))))
        for item, own in part.groupby("item", sort=False):
            dots = tuple(
                Dot(
                    r[effect],
                    r[f"{effect}_ci_lower"],
                    r[f"{effect}_ci_upper"],
                    str(r["focal"]) if several else "",
                )
                for r in own.to_dict("records")
            )
            rows.append(Row(called.get(str(item), str(item)), dots))
    with style.drawing():
        return draw_rows(
            rows,
            axis=word(effect, language),
            references={},
            title=title,
            decimals=decimals,
            ax=ax,
            figsize=figsize,
        )


def aligned_means(
    found: Alignment,
    *,
    sort: bool = True,
    labels: Labels = None,
    decimals: int = 2,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw the aligned means of groups with their intervals.

    Parameters
    ----------
    found : Alignment
        From `alignment`.
    sort : bool
        The largest mean of each construct first; otherwise groups in their own order.
    labels : mapping, Instrument, sequence of Instrument or Responses, optional
        Names of constructs, as for `loadings`.
    decimals, title, language, ax, figsize
        As for `invariance_steps`.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Examples
    --------
    >>> import numpy as np, pandas as pd, trustmeasure as tm
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(600, 1)) + rng.normal(size=(600, 4)), columns=list("abcd"))
    >>> answers["sector"] = ["bank", "shop", "care"] * 200
    >>> steps = tm.invariance("f =~ a + b + c + d", answers, group="sector", steps=["configural"])
    >>> aligned_means(tm.alignment(steps)).axes[0].get_xlabel()
    'Aligned mean (standard deviations of bank)'
    """
    require_language(language)
    called = names(labels, language, wording=True)
    rows: list[Row] = []
    for latent, part in found.groups.groupby("latent", sort=False):
        rows.append(Row(called.get(str(latent), str(latent))))
        ordered = part.sort_values("mean", ascending=False, kind="stable") if sort else part
        rows += [
            Row(str(r["group"]), (Dot(r["mean"], *(_limits(r) if r["mean_se"] > 0 else ())),))
            for r in ordered.to_dict("records")
        ]
    axis = word("aligned_mean", language, group=found.reference)
    with style.drawing():
        return draw_rows(
            rows, axis=axis, references={}, title=title, decimals=decimals, ax=ax, figsize=figsize
        )


def _limits(row: Mapping[Hashable, Any]) -> tuple[float, float]:
    return float(row["mean_ci_lower"]), float(row["mean_ci_upper"])
