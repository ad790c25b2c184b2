"""Sufficient statistics: what a model needs to know of the data."""

from trustmeasure.moments.continuous import (
    Design,
    SampleMoments,
    complete_rows,
    from_frame,
    from_rows,
    from_totals,
)
from trustmeasure.moments.diagnosis import OrdinalDiagnosis, SmoothedCorrelation, nearest_correlation
from trustmeasure.moments.gaps import MissingPatterns, SaturatedMoments, missing_patterns, saturated_moments
from trustmeasure.moments.incomplete import from_incomplete
from trustmeasure.moments.normality import Mardia, mardia
from trustmeasure.moments.polychoric_correlations import PolychoricCorrelations
from trustmeasure.moments.published import from_covariance
from trustmeasure.moments.remote import SourceMoments, moments_of
from trustmeasure.moments.triangle import covariance_from_text

__all__ = [
    "Design",
    "Mardia",
    "MissingPatterns",
    "OrdinalDiagnosis",
    "PolychoricCorrelations",
    "SampleMoments",
    "SaturatedMoments",
    "SmoothedCorrelation",
    "SourceMoments",
    "complete_rows",
    "covariance_from_text",
    "from_covariance",
    "from_frame",
    "from_incomplete",
    "from_rows",
    "from_totals",
    "mardia",
    "missing_patterns",
    "moments_of",
    "nearest_correlation",
    "saturated_moments",
]
