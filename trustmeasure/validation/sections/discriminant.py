"""How far the constructs differ: correlations of factors, HTMT, Fornell-Larcker, tests."""

from __future__ import annotations

import pandas as pd

from trustmeasure.reporting.blocks import Grid, Row, Section
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import figure, grid, interval, probability, text

PAIRS = (
    text("with", "construct_2"),
    figure("correlation", "correlation"),
    interval("interval", "ci_lower", "ci_upper"),
    figure("htmt", "htmt"),
    interval("interval", "htmt_ci_lower", "htmt_ci_upper"),
    figure("htmt2", "htmt2"),
    interval("interval", "htmt2_ci_lower", "htmt2_ci_upper"),
)
TESTS = (
    text("construct", "construct_1"),
    text("with", "construct_2"),
    text("restriction", "restriction"),
    figure("chisq_difference", "chisq_difference"),
    figure("df_difference", "df_difference", 0),
    probability("p", "p_value"),
)


def section(context: Context) -> Section | None:
    """Return the section."""
    found = context.value("discriminant")
    if found is None:
        return made(context, "discriminant", context.failed("discriminant"))
    t, blocks = context.words, []
    blocks.append(
        grid(
            t,
            t("discriminant.pairs_table"),
            found.to_frame(),
            PAIRS,
            notes=(t("discriminant.note"),),
            group="construct_1",
            labels=context.labels,
        )
    )
    blocks.append(_matrix(context, found.fornell_larcker.matrix()))
    if len(found.tests):
        blocks.append(
            grid(
                t,
                t("discriminant.tests_table"),
                found.tests,
                TESTS,
                notes=(t("discriminant.tests_note"),),
                labels={**context.labels, "merged": t("discriminant.merged")},
            )
        )
    return made(context, "discriminant", [*blocks, *context.notes(found.notes)])


def _matrix(context: Context, matrix: pd.DataFrame) -> Grid:
    """Return the table of Fornell and Larcker: square roots of AVE on the diagonal, correlations below."""
    t, size = context.words, len(matrix)
    values = matrix.to_numpy(dtype=float)
    rows = [
        Row(
            (
                f"{i + 1}. {context.name(str(name))}",
                *(context.number(values[i, j], 2) if j <= i else "" for j in range(size)),
            )
        )
        for i, name in enumerate(matrix.index)
    ]
    heads = [t("head.construct"), *(str(i + 1) for i in range(size))]
    return Grid(
        t("discriminant.matrix_table"), heads, rows, "l" + "r" * size, (t("discriminant.matrix_note"),)
    )
