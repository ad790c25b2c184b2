"""One module a format; each holds a `WRITER` and is found by its file alone."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.writers.base import Writer

__all__ = ["Writer", "list_formats", "writer_for", "writers"]


@cache
def writers() -> tuple[Writer, ...]:
    """Return the writers of all formats, sorted by name."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    found = (getattr(module, "WRITER", None) for module in modules)
    return tuple(sorted((w for w in found if isinstance(w, Writer)), key=lambda writer: writer.name))


def list_formats() -> pd.DataFrame:
    """Return the formats that a questionnaire can be written in.

    Returns
    -------
    pandas.DataFrame
        One row a format: `format` (for `to=`), `ending` of the file, and `title`.

    Examples
    --------
    >>> from trustmeasure.questionnaires import list_formats
    >>> "html" in list_formats()["format"].tolist()
    True
    """
    rows = [{"format": writer.name, "ending": writer.ending, "title": writer.title} for writer in writers()]
    return pd.DataFrame(rows, columns=["format", "ending", "title"])


def writer_for(path: Path, to: str | None) -> Writer:
    """Return the writer that `to` names, or that the ending of `path` belongs to.

    An ending may have several parts, such as `.limesurvey.txt`: the longest that fits decides.

    Raises
    ------
    QuestionnaireError
        If the format or the ending is unknown, or the two contradict each other.
    """
    if to is None:
        return _by_ending(path)
    by_name = {writer.name: writer for writer in writers()}
    writer = by_name[one_of("to", to, list(by_name), error=QuestionnaireError)]
    other = _longest(path)
    if other is not None and other is not writer and not path.name.lower().endswith(writer.ending):
        raise QuestionnaireError(
            f"{path} ends in {other.ending}, but to={to!r} makes a {writer.ending} file. Change one of them."
        )
    return writer


def _longest(path: Path) -> Writer | None:
    fitting = [writer for writer in writers() if path.name.lower().endswith(writer.ending)]
    return max(fitting, key=lambda writer: len(writer.ending), default=None)


def _by_ending(path: Path) -> Writer:
    found = _longest(path)
    if found is not None:
        return found
    ending = path.suffix.lower()
    what = f"The ending '{ending}' of {path}" if ending else f"{path} has no ending, which"
    says = "belongs to no format." if ending else "would say the format."
    alike = [writer for writer in writers() if writer.ending.endswith(ending)] if ending else []
    if alike:
        names = ", ".join(f"to='{writer.name}'" for writer in alike)
        raise QuestionnaireError(f"{what} does not tell which format is meant. Name it: {names}.")
    known = [writer.ending for writer in writers()]
    raise QuestionnaireError(f"{what} {says} {suggestion(ending, known)}")
