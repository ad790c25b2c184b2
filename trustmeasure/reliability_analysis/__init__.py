"""Reliability of scales: alpha, omega, their counterparts for ordinal answers, a table over all scales."""

from trustmeasure.reliability_analysis.alpha import CronbachAlpha, cronbach_alpha
from trustmeasure.reliability_analysis.alpha_comparison import AlphaComparison, compare_alphas
from trustmeasure.reliability_analysis.bifactor import BifactorIndices, bifactor_indices
from trustmeasure.reliability_analysis.bounds import GreatestLowerBound, GuttmanLambdas
from trustmeasure.reliability_analysis.categorical import OmegaCategorical, omega_categorical
from trustmeasure.reliability_analysis.composite import CompositeReliability, composite_reliability
from trustmeasure.reliability_analysis.fleiss import FleissKappa, fleiss_kappa
from trustmeasure.reliability_analysis.guttman import greatest_lower_bound, guttman_lambdas
from trustmeasure.reliability_analysis.halves import SplitHalf, split_half
from trustmeasure.reliability_analysis.hierarchical import OmegaHierarchical, omega_hierarchical
from trustmeasure.reliability_analysis.intraclass import IntraclassCorrelation, intraclass_correlation
from trustmeasure.reliability_analysis.kappa import CohenKappa, cohen_kappa
from trustmeasure.reliability_analysis.krippendorff import KrippendorffAlpha, krippendorff_alpha
from trustmeasure.reliability_analysis.lengthened import spearman_brown
from trustmeasure.reliability_analysis.limits_of_agreement import BlandAltman, bland_altman
from trustmeasure.reliability_analysis.omega import OmegaTotal, omega_total
from trustmeasure.reliability_analysis.ordinal import OrdinalReliability, ordinal_reliability
from trustmeasure.reliability_analysis.score_error import MeasurementError, measurement_error
from trustmeasure.reliability_analysis.second_order import HigherOrderReliability, higher_order_reliability
from trustmeasure.reliability_analysis.table import reliability

__all__ = [
    "AlphaComparison",
    "BifactorIndices",
    "BlandAltman",
    "CohenKappa",
    "CompositeReliability",
    "CronbachAlpha",
    "FleissKappa",
    "GreatestLowerBound",
    "GuttmanLambdas",
    "HigherOrderReliability",
    "IntraclassCorrelation",
    "KrippendorffAlpha",
    "MeasurementError",
    "OmegaCategorical",
    "OmegaHierarchical",
    "OmegaTotal",
    "OrdinalReliability",
    "SplitHalf",
    "bifactor_indices",
    "bland_altman",
    "cohen_kappa",
    "compare_alphas",
    "composite_reliability",
    "cronbach_alpha",
    "fleiss_kappa",
    "greatest_lower_bound",
    "guttman_lambdas",
    "higher_order_reliability",
    "intraclass_correlation",
    "krippendorff_alpha",
    "measurement_error",
    "omega_categorical",
    "omega_hierarchical",
    "omega_total",
    "ordinal_reliability",
    "reliability",
    "spearman_brown",
    "split_half",
]
