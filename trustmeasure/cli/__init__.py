"""The command line: a thin layer over the public functions."""

from trustmeasure.cli.main import main

__all__ = ["main"]
