from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.factors.number_data import items_of
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors.correlations import correlations_of
from trustmeasure.factors.random_correlations import RandomRows, RandomTables, random_correlations


def three_factors(seed: int, n: int = 300, each: int = 4, share: float = 0.2) -> pd.DataFrame:
    """Return answers from 1 to 5 to items of three factors that correlate by `share`."""
    rng = np.random.default_rng(seed)
    scores = np.sqrt(share) * rng.normal(size=(n, 1)) + np.sqrt(1 - share) * rng.normal(size=(n, 3))
    latent = 0.7 * np.repeat(scores, each, axis=1) + np.sqrt(0.51) * rng.normal(size=(n, 3 * each))
    return pd.DataFrame(np.clip(np.round(3 + 1.1 * latent), 1, 5))


def test_the_number_of_factors_is_found() -> None:
    found = [tm.parallel_analysis(three_factors(seed), draws=100, seed=seed) for seed in range(30)]
    assert sum(f.n_components == 3 for f in found) >= 29
    assert sum(f.n_factors == 3 for f in found) >= 27


def test_the_number_of_factors_is_found_with_polychoric_correlations() -> None:
    found = [
        tm.parallel_analysis(three_factors(seed), correlation="polychoric", draws=40, seed=seed)
        for seed in range(5)
    ]
    assert all(f.n_components == 3 for f in found)


@pytest.mark.parametrize("random", ["normal", "permuted", "resampled"])
@pytest.mark.parametrize("name", ["ordinal", "gaps"])
def test_ways_of_making_random_data_agree(random: str, name: str) -> None:
    base = tm.parallel_analysis(items_of(name), draws=400, seed=1)
    found = tm.parallel_analysis(items_of(name), draws=400, seed=2, random=random)
    for model in ("components", "factors"):
        np.testing.assert_allclose(found.threshold(model, "mean"), base.threshold(model, "mean"), atol=0.02)


def test_gaps_make_random_eigenvalues_larger() -> None:
    whole = tm.parallel_analysis(items_of("ordinal"), draws=400, seed=1).threshold("components", "mean")[0]
    assert (
        tm.parallel_analysis(items_of("gaps"), draws=400, seed=1).threshold("components", "mean")[0] > whole
    )


def test_a_shuffled_sample_keeps_the_answers_and_the_gaps() -> None:
    values = items_of("gaps").to_numpy(dtype=float)
    rows = RandomRows.of(values, "permuted", ranked=False)
    drawn = rows._samples(np.random.default_rng(1), 3)
    assert np.array_equal(np.sort(drawn, axis=2), np.sort(np.broadcast_to(rows.values, drawn.shape), axis=2))
    assert (drawn[:, ~rows.there] == 0.0).all()


def test_random_correlations_with_gaps_are_those_of_pandas() -> None:
    values = items_of("gaps").to_numpy(dtype=float)
    rows = RandomRows.of(values, "resampled", ranked=False)
    drawn = rows._samples(np.random.default_rng(5), 1)[0]
    frame = pd.DataFrame(np.where(rows.there, drawn, np.nan).T)
    np.testing.assert_allclose(rows.draw(np.random.default_rng(5), 1)[0], frame.corr(), atol=1e-12)


def test_random_rank_correlations_are_those_of_pandas() -> None:
    values = items_of("ordinal").to_numpy(dtype=float)
    rows = RandomRows.of(values, "permuted", ranked=True)
    drawn = rows._samples(np.random.default_rng(5), 1)[0]
    expected = pd.DataFrame(drawn.T).corr("spearman")
    np.testing.assert_allclose(rows.draw(np.random.default_rng(5), 1)[0], expected, atol=1e-12)


def test_random_polychoric_correlations_are_those_of_the_engine() -> None:
    values = items_of("gaps").to_numpy(dtype=float)[:, :5]
    tables = RandomTables.of(values, shuffled=True)
    hot = tables._sample(np.random.default_rng(7)).reshape(len(values), 5, tables.width)
    drawn = np.where(hot.sum(axis=2) > 0, hot.argmax(axis=2) + 1.0, np.nan)
    expected = tm.polychoric(pd.DataFrame(drawn, columns=list("abcde"))).correlations
    np.testing.assert_allclose(tables.draw(np.random.default_rng(7), 1)[0], expected, atol=1e-9)


def test_samples_of_all_sizes_of_batches_are_all_there() -> None:
    found = correlations_of(items_of("gaps"))
    parts = list(random_correlations(found, "normal", 2500, np.random.default_rng(1)))
    assert len(parts) > 1
    assert sum(map(len, parts)) == 2500


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, again, other = (tm.parallel_analysis(items_of("ordinal"), draws=30, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first.to_frame(), again.to_frame())
    assert not first.to_frame().equals(other.to_frame())


def test_the_order_of_items_and_people_does_not_matter() -> None:
    items = items_of("ordinal")
    turned = items.sample(frac=1.0, random_state=1).iloc[:, ::-1]
    first, second = (tm.parallel_analysis(x, draws=30, seed=1).to_frame() for x in (items, turned))
    pd.testing.assert_frame_equal(first, second, rtol=1e-10)


def test_eigenvalues_are_counted_only_to_the_first_that_is_not_above() -> None:
    found = tm.parallel_analysis(items_of("ordinal"), draws=50, seed=1)
    frame = found.to_frame()
    own = frame[frame["model"] == "components"]
    assert found.suggested("components") == int(own["above_quantile"].cummin().sum())
    assert "Suggested" in str(found)
    assert "factors" in found._repr_html_()


def test_a_matrix_needs_its_number_of_people_and_normal_data() -> None:
    corr = items_of("ordinal").corr()
    assert tm.parallel_analysis(corr, n_obs=300, draws=50, seed=1).n_components == 3
    with pytest.raises(ArgumentError, match="n_obs="):
        tm.parallel_analysis(corr)
    with pytest.raises(ArgumentError, match="needs the answers"):
        tm.parallel_analysis(corr, n_obs=300, random="permuted")
    with pytest.raises(ArgumentError, match="give rows"):
        tm.parallel_analysis(corr, n_obs=300, correlation="polychoric", random="normal")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"draws": 5}, "at least 20"),
        ({"level": 1.0}, "level"),
        ({"random": "shuffled"}, "random"),
        ({"communalities": "ml"}, "communalities"),
        ({"seed": -1}, "seed"),
        ({"correlation": "polycoric"}, "Did you mean 'polychoric'"),
    ],
)
def test_arguments_are_checked(given: dict[str, object], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.parallel_analysis(items_of("ordinal"), **given)


def test_two_items_are_too_few() -> None:
    with pytest.raises(DataError, match="at least 3 items"):
        tm.parallel_analysis(items_of("ordinal").iloc[:, :2])
