"""`quality` and `validate`: the report on measurement quality, and the validation of an instrument."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustmeasure.cli.data import (
    Columns,
    Data,
    IdColumn,
    Instruments,
    OutOfRange,
    answers,
    separated,
    tell_notes,
)
from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

QUALITY_HELP = helped(
    "Report on the quality of scales: screening, items, reliability, factors, validity, method bias, item "
    "response theory, and invariance over groups. Writes quality.html, quality.docx and the tables as CSV.",
    "trustmeasure quality answers.csv -o quality",
    "trustmeasure quality answers.sav -i cognitive-trust,loyalty --groups language -o quality -l zh",
)

VALIDATE_HELP = helped(
    "Validate an instrument on your own data: content, response process, structure (explored on one random "
    "half, confirmed on the other), reliability, invariance, relations with behaviour. Writes dossier.html, "
    "dossier.docx, the tables as CSV and evidence.yaml, the evidence block. Simulated answers never raise a "
    "status.",
    "trustmeasure validate cognitive-trust answers.csv -o dossier --groups language,sector",
    "trustmeasure validate my-instrument.yaml answers.csv -o dossier --ratings experts.xlsx "
    "--behaviour repurchased=+ --write-evidence",
)

FAILED = 1
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write; it appears whole or not at all.")]
Groups = Annotated[
    list[str] | None,
    typer.Option("--groups", "-g", help="Columns over whose groups invariance is tested; commas between."),
]
Language = Annotated[Literal["en", "zh"], typer.Option("--language", "-l", help="Language of the documents.")]
Ordered = Annotated[
    bool | None,
    typer.Option(
        "--ordered/--continuous",
        help="Take answers as ordinal, or as continuous; by default ordinal with fewer than five answers.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same report.")]


def quality(
    data: Data,
    out: Out,
    instruments: Instruments = None,
    groups: Groups = None,
    language: Language = "en",
    ordered: Ordered = None,
    columns: Columns = None,
    id_column: IdColumn = None,
    out_of_range: OutOfRange = "error",
    seed: Seed = 1,
) -> None:
    """Report on the quality of scales."""
    from trustmeasure.study.folder import require_free
    from trustmeasure.study.quality_folder import write_quality
    from trustmeasure.validation import measurement_report

    require_free(out.resolve(), out)
    responses = answers(
        data, instruments, columns, id_column=id_column, out_of_range=out_of_range, require="any"
    )
    found = measurement_report(responses, ordered=ordered, groups=separated(groups) or (), seed=seed)
    write_quality(found, out, data=data, language=language)
    typer.echo(str(found.summary()))
    typer.echo(f"\nReport: {out / 'quality.html'}, {out / 'quality.docx'}")
    tell_notes(responses.notes)
    _exit(found.failures)


def validate(
    instrument: Annotated[
        str, typer.Argument(metavar="INSTRUMENT", help="Id of an instrument, or path of its file.")
    ],
    data: Data,
    out: Out,
    ratings: Annotated[
        Path | None,
        typer.Option("--ratings", help="Experts' ratings: .csv or .xlsx, one row a rating or item."),
    ] = None,
    groups: Groups = None,
    behaviour: Annotated[
        list[str] | None,
        typer.Option(
            "--behaviour",
            metavar="COLUMN=SIGN",
            help="Observed behaviour and its expected sign, + or -; repeat.",
        ),
    ] = None,
    retest: Annotated[
        Path | None, typer.Option("--retest", help="Answers of the same people a second time, with the ids.")
    ] = None,
    country: Annotated[
        str, typer.Option("--country", help="Where the people answered, for the record.")
    ] = "",
    write_evidence: Annotated[
        bool, typer.Option("--write-evidence", help="Also write the evidence into the instrument's own file.")
    ] = False,
    language: Language = "en",
    ordered: Ordered = None,
    columns: Columns = None,
    id_column: IdColumn = None,
    out_of_range: OutOfRange = "error",
    seed: Seed = 1,
) -> None:
    """Validate an instrument on your own data."""
    from trustmeasure.check import existing_file
    from trustmeasure.errors import ArgumentError
    from trustmeasure.study.folder import require_free
    from trustmeasure.study.quality_folder import write_validation
    from trustmeasure.validation import validate as run

    if write_evidence and not instrument.lower().endswith((".yaml", ".yml")):
        raise ArgumentError(
            "--write-evidence needs the path of an instrument file; shipped ones stay as they are."
        )
    require_free(out.resolve(), out)
    reading = {"id_column": id_column, "out_of_range": out_of_range, "require": "any"}
    responses = answers(data, [instrument], columns, **reading)
    again = None if retest is None else answers(retest, [instrument], columns, **reading)
    found = run(
        instrument,
        responses,
        ratings=None if ratings is None else _read_table(existing_file(ratings)),
        groups=separated(groups) or (),
        behaviour=_signs(behaviour),
        retest=again,
        country=country,
        ordered=ordered,
        seed=seed,
    )
    write_validation(found, out, data=data, language=language)
    if write_evidence:
        found.write_evidence(instrument)
    typer.echo(str(found.summary()))
    typer.echo(f"\nDossier: {out / 'dossier.html'}, {out / 'dossier.docx'}")
    tell_notes(responses.notes)
    _exit(found.failures)


def _read_table(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_excel(path) if path.suffix.lower() in (".xlsx", ".xls") else pd.read_csv(path)


def _signs(given: list[str] | None) -> dict[str, str]:
    from trustmeasure.errors import ArgumentError

    found: dict[str, str] = {}
    for one in given or []:
        column, mark, sign = one.rpartition("=")
        if not mark or sign not in ("+", "-"):
            raise ArgumentError(f"--behaviour {one!r} must read COLUMN=+ or COLUMN=-, such as repurchased=+.")
        found[column.strip()] = sign
    return found


def _exit(failures: Mapping[str, str]) -> None:
    """End with 1 when a part could not be computed, as the report says."""
    if failures:
        raise typer.Exit(FAILED)
