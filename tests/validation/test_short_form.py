"""Short forms: planted bad items are never chosen, ants find what all choices hold, facets are met."""

import itertools
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.validation import short_form
from trustmeasure.validation.short_form_objective import Judge, agreement, form_of
from trustmeasure.validation.short_form_search import Colony, Pool, colony, exhaustive


def answers(n=500, seed=1, good=(0.8, 0.75, 0.7), bad=(0.1,)):
    """Two constructs of three good items and a bad one each; the bad one hardly depends on the factor."""
    rng = np.random.default_rng(seed)
    factors = rng.standard_normal((n, 2)) @ np.linalg.cholesky(np.array([[1.0, 0.5], [0.5, 1.0]])).T
    loadings = np.array([*good, *bad])
    frames = {}
    for j, name in enumerate("ab"):
        noise = rng.standard_normal((n, len(loadings))) * np.sqrt(1 - loadings**2)
        columns = [f"{name}{i}" for i in range(1, len(good) + 1)] + [
            f"{name}_bad{i + 1}" for i in range(len(bad))
        ]
        frames[name] = pd.DataFrame(factors[:, [j]] * loadings + noise, columns=columns)
    return frames


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("search", ["exhaustive", "ants"])
def test_planted_bad_items_are_never_chosen(seed, search):
    found = short_form(answers(seed=seed), 3, search=search, seed=seed, ants=5, rounds=4)
    assert not any("bad" in item for own in found.items.values() for item in own)


def test_ants_find_the_best_of_all_choices():
    frames = answers(seed=7, good=(0.8, 0.75, 0.7, 0.65), bad=(0.15, 0.1))
    parts = {"reliability": 1, "agreement": 1, "information": 1}
    every, ants = (short_form(frames, 3, weights=parts, search=s, seed=2) for s in ("exhaustive", "ants"))
    assert every.n_choices == len(every.tried) == 400
    assert ants.items == every.items
    assert ants.objective == every.objective == every.tried["objective"].max()
    assert len(ants.tried) < 400


def test_the_same_seed_gives_the_same_form():
    one, other = (short_form(answers(), 2, search="ants", seed=5, ants=3, rounds=2) for _ in range(2))
    pd.testing.assert_frame_equal(one.tried, other.tried)


def test_facets_are_met():
    frames = {"a": answers()["a"]}
    facets = {name: "odd" if "bad" in name else "good" for name in frames["a"].columns}
    for search in ("exhaustive", "ants"):
        chosen = short_form(frames, 3, facets=facets, search=search, ants=3, rounds=2).items["a"]
        assert sum("bad" in item for item in chosen) == 1


def test_the_objective_is_the_weighted_mean_of_its_parts():
    found = short_form(answers(), 2, weights={"reliability": 3, "agreement": 1, "information": 0})
    parts = found.tried
    np.testing.assert_allclose(parts["objective"], (3 * parts["reliability"] + parts["agreement"]) / 4)
    assert found.tried["objective"].is_monotonic_decreasing
    assert (found.tried["fit"] == 0).all()


def test_only_information_takes_the_highest_loadings():
    found = short_form(answers(n=2000), 2, weights={"information": 1})
    assert found.objective == pytest.approx(1.0)
    form = form_of(pd.concat(answers(n=2000).values(), axis=1), {"a": tuple(answers()["a"].columns)})
    assert set(found.items["a"]) == {form.names[i] for i in np.argsort(-form.information)[:2]}


def test_agreement_without_shared_items_is_that_of_two_forms():
    """The corrected correlation is the one of a short form given a second time."""
    rng, n, loadings = np.random.default_rng(3), 200_000, np.array([0.8, 0.7, 0.6, 0.5])
    factor = rng.standard_normal((n, 1))
    twice = [factor * loadings + rng.standard_normal((n, 4)) * np.sqrt(1 - loadings**2) for _ in range(2)]
    form = form_of(pd.DataFrame(twice[0], columns=list("abcd")), {"s": tuple("abcd")})
    raw, corrected = agreement(form, np.array([0, 1]), np.arange(4))
    other = np.corrcoef(twice[1][:, :2].sum(axis=1), twice[0].sum(axis=1))[0, 1]
    assert corrected == pytest.approx(other, abs=0.005)
    assert raw == pytest.approx(
        np.corrcoef(twice[0][:, :2].sum(axis=1), twice[0].sum(axis=1))[0, 1], abs=1e-10
    )


