"""Sections become one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trustmeasure.reporting.blocks import Block, Figure, Grid, Section
from trustmeasure.reporting.page import Page

TEMPLATES = Path(__file__).parent / "templates"


def numbered(sections: Sequence[Section]) -> list[Section]:
    """Return the sections with tables and figures numbered through."""
    counts = {Grid: 0, Figure: 0}

    def number(block: Block) -> Block:
        if not isinstance(block, Grid | Figure):
            return block
        counts[type(block)] += 1
        return replace(block, number=counts[type(block)])

    return [replace(section, blocks=[number(block) for block in section.blocks]) for section in sections]


def render(page: Page, sections: Sequence[Section]) -> str:
    """Return the page as HTML text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(
        t=page.words,
        page=page,
        sections=numbered(sections),
        style=Markup(style),  # noqa: S704 - our own file
        drawn=lambda figure: Markup(svg(figure)),  # noqa: S704 - made by our own plots
    )


def svg(figure: Figure) -> str:
    """Return a picture as SVG text."""
    from trustmeasure.plots import to_svg

    return to_svg(figure.drawing, title=figure.caption)
