"""Weights that make factor scores of standardised items."""

from __future__ import annotations

from typing import Literal

import numpy as np

from trustmeasure.check import one_of
from trustmeasure.frames import Array

ScoreMethod = Literal["regression", "bartlett", "ten_berge"]
SCORE_METHODS = ("regression", "bartlett", "ten_berge")
SINGULAR = 1e-10


def score_weights(corr: Array, loadings: Array, phi: Array, uniquenesses: Array, method: str) -> Array:
    """Return the weights W of scores Z W, shape (p, m).

    Regression (Thurstone 1935): inv(R) L phi. Bartlett (1937): inv(P) L inv(L' inv(P) L), with uniquenesses
    P. Ten Berge, Krijnen, Wansbeek and Shapiro (1999): the weights next to those of regression whose scores
    have the correlations phi.
    """
    one_of("method", method, SCORE_METHODS)
    if method == "bartlett":
        weighted = loadings / np.maximum(uniquenesses, 1e-12)[:, None]
        return np.asarray(weighted @ _inverse(loadings.T @ weighted))
    if method == "regression":
        return np.asarray(_inverse(corr) @ loadings @ phi)
    half = _power(corr, -0.5)
    spread = loadings @ _power(phi, 0.5)
    inner = half @ spread
    return np.asarray(half @ inner @ _power(inner.T @ inner, -0.5) @ _power(phi, 0.5))


def _inverse(matrix: Array) -> Array:
    return np.asarray(np.linalg.pinv(matrix, rcond=SINGULAR, hermitian=True))


def _power(matrix: Array, exponent: float) -> Array:
    """Return a power of a symmetric matrix, without the directions that it has no length in."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > SINGULAR * values[-1]
    return np.asarray((vectors[:, kept] * values[kept] ** exponent) @ vectors[:, kept].T)
