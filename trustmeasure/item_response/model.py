"""The fitted graded response model: parameters, curves, and how far the items measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array
from trustmeasure.item_response.answers import Answers
from trustmeasure.item_response.cumulative import cells_at
from trustmeasure.item_response.curves import by_item, expected_of, information_at
from trustmeasure.item_response.layout import Layout
from trustmeasure.item_response.likelihood import Nodes, normal_nodes
from trustmeasure.item_response.parameters import difficulty_frame, intercept_frame

PARAMETERIZATIONS = ("difficulty", "intercept")
GRID = np.linspace(-4.0, 4.0, 81)
"""Where curves are evaluated unless values of the trait are given."""
MEANING = (
    "a: slope (logistic metric). b1, b2, ...: where on the trait (mean 0, variance 1) the second category or "
    "a higher one, the third or a higher one, ... becomes as likely as not. loading: of the response behind "
    "the answers, from a."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class GradedResponse:
    """A graded response model with one trait, normal with mean 0 and variance 1.

    Attributes
    ----------
    slopes : array, length k
        Slopes a of the items.
    intercepts : array, length B
        Intercepts d of all boundaries, item by item, falling within an item.
    vcov : array (p, p)
        Covariance matrix of the parameters: slope, then intercepts, item by item. NaN when it does not exist.
    loglik : float
        Marginal log-likelihood.
    n_parameters : int
        Number of free parameters.
    n_obs, n_rows : int
        People used (with at least one answer and a weight above 0), and rows given.
    answers : Answers
        The answers of all rows given, as categories.
    weights : array, length n_rows
        Weights of the rows; ones when none were given.
    equal_slopes : bool
        Whether all items have one slope.
    se : {"observed", "robust"}
        Where standard errors come from.
    points, width : int, float
        Quadrature: evenly spaced points from -width to width.
    em_steps, newton_steps : int
        Steps that the estimation took.
    gradient_max : float
        Largest element of the gradient at the end.
    notes : tuple of str
        What a reader must know.
    """

    slopes: Array
    intercepts: Array
    vcov: Array
    loglik: float
    n_parameters: int
    n_obs: int
    n_rows: int
    answers: Answers
    weights: Array
    equal_slopes: bool
    se: str
    points: int
    width: float
    em_steps: int
    newton_steps: int
    gradient_max: float
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the items."""
        return self.answers.names

    @property
    def layout(self) -> Layout:
        """Numbers of categories, and where what stands."""
        return self.answers.layout

    @property
    def nodes(self) -> Nodes:
        """Points of the quadrature with the logarithms of their weights."""
        return normal_nodes(self.points, self.width)

    @property
    def items(self) -> pd.DataFrame:
        """One row an item: item, n, n_categories, a, a_se, loading, b1, b1_se, ... (NaN beyond the last)."""
        return difficulty_frame(self.slopes, self.intercepts, self.vcov, self.answers)

    @property
    def aic(self) -> float:
        """Akaike's information criterion."""
        return -2.0 * self.loglik + 2.0 * self.n_parameters

    @property
    def bic(self) -> float:
        """Bayesian information criterion; n is the sum of the weights of the people used."""
        used = self.answers.answered > 0
        return -2.0 * self.loglik + float(np.log(self.weights[used].sum())) * self.n_parameters

    @property
    def marginal_reliability(self) -> float:
        """Share of the trait's variance that the answers reveal: mean of I / (I + 1) over the trait.

        One minus the mean error variance 1 / (I + 1) of a score that uses the normal prior, over the variance
        1 of the trait (after Green, Bock, Humphreys, Linn & Reckase 1984).
        """
        nodes = self.nodes
        total = information_at(self.slopes, self.intercepts, self.layout, nodes.theta).sum(axis=0)
        return float(np.exp(nodes.log_weights) @ (total / (total + 1.0)))

    def to_frame(self, parameterization: str = "difficulty") -> pd.DataFrame:
        """Return slopes with difficulties b ("difficulty") or with intercepts d ("intercept"), d = -a b."""
        one_of("parameterization", parameterization, PARAMETERIZATIONS)
        frame = difficulty_frame if parameterization == "difficulty" else intercept_frame
        return frame(self.slopes, self.intercepts, self.vcov, self.answers)

    def probabilities(self, theta: npt.ArrayLike | None = None) -> pd.DataFrame:
        """Return the probability of each category along the trait: item, category, theta, probability."""
        at, layout = _grid(theta), self.layout
        cells = cells_at(self.slopes, self.intercepts, layout, at)
        codes = np.concatenate([np.array(codes) for codes in self.answers.categories])
        return pd.DataFrame(
            {
                "item": np.repeat([self.names[i] for i in layout.item_of_cell], at.size),
                "category": np.repeat(codes, at.size),
                "theta": np.tile(at, codes.size),
                "probability": np.exp(cells.log_probability).reshape(-1),
            }
        )

    def information(self, theta: npt.ArrayLike | None = None) -> pd.DataFrame:
        """Return the information of each item along the trait: one column an item, indexed by theta."""
        at = _grid(theta)
        found = information_at(self.slopes, self.intercepts, self.layout, at)
        return pd.DataFrame(found.T, index=pd.Index(at, name="theta"), columns=list(self.names))

    def test_information(self, theta: npt.ArrayLike | None = None) -> pd.DataFrame:
        """Return theta, information, se and reliability of all items together.

        `se` is 1 / sqrt(information), the standard error of a maximum likelihood score; `reliability` is
        information / (information + 1), in a population with variance 1.
        """
        at = _grid(theta)
        total = information_at(self.slopes, self.intercepts, self.layout, at).sum(axis=0)
        with np.errstate(divide="ignore"):
            se = np.where(total > 0.0, 1.0 / np.sqrt(total), np.nan)
        frame = {"theta": at, "information": total, "se": se, "reliability": total / (total + 1.0)}
        return pd.DataFrame(frame)

    def expected_scores(self, theta: npt.ArrayLike | None = None) -> pd.DataFrame:
        """Return the expected answer to each item, in its codes, and their `sum`; indexed by theta."""
        at = _grid(theta)
        codes = np.concatenate([np.array(codes) for codes in self.answers.categories])
        cells = cells_at(self.slopes, self.intercepts, self.layout, at)
        found = expected_of(codes, cells, self.layout)
        frame = pd.DataFrame(found.T, index=pd.Index(at, name="theta"), columns=list(self.names))
        return frame.assign(sum=found.sum(axis=0))

    def category_shares(self) -> pd.DataFrame:
        """Return the share of each category among answers given, as found and as the model expects."""
        nodes = self.nodes
        cells = cells_at(self.slopes, self.intercepts, self.layout, nodes.theta)
        model = np.exp(cells.log_probability) @ np.exp(nodes.log_weights)
        codes, layout = self.answers.codes, self.layout
        counts = [
            np.bincount(codes[codes[:, i] >= 0, i], self.weights[codes[:, i] >= 0], minlength=m)
            for i, m in enumerate(layout.counts)
        ]
        found = np.concatenate(counts).astype(float)
        total = by_item(found[:, None], layout).reshape(-1)[layout.item_of_cell]
        return pd.DataFrame(
            {
                "item": [self.names[i] for i in layout.item_of_cell],
                "category": np.concatenate([np.array(used) for used in self.answers.categories]),
                "share": found / total,
                "expected_share": model,
            }
        )

    def summary(self) -> Summary:
        """Return fit, items and notes, to be shown as text or HTML."""
        fit = pd.DataFrame(
            {
                "n": [self.n_obs],
                "parameters": [self.n_parameters],
                "log-likelihood": [self.loglik],
                "AIC": [self.aic],
                "BIC": [self.bic],
                "marginal reliability": [self.marginal_reliability],
            }
        )
        used = f"{self.n_obs} of {self.n_rows} rows used; missing answers as missing at random."
        errors = "robust (sandwich)" if self.se == "robust" else "from the observed information"
        return Summary(
            "Graded response model",
            [
                Table("Model", fit, (used, *self.notes)),
                Table("Items", self.items, (MEANING, f"Standard errors {errors}."), labels=_labels(self)),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _labels(model: GradedResponse) -> dict[str, str]:
    named = {"n_categories": "categories", "a_se": "se"}
    return named | {f"b{x}_se": "se" for x in range(1, max(model.layout.counts))}


def _grid(theta: Any) -> Array:
    if theta is None:
        return GRID
    at = np.atleast_1d(np.asarray(theta, dtype=float))
    if at.ndim != 1 or not np.isfinite(at).all():
        raise ArgumentError("theta must be a number or a list of finite numbers: values of the trait.")
    return at


def item_places(model: GradedResponse, items: Sequence[str] | None) -> list[int]:
    """Return the places of some items; ArgumentError naming the nearest for a name that is none."""
    if items is None:
        return list(range(len(model.names)))
    return [model.names.index(one_of("items", name, model.names)) for name in items]
