"""Figures of results: functions that return a matplotlib Figure and change no setting of the session."""

from trustmeasure.plots.output import save, to_png, to_svg
from trustmeasure.plots.path_diagram import path_diagram

__all__ = ["path_diagram", "save", "to_png", "to_svg"]
