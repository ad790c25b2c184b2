"""Heterotrait-monotrait ratios as a picture."""

from __future__ import annotations

from functools import cache

import pytest
from matplotlib.figure import Figure

import trustmeasure as tm
from tests.hostile import likert
from tests.validity.validity_data import CONSTRUCTS, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import htmt_map


@cache
def ratios(draws: int = 50) -> tm.validity.HeterotraitRatios:
    return tm.htmt(holzinger(), CONSTRUCTS, n_bootstrap=draws, seed=1, progress=False)


def texts(figure: Figure, mark: str) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == f"_{mark}"]


@pytest.mark.parametrize("kind", ["htmt", "htmt2"])
def test_the_values_are_those_of_the_table(kind: str) -> None:
    figure = htmt_map(ratios(), kind=kind)  # type: ignore[arg-type]  # one of the two
    frame = ratios().frame.set_index(["construct_1", "construct_2"])
    row = frame.loc["visual", "speed"]
    found = {t.get_position()[0] // 1: t for t in figure.axes[0].texts if t.get_label() == "_value"}
    assert len(texts(figure, "value")) == len(texts(figure, "interval")) == 3
    assert f"{row[kind]:.2f}"[1:] in texts(figure, "value")
    low, high = (f"{row[f'{kind}_ci_{end}']:.2f}"[1:] for end in ("lower", "upper"))
    assert f"[{low}, {high}]" in texts(figure, "interval")
    assert set(found) == {0.0, 1.0}
    assert figure.axes[1].get_xlabel() == f"{kind.upper()} with 95% confidence interval"


def test_without_draws_there_is_no_interval() -> None:
    figure = htmt_map(ratios(0))
    assert texts(figure, "interval") == []
    assert figure.axes[1].get_xlabel() == "HTMT"


def test_cells_beyond_the_reference_are_outlined() -> None:
    upper = ratios().frame["htmt_upper"].sort_values().tolist()
    figure = htmt_map(ratios(), reference=upper[1])
    assert len([p for p in figure.axes[0].patches if p.get_label() == "_outline"]) == 2


def test_names_and_words_in_chinese() -> None:
    figure = htmt_map(ratios(), labels={"visual": {"en": "Visual", "zh": "视觉"}}, language="zh")
    assert figure.axes[0].get_yticklabels()[0].get_text() == "视觉  1"
    assert "置信区间" in figure.axes[1].get_xlabel()
    with pytest.raises(ArgumentError, match="kind"):
        htmt_map(ratios(), kind="ratio")  # type: ignore[arg-type]  # what a wrong call says


def test_a_ratio_that_does_not_exist_is_a_dash() -> None:
    frame = likert().assign(c=3.0)
    found = tm.htmt({"a": frame[["a", "c"]], "b": frame[["d", "e"]], "z": frame[["b", "f"]]}, n_bootstrap=0)
    assert texts(htmt_map(found), "value").count("–") == 2
