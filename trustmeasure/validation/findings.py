"""One analysis after the other: what each found, or what stood in its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trustmeasure.errors import TrustMeasureError, collecting


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Finding:
    """What an analysis returned.

    Attributes
    ----------
    name : str
        The analysis.
    value : object or None
        Its result; None when it could not be made.
    failure : str
        What stood in the way, otherwise empty.
    warnings : tuple of str
        What was warned of on the way.
    """

    name: str
    value: Any = None
    failure: str = ""
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Finding {self.name}: {self.failure or type(self.value).__name__}>"


def finding(name: str, make: Callable[[], Any]) -> Finding:
    """Return what `make` finds; an error of the package becomes the reason why there is nothing."""
    warnings: list[str] = []
    try:
        with collecting(warnings):
            value = make()
    except TrustMeasureError as error:
        return Finding(name, failure=str(error), warnings=tuple(warnings))
    return Finding(name, value, warnings=tuple(warnings))
