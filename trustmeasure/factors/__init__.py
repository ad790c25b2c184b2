"""Exploratory factor analysis: number of factors, extraction, rotation."""

from trustmeasure.factors.adequacy import SamplingAdequacy, Sphericity, bartlett_sphericity, kmo
from trustmeasure.factors.correlations import Correlations

__all__ = [
    "Correlations",
    "SamplingAdequacy",
    "Sphericity",
    "bartlett_sphericity",
    "kmo",
]
