"""Validity: constructs that differ, other variables, one meaning in all groups, freedom from method bias."""

from trustmeasure.validity.common_method import (
    HarmanTest,
    MarkerCfa,
    MethodBias,
    MethodFactor,
    PartialCorrelations,
    full_collinearity_vif,
    harman,
    latent_method_factor,
    marker_cfa,
    marker_correlation,
    method_bias,
    social_desirability,
)
from trustmeasure.validity.convergent import ConvergentValidity, convergent_validity
from trustmeasure.validity.criterion import CriterionValidity, criterion_validity
from trustmeasure.validity.discriminant import DiscriminantValidity, discriminant_validity
from trustmeasure.validity.fornell import FornellLarcker, fornell_larcker
from trustmeasure.validity.groups_compared import KnownGroups, known_groups
from trustmeasure.validity.heterotrait import htmt
from trustmeasure.validity.incremental import IncrementalValidity, incremental_validity
from trustmeasure.validity.multitrait import MultitraitMultimethod, multitrait_multimethod
from trustmeasure.validity.nomological import NomologicalTable, nomological_table
from trustmeasure.validity.paper_table import MeasurementTable, measurement_table
from trustmeasure.validity.ratio_table import HeterotraitRatios
from trustmeasure.validity.variance_extracted import AverageVarianceExtracted, average_variance_extracted

__all__ = [
    "AverageVarianceExtracted",
    "ConvergentValidity",
    "CriterionValidity",
    "DiscriminantValidity",
    "FornellLarcker",
    "HarmanTest",
    "HeterotraitRatios",
    "IncrementalValidity",
    "KnownGroups",
    "MarkerCfa",
    "MeasurementTable",
    "MethodBias",
    "MethodFactor",
    "MultitraitMultimethod",
    "NomologicalTable",
    "PartialCorrelations",
    "average_variance_extracted",
    "convergent_validity",
    "criterion_validity",
    "discriminant_validity",
    "fornell_larcker",
    "full_collinearity_vif",
    "harman",
    "htmt",
    "incremental_validity",
    "known_groups",
    "latent_method_factor",
    "marker_cfa",
    "marker_correlation",
    "measurement_table",
    "method_bias",
    "multitrait_multimethod",
    "nomological_table",
    "social_desirability",
]
