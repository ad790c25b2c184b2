"""Heat maps of residuals."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

import trustmeasure as tm
from tests.plots import cases
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import residual_heatmap


def texts(figure: Figure, mark: str) -> list[str]:
    """Return the texts of one kind."""
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == f"_{mark}"]


@pytest.mark.parametrize(("show", "digits", "limit"), [("z", 1, 5.0), ("residual", 2, 0.2)])
def test_the_values_are_those_of_the_table(show: str, digits: int, limit: float) -> None:
    fit = cases.holzinger()
    figure = residual_heatmap(fit, show=show)  # type: ignore[arg-type]  # one of the two
    matrix = tm.residual_table(fit, kind="bollen").matrix(show)
    found = [t for t in figure.axes[0].texts if t.get_label() == "_value"]
    assert len(found) == 36
    for text in found:
        column, row = (int(x) for x in text.get_position())
        value = float(text.get_text().replace("−", "-"))
        assert value == pytest.approx(matrix.iloc[row, column], abs=0.51 * 10**-digits)
    mesh = figure.axes[0].collections[0]
    assert (mesh.norm.vmin, mesh.norm.vmax) == (-limit, limit)


def test_indicators_of_a_factor_stand_together() -> None:
    fit = tm.fit_sem("g =~ x5 + x4 + x6\nf =~ x2 + x1 + x3\nx9 ~ f", cases_frame())
    figure = residual_heatmap(fit, labels={"x5": "fifth", "f": "Factor"})
    assert texts(figure, "name") == ["fifth", "x4", "x6", "x2", "x1", "x3", "x9"]
    assert texts(figure, "group") == ["g", "Factor"]


def cases_frame() -> object:
    """Return the data behind the fits."""
    import semopy

    return semopy.examples.holzinger39.get_data()


def test_groups_values_and_words() -> None:
    fit = tm.fit_sem(cases.HS, cases_frame(), group="school")
    figure = residual_heatmap(fit, group="Pasteur", values=False, language="zh")
    assert texts(figure, "value") == []
    assert figure.axes[1].get_ylabel() == "残差除以标准误（z）"
    with pytest.raises(ArgumentError, match="say group="):
        residual_heatmap(fit)
    with pytest.raises(ArgumentError, match="show='raw' is not known"):
        residual_heatmap(fit, group="Pasteur", show="raw")  # type: ignore[arg-type]  # what a wrong call says
