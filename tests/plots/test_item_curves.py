"""Curves of items along the trait, and of groups."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import trustmeasure as tm
from tests.item_response.reference_data import fitted, read
from trustmeasure import plots
from trustmeasure.errors import ArgumentError


@pytest.fixture(scope="module")
def by_group():
    return tm.dif(read("groups"), "g3", [f"d{i}" for i in range(1, 9)], matching="sum")


def lines(ax, start):
    return [line for line in ax.lines if str(line.get_label()).startswith(start)]


def test_each_item_has_a_panel_and_each_category_a_curve():
    model = fitted("mixed")
    fig = plots.category_curves(model, title="Items")
    assert len(fig.axes) == 8
    for ax, count in zip(fig.axes, model.layout.counts, strict=True):
        curves = lines(ax, "_category:")
        assert len(curves) == count
        assert_allclose(sum(line.get_ydata() for line in curves), 1.0)
        assert {text.get_text() for text in ax.texts} == {f"{i + 1}" for i in range(count)}
    assert fig._suptitle.get_text() == "Items"


def test_chosen_items_come_in_the_order_asked_for_under_their_names():
    fig = plots.category_curves(fitted("five"), ["f3", "f1"], labels={"f3": "Third"}, language="zh")
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["Third", "f1"]
    assert fig.get_supylabel() == "概率"


def test_information_of_items_adds_up_to_that_of_all():
    model = fitted("five")
    items = plots.item_information(model).axes[0]
    both = plots.total_information(model).axes
    total = lines(both[0], "_information")[0].get_ydata()
    assert_allclose(sum(line.get_ydata() for line in items.lines), total)
    assert_allclose(lines(both[1], "_se")[0].get_ydata(), total**-0.5)
    assert [text.get_text() for text in items.get_legend().get_texts()] == list(model.names)


def test_given_axes_are_used():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert plots.item_information(fitted("five"), ax=ax) is ax.figure


def test_groups_are_curves_with_a_legend(by_group):
    fig = plots.dif_curves(by_group)
    assert [ax.get_title(loc="left") for ax in fig.axes] == list(by_group.flagged)
    assert [text.get_text() for text in fig.legends[0].get_texts()] == list(by_group.groups)
    for line, group in zip(fig.axes[0].lines, by_group.groups, strict=True):
        curves = by_group.curves(by_group.flagged[0])
        assert_allclose(line.get_ydata(), curves.loc[curves["group"] == group, "expected"])


def test_all_items_are_drawn_when_none_is_flagged():
    rng = np.random.default_rng(1)
    found = tm.dif(rng.integers(0, 3, (80, 4)), ["a", "b"] * 40, matching="sum", alpha=1e-9)
    assert found.flagged == ()
    assert len(plots.dif_curves(found, figsize=(4, 3)).axes) == 4


@pytest.mark.parametrize(
    ("items", "message"), [(["f9"], "'f9' is not known"), ("f1", "must be a list"), ([], "must be a list")]
)
def test_unknown_items_are_refused(items, message):
    with pytest.raises(ArgumentError, match=message):
        plots.category_curves(fitted("five"), items)
