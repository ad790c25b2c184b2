"""One report on measurement quality, the protocol that validates an instrument, and short forms."""

from trustmeasure.validation.measurement import MeasurementReport, measurement_report
from trustmeasure.validation.protocol import Validation, validate
from trustmeasure.validation.short_form_choice import ShortForm, short_form

__all__ = ["MeasurementReport", "ShortForm", "Validation", "measurement_report", "short_form", "validate"]
