"""Exploratory factor analysis: number of factors, extraction, rotation."""

from trustmeasure.factors.adequacy import SamplingAdequacy, Sphericity, bartlett_sphericity, kmo
from trustmeasure.factors.correlations import Correlations
from trustmeasure.factors.kaiser import EmpiricalKaiser, empirical_kaiser
from trustmeasure.factors.parallel import ParallelAnalysis, parallel_analysis
from trustmeasure.factors.partials import PartialTest, map_test

__all__ = [
    "Correlations",
    "EmpiricalKaiser",
    "ParallelAnalysis",
    "PartialTest",
    "SamplingAdequacy",
    "Sphericity",
    "bartlett_sphericity",
    "empirical_kaiser",
    "kmo",
    "map_test",
    "parallel_analysis",
]
