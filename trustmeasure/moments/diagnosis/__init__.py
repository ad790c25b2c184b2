"""What ordinal answers say before a model: tables, normality underneath, definiteness."""

from trustmeasure.moments.diagnosis.nearest import SmoothedCorrelation, nearest_correlation
from trustmeasure.moments.diagnosis.record import OrdinalDiagnosis

__all__ = ["OrdinalDiagnosis", "SmoothedCorrelation", "nearest_correlation"]