def test_both_halves_are_reported():
    found = short_form(answers(), 3)
    assert found.n_search + found.n_check == 500
    assert found.scales["half"].tolist() == ["search", "search", "check", "check"]
    assert (found.scales["r_full"] < found.scales["r_full_raw"]).all()
    assert found.fit["form"].tolist() == ["short", "full"] * 2
    assert found.fit["cfi"].min() > 0.9
    assert found.fit.loc[0, "cfi"] == pytest.approx(found.tried["fit"].iloc[0])
    text = str(found.summary(top=3))
    assert "The best 3 choices" in text
    assert "16 of 16" in text
    assert "<table" in found._repr_html_()


def test_constructs_that_are_short_already_are_kept():
    frames = {**answers(), "c": answers(seed=9)["a"].iloc[:, :2].set_axis(["c1", "c2"], axis=1)}
    assert short_form(frames, 3, search="ants", ants=4, rounds=2).items["c"] == ("c1", "c2")
    assert len(short_form(frames, {"a": 2}, weights={"reliability": 1}).items["b"]) == 4


def test_responses_are_taken():
    found = tm.short_form(tm.load_sample("trust-survey"), 2, weights={"reliability": 1, "agreement": 1},
                          search="ants", ants=3, rounds=2, patience=1)  # fmt: skip
    assert all(len(own) == 2 for own in found.items.values())
    assert any("missing answer" in note for note in found.notes)


def test_exchanges_end_at_a_best_choice():
    pools = [Pool("s", np.arange(8), 3)]
    worth = np.random.default_rng(1).random(8)

    def judge(choice: Any) -> float:
        return float(worth[list(choice)].sum())

    best = tuple(sorted(np.argsort(-worth)[:3].tolist()))
    assert exhaustive(pools, judge) == best
    found = colony(pools, judge, np.ones(8), np.random.default_rng(2), Colony(ants=1, rounds=1, patience=1))
    assert found == best


def test_choices_of_a_pool_meet_its_facets():
    pool = Pool("s", np.array([4, 5, 6, 7]), 2, ("x", "x", "y", "y"))
    wanted = [c for c in itertools.combinations((4, 5, 6, 7), 2) if c not in {(4, 5), (6, 7)}]
    assert list(pool.choices()) == wanted


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"items_per_construct": 1}, "items_per_construct=1"),
        ({"items_per_construct": {"a": 9}}, "9 cannot be chosen"),
        ({"items_per_construct": {"aa": 2}}, "Did you mean 'a'"),
        ({"weights": {"fitt": 1}}, "Did you mean 'fit'"),
        ({"weights": {"fit": 0}}, "a weight above 0"),
        ({"weights": {"fit": -1}}, "0 or more"),
        ({"facets": {"a9": "x"}}, "'a9' is not there"),
        ({"facets": {"a1": "x"}}, "lacks items of 'a': a2"),
        ({"search": "all"}, "search='all'"),
        ({"search": "ants", "ants": 0}, "ants=0"),
    ],
)
def test_what_is_refused(options, said):
    with pytest.raises(ArgumentError, match=said):
        short_form(answers(), **options)


def test_more_facets_than_items():
    facets = {name: name for name in answers()["a"].columns}
    with pytest.raises(ArgumentError, match="4 facets, so that 3 items cannot meet each"):
        short_form(answers(), 3, facets=facets)


def test_too_few_people():
    with pytest.raises(DataError, match="more people than items"):
        short_form(answers(n=14), 3)


@pytest.mark.parametrize("name", FRAMES)
def test_hostile_frames_are_answered_or_refused(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = short_form({"s": FRAMES[name]()}, 3)
        except TrustMeasureError as problem:
            assert len(str(problem)) > 30  # noqa: PT017 - the message is what is tested
            return
    assert np.isfinite(found.objective)
    assert str(found.summary())


def test_judge_remembers():
    frame = answers()["a"]
    judge = Judge(form_of(frame, {"a": tuple(frame.columns)}), {"reliability": 1.0})
    assert judge((0, 1, 2)) == judge((0, 1, 2))
    assert len(judge.seen) == 1
