"""Structural equation models: model text and data in, estimates and fit out."""

from trustmeasure.sem.fit import fit_sem
from trustmeasure.sem.parameters import Parameter, ParameterTable, parse_model
from trustmeasure.sem.result import ImpliedMoments, SemResult

__all__ = ["ImpliedMoments", "Parameter", "ParameterTable", "SemResult", "fit_sem", "parse_model"]
