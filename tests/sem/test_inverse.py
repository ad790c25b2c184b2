"""Inverse and determinant of a batch, with the members that have none set apart."""

from __future__ import annotations

import numpy as np

from trustmeasure.sem.discrepancy.ml import invert
from trustmeasure.sem.inference import covariance_of, inverse_information, null_basis


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


def information() -> np.ndarray:
    root = np.random.default_rng(1).normal(size=(9, 5)) * [1.0, 1e3, 1e-3, 1.0, 10.0]
    return root.T @ root


def test_inverse_of_information_without_restrictions_is_the_inverse() -> None:
    found = inverse_information(information())
    np.testing.assert_allclose(found, np.linalg.inv(information()), rtol=1e-9)
    np.testing.assert_allclose(covariance_of(information(), 50), 2.0 / 50 * found, rtol=1e-14)


def test_inverse_with_restrictions_is_the_block_of_the_bordered_inverse() -> None:
    a, j = information(), np.array([[1.0, -1.0, 0, 0, 0], [0, 0, 2.0, 1.0, -3.0]])
    bordered = np.linalg.inv(np.block([[a, j.T], [j, np.zeros((2, 2))]]))[:5, :5]
    found = inverse_information(a, j)
    np.testing.assert_allclose(found, bordered, rtol=1e-7, atol=1e-9 * np.abs(bordered).max())
    np.testing.assert_allclose(inverse_information(a, np.vstack([j, j[0] + j[1]])), found, rtol=1e-7)


def test_restrictions_can_make_a_singular_information_invertible() -> None:
    a = np.zeros((3, 3))
    a[:2, :2] = [[2.0, 1.0], [1.0, 3.0]]
    assert inverse_information(a) is None
    found = inverse_information(a, np.array([[0.0, 1.0, -1.0]]))
    assert found is not None
    np.testing.assert_allclose(found[:2, :2], np.linalg.inv(a[:2, :2]), rtol=1e-12)
    np.testing.assert_allclose(found[2], found[1], rtol=1e-12)


def test_basis_of_restrictions_that_fix_all_is_empty() -> None:
    assert null_basis(np.eye(3)).shape == (3, 0)
    assert inverse_information(np.eye(3), np.eye(3)).tolist() == np.zeros((3, 3)).tolist()
