"""Item response theory: the graded response model, scores, item fit, and differential item functioning."""

from trustmeasure.item_response.graded import graded_response
from trustmeasure.item_response.item_fit import ItemFit, item_fit
from trustmeasure.item_response.model import GradedResponse
from trustmeasure.item_response.scores import PersonScores, person_scores
from trustmeasure.item_response.sum_scores import sum_scores

__all__ = [
    "GradedResponse",
    "ItemFit",
    "PersonScores",
    "graded_response",
    "item_fit",
    "person_scores",
    "sum_scores",
]
