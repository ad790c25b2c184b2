"""Exploratory factor analysis: number of factors, extraction, rotation."""

from trustmeasure.factors.adequacy import SamplingAdequacy, Sphericity, bartlett_sphericity, kmo
from trustmeasure.factors.comparison import ComparisonData, comparison_data
from trustmeasure.factors.congruence import Congruence, factor_congruence
from trustmeasure.factors.correlations import Correlations
from trustmeasure.factors.efa import efa, efa_scores
from trustmeasure.factors.esem_fit import esem
from trustmeasure.factors.esem_result import EsemResult
from trustmeasure.factors.hierarchical import SchmidLeiman, schmid_leiman
from trustmeasure.factors.hull_method import Hull, hull
from trustmeasure.factors.kaiser import EmpiricalKaiser, empirical_kaiser
from trustmeasure.factors.number import NumberOfFactors, number_of_factors
from trustmeasure.factors.parallel import ParallelAnalysis, parallel_analysis
from trustmeasure.factors.partials import PartialTest, map_test
from trustmeasure.factors.result import EfaResult
from trustmeasure.factors.rotation import Rotation, rotate

__all__ = [
    "ComparisonData",
    "Congruence",
    "Correlations",
    "EfaResult",
    "EmpiricalKaiser",
    "EsemResult",
    "Hull",
    "NumberOfFactors",
    "ParallelAnalysis",
    "PartialTest",
    "Rotation",
    "SamplingAdequacy",
    "SchmidLeiman",
    "Sphericity",
    "bartlett_sphericity",
    "comparison_data",
    "efa",
    "efa_scores",
    "empirical_kaiser",
    "esem",
    "factor_congruence",
    "hull",
    "kmo",
    "map_test",
    "number_of_factors",
    "parallel_analysis",
    "rotate",
    "schmid_leiman",
]
