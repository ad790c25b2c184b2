"""System programs that some tests need: `@requires("chromium")` or `program("pdftoppm")`.

Where a program is missing the test is skipped with the reason. The environment variable
TRUSTMEASURE_SKIPS=fail (set by .ci/run) makes any skipped test a failure, see conftest.py.
"""

from __future__ import annotations

import shutil

import pytest

OTHER_NAMES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome", "chrome"),
    "soffice": ("soffice", "libreoffice"),
}


def find(name: str) -> str | None:
    """Return the path of the program `name`, or None when this machine does not have it."""
    found = (shutil.which(candidate) for candidate in OTHER_NAMES.get(name, (name,)))
    return next((path for path in found if path), None)


def program(name: str) -> str:
    """Return the path of the program `name`; skip the running test when it is missing."""
    path = find(name)
    if path is None:
        pytest.skip(f"the program '{name}' is not installed")
    return path


def requires(name: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test on machines without the program `name`."""
    return pytest.mark.system(name)
