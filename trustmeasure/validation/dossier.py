"""The dossier of an instrument, by the sources of validity evidence of the Standards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from trustmeasure.criteria import load_criteria
from trustmeasure.reporting.blocks import Block, Bullets, Code, Heading, Note, Section, Terms, Text
from trustmeasure.reporting.page import Page
from trustmeasure.reporting.words import Words
from trustmeasure.reporting.writing import write_document
from trustmeasure.validation.claims import EXPECTED, SIDE
from trustmeasure.validation.context import Context
from trustmeasure.validation.grids import figure, grid, interval, long, probability, text, whole
from trustmeasure.validation.sections import (
    confirmatory,
    convergent,
    cutoffs,
    discriminant,
    factors,
    invariance,
    item_response,
    items,
    method_bias,
    reliability,
    scales,
    screening,
)
from trustmeasure.validation.sections.order import notes
from trustmeasure.versions import package_version

if TYPE_CHECKING:
    from trustmeasure.validation.protocol import Validation

Make = Callable[[Context], Section | None]
INTERNAL: tuple[Make, ...] = (
    items.section,
    factors.section,
    confirmatory.section,
    reliability.section,
    item_response.section,
    invariance.section,
)
PROCESS: tuple[Make, ...] = (screening.section, method_bias.section)
OTHERS: tuple[Make, ...] = (convergent.section, discriminant.section)
STANDARDS = (
    "American Educational Research Association, American Psychological Association, & National Council on "
    "Measurement in Education. (2014). Standards for educational and psychological testing. American "
    "Educational Research Association."
)
CLAIMS = (
    text("figure", "figure"),
    text("value", "shown"),
    text("rule", "rule"),
    text("met", "met"),
    long("source", "citation"),
)
COSMIN = (
    text("of", "of"),
    text("figure", "figure"),
    figure("value", "value"),
    text("rule", "rule"),
    text("met", "met"),
    long("source", "citation"),
)
CRITERION = (
    text("construct", "construct"),
    text("criterion", "criterion"),
    whole("n", "n"),
    text("sign", "sign"),
    figure("correlation", "correlation"),
    interval("interval", "ci_lower", "ci_upper"),
    probability("p", "p_value"),
    figure("auc", "auc"),
    interval("interval", "auc_ci_lower", "auc_ci_upper"),
    text("as_expected", "as_expected"),
)
RETEST = (
    text("construct", "construct"),
    whole("n", "n"),
    figure("icc", "icc"),
    interval("interval", "icc_ci_lower", "icc_ci_upper"),
    figure("sem", "sem"),
    figure("mdc", "mdc"),
    long("note", "note"),
)
CONTENT = (
    text("item", "item"),
    whole("experts", "n_experts"),
    figure("i_cvi", "i_cvi"),
    figure("modified_kappa", "modified_kappa"),
    figure("aiken_v", "aiken_v"),
    interval("interval", "aiken_v_ci_lower", "aiken_v_ci_upper"),
    figure("cvr", "cvr"),
)


def write_dossier(
    validation: Validation, path: str | Path, *, language: str, title: str, figures: bool
) -> Path:
    """Write the dossier; see `Validation.write`."""
    words = Words(language)
    context = Context(validation.survey, validation.options, validation.found, words, figures)
    own = validation.instrument
    name = own.title.get(language) or own.title[own.source_language]
    page = Page(
        title=title or words("dossier.title", instrument=name),
        language=language,
        made=f"{own.id} {own.version}",
        simulated=validation.survey.simulated,
        version=package_version("trustmeasure"),
    )
    return write_document(page, dossier_sections(context, validation), path)


def dossier_sections(context: Context, validation: Validation) -> list[Section]:
    """Return the sections: the status, each source of evidence, COSMIN's criteria, the evidence block."""
    return [
        _status(context, validation),
        _source(context, validation, "content", _content(context, validation)),
        _source(context, validation, "response_process", _inside(context, PROCESS)),
        _source(context, validation, "internal_structure", _inside(context, INTERNAL)),
        _source(context, validation, "other_variables", _others(context)),
        _source(context, validation, "consequences", []),
        _cosmin(context, validation.cosmin()),
        *(one for one in (cutoffs.section(context),) if one is not None),
        _evidence(context, validation),
        notes(context),
    ]


