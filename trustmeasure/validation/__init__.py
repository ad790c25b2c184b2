"""One report on measurement quality, the protocol that validates an instrument, and short forms."""

from trustmeasure.validation.measurement import MeasurementReport, measurement_report
from trustmeasure.validation.protocol import Validation, validate

__all__ = ["MeasurementReport", "Validation", "measurement_report", "validate"]
