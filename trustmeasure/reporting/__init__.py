"""What a reader sees: findings become a report and tables."""

from trustmeasure.reporting.effects import effect_frame
from trustmeasure.reporting.findings import Failure, Findings, Provenance
from trustmeasure.reporting.frames import tables
from trustmeasure.reporting.headlines import headline
from trustmeasure.reporting.statistics import item_statistics
from trustmeasure.reporting.writing import report, report_html

__all__ = [
    "Failure",
    "Findings",
    "Provenance",
    "effect_frame",
    "headline",
    "item_statistics",
    "report",
    "report_html",
    "tables",
]
