"""Inverse and determinant of a batch, with the members that have none set apart."""

from __future__ import annotations

import numpy as np

from trustmeasure.sem.discrepancy.ml import invert


def test_members_that_are_not_positive_definite_are_set_apart() -> None:
    good = np.array([[2.0, 0.5], [0.5, 1.0]])
    bad = [np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[-1.0, 0], [0, 1]]), np.full((2, 2), np.nan)]
    which, inverse, logdet = invert(np.stack([good, *bad, 3 * good]))
    assert which.tolist() == [True, False, False, False, True]
    np.testing.assert_allclose(inverse, [np.linalg.inv(good), np.linalg.inv(3 * good)], rtol=1e-13)
    np.testing.assert_allclose(logdet, np.linalg.slogdet(np.stack([good, 3 * good]))[1], rtol=1e-13)


def test_units_that_differ_by_powers_of_ten_cost_no_digits() -> None:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(6, 6))
    corr = root @ root.T
    scale = 10.0 ** np.arange(-6, 6, 2)
    _, plain, _ = invert(corr[None])
    _, scaled, _ = invert((corr * np.outer(scale, scale))[None])
    np.testing.assert_allclose(scaled[0] * np.outer(scale, scale), plain[0], rtol=1e-10)
