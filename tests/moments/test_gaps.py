"""Patterns of missing answers, and moments that use every answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

import trustmeasure as tm
from tests.reference.sem.cases import frame_of, read, symmetric
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments.missing import likelihood, log_likelihood
from trustmeasure.moments.patterns import distinct, patterns_of, single_rows

SMALL = pd.DataFrame(
    {
        "x": [1.0, 2.0, np.nan, 4.0, np.nan],
        "y": [1.0, np.nan, np.nan, 3.0, np.nan],
        "word": ["a", " ", "b", None, ""],
    }
)


@pytest.mark.parametrize("case", ["fiml-hs", "fiml-hs-many-gaps", "fiml-pd"])
def test_saturated_moments_are_lavaans(case: str) -> None:
    stored, sample = read(case), read(case)["sample"]
    cov = symmetric(sample["cov"])
    found = tm.saturated_moments(frame_of(case), list(cov.columns))
    np.testing.assert_allclose(found.cov, cov, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found.mean, pd.Series(sample["mean"])[cov.columns], rtol=1e-9)
    assert found.logl == pytest.approx(stored["fit_measures"]["unrestricted.logl"], rel=1e-10)
    assert found.n_obs == stored["n_obs"]


def test_complete_rows_have_their_own_moments() -> None:
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(40, 3)), columns=list("abc"))
    found = tm.saturated_moments(data)
    np.testing.assert_allclose(found.cov, np.cov(data.T, ddof=0), rtol=1e-12)
    np.testing.assert_allclose(found.mean, data.mean(), rtol=1e-12)
    assert (found.coverage == 1).to_numpy().all()
    np.testing.assert_allclose(found.corr, np.corrcoef(data.T), rtol=1e-12)


def test_patterns() -> None:
    found = tm.missing_patterns(SMALL)
    assert (found.n_obs, found.n_complete, found.n_empty) == (5, 1, 1)
    assert found.patterns["rows"].tolist() == [1, 1, 1, 1, 1]
    assert found.patterns["n_missing"].tolist() == [0, 1, 2, 2, 3]
    assert found.patterns["share"].sum() == pytest.approx(1)
    assert found.variables["missing"].tolist() == [2, 3, 3]
    assert found.coverage.loc["x", "y"] == pytest.approx(0.4)
    assert found.share_missing == pytest.approx(8 / 15)
    assert "x answered, . missing" in str(found)
    assert "<table" in found._repr_html_()
    assert found.to_frame().equals(found.patterns)


def test_the_most_frequent_pattern_comes_first() -> None:
    data = frame_of("fiml-hs")[[f"x{i}" for i in range(1, 10)]]
    found = tm.missing_patterns(data)
    assert found.patterns["rows"].is_monotonic_decreasing
    assert found.patterns["rows"].sum() == len(data)
    flags = found.patterns[data.columns].to_numpy()
    assert len(np.unique(flags, axis=0)) == len(flags)
    same = data.notna().value_counts().sort_values(ascending=False)
    assert found.patterns["rows"].tolist() == same.tolist()


def test_a_long_table_is_cut_in_the_summary() -> None:
    values = pd.DataFrame(random_rows(1), columns=list("abcdefg"))
    found = tm.missing_patterns(values)
    assert f"{len(found.patterns) - 20} more patterns." in str(found)


def test_other_frames() -> None:
    found = tm.missing_patterns(pl.from_pandas(SMALL), ["x", "y"])
    assert found.patterns.equals(tm.missing_patterns(SMALL, ["x", "y"]).patterns)


def test_what_is_never_answered_together_is_said() -> None:
    data = pd.DataFrame({"a": [1.0, 2.0, np.nan, np.nan], "b": [np.nan, np.nan, 1.0, 2.0]})
    assert "Never answered together: a and b." in str(tm.missing_patterns(data))


REFUSED = {
    "one text": ({"columns": "x"}, ArgumentError, "one text"),
    "twice": ({"columns": ["x", "x"]}, ArgumentError, "more than once"),
    "none": ({"columns": []}, ArgumentError, "empty"),
    "no column": ({"columns": ["x", "yy"]}, DataError, "'yy'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    options, error, message = REFUSED[case]
    for function in (tm.missing_patterns, tm.saturated_moments):
        with pytest.raises(error, match=message):
            function(SMALL, **options)


def test_a_column_named_like_a_count() -> None:
    with pytest.raises(ArgumentError, match="'rows' clashes"):
        tm.missing_patterns(pd.DataFrame({"rows": [1.0]}))


def test_no_rows() -> None:
    with pytest.raises(DataError, match="no rows"):
        tm.missing_patterns(SMALL.iloc[:0])


def test_pairs_never_answered_together_are_named_and_counted() -> None:
    rng = np.random.default_rng(1)
    data = pd.DataFrame(rng.normal(size=(60, 3)), columns=list("abc"))
    data.loc[:29, ["a", "b"]] = np.nan
    data.loc[30:, "c"] = np.nan
    with pytest.raises(DataError, match=r"both a and c, .* The same holds for 1 more pairs"):
        tm.saturated_moments(data)


def random_rows(seed: int, n: int = 80, p: int = 7, share: float = 0.4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + 10 * rng.normal(size=p)
    values[rng.uniform(size=values.shape) < share] = np.nan
    return values


def plain_likelihood(values: np.ndarray, mean: np.ndarray, cov: np.ndarray) -> float:
    """The log-likelihood row by row, by its definition."""
    total = 0.0
    for row in values:
        at = np.flatnonzero(np.isfinite(row))
        if at.size:
            d, own = row[at] - mean[at], cov[np.ix_(at, at)]
            total -= 0.5 * (
                at.size * np.log(2 * np.pi) + np.linalg.slogdet(own)[1] + d @ np.linalg.solve(own, d)
            )
    return total


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4, 0.8])
def test_the_likelihood_is_its_definition(share: float) -> None:
    values = random_rows(2, share=share)
    rng = np.random.default_rng(9)
    root = rng.normal(size=(7, 7))
    mean, cov = 10 * rng.normal(size=7), root @ root.T + np.eye(7)
    assert log_likelihood(patterns_of(values), mean, cov) == pytest.approx(
        plain_likelihood(values, mean, cov)
    )


def test_patterns_work_where_the_whole_matrix_is_not_positive_definite() -> None:
    values = random_rows(4, n=60, p=3, share=0.0)
    values[:30, 0], values[30:, 1] = np.nan, np.nan
    cov = np.array([[1.0, -0.9, 0.5], [-0.9, 1.0, 0.5], [0.5, 0.5, 1.0]])
    assert np.linalg.eigvalsh(cov)[0] < 0
    assert log_likelihood(patterns_of(values), np.zeros(3), cov) == pytest.approx(
        plain_likelihood(values, np.zeros(3), cov)
    )
    assert likelihood(patterns_of(values), np.zeros(3), np.array(cov) - 2 * np.eye(3)) is None


def test_condensed_patterns_have_the_moments_of_their_rows() -> None:
    values = random_rows(5, n=200, p=3, share=0.3)
    rng = np.random.default_rng(6)
    root = rng.normal(size=(3, 3))
    mean, cov = rng.normal(size=3), root @ root.T + np.eye(3)
    few, (every, _) = patterns_of(values), single_rows(values)
    assert len(few.points) < len(every.points) / 2
    a, b = likelihood(few, mean, cov), likelihood(every, mean, cov)
    assert a is not None
    assert b is not None
    for name in ("deviance", "squares", "precision", "pull"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-9, atol=1e-8)


def test_weights_count_rows() -> None:
    values = random_rows(7, n=50, p=4)
    weights = np.arange(50) % 3 + 1.0
    twice = np.repeat(values, weights.astype(int), axis=0)
    mean, cov = np.zeros(4), np.eye(4) * 50
    assert log_likelihood(patterns_of(values, weights), mean, cov) == pytest.approx(
        log_likelihood(patterns_of(twice), mean, cov)
    )


def test_many_patterns_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    values = random_rows(8, n=300)
    whole = likelihood(patterns_of(values), np.zeros(7), 30 * np.eye(7))
    monkeypatch.setattr("trustmeasure.moments.patterns.CELLS", 1)
    parts = patterns_of(values)
    assert len(parts.parts) > 1
    found = likelihood(parts, np.zeros(7), 30 * np.eye(7))
    assert whole is not None
    assert found is not None
    np.testing.assert_allclose(found.squares, whole.squares, rtol=1e-10)
    assert found.deviance == pytest.approx(whole.deviance)


def test_more_than_64_variables() -> None:
    rng = np.random.default_rng(3)
    seen = rng.uniform(size=(50, 70)) < 0.5
    kinds, which = distinct(np.vstack([seen, seen]))
    assert len(kinds) == 50
    assert np.array_equal(kinds[which], np.vstack([seen, seen]))
