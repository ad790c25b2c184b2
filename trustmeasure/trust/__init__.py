"""Trust as a subject: named structural models."""

from trustmeasure.trust import models

__all__ = ["models"]
