"""The coloured table of loadings: what stands in it, in which order, in which language."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import trustmeasure as tm
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import loading_map

SURVEY = tm.load_sample("trust-survey")
FOUND = tm.efa(SURVEY.items("cognitive_trust"), 3)


def texts(figure: Figure, label: str) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == label]


def test_every_loading_and_communality_is_printed() -> None:
    figure = loading_map(FOUND)
    assert len(texts(figure, "_loading")) == 36
    assert len(texts(figure, "_communality")) == 12
    order = FOUND.sorted_items()
    assert texts(figure, "_name") == FOUND.loadings.index[order].tolist()
    colors = np.asarray(figure.axes[0].collections[0].get_array()).reshape(12, 3)
    np.testing.assert_allclose(colors, FOUND.loadings.to_numpy()[order])


def test_small_loadings_are_not_printed() -> None:
    figure = loading_map(FOUND, hide_below=0.3, sort=False)
    assert len(texts(figure, "_loading")) == int((FOUND.loadings.abs() >= 0.3).to_numpy().sum())
    assert texts(figure, "_name") == FOUND.loadings.index.tolist()


def test_wording_and_names() -> None:
    figure = loading_map(FOUND, labels=SURVEY, language="zh", title="载荷")
    assert any("公司" in text for text in texts(figure, "_name"))
    named = loading_map(FOUND, labels={"F1": "Competence"})
    assert named.axes[0].get_xticklabels()[0].get_text() == "Competence"


def test_refused() -> None:
    with pytest.raises(ArgumentError, match="give what efa"):
        loading_map(SURVEY)  # type: ignore[arg-type]  # what a wrong call says
