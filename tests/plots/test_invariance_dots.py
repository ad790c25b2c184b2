"""Figures of invariance: what stands where, in which words, and what cannot be drawn."""

from __future__ import annotations

from functools import cache

import matplotlib.colors as colors
import numpy as np
import pytest
from matplotlib.figure import Figure

import trustmeasure as tm
from tests.validity.invariance.cases import THREE, sectors
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import aligned_means, invariance_steps, item_effects


@cache
def found() -> tm.Invariance:
    return tm.invariance(THREE, sectors(), group="sector", steps=["configural", "metric", "scalar"])


def lines(figure: Figure, kind: str) -> dict[str, list[np.ndarray]]:
    kept: dict[str, list[np.ndarray]] = {}
    for line in figure.axes[0].lines:
        label = str(line.get_label())
        if label.startswith(f"_{kind}:"):
            kept.setdefault(label.removeprefix(f"_{kind}:"), []).append(
                np.asarray(line.get_xdata(), dtype=float)
            )
    return kept


def texts(figure: Figure, label: str) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == label]


def test_steps_stand_at_their_changes_beside_a_cited_cut_off_and_chance() -> None:
    draws = tm.permutation_invariance(found(), n=60, seed=1, relations=False, progress=False)
    figure = invariance_steps(found(), draws, title="Steps")
    changes = found().frame.set_index("step")["cfi_change"]
    dots = lines(figure, "dot")
    assert list(dots) == ["metric", "scalar"]
    for step, values in dots.items():
        assert values[0][0] == pytest.approx(changes[step])
    low, high = lines(figure, "band")["metric"][0]
    assert (low, high) == tuple(np.quantile(draws.draws["metric:cfi"], [0.025, 0.975]))
    assert texts(figure, "_reference_name") == ["Cheung & Rensvold, 2002"]
    plain = invariance_steps(found(), measure="srmr", language="zh")
    assert plain.axes[0].get_xlabel() == "与上一步相比 SRMR 的变化"
    assert texts(plain, "_reference_name") == []
    assert lines(plain, "band") == {}


def test_robust_sequences_show_robust_indices() -> None:
    robust = tm.invariance(THREE, sectors(), group="sector", estimator="MLR")
    dots = lines(invariance_steps(robust, reference=False), "dot")
    changes = robust.frame.set_index("step")["cfi_robust_change"]
    assert dots["scalar"][0][0] == pytest.approx(changes["scalar"])


def test_each_item_has_a_dot_for_each_focal_group() -> None:
    effects = tm.dmacs(found(), draws=50)
    figure = item_effects(effects, labels={"a1": "First item"})
    dots, intervals = lines(figure, "dot"), lines(figure, "interval")
    assert list(dots) == ["First item", "a2", "a3", "a4", "b1", "b2", "b3"]
    assert all(len(values) == 2 for values in dots.values())
    own = effects.frame[effects.frame["item"] == "a2"]
    assert [x[0] for x in dots["a2"]] == pytest.approx(own["dmacs"].tolist())
    assert intervals["a2"][1].tolist() == pytest.approx(
        own.iloc[1][["dmacs_ci_lower", "dmacs_ci_upper"]].tolist()
    )
    legend = figure.axes[0].get_legend()
    assert [t.get_text() for t in legend.get_texts()] == ["bank", "care"]
    used = {
        colors.to_hex(x.get_color()) for x in figure.axes[0].lines if str(x.get_label()).startswith("_dot")
    }
    assert len(used) == 2
    signed = item_effects(effects, effect="dmacs_signed")
    assert min(x[0] for values in lines(signed, "dot").values() for x in values) < 0


def test_means_are_sorted_and_the_fixed_one_has_no_interval() -> None:
    own = tm.alignment(found())
    figure = aligned_means(own)
    means = own.groups[own.groups["latent"] == "f"].sort_values("mean", ascending=False)["group"].tolist()
    assert list(lines(figure, "dot")) == means
    assert "shop" not in lines(figure, "interval")
    plain = aligned_means(own, sort=False)
    assert list(lines(plain, "dot")) == ["shop", "bank", "care"]


def test_refused() -> None:
    with pytest.raises(ArgumentError, match="nothing to draw"):
        invariance_steps(tm.invariance(THREE, sectors(), group="sector", steps=["configural"]))
    with pytest.raises(ArgumentError, match="measure='tli'"):
        invariance_steps(found(), measure="tli")  # type: ignore[arg-type]  # what a wrong call says
    with pytest.raises(ArgumentError, match="effect='d'"):
        item_effects(tm.dmacs(found(), draws=2), effect="d")  # type: ignore[arg-type]  # what a wrong call says
    with pytest.raises(ArgumentError, match="language"):
        aligned_means(tm.alignment(found()), language="fr")  # type: ignore[arg-type]  # what a wrong call says
