"""`instruments list`, `show`, `check`, `new`, `schema`, `expert-form` and `content-validity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trustmeasure.cli.data import csv_text, separated
from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    import pandas as pd

LIST_ALL_HELP = helped(
    "List the instruments that come with trustmeasure.",
    "trustmeasure instruments list",
)

SHOW_HELP = helped(
    "Show constructs, wording and answers of an instrument.",
    "trustmeasure instruments show cognitive-trust",
    "trustmeasure instruments show my-instrument.yaml",
)

CHECK_HELP = helped(
    "Look at wording, translation, signs and structure of instruments. Exit code 1 for errors.",
    "trustmeasure instruments check",
    "trustmeasure instruments check my-instrument.yaml --advice",
    "trustmeasure instruments check my-folder/ --strict -o findings.csv",
)

NEW_HELP = helped(
    "Write a commented instrument file to start from; it works as it is.",
    "trustmeasure instruments new service-quality",
    "trustmeasure instruments new service-quality --lang en -o my-folder/service-quality.yaml",
)

SCHEMA_HELP = helped(
    "Write the JSON Schema of instrument files, by which editors check a file while it is written.",
    "trustmeasure instruments schema -o instrument.schema.json",
)

EXPERT_FORM_HELP = helped(
    "Write the form on which experts judge the items: .xlsx or .docx.",
    "trustmeasure instruments expert-form satisfaction -o form.xlsx",
    "trustmeasure instruments expert-form my-instrument.yaml --lang zh --expert A -o form-a.docx",
)

CONTENT_VALIDITY_HELP = helped(
    "Show what experts say of the items: filled forms, a folder of them, or a table of ratings (.csv).",
    "trustmeasure instruments content-validity forms/",
    "trustmeasure instruments content-validity ratings.csv -i satisfaction -o items.csv",
)

app = typer.Typer(help="Show the instruments.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list", help=LIST_ALL_HELP)
def list_all() -> None:
    """List the instruments that come with trustmeasure."""
    from trustmeasure.cli.showing import instrument_table
    from trustmeasure.instruments import list_instruments

    typer.echo(str(instrument_table(list_instruments())))


@app.command("show", help=SHOW_HELP)
def show(
    instrument: Annotated[
        str, typer.Argument(metavar="ID", help="Id of an instrument, or path of its file.")
    ],
) -> None:
    """Show constructs, wording and answers of an instrument."""
    from trustmeasure.instruments import load_instrument

    typer.echo(str(load_instrument(instrument).summary()))


@app.command("check", help=CHECK_HELP)
def check(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID|FILE|FOLDER]...", help="What to look at; by default all that ships."),
    ] = None,
    advice: Annotated[
        bool, typer.Option("--advice", help="Show advice too, not only errors and warnings.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 for warnings too.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="CSV file of all findings.")] = None,
) -> None:
    """Look at the wording, translation, signs and structure of instruments."""
    from trustmeasure.files import csv_text as safe_csv, write_text
    from trustmeasure.instruments import check_instruments

    found = check_instruments(named or ())
    for line in found.lines(advice=advice):
        typer.echo(line)
    typer.echo(found.verdict())
    if out is not None:
        rows = found.findings.itertuples(index=False, name=None)
        write_text(out, safe_csv([found.findings.columns, *rows]))
        typer.echo(f"{out} written", err=True)
    if found.count("error") or (strict and not found.passed):
        raise typer.Exit(1)


@app.command("new", help=NEW_HELP)
def new(
    id: Annotated[str, typer.Argument(metavar="ID", help="Name of the instrument, such as service-quality.")],
    lang: Annotated[
        list[str] | None, typer.Option("--lang", help="Languages: en, zh or both, the source first.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File ID.yaml, or a folder; by default here.")
    ] = None,
) -> None:
    """Write a commented instrument file to start from."""
    from trustmeasure.instruments import new_instrument

    written = new_instrument(id, out, languages=separated(lang) or ("en", "zh"))
    typer.echo(f"{written} written. Change it, and look at it with: trustmeasure instruments check {written}")


@app.command("schema", help=SCHEMA_HELP)
def schema(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; by default the terminal.")
    ] = None,
) -> None:
    """Write the JSON Schema of instrument files."""
    from trustmeasure.instruments.schema import SCHEMA_FILE, write_schema

    if out is None:
        typer.echo(SCHEMA_FILE.read_text(encoding="utf-8"), nl=False)
    else:
        typer.echo(f"{write_schema(out)} written")


@app.command("expert-form", help=EXPERT_FORM_HELP)
def expert_form(
    instrument: Annotated[
        str, typer.Argument(metavar="ID", help="Id of an instrument, or path of its file.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write: .xlsx or .docx.")],
    lang: Annotated[str, typer.Option("--lang", help="Language of form and items.")] = "en",
    ratings: Annotated[
        list[str] | None,
        typer.Option("--ratings", help="relevance, clarity, necessity, separated by commas; by default all."),
    ] = None,
    form: Annotated[str, typer.Option("--form", help="The instrument's form.")] = "long",
    sector: Annotated[
        str, typer.Option("--sector", help="The sector whose wording is judged, such as finance.")
    ] = "",
    brand: Annotated[
        str | None, typer.Option("--brand", help="Name of the company that the items are about.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title of the form.")] = None,
    expert: Annotated[str, typer.Option("--expert", help="Id of the expert, when it is known.")] = "",
) -> None:
    """Write the form on which experts judge the items."""
    from trustmeasure.questionnaires import write_expert_form
    from trustmeasure.questionnaires.expert_form.model import KINDS

    words = {} if brand is None else {"brand": brand}
    chosen = separated(ratings) or list(KINDS)
    written = write_expert_form(
        instrument,
        out,
        lang,
        ratings=chosen,
        form=form,
        context=sector,
        title=title,
        expert=expert,
        **words,
    )
    typer.echo(f"{written} written: {', '.join(chosen)}")


@app.command("content-validity", help=CONTENT_VALIDITY_HELP)
def content_validity(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Forms, a folder, or one table.")],
    instrument: Annotated[
        str | None,
        typer.Option(
            "--instrument", "-i", metavar="ID", help="Whose items they are; by default the forms say."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="CSV file of the items, unrounded.")] = None,
    ci: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
) -> None:
    """Show what experts say of the items."""
    from trustmeasure.files import write_text
    from trustmeasure.instruments import content_validity as judged

    ratings = _ratings(paths)
    found = judged(ratings, instrument or _named(ratings), ci=ci)
    if out is not None:
        write_text(out, csv_text(found.items))
    typer.echo(str(found))
    for row in found.comments.itertuples(index=False):
        typer.echo(f"  {row.item}, {row.expert}: {row.comment}")
    if out is not None:
        typer.echo(f"{out} written", err=True)


def _ratings(paths: list[Path]) -> pd.DataFrame:
    from trustmeasure.check import existing_file
    from trustmeasure.questionnaires import read_expert_forms

    if len(paths) != 1 or paths[0].suffix.lower() != ".csv":
        return read_expert_forms(paths)
    import pandas as pd

    from trustmeasure.errors import DataError

    try:
        return pd.read_csv(existing_file(paths[0]), encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError) as error:
        raise DataError(f"{paths[0]} cannot be read as a table: {error}") from error


def _named(ratings: pd.DataFrame) -> str | None:
    """Return the instrument that the forms name, when it comes with trustmeasure in their version."""
    from trustmeasure.instruments import list_instruments

    if not {"instrument", "version"} <= set(ratings.columns):
        return None
    known = list_instruments().set_index("id")["version"].to_dict()
    name, version = ratings["instrument"].iloc[0], ratings["version"].iloc[0]
    return str(name) if known.get(name) == version else None
