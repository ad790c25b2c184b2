"""`score` and `reliability`, and how the commands read answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    import pandas as pd

    from trustmeasure.responses import Responses

SCORE_HELP = helped(
    "Score the constructs of each respondent; reversed items are turned.",
    "trustmeasure score answers.csv -i satisfaction,loyalty -o scores.csv",
    "trustmeasure score answers.sav -i satisfaction --columns Q1=sat_1 --require any -o scores.csv",
)

RELIABILITY_HELP = helped(
    "Show Cronbach's alpha and McDonald's omega of every scale.",
    "trustmeasure reliability answers.csv -i cognitive-trust",
    "trustmeasure reliability answers.csv -i satisfaction,loyalty --ci 0.9 -o reliability.csv",
)

Data = Annotated[
    Path,
    typer.Argument(metavar="DATA", help="Answers: .csv .tsv .xlsx .sav .dta .parquet, one row a person."),
]
Instruments = Annotated[
    list[str] | None,
    typer.Option(
        "--instruments",
        "-i",
        metavar="IDS",
        help="Ids of instruments or paths of their files, separated by commas; by default the shipped "
        "ones of which the data hold items.",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--columns", metavar="COLUMN=ITEM", help="A column that is not named by its item; repeat."),
]
IdColumn = Annotated[str | None, typer.Option("--id-column", help="Column with the respondents' ids.")]
OutOfRange = Annotated[
    Literal["error", "missing"],
    typer.Option("--out-of-range", help="Refuse codes that a scale does not have, or set them missing."),
]
Duplicates = Annotated[
    Literal["error", "first", "last", "keep"],
    typer.Option("--duplicates", help="What to do with rows that repeat an id."),
]
Require = Annotated[
    Literal["all", "any"], typer.Option("--require", help="Whether every item needs a column.")
]


def separated(given: list[str] | None) -> list[str] | None:
    """Return names that were given several times, separated by commas, or both; None when there are none."""
    names = [name.strip() for one in given or [] for name in one.split(",") if name.strip()]
    return names or None


def column_map(given: list[str] | None) -> dict[str, str] | None:
    """Return column -> item from texts such as `Q1=sat_1`."""
    from trustmeasure.errors import ArgumentError

    found: dict[str, str] = {}
    for one in given or []:
        column, mark, item = one.rpartition("=")
        if not mark or not column.strip() or not item.strip():
            raise ArgumentError(f"--columns {one!r} must read COLUMN=ITEM, such as Q1=sat_1.")
        found[column.strip()] = item.strip()
    return found or None


def answers(
    data: Path, instruments: list[str] | None, columns: list[str] | None, **options: Any
) -> Responses:
    """Read answers as the options of a command say."""
    from trustmeasure.responses import read_responses

    return read_responses(data, separated(instruments), columns=column_map(columns), **options)


def tell_notes(notes: Iterable[str]) -> None:
    """Tell on standard error what is worth a note; called when all else went well."""
    for note in notes:
        typer.echo(f"trustmeasure: note: {note}", err=True)


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV, unrounded, in which no text is a formula."""
    from trustmeasure.files import safe_frame

    return str(safe_frame(frame).to_csv(index=False, lineterminator="\n"))


def score(
    data: Data,
    instruments: Instruments = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="CSV file to write; by default the terminal.")
    ] = None,
    method: Annotated[Literal["mean", "sum"], typer.Option(help="Mean or sum of the items.")] = "mean",
    min_valid: Annotated[
        float, typer.Option(help="Share of a construct's items that must be answered, above 0 up to 1.")
    ] = 0.5,
    columns: Columns = None,
    id_column: IdColumn = None,
    require: Require = "all",
    out_of_range: OutOfRange = "error",
    duplicates: Duplicates = "error",
) -> None:
    """Score the constructs of each respondent; reversed items are turned."""
    from trustmeasure.files import write_text
    from trustmeasure.study.stages import score_constructs

    responses = answers(
        data,
        instruments,
        columns,
        id_column=id_column,
        require=require,
        out_of_range=out_of_range,
        duplicates=duplicates,
    )
    scores = score_constructs(responses, method, min_valid)
    ids = responses.respondents
    scores.insert(0, str(ids.name or "respondent"), ids.to_numpy())
    if out is None:
        typer.echo(csv_text(scores), nl=False)
    else:
        written = write_text(out, csv_text(scores))
        typer.echo(f"{written} written: {len(scores)} respondents, {scores.shape[1] - 1} constructs")
    tell_notes(responses.notes)


def reliability(
    data: Data,
    instruments: Instruments = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="CSV file to write, unrounded.")] = None,
    ci: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
    missing: Annotated[
        Literal["pairwise", "listwise"], typer.Option(help="What alpha does with missing answers.")
    ] = "pairwise",
    columns: Columns = None,
    id_column: IdColumn = None,
    require: Require = "all",
    out_of_range: OutOfRange = "error",
    duplicates: Duplicates = "error",
) -> None:
    """Show Cronbach's alpha and McDonald's omega of every scale."""
    from trustmeasure.cli.tables import reliability_table
    from trustmeasure.files import write_text
    from trustmeasure.reliability_analysis import reliability as table_of

    responses = answers(
        data,
        instruments,
        columns,
        id_column=id_column,
        require=require,
        out_of_range=out_of_range,
        duplicates=duplicates,
    )
    frame = table_of(responses, ci, missing=missing)
    if out is not None:
        write_text(out, csv_text(frame))
    typer.echo(str(reliability_table(frame, ci)))
    if out is not None:
        typer.echo(f"{out} written", err=True)
    tell_notes(responses.notes)
