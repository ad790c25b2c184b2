"""Strips of indices and maps of missing answers: what is drawn, and what cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.hostile import all_constant, all_missing, likert, scattered_gaps
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments import missing_patterns
from trustmeasure.plots import missing_pattern_map, screening_indices
from trustmeasure.plots.index_strips import ZH
from trustmeasure.responses import load_sample
from trustmeasure.screening import Screening, screen
from trustmeasure.screening.indices import BY_NAME


def texts(figure: Figure, label: str) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts if text.get_label() == label]


@pytest.fixture(scope="module")
def found() -> Screening:
    seconds = np.exp(np.random.default_rng(3).normal(3.4, 0.6, 120))
    return screen(likert(), seconds=seconds, limits={"irv": "lowest 5 %"})


def test_each_index_has_a_strip_with_its_people(found: Screening) -> None:
    figure = screening_indices(found, indices=["irv", "long_string", "time_z"])
    flagged = int(found.persons["flag_irv"].sum())
    assert texts(figure, "_index") == [
        "standard deviation of a person's answers",
        "longest run of equal answers",
        "robust z of the logarithm of the time",
    ]
    assert texts(figure, "_count")[:2] == [f"n = 120\nflagged: {flagged}", "n = 120"]
    assert list(texts(figure, "_end"))[2:4] == ["1", "6"]


def test_limits_are_drawn_where_they_lie(found: Screening) -> None:
    figure = screening_indices(found, indices=["seconds_per_item", "irv"])
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    values = found.persons["seconds_per_item"]
    place = (2 - values.min()) / (values.max() - values.min())
    assert lines["_limit:seconds_per_item"].get_xdata()[0] == pytest.approx(place)
    assert "_limit:irv" not in lines


def test_every_index_has_a_name_in_chinese(found: Screening) -> None:
    assert set(ZH) == set(BY_NAME)
    figure = screening_indices(found, indices=["irv"], language="zh", labels={"irv": {"zh": "标准差"}})
    assert texts(figure, "_index") == ["标准差"]
    assert texts(figure, "_count")[0].startswith("n = 120\n标记：")


def test_strips_that_cannot_be_drawn(found: Screening) -> None:
    with pytest.raises(ArgumentError, match="Did you mean 'irv'"):
        screening_indices(found, indices=["irw"])
    with pytest.raises(ArgumentError, match="nothing to draw"):
        screening_indices(screen(all_missing()), indices=["irv"])
    assert screening_indices(screen(all_constant()), indices=["irv"]).axes


def test_the_map_counts_patterns_and_shares() -> None:
    frame = pd.DataFrame({"a": [1, None, 3, None], "b": [1, 2, 3, None], "c": [1, 2, 3, 4]})
    figure = missing_pattern_map(frame)
    assert texts(figure, "_rows") == ["2", "1", "1"]
    assert texts(figure, "_share") == ["50", "25", "0"]
    drawn = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert sum(patch.get_label() == "_missing" for patch in drawn) == 3
    assert len(drawn) == 9
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == ["a", "b", "c"]


def test_what_a_map_is_drawn_of() -> None:
    gaps = scattered_gaps()
    maps = [missing_pattern_map(data, most=3) for data in (gaps, missing_patterns(gaps), screen(gaps))]
    assert len({tuple(texts(figure, "_rows")) for figure in maps}) == 1
    assert "more patterns" in maps[0].axes[0].get_xlabel()
    assert len(missing_pattern_map(load_sample("trust-survey"), most=2).axes[0].get_xticks()) == 49
    with pytest.raises(ArgumentError, match="most"):
        missing_pattern_map(gaps, most=0)
    with pytest.raises(DataError, match="no rows"):
        missing_pattern_map(gaps.iloc[:0])
