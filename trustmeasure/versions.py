"""Which software made a number."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def package_version(name: str) -> str:
    """Return the installed version of a distribution, or "unknown" when it has no metadata."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of trustmeasure, Python and `packages`, by name."""
    return {
        "trustmeasure": package_version("trustmeasure"),
        "python": platform.python_version(),
        **{name: package_version(name) for name in packages},
    }
