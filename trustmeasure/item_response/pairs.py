"""Whether pairs of items have more in common than the trait: Q3 and standardised chi-squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from trustmeasure.display import Summary, Table
from trustmeasure.frames import Array
from trustmeasure.item_response.cumulative import cells_at
from trustmeasure.item_response.curves import expected_of
from trustmeasure.item_response.model import GradedResponse
from trustmeasure.item_response.scores import cells_answered, eap_scores

SHOWN = 10
LABELS = {"q3": "Q3", "q3_centred": "Q3 − mean", "ld_x2": "LD X²", "ld_z": "LD z", "residual_r": "residual r"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LocalDependence:
    """What pairs of items have in common beyond the trait.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a pair: first, second, n (people who answered both), q3 (correlation of the residuals),
        q3_centred (less the mean of all), ld_x2 and df (of the two-way table), ld_z ((x2 - df) / sqrt(2
        df)), residual_r (found minus expected correlation: positive where the two go together more than the
        trait explains).
    mean_q3 : float
        Mean of all Q3, which is negative for few items even where the model holds.
    """

    frame: pd.DataFrame
    mean_q3: float

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the pairs."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the pairs with the largest residual correlations, to be shown as text or HTML."""
        order = self.frame["q3_centred"].abs().sort_values(ascending=False).index
        notes = (
            f"Mean Q3: {self.mean_q3:.3f}. Pairs of items that share wording or topic beyond the trait stand "
            "out by a Q3 far above the mean; they make a scale look more reliable than it is.",
        )
        shown = self.frame.loc[order].head(SHOWN)
        return Summary("Local dependence", [Table("Pairs that stand out most", shown, notes, labels=LABELS)])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def local_dependence(model: GradedResponse) -> LocalDependence:
    """Look for pairs of items that go together more than the trait explains.

    Q3 is the correlation between what is left of two answers when the answer expected at the person's EAP
    score is taken away (Yen 1984). The chi-square compares the two-way table with the one that the model
    expects; it is standardised with the degrees of freedom of a table, (r - 1)(c - 1), which is a rule of
    thumb since parameters were estimated (Chen & Thissen 1997). All people who answered both items count;
    weights are not taken into account.

    Parameters
    ----------
    model : GradedResponse
        A fitted model.

    Returns
    -------
    LocalDependence
        `.frame` with one row a pair, `.mean_q3`, `.summary()`.

    References
    ----------
    Yen, W. M. (1984). Effects of local item dependence on the fit and equating performance of the
    three-parameter logistic model. Applied Psychological Measurement, 8(2), 125-145.

    Chen, W.-H., & Thissen, D. (1997). Local dependence indexes for item pairs using item response theory.
    Journal of Educational and Behavioral Statistics, 22(3), 265-289.

    Notes
    -----
    Checked against: rpf 1.0.11, `ChenThissen1997` (tests/reference/item_response/graded.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> len(tm.local_dependence(model).frame)
    6
    """
    observed, expected = _tables(model)
    q3 = _residual_correlations(model)
    layout, rows = model.layout, []
    for i in range(layout.n_items):
        for j in range(i + 1, layout.n_items):
            block = np.ix_(range(*_span(layout.cells_of(i))), range(*_span(layout.cells_of(j))))
            rows.append((model.names[i], model.names[j], q3[i, j], *_pair(observed[block], expected[block])))
    frame = pd.DataFrame(rows, columns=["first", "second", "q3", "n", "ld_x2", "df", "ld_z", "residual_r"])
    mean = float(frame["q3"].mean())
    frame["q3_centred"] = frame["q3"] - mean
    columns = ["first", "second", "n", "q3", "q3_centred", "ld_x2", "df", "ld_z", "residual_r"]
    frame = frame[columns]
    return LocalDependence(frame, mean)


def _span(cells: slice) -> tuple[int, int]:
    return cells.start, cells.stop


def _tables(model: GradedResponse) -> tuple[Array, Array]:
    """Return counts of all pairs of cells, and their expected probabilities; both (C, C)."""
    layout, nodes = model.layout, model.nodes
    at = cells_answered(model, model.answers)
    rows, items = np.nonzero(at >= 0)
    size = (len(at), layout.n_parameters)
    indicator = sparse.csr_matrix((np.ones(rows.size), (rows, at[rows, items])), shape=size)
    probability = np.exp(cells_at(model.slopes, model.intercepts, layout, nodes.theta).log_probability)
    expected = (probability * np.exp(nodes.log_weights)) @ probability.T
    return np.asarray((indicator.T @ indicator).toarray()), np.asarray(expected)


def _residual_correlations(model: GradedResponse) -> Array:
    layout, codes = model.layout, model.answers.codes
    theta = eap_scores(model, model.answers)[0]
    cells = cells_at(model.slopes, model.intercepts, layout, theta)
    expected = expected_of(layout.score_of_cell.astype(float), cells, layout).T
    residuals = pd.DataFrame(np.where(codes >= 0, codes - expected, np.nan))
    return residuals.corr(min_periods=3).to_numpy(dtype=float)


def _pair(observed: Array, probability: Array) -> tuple[int, float, int, float, float]:
    n = observed.sum()
    if n == 0:
        return 0, np.nan, 0, np.nan, np.nan
    expected = n * probability
    x2 = float(((observed - expected) ** 2 / expected).sum())
    df = (observed.shape[0] - 1) * (observed.shape[1] - 1)
    return int(n), x2, df, (x2 - df) / np.sqrt(2.0 * df), _correlation(observed) - _correlation(expected)


def _correlation(table: Array) -> float:
    """Return the correlation of row and column numbers; NaN where one does not vary."""
    p = table / table.sum()
    x, y = np.arange(p.shape[0]), np.arange(p.shape[1])
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    cov = x @ p @ y - (x @ rows) * (y @ columns)
    variance = (x**2 @ rows - (x @ rows) ** 2) * (y**2 @ columns - (y @ columns) ** 2)
    return float(cov / np.sqrt(variance)) if variance > 0.0 else float("nan")
