"""From ids, paths and folders to files as the rules see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from trustmeasure.check import existing_file, suggestion
from trustmeasure.errors import InstrumentError
from trustmeasure.files import shipped
from trustmeasure.instruments.background import BACKGROUND_FILE
from trustmeasure.instruments.lint.model import File
from trustmeasure.instruments.lint.texts import texts_of
from trustmeasure.instruments.loading import document_problems
from trustmeasure.instruments.problems import Problem
from trustmeasure.instruments.raw import as_mapping, ids, string
from trustmeasure.instruments.registry import ENDINGS, SCALES_FILE, looks_like_path, scales_for
from trustmeasure.instruments.schema import FileKind
from trustmeasure.instruments.source import Document, read_yaml

Named = str | Path
_KINDS: Mapping[str, FileKind] = {SCALES_FILE: "scales", BACKGROUND_FILE: "background"}


def paths_of(named: Sequence[Named]) -> list[Path]:
    """Return the files that ids, paths and folders mean, each once; all shipped ones for nothing."""
    found = [path for one in named for path in _paths(one)] if named else _in(shipped("instruments"))
    return list(dict.fromkeys(found))


def _paths(named: Named) -> list[Path]:
    path = Path(named)
    if isinstance(named, str) and not looks_like_path(named):
        known = {file.stem: file for file in _in(shipped("instruments"))}
        if named in known:
            return [known[named]]
        if not named.strip() or not path.is_dir():
            raise InstrumentError(
                f"There is no instrument '{named}'. {suggestion(named, list(known))} "
                "A file or folder of your own: give its path."
            )
    if path.is_dir():
        return _some(path)
    return [existing_file(path, error=InstrumentError)]


def _some(folder: Path) -> list[Path]:
    files = _in(folder)
    if not files:
        raise InstrumentError(f"The folder {folder} holds no .yaml file. Name a folder of instruments.")
    return files


def _in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS and file.is_file())


def files_of(paths: Sequence[Path]) -> list[File]:
    """Return the files, read as far as they can be, each knowing the column names of the others."""
    read = [(path, *_read(path)) for path in paths]
    columns = {path: _columns(document.data) for path, document, _ in read}
    others = _shipped_columns()
    return [_file(path, document, problems, {**others, **columns}) for path, document, problems in read]


def _read(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    try:
        document = read_yaml(path)
        shared = scales_for(path.parent) if _kind(path) == "instrument" else {}
        return document, tuple(dict.fromkeys(document_problems(document, _kind(path), shared)))
    except InstrumentError as error:
        told = " ".join(str(error).split()).removeprefix(f"{path}, ").removeprefix(f"{path} ")
        return Document(path, {}, {}, ()), (Problem((), told, "file"),)


def _kind(path: Path) -> FileKind:
    return _KINDS.get(path.name, "instrument")


def _name(path: Path, data: object) -> str:
    return string(as_mapping(data), "id") or path.stem


def _columns(data: object) -> tuple[str, frozenset[str]]:
    return string(as_mapping(data), "id") or "", frozenset(
        id.casefold() for id in (*ids(data, "items"), *ids(data, "questions"))
    )


@lru_cache(maxsize=1)
def _shipped_columns() -> Mapping[Path, tuple[str, frozenset[str]]]:
    return {path: _columns(_quickly(path)) for path in _in(shipped("instruments"))}


def _quickly(path: Path) -> object:
    """Return the data of a shipped file by the fastest safe way, without lines; nothing when it is broken."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - both loaders are safe
    except yaml.YAMLError:
        return None


def _file(
    path: Path,
    document: Document,
    problems: tuple[Problem, ...],
    columns: Mapping[Path, tuple[str, frozenset[str]]],
) -> File:
    name = _name(path, document.data)
    return File(
        path=path,
        name=name,
        kind=_kind(path),
        data=document.data,
        texts=texts_of(document.data) if has_form(problems) else (),
        problems=problems,
        lines=document.lines,
        taken=dict(_taken(path, name, columns)),
    )


def has_form(problems: Sequence[Problem]) -> bool:
    """Return whether a file can be read and follows the schema, so that rules can rely on its form."""
    return not any(problem.rule in ("file", "form") for problem in problems)


def _taken(
    path: Path, name: str, columns: Mapping[Path, tuple[str, frozenset[str]]]
) -> Iterator[tuple[str, str]]:
    """Yield the columns of the other files; a file with the same id is another version of this one."""
    for other, (id, named) in columns.items():
        if other != path and id != name and other.name != path.name:
            yield from ((column, id or other.stem) for column in named)
