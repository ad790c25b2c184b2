"""The first lines: headline figures and what the model found, without a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustmeasure.reporting.blocks import Block, Bullets, Cards, Note, Section
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.reporting.frames import structural_outcomes

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult


def section(context: Context) -> Section:
    """Return the section."""
    t, findings = context.words, context.findings
    blocks: list[Block] = []
    if findings.responses.simulated:
        blocks.append(Note(t("simulated.title"), [t("simulated.text")], tone="simulated"))
    if findings.failures:
        lines = [
            t("brief.failed", stage=t(f"stage_name.{failure.stage}"), message=failure.message)
            for failure in findings.failures
        ]
        blocks.append(Note(t("brief.failures"), lines, tone="failed"))
    blocks.append(Cards(_cards(context)))
    if findings.structural is not None:
        blocks.append(Bullets(_results(context, findings.structural)))
    return Section("brief", t("section.brief"), blocks)


def _cards(context: Context) -> list[tuple[str, str, str]]:
    t, findings = context.words, context.findings
    n_read = findings.responses.n_rows + len(findings.responses.excluded)
    cards = [
        (
            context.count(findings.responses.n_rows),
            t("card.respondents"),
            t("card.respondents_note", n=context.count(n_read)),
        )
    ]
    cards += _reliability_card(context)
    result = findings.structural or findings.measurement
    if result is not None:
        fit = reported_fit(result)
        cards.append(
            (
                context.number(fit.cfi),
                t("metric.cfi"),
                t("card.fit_note", rmsea=context.number(fit.rmsea), srmr=context.number(fit.srmr)),
            )
        )
    if findings.structural is not None:
        cards += _explained_card(context, findings.structural)
    return cards


def _reliability_card(context: Context) -> list[tuple[str, str, str]]:
    frame, t = context.findings.reliability, context.words
    values = frame["omega"].dropna() if frame is not None else None
    metric = "omega"
    if frame is not None and (values is None or values.empty):
        values, metric = frame["alpha"].dropna(), "alpha"
    if values is None or values.empty:
        return []
    low, high = context.number(values.min(), 2), context.number(values.max(), 2)
    figure = low if low == high else t("card.range", low=low, high=high)
    return [(figure, t(f"metric.{metric}"), t("card.scales", n=len(values)))]


def _explained_card(context: Context, result: SemResult) -> list[tuple[str, str, str]]:
    outcomes = structural_outcomes(result)
    if not outcomes:
        return []
    last = outcomes[-1]
    share = context.number(result.r_squared[last])
    return [(share, context.words("card.explained"), context.name(last))]


def _results(context: Context, result: SemResult) -> list[str]:
    """Return one sentence an outcome: how much is explained, and the largest direct path."""
    return [_result(context, result, outcome) for outcome in structural_outcomes(result)]


def _result(context: Context, result: SemResult, outcome: str) -> str:
    """Return the sentence; without a path where predictors are hardly told apart (a path above 1)."""
    t, rows, std = context.words, result.parameters, context.findings.std
    paths = rows[(rows["op"] == "~") & (rows["lhs"] == outcome)]
    said = {"outcome": context.name(outcome), "r2": context.percent(result.r_squared[outcome], 0)}
    if paths[std].isna().all() or paths[std].abs().max() > 1:
        return t("brief.explained", **said)
    largest = paths.iloc[int(paths[std].abs().argmax())]
    return t(
        "brief.outcome",
        **said,
        predictor=context.name(str(largest["rhs"])),
        std=context.number(largest[std], 2),
        p=context.p_sentence(largest["p_value"]),
    )
