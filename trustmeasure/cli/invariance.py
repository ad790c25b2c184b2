"""`invariance`: whether a measurement model means the same in all groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustmeasure.cli.data import Columns, Data, IdColumn, Instruments, csv_text, separated, tell_notes
from trustmeasure.cli.fitting import model_text, ordinal, read_variables
from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    import pandas as pd

    from trustmeasure.validity.invariance import Invariance

INVARIANCE_HELP = helped(
    "Fit the steps of measurement invariance between groups: configural, metric, scalar, strict; ordinal "
    "answers with thresholds first. Shows fit, difference tests and, on request, suggested releases, a "
    "permutation test, alignment, latent means and effect sizes of items.",
    "trustmeasure invariance model.txt answers.csv --group language",
    "trustmeasure invariance model.txt answers.csv --group sector --partial 'f =~ x2,x2 ~ 1' --means",
    "trustmeasure invariance model.txt answers.csv --group country --alignment --permutations 500 -o tables",
)


def invariance(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A file with model text, or a name: measurement.")
    ],
    data: Data,
    group: Annotated[str, typer.Option(metavar="COLUMN", help="The column that parts people into groups.")],
    instruments: Instruments = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the tables as CSV, unrounded.")
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Take the numbers as they are: no instrument, nothing turned.")
    ] = False,
    steps: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Such as configural,metric,scalar,strict,means; two at once with a plus: metric+scalar.",
        ),
    ] = None,
    partial: Annotated[
        list[str] | None, typer.Option(metavar="RELATIONS", help="Left free, such as 'f =~ x2,x2 ~ 1'.")
    ] = None,
    estimator: Annotated[
        str | None, typer.Option(metavar="NAME", help="ML, MLR, MLM, ...; with --ordered: WLSMV, ULSMV, ...")
    ] = None,
    ordered: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMES", help="Ordinal variables: names, 'all', or 'items' of the instruments."),
    ] = None,
    missing: Annotated[
        Literal["listwise", "fiml", "pairwise"], typer.Option(help="What is done with missing answers.")
    ] = "listwise",
    collapse: Annotated[
        bool, typer.Option("--collapse", help="Merge categories that are empty in a group with a neighbour.")
    ] = False,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Score tests of every equality; nothing is released.")
    ] = False,
    permutations: Annotated[
        int, typer.Option(metavar="N", help="Permutation test with so many permutations.", min=0)
    ] = 0,
    alignment: Annotated[bool, typer.Option("--alignment", help="Align the configural model.")] = False,
    means: Annotated[
        bool, typer.Option("--means", help="Latent mean differences with effect sizes.")
    ] = False,
    effects: Annotated[bool, typer.Option("--effects", help="Effect sizes of items (dMACS).")] = False,
    seed: Annotated[int, typer.Option(help="For everything random.")] = 0,
    columns: Columns = None,
    id_column: IdColumn = None,
) -> None:
    """Show whether a measurement model means the same in all groups."""
    from trustmeasure.validity.invariance import invariance as fit_steps

    read = read_variables(data, instruments, columns, id_column, raw=raw)
    found = fit_steps(
        model_text(model, instruments),
        read.variables,
        group=group,
        steps=_steps(steps),
        partial=separated(partial) or (),
        estimator=estimator,
        ordered=ordinal(separated(ordered), read),
        missing=missing,
        collapse=collapse,
    )
    asked = {"suggest": suggest, "alignment": alignment, "means": means, "effects": effects}
    tables = {"steps": found.frame, "criteria": found.describe()}
    typer.echo(str(found.summary()))
    for name, frame, text in _further(found, asked, permutations, seed):
        tables[name] = frame
        if text:
            typer.echo(f"\n{text}")
    if out is not None:
        _write(tables, out)
        typer.echo(f"tables written to {out}", err=True)
    tell_notes(read.notes)


def _steps(given: list[str] | None) -> list[tuple[str, ...]] | None:
    names = separated(given)
    return None if names is None else [tuple(part.strip() for part in n.split("+")) for n in names]


def _further(
    found: Invariance, asked: dict[str, bool], permutations: int, seed: int
) -> list[tuple[str, pd.DataFrame, str]]:
    """Return what else was asked for: name of the table, table, text."""
    from trustmeasure.validity import invariance as room

    parts: list[tuple[str, pd.DataFrame, str]] = []
    if asked["suggest"]:
        tests = room.suggest_releases(found)
        parts += [("releases", tests.frame, str(tests)), ("expected-changes", tests.changes, "")]
    if permutations:
        test = room.permutation_invariance(found, permutations, seed=seed)
        parts += [("permutations", test.frame, str(test)), ("permuted-relations", test.relations, "")]
    if asked["means"]:
        compared = room.latent_means(found)
        parts.append(("latent-means", compared.frame, str(compared)))
    if asked["alignment"]:
        aligned = room.alignment(found, seed=seed)
        parts += [("aligned-means", aligned.groups, str(aligned)), ("aligned-items", aligned.items, "")]
        parts.append(("aligned-parameters", aligned.parameters, ""))
    if asked["effects"]:
        sizes = room.dmacs(found, seed=seed)
        parts.append(("item-effects", sizes.frame, str(sizes)))
    return parts


def _write(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    from trustmeasure.files import write_text

    for name, frame in tables.items():
        write_text(folder / f"{name}.csv", csv_text(frame))
