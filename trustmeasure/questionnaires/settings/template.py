"""The questionnaire file that a team begins with: commented, and it works as it is."""

from __future__ import annotations

from pathlib import Path

from trustmeasure.errors import QuestionnaireError
from trustmeasure.files import write_text

TEMPLATE = Path(__file__).with_name("questionnaire.toml")


def write_questionnaire_file(path: str | Path = "questionnaire.toml") -> Path:
    """Write a commented questionnaire file that works as it is.

    Parameters
    ----------
    path : str or Path
        The file to write; it should end in .toml. A file that is there is never replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    QuestionnaireError
        If the file exists, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from trustmeasure.questionnaires import Questionnaire, write_questionnaire_file
    >>> file = write_questionnaire_file(Path(tempfile.mkdtemp()) / "questionnaire.toml")
    >>> Questionnaire.from_file(file).columns[:3]
    ('consent', 'customer_now', 'relation_length')
    """
    target = Path(path)
    if target.exists():
        raise QuestionnaireError(f"{target} exists already; it was left as it is. Choose another name.")
    try:
        return write_text(target, TEMPLATE.read_text(encoding="utf-8"))
    except OSError as error:
        raise QuestionnaireError(
            f"{target} cannot be written: {error.strerror}. Choose another folder."
        ) from error
