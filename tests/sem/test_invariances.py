"""What must not matter: order of items and rows, units, names, language of names."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger
from trustmeasure.sem import SemResult, fit_sem, parse_model

ITEMS = [f"x{i}" for i in range(1, 10)]


def values(fit: SemResult) -> pd.DataFrame:
    frame = fit.parameters.copy()
    both = frame.op == "~~"
    ends = np.sort(frame.loc[both, ["lhs", "rhs"]].to_numpy(), axis=1)
    frame.loc[both, "lhs"], frame.loc[both, "rhs"] = ends[:, 0], ends[:, 1]
    return frame.set_index(["lhs", "op", "rhs"])[["estimate", "se", "std_all"]].sort_index()


def assert_same(a: SemResult, b: SemResult) -> None:
    left, right = values(a), values(b)
    pd.testing.assert_frame_equal(left, right, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(a.fit_measures, b.fit_measures, rtol=1e-7, atol=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.permutations(ITEMS), st.randoms(use_true_random=False))
def test_order_of_columns_and_rows(columns: list[str], random: object) -> None:
    data = holzinger()[columns].sample(frac=1, random_state=random.randint(0, 9999))  # type: ignore[attr-defined]
    assert_same(fit_sem(HS_MODEL, holzinger()), fit_sem(HS_MODEL, data))


def test_order_of_items_and_factors_in_the_text() -> None:
    text = "speed =~ x9 + 1*x7 + NA*x8 + NA*x9\ntextual =~ x4 + x6 + x5\nvisual =~ x1 + x3 + x2"
    assert_same(fit_sem(HS_MODEL, holzinger()), fit_sem(text, holzinger()))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(1e-3, 1e3), min_size=9, max_size=9), st.floats(-100, 100))
def test_units_and_origin_leave_fit_and_standardised_values(units: list[float], origin: float) -> None:
    base = fit_sem(HS_MODEL, holzinger())
    moved = fit_sem(HS_MODEL, holzinger()[ITEMS] * units + origin)
    np.testing.assert_allclose(moved.parameters.std_all, base.parameters.std_all, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(
        moved.fit_measures[["chisq", "cfi", "srmr"]], base.fit_measures[["chisq", "cfi", "srmr"]], rtol=1e-6
    )


@pytest.mark.parametrize("markers", list(itertools.product([0, 1, 2], repeat=2)))
def test_choice_of_marker_leaves_the_fit(markers: tuple[int, int]) -> None:
    groups = [["x1", "x2", "x3"], ["x4", "x5", "x6"]]
    lines = []
    for name, items, first in zip("fg", groups, markers, strict=True):
        lines.append(f"{name} =~ " + " + ".join([items[first], *(i for i in items if i != items[first])]))
    base = fit_sem("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", holzinger())
    other = fit_sem("\n".join(lines), holzinger())
    assert other.fit_measures["chisq"] == pytest.approx(base.fit_measures["chisq"], rel=1e-9)


def test_std_lv_has_the_same_fit() -> None:
    a, b = fit_sem(PD_MODEL, democracy()), fit_sem(PD_MODEL, democracy(), std_lv=True)
    assert a.fit_measures["chisq"] == pytest.approx(b.fit_measures["chisq"], rel=1e-9)
    merged = a.parameters.merge(b.parameters, on=["lhs", "op", "rhs"])
    np.testing.assert_allclose(merged.std_all_x, merged.std_all_y, rtol=1e-5, atol=1e-8)


def test_chinese_names_give_the_same_numbers() -> None:
    names = {x: f"题目{x[1:]}" for x in ITEMS}
    text = HS_MODEL.replace("visual", "视觉").replace("textual", "文本").replace("speed", "速度")
    for old, new in names.items():
        text = text.replace(old, new)
    chinese = fit_sem(text, holzinger()[ITEMS].rename(columns=names))
    np.testing.assert_allclose(
        chinese.parameters.estimate, fit_sem(HS_MODEL, holzinger()).parameters.estimate, rtol=1e-10
    )
    assert "视觉" in str(chinese.summary())


def test_frames_of_any_kind() -> None:
    data = holzinger()[ITEMS]
    base = fit_sem(HS_MODEL, data)
    for other in (pl.from_pandas(data), pl.from_pandas(data).lazy(), data.astype(str), dict(data)):
        assert_same(base, fit_sem(HS_MODEL, other))


def test_covariances_give_the_same_as_data() -> None:
    data = holzinger()[ITEMS]
    lower = pd.DataFrame(np.tril(data.cov()), index=ITEMS, columns=ITEMS)
    for cov in (data.cov(), lower, lower.replace(0, np.nan)):
        assert_same(fit_sem(HS_MODEL, data), fit_sem(HS_MODEL, sample_cov=cov, n_obs=len(data)))


def test_a_parsed_model_gives_the_same_as_its_text() -> None:
    assert_same(
        fit_sem(parse_model(PD_MODEL, std_lv=True), democracy()), fit_sem(PD_MODEL, democracy(), std_lv=True)
    )


def test_the_data_are_not_changed() -> None:
    data = holzinger().copy()
    fit_sem(HS_MODEL, data)
    pd.testing.assert_frame_equal(data, holzinger())
