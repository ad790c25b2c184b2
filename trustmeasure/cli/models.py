"""`models list` and `models show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trustmeasure.cli.data import separated
from trustmeasure.cli.help import helped

LIST_HELP = helped(
    "List the structural models that have a name.",
    "trustmeasure models list",
)

SHOW_HELP = helped(
    "Show what a named model claims and the text that is fitted.",
    "trustmeasure models show satisfaction-first",
    "trustmeasure models show drivers --form short --without loyalty -o model.txt",
    "trustmeasure models show repair --behaviour repurchased -o model.txt",
)

app = typer.Typer(help="Show the named models.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list", help=LIST_HELP)
def list_all() -> None:
    """List the structural models that have a name."""
    from trustmeasure.display import Table
    from trustmeasure.trust.models import list_models

    typer.echo(str(Table("Named models", list_models()[["name", "title"]])))


@app.command("show", help=SHOW_HELP)
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="One of 'models list'.")],
    instruments: Annotated[
        list[str] | None,
        typer.Option("--instruments", "-i", metavar="IDS", help="Instruments that hold the constructs."),
    ] = None,
    form: Annotated[str, typer.Option("--form", help="The form of the instruments that was asked.")] = "long",
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="CONSTRUCTS", help="Constructs that were not asked."),
    ] = None,
    direct: Annotated[
        bool, typer.Option("--direct/--no-direct", help="With direct paths, or the claim alone.")
    ] = True,
    dimensions: Annotated[
        bool,
        typer.Option("--dimensions/--no-dimensions", help="Measure by dimensions, or by items directly."),
    ] = True,
    behaviour: Annotated[
        str | None,
        typer.Option("--behaviour", metavar="COLUMN", help="Column with behaviour, as last variable."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File for the text.")] = None,
) -> None:
    """Show what a named model claims and the text that is fitted."""
    from trustmeasure.files import write_text
    from trustmeasure.trust import models

    text = models.trust_model(
        name,
        separated(instruments) or None,
        direct=direct,
        higher_order=dimensions,
        form=form,
        without=separated(without) or (),
        behaviour=behaviour,
    )
    if out is None:
        typer.echo(f"{models.describe(name)}\n\n{text}", nl=False)
        return
    write_text(out, text)
    typer.echo(f"{out} written")
