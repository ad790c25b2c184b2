"""The first page: cards, and the scales at a glance."""

from __future__ import annotations

import pandas as pd

from trustmeasure.reporting.blocks import Block, Cards, Note, Section, Text
from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.validation.context import Context
from trustmeasure.validation.glance import glance
from trustmeasure.validation.grids import figure, grid, interval, text, whole

COLUMNS = (
    text("scale", "construct"),
    whole("items", "n_items"),
    whole("n", "n_obs"),
    figure("alpha", "alpha"),
    figure("omega", "omega"),
    interval("interval", "omega_ci_lower", "omega_ci_upper"),
    figure("cr", "cr"),
    figure("ave", "ave"),
    figure("msv", "msv"),
    figure("loading_min", "loading_min"),
    figure("htmt_max", "htmt_max"),
)


def section(context: Context) -> Section:
    """Return the section."""
    t, frame = context.words, glance(context.survey, context.found)
    blocks: list[Block] = []
    if context.survey.simulated:
        blocks.append(Note(t("simulated.title"), [t("simulated.text")], tone="simulated"))
    table = grid(t, t("scales.table"), frame, COLUMNS, notes=(t("scales.note"),), labels=context.labels)
    blocks += [Cards(_cards(context, frame)), Text(t("scales.intro")), table]
    return Section("scales", t("section.scales"), blocks)


def _cards(context: Context, frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    t, answers = context.words, context.survey.answers
    share = float(answers.isna().to_numpy().mean()) if answers.size else float("nan")
    cards = [
        (context.count(len(answers)), t("card.people"), ""),
        (str(answers.shape[1]), t("card.items", scales=len(frame)), ""),
        (f"{context.percent(share)}%", t("card.missing"), ""),
    ]
    omegas = frame["omega"].dropna()
    if len(omegas):
        shown = f"{context.number(omegas.min(), 2)}–{context.number(omegas.max(), 2)}"
        cards.append((shown, t("card.omega"), ""))
    result = context.value("confirmatory")
    if result is not None:
        fit = reported_fit(result)
        remark = t("card.fit_note", rmsea=context.number(fit.rmsea), srmr=context.number(fit.srmr))
        cards.append((context.number(fit.cfi), t("card.model"), remark))
    if frame["htmt_max"].notna().any():
        cards.append((context.number(frame["htmt_max"].max(), 2), t("card.htmt"), ""))
    return cards
