"""What the sections on both models share: fit, loadings, warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trustmeasure.reporting.blocks import Block, Bullets, Grid, Row, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.cutoffs import Measured

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult

HELD = ("cfi", "tli", "rmsea", "srmr")
FIGURES = ("estimate", "se", "z", "p", "ci", "std")


def fit_grid(context: Context, result: SemResult, caption: str) -> Grid:
    """Return the fit measures that every paper reports."""
    t, f = context.words, result.fit_measures
    df = context.count(f["df"])
    rows = [
        (t("fit.chisq", df=df), f"{context.number(f.chisq)}, {context.p_sentence(f.pvalue)}"),
        (t("metric.cfi"), context.number(f.cfi)),
        (t("metric.tli"), context.number(f.tli)),
        (
            t("fit.rmsea"),
            f"{context.number(f.rmsea)} {context.interval(f.rmsea_ci_lower, f.rmsea_ci_upper)}, "
            f"{context.p_sentence(f.rmsea_pvalue)}",
        ),
        (t("metric.srmr"), context.number(f.srmr)),
        (t("fit.information"), f"{context.number(f.aic, 1)} / {context.number(f.bic, 1)}"),
        (t("fit.size"), f"{context.count(result.n_obs)} / {result.npar}"),
    ]
    notes = (t("fit.note"),)
    return Grid(caption, (t("head.measure"), t("head.value")), [Row(row) for row in rows], "lr", notes)


def fit_measured(context: Context, result: SemResult) -> list[Measured]:
    """Return the fit measures that cited cut-offs are about."""
    found = []
    for name in HELD:
        value = float(result.fit_measures[name])
        if value == value:
            found.append(Measured(name, value, context.words(f"metric.{name}")))
    return found


def heads(context: Context, first: str, result: SemResult) -> list[str]:
    """Return the headings of a table of estimates."""
    level = context.number(100 * result.ci, 0)
    std = context.findings.std
    keys = [*FIGURES[:-1], std]
    return [first, *(context.words(f"head.{key}", level=level) for key in keys)]


def estimates(context: Context, row: Any) -> tuple[str, ...]:
    """Return the cells of one parameter: estimate, se, z, p, interval, standardised."""
    std = context.number(row[context.findings.std])
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


def loading_grid(context: Context, result: SemResult, caption: str) -> Grid:
    """Return the loadings, grouped by construct."""
    rows: list[Row] = []
    loadings = result.parameters[result.parameters["op"] == "=~"]
    for construct, own in loadings.groupby("lhs", sort=False):
        rows.append(Row((context.name(str(construct)),), heads=True))
        rows += [Row((context.name(row["rhs"]), *estimates(context, row))) for _, row in own.iterrows()]
    notes = [context.words(f"note.{context.findings.std}")]
    if (loadings["se"] == 0.0).any():
        notes.append(context.words("note.fixed"))
    return Grid(caption, heads(context, context.words("head.indicator"), result), rows, "lrrrrcr", notes)


def warning_blocks(context: Context, result: SemResult) -> list[Block]:
    """Return what the engine has to say about the fit."""
    if not result.warnings:
        return []
    return [Text(context.words("model.warnings")), Bullets(list(result.warnings), language="en")]
