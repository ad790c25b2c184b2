"""Exploratory factor analysis: number of factors, extraction, rotation."""

from trustmeasure.factors.correlations import Correlations

__all__ = [
    "Correlations",
]
