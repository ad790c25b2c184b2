"""Answers to four items, whole and broken, as frames and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

ITEMS = ["sat_1", "sat_2", "sat_3", "sat_4"]


@pytest.fixture
def answers() -> pd.DataFrame:
    """Five respondents; the third gave no answer twice."""
    return pd.DataFrame(
        {
            "respondent_id": ["r-1", "r-2", "r-3", "r-4", "r-5"],
            "sat_1": [7, 6, 99, 2, 4],
            "sat_2": [7, 5, 98, 1, 4],
            "sat_3": [6, 6, 5, 2, 3],
            "sat_4": [7, 5, 4, 1, 5],
            "city": ["北京", "Berlin", "NA", "Łódź", "北京"],
        }
    )


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write text to a CSV file in an encoding."""

    def write(text: str, encoding: str = "utf-8", name: str = "answers.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write
