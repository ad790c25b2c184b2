"""What the sections on both models share: fit, loadings, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from trustmeasure.reporting.blocks import Block, Bullets, Grid, Row, Text
from trustmeasure.reporting.estimation import kind_of, reported_fit
from trustmeasure.reporting.said import Said

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult

FIGURES = ("estimate", "se", "z", "p", "ci", "std")


def fit_grid(context: Said, results: Mapping[str, SemResult], caption: str) -> Grid:
    """Return the fit measures that every paper reports, one column a model.

    Parameters
    ----------
    context : Context
        Findings and words.
    results : mapping
        Heading of the column -> fitted model.
    caption : str
        What the table shows.
    """
    t = context.words
    columns = [fit_cells(context, result) for result in results.values()]
    keys = (
        "fit.chisq",
        "metric.cfi",
        "metric.tli",
        "fit.rmsea",
        "metric.srmr",
        "fit.information",
        "fit.size",
    )
    rows = [Row((t(key), *(column[i] for column in columns))) for i, key in enumerate(keys)]
    kinds = dict.fromkeys(kind_of(result) for result in results.values())
    notes = (*(t(f"fit.note_{kind}") for kind in kinds if kind != "plain"), t("fit.note"))
    return Grid(caption, (t("head.measure"), *results), rows, "l" + "r" * len(results), notes)


def fit_cells(context: Said, result: SemResult) -> tuple[str, ...]:
    """Return the fit of one model, measure by measure."""
    f, n = reported_fit(result), context.number
    interval = context.interval(f.rmsea_ci_lower, f.rmsea_ci_upper)
    return (
        f"{n(f.chisq)} ({context.count(f['df'])}), {context.p_sentence(f.pvalue)}",
        n(f.cfi),
        n(f.tli),
        f"{n(f.rmsea)} {interval}, {context.p_sentence(f.rmsea_pvalue)}",
        n(f.srmr),
        "–" if np.isnan(f.aic) else f"{n(f.aic, 1)} / {n(f.bic, 1)}",
        f"{context.count(result.n_obs)} / {result.npar}",
    )


def heads(context: Said, first: str, result: SemResult) -> list[str]:
    """Return the headings of a table of estimates."""
    level = context.number(100 * result.ci, 0)
    std = context.std
    keys = [*FIGURES[:-1], std]
    return [first, *(context.words(f"head.{key}", level=level) for key in keys)]


def estimates(context: Said, row: Any) -> tuple[str, ...]:
    """Return the cells of one parameter: estimate, se, z, p, interval, standardised."""
    std = context.number(row[context.std])
    if row["se"] == 0.0:
        return (context.number(row["estimate"]), context.words("cell.fixed"), "–", "–", "–", std)
    return (
        context.number(row["estimate"]),
        context.number(row["se"]),
        context.number(row["z"], 2),
        context.p(row["p_value"]),
        context.interval(row["ci_lower"], row["ci_upper"]),
        std,
    )


def loading_grid(context: Said, result: SemResult, caption: str) -> Grid:
    """Return the loadings, grouped by construct."""
    rows: list[Row] = []
    loadings = result.parameters[result.parameters["op"] == "=~"]
    for construct, own in loadings.groupby("lhs", sort=False):
        rows.append(Row((context.name(str(construct)),), heads=True))
        rows += [Row((context.name(row["rhs"]), *estimates(context, row))) for _, row in own.iterrows()]
    notes = [context.words(f"note.{context.std}")]
    if (loadings["se"] == 0.0).any():
        notes.append(context.words("note.fixed"))
    return Grid(caption, heads(context, context.words("head.indicator"), result), rows, "lrrrrcr", notes)


def warning_blocks(context: Said, result: SemResult) -> list[Block]:
    """Return what the engine has to say about the fit."""
    # How many rows were left out is said elsewhere in words.
    told = [m for m in result.warnings if "(listwise)" not in m and "rows were left out" not in m]
    return [Text(context.words("model.warnings")), Bullets(told, language="en")] if told else []
