"""Sufficient statistics: what a model needs to know of the data."""

from trustmeasure.moments.continuous import (
    SampleMoments,
    complete_rows,
    from_covariance,
    from_frame,
    from_incomplete,
    from_rows,
)

__all__ = ["SampleMoments", "complete_rows", "from_covariance", "from_frame", "from_incomplete", "from_rows"]
