"""Item statistics and the distribution of the answers."""

from __future__ import annotations

from trustmeasure.reporting.blocks import Block, Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.frames import rows_of
from trustmeasure.reporting.pictures import picture
from trustmeasure.reporting.statistics import item_statistics


def section(context: Context) -> Section:
    """Return the section."""
    t = context.words
    blocks: list[Block] = [Text(t("items.intro")), _statistics(context)]
    for instrument in context.findings.responses.instruments:
        tag = context.findings.language
        title = instrument.title.get(tag) or next(iter(instrument.title.values()))
        blocks += picture(context, "items", t("items.figure", title=title), instrument=instrument)
    blocks += picture(context, "correlations", t("items.correlations"))
    return Section("items", t("section.items"), blocks)


def _statistics(context: Context) -> Grid:
    t, frame = context.words, item_statistics(context.findings.responses)
    rows: list[Row] = []
    for construct, own in frame.groupby("construct", sort=False):
        rows.append(Row((context.name(str(construct)),), heads=True))
        for row in rows_of(own):
            rows.append(
                Row(
                    (
                        f"{row.item} {t('cell.reversed')}" if row.reverse else str(row.item),
                        context.count(row.n),
                        context.percent(row.missing),
                        context.number(row.mean, 2),
                        context.number(row.sd, 2),
                        context.number(row.skew, 2),
                        context.percent(row.floor),
                        context.percent(row.ceiling),
                    )
                )
            )
    keys = ("item", "n", "missing", "mean", "sd", "skew", "floor", "ceiling")
    return Grid(
        t("items.statistics"), [t(f"head.{key}") for key in keys], rows, "lrrrrrrr", (t("items.note"),)
    )
