"""The figures of a report as SVG text."""

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
    from trustmeasure.plots import to_svg

    try:
        drawn = _DRAW[name](context, **what)
    except TrustMeasureError as error:
        return [Note(context.words("failed.figure", caption=caption), [str(error)], tone="failed")]
    return [] if drawn is None else [Figure(caption, to_svg(drawn, title=caption))]


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

    findings, mark = context.findings, context.words("instruments.reversed")
    texts = {
        id: f"{text} {mark}" if findings.responses.item(id).reverse else text
        for id, text in wordings(findings).items()
    }
    return likert(
        findings.responses,
        construct=list(constructs),
        labels=texts,
        language=findings.language,
    )


_DRAW: Mapping[str, Callable[..., Any]] = {
    "path-diagram": _path_diagram,
    "items": _items,
    "correlations": lambda context: None,
    "loadings": lambda context: None,
}
