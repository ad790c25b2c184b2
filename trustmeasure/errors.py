"""One tree of errors and warnings.

Every message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


class TrustMeasureError(Exception):
    """Base class of all errors that trustmeasure raises on purpose.

    The command line turns any of these into one line and exit code 2.
    """


class ArgumentError(TrustMeasureError, ValueError):
    """An argument has a value that the function does not allow."""


class InstrumentError(TrustMeasureError, ValueError):
    """An instrument file is missing, malformed or inconsistent."""


class QuestionnaireError(TrustMeasureError, ValueError):
    """A questionnaire cannot be composed or written as asked."""


class ResponseError(TrustMeasureError, ValueError):
    """Responses cannot be read, or do not fit the instruments."""


class DataError(TrustMeasureError, ValueError):
    """Data do not allow the analysis: a constant item, too few rows, text in a number column."""


class ModelSyntaxError(TrustMeasureError, ValueError):
    """A model text cannot be understood.

    Attributes
    ----------
    line, column : int
        Place of the problem in the model text, counted from 1.
    """

    def __init__(self, message: str, *, line: int = 0, column: int = 0, source: str = "") -> None:
        self.line = line
        self.column = column
        shown = f"\n  {source}\n  {' ' * max(column - 1, 0)}^" if source else ""
        place = f"model line {line}, column {column}: " if line else ""
        super().__init__(f"{place}{message}{shown}")


class IdentificationError(TrustMeasureError, ValueError):
    """The data cannot determine the model's parameters.

    Attributes
    ----------
    parameters : tuple of str
        The parameters that take part in the indeterminacy, as model terms.
    """

    def __init__(self, message: str, parameters: tuple[str, ...] = ()) -> None:
        self.parameters = parameters
        super().__init__(message)


class ConvergenceError(TrustMeasureError, RuntimeError):
    """The estimator did not converge.

    Attributes
    ----------
    partial : object or None
        The result reached so far, not to be interpreted.
    """

    def __init__(self, message: str, partial: object | None = None) -> None:
        self.partial = partial
        super().__init__(message)


class StudyError(TrustMeasureError, ValueError):
    """A study file is missing, malformed or names something that does not exist."""


class TrustMeasureWarning(UserWarning):
    """Base class of all warnings of trustmeasure."""


class InadmissibleWarning(TrustMeasureWarning):
    """A solution contains a value that cannot be: a negative variance, a correlation above one."""


class ListwiseWarning(TrustMeasureWarning):
    """Rows with missing values were left out of an analysis."""


class DataWarning(TrustMeasureWarning):
    """The data are used in a way, or are of a kind, that a reader of the results must know of."""


class FontWarning(TrustMeasureWarning):
    """No font shows all characters of a figure's text."""


@contextmanager
def collecting(found: list[str]) -> Iterator[None]:
    """Put the warnings of trustmeasure into `found`, each once; other warnings go their usual way."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", TrustMeasureWarning)
        yield
    for one in caught:
        if issubclass(one.category, TrustMeasureWarning):
            if str(one.message) not in found:
                found.append(str(one.message))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
