"""Suggested releases and the sequential procedure."""

from __future__ import annotations

import numpy as np
import pytest

import trustmeasure as tm
from tests.validity.invariance.cases import THREE, sectors
from trustmeasure.errors import ArgumentError


@pytest.fixture(scope="module")
def found() -> tm.Invariance:
    return tm.invariance(THREE, sectors(), group="sector")


def test_in_two_groups_a_score_test_is_that_of_the_engine() -> None:
    two = sectors()[sectors()["sector"] != "bank"]
    sequence = tm.invariance(THREE, two, group="sector")
    engine = tm.score_tests(sequence.fit("scalar")).set_index("constraint")
    tests = tm.suggest_releases(sequence, "scalar")
    for name, own in tests.frame.set_index("relation").iterrows():
        theirs = engine.loc[f"{name} == {name}.g2"]
        assert own["chisq"] == pytest.approx(theirs["chisq"], rel=1e-8)
        change = tests.changes[tests.changes["relation"] == name]["change"].to_numpy()
        assert change[1] - change[0] == pytest.approx(theirs["epc"], rel=1e-8)


def test_ordinal_score_tests_are_those_of_the_engine() -> None:
    frame = sectors()[sectors()["sector"] != "bank"].copy()
    items = [c for c in frame if c != "sector"]
    frame[items] = np.digitize(frame[items], [2.5, 3.3, 4.2])
    with pytest.warns(tm.TrustMeasureWarning, match="standard errors and the plain test of DWLS"):
        sequence = tm.invariance(THREE, frame, group="sector", ordered=True, estimator="DWLS")
    engine = tm.score_tests(sequence.fit("metric")).set_index("constraint")
    for name, own in tm.suggest_releases(sequence, "metric").frame.set_index("relation").iterrows():
        theirs = engine.loc[f"{name} == {name}.g2"]
        assert own["chisq"] == pytest.approx(theirs["chisq"], rel=0.02)  # groups count by n and by n - 1


def test_a_score_test_foretells_the_fall_of_the_chi_square(found: tm.Invariance) -> None:
    first = tm.suggest_releases(found, "metric").frame.iloc[0]
    assert first["relation"] == "f=~a2"
    released = found.release("f =~ a2")
    fall = found.frame["chisq"][1] - released.frame["chisq"][1]
    assert first["chisq"] == pytest.approx(fall, rel=0.15)


def test_expected_values_are_near_those_of_the_released_fit(found: tm.Invariance) -> None:
    changes = tm.suggest_releases(found, "metric").changes.set_index(["relation", "group"])["expected"]
    rows = found.release("f =~ a2").fit("metric").parameters
    own = rows[(rows["lhs"] == "f") & (rows["rhs"] == "a2")]["estimate"].to_numpy()
    np.testing.assert_allclose(changes.loc["f=~a2"][list(found.groups)], own, atol=0.1)


def test_score_tests_of_incomplete_rows_and_of_robust_fits() -> None:
    frame = sectors().copy()
    frame.loc[::9, "a1"] = np.nan
    sequence = tm.invariance(THREE, frame, group="sector", missing="fiml")
    assert tm.suggest_releases(sequence, "metric").frame["relation"][0] == "f=~a2"
    full = tm.invariance(THREE, sectors(), group="sector", missing="fiml")
    plain = tm.invariance(THREE, sectors(), group="sector")
    mine, theirs = (tm.suggest_releases(x, "metric").frame.set_index("relation") for x in (full, plain))
    np.testing.assert_allclose(mine["chisq"], theirs.loc[mine.index, "chisq"], rtol=0.15)


def test_planted_differences_are_released_and_every_decision_is_kept(found: tm.Invariance) -> None:
    metric = tm.release_sequentially(found, "metric")
    assert metric.released == ("f=~a2",)
    assert "The step holds" in metric.reason
    scalar = tm.release_sequentially(metric.invariance, "scalar")
    assert set(scalar.released) == {"a2~1", "b1~1"}
    assert (scalar.frame["p_before"] < 0.05).all()
    assert scalar.frame["p_after"].iloc[-1] >= 0.05
    assert found.partial == ()
    assert "Decisions" in str(scalar)
    assert "<table" in scalar._repr_html_()


def test_it_ends_where_indicators_would_be_too_few_or_as_many_as_asked(found: tm.Invariance) -> None:
    kept = tm.release_sequentially(found, "scalar", keep=4)
    assert "fewer than 4 equal indicators" in kept.reason
    assert kept.released == ()
    one = tm.release_sequentially(found, "scalar", most=1)
    assert len(one.released) == 1
    assert "most=1" in one.reason
    strict = tm.release_sequentially(found, "scalar", alpha=1e-12)
    assert "The step holds" in strict.reason


def test_what_cannot_be_is_named(found: tm.Invariance) -> None:
    with pytest.raises(ArgumentError, match="Did you mean 'metric'"):
        tm.suggest_releases(found, "metrics")
    with pytest.raises(ArgumentError, match="makes nothing equal"):
        tm.suggest_releases(found, "configural")
    with pytest.raises(ArgumentError, match="correction='fdr'"):
        tm.suggest_releases(found, correction="fdr")
    with pytest.raises(ArgumentError, match="compared with no other"):
        tm.release_sequentially(found, "configural")
    with pytest.raises(ArgumentError, match="no relation 'f=~zz'"):
        found.release("f =~ zz")
