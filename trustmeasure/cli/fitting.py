"""`fit`: a structural equation model from a text file or by its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustmeasure.cli.data import (
    Columns,
    Data,
    IdColumn,
    Instruments,
    answers,
    column_map,
    csv_text,
    separated,
    tell_notes,
)
from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from trustmeasure.instruments import Instrument
    from trustmeasure.sem import SemResult
    from trustmeasure.sem.group_result import GroupResult

FIT_HELP = helped(
    "Fit a structural equation model and show it. Where the data hold items of an instrument, they "
    "are read as answers to it: missing codes are missing and reversed items are turned. With --raw, "
    "and where no instrument fits, numbers are taken as they are.",
    "trustmeasure fit trust-outcomes answers.csv",
    "trustmeasure fit model.txt answers.csv -i satisfaction,loyalty -o tables",
    "trustmeasure fit model.txt measurements.csv --raw --estimator MLR",
)


def fit(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="A file with model text, or a name: measurement, or one of 'trustmeasure models list'.",
        ),
    ],
    data: Data,
    instruments: Instruments = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the tables as CSV, unrounded.")
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Take the numbers as they are: no instrument, nothing turned.")
    ] = False,
    std_lv: Annotated[
        bool, typer.Option("--std-lv", help="Fix latent variances to 1 instead of first loadings.")
    ] = False,
    ci: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
    engine: Annotated[
        Literal["trustmeasure", "semopy"], typer.Option(help="Own engine, or semopy.")
    ] = "trustmeasure",
    estimator: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="ML (the default); MLR, MLM, MLMV, MLMVS (robust); GLS, WLS, ULSMV, WLSMV and others (least "
            "squares). With --ordered: WLSMV, unless said otherwise.",
        ),
    ] = None,
    ordered: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Ordinal variables: names; 'all' for every explained one; 'items' for all items of the "
            "instruments.",
        ),
    ] = None,
    parameterization: Annotated[
        Literal["delta", "theta"] | None,
        typer.Option(help="For ordinal variables: what is a parameter, response scales or residuals."),
    ] = None,
    missing: Annotated[
        Literal["listwise", "fiml", "pairwise"],
        typer.Option(
            help="Leave incomplete rows out, use every answer (full information), or, for ordinal variables, "
            "take each correlation from the rows that answered both."
        ),
    ] = "listwise",
    group: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Fit the model in each group of this column.")
    ] = None,
    group_equal: Annotated[
        list[str] | None,
        typer.Option(metavar="KINDS", help="Equal in all groups, such as loadings,intercepts."),
    ] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Sampling weights; standard errors become robust.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Clusters of rows, for cluster-robust errors.")
    ] = None,
    columns: Columns = None,
    id_column: IdColumn = None,
) -> None:
    """Fit a structural equation model and show it."""
    from trustmeasure.sem import fit_sem

    text = model_text(model, instruments)
    read = read_variables(data, instruments, columns, id_column, raw=raw)
    result = fit_sem(
        text,
        read.variables,
        estimator=estimator,
        missing=missing,
        std_lv=std_lv,
        ci=ci,
        engine=engine,
        group=group,
        group_equal=separated(group_equal) or (),
        weights=weights,
        cluster=cluster,
        ordered=ordinal(separated(ordered), read),
        parameterization=parameterization,
    )
    if out is not None:
        _write(result, out)
    typer.echo(str(result.summary()))
    if out is not None:
        typer.echo(f"tables written to {out}", err=True)
    tell_notes(read.notes)


def model_text(model: str, instruments: list[str] | None) -> str:
    """Return the text of a model, from a file or by its name."""
    from trustmeasure.check import suggestion
    from trustmeasure.errors import ArgumentError
    from trustmeasure.study.model import MODEL_NAMES
    from trustmeasure.study.reading import named_model, read_model

    if model in MODEL_NAMES:
        return named_model(model, _bank(model, instruments))
    path = Path(model)
    if not path.suffix and not path.exists():
        raise ArgumentError(
            f"'{model}' is neither a file nor a named model. {suggestion(model, list(MODEL_NAMES))}"
        )
    return read_model(path)


def _bank(model: str, instruments: list[str] | None) -> tuple[Instrument, ...]:
    """Return the instruments of a named model: those given, or those it is made for."""
    from trustmeasure.instruments import load_instrument
    from trustmeasure.study.model import MEASUREMENT
    from trustmeasure.trust.models import TRUST_OUTCOMES
    from trustmeasure.trust.named import named_model

    shipped = TRUST_OUTCOMES if model == MEASUREMENT else named_model(model).instruments
    return tuple(load_instrument(name) for name in separated(instruments) or shipped)


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of a model, and notes on how they were read."""

    variables: pd.DataFrame
    notes: tuple[str, ...] = ()
    ordinal_items: tuple[str, ...] = ()


