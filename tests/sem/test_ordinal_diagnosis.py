"""Diagnosis of ordinal answers: tables against lavaan and polycor, notes, and wrong input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError, DataError

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "ordinal_diagnosis"
CASES = sorted(path.stem for path in FOLDER.glob("tables-*.json"))


def stored(name: str) -> dict[str, Any]:
    """Return stored values of R."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def answers(name: str) -> pd.DataFrame:
    """Return the answers that R read."""
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")


@pytest.mark.parametrize("case", CASES)
def test_tables_are_lavaans(case: str) -> None:
    theirs = stored(case)
    found = tm.ordinal_diagnosis(answers(theirs["data"]), missing=theirs["missing"])
    assert found.n_obs == theirs["n_obs"]
    ours = found.tables.set_index(["first", "second"])
    assert list(ours.index) == [(t["lhs"], t["rhs"]) for t in theirs["tables"]]
    for table in theirs["tables"]:
        own = ours.loc[(table["lhs"], table["rhs"])]
        assert (own["df"], own["n_obs"]) == (table["df"], table["nobs"])
        # lavaan stops seeking a correlation once it moves by less than about 1e-8.
        assert own["correlation"] == pytest.approx(table["cor.un"], abs=2e-8)
        assert own["g2"] == pytest.approx(table["G2.un"], rel=1e-9)
        assert own["x2"] == pytest.approx(table["X2.un"], rel=1e-6)
        assert own["rmsea"] == pytest.approx(table["RMSEA.un"], abs=1e-9)
        assert own["g2_p"] == pytest.approx(table["G2.un.pval"], abs=1e-9)
        assert own["x2_p"] == pytest.approx(table["X2.un.pval"], abs=1e-6)
    np.testing.assert_allclose(found.definiteness.eigenvalues[::-1], theirs["eigenvalues"], atol=1e-7)
    thresholds = found.categories.dropna(subset=["threshold"])["threshold"]
    np.testing.assert_allclose(thresholds, list(theirs["thresholds"].values()), atol=1e-10)


def test_tables_are_polycors() -> None:
    ours = tm.ordinal_diagnosis(answers("likert")).tables.set_index(["first", "second"])
    for table in stored("polycor-likert")["tables"]:
        own = ours.loc[(table["lhs"], table["rhs"])]
        assert own["df"] == table["df"]
        assert own["correlation"] == pytest.approx(table["rho"], abs=1e-4)  # optimize() of R is coarse
        assert own["g2"] == pytest.approx(table["chisq"], abs=1e-4)


def test_pairs_that_are_not_positive_definite_are_named() -> None:
    data = answers("indefinite")
    found = tm.ordinal_diagnosis(data, missing="pairwise", smooth=True)
    assert not found.positive_definite
    said = " ".join(found.notes)
    assert "not positive definite: 1 eigenvalue not above 0, the least -0.01067" in said
    assert "Pairs that pull it down most: s1 and s3" in said
    assert "alone would mend it: s1 and s3 (0.855) between 0.555 and 0.835" in said
    assert found.smoothed is not None
    assert found.smoothed.changed
    assert f"largest change of a correlation {found.smoothed.largest_change:.3f} (s1 and s3)" in said
    plain = tm.ordinal_diagnosis(data, missing="pairwise")
    assert plain.smoothed is None
    assert "ask for smooth=True" in " ".join(plain.notes)
    pd.testing.assert_frame_equal(plain.tables, found.tables)


def test_what_is_sparse_and_few() -> None:
    found = tm.ordinal_diagnosis(answers("mixed"), missing="pairwise")
    assert found.few[["variable", "category", "count"]].to_numpy().tolist() == [
        ["four", 1, 2],
        ["seven", 1, 3],
    ]
    frame = answers("mixed")
    counts = pd.crosstab(frame["five"], frame["seven"]).reindex(index=range(1, 6), columns=range(1, 8))
    own = found.tables.set_index(["first", "second"]).loc[("five", "seven")]
    assert own["empty"] == int((counts.fillna(0) == 0).sum().sum())
    assert own["n_obs"] == int(counts.sum().sum())
    assert (found.sparse["empty"] > 0).sum() == (found.tables["empty"] > 0).sum()
    assert "2 categories with fewer than 5 answers: four = 1 (2), seven = 1 (3)" in " ".join(found.notes)
    assert tm.ordinal_diagnosis(frame, missing="pairwise", least_count=2).few.empty


def test_advice_needs_five_categories() -> None:
    fine = tm.ordinal_diagnosis(answers("likert"))
    assert "a fair alternative" in fine.notes[-1]
    assert "Rhemtulla" in fine.notes[-1]
    mixed = tm.ordinal_diagnosis(answers("mixed"))
    assert "Fewer than 5 categories: two, three, four." in " ".join(mixed.notes)
    wide = tm.ordinal_diagnosis(answers("mixed"), ["seven", "turned"])
    assert "six or seven" not in " ".join(wide.notes)


