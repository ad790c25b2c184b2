"""Common method bias: what may come from the way of asking and not from what is asked about."""

from trustmeasure.validity.common_method.collinearity import full_collinearity_vif
from trustmeasure.validity.common_method.marker import MarkerCfa, marker_cfa
from trustmeasure.validity.common_method.method_factor import MethodFactor, latent_method_factor
from trustmeasure.validity.common_method.partialling import (
    PartialCorrelations,
    marker_correlation,
    social_desirability,
)
from trustmeasure.validity.common_method.single_factor import HarmanTest, harman
from trustmeasure.validity.common_method.together import MethodBias, method_bias

__all__ = [
    "HarmanTest",
    "MarkerCfa",
    "MethodBias",
    "MethodFactor",
    "PartialCorrelations",
    "full_collinearity_vif",
    "harman",
    "latent_method_factor",
    "marker_cfa",
    "marker_correlation",
    "method_bias",
    "social_desirability",
]
