"""Item statistics and the distribution of the answers."""

from __future__ import annotations

from trustmeasure.instruments import Instrument
from trustmeasure.reporting.blocks import Block, Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.frames import language_of, rows_of
from trustmeasure.reporting.pictures import picture
from trustmeasure.reporting.statistics import item_statistics


def section(context: Context) -> Section:
    """Return the section."""
    t = context.words
    blocks: list[Block] = [Text(t("items.intro")), _statistics(context)]
    for instrument in context.findings.responses.instruments:
        title = instrument.title[language_of(instrument.language_tags, context.findings.language)]
        groups = by_scale(context, instrument)
        for constructs in groups:
            what = title if len(groups) == 1 else t.listed([context.name(one) for one in constructs])
            blocks += picture(context, "items", t("items.figure", title=what), constructs=constructs)
    blocks += picture(context, "correlations", t("items.correlations"))
    return Section("items", t("section.items"), blocks)


def by_scale(context: Context, instrument: Instrument) -> list[list[str]]:
    """Return the constructs of an instrument that have items in the data, grouped by response scale."""
    responses, groups = context.findings.responses, dict[tuple[int, ...], list[str]]()
    for construct in instrument.constructs:
        asked = [id for id in construct.items if id in responses.item_ids]
        if asked:
            groups.setdefault(responses.scale_of(asked[0]).codes, []).append(construct.id)
    return list(groups.values())


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
        t("items.statistics"), [t(f"head.{key}") for key in keys], rows, "nrrrrrrr", (t("items.note"),)
    )
