"""Statistics of resampled answers are those of the rows that were drawn, one sample at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from trustmeasure.moments.answers import answers_of
from trustmeasure.moments.margins import thresholds_from
from trustmeasure.moments.ordinal import moments_of_answers, ordinal_moments
from trustmeasure.moments.ordinal_draws import draw_moments
from trustmeasure.moments.polychoric import polychoric_batch
from trustmeasure.moments.resampled_tables import AnswerTables, solved
from trustmeasure.moments.tables import codes_of

Array = npt.NDArray[np.float64]

NAMES = ["a", "b", "c", "d", "e"]
CUTS = ([0.2], [-0.5, 0.7], [-1.0, 0.0, 1.1], [-1.3, -0.4, 0.4, 1.2], [0.4])


def answers(seed: int, n: int, gaps: float = 0.0, loading: float = 0.7) -> Array:
    """Return answers to variables of 2, 3, 4, 5 and 2 categories."""
    rng = np.random.default_rng(seed)
    latent = loading * rng.normal(size=(n, 1)) + np.sqrt(1 - loading**2) * rng.normal(size=(n, 5))
    found = np.column_stack([1.0 + np.searchsorted(c, latent[:, j]) for j, c in enumerate(CUTS)])
    found[rng.random(found.shape) < gaps] = np.nan
    return found


def prepared(values: Array) -> tuple[AnswerTables, dict[str, tuple[float, ...]]]:
    """Return the tables of all rows, and the categories."""
    given = answers_of(values, NAMES, NAMES, missing="pairwise")
    found = moments_of_answers(given, "none")
    tables = AnswerTables.of(given, found.statistics[found.layout.correlations])
    return tables, dict(zip(NAMES, found.categories, strict=True))


@pytest.mark.parametrize("gaps", [0.0, 0.1])
def test_samples_are_those_of_their_rows(gaps: float) -> None:
    values = answers(1, 200, gaps)
    values = values[np.isfinite(values).any(axis=1)]
    tables, categories = prepared(values)
    counts = np.random.default_rng(2).multinomial(200, np.full(len(values), 1 / len(values)), size=6)
    statistics, variances = tables.statistics(counts.astype(float))
    for k, own in enumerate(counts):
        rows = values[np.repeat(np.arange(len(values)), own)]
        alone = ordinal_moments(
            rows, NAMES, NAMES, missing="pairwise", gamma="diagonal", categories=categories
        )
        np.testing.assert_allclose(statistics[k], alone.statistics, atol=5e-9)
        assert alone.variances is not None
        np.testing.assert_allclose(variances[k], alone.variances, rtol=5e-8)


def test_many_rows_are_prepared_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    values = answers(2, 150, 0.05)
    counts = np.random.default_rng(1).multinomial(150, np.full(150, 1 / 150), size=3).astype(float)
    whole, _ = prepared(values)
    monkeypatch.setattr("trustmeasure.moments.resampled_tables.MOST_KEPT", 400)
    pieces, _ = prepared(values)
    assert (len(whole.blocks), len(pieces.blocks)) == (1, 0)
    for ours, theirs in zip(pieces.statistics(counts), whole.statistics(counts), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_all_rows_once() -> None:
    values = answers(3, 150)
    tables, _ = prepared(values)
    whole = ordinal_moments(values, NAMES, NAMES, gamma="diagonal")
    statistics, variances = tables.statistics(np.ones((1, 150)))
    np.testing.assert_allclose(statistics[0], whole.statistics, atol=1e-12)
    assert whole.variances is not None
    np.testing.assert_allclose(variances[0], whole.variances, rtol=1e-10)


def test_influence_is_the_derivative_by_the_weight_of_a_row() -> None:
    values = answers(4, 120, 0.08)
    values = values[np.isfinite(values).any(axis=1)]
    tables, _ = prepared(values)
    codes = codes_of(values, tuple((1.0, 2.0, 3.0, 4.0, 5.0)[: len(c) + 1] for c in CUTS))
    row, col = np.tril_indices(5, -1)
    for i in (0, 17, 60):
        # The sandwich takes products of scores for second derivatives, which agree in large samples only.
        counts = np.ones((2, len(values)))
        counts[:, i] += [1e-4, -1e-4]
        moved = tables.statistics(counts)[0][:, -10:]
        slope = (moved[0] - moved[1]) / 2e-4
        claimed = tables.near.influence[np.arange(10), codes.values[i, row], codes.values[i, col]]
        np.testing.assert_allclose(slope, claimed, rtol=0.35, atol=2e-3)


def test_an_empty_category_is_told_and_nothing_is_merged() -> None:
    values = answers(5, 60)
    values[:, 1] = np.where(values[:, 1] == 3, 2.0, values[:, 1])
    values[0, 1] = 3.0
    tables, _ = prepared(values)
    counts = np.ones((2, 60))
    counts[0, 0] = 0.0
    found = tables.statistics(counts)
    for values in found:
        assert np.isnan(values[0]).all()
        assert np.isfinite(values[1]).all()


def test_two_variables_that_no_row_answers_both() -> None:
    values = answers(6, 80)
    values[44:, 0] = np.nan
    values[:36, 1] = np.nan
    tables, _ = prepared(values)
    counts = np.ones((2, 80))
    counts[0, 36:44] = 0.0
    assert np.isfinite(tables.statistics(counts)[0]).all(axis=1).tolist() == [False, True]


def test_far_starts_and_correlations_near_one_are_sought_with_care() -> None:
    values = answers(7, 100, loading=0.995)
    tables, _ = prepared(values)
    counts = np.random.default_rng(1).multinomial(100, np.full(100, 0.01), size=3).astype(float)
    found = tables.statistics(counts)[0]
    row, col = np.tril_indices(5, -1)
    margins, cells = tables.counted(counts)
    thresholds = thresholds_from(margins)
    for k in np.flatnonzero(np.isfinite(found).all(axis=1)):
        own = cells[k, :, :-1, :-1]
        rho = polychoric_batch(own, thresholds[k, row], thresholds[k, col])
        wide = (tables.codes.sizes[row] > 2) | (tables.codes.sizes[col] > 2)
        np.testing.assert_allclose(found[k, -10:][wide], rho[wide], atol=1e-7)
    margins, cells = tables.counted(np.ones((1, 100)))
    table, ends = cells[0, :, :-1, :-1], thresholds_from(margins)
    far, _ = solved(table, (ends[0, row], ends[0, col]), np.full(10, -0.9))
    np.testing.assert_allclose(far, polychoric_batch(table, ends[0, row], ends[0, col]), atol=1e-7)


def test_continuous_variables_go_one_sample_at_a_time() -> None:
    values = answers(8, 100)
    values[:, 4] += np.random.default_rng(1).normal(size=100)
    given = answers_of(values, NAMES, NAMES[:4])
    counts = np.random.default_rng(3).multinomial(100, np.full(100, 0.01), size=3)
    counts[2] = np.where(values[:, 3] == 1, 0, 1)
    found = draw_moments(given, counts)
    assert found.usable.tolist() == [True, True, False]
    alone = ordinal_moments(values[np.repeat(np.arange(100), counts[0])], NAMES, NAMES[:4], gamma="diagonal")
    np.testing.assert_allclose(found.statistics[0], alone.statistics, atol=1e-10)
    assert found.variances is not None
    assert alone.variances is not None
    np.testing.assert_allclose(found.variances[0], alone.variances, rtol=1e-8)


def test_ordinal_variables_go_all_samples_at_a_time() -> None:
    values = answers(9, 100)
    given = answers_of(values, NAMES, NAMES)
    counts = np.random.default_rng(3).multinomial(100, np.full(100, 0.01), size=4)
    found = draw_moments(given, counts)
    tables, _ = prepared(values)
    statistics, variances = tables.statistics(counts.astype(float))
    np.testing.assert_allclose(found.statistics, statistics, atol=1e-12)
    np.testing.assert_allclose(np.asarray(found.variances), variances, rtol=1e-10)
    assert draw_moments(given, counts, gamma="none").variances is None
