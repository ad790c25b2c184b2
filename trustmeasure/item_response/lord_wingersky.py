"""What a sum score says of the trait: its distribution and its EAP score."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import DataError
from trustmeasure.frames import Array
from trustmeasure.item_response.cumulative import cells_at
from trustmeasure.item_response.model import GradedResponse


def sum_score_likelihoods(
    probability: Array, counts: tuple[int, ...], leave_out: npt.ArrayLike = -1
) -> Array:
    """Return the probability of each sum of categories (from 0) given the trait.

    Item by item, the distribution of the sum so far is spread over the categories of the next one (Lord &
    Wingersky 1984; for more than two categories Thissen, Pommerich, Billeaud & Williams 1995).

    Parameters
    ----------
    probability : array (C, Q)
        Probabilities of the cells at Q values of the trait.
    counts : tuple of int, length k
        Categories of each item.
    leave_out : int or sequence of int, length L
        Items to leave out, one for each distribution wanted; -1 for none.

    Returns
    -------
    array (L, S + 1, Q)
        L distributions of the sum 0, ..., S, where S is the largest sum of all items.
    """
    out = np.atleast_1d(np.asarray(leave_out))
    largest, points = sum(counts) - len(counts), probability.shape[1]
    found = np.zeros((out.size, largest + 1, points))
    found[:, 0] = 1.0
    start = reached = 0
    for i, categories in enumerate(counts):
        kept = out != i
        before = found[kept, : reached + 1]
        after = np.zeros((before.shape[0], reached + categories, points))
        for x in range(categories):
            after[:, x : x + reached + 1] += before * probability[start + x]
        reached += categories - 1
        found[kept, : reached + 1] = after
        start += categories
    return found


def sum_scores(model: GradedResponse) -> pd.DataFrame:
    """Return for each possible sum of the answers its expected share and the EAP score on the trait.

    Parameters
    ----------
    model : GradedResponse
        A fitted model whose items have whole codes in steps of 1, so that a sum counts categories.

    Returns
    -------
    pandas.DataFrame
        One row a sum: sum_score (in the codes of the answers), probability, score (EAP of the trait), se.

    Raises
    ------
    DataError
        If the codes of an item do not go up in steps of 1.

    References
    ----------
    Lord, F. M., & Wingersky, M. S. (1984). Comparison of IRT true-score and equipercentile observed-score
    "equatings". Applied Psychological Measurement, 8(4), 453-461.

    Thissen, D., Pommerich, M., Billeaud, K., & Williams, V. S. L. (1995). Item response theory for scores on
    tests including polytomous items with ordered responses. Applied Psychological Measurement, 19(1), 39-49.

    Notes
    -----
    Checked against: rpf 1.0.11, `sumScoreEAP` (tests/reference/item_response/graded.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> tm.sum_scores(model).iloc[[0, -1]].round(2).to_numpy().tolist()
    [[4.0, 0.0, -2.92, 0.47], [28.0, 0.04, 1.97, 0.52]]
    """
    for name, codes in zip(model.names, model.answers.categories, strict=True):
        if not np.allclose(np.diff(codes), 1.0):
            shown = ", ".join(f"{x:g}" for x in codes)
            raise DataError(
                f"The codes of '{name}' ({shown}) do not go up in steps of 1, so that a sum does not tell "
                "how many categories were passed. Recode the item, or score the patterns with person_scores."
            )
    nodes, layout = model.nodes, model.layout
    cells = cells_at(model.slopes, model.intercepts, layout, nodes.theta)
    likelihood = sum_score_likelihoods(np.exp(cells.log_probability), layout.counts)[0]
    joint = likelihood * np.exp(nodes.log_weights)
    share = joint.sum(axis=1)
    mean = joint @ nodes.theta / share
    variance = joint @ nodes.theta**2 / share - mean**2
    lowest = sum(codes[0] for codes in model.answers.categories)
    return pd.DataFrame(
        {
            "sum_score": lowest + np.arange(share.size),
            "probability": share,
            "score": mean,
            "se": np.sqrt(np.maximum(variance, 0.0)),
        }
    )
