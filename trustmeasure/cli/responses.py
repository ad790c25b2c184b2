"""`responses import`, `join`, `behaviour`, `link-codes`, `make-key` and `share`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from trustmeasure.cli.data import (
    Columns,
    Duplicates,
    IdColumn,
    Instruments,
    OutOfRange,
    Require,
    column_map,
    separated,
    tell_notes,
)
from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    from trustmeasure.responses import Responses

IMPORT_HELP = helped(
    "Read the export of a survey platform, say what each column is, and write checked answers.",
    "trustmeasure responses import export.csv",
    "trustmeasure responses import export.csv -m survey.limesurvey.txt.manifest.json -o answers.csv",
    "trustmeasure responses import forms/ -m survey.html -o answers.sav",
)

JOIN_HELP = helped(
    "Join the waves of a survey by the participant codes.",
    "trustmeasure responses join before=before.csv later=later.csv -o joined.csv",
    "trustmeasure responses join before=b.csv later=l.csv --long --report report.csv -o long.csv",
)

BEHAVIOUR_HELP = helped(
    "Join what customers did, one row a customer, to their answers.",
    "trustmeasure responses behaviour answers.csv customers.csv --on customer_id -o joined.csv",
)

LINK_CODES_HELP = helped(
    "Make participant codes for the customers of a list, the same in every wave.",
    "trustmeasure responses link-codes customers.csv --id customer_id --key survey.key -o codes.csv",
)

MAKE_KEY_HELP = helped(
    "Write a new random key, readable by you alone, for pseudonyms and participant codes.",
    "trustmeasure responses make-key keys/survey.key",
)

SHARE_HELP = helped(
    "Write answers that may be shared, k-anonymous in the columns that you name.",
    "trustmeasure responses share answers.csv --quasi age_group,gender -k 5 -o public.csv",
    "trustmeasure responses share answers.csv --quasi age_group --coarser purchases_12m=10 -o public.csv",
)

app = typer.Typer(
    help="Read, join and share answers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Source = Annotated[
    Path, typer.Argument(metavar="FILE", help="Export of a platform, or a folder of saved forms.")
]
ManifestFile = Annotated[
    Path | None,
    typer.Option("--manifest", "-m", help="Manifest of the questionnaire, or the export it lies beside."),
]
PlatformName = Annotated[
    str | None, typer.Option("--platform", help="Survey platform; by default recognised.")
]
Language = Annotated[
    str | None, typer.Option("--lang", help="Language of the labels; by default any of the questionnaire.")
]
Identifiers = Annotated[
    Literal["drop", "hash", "keep", "refuse"],
    typer.Option("--identifiers", help="What to do with columns that tell who somebody is."),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", help="Key for hashes; by default the environment variable TRUSTMEASURE_KEY."),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="CSV file to write.")]


def _read(source: Path, manifest: Path | None, instruments: list[str] | None, **options: Any) -> Responses:
    from trustmeasure.responses import read_responses

    given = "auto" if manifest is None else manifest
    return read_responses(source, separated(instruments), manifest=given, **options)


@app.command("import", help=IMPORT_HELP)
def import_answers(
    source: Source,
    manifest: ManifestFile = None,
    instruments: Instruments = None,
    platform: PlatformName = None,
    lang: Language = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write: .csv, .sav or .parquet.")
    ] = None,
    columns: Columns = None,
    by_position: Annotated[
        bool, typer.Option("--by-position", help="Take columns left over for questions left over, in order.")
    ] = False,
    versions: Annotated[
        Literal["refuse", "separate", "drop"],
        typer.Option("--versions", help="What to do with items that another question was asked for."),
    ] = "refuse",
    identifiers: Identifiers = "drop",
    key: KeyFile = None,
    id_column: IdColumn = None,
    require: Require = "all",
    out_of_range: OutOfRange = "error",
    duplicates: Duplicates = "error",
) -> None:
    """Read the export of a survey platform, say what each column is, and write checked answers."""
    from trustmeasure.display import Table
    from trustmeasure.responses.writing import lost_in_file, write_responses

    responses = _read(
        source,
        manifest,
        instruments,
        platform=platform,
        language=lang,
        columns=column_map(columns),
        by_position=by_position,
        versions=versions,
        identifiers=identifiers,
        key=key,
        id_column=id_column,
        require=require,
        out_of_range=out_of_range,
        duplicates=duplicates,
    )
    typer.echo(str(Table("Columns", mapping_table(responses))))
    typer.echo(f"\n{_counted(responses.n_rows, 'respondent')}, {_counted(len(responses.item_ids), 'item')}")
    for reason, rows in responses.excluded["reason"].value_counts(sort=False).items():
        typer.echo(f"{_counted(rows, 'row')} left out: {reason}")
    if out is not None:
        written = write_responses(responses, out, language=lang or "en")
        typer.echo(f"{written} written, with its manifest")
    tell_notes((*responses.notes, *(lost_in_file(responses) if out is not None else ())))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def mapping_table(responses: Responses) -> Any:
    """Return what each column of the source became, for reading."""
    shown = responses.mapping[["column", "name", "how", "holds"]].rename(columns={"name": "in the data"})
    return shown.fillna("")


@app.command("join", help=JOIN_HELP)
def join(
    waves: Annotated[
        list[str], typer.Argument(metavar="WAVE=FILE...", help="Each wave with its file, in their order.")
    ],
    out: Out,
    link: Annotated[str, typer.Option("--link", help="Column with the participant codes.")] = "link_id",
    long: Annotated[
        bool, typer.Option("--long", help="One row a person and wave instead of one a person.")
    ] = False,
    keep: Annotated[
        Literal["all", "matched"], typer.Option("--keep", help="Everybody, or who answered every wave.")
    ] = "all",
    report: Annotated[
        Path | None, typer.Option("--report", help="CSV file for the report on every code.")
    ] = None,
    instruments: Instruments = None,
) -> None:
    """Join the waves of a survey by the participant codes."""
    from trustmeasure.responses import join_waves

    files = wave_files(waves)
    read = {wave: _read(Path(file), None, instruments, require="any") for wave, file in files.items()}
    joined = join_waves(read, link, keep=keep)
    typer.echo(str(joined.summary()))
    _write_table(joined.long if long else joined.wide.reset_index(), out)
    if report is not None:
        _write_table(joined.report, report)


def wave_files(given: list[str]) -> dict[str, str]:
    """Return wave -> file from texts such as `before=before.csv`."""
    from trustmeasure.errors import ArgumentError

    found: dict[str, str] = {}
    for one in given:
        wave, mark, file = one.partition("=")
        if not mark or not wave.strip() or not file.strip() or wave in found:
            raise ArgumentError(f"{one!r} must read WAVE=FILE, such as before=before.csv, each wave once.")
        found[wave.strip()] = file.strip()
    return found


@app.command("behaviour", help=BEHAVIOUR_HELP)
def behaviour(
    source: Source,
    customers: Annotated[Path, typer.Argument(metavar="BEHAVIOUR", help="CSV file, one row a customer.")],
    out: Out,
    on: Annotated[str, typer.Option("--on", help="Column of the answers with the ids.")] = "customer_id",
    behaviour_on: Annotated[
        str | None, typer.Option("--behaviour-on", help="Column of the behaviour with them.")
    ] = None,
    manifest: ManifestFile = None,
    instruments: Instruments = None,
) -> None:
    """Join what customers did, one row a customer, to their answers."""
    from trustmeasure.responses import join_behaviour, write_responses

    responses = _read(source, manifest, instruments)
    joined = join_behaviour(responses, _table(customers), on, behaviour_on=behaviour_on)
    written = write_responses(joined.responses, out)
    typer.echo(f"{written} written, with its manifest: {', '.join(joined.columns)} added")
    tell_notes(joined.notes)


@app.command("link-codes", help=LINK_CODES_HELP)
def link_codes(
    customers: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file with the customers.")],
    out: Out,
    id_column: Annotated[str, typer.Option("--id", help="Column with their ids.")] = "customer_id",
    key: KeyFile = None,
    address: Annotated[
        str, typer.Option("--address", help="Address of the questionnaire, with {code} for the code.")
    ] = "",
) -> None:
    """Make participant codes for the customers of a list, the same in every wave."""
    from trustmeasure.frames import require_columns
    from trustmeasure.responses import link_codes as codes_of

    frame = _table(customers)
    require_columns(frame, [id_column])
    made = codes_of(frame[id_column], key=key, address=address, path=out)
    typer.echo(f"{out} written: {len(made)} codes, readable by you alone. Keep it apart from the answers.")


@app.command("make-key", help=MAKE_KEY_HELP)
def make_key(path: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")]) -> None:
    """Write a new random key, readable by you alone, for pseudonyms and participant codes."""
    from trustmeasure.responses import make_key as made

    typer.echo(f"{made(path)} written. Keep it outside the folder of the data, and a copy in a safe place.")


@app.command("share", help=SHARE_HELP)
def share(
    source: Source,
    out: Out,
    quasi: Annotated[
        list[str], typer.Option("--quasi", help="Columns by which somebody could be found, with commas.")
    ],
    k: Annotated[int, typer.Option("-k", help="Records that must be alike.")] = 5,
    coarser: Annotated[
        list[str] | None,
        typer.Option("--coarser", metavar="COLUMN=WIDTH", help="Classes of numbers; repeat."),
    ] = None,
    most_suppressed: Annotated[
        float, typer.Option("--most-suppressed", help="Share of the records that may be left out.")
    ] = 0.05,
    manifest: ManifestFile = None,
    instruments: Instruments = None,
) -> None:
    """Write answers that may be shared, k-anonymous in the columns that you name."""
    from trustmeasure.responses import share as shared_of

    responses = _read(source, manifest, instruments)
    shared = shared_of(
        responses,
        out,
        quasi=separated(quasi) or [],
        k=k,
        generalise=_widths(coarser),
        most_suppressed=most_suppressed,
    )
    typer.echo(
        f"{shared.path} written: {shared.records} records, k = {shared.k}, {shared.suppressed} left out. "
        f"{shared.readme.name} says what was done."
    )


def _widths(given: list[str] | None) -> dict[str, float]:
    from trustmeasure.errors import ArgumentError

    found = {}
    for one in given or []:
        column, mark, width = one.rpartition("=")
        try:
            found[column.strip()] = float(width)
        except ValueError:
            mark = ""
        if not mark or not column.strip():
            raise ArgumentError(f"--coarser {one!r} must read COLUMN=WIDTH, such as purchases_12m=10.")
    return found


def _table(path: Path) -> Any:
    """Return the cells of a file of any format that answers are read from."""
    from trustmeasure.responses.raw import ReadOptions
    from trustmeasure.responses.readers import read_source

    return read_source(path, ReadOptions()).frame


def _write_table(frame: Any, path: Path) -> None:
    """Write a frame as CSV in which nothing is a formula."""
    from trustmeasure.files import csv_text as safe_text, write_text

    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    written = write_text(path, safe_text([[str(name) for name in frame], *rows]))
    typer.echo(f"{written} written: {len(frame)} rows")
