"""Mantel's test that groups answer alike within strata of the matching variable."""

from __future__ import annotations

import numpy as np
from scipy import stats

from trustmeasure.frames import Array
from trustmeasure.item_response.layout import Index


def mantel_test(answers: Array, group: Index, stratum: Index, n_groups: int) -> tuple[float, int, float]:
    """Return chi-square, degrees of freedom and p value of equal mean answers within strata.

    In each stratum the sums of the groups' answers are held against what random assignment of the people to
    the groups expects, with its covariance (Mantel 1963 for two groups; Landis, Heyman & Koch 1978 for
    more). No continuity correction.

    Parameters
    ----------
    answers : array (n,)
        Answers as numbers.
    group, stratum : array of int (n,)
        Group and stratum of each person, from 0.
    n_groups : int
        Number of groups G; the test has G - 1 degrees of freedom.
    """
    g = n_groups - 1
    size = int(stratum.max()) + 1
    people = np.zeros((size, n_groups))
    sums = np.zeros((size, n_groups))
    np.add.at(people, (stratum, group), 1.0)
    np.add.at(sums, (stratum, group), answers)
    squares = np.bincount(stratum, answers**2, minlength=size)
    n = people.sum(axis=1)
    useful = n > 1
    people, sums, squares, n = people[useful], sums[useful], squares[useful], n[useful]
    mean = sums.sum(axis=1) / n
    spread = np.maximum(squares - n * mean**2, 0.0) / (n - 1.0)
    surplus = (sums - people * mean[:, None]).sum(axis=0)[1:]
    shared = np.einsum("s,si,sj->ij", spread / n, people[:, 1:], people[:, 1:])
    cov = np.diag((spread[:, None] * people[:, 1:]).sum(axis=0)) - shared
    if np.linalg.matrix_rank(cov) < g:
        return float("nan"), g, float("nan")
    chisq = float(surplus @ np.linalg.solve(cov, surplus))
    return chisq, g, float(stats.chi2.sf(chisq, g))
