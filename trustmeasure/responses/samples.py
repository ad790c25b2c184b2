"""The sample surveys that ship with the package; their answers are simulated."""

from __future__ import annotations

from trustmeasure.check import one_of
from trustmeasure.errors import ResponseError
from trustmeasure.files import shipped
from trustmeasure.responses.model import Responses
from trustmeasure.responses.read import read_responses

CODEBOOK = "-codebook"


def list_samples() -> tuple[str, ...]:
    """Return the names of the sample surveys.

    Examples
    --------
    >>> from trustmeasure.responses import list_samples
    >>> list_samples()
    ('trust-survey',)
    """
    names = sorted(path.stem for path in shipped("samples").glob("*.csv"))
    return tuple(name for name in names if not name.endswith(CODEBOOK))


def load_sample(name: str = "trust-survey") -> Responses:
    """Return a sample survey, read and checked like any other file.

    Parameters
    ----------
    name : str
        One of `list_samples()`.

    Returns
    -------
    Responses
        With `.simulated` true. The codebook lies beside the file in `data/samples`.

    Raises
    ------
    ResponseError
        If there is no such sample.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> responses.n_rows, responses.simulated
    (1200, True)
    """
    one_of("sample", name, list_samples(), error=ResponseError)
    return read_responses(shipped("samples") / f"{name}.csv", simulated=True)
