"""Discrepancy functions, one file each: value, gradient and expected second derivatives, in batches."""

from trustmeasure.sem.discrepancy.base import Discrepancy, Point
from trustmeasure.sem.discrepancy.fiml import FullInformation
from trustmeasure.sem.discrepancy.groups import Groups
from trustmeasure.sem.discrepancy.least_squares import LeastSquares
from trustmeasure.sem.discrepancy.ml import MaximumLikelihood
from trustmeasure.sem.discrepancy.ordinal import OrdinalLeastSquares

__all__ = [
    "Discrepancy",
    "FullInformation",
    "Groups",
    "LeastSquares",
    "MaximumLikelihood",
    "OrdinalLeastSquares",
    "Point",
]
