"""From a source to a tidy table: loaded, its platform recognised, one row a respondent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.check import existing_file
from trustmeasure.errors import ResponseError
from trustmeasure.files import plain_cell
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses.manifest import (
    ENDING,
    Manifest,
    manifest_of_questionnaire,
    read_manifest,
)
from trustmeasure.responses.platforms import (
    Platform,
    TidyOptions,
    loader_of,
    platform_named,
    platform_of,
    platform_of_format,
)
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers import read_source

ManifestGiven = str | Path | Manifest | Questionnaire | None
AUTO = "auto"
PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Export:
    """Answers as a platform gave them, tidied.

    Attributes
    ----------
    raw : RawTable
        One row a respondent, one column a question, values as the platform writes them.
    platform : Platform
        Where they come from.
    manifest : Manifest or None
        What the questionnaire's writer said of them.
    notes : tuple of str
        How platform and manifest were found.
    """

    raw: RawTable
    platform: Platform
    manifest: Manifest | None
    notes: tuple[str, ...]


def read_export(
    source: Any,
    options: ReadOptions,
    *,
    manifest: ManifestGiven = AUTO,
    platform: str | None = None,
    language: str | None = None,
) -> Export:
    """Return the answers of a source as a tidy table.

    Parameters
    ----------
    source : str, Path or frame
        A file, a folder of saved files, or a frame.
    options : ReadOptions
        What the caller says about the file.
    manifest : path, Manifest, Questionnaire, "auto" or None
        `"auto"` takes the file's own, or the only one beside it that fits.
    platform : str, optional
        Name of the platform; None to recognise it.
    language : str, optional
        The language of the labels.

    Raises
    ------
    ResponseError
        If a file cannot be read, or the platform cannot be told.
    """
    named = None if platform is None else platform_named(platform)
    raw, loader = _loaded(source, options, named)
    known = None if isinstance(manifest, str) and manifest == AUTO else _manifest(manifest)
    found, why = _platform(raw, named or loader, known)
    notes: tuple[str, ...] = ()
    if isinstance(manifest, str) and manifest == AUTO:
        known, notes = _beside(source, raw, found)
        found = platform_named(PLAIN) if known is not None and known.format == PLAIN else found
    tidied = found.tidy(_as_written(raw, known), TidyOptions(known, language))
    told = (f"Read as an export of {found.title}: {why}.",) if why and found.name != PLAIN else ()
    return Export(tidied, found, known, (*told, *notes))


def _loaded(source: Any, options: ReadOptions, named: Platform | None) -> tuple[RawTable, Platform | None]:
    if not isinstance(source, str | Path):
        return read_source(source, options), None
    path = Path(source)
    loader = named if named is not None and named.reads(path) else loader_of(path)
    if loader is None and path.is_dir():
        raise ResponseError(
            f"{path} is a folder without saved forms. Forms are saved as answers-*.csv or answers-*.json; "
            "of a platform's export, name the file itself."
        )
    if loader is None:
        return read_source(source, options), None
    if not path.is_dir():
        existing_file(path, error=ResponseError)
    return loader.load(path, options), loader


def _manifest(given: ManifestGiven) -> Manifest | None:
    if given is None or isinstance(given, Manifest):
        return given
    if isinstance(given, Questionnaire):
        return manifest_of_questionnaire(given)
    if isinstance(given, str | Path):
        return read_manifest(given)
    raise ResponseError(
        f"manifest is a {type(given).__name__}; give the path of a manifest, a Questionnaire, 'auto' or None."
    )


def _platform(raw: RawTable, named: Platform | None, manifest: Manifest | None) -> tuple[Platform, str]:
    """Return the platform and what shows it: the one named, the manifest's if it fits, the surest."""
    if named is not None:
        return named, ""
    if manifest is not None and manifest.format == PLAIN:
        return platform_named(PLAIN), ""
    meant = None if manifest is None else platform_of_format(manifest.format)
    if meant is not None and meant.name != PLAIN:
        sign = meant.recognise(raw)
        if sign is not None:
            return meant, f"{sign.reason}, as the manifest says"
    found, sign = platform_of(raw)
    return found, sign.reason


def _as_written(raw: RawTable, manifest: Manifest | None) -> RawTable:
    """Return the table without the apostrophes that `write_responses` put before formulas."""
    if manifest is None or manifest.values.get("cells") != "safe":
        return raw
    columns = {str(plain_cell(str(name))): _plain_cells(raw.frame[name]) for name in raw.frame}
    return replace(raw, frame=pd.DataFrame(columns, index=raw.frame.index))


def _plain_cells(column: pd.Series) -> pd.Series:
    return column if pd.api.types.is_numeric_dtype(column.dtype) else column.map(plain_cell)


def _beside(source: Any, raw: RawTable, platform: Platform) -> tuple[Manifest | None, tuple[str, ...]]:
    """Return the file's own manifest, or the only one in its folder that fits; and a note on it."""
    if not isinstance(source, str | Path):
        return None, ()
    path = Path(source)
    own = path.with_name(f"{path.name}{ENDING}")
    if own.is_file():
        return read_manifest(own), (f"Columns and codes are those of {own.name}.",)
    folder = path if path.is_dir() else path.parent
    fitting = _fitting(sorted(folder.glob(f"*{ENDING}")), raw, platform)
    if not fitting:
        return None, ()
    if len({one.hash for one in fitting}) == 1:
        best = _of_platform(fitting, platform)
        return best, (f"Columns and codes are those of {best.source}, which lies beside the answers.",)
    names = ", ".join(one.source for one in fitting)
    return None, (f"Several manifests lie beside the answers and fit ({names}); name one with manifest=.",)


def _fitting(paths: Sequence[Path], raw: RawTable, platform: Platform) -> list[Manifest]:
    """Return the manifests of which every question has a column; files that are no manifests do not count."""
    found = []
    for path in paths:
        try:
            manifest = read_manifest(path)
        except ResponseError:
            continue
        if _fits(manifest, raw, platform):
            found.append(manifest)
    return found


def _fits(manifest: Manifest, raw: RawTable, platform: Platform) -> bool:
    names = {str(name) for name in raw.frame.columns}
    ids = {id for name in names for id in (name, *platform.candidates(name))}
    return all(column in names or meaning.id in ids for column, meaning in manifest.columns.items())


def _of_platform(manifests: Sequence[Manifest], platform: Platform) -> Manifest:
    return next((one for one in manifests if one.format in platform.formats), manifests[0])
