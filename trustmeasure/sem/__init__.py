"""Structural equation models: model text and data in, estimates and fit out."""

from trustmeasure.sem.bootstrap_result import Bootstrap
from trustmeasure.sem.comparison import Comparison, compare
from trustmeasure.sem.equality_scores import score_tests
from trustmeasure.sem.factor_scores import FactorScores, factor_scores
from trustmeasure.sem.fit import fit_sem
from trustmeasure.sem.group_result import ImpliedMoments
from trustmeasure.sem.identification import Identification, identification
from trustmeasure.sem.invariance_models import InvarianceModel, ordinal_invariance_models
from trustmeasure.sem.modification import modification_indices
from trustmeasure.sem.monte_carlo import power_monte_carlo
from trustmeasure.sem.ordinal.correlations import polychoric
from trustmeasure.sem.ordinal.diagnose import ordinal_diagnosis
from trustmeasure.sem.ordinal_invariance import OrdinalInvariance, ordinal_invariance
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.path_effects import effects
from trustmeasure.sem.power import power_rmsea, power_satorra_saris, required_n
from trustmeasure.sem.resample import bollen_stine, bootstrap, monte_carlo_intervals
from trustmeasure.sem.residual_table import ResidualTable, residual_table
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.second_opinion import SecondOpinion, second_opinion
from trustmeasure.sem.simulate import simulate
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.standardized_errors import standardized_solution
from trustmeasure.sem.to_lavaan import to_lavaan
from trustmeasure.sem.to_mplus import to_mplus
from trustmeasure.sem.to_semopy import to_semopy
from trustmeasure.sem.wald import WaldTest, wald_test

__all__ = [
    "Bootstrap",
    "Comparison",
    "FactorScores",
    "Identification",
    "ImpliedMoments",
    "InvarianceModel",
    "OrdinalInvariance",
    "Parameter",
    "ParameterTable",
    "ResidualTable",
    "SecondOpinion",
    "SemResult",
    "WaldTest",
    "bollen_stine",
    "bootstrap",
    "compare",
    "effects",
    "factor_scores",
    "fit_sem",
    "identification",
    "modification_indices",
    "monte_carlo_intervals",
    "ordinal_diagnosis",
    "ordinal_invariance",
    "ordinal_invariance_models",
    "parse_model",
    "polychoric",
    "power_monte_carlo",
    "power_rmsea",
    "power_satorra_saris",
    "required_n",
    "residual_table",
    "score_tests",
    "second_opinion",
    "simulate",
    "standardized_solution",
    "to_lavaan",
    "to_mplus",
    "to_semopy",
    "wald_test",
]
