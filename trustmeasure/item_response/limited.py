"""Whether the whole model fits: C2, from the margins of single items and the products of pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.display import Summary, Table
from trustmeasure.errors import DataError
from trustmeasure.frames import Array
from trustmeasure.item_response.cumulative import Cells, boundary_terms, cells_at, slope_terms
from trustmeasure.item_response.curves import by_item
from trustmeasure.item_response.graded import free_parameters
from trustmeasure.item_response.layout import Index, Layout
from trustmeasure.item_response.model import GradedResponse
from trustmeasure.sem.indices import rmsea, rmsea_interval
from trustmeasure.threads import one_thread


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ModelFit:
    """Fit of a whole graded response model.

    Attributes
    ----------
    c2 : float
        The statistic.
    df : int
        Its degrees of freedom.
    p_value : float
        Probability of a larger value if the model holds.
    rmsea, rmsea_ci_lower, rmsea_ci_upper : float
        Root mean square error of approximation with its 90 % interval.
    srmr : float
        Root mean square of the residual correlations between items.
    n_obs : int
        People who answered every item; only they are used.
    """

    c2: float
    df: int
    p_value: float
    rmsea: float
    rmsea_ci_lower: float
    rmsea_ci_upper: float
    srmr: float
    n_obs: int

    def to_frame(self) -> pd.DataFrame:
        """Return everything as one row."""
        return pd.DataFrame([{name: getattr(self, name) for name in self.__slots__}])

    def summary(self) -> Summary:
        """Return the row with a note, to be shown as text or HTML."""
        said = f"{self.n_obs} people with complete answers; 90 % interval of RMSEA."
        return Summary("Fit of the graded response model", [Table("C2", self.to_frame(), (said,))])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@one_thread
def graded_model_fit(model: GradedResponse) -> ModelFit:
    """Test the fit of a graded response model by limited information.

    Tables of all patterns of answers are too sparse for a chi-square. C2 compares, with what the model
    expects, the share of each category of each item and the mean product of each pair of items (categories
    counted from 0), weighting them so that the statistic is distributed as a chi-square although parameters
    were estimated (Maydeu-Olivares & Joe 2006; with these moments Cai & Monroe 2014). For binary items it is
    M2.

    Parameters
    ----------
    model : GradedResponse
        A fitted model of at least 4 items; weights are not taken into account.

    Returns
    -------
    ModelFit
        `.c2 .df .p_value .rmsea .srmr`, `.summary()`.

    Raises
    ------
    DataError
        If nothing is left to test (fewer than 4 items), or fewer people than moments are complete.

    References
    ----------
    Maydeu-Olivares, A., & Joe, H. (2006). Limited information goodness-of-fit testing in multidimensional
    contingency tables. Psychometrika, 71(4), 713-732.

    Cai, L., & Monroe, S. (2014). A new statistic for evaluating item response theory models for ordinal data
    (CRESST Report 839). Los Angeles: University of California, CRESST.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> tm.graded_model_fit(model).df
    2
    """
    layout = model.layout
    codes = model.answers.codes[(model.answers.codes >= 0).all(axis=1)]
    free = free_parameters(layout, model.equal_slopes)
    n_moments = layout.n_boundaries + layout.n_items * (layout.n_items - 1) // 2
    df = n_moments - free.shape[1]
    if df < 1:
        raise DataError(
            f"{layout.n_items} items leave nothing to test: {n_moments} moments for {free.shape[1]} "
            "parameters. Give at least 4 items, or equal slopes."
        )
    if len(codes) < 2:
        raise DataError(f"{len(codes)} people answered every item; the test needs complete answers.")
    expected, cov, slope = model_moments(model)
    residual = sample_moments(codes, layout) - expected
    c2 = float(len(codes) * _weighted(residual, cov, slope @ free))
    low, high = rmsea_interval(c2, df, len(codes))
    return ModelFit(
        c2=c2,
        df=df,
        p_value=float(stats.chi2.sf(c2, df)),
        rmsea=rmsea(c2, df, len(codes)),
        rmsea_ci_lower=low,
        rmsea_ci_upper=high,
        srmr=_srmr(model, codes, expected),
        n_obs=len(codes),
    )


def _weighted(residual: Array, cov: Array, slope: Array) -> float:
    """Return the residuals squared, in the metric of `cov`, less what the parameters can fit."""
    root = np.linalg.cholesky(cov)
    r, d = np.linalg.solve(root, residual), np.linalg.solve(root, slope)
    fitted = np.linalg.lstsq(d, r, rcond=None)[0]
    return float(np.sum((r - d @ fitted) ** 2))


def _pairs(k: int) -> tuple[Index, Index]:
    return np.triu_indices(k, 1)


def sample_moments(codes: Index, layout: Layout) -> Array:
    """Return shares of all categories but the lowest (B,), and mean products of pairs."""
    shares = [np.bincount(codes[:, i], minlength=m)[1:] / len(codes) for i, m in enumerate(layout.counts)]
    products = codes.T @ codes / len(codes)
    return np.concatenate([*shares, products[_pairs(layout.n_items)]])


def model_moments(model: GradedResponse) -> tuple[Array, Array, Array]:
    """Return the expected moments (s,), their covariance for one person (s, s), their derivatives (s, p)."""
    layout, nodes = model.layout, model.nodes
    cells = cells_at(model.slopes, model.intercepts, layout, nodes.theta)
    weights = np.exp(nodes.log_weights)
    probability = np.exp(cells.log_probability)
    x = layout.score_of_cell.astype(float)
    mean = by_item(x[:, None] * probability, layout)
    variance = by_item((x**2)[:, None] * probability, layout) - mean**2
    upper = np.flatnonzero(layout.score_of_cell > 0)
    first, second = _pairs(layout.n_items)
    features = np.vstack([probability[upper], mean[first] * mean[second]])
    expected = features @ weights
    cov = (features * weights) @ features.T - np.outer(expected, expected)
    cov += _within(layout, probability, mean, weights)
    at = len(upper) + np.arange(first.size)
    cov[at, at] += (variance[first] * variance[second]) @ weights
    slope = _derivatives(layout, probability, cells, mean, nodes.theta, weights)
    return expected, cov, slope


def _within(layout: Layout, probability: Array, mean: Array, weights: Array) -> Array:
    """Return the part of the covariance that the answer to one item makes at a given trait, over items."""
    first, second = _pairs(layout.n_items)
    b = layout.n_boundaries
    cov = np.zeros((b + first.size, b + first.size))
    for i in range(layout.n_items):
        p = probability[layout.cells_of(i)][1:]
        x = np.arange(1, p.shape[0] + 1, dtype=float)
        own = np.arange(b)[layout.boundaries_of(i)]
        partner = np.concatenate([first[second == i], second[first == i]])
        pairs = b + np.concatenate([np.flatnonzero(second == i), np.flatnonzero(first == i)])
        at = np.concatenate([own, pairs])
        # Deviations of the item's features: indicators as they are, products times the partner's mean.
        shape = np.zeros((at.size, p.shape[0], weights.size))
        shape[np.arange(own.size), np.arange(own.size)] = 1.0
        shape[own.size :] = x[None, :, None] * mean[partner][:, None, :]
        raw = np.einsum("axq,xq,bxq->ab", shape, p * weights, shape, optimize=True)
        centre = np.einsum("axq,xq->aq", shape, p)
        cov[np.ix_(at, at)] += raw - (centre * weights) @ centre.T
    return cov


def _derivatives(
    layout: Layout, probability: Array, cells: Cells, mean: Array, theta: Array, weights: Array
) -> Array:
    size = layout.n_parameters
    place = np.concatenate([layout.intercept_at, [size, size + 1]]).astype(np.intp)
    up, low = boundary_terms(cells, layout)
    along = slope_terms(cells, layout) * theta
    of_cells = np.zeros((size, size + 2, theta.size))
    each = np.arange(size)
    of_cells[each, layout.slope_at[layout.item_of_cell]] += probability * along
    of_cells[each, place[layout.upper]] += probability * up
    of_cells[each, place[layout.lower]] += probability * low
    of_cells = of_cells[:, :size]
    x = layout.score_of_cell.astype(float)[:, None, None]
    of_means = np.add.reduceat(x * of_cells, layout.first_cell, axis=0)
    first, second = _pairs(layout.n_items)
    products = np.stack(
        [
            (of_means[i] * mean[j] + of_means[j] * mean[i]) @ weights
            for i, j in zip(first, second, strict=True)
        ]
    )
    return np.vstack([of_cells[layout.score_of_cell > 0] @ weights, products])


def _srmr(model: GradedResponse, codes: Index, expected: Array) -> float:
    layout, nodes = model.layout, model.nodes
    cells = cells_at(model.slopes, model.intercepts, layout, nodes.theta)
    p = np.exp(cells.log_probability) @ np.exp(nodes.log_weights)
    x = layout.score_of_cell.astype(float)
    mean = np.add.reduceat(x * p, layout.first_cell)
    sd = np.sqrt(np.add.reduceat(x**2 * p, layout.first_cell) - mean**2)
    first, second = _pairs(layout.n_items)
    model_r = (expected[layout.n_boundaries :] - mean[first] * mean[second]) / (sd[first] * sd[second])
    found = np.corrcoef(codes.T.astype(float))[first, second]
    return float(np.sqrt(np.mean((found - model_r) ** 2)))
