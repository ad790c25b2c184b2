"""Item response theory: the graded response model, scores, item fit, and differential item functioning.

`tm.graded_response` fits the model, `tm.dif` compares groups item by item.
"""

from trustmeasure.item_response.dif_result import DifResult
from trustmeasure.item_response.differential import dif
from trustmeasure.item_response.graded import graded_response
from trustmeasure.item_response.limited import ModelFit, graded_model_fit
from trustmeasure.item_response.lord_wingersky import sum_scores
from trustmeasure.item_response.model import GradedResponse
from trustmeasure.item_response.pairs import LocalDependence, local_dependence
from trustmeasure.item_response.person_misfit import person_fit
from trustmeasure.item_response.s_x2 import ItemFit, item_fit
from trustmeasure.item_response.scores import PersonScores, person_scores

__all__ = [
    "DifResult",
    "GradedResponse",
    "ItemFit",
    "LocalDependence",
    "ModelFit",
    "PersonScores",
    "dif",
    "graded_model_fit",
    "graded_response",
    "item_fit",
    "local_dependence",
    "person_fit",
    "person_scores",
    "sum_scores",
]
