"""From a file to an instrument, or to one message that names everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trustmeasure.instruments import background_checks, build, scales
from trustmeasure.instruments.consistency import instrument_problems
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.problems import Problem, refuse
from trustmeasure.instruments.records import ResponseScale
from trustmeasure.instruments.schema import schema_problems
from trustmeasure.instruments.source import Document, read_yaml


def read_instrument(path: str | Path, shared: Mapping[str, ResponseScale]) -> Instrument:
    """Return the instrument in the YAML file at `path`.

    Parameters
    ----------
    path : str or Path
        The file.
    shared : mapping
        Id -> ResponseScale, the scales that the file may use beside its own.

    Returns
    -------
    Instrument
        The checked instrument.

    Raises
    ------
    InstrumentError
        If the file cannot be read or has problems; the message names all of them, ten at most.
    """
    document = read_yaml(path)
    found = schema_problems(document.data)
    return build.instrument(_checked(document, [*found, *instrument_problems(document.data, shared)]), shared)


def read_scales(path: str | Path) -> dict[str, ResponseScale]:
    """Return the shared scales in the YAML file at `path`, by id; see `read_instrument` for errors."""
    document = read_yaml(path)
    found = schema_problems(document.data, "scales")
    data = _checked(document, [*found, *scales.shared_problems(document.data)])
    built = (build.scale(entry) for entry in data["response_scales"])
    return {scale.id: scale for scale in built}


def read_background(path: str | Path) -> Mapping[str, Any]:
    """Return the checked data of a file of background questions; see `read_instrument` for errors."""
    document = read_yaml(path)
    found = schema_problems(document.data, "background")
    return _checked(document, [*found, *background_checks.problems(document.data)])


def _checked(document: Document, found: list[Problem]) -> Mapping[str, Any]:
    told = {problem.where for problem in document.problems}
    problems = [*document.problems, *(problem for problem in found if problem.where not in told)]
    if problems or not isinstance(document.data, Mapping):
        raise refuse(document.path, problems, document.lines, document.data)
    return document.data
