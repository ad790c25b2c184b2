"""Finding instruments: the shipped ones by id, others by the path of their file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from trustmeasure.check import existing_file, suggestion
from trustmeasure.errors import InstrumentError
from trustmeasure.files import shipped
from trustmeasure.instruments.loading import read_instrument, read_scales
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.records import ResponseScale

SCALES_FILE = "response-scales.yaml"
NO_INSTRUMENTS = {SCALES_FILE: "response scales", "background-questions.yaml": "background questions"}
ENDINGS = (".yaml", ".yml")
COLUMNS = [
    "id",
    "version",
    "title",
    "constructs",
    "items",
    "forms",
    "sectors",
    "waves",
    "languages",
    "status",
]


def list_instruments(folder: str | Path | None = None) -> pd.DataFrame:
    """Return one row an instrument.

    Parameters
    ----------
    folder : str or Path, optional
        A folder with instrument files; the shipped instruments by default.

    Returns
    -------
    pandas.DataFrame
        Columns id, version, title (in the source language), constructs (their ids), items (how many),
        forms, sectors and waves (their ids), languages and status (of the evidence), in the order of the
        ids.

    Raises
    ------
    InstrumentError
        If there is no such folder, or a file in it is malformed.

    Examples
    --------
    >>> list_instruments()["id"].tolist()[:2]
    ['affective-trust', 'brand-value']
    """
    instruments = _shipped() if folder is None else _in_folder(_existing_folder(folder))
    return pd.DataFrame([_row(instrument) for instrument in instruments.values()], columns=COLUMNS)


def load_instrument(id_or_path: str | Path | Instrument) -> Instrument:
    """Return a shipped instrument by its id, or one of your own by the path of its file.

    Parameters
    ----------
    id_or_path : str, Path or Instrument
        An id such as `"cognitive-trust"`, or the path of a `.yaml` file. Such a file may use the shared
        response scales, those of a `response-scales.yaml` beside it, and scales of its own. An Instrument
        is returned as it is.

    Returns
    -------
    Instrument
        The instrument, checked.

    Raises
    ------
    InstrumentError
        If there is no such instrument, or its file is malformed.

    Examples
    --------
    >>> load_instrument("satisfaction").item("sat_1").text["en"]
    'Overall, I am satisfied with {brand}.'
    """
    if isinstance(id_or_path, Instrument):
        return id_or_path
    if isinstance(id_or_path, Path) or looks_like_path(id_or_path):
        return _from_path(Path(id_or_path))
    return _by_id(id_or_path)


def load_scales() -> Mapping[str, ResponseScale]:
    """Return the response scales that the shipped instruments share, by id.

    Returns
    -------
    mapping
        Id -> ResponseScale.

    Examples
    --------
    >>> load_scales()["agreement-7"].codes
    (1, 2, 3, 4, 5, 6, 7)
    """
    return dict(_shared())


def looks_like_path(text: str) -> bool:
    """Return whether a text names a file rather than an instrument."""
    return text.lower().endswith(ENDINGS) or "/" in text or "\\" in text


def _from_path(path: Path) -> Instrument:
    file = existing_file(path, error=InstrumentError)
    if file.suffix.lower() not in ENDINGS:
        raise InstrumentError(f"{file} does not end in .yaml. Give the path of an instrument file, or an id.")
    if file.name in NO_INSTRUMENTS:
        held = NO_INSTRUMENTS[file.name]
        raise InstrumentError(f"{file} holds {held}, not an instrument. Name an instrument file.")
    return read_instrument(file, scales_for(file.parent))


def _by_id(id: str) -> Instrument:
    files = _files(shipped("instruments"))
    if id not in files:
        known = suggestion(id, list(files), most=50)
        raise InstrumentError(f"There is no instrument '{id}'. {known} A file of your own: give its path.")
    return _read_shipped(id)


@lru_cache(maxsize=128)
def _read_shipped(id: str) -> Instrument:
    return read_instrument(_files(shipped("instruments"))[id], _shared(), trusted=True)


@lru_cache(maxsize=1)
def _shared() -> Mapping[str, ResponseScale]:
    return read_scales(shipped("instruments") / SCALES_FILE, trusted=True)


def _shipped() -> dict[str, Instrument]:
    return {id: _read_shipped(id) for id in _files(shipped("instruments"))}


def _in_folder(folder: Path) -> dict[str, Instrument]:
    shared = scales_for(folder)
    return {id: read_instrument(file, shared) for id, file in _files(folder).items()}


def _files(folder: Path) -> dict[str, Path]:
    files = (file for file in folder.iterdir() if file.suffix.lower() in ENDINGS and file.is_file())
    return {file.stem: file for file in sorted(files) if file.name not in NO_INSTRUMENTS}


def scales_for(folder: Path) -> Mapping[str, ResponseScale]:
    """Return the shared scales and those of the folder by id; one id never means two scales."""
    shared, file = _shared(), folder / SCALES_FILE
    if not file.is_file():
        return shared
    local = read_scales(file)
    for id, scale in local.items():
        if scale != shared.get(id, scale):
            raise InstrumentError(
                f"{file}: '{id}' differs from the shared scale of that id. Choose another id."
            )
    return {**shared, **local}


def _existing_folder(folder: str | Path) -> Path:
    found = Path(folder)
    if not found.is_dir():
        raise InstrumentError(f"Folder not found: {found}. Check the path and the working folder.")
    return found


def _row(instrument: Instrument) -> dict[str, object]:
    return {
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title[instrument.source_language],
        "constructs": ", ".join(construct.id for construct in instrument.constructs),
        "items": len(instrument.items),
        "forms": ", ".join(form.id for form in instrument.forms),
        "sectors": ", ".join(context.id for context in instrument.contexts),
        "waves": ", ".join(wave.id for wave in instrument.waves),
        "languages": ", ".join(instrument.language_tags),
        "status": instrument.evidence.status,
    }
