"""Reliability of scales: Cronbach's alpha, McDonald's omega total, and a table over all scales."""

from trustmeasure.reliability_analysis.alpha import CronbachAlpha, cronbach_alpha
from trustmeasure.reliability_analysis.omega import OmegaTotal, omega_total
from trustmeasure.reliability_analysis.table import reliability

__all__ = ["CronbachAlpha", "OmegaTotal", "cronbach_alpha", "omega_total", "reliability"]
