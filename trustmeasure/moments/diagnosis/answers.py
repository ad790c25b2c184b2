"""Ordinal answers as categories and two-way tables, and what these say, as frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.moments.diagnosis.normal_tables import TableFit, fit_of_tables
from trustmeasure.moments.margins import category_counts, thresholds_from
from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.moments.tables import Codes, codes_of, pair_tables
from trustmeasure.multiple_tests import corrected

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to p ordinal variables.

    Attributes
    ----------
    names : tuple of str, length p
        The variables.
    categories : tuple of tuple of float, length p
        Their codes in order.
    codes : Codes
        The answers.
    counts : array, shape (p, width)
        How often each category was chosen.
    """

    names: tuple[str, ...]
    categories: tuple[tuple[float, ...], ...]
    codes: Codes
    counts: Array

    @classmethod
    def of(cls, values: Array, moments: OrdinalMoments, *, listwise: bool) -> Answers:
        """Take the ordinal columns of all variables (n, q), complete rows only with `listwise`."""
        layout = moments.layout
        rows = values[np.isfinite(values).all(axis=1)] if listwise else values
        categories = tuple(c for c, o in zip(moments.categories, layout.ordinal, strict=True) if o)
        names = tuple(name for name, o in zip(layout.names, layout.ordinal, strict=True) if o)
        codes = codes_of(rows[:, layout.ordinal], categories)
        return cls(names, categories, codes, category_counts(codes))

    def variables(self) -> pd.DataFrame:
        """Return one row a variable."""
        rows = []
        for name, size, counts in zip(self.names, self.codes.sizes, self.counts, strict=True):
            own = counts[:size]
            least = float(own.min())
            skewness, kurtosis = _shape(own)
            rows.append((name, int(own.sum()), int(size), int(least), least / own.sum(), skewness, kurtosis))
        columns = ["variable", "n_obs", "categories", "least_count", "least_share", "skewness", "kurtosis"]
        return pd.DataFrame(rows, columns=columns).set_index("variable")

    def each_category(self, least_count: int) -> pd.DataFrame:
        """Return one row a category."""
        parts = []
        thresholds = thresholds_from(self.counts)
        for j, (name, codes) in enumerate(zip(self.names, self.categories, strict=True)):
            own = self.counts[j, : len(codes)]
            ends = np.append(thresholds[j, : len(codes) - 1], np.nan)
            columns = {"variable": name, "category": [_whole(c) for c in codes], "count": own.astype(int)}
            parts.append(pd.DataFrame({**columns, "share": own / own.sum(), "threshold": ends}))
        found = pd.concat(parts, ignore_index=True)
        return found.assign(few=found["count"] < least_count)

    def tables(self, corr: pd.DataFrame) -> pd.DataFrame:
        """Return one row a pair of variables, given the correlations of all."""
        row, col = np.tril_indices(len(self.names), -1)
        names = np.array(self.names, dtype=object)
        rho = corr.loc[list(self.names), list(self.names)].to_numpy()[row, col]
        thresholds = thresholds_from(self.counts)
        sizes = (self.codes.sizes[row], self.codes.sizes[col])
        counts = pair_tables(self.codes)[row, col]
        fit = fit_of_tables(counts, thresholds[row], thresholds[col], rho, sizes)
        order = np.lexsort((row, col))
        frame = pd.DataFrame({"first": names[col], "second": names[row], **_columns(fit, rho)})
        return frame.iloc[order].reset_index(drop=True)


def _columns(fit: TableFit, rho: Array) -> dict[str, Array | Index]:
    mn_p = fit.p_value(fit.mn)
    return {
        "n_obs": fit.n_obs.astype(int),
        "correlation": rho,
        "cells": fit.n_cells,
        "empty": fit.n_empty,
        "small_expected": fit.n_small,
        "small_share": fit.n_small / fit.n_cells,
        "least_expected": fit.least_expected,
        "df": fit.df,
        "g2": fit.g2,
        "g2_p": fit.p_value(fit.g2),
        "x2": fit.x2,
        "x2_p": fit.p_value(fit.x2),
        "mn": fit.mn,
        "mn_p": mn_p,
        "mn_p_holm": corrected(mn_p),
        "rmsea": fit.rmsea,
    }


def _whole(code: float) -> float | int:
    return int(code) if float(code).is_integer() else code


def _shape(counts: Array) -> tuple[float, float]:
    """Return skewness and excess kurtosis of category numbers 1, 2, ... chosen so often."""
    share = counts / counts.sum()
    gap = np.arange(counts.size) - share @ np.arange(counts.size)
    variance = share @ gap**2
    return float(share @ gap**3 / variance**1.5), float(share @ gap**4 / variance**2 - 3.0)
