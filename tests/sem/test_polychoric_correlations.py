"""Polychoric correlations of a frame, as a user sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.moments.ordinal_data import with_gaps
from trustmeasure.moments.ordinal import ordinal_moments

FILE = Path(__file__).resolve().parents[1] / "reference" / "ordinal_moments" / "data" / "answers.csv"
MIXED = ["f1", "b1", "u", "v"]


@pytest.fixture
def data() -> pd.DataFrame:
    return pd.read_csv(FILE)


def test_frames_hold_the_statistics_and_their_errors(data: pd.DataFrame) -> None:
    names = ["f1", "f2", "b1"]
    found = tm.polychoric(data, names)
    moments = ordinal_moments(data[names].to_numpy(float), names, names)
    assert moments.variances is not None
    se = np.sqrt(moments.variances / len(data))
    at = moments.layout.correlations
    np.testing.assert_allclose(found.pairs["correlation"], moments.statistics[at], atol=1e-13)
    np.testing.assert_allclose(found.pairs["se"], se[at], rtol=1e-9)
    np.testing.assert_allclose(found.thresholds["value"], moments.statistics[:9], atol=1e-13)
    np.testing.assert_allclose(found.thresholds["se"], se[:9], rtol=1e-9)
    assert found.thresholds["threshold"].tolist() == ["t1", "t2", "t3", "t4", "t1", "t2", "t3", "t4", "t1"]
    assert found.thresholds[["below", "above"]].iloc[2].tolist() == [3.0, 4.0]
    assert found.pairs[["first", "second"]].to_numpy().tolist() == [["f1", "f2"], ["f1", "b1"], ["f2", "b1"]]
    assert found.correlations.loc["b1", "f2"] == found.pairs["correlation"].iloc[2]
    assert found.standard_errors.loc["f2", "b1"] == found.pairs["se"].iloc[2]
    assert np.isnan(np.diag(found.standard_errors)).all()
    assert (np.diag(found.correlations) == 1.0).all()


def test_each_pair_has_its_kind_and_rows(data: pd.DataFrame) -> None:
    gaps = with_gaps(data, MIXED, 9)
    found = tm.polychoric(gaps, MIXED, ordered=["f1", "b1"])
    kinds = {("f1", "b1"): "polychoric", ("u", "v"): "pearson"}
    for pair in found.pairs.itertuples():
        assert pair.kind == kinds.get((pair.first, pair.second), "polyserial")
        assert pair.n_obs == gaps[[pair.first, pair.second]].dropna().shape[0]
    assert found.n_obs == 400
    listwise = tm.polychoric(gaps, MIXED, ordered=["f1", "b1"], missing="listwise")
    assert listwise.n_obs == gaps[MIXED].dropna().shape[0]
    assert (listwise.pairs["n_obs"] == listwise.n_obs).all()


def test_pearson_is_the_usual_correlation(data: pd.DataFrame) -> None:
    found = tm.polychoric(data, ["u", "v"], ordered=[])
    assert found.correlations.loc["u", "v"] == pytest.approx(data["u"].corr(data["v"]), abs=1e-14)
    assert found.thresholds.empty
    # Of normal variables the standard error is (1 - rho^2) / sqrt(n).
    expected = (1.0 - found.correlations.loc["u", "v"] ** 2) / 20.0
    assert found.pairs["se"].iloc[0] == pytest.approx(expected, rel=0.15)


def test_weights_are_a_column(data: pd.DataFrame) -> None:
    names = ["f1", "b1", "u"]
    found = tm.polychoric(data[[*names, "weight"]], ordered=["f1", "b1"], weights="weight")
    assert list(found.correlations) == names
    whole = data.assign(weight=1.0)
    plain, same = (
        tm.polychoric(whole, names, ordered=["f1", "b1"]),
        tm.polychoric(whole, names, ordered=["f1", "b1"], weights="weight"),
    )
    pd.testing.assert_frame_equal(plain.pairs, same.pairs, rtol=1e-12)
    assert not np.allclose(found.pairs["correlation"], plain.pairs["correlation"], atol=1e-4)


def test_ordered_categoricals_are_ordinal(data: pd.DataFrame) -> None:
    texts = pd.Categorical.from_codes(
        data["f1"] - 1, ["never", "rarely", "now", "often", "always"], ordered=True
    )
    found = tm.polychoric(data[["f1", "f2"]].assign(f1=texts))
    pd.testing.assert_frame_equal(found.correlations, tm.polychoric(data, ["f1", "f2"]).correlations)
    mixed = tm.polychoric(data[["f1", "u"]].assign(f1=texts), ordered=[])
    assert mixed.pairs["kind"].tolist() == ["polyserial"]


def test_it_shows_itself(data: pd.DataFrame) -> None:
    found = tm.polychoric(data, MIXED, ordered=["f1", "b1"])
    text = str(found)
    assert "1 Polychoric, 4 Polyserial, 1 Pearson correlations of 400 rows (pairwise)." in text
    assert "t4" in text
    assert "<table" in found._repr_html_()
    frame = found.to_frame()
    frame.iloc[0, 0] = 5.0
    assert found.correlations.iloc[0, 0] == 1.0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"names": ["f1"]}, tm.ArgumentError, "a correlation needs two"),
        ({"names": "f1"}, tm.ArgumentError, "is one text"),
        ({"names": ["f1", "f2", "f1"]}, tm.ArgumentError, "names holds f1 more than once"),
        ({"names": ["f1", "f2"], "ordered": ["f3"]}, tm.ArgumentError, "'f3' is not a variable here"),
        ({"names": ["f1", "f2"], "ordered": 3}, tm.ArgumentError, "ordered is a int"),
        ({"names": ["f1", "f2"], "missing": "fiml"}, tm.ArgumentError, "missing='fiml' is not known"),
        ({"names": ["f1", "ff"]}, tm.DataError, "'ff' is not a column"),
        ({"names": ["f1", "u"]}, tm.DataError, "u has .* different values"),
        ({"names": ["f1", "f2"], "weights": "wt"}, tm.DataError, "'wt' is not a column"),
        ({"names": ["f1", "f2"], "weights": "v_less"}, tm.DataError, "negative"),
    ],
)
def test_what_it_refuses(
    data: pd.DataFrame, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        tm.polychoric(data.assign(v_less=-data["v"]), **options)


def test_text_is_refused_by_row(data: pd.DataFrame) -> None:
    texts = data[["f1", "f2"]].astype(object)
    texts.loc[4, "f2"] = "often"
    with pytest.raises(tm.DataError, match="'often' in row 5"):
        tm.polychoric(texts)
