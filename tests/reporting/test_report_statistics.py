"""Item statistics against their definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.reporting.findings_for_tests import responses
from tests.study.surveys import survey
from trustmeasure.reporting import item_statistics
from trustmeasure.responses import read_responses


def test_statistics_are_those_of_numpy_and_scipy() -> None:
    answers = responses()
    table = item_statistics(answers).set_index("item")
    for id in answers.item_ids:
        values = answers.data[id].dropna().to_numpy()
        row = table.loc[id]
        assert row["n"] == len(values)
        assert row["missing"] == pytest.approx(1 - len(values) / 160)
        assert row["mean"] == pytest.approx(np.mean(values))
        assert row["sd"] == pytest.approx(np.std(values, ddof=1))
        assert row["skew"] == pytest.approx(stats.skew(values, bias=False))
        assert row["floor"] == np.mean(values == 1)
        assert row["ceiling"] == np.mean(values == 7)


def test_a_reversed_item_is_described_after_it_was_turned() -> None:
    columns = {f"cog_{part}_{i}": [1, 2, 3, 7] for part in ("com", "int", "rel") for i in (1, 2, 3, 4)}
    table = item_statistics(read_responses(pd.DataFrame(columns), "cognitive-trust")).set_index("item")
    assert table.loc["cog_rel_4", "mean"] == 8 - table.loc["cog_rel_3", "mean"]
    assert table.loc["cog_rel_4", "floor"] == table.loc["cog_rel_3", "ceiling"] == 0.25
    assert table["reverse"].sum() == 1


def test_what_does_not_exist_is_nan() -> None:
    data = survey(4).assign(sat_1=np.nan, sat_2=5)
    table = item_statistics(responses(data)).set_index("item")
    assert table.loc["sat_1", "n"] == 0
    assert table.loc["sat_1", ["mean", "sd", "skew", "floor", "ceiling"]].isna().all()
    assert np.isnan(table.loc["sat_2", "skew"])
    assert table.loc["sat_2", "sd"] == 0