def test_shape_of_the_answers() -> None:
    data = answers("likert")
    ours = tm.ordinal_diagnosis(data).variables
    for name in data:
        z = (data[name] - data[name].mean()) / data[name].std(ddof=0)
        assert ours.loc[name, "skewness"] == pytest.approx((z**3).mean(), rel=1e-9)
        assert ours.loc[name, "kurtosis"] == pytest.approx((z**4).mean() - 3, rel=1e-9)


def test_continuous_variables_and_categoricals_go_along() -> None:
    data = answers("likert")
    rng = np.random.default_rng(1)
    words = pd.Categorical.from_codes(
        data["q2"] - 1, ["no", "rather no", "so so", "rather yes", "yes"], ordered=True
    )
    mixed = data.assign(q2=words, age=40 + 5 * rng.normal(size=len(data)) + data["q1"])
    found = tm.ordinal_diagnosis(mixed, ordered=[f"q{i}" for i in range(1, 7)])
    assert list(found.correlations) == [*data, "age"]
    assert len(found.tables) == 15
    whole = tm.ordinal_diagnosis(data)
    pd.testing.assert_frame_equal(found.tables, whole.tables)
    inner = found.correlations.loc[list(data), list(data)]
    pd.testing.assert_frame_equal(inner, whole.correlations)
    assert found.correlations.loc["age", "q1"] == pytest.approx(0.25, abs=0.1)


def test_items_that_say_the_same_are_named() -> None:
    data = answers("likert").assign(again=lambda d: d["q1"])
    found = tm.ordinal_diagnosis(data)
    assert found.near_one[["first", "second"]].to_numpy().tolist() == [["q1", "again"]]
    assert "Such items say the same" in " ".join(found.notes)


def test_a_category_lost_with_incomplete_rows_is_named() -> None:
    data = answers("likert").astype(float)
    data.loc[data["q1"] == 5, "q2"] = np.nan
    found = tm.ordinal_diagnosis(data)
    assert found.variables.loc["q1", "categories"] == 4
    assert "No complete row has the category q1 = 5" in found.notes[-1]
    assert found.n_dropped > 0
    assert "left out because a value was missing" in found.notes[0]


def test_reading() -> None:
    found = tm.ordinal_diagnosis(answers("mixed"), missing="pairwise")
    assert "Underlying bivariate normality" in str(found)
    assert "<table" in found._repr_html_()
    pd.testing.assert_frame_equal(found.to_frame(), found.tables)
    binary = tm.ordinal_diagnosis((answers("likert") > 3).astype(int))
    assert "All variables are binary" in " ".join(binary.notes)
    assert binary.tables["mn"].isna().all()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"names": "q1"}, ArgumentError, "give a list of column names"),
        ({"names": ["q1", "q1"]}, ArgumentError, "q1 more than once"),
        ({"names": ["q1", "q9"]}, DataError, "'q9' is not a column of the data"),
        ({"ordered": ["q1", "w2"]}, ArgumentError, "'w2' is not a variable here"),
        ({"ordered": ["q1"]}, ArgumentError, "There are 1 ordinal variables"),
        ({"ordered": 3}, ArgumentError, "ordered is a int"),
        ({"missing": "fiml"}, ArgumentError, "missing='fiml' is not known"),
        ({"least_count": 0}, ArgumentError, "least_count=0"),
    ],
)
def test_wrong_input(options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        tm.ordinal_diagnosis(answers("likert"), **options)


def test_answers_that_are_none() -> None:
    data = answers("likert")
    with pytest.raises(DataError, match="'q1' has the one answer 1"):
        tm.ordinal_diagnosis(data.assign(q1=1))
    with pytest.raises(DataError, match="'q1' has more than 11 different values"):
        tm.ordinal_diagnosis(data.assign(q1=np.arange(250)))


def test_a_fit_tells_of_correlations_that_are_not_positive_definite() -> None:
    model = "f =~ " + " + ".join(f"s{i}" for i in range(1, 8))
    with pytest.warns(UserWarning, match="not positive definite together") as told:
        fit = tm.fit_sem(model, answers("indefinite"), ordered=True, missing="pairwise")
    note = next(w for w in fit.warnings if "not positive definite together" in w)
    assert "(least eigenvalue -0.0107); most behind it: s1 and s3 (0.855); s1 and s6 (0.742)" in note
    assert any(str(w.message) == note for w in told)
    fine = tm.fit_sem("f =~ q1 + q2 + q3 + q4", answers("likert"), ordered=True)
    assert not any("positive definite" in w for w in fine.warnings)
