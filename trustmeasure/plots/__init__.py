"""Figures of results: functions that return a matplotlib Figure and change no setting of the session."""

from trustmeasure.plots.agreement import bland_altman
from trustmeasure.plots.distributions import likert
from trustmeasure.plots.dots import loadings
from trustmeasure.plots.heatmap import correlation_heatmap
from trustmeasure.plots.index_strips import screening_indices
from trustmeasure.plots.invariance_dots import aligned_means, invariance_steps, item_effects
from trustmeasure.plots.item_curves import category_curves, dif_curves, item_information, total_information
from trustmeasure.plots.loading_map import loading_map
from trustmeasure.plots.output import save, to_png, to_svg
from trustmeasure.plots.paths import path_diagram
from trustmeasure.plots.pattern_map import missing_pattern_map
from trustmeasure.plots.power_curves import power
from trustmeasure.plots.ratio_map import htmt_map
from trustmeasure.plots.residual_heatmap import residual_heatmap
from trustmeasure.plots.scree import scree

__all__ = [
    "aligned_means",
    "bland_altman",
    "category_curves",
    "correlation_heatmap",
    "dif_curves",
    "htmt_map",
    "invariance_steps",
    "item_effects",
    "item_information",
    "likert",
    "loading_map",
    "loadings",
    "missing_pattern_map",
    "path_diagram",
    "power",
    "residual_heatmap",
    "save",
    "scree",
    "screening_indices",
    "to_png",
    "to_svg",
    "total_information",
]
