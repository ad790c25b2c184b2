"""Permutation test: the batches are the fits, semTools' distribution, error rate, what is refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
import semopy

import trustmeasure as tm
from tests.validity.invariance.cases import THREE, case, sectors
from trustmeasure.errors import ArgumentError
from trustmeasure.validity.invariance.permutation import among
from trustmeasure.validity.invariance.permuted import MEASURES, Batches, Step
from trustmeasure.validity.invariance.permuted_refits import shuffled

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@cache
def found() -> tm.Invariance:
    return tm.invariance(THREE, sectors(), group="sector", steps=["configural", "metric", "scalar"])


@cache
def schools() -> tm.PermutationInvariance:
    frame = semopy.examples.holzinger39.get_data().reset_index(drop=True)
    sequence = tm.invariance(HS, frame, group="school", steps=["configural", "metric", "scalar"])
    return tm.permutation_invariance(sequence, n=300, seed=5, progress=False)


def test_measures_of_the_batches_are_those_of_the_fits() -> None:
    steps = [Step(n, m.model, m.df, ()) for n, m in zip(found().fits, found().models, strict=True)]
    plan = Batches.of(steps, found().plan.sample, 1)
    np.testing.assert_allclose(
        plan.observed().measures[0], found().frame[list(MEASURES)], rtol=1e-7, atol=1e-9
    )


def test_a_permutation_is_the_fit_of_the_permuted_rows() -> None:
    tests = tm.permutation_invariance(found(), n=3, seed=8, progress=False)
    steps = [Step(n, m.model, m.df, ()) for n, m in zip(found().fits, found().models, strict=True)]
    plan = Batches.of(steps, found().plan.sample, 8)
    rng = np.random.default_rng(np.random.SeedSequence(8, spawn_key=(0,)))
    labels = rng.permuted(np.tile(plan.labels, (3, 1)), axis=1)[1]
    rows = np.concatenate(found().plan.sample.rows)
    frame = pd.DataFrame(rows, columns=list(found().plan.base.observed))
    frame["sector"] = np.array(found().groups)[labels]
    frame = frame.iloc[np.argsort(labels, kind="stable")]
    again = tm.invariance(THREE, frame, group="sector", steps=["configural", "metric", "scalar"])
    for step in ("metric", "scalar"):
        row = again.frame.set_index("step").loc[step]
        assert tests.draws[f"{step}:chisq"][1] == pytest.approx(row["chisq_difference"], rel=1e-6)
        assert tests.draws[f"{step}:cfi"][1] == pytest.approx(row["cfi_change"], abs=1e-7)
        assert tests.draws[f"{step}:srmr"][1] == pytest.approx(row["srmr_change"], abs=1e-7)


def test_scores_of_the_data_are_those_of_the_suggestions() -> None:
    tests = tm.permutation_invariance(found(), n=2, seed=1, progress=False).relations
    for step in ("metric", "scalar"):
        theirs = tm.suggest_releases(found(), step).frame.set_index("relation")["chisq"]
        mine = tests[tests["step"] == step].set_index("relation")["chisq"]
        np.testing.assert_allclose(mine, theirs[mine.index], rtol=1e-6)


def test_the_same_seed_gives_the_same_whatever_the_workers() -> None:
    one, two = (
        tm.permutation_invariance(found(), n=120, seed=4, workers=w, relations=False, progress=False)
        for w in (1, 2)
    )
    pd.testing.assert_frame_equal(one.draws, two.draws)
    fewer = tm.permutation_invariance(found(), n=60, seed=4, relations=False, progress=False)
    pd.testing.assert_frame_equal(fewer.draws.iloc[:50], one.draws.iloc[:50])
    drawn = tm.permutation_invariance(found(), n=1, relations=False, progress=False)
    same = tm.permutation_invariance(found(), n=1, seed=drawn.seed, relations=False, progress=False)
    pd.testing.assert_frame_equal(drawn.draws, same.draws)


@pytest.mark.parametrize("step", ["metric", "scalar"])
def test_distributions_are_those_of_semtools(step: str) -> None:
    stored, own = case("permutation")[step], schools()
    n = stored["n"]
    for measure in ("chisq", "cfi", "rmsea"):
        draws, theirs = own.draws[f"{step}:{measure}"], stored[measure]
        error = theirs["sd"] * np.sqrt(1 / n + 1 / own.n)
        assert abs(draws.mean() - theirs["mean"]) < 4 * error
        assert draws.std() / theirs["sd"] == pytest.approx(1, abs=0.25)
        for share in (0.25, 0.5, 0.75):
            below = (draws <= theirs[f"q{100 * share:g}"]).mean()
            assert below == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) * (1 / n + 1 / own.n)))
        row = own.frame[(own.frame["step"] == step) & (own.frame["measure"] == measure)].iloc[0]
        assert row["observed"] == pytest.approx(stored["observed"][measure], abs=1e-4)
        assert row["p_value"] == pytest.approx(stored["p_value"][measure], abs=0.12)


def test_planted_differences_are_found_and_no_others() -> None:
    tests = tm.permutation_invariance(found(), n=200, seed=2, progress=False)
    p = tests.relations.set_index("relation")["p_adjusted"]
    assert p["f=~a2"] < 0.01
    assert p["a2~1"] < 0.01
    assert p["b1~1"] < 0.01
    assert (p[["f=~a1", "f=~a3", "f=~a4", "g=~b1", "g=~b2", "g=~b3", "a3~1", "b3~1"]] > 0.05).all()
    steps = tests.frame[tests.frame["measure"] == "cfi"].set_index("step")["p_value"]
    assert steps["configural"] > 0.05
    assert (steps[["metric", "scalar"]] < 0.05).all()
    assert "Permutation test of invariance" in str(tests)
    assert "<table" in tests._repr_html_()
    assert tests.failures.sum() == 0


def test_equal_groups_are_called_different_at_the_stated_rate() -> None:
    p = []
    for seed in range(16):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.normal(size=(160, 1)) + rng.normal(size=(160, 4)), columns=list("abcd"))
        frame["g"] = ["x", "y"] * 80
        sequence = tm.invariance("f =~ a + b + c + d", frame, group="g", steps=["configural", "metric"])
        tests = tm.permutation_invariance(sequence, n=49, seed=seed, relations=False, progress=False)
        p.append(tests.frame.set_index(["step", "measure"]).loc[("metric", "cfi"), "p_value"])
    assert np.mean(np.array(p) <= 0.1) <= 0.25
    assert 0.28 < np.mean(p) < 0.75


def test_incomplete_and_ordinal_answers_are_refitted_one_at_a_time() -> None:
    frame = sectors().copy()
    frame.loc[::11, "a1"] = np.nan
    options = {"group": "sector", "steps": ["configural", "metric"]}
    full = tm.invariance(THREE, frame, missing="fiml", **options)
    tests = tm.permutation_invariance(full, n=6, seed=1, progress=False)
    row = tests.frame.set_index(["step", "measure"]).loc[("metric", "chisq")]
    assert row["observed"] == pytest.approx(full.frame["chisq_difference"][1], rel=1e-5)
    assert tests.n == 6
    items = [name for name in frame if name != "sector"]
    frame[items] = np.digitize(sectors()[items], [2.5, 3.3, 4.2])
    ordinal = tm.invariance("f =~ a1 + a2 + a3 + a4", frame, group="sector", ordered=True)
    tests = tm.permutation_invariance(
        ordinal, n=3, seed=1, steps=["configural", "thresholds"], progress=False
    )
    row = tests.frame.set_index(["step", "measure"]).loc[("thresholds", "cfi")]
    assert row["observed"] == pytest.approx(ordinal.frame["cfi_scaled_change"][1], abs=1e-6)
    assert "scaled" in tests.notes[0]


def test_weights_go_with_their_rows() -> None:
    frame = sectors().assign(w=np.arange(500) % 5 + 0.5)
    sequence = tm.invariance(THREE, frame, group="sector", weights="w", steps=["configural"], estimator="MLR")
    split = shuffled(sequence.plan.split, np.random.default_rng(1))
    for part in split.parts:
        np.testing.assert_allclose(part.weights, frame["w"].to_numpy()[part.at])
    assert sorted(np.concatenate([p.at for p in split.parts])) == list(range(500))


def test_a_value_among_draws() -> None:
    draws = np.arange(1.0, 100.0)
    high = among(95.0, draws, 1.0, 0.05)
    assert high["p_value"] == pytest.approx(6 / 100)
    low = among(5.0, draws, -1.0, 0.05)
    assert low["p_value"] == pytest.approx(6 / 100)
    assert low["critical"] < 10 < high["critical"]


def test_what_cannot_be_is_named() -> None:
    with pytest.raises(ArgumentError, match="n=0"):
        tm.permutation_invariance(found(), n=0)
    with pytest.raises(ArgumentError, match="Did you mean 'metric'"):
        tm.permutation_invariance(found(), n=5, steps=["metrics"])
    frame = sectors().assign(house=np.arange(500) // 4)
    clustered = tm.invariance(THREE, frame, group="sector", cluster="house", estimator="MLR")
    with pytest.raises(ArgumentError, match="Rows in clusters"):
        tm.permutation_invariance(clustered, n=5)
