"""Figures of results: functions that return a matplotlib Figure and change no setting of the session."""

from trustmeasure.plots.distributions import likert
from trustmeasure.plots.dots import loadings
from trustmeasure.plots.heatmap import correlation_heatmap
from trustmeasure.plots.output import save, to_png, to_svg
from trustmeasure.plots.paths import path_diagram

__all__ = ["correlation_heatmap", "likert", "loadings", "path_diagram", "save", "to_png", "to_svg"]
