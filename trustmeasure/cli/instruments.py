"""`instruments list` and `instruments show`."""

from __future__ import annotations

from typing import Annotated

import typer

from trustmeasure.cli.help import helped

LIST_ALL_HELP = helped(
    "List the instruments that come with trustmeasure.",
    "trustmeasure instruments list",
)

SHOW_HELP = helped(
    "Show constructs, wording and answers of an instrument.",
    "trustmeasure instruments show cognitive-trust",
    "trustmeasure instruments show my-instrument.yaml",
)

app = typer.Typer(help="Show the instruments.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list", help=LIST_ALL_HELP)
def list_all() -> None:
    """List the instruments that come with trustmeasure."""
    from trustmeasure.display import Table
    from trustmeasure.instruments import list_instruments

    typer.echo(str(Table("Instruments", list_instruments())))


@app.command("show", help=SHOW_HELP)
def show(
    instrument: Annotated[
        str, typer.Argument(metavar="ID", help="Id of an instrument, or path of its file.")
    ],
) -> None:
    """Show constructs, wording and answers of an instrument."""
    from trustmeasure.instruments import load_instrument

    typer.echo(str(load_instrument(instrument).summary()))
