"""The figures of a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trustmeasure.errors import TrustMeasureError
from trustmeasure.reporting.blocks import Block, Figure, Note
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.frames import wordings

if TYPE_CHECKING:
    from matplotlib import figure as mpl


def picture(context: Context, name: str, caption: str, **what: Any) -> list[Block]:
    """Return a figure, a remark when it cannot be drawn, or nothing when it is not wanted.

    Parameters
    ----------
    context : Context
        Findings and words.
    name : str
        One of `FIGURES`.
    caption : str
        What the figure shows.
    **what
        What to draw, such as `constructs=`.
    """
    if name not in context.findings.figures:
        return []
    try:
        drawn = _DRAW[name](context, **what)
    except TrustMeasureError as error:
        return [Note(context.words("failed.figure", caption=caption), [str(error)], tone="failed")]
    return [] if drawn is None else [Figure(caption, drawn)]


def _path_diagram(context: Context) -> mpl.Figure | None:
    from trustmeasure.plots import path_diagram

    findings = context.findings
    if findings.structural is None:
        return None
    return path_diagram(
        findings.structural, estimates=findings.std, labels=dict(context.names), language=findings.language
    )


def _items(context: Context, constructs: Sequence[str]) -> mpl.Figure:
    from trustmeasure.plots import likert

    findings, t = context.findings, context.words
    texts = {
        id: t("instruments.reversed", text=text) if findings.responses.item(id).reverse else text
        for id, text in wordings(findings).items()
    }
    return likert(
        findings.responses,
        construct=list(constructs),
        labels=texts,
        language=findings.language,
    )


def _correlations(context: Context) -> mpl.Figure | None:
    """Draw the correlations of the scores of constructs with items of their own."""
    from trustmeasure.plots import correlation_heatmap

    findings = context.findings
    if findings.scores is None:
        return None
    own = [c.id for c in findings.responses.constructs if c.items and c.id in findings.scores]
    varied = [id for id in own if findings.scores[id].nunique() > 1]
    if len(varied) < 2:
        return None
    return correlation_heatmap(
        findings.scores[varied], labels=dict(context.names), language=findings.language
    )


def _loadings(context: Context) -> mpl.Figure | None:
    from trustmeasure.plots import loadings

    findings = context.findings
    result = findings.measurement or findings.structural
    if result is None or not result.model.latent:
        return None
    return loadings(result, estimates=findings.std, labels=dict(context.names), language=findings.language)


_DRAW: Mapping[str, Callable[..., Any]] = {
    "path-diagram": _path_diagram,
    "items": _items,
    "correlations": _correlations,
    "loadings": _loadings,
}