def read_variables(
    data: Path, instruments: list[str] | None, columns: list[str] | None, id_column: str | None, *, raw: bool
) -> Variables:
    """Read answers to instruments, or the numbers of a file that holds none."""
    from trustmeasure.responses.raw import ReadOptions
    from trustmeasure.responses.readers import read_source

    if raw:
        return Variables(read_source(data, ReadOptions()).frame)
    if instruments:
        found = answers(data, instruments, columns, id_column=id_column)
        return Variables(found.data, found.notes, found.ordinal_items)
    table = read_source(data, ReadOptions()).frame
    ids = _occurring([str(name) for name in table.columns], columns)
    if not ids:
        return Variables(table)
    found = answers(data, ids, columns, id_column=id_column, require="any")
    how = f"read as answers to {', '.join(ids)}; --raw takes numbers as they are."
    return Variables(found.data, (how, *found.notes), found.ordinal_items)


def ordinal(names: Sequence[str] | None, read: Variables) -> bool | tuple[str | Variables, ...]:
    """Return what `fit_sem` is told of ordinal variables."""
    from trustmeasure.errors import ArgumentError

    if names == ["all"]:
        return True
    if names and "items" in names and not read.ordinal_items:
        raise ArgumentError("--ordered items: the data hold no items of an instrument. Name the variables.")
    return tuple(read if name == "items" else name for name in names or ())


def _occurring(names: list[str], columns: list[str] | None) -> list[str]:
    """Return the ids of the shipped instruments of which an item occurs."""
    from trustmeasure.errors import ResponseError
    from trustmeasure.responses.chosen import choose_instruments

    try:
        return [instrument.id for instrument in choose_instruments(None, names, column_map(columns))]
    except ResponseError:  # no item of a shipped instrument
        return []


def _write(result: SemResult, folder: Path) -> None:
    """Write the tables of a fit; each file whole or not at all."""
    import pandas as pd

    from trustmeasure.files import write_text

    tables = {
        "parameters": result.parameters,
        "fit": result.fit_measures.rename_axis("measure").rename("value").reset_index(),
    }
    parts = [(group.label, _group_tables(group)) for group in result.groups]
    for name in parts[0][1]:
        frames = [found[name] for _, found in parts]
        if len(parts) > 1:
            for (label, _), frame in zip(parts, frames, strict=True):
                frame.insert(0, "group", label)
        tables[name] = pd.concat(frames, ignore_index=True)
    for name, frame in tables.items():
        write_text(folder / f"{name}.csv", csv_text(frame))


def _group_tables(group: GroupResult) -> dict[str, pd.DataFrame]:
    """Return the tables of one group."""
    return {
        "r-squared": group.r_squared.rename_axis("variable").rename("r_squared").reset_index(),
        "implied-covariances": group.implied.cov.rename_axis("variable").reset_index(),
        "residual-correlations": group.residuals.correlation.rename_axis("variable").reset_index(),
    }
