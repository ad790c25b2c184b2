"""Reliability of scales: alpha, omega, their counterparts for ordinal answers, a table over all scales."""

from trustmeasure.reliability_analysis.alpha import CronbachAlpha, cronbach_alpha
from trustmeasure.reliability_analysis.categorical import OmegaCategorical, omega_categorical
from trustmeasure.reliability_analysis.guttman import (
    GreatestLowerBound,
    GuttmanLambdas,
    greatest_lower_bound,
    guttman_lambdas,
)
from trustmeasure.reliability_analysis.omega import OmegaTotal, omega_total
from trustmeasure.reliability_analysis.ordinal import OrdinalReliability, ordinal_reliability
from trustmeasure.reliability_analysis.split_half import SplitHalf, spearman_brown, split_half
from trustmeasure.reliability_analysis.table import reliability

__all__ = [
    "CronbachAlpha",
    "GreatestLowerBound",
    "GuttmanLambdas",
    "OmegaCategorical",
    "OmegaTotal",
    "OrdinalReliability",
    "SplitHalf",
    "cronbach_alpha",
    "greatest_lower_bound",
    "guttman_lambdas",
    "omega_categorical",
    "omega_total",
    "ordinal_reliability",
    "reliability",
    "spearman_brown",
    "split_half",
]
