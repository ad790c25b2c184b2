"""The command line: a thin layer over the public functions."""

from trustmeasure.cli.entry import main

__all__ = ["main"]
