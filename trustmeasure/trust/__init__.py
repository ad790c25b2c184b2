"""Trust as a subject: named structural models."""

from trustmeasure.trust import models
from trustmeasure.trust.models import list_models, trust_model

__all__ = ["list_models", "models", "trust_model"]
