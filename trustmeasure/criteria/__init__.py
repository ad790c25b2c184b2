"""Cited cut-offs as data: what a value meets is described, a verdict is given only when asked for."""

from trustmeasure.criteria.cvr import critical_cvr
from trustmeasure.criteria.describe import Description, Outcome, describe, verdict
from trustmeasure.criteria.loading import load_criteria
from trustmeasure.criteria.model import Criteria, Criterion, Metric, Source

__all__ = [
    "Criteria",
    "Criterion",
    "Description",
    "Metric",
    "Outcome",
    "Source",
    "critical_cvr",
    "describe",
    "load_criteria",
    "verdict",
]
