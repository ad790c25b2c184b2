"""Writing a questionnaire: the export and its manifest, both or neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from trustmeasure.errors import QuestionnaireError
from trustmeasure.files import replacing
from trustmeasure.questionnaires.manifest import manifest_bytes, manifest_path
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers import writer_for


def write_questionnaire(questionnaire: Questionnaire, path: str | Path, to: str | None = None) -> Path:
    """Write a questionnaire in one format, with its manifest beside it.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to write.
    path : str or Path
        The file. With `to` the format's ending is added when the path has another one or none. The manifest
        becomes `<file name>.manifest.json`, so that several formats can lie in one folder.
    to : str, optional
        Name of the format, see `list_formats`; with None the path's ending decides.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    QuestionnaireError
        If the format is unknown, or the files cannot be written; then both stay as they were.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from trustmeasure.questionnaires import Questionnaire, write_questionnaire
    >>> folder = Path(tempfile.mkdtemp())
    >>> written = write_questionnaire(Questionnaire.compose("satisfaction"), folder / "survey", to="html")
    >>> sorted(file.name for file in folder.iterdir())
    ['survey.html', 'survey.html.manifest.json']
    """
    writer = writer_for(Path(path), to)
    target = _with_ending(Path(path), writer.ending)
    exported = writer.render(questionnaire)
    about = manifest_bytes(questionnaire, writer, target.name, exported)
    write_together({target: exported, manifest_path(target): about})
    return target


def _with_ending(path: Path, ending: str) -> Path:
    return path if path.name.lower().endswith(ending) else path.with_name(path.name + ending)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all or none: when one fails, those already replaced get their old content back."""
    for path in contents:
        if path.is_dir():
            raise QuestionnaireError(f"{path} is a folder. Give the name of a file.")
    try:
        with _restoring(tuple(contents)), ExitStack() as stack:
            for path, content in contents.items():
                stack.enter_context(replacing(path)).write_bytes(content)
    except OSError as error:
        raise QuestionnaireError(
            f"Cannot write {' and '.join(map(str, contents))}: {error.strerror or error}. "
            "Nothing was changed. Check the folder's permissions, and whether a program has the file open."
        ) from error


@contextmanager
def _restoring(paths: tuple[Path, ...]) -> Iterator[None]:
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            _put_back(path, content)
        raise


def _put_back(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != content:
        with replacing(path) as temporary:
            temporary.write_bytes(content)
