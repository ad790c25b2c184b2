r"""Alignment optimisation as formulas of arrays: the simplicity function, its derivatives and its minimum.

With loadings and intercepts of a configural model whose factor has mean 0 and variance 1 in every group, any
mean a and standard deviation s of a group give an equivalent model with

    loading = loading0 / s,   intercept = intercept0 - a loading0 / s.

Asparouhov & Muthen (2014, Structural Equation Modeling 21(4), 495-508) choose those for which

    F = sum_items sum_{g<h} w_g w_h [f(loading_g - loading_h) + f(intercept_g - intercept_h)],
    f(x) = sqrt(sqrt(x^2 + epsilon)),   w_g = sqrt(n_g)

is smallest, so that few parameters differ much rather than many a little. The product of the standard
deviations is held at 1; FIXED alignment holds the mean of one group at 0, FREE alignment estimates it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Array = npt.NDArray[np.float64]

FLAT = 1e-6
"""Part of the largest curvature below which the simplicity function counts as flat in a direction."""


@dataclass(frozen=True, slots=True)
class Simplicity:
    """The simplicity function of one factor.

    Attributes
    ----------
    loading, intercept : arrays, shape (G, p)
        Those of the configural model.
    weight : array, shape (G,)
        Weight of each group; that of a pair is the product of two.
    epsilon : float
        Makes f differentiable at 0.
    fixed : int or None
        Group whose mean is 0; None for FREE alignment.
    """

    loading: Array
    intercept: Array
    weight: Array
    epsilon: float
    fixed: int | None

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.weight)

    @property
    def free_means(self) -> npt.NDArray[np.intp]:
        """The groups whose means are parameters."""
        every = np.arange(self.n_groups)
        return every if self.fixed is None else np.delete(every, self.fixed)

    @property
    def size(self) -> int:
        """Number of parameters: log standard deviations but the last, and means."""
        return self.n_groups - 1 + self.free_means.size

    def unpack(self, x: Array) -> tuple[Array, Array]:
        """Return means (G,) and standard deviations (G,), whose product is 1."""
        logs = np.append(x[: self.n_groups - 1], -x[: self.n_groups - 1].sum())
        mean = np.zeros(self.n_groups)
        mean[self.free_means] = x[self.n_groups - 1 :]
        return mean, np.exp(logs)

    def pack(self, mean: Array, sd: Array) -> Array:
        """Return the parameters of means and standard deviations."""
        logs = np.log(sd) - np.log(sd).mean()
        return np.concatenate([logs[:-1], mean[self.free_means]])

    def aligned(self, mean: Array, sd: Array) -> tuple[Array, Array]:
        """Return loadings and intercepts (G, p) for means and standard deviations of the groups."""
        loading = self.loading / sd[:, None]
        return loading, self.intercept - mean[:, None] * loading

    def value(self, x: Array) -> float:
        """Return F."""
        return self.value_and_slope(x)[0]

    def value_and_slope(self, x: Array) -> tuple[float, Array]:
        """Return F and its derivatives."""
        mean, sd = self.unpack(x)
        loading, intercept = self.aligned(mean, sd)
        first, by_loading = self._loss(loading)
        second, by_intercept = self._loss(intercept)
        # An intercept falls by the mean times the loading, a loading by itself with the log of the deviation.
        by_loading = by_loading - mean[:, None] * by_intercept
        by_logs = -(by_loading * loading).sum(axis=1)
        by_mean = -(by_intercept * loading).sum(axis=1)
        slope = np.concatenate([by_logs[:-1] - by_logs[-1], by_mean[self.free_means]])
        return first + second, slope

    def _loss(self, values: Array) -> tuple[float, Array]:
        """Return the sum of f over items and pairs of groups, and its derivatives by the values (G, p)."""
        gap = values[:, None] - values[None]
        inner, pair = gap**2 + self.epsilon, _pairs(self.weight)
        loss = 0.5 * float((pair * inner**0.25).sum())
        return loss, (pair * 0.5 * gap * inner**-0.75).sum(axis=1)

    def by_item(self, x: Array) -> tuple[Array, Array]:
        """Return what each item's loadings and intercepts bring to F, shape (p,) each."""
        found = []
        for values in self.aligned(*self.unpack(x)):
            inner = (values[:, None] - values[None]) ** 2 + self.epsilon
            found.append(0.5 * (_pairs(self.weight) * inner**0.25).sum(axis=(0, 1)))
        return found[0], found[1]

    def slope_by_complex_step(self, x: Array, loading: Array, intercept: Array) -> Array:
        """Return the derivatives by the parameters for other loadings and intercepts, which may be complex.

        Parameters
        ----------
        x : array, shape (k,)
            The parameters; complex for second derivatives by them.
        loading, intercept : arrays, shape (G, p)
            Those of the configural model; complex for mixed derivatives.
        """
        other = Simplicity(loading, intercept, self.weight, self.epsilon, self.fixed)
        logs = np.append(x[: self.n_groups - 1], -x[: self.n_groups - 1].sum())
        mean = np.zeros(self.n_groups, dtype=complex)
        mean[self.free_means] = x[self.n_groups - 1 :]
        own, level = other.aligned(mean, np.exp(logs))
        by_own, by_level = (_slopes(v, self.weight, self.epsilon) for v in (own, level))
        by_own = by_own - mean[:, None] * by_level
        by_logs = -(by_own * own).sum(axis=1)
        by_mean = -(by_level * own).sum(axis=1)
        return np.concatenate([by_logs[:-1] - by_logs[-1], by_mean[self.free_means]])

    def hessian(self, x: Array) -> Array:
        """Return the second derivatives by the parameters, shape (k, k), exact to rounding."""
        h = 1e-30
        columns = [
            self.slope_by_complex_step(x + 1j * h * unit, self.loading, self.intercept).imag / h
            for unit in np.eye(x.size)
        ]
        found = np.stack(columns, axis=1)
        return np.asarray(0.5 * (found + found.T))

    def mixed(self, x: Array) -> Array:
        """Return the derivatives of the slope by loadings and intercepts (G, p) each, shape (k, 2 G p)."""
        h, point = 1e-30, x.astype(complex)
        size = self.loading.size
        columns = []
        for i in range(2 * size):
            step = np.zeros(2 * size, dtype=complex)
            step[i] = 1j * h
            loading = self.loading + step[:size].reshape(self.loading.shape)
            intercept = self.intercept + step[size:].reshape(self.loading.shape)
            columns.append(self.slope_by_complex_step(point, loading, intercept).imag / h)
        return np.stack(columns, axis=1)


