"""Exploratory factor analysis: number of factors, extraction, rotation."""

from trustmeasure.factors.adequacy import SamplingAdequacy, Sphericity, bartlett_sphericity, kmo
from trustmeasure.factors.congruence import Congruence, factor_congruence
from trustmeasure.factors.correlations import Correlations
from trustmeasure.factors.hierarchical import SchmidLeiman, schmid_leiman
from trustmeasure.factors.kaiser import EmpiricalKaiser, empirical_kaiser
from trustmeasure.factors.parallel import ParallelAnalysis, parallel_analysis
from trustmeasure.factors.partials import PartialTest, map_test
from trustmeasure.factors.rotation import Rotation, rotate

__all__ = [
    "Congruence",
    "Correlations",
    "EmpiricalKaiser",
    "ParallelAnalysis",
    "PartialTest",
    "Rotation",
    "SamplingAdequacy",
    "SchmidLeiman",
    "Sphericity",
    "bartlett_sphericity",
    "empirical_kaiser",
    "factor_congruence",
    "kmo",
    "map_test",
    "parallel_analysis",
    "rotate",
    "schmid_leiman",
]
