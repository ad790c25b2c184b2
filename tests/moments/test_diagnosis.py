"""Smoothing, definiteness and fit of two-way tables: against Matrix, lavaan and the definitions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import ndtri

import trustmeasure as tm
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments.diagnosis.indefinite import definiteness
from trustmeasure.moments.diagnosis.normal_tables import fit_of_tables
from trustmeasure.moments.polychoric import cells, polychoric_batch

Array = npt.NDArray[np.float64]

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "ordinal_diagnosis"
WRONG = np.array([[1.0, 0.8, -0.7, 0.6], [0.8, 1.0, 0.5, 0.5], [-0.7, 0.5, 1.0, 0.3], [0.6, 0.5, 0.3, 1.0]])


def stored(name: str) -> dict[str, Any]:
    """Return stored values of R."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def square(triangle: dict[str, Any]) -> pd.DataFrame:
    """Return a symmetric matrix from its lower triangle."""
    names = triangle["names"]
    lower = np.array([row + [0.0] * (len(names) - len(row)) for row in triangle["lower"]])
    return pd.DataFrame(lower + np.tril(lower, -1).T, index=names, columns=names)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_nearest_matrix(number: int) -> None:
    theirs = stored(f"nearest-{number}")
    found = tm.nearest_correlation(square(theirs["before"]), floor=0.0)
    pd.testing.assert_frame_equal(found.correlations, square(theirs["after"]), atol=1e-9, rtol=0)
    assert found.distance == pytest.approx(theirs["distance"], rel=1e-9)
    assert found.least_eigenvalue_before == pytest.approx(theirs["eigenvalues_before"][-1], rel=1e-9)
    assert found.least_eigenvalue == pytest.approx(0.0, abs=1e-10)
    assert found.changed


def test_the_floor_is_reached_and_a_good_matrix_stays() -> None:
    found = tm.nearest_correlation(WRONG, floor=0.01)
    assert found.least_eigenvalue == pytest.approx(0.01, abs=1e-9)
    np.testing.assert_array_equal(np.diag(found.correlations), 1.0)
    again = tm.nearest_correlation(found.correlations, floor=0.009)
    assert (again.steps, again.distance) == (0, 0.0)
    pd.testing.assert_frame_equal(again.to_frame(), found.correlations)
    assert "Not changed" in str(again)
    assert "Largest change" in found._repr_html_()
    assert found.changes["change"].abs().is_monotonic_decreasing
    total = np.sqrt(2 * (found.changes["change"] ** 2).sum())
    assert found.distance == pytest.approx(total, rel=1e-12)


def test_no_other_matrix_is_nearer() -> None:
    found = tm.nearest_correlation(WRONG, floor=0.0).correlations.to_numpy()
    rng = np.random.default_rng(1)
    best = np.linalg.norm(found - WRONG)
    for _ in range(200):
        moved = found + 0.02 * rng.normal(size=found.shape)
        values, vectors = np.linalg.eigh((moved + moved.T) / 2)
        other = (vectors * np.maximum(values, 0)) @ vectors.T
        sd = np.sqrt(np.diag(other))
        assert np.linalg.norm(other / np.outer(sd, sd) - WRONG) > best


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (np.ones((2, 3)), r"must be square with at least two variables, but has the shape \(2, 3\)"),
        (np.array([[1.0, np.nan], [np.nan, 1.0]]), "no number in row 1, column 'x2'"),
        (np.array([[1.0, 0.5], [0.4, 1.0]]), "not symmetric: see 'x1' and 'x2'"),
        (np.array([[1.0, 0.5], [0.5, 2.0]]), "must have ones in its diagonal, but not for 'x2'"),
    ],
)
def test_what_cannot_be_smoothed(matrix: Array, said: str) -> None:
    with pytest.raises(DataError, match=said):
        tm.nearest_correlation(matrix)


def test_a_floor_out_of_range() -> None:
    with pytest.raises(ArgumentError, match=r"floor=1\.5"):
        tm.nearest_correlation(WRONG, floor=1.5)


def test_contributions_add_up_to_the_least_eigenvalue() -> None:
    found = definiteness(WRONG, list("abcd"))
    assert not found.positive
    assert found.n_negative == 1
    total = found.variables["share"].sum() + found.pairs["contribution"].sum()
    assert total == pytest.approx(found.eigenvalues[0], rel=1e-10)
    assert found.variables["share"].sum() == pytest.approx(1.0)


def test_one_correlation_mends_the_matrix_exactly_inside_its_range() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(200, 6)) + rng.normal(size=(200, 1))
    corr = np.corrcoef(rows, rowvar=False)
    corr[0, 1] = corr[1, 0] = -0.7
    pairs = definiteness(corr, list("abcdef")).pairs
    assert tuple(pairs.loc[0, ["first", "second"]]) == ("a", "b")
    mended = pairs.dropna(subset=["lower"])
    assert len(mended) >= 1
    for row in mended.itertuples():
        i, j = "abcdef".index(row.first), "abcdef".index(row.second)
        for value, positive in (
            (row.lower + 1e-6, True),
            (row.upper - 1e-6, True),
            (row.lower - 1e-6, False),
            (row.upper + 1e-6, False),
        ):
            other = corr.copy()
            other[i, j] = other[j, i] = value
            assert (np.linalg.eigvalsh(other)[0] > 0) == positive


def test_no_single_pair_mends_two_negative_eigenvalues() -> None:
    corr = np.kron(np.eye(2), np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]))
    found = definiteness(corr, list("abcdef"))
    assert found.n_negative == 2
    assert found.pairs[["lower", "upper"]].isna().all(axis=None)


