"""The study file that `study new` writes: commented, and it runs as it is."""

from __future__ import annotations

from pathlib import Path

from trustmeasure.errors import StudyError
from trustmeasure.files import write_text

TEMPLATE = Path(__file__).parent / "study.toml"


def write_template(path: str | Path = "study.toml", *, force: bool = False) -> Path:
    """Write a commented study file that runs as it is, on the simulated sample.

    Parameters
    ----------
    path : str or Path
        The file to write; it should end in .toml.
    force : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    StudyError
        If the file exists and `force` is false, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from trustmeasure.study import write_template
    >>> write_template(Path(tempfile.mkdtemp()) / "study.toml").name
    'study.toml'
    """
    target = Path(path)
    if target.is_dir():
        raise StudyError(f"{target} is a folder. Give the name of a file, such as {target / 'study.toml'}.")
    if target.exists() and not force:
        raise StudyError(
            f"{target} exists already; it was left as it is. Choose another name, or use --force."
        )
    try:
        return write_text(target, TEMPLATE.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudyError(f"{target} cannot be written: {error.strerror}. Choose another folder.") from error
