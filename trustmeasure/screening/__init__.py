"""What came back, looked at before it is analysed: missing answers, careless answers, items."""

from trustmeasure.screening.careless import (
    duplicate_rows,
    even_odd_consistency,
    long_string,
    mahalanobis_distance,
    psychometric_synonyms,
    response_variability,
)
from trustmeasure.screening.consistency import ItemPairs
from trustmeasure.screening.items import ItemStatistics, item_statistics
from trustmeasure.screening.leaving_out import exclude
from trustmeasure.screening.little import LittleMCAR, little_mcar
from trustmeasure.screening.result import Screening
from trustmeasure.screening.screened import screen

__all__ = [
    "ItemPairs",
    "ItemStatistics",
    "LittleMCAR",
    "Screening",
    "duplicate_rows",
    "even_odd_consistency",
    "exclude",
    "item_statistics",
    "little_mcar",
    "long_string",
    "mahalanobis_distance",
    "psychometric_synonyms",
    "response_variability",
    "screen",
]
