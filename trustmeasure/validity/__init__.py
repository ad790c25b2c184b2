"""Validity: constructs that differ, other variables, one meaning in all groups, freedom from method bias."""

from trustmeasure.validity.discriminant import DiscriminantValidity, discriminant_validity
from trustmeasure.validity.fornell import FornellLarcker, fornell_larcker
from trustmeasure.validity.heterotrait import HeterotraitRatios, htmt
from trustmeasure.validity.variance_extracted import AverageVarianceExtracted, average_variance_extracted

__all__ = [
    "AverageVarianceExtracted",
    "DiscriminantValidity",
    "FornellLarcker",
    "HeterotraitRatios",
    "average_variance_extracted",
    "discriminant_validity",
    "fornell_larcker",
    "htmt",
]