def test_a_positive_definite_matrix_has_no_culprits() -> None:
    found = definiteness(np.array([[1.0, 0.3], [0.3, 1.0]]), ["a", "b"])
    assert found.positive
    assert len(found.pairs) == len(found.variables) == 0


def test_a_doubled_variable_is_found() -> None:
    corr = np.array([[1.0, 1.0, 0.4], [1.0, 1.0, 0.4], [0.4, 0.4, 1.0]])
    found = definiteness(corr, ["a", "copy", "b"])
    assert not found.positive
    assert set(found.variables["variable"][:2]) == {"a", "copy"}


TABLE = np.array([[30.0, 22.0, 5.0, 3.0], [14.0, 40.0, 25.0, 6.0], [2.0, 18.0, 41.0, 44.0]])


def two_step(table: Array) -> tuple[Array, Array, Array]:
    """Return thresholds of rows and columns and the correlation, each for one table."""
    row = ndtri(np.cumsum(table.sum(axis=1))[:-1] / table.sum())[None]
    col = ndtri(np.cumsum(table.sum(axis=0))[:-1] / table.sum())[None]
    return row, col, polychoric_batch(table[None], row, col)


def sizes(table: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the categories, as arrays."""
    return np.array([table.shape[0]]), np.array([table.shape[1]])


def test_statistics_by_the_book() -> None:
    row, col, rho = two_step(TABLE)
    p = cells(row, col, rho).p[0]
    n, share = TABLE.sum(), TABLE / TABLE.sum()
    found = fit_of_tables(TABLE[None], row, col, rho, sizes(TABLE))
    assert found.g2[0] == pytest.approx(2 * n * np.sum(share * np.log(share / p)), rel=1e-12)
    assert found.x2[0] == pytest.approx(n * np.sum((share - p) ** 2 / p), rel=1e-12)
    assert (found.df[0], found.n_cells[0], found.n_empty[0]) == (5, 12, 0)
    assert found.n_small[0] == (n * p < 5).sum()
    assert found.least_expected[0] == pytest.approx(n * p.min(), rel=1e-12)
    assert found.mn[0] < found.x2[0]


def test_with_efficient_estimates_the_third_statistic_is_pearsons() -> None:
    """At the joint maximum of the likelihood nothing is left for the parameters to take up."""

    def loss(theta: Array) -> float:
        p = cells(theta[None, :2], theta[None, 2:5], np.tanh(theta[5:])).p[0]
        return float(-np.sum(TABLE * np.log(np.maximum(p, 1e-12))))

    row, col, rho = two_step(TABLE)
    start = np.concatenate([row[0], col[0], np.arctanh(rho)])
    best = minimize(loss, start, method="BFGS", options={"gtol": 1e-9}).x
    found = fit_of_tables(TABLE[None], best[None, :2], best[None, 2:5], np.tanh(best[5:]), sizes(TABLE))
    assert found.mn[0] == pytest.approx(found.x2[0], abs=1e-5)


def test_fewer_categories_in_a_common_shape() -> None:
    """Padding to more categories changes nothing."""
    row, col, rho = two_step(TABLE)
    alone = fit_of_tables(TABLE[None], row, col, rho, sizes(TABLE))
    wide = np.zeros((1, 6, 6))
    wide[0, :3, :4] = TABLE
    pad = np.full((1, 5), np.inf)
    wide_row, wide_col = pad.copy(), pad.copy()
    wide_row[:, :2], wide_col[:, :3] = row, col
    padded = fit_of_tables(wide, wide_row, wide_col, rho, sizes(TABLE))
    for name in ("g2", "x2", "mn", "df", "n_empty", "n_small", "least_expected", "rmsea"):
        np.testing.assert_allclose(getattr(padded, name), getattr(alone, name), rtol=1e-10, err_msg=name)


def test_two_binary_variables_cannot_be_tested() -> None:
    table = np.array([[30.0, 10.0], [12.0, 40.0]])
    found = fit_of_tables(table[None], *two_step(table), sizes(table))
    assert found.df[0] == 0
    assert np.isnan([found.g2[0], found.x2[0], found.mn[0], found.rmsea[0], found.p_value(found.mn)[0]]).all()


def test_size_and_power_of_the_third_statistic() -> None:
    """Normal underneath: 5 % of 400 samples are rejected, give or take; two normals mixed: far more."""
    rng = np.random.default_rng(4)
    rejected = {}
    for kind in ("normal", "mixture"):
        x = rng.normal(size=(400, 500))
        y = 0.8 * x + 0.6 * rng.normal(size=x.shape)
        if kind == "mixture":
            y = np.where(rng.random(x.shape) < 0.5, y, -y)
        cut_x, cut_y = (np.searchsorted([-1.0, 0.0, 1.0], v) for v in (x, y))
        tables = np.stack([np.bincount(4 * a + b, minlength=16) for a, b in zip(cut_x, cut_y, strict=True)])
        tables = tables.reshape(-1, 4, 4).astype(float)
        row = ndtri(np.cumsum(tables.sum(axis=2), axis=1)[:, :-1] / 500)
        col = ndtri(np.cumsum(tables.sum(axis=1), axis=1)[:, :-1] / 500)
        rho = polychoric_batch(tables, row, col)
        found = fit_of_tables(tables, row, col, rho, (np.full(400, 4), np.full(400, 4)))
        rejected[kind] = float((found.p_value(found.mn) < 0.05).mean())
    assert 0.02 < rejected["normal"] < 0.09
    assert rejected["mixture"] > 0.9