def _pairs(weight: Array) -> Array:
    """Return the weights of pairs of groups, shape (G, G, 1); 0 for a group with itself."""
    found = weight[:, None] * weight
    np.fill_diagonal(found, 0.0)
    return np.asarray(found[..., None])


def _slopes(values: Array, weight: Array, epsilon: float) -> Array:
    gap = values[:, None] - values[None]
    return np.asarray((_pairs(weight) * 0.5 * gap * (gap**2 + epsilon) ** -0.75).sum(axis=1))


@dataclass(frozen=True, slots=True)
class Minima:
    """What many starts found.

    Attributes
    ----------
    x : array, shape (k,)
        The best parameters.
    value : float
        F there.
    values : array, shape (starts,)
        F at the minimum of each start, in order of size.
    gradient : float
        Largest derivative at the best minimum, in units of F by unit weight.
    """

    x: Array
    value: float
    values: Array
    gradient: float


def minimise(problem: Simplicity, starts: int, rng: np.random.Generator) -> Minima:
    """Return the best minimum from a start at medians and from random starts around it."""
    scale = float((problem.weight[:, None] * problem.weight)[np.triu_indices(problem.n_groups, 1)].sum())
    first = _medians(problem)
    points = [first, *(first + rng.normal(scale=0.5, size=(starts - 1, first.size)))]
    found = [_descend(problem, point, scale) for point in points]
    best = min(found, key=lambda pair: pair[1])
    x = _polished(problem, best[0])
    value, slope = problem.value_and_slope(x)
    values = np.sort([v for _, v in found])
    return Minima(x, value, values, float(np.abs(slope).max() / scale))


def _medians(problem: Simplicity) -> Array:
    """Return a start at which the typical item agrees in all groups."""
    sd = np.abs(np.median(problem.loading, axis=1))
    sd = np.where(sd > 0, sd, 1.0)
    sd = sd / np.exp(np.log(sd).mean())
    loading = problem.loading / sd[:, None]
    reference = 0 if problem.fixed is None else problem.fixed
    own = np.where(np.abs(loading) > 1e-8, loading, 1.0)
    mean = np.median((problem.intercept - problem.intercept[reference]) / own, axis=1)
    return problem.pack(mean, sd)


def _descend(problem: Simplicity, start: Array, scale: float) -> tuple[Array, float]:
    def scaled(x: Array) -> tuple[float, Array]:
        value, slope = problem.value_and_slope(x)
        return value / scale, slope / scale

    bounds = [(-4.0, 4.0)] * (problem.n_groups - 1) + [(None, None)] * problem.free_means.size
    options = {"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9}
    done = minimize(scaled, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(done.x), float(done.fun) * scale


def _polished(problem: Simplicity, x: Array) -> Array:
    """Return the minimum by Newton steps, as long as they lower the slope."""
    value, slope = problem.value_and_slope(x)
    for _ in range(20):
        values, vectors = np.linalg.eigh(problem.hessian(x))
        if values[0] <= FLAT * max(values[-1], 1e-300):
            return x
        new = x - vectors @ ((vectors.T @ slope) / values)
        after, steeper = problem.value_and_slope(new)
        if not (after <= value + 1e-12 * abs(value) and np.abs(steeper).max() < np.abs(slope).max()):
            return x
        x, value, slope = new, after, steeper
    return x