def _status(context: Context, validation: Validation) -> Section:
    t = context.words
    blocks = list(scales.section(context).blocks)
    simulated = t("dossier.simulated") if validation.survey.simulated else ""
    said = t("dossier.status", status=t(f"evidence.{validation.status}"))
    blocks.insert(
        1 if validation.survey.simulated else 0, Text(t.joined([said, *([simulated] * bool(simulated))]))
    )
    frame = validation.to_frame()
    frame = frame.assign(
        met=_met(context, frame["met"]),
        heading=_claim_heads(context, frame),
        shown=[context.number(v, 0 if v == round(v) else 3) if v == v else "" for v in frame["value"]],
    )
    labels = {SIDE: t("dossier.side"), EXPECTED: t("dossier.expected")}
    table = grid(
        t,
        t("dossier.claims"),
        frame,
        CLAIMS,
        notes=(t("dossier.claims_note"),),
        group="heading",
        labels=labels,
    )
    return Section("status", t("section.status"), [*blocks, table])


def _claim_heads(context: Context, frame: pd.DataFrame) -> list[str]:
    """Return the heading of each row: its status, and whether it was reached or what was lacking."""
    t = context.words
    heads = []
    for row in frame.to_dict("records"):
        state = "reached" if row["reached"] else "not_reached"
        why = f" {row['lacking']}" if row["lacking"] else ""
        heads.append(f"{t('evidence.' + row['status'])}: {t('dossier.' + state)}{why}")
    return heads


def _met(context: Context, met: pd.Series) -> list[str]:
    t = context.words
    said = {True: t("word.yes"), False: t("word.no")}
    return ["" if one is None else said[bool(one)] for one in met]


def _source(context: Context, validation: Validation, name: str, blocks: list[Block]) -> Section:
    """Return the section of one source of evidence, with what the team says of it; a gap is said."""
    t = context.words
    said = validation.statements.get(name, "")
    own: list[Block] = [Text(t(f"dossier.{name}"))]
    if said:
        own.append(Note(t("dossier.team"), said.splitlines()))
    if not blocks and not said:
        own.append(Note(t("dossier.gap"), [t("dossier.gap_text")], tone="failed"))
    return Section(name.replace("_", "-"), t(f"section.{name}"), [*own, *blocks])


def _inside(context: Context, parts: tuple[Make, ...]) -> list[Block]:
    """Return sections as parts of a larger one, each under a heading."""
    made = [one for one in (make(context) for make in parts) if one is not None]
    return [block for one in made for block in (Heading(one.title), *one.blocks)]


def _content(context: Context, validation: Validation) -> list[Block]:
    t = context.words
    languages = [
        (language.name, t(f"translation.{language.status}")) for language in validation.instrument.languages
    ]
    blocks: list[Block] = [Heading(t("dossier.languages")), Terms(languages), *context.failed("content")]
    value = context.value("content")
    if value is None:
        return blocks
    blocks.append(grid(t, t("dossier.content_table"), value.items, CONTENT))
    whole = value.scales[value.scales["construct"] == "all"].iloc[0]
    shares = {"average": context.number(whole["s_cvi_ave"]), "universal": context.number(whole["s_cvi_ua"])}
    scale = t("dossier.s_cvi", **shares)
    return [*blocks, Text(scale), *context.notes(value.notes)]


def _others(context: Context) -> list[Block]:
    t = context.words
    blocks = [*_inside(context, OTHERS), *context.failed("criterion"), *context.failed("retest")]
    criterion = context.value("criterion")
    if criterion is not None:
        frame = criterion.expected.assign(as_expected=_met(context, criterion.expected["as_expected"]))
        blocks.append(Heading(t("analysis.criterion")))
        notes = (t("dossier.criterion_note"),)
        table = grid(t, t("dossier.criterion_table"), frame, CRITERION, notes=notes, labels=context.labels)
        blocks += [table, *context.notes(criterion.result.notes)]
    retest = context.value("retest")
    if retest is not None:
        blocks.append(Heading(t("analysis.retest")))
        blocks.append(grid(t, t("dossier.retest_table"), retest, RETEST, labels=context.labels))
    return blocks


def _cosmin(context: Context, frame: pd.DataFrame) -> Section:
    t = context.words
    shown = frame.assign(
        met=_met(context, frame["met"]), heading=[t(f"cosmin.{p}") for p in frame["property"]]
    )
    table = grid(t, t("cosmin.table"), shown, COSMIN, group="heading", labels=context.labels)
    return Section("cosmin", t("section.cosmin"), [Text(t("cosmin.intro")), table])


def _evidence(context: Context, validation: Validation) -> Section:
    t = context.words
    blocks: list[Block] = [
        Text(t("dossier.block")),
        Code(validation.evidence_block(), t("dossier.block_title")),
    ]
    return Section("evidence", t("section.evidence"), [*blocks, Bullets(list(_references()), language="en")])


def _references() -> Iterator[str]:
    sources = load_criteria().sources
    yield STANDARDS
    yield sources["prinsen-2018"].reference
    yield sources["mokkink-2018"].reference
