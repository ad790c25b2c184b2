"""The measurement model: every item on its own scale."""

from __future__ import annotations

from typing import Any

from trustmeasure.reporting.blocks import Block, Section, Text
from trustmeasure.reporting.sections.models import fit_grid, loading_grid
from trustmeasure.validation.context import Context, section as made


def section(context: Context) -> Section | None:
    """Return the section."""
    result = context.value("confirmatory")
    if result is None:
        return made(context, "confirmatory", context.failed("confirmatory"))
    t = context.words
    said = t("confirmatory.intro", estimator=result.estimator, n=context.count(result.n_obs))
    blocks: list[Block] = [
        Text(said),
        fit_grid(context, {t("head.value"): result}, t("confirmatory.fit_table")),
        loading_grid(context, result, t("confirmatory.loadings_table")),
        *context.figure("loadings", lambda: _loadings(context, result)),
        *context.notes(result.warnings),
    ]
    return made(context, "confirmatory", blocks)


def _loadings(context: Context, result: Any) -> Any:
    from trustmeasure.plots import loadings

    return loadings(result, labels=dict(context.labels), language=context.language)
