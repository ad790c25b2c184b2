"""Sufficient statistics: what a model needs to know of the data."""

from trustmeasure.moments.continuous import (
    Design,
    SampleMoments,
    complete_rows,
    from_frame,
    from_rows,
    from_totals,
)
from trustmeasure.moments.incomplete import from_incomplete
from trustmeasure.moments.normality import Mardia, mardia
from trustmeasure.moments.published import from_covariance

__all__ = [
    "Design",
    "Mardia",
    "SampleMoments",
    "complete_rows",
    "from_covariance",
    "from_frame",
    "from_incomplete",
    "from_rows",
    "from_totals",
    "mardia",
]
