r"""Score tests of relations that are equal in all groups: what letting one of them go would bring.

The model with a relation released has one parameter for it in each group. With P the places that the q
parameters of the restricted model take among those of the opened one, g and H gradient and expected second
derivatives of the discrepancy of the opened model at the restricted solution, and D the directions in which
the relation may differ between groups (one group's parameter each, all groups but the first),

    X = (N / 2) u' K^-1 u,   u = D'g,   K = D'H D - D'H P (P'H P)^-1 P'H D

has a chi-square distribution with as many degrees of freedom as D has columns where the relation is equal
(Soerbom 1989, Psychometrika 54(3), 371-384). The expected changes are ``-K^-1 u`` in the groups, and
``(P'H P)^-1 P'H D K^-1 u`` in what all share. Everything is done for a batch of samples at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from trustmeasure.sem.matrices import Ram, build
from trustmeasure.sem.parameters import ParameterTable, numbered
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

LEAST_SHARE = 1e-8
"""Part of its own information below which a direction counts as covered by the free parameters."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A model in which the relations of some kind have a parameter in each group.

    Attributes
    ----------
    rams : tuple of Ram, length G
        The opened model.
    place : array of int, shape (Q,)
        The parameter of the restricted model that each of the Q parameters takes.
    relations : tuple of str, length R
        The relations that were opened.
    own : tuple of arrays of int, length R
        Their parameters, in the order of the groups.
    """

    rams: tuple[Ram, ...]
    place: Index
    relations: tuple[str, ...]
    own: tuple[Index, ...]

    @classmethod
    def of(cls, table: ParameterTable, relations: Sequence[str], sample: Sample) -> Opened:
        """Open relations that are equal in all groups of a model, which their labels tell."""
        label_of = {f"{name}.all": name for name in relations}
        rows = numbered(
            row._replace(label="") if row.free and row.label in label_of else row for row in table.parameters
        )
        larger = replace(table, parameters=tuple(rows))
        place = np.zeros(larger.n_free, dtype=np.intp)
        own: dict[str, list[int]] = {name: [] for name in relations}
        for new, old in zip(rows, table.parameters, strict=True):
            if new.free:
                place[new.free - 1] = old.free - 1
                if old.label in label_of:
                    own[label_of[old.label]].append(new.free - 1)
        groups = enumerate(sample.moments, start=1)
        rams = tuple(build(larger, m.cov, m.mean, g) for g, m in groups)
        return cls(rams, place, tuple(relations), tuple(np.array(own[n], dtype=np.intp) for n in relations))

    def at(self, theta: Array) -> Array:
        """Return the parameters of the opened model for restricted ones of shape (b, q)."""
        return np.asarray(theta[:, self.place])

    def _summed(self, rows: Array) -> Array:
        """Return `P' rows`, shape (b, q, m), for rows of shape (b, Q, m)."""
        _, first = np.unique(self.place, return_index=True)
        found = rows[:, first]
        left = np.setdiff1d(np.arange(self.place.size), first)
        while left.size:
            _, at = np.unique(self.place[left], return_index=True)
            found[:, self.place[left[at]]] += rows[:, left[at]]
            left = np.delete(left, at)
        return np.asarray(found)

    def tests(self, gradient: Array, curvature: Array, size: Array) -> Scores:
        """Return the tests, given first (b, Q) and second derivatives (b, Q, Q) and the rows (b,)."""
        across = np.swapaxes(self._summed(curvature), 1, 2)  # H P, shape (b, Q, q)
        inner = self._summed(across)
        free = np.concatenate([own[1:] for own in self.own])
        solved = _solved(inner, np.swapaxes(across[:, free], 1, 2))  # shape (b, q, k)
        chisq = np.full((len(gradient), len(self.relations)), np.nan)
        change, first = [], 0
        for r, own in enumerate(self.own):
            last = first + own.size - 1
            taken = across[:, own[1:]] @ solved[:, :, first:last]
            k = curvature[:, own[1:, None], own[1:]] - taken
            u, step = gradient[:, own[1:]], np.full((len(gradient), own.size - 1), np.nan)
            sound = _regular(k, curvature[:, own[1:], own[1:]])
            step[sound] = np.linalg.solve(k[sound], u[sound, :, None])[..., 0]
            chisq[:, r] = 0.5 * size * np.einsum("bk,bk->b", u, step)
            shared = np.einsum("bk,bk->b", solved[:, self.place[own[0]], first:last], step)
            change.append(np.column_stack([shared, shared[:, None] - step]))
            first = last
        return Scores(chisq, np.array([own.size - 1 for own in self.own]), tuple(change))


@dataclass(frozen=True, slots=True)
class Scores:
    """Score tests of R relations in b samples.

    Attributes
    ----------
    chisq : array, shape (b, R)
        The statistics; NaN where the data cannot tell the groups' values apart.
    df : array, shape (R,)
        Degrees of freedom.
    change : tuple of arrays of shape (b, G), length R
        Expected change of the relation in each group, if it were released in all.
    """

    chisq: Array
    df: npt.NDArray[np.intp]
    change: tuple[Array, ...]


def _solved(inner: Array, right: Array) -> Array:
    """Return the solutions of symmetric systems (b, q, q), NaN for those that are not positive definite."""
    found = np.full(right.shape, np.nan)
    for b, matrix in enumerate(inner):
        scale = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
        try:
            factor = cho_factor(matrix / np.outer(scale, scale), lower=True, check_finite=False)
        except np.linalg.LinAlgError:
            continue
        found[b] = cho_solve(factor, right[b] / scale[:, None], check_finite=False) / scale[:, None]
    return found


def _regular(k: Array, own: Array) -> npt.NDArray[np.bool_]:
    """Return in which samples the directions are not covered by the free parameters, shape (b,)."""
    scale = np.sqrt(np.where(own > 0, own, 1.0))
    known = np.asarray(np.isfinite(k).all(axis=(1, 2)))
    unit = np.where(known[:, None, None], k, 0.0) / (scale[:, :, None] * scale[:, None, :])
    return np.asarray(known & (np.linalg.eigvalsh(unit)[:, 0] > LEAST_SHARE))
