"""Longitudinal invariance: semTools' models fitted by lavaan, releases, latent means, what is refused."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.validity.invariance.cases import FOLDER, case, table
from trustmeasure.errors import ArgumentError, DataError

MODEL = "f =~ y1 + y2 + y3 + y4\ng =~ z1 + z2 + z3"
WAVES = {wave: f"{{item}}_{wave}" for wave in ("t1", "t2", "t3")}
STEPS = ["configural", "metric", "scalar", "strict", "means"]


@cache
def panel() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / "panel.csv")


@cache
def ours(name: str) -> tm.Invariance:
    frame, gaps = panel().copy(), case(name)["data"].get("gaps")
    if gaps:
        i = np.arange(1, len(frame) + 1)
        for j, column in enumerate(gaps["columns"], start=1):
            frame.loc[(i * (2 * j + 1) + j**2) % gaps["every"] == 0, column] = np.nan
    missing = case(name)["options"].get("missing", "listwise")
    return tm.longitudinal_invariance(MODEL, frame, waves=WAVES, steps=STEPS, missing=missing)


@pytest.mark.parametrize("name", ["waves", "waves-fiml"])
def test_steps_fit_and_are_tested_as_in_lavaan(name: str) -> None:
    near = 1e-5 if "fiml" in name else 1e-7  # lavaan's EM stops there
    for (_, row), step in zip(ours(name).frame.iterrows(), case(name)["steps"].values(), strict=True):
        stored = step["measures"]
        assert (row["npar"], row["df"]) == (stored["npar"], stored["df"])
        for measure in ("chisq", "pvalue", "cfi", "rmsea", "srmr", "aic", "bic"):
            assert row[measure] == pytest.approx(stored[measure], rel=near, abs=1e-8), (row["step"], measure)
        if step["difference"]:
            mine = row[["chisq_difference", "df_difference", "p_value"]].astype(float)
            np.testing.assert_allclose(mine, list(step["difference"].values()), rtol=20 * near, atol=1e-12)


@pytest.mark.parametrize("name", ["waves", "waves-fiml"])
def test_estimates_and_errors_are_lavaans(name: str) -> None:
    near = 1e-4 if "fiml" in name else 1e-6
    for (step, fit), stored in zip(ours(name).fits.items(), case(name)["steps"].values(), strict=True):
        theirs = table(stored["estimates"])
        mine = fit.parameters[["lhs", "op", "rhs", "estimate", "se"]]
        turned = mine.rename(columns={"lhs": "rhs", "rhs": "lhs"})[
            mine["op"].eq("~~") & mine["lhs"].ne(mine["rhs"])
        ]
        both = theirs.merge(pd.concat([mine, turned]), on=["lhs", "op", "rhs"], suffixes=("_lavaan", ""))
        assert len(both) == len(theirs), step
        scale = both["est"].abs().clip(lower=0.1)
        assert ((both["estimate"] - both["est"]).abs() / scale).max() < near, step
        free = both["se_lavaan"] > 0
        assert (both["se"][free] / both["se_lavaan"][free] - 1).abs().max() < 10 * near, step


def test_the_planted_difference_is_suggested_and_released() -> None:
    tests = tm.suggest_releases(ours("waves"), "scalar")
    assert tests.frame["relation"][0] == "y2~1"
    assert tests.frame["in_group"][0] == "t3"
    assert tests.frame["df"].eq(2).all()
    fall = ours("waves").frame["chisq"][2] - ours("waves").release("y2 ~ 1").frame["chisq"][2]
    assert tests.frame["chisq"][0] == pytest.approx(fall, rel=0.2)
    done = tm.release_sequentially(ours("waves"), "scalar")
    assert done.released == ("y2~1",)


def test_latent_means_of_waves_are_the_parameters() -> None:
    released = ours("waves").release("y2 ~ 1")
    means = tm.latent_means(released).frame.set_index(["latent", "group"])
    rows = released.fit("scalar").parameters.query("op == '~1'").set_index("lhs")
    for wave in ("t2", "t3"):
        assert means.loc[("f", wave), "difference"] == pytest.approx(rows.loc[f"f_{wave}", "estimate"])
        assert means.loc[("f", wave), "se"] == pytest.approx(rows.loc[f"f_{wave}", "se"], rel=1e-8)
    assert means.loc[("f", "t3"), "d"] > 0.2
    variance = released.fit("scalar").parameters.query("op == '~~' and lhs == 'g_t2' and rhs == 'g_t2'")
    assert means.loc[("g", "t2"), "variance_ratio"] == pytest.approx(variance["estimate"].iloc[0])


def test_a_mapping_says_the_same_as_a_pattern() -> None:
    items = ["y1", "y2", "y3", "y4"]
    pattern = tm.longitudinal_invariance("f =~ y1 + y2 + y3 + y4", panel(), waves=WAVES, steps=["metric"])
    mapping = {wave: {item: f"{item}_{wave}" for item in items} for wave in WAVES}
    other = tm.longitudinal_invariance("f =~ y1 + y2 + y3 + y4", panel(), waves=mapping, steps=["metric"])
    assert other.frame["chisq"][0] == pytest.approx(pattern.frame["chisq"][0], rel=1e-10)
    assert "Widaman" in pattern.notes[0]


def test_groups_are_asked_for_where_only_they_will_do() -> None:
    found = ours("waves")
    for function in (tm.permutation_invariance, tm.alignment, tm.dmacs):
        with pytest.raises(ArgumentError, match=r"[Ww]aves"):
            function(found)


@pytest.mark.parametrize(
    ("waves", "message"),
    [
        ({"t1": "{item}_t1"}, "two or more"),
        ({"t1": "{item}_t1", "t2": "y_t2"}, "has no '{item}'"),
        ({"t1": "{item}_t1", "t2": "{item}_t1"}, "stands for two items or waves"),
        ({"t1": "{item}_t1", "t2": {"y1": "y1_t2"}}, "'t2' has no column for the item 'y2'"),
    ],
)
def test_waves_that_cannot_be_are_named(waves: Any, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.longitudinal_invariance("f =~ y1 + y2 + y3", panel(), waves=waves)


def test_missing_columns_are_named() -> None:
    with pytest.raises(DataError, match="y1_t4"):
        tm.longitudinal_invariance("f =~ y1 + y2 + y3", panel(), waves={"t1": "{item}_t1", "t4": "{item}_t4"})
