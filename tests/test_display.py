"""The only place that rounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trustmeasure.display import Summary, Table, number, p_value, width


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234.5678, "1,234.568"),
        (-0.0001, "0.000"),
        (-1.5, "−1.500"),
        (np.nan, ""),
        (np.inf, "∞"),
        (-np.inf, "−∞"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0004, "< .001"), (0.05, "0.050"), (1.0, "1.000"), (np.nan, "")]
)
def test_probabilities(value: float, shown: str) -> None:
    assert p_value(value) == shown


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item": ["信任", "<b>x</b>"],
            "n": [1200, 3],
            "mean": [5.12345, np.nan],
            "p_value": [1e-9, 0.2],
            "ok": [True, False],
        }
    )


def test_text_is_aligned_also_with_wide_characters() -> None:
    lines = str(Table("Title", frame(), notes=("A note.",))).splitlines()
    assert lines[0] == "Title"
    assert lines[-1] == "A note."
    rows = lines[1:2] + lines[3:5]
    assert len({width(line) for line in rows[:2]}) == 1
    assert "1,200" in rows[1]
    assert "5.123" in rows[1]


def test_html_is_escaped() -> None:
    page = Table("a < b", frame(), notes=("x & y",))._repr_html_()
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "a &lt; b" in page
    assert "x &amp; y" in page
    assert "<b>" not in page


def test_headings_and_index() -> None:
    table = Table("t", frame().rename_axis("row"), labels={"mean": "M"})
    assert str(table).splitlines()[1].split() == ["row", "item", "n", "M", "p_value", "ok"]


def test_the_frame_stays_unrounded() -> None:
    table = Table("t", frame())
    str(table)
    assert table.frame["mean"][0] == 5.12345


def test_probabilities_are_shown_as_such() -> None:
    shown = pd.DataFrame({"total_p": [1e-9], "p_value_corrected": [0.25], "b_p_x": [1e-9]})
    assert str(Table("t", shown)).splitlines()[-1].split() == ["<", ".001", "0.250", "0.000"]


def test_an_empty_table() -> None:
    assert "item" in str(Table("none", frame().head(0)))


def test_summary() -> None:
    summary = Summary("All", [Table("T", frame()), "A < line."])
    assert str(summary).startswith("All\n===")
    assert "A &lt; line." in summary._repr_html_()
