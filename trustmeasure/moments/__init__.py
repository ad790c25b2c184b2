"""Sufficient statistics: what a model needs to know of the data."""

from trustmeasure.moments.continuous import SampleMoments, from_covariance, from_frame

__all__ = ["SampleMoments", "from_covariance", "from_frame"]
