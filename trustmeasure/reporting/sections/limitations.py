"""What limits the conclusions, each stated because it is a fact of this run."""

from __future__ import annotations

from trustmeasure.reporting.blocks import Bullets, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.estimation import kind_of
from trustmeasure.reporting.sections.sample import group_columns
from trustmeasure.reporting.statistics import item_statistics

ENOUGH_ITEMS = 10  # with fewer items the same answer throughout is nothing remarkable


def section(context: Context) -> Section:
    """Return the section."""
    t = context.words
    return Section(
        "limitations", t("section.limitations"), [Text(t("limits.intro")), Bullets(limitations(context))]
    )


def limitations(context: Context) -> list[str]:
    """Return one text a limitation that is true of this run."""
    parts = (
        _simulated,
        _failed,
        _missing,
        _same_answer,
        _continuous,
        _once,
        _self_report,
        _groups,
        _evidence,
    )
    return [sentence for part in parts for sentence in part(context)]


def _simulated(context: Context) -> list[str]:
    return [context.words("limits.simulated")] if context.findings.responses.simulated else []


def _failed(context: Context) -> list[str]:
    t = context.words
    stages = [t(f"stage_name.{failure.stage}") for failure in context.findings.failures]
    return [t("limits.failed", stages=t.listed(stages))] if stages else []


def _missing(context: Context) -> list[str]:
    """Say how many rows the models lost, the worse of both when they differ, or what using all asks for."""
    results = [r for r in (context.findings.measurement, context.findings.structural) if r is not None]
    lost = max(results, key=lambda r: r.n_dropped, default=None)
    if lost is not None and lost.missing != "listwise":
        return [context.words(f"limits.{lost.missing}")]
    if lost is None or not lost.n_dropped:
        return []
    n = lost.n_dropped + lost.n_obs
    return [
        context.words(
            "limits.listwise",
            dropped=context.count(lost.n_dropped),
            n=context.count(n),
            share=context.percent(lost.n_dropped / n),
        )
    ]


def _same_answer(context: Context) -> list[str]:
    """Say how many respondents gave one and the same answer throughout, and that they were kept."""
    responses = context.findings.responses
    ids = list(responses.item_ids)
    if len(ids) < ENOUGH_ITEMS:
        return []
    columns = responses.mapping.dropna(subset=["item"]).set_index("item")["column"]
    answered = responses.data[ids].notna()
    given = responses.raw[columns[ids].tolist()].set_axis(ids, axis=1).where(answered)
    same = (given.nunique(axis=1) == 1) & (answered.sum(axis=1) >= ENOUGH_ITEMS)
    return [context.words("limits.same_answer", n=context.count(same.sum()))] if same.any() else []


def _continuous(context: Context) -> list[str]:
    """Say how graded answers were treated, and how skewed they are."""
    findings, t = context.findings, context.words
    result = findings.structural or findings.measurement
    if result is None:
        return []
    used = [id for id in findings.responses.item_ids if id in result.model.observed]
    points = sorted({len(findings.responses.scale_of(id).points) for id in used})
    skew = item_statistics(findings.responses).set_index("item")["skew"].reindex(used).dropna()
    if not points or skew.empty:
        return []
    kind = {"plain": "continuous", "robust": "continuous_robust", "scaled": "ordinal"}[kind_of(result)]
    return [
        t(
            f"limits.{kind}",
            points=t.listed([str(p) for p in points]),
            low=context.number(skew.min(), 2),
            high=context.number(skew.max(), 2),
        )
    ]


def _once(context: Context) -> list[str]:
    """Say that paths are no proof of order; with ids also whether respondents come once."""
    findings, t = context.findings, context.words
    if findings.structural is None:
        return []
    known = findings.responses.id_column is not None
    again = known and findings.responses.respondents.dropna().duplicated().any()
    once = [t("limits.once")] if known and not again else []
    return [t.joined([*once, t("limits.direction")])]


def _self_report(context: Context) -> list[str]:
    findings = context.findings
    if findings.structural is None:
        return []
    own = set(findings.structural.model.observed) <= set(findings.responses.item_ids)
    return [context.words("limits.self_report")] if own else []


def _groups(context: Context) -> list[str]:
    columns = group_columns(context)
    if not columns or (context.findings.structural or context.findings.measurement) is None:
        return []
    return [context.words("limits.groups", columns=context.words.listed(columns))]


def _evidence(context: Context) -> list[str]:
    t, found = context.words, []
    instruments = context.findings.responses.instruments
    developed = [own.id for own in instruments if own.evidence.status == "developed"]
    if developed:
        found.append(t("limits.developed", instruments=t.listed(developed)))
    return found
