"""What all tests share: programs that may be missing, and the rule that nothing is skipped unseen."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.programs import program

SKIPS_FAIL = os.environ.get("TRUSTMEASURE_SKIPS") == "fail"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked `system(program)` where that program is missing."""
    for mark in item.iter_markers("system"):
        for name in mark.args:
            program(name)


def _refuse_skip(report: Any) -> None:
    if SKIPS_FAIL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"Skipped where nothing may be skipped (TRUSTMEASURE_SKIPS=fail): {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Turn a skipped test into a failure when TRUSTMEASURE_SKIPS=fail."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Do the same for a module that is skipped as a whole."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    """Close the figures a test left open, when it loaded pyplot at all."""
    import sys

    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
