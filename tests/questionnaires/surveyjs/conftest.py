from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.questionnaires.browser import Browser, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def form(browser: Browser, tmp_path: Path) -> Browser:
    """A browser with nothing logged yet; downloads go to `tmp_path`."""
    browser.messages.clear()
    browser.size(1280, 900)
    browser.downloads(tmp_path)
    return browser
