"""From a file to an instrument, or to one message that names everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trustmeasure.instruments import background_checks, build, scales
from trustmeasure.instruments.consistency import instrument_problems
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.problems import Problem, refuse
from trustmeasure.instruments.records import ResponseScale
from trustmeasure.instruments.schema import FileKind, schema_problems
from trustmeasure.instruments.source import Document, read_yaml


def read_instrument(
    path: str | Path, shared: Mapping[str, ResponseScale], *, trusted: bool = False
) -> Instrument:
    """Return the instrument in the YAML file at `path`.

    Parameters
    ----------
    path : str or Path
        The file.
    shared : mapping
        Id -> ResponseScale, the scales that the file may use beside its own.
    trusted : bool
        True for a file that comes with the package: the tests have checked it, so that it is not checked
        again. Loading the library that checks takes longer than all files together.

    Returns
    -------
    Instrument
        The instrument.

    Raises
    ------
    InstrumentError
        If the file cannot be read or has problems; the message names all of them, ten at most.
    """
    return build.instrument(_data(path, "instrument", shared, trusted=trusted), shared)


def read_scales(path: str | Path, *, trusted: bool = False) -> dict[str, ResponseScale]:
    """Return the shared scales in the YAML file at `path`, by id; see `read_instrument`."""
    data = _data(path, "scales", trusted=trusted)
    built = (build.scale(entry) for entry in data["response_scales"])
    return {scale.id: scale for scale in built}


def read_background(path: str | Path, *, trusted: bool = False) -> Mapping[str, Any]:
    """Return the data of a file of background questions; see `read_instrument`."""
    return _data(path, "background", trusted=trusted)


def _data(
    path: str | Path,
    kind: FileKind,
    shared: Mapping[str, ResponseScale] = FrozenMap(),
    *,
    trusted: bool,
) -> Mapping[str, Any]:
    document = read_yaml(path)
    return _checked(document, [] if trusted else document_problems(document, kind, shared))


def document_problems(
    document: Document, kind: FileKind, shared: Mapping[str, ResponseScale] = FrozenMap()
) -> list[Problem]:
    """Return everything that makes a file unfit to load; empty when it is fit."""
    data = document.data
    found = list(schema_problems(data, kind))
    if kind == "instrument":
        found += instrument_problems(data, shared)
    else:
        found += (scales.shared_problems if kind == "scales" else background_checks.problems)(data)
    told = {problem.where for problem in document.problems}
    return [*document.problems, *(problem for problem in found if problem.where not in told)]


def _checked(document: Document, problems: list[Problem]) -> Mapping[str, Any]:
    if problems or not isinstance(document.data, Mapping):
        raise refuse(document.path, problems, document.lines, document.data)
    return document.data
