"""The residuals of a fit as a coloured lower triangle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from trustmeasure.check import one_of
from trustmeasure.plots.correlations import Correlations
from trustmeasure.plots.heatmap import triangle
from trustmeasure.plots.words import Language, chosen, require_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.sem import SemResult

LIMITS = {"z": 5.0, "residual": 0.2}
"""Where the colours end; the same in all figures, so that they can be compared."""
WORDS = {"z": "residual_z", "residual": "residual"}


def residual_heatmap(
    result: SemResult,
    *,
    show: Literal["z", "residual"] = "z",
    group: str | None = None,
    labels: Mapping[str, str | Mapping[str, str]] | None = None,
    values: bool = True,
    decimals: int | None = None,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw which correlations a model leaves unexplained.

    Red: the variables are more closely related than the model says; blue: less. Indicators of one latent
    variable stand together.

    Parameters
    ----------
    result : SemResult
        A fit.
    show : {"z", "residual"}
        Residuals divided by their standard errors, whose colours end at 5, or residual correlations, whose
        colours end at 0.2.
    group : str, optional
        Label of the group; needed when there are several.
    labels : mapping, optional
        Variable or latent variable -> what it is called (or -> name per language).
    values : bool
        Whether to print the values.
    decimals : int, optional
        Digits after the point: 1 for z, 2 for residuals unless said otherwise.
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of names and of the figure's own words.
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
        If an argument has an unknown value, or the fit has no standard errors of residuals.

    Examples
    --------
    >>> from semopy.examples import holzinger39
    >>> from trustmeasure.sem import fit_sem
    >>> fit = fit_sem("visual =~ x1 + x2 + x3 \n textual =~ x4 + x5 + x6", holzinger39.get_data())
    >>> fig = residual_heatmap(fit)
    >>> [text.get_text() for text in fig.axes[0].texts if text.get_label() == "_value"][:3]
    ['−3.2', '−0.2', '2.9']
    """
    one_of("show", show, list(LIMITS))
    require_language(language)
    given = {name: chosen(text, language) for name, text in (labels or {}).items()}
    from trustmeasure.sem import residual_table

    table = residual_table(result, kind="bollen", sort=False)
    matrix = table.matrix(show, group)
    owners = _owners(result, given)
    order = [*owners, *(name for name in matrix.columns if name not in owners)]
    found = Correlations(matrix.loc[order, order], {}, owners, None, LIMITS[show], WORDS[show])
    digits = {"z": 1, "residual": 2}[show] if decimals is None else decimals
    return triangle(
        found, given, digits if values else None, title=title, language=language, ax=ax, figsize=figsize
    )


def _owners(result: SemResult, given: Mapping[str, str]) -> dict[str, str]:
    """Return the latent variable that an observed one measures, factor by factor."""
    observed = set(result.model.observed)
    found: dict[str, str] = {}
    for row in result.model.only(1).parameters:
        if row.op == "=~" and row.rhs in observed:
            found.setdefault(row.rhs, given.get(row.lhs, row.lhs))
    return found
