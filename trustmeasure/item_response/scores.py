"""Scores of people on the trait of a graded response model, with standard errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.frames import Array
from trustmeasure.item_response.answers import Answers, chosen_items, recoded
from trustmeasure.item_response.estimators import bias_term, information_of, pattern_derivative, roots
from trustmeasure.item_response.layout import Index
from trustmeasure.item_response.likelihood import cells_of, joined, posterior, sample_of
from trustmeasure.item_response.model import GradedResponse

METHODS = ("eap", "map", "wle", "ml")
NO_ANSWER = "no answers"
EXTREME = "all answers at one end: the likelihood has no maximum"
HOW = {
    "eap": "EAP: mean of the trait given the answers, under a standard normal prior; se is its deviation.",
    "map": "MAP: most probable trait under a standard normal prior; se = 1 / sqrt(information + 1).",
    "wle": "WLE: weighted likelihood (Warm 1989), without the prior's pull; se = 1 / sqrt(information).",
    "ml": "ML: maximum likelihood; does not exist where all answers are extreme; se = 1 / sqrt(information).",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PersonScores:
    """Scores of people.

    Attributes
    ----------
    scores : pandas.DataFrame
        One row a person, named as in the data: score, se, n_answered, note (why there is no score).
    method : {"eap", "map", "wle", "ml"}
        How they were estimated.
    reliability : float
        Share of the variance of these scores that is not error: for EAP and MAP var / (var + mean se^2), for
        WLE and ML 1 - mean se^2 / var. NaN for fewer than 2 scores.
    """

    scores: pd.DataFrame
    method: str
    reliability: float

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the scores."""
        return self.scores.copy()

    def summary(self) -> Summary:
        """Return the distribution of the scores with notes, never a person's score."""
        score = self.scores["score"].dropna()
        shown = pd.DataFrame(
            {
                "people": [len(self.scores)],
                "scored": [len(score)],
                "mean": [score.mean()],
                "sd": [score.std()],
                "mean se": [self.scores["se"].mean()],
                "reliability": [self.reliability],
            }
        )
        counted = self.scores.loc[self.scores["note"] != "", "note"].value_counts()
        notes = [f"{count} without a score: {why}." for why, count in counted.items()]
        return Summary("Scores on the trait", [Table("Distribution", shown, (HOW[self.method], *notes))])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def person_scores(model: GradedResponse, method: str = "eap", *, data: Any = None) -> PersonScores:
    """Return a score for each person on the trait of a graded response model.

    Parameters
    ----------
    model : GradedResponse
        A fitted model.
    method : {"eap", "map", "wle", "ml"}
        "eap": posterior mean, which exists for every pattern of answers and errs least on average; "map":
        posterior mode; "wle": weighted likelihood, nearly unbiased for each person; "ml": maximum likelihood.
    data : frame, array or Responses, optional
        Other people's answers to the same items; those of the model when None.

    Returns
    -------
    PersonScores
        `.scores` (score, se, n_answered, note), `.reliability`, `.summary()`.

    Raises
    ------
    ArgumentError
        If `method` is not known.
    DataError
        If `data` lacks an item, or has an answer that the model does not know.

    References
    ----------
    Warm, T. A. (1989). Weighted likelihood estimation of ability in item response theory. Psychometrika,
    54(3), 427-450.

    Notes
    -----
    Checked against: rpf 1.0.11, `EAPscores`; the other methods by root finding in base R
    (tests/reference/item_response/graded.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> found = tm.person_scores(model, "wle")
    >>> found.scores.shape
    (1200, 4)
    """
    one_of("method", method, METHODS)
    answers = answers_for(model, data)
    score, se = _estimated(model, answers, method)
    none, extreme = answers.answered == 0, np.isinf(score)
    gone = none | extreme
    frame = pd.DataFrame(
        {
            "score": np.where(gone, np.nan, score),
            "se": np.where(gone, np.nan, se),
            "n_answered": answers.answered.astype(int),
            "note": np.where(none, NO_ANSWER, np.where(extreme, EXTREME, "")),
        },
        index=answers.index,
    )
    return PersonScores(frame, method, _reliability(frame, method))


def answers_for(model: GradedResponse, data: Any) -> Answers:
    """Return the model's own answers, or those of other people in its categories."""
    if data is None:
        return model.answers
    return recoded(chosen_items(data, list(model.names)), model.names, model.answers.categories)


def cells_answered(model: GradedResponse, answers: Answers) -> Index:
    """Return the cell of each answer, (n, k); -1 where there is none."""
    return np.where(answers.codes >= 0, answers.codes + model.layout.first_cell, -1)


def eap_scores(model: GradedResponse, answers: Answers) -> tuple[Array, Array]:
    """Return posterior means and deviations, each (n,)."""
    layout, nodes = model.layout, model.nodes
    patterns, at = np.unique(answers.codes, axis=0, return_inverse=True)
    sample = sample_of(patterns, layout, np.ones(len(patterns)))
    cells = cells_of(joined(model.slopes, model.intercepts, layout), layout, nodes)
    weights = posterior(cells, sample, nodes).weights
    mean = weights @ nodes.theta
    variance = weights @ nodes.theta**2 - mean**2
    back = at.reshape(-1)
    return mean[back], np.sqrt(np.maximum(variance, 0.0))[back]


def _estimated(model: GradedResponse, answers: Answers, method: str) -> tuple[Array, Array]:
    if method == "eap":
        return eap_scores(model, answers)
    given = (model.slopes, model.intercepts, cells_answered(model, answers), model.layout)
    prior = float(method == "map")
    added: Callable[[Array], Array] = (
        (lambda theta: bias_term(*given, theta)) if method == "wle" else (lambda theta: -prior * theta)
    )
    score = roots(lambda theta: pattern_derivative(*given, theta) + added(theta), len(answers.codes))
    at = np.where(np.isfinite(score), score, 0.0)
    with np.errstate(divide="ignore"):
        return score, 1.0 / np.sqrt(information_of(*given, at) + prior)


def _reliability(frame: pd.DataFrame, method: str) -> float:
    score, error = frame["score"].dropna(), float((frame["se"].dropna() ** 2).mean())
    if len(score) < 2 or score.var() == 0.0:
        return float("nan")
    variance = float(score.var())
    return variance / (variance + error) if method in ("eap", "map") else 1.0 - error / variance
