"""Rows of ordinal and continuous answers, parted into groups -> the statistics that the engine fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments import Design, SampleMoments
from trustmeasure.moments.blocks import RowBlocks
from trustmeasure.moments.diagnosis.notes import short_note
from trustmeasure.moments.ordinal import OrdinalMoments, ordinal_moments
from trustmeasure.sem.design import normalised
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.measures import covariances
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.split import Published, Rows, Sample, Split
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]
Categories = Mapping[str, tuple[float, ...]]


@one_thread
def ordinal_sample(
    split: Split, table: ParameterTable, categories: Categories, missing: str, options: Options
) -> Sample:
    """Return the statistics of each group, and its rows; an error in a group names it.

    Parameters
    ----------
    split : Split
        The data.
    table : ParameterTable
        A model with ordinal variables.
    categories : mapping from str to tuple of float
        The codes of each ordinal variable, which every group must have.
    missing : {"listwise", "pairwise"}
        Rows used: complete ones, or for each statistic those that answered its variables.
    options : Options
        The estimator, which says whether the full asymptotic covariance matrix is needed.
    """
    found = []
    for label, part in zip(split.labels, split.parts, strict=True):
        if isinstance(part, Published):
            raise ArgumentError("Ordinal variables need the rows: give data instead of sample_cov.")
        try:
            found.append(_group(part, table, categories, missing, options))
        except DataError as error:
            raise DataError(f"Group '{label}': {error}" if label else str(error)) from error
    moments = tuple(_weighed(m) for m in normalised([m for m, _ in found]))
    return Sample(split.labels, moments, tuple(rows for _, rows in found))


def _group(
    part: Rows, table: ParameterTable, categories: Categories, missing: str, options: Options
) -> tuple[SampleMoments, RowBlocks]:
    reader = part.columns.reader(table.observed)
    values = np.concatenate([reader.read(rows)[0] for rows in reader.blocks(part.at)])
    found = ordinal_moments(
        values,
        table.observed,
        table.ordered,
        table.exogenous,
        missing=missing,
        weights=part.weights,
        gamma=gamma_needed(options),
        categories={name: categories[name] for name in table.ordered},
    )
    kept = _kept(values, table, missing)
    at = np.arange(len(values)) if part.at is None else part.at
    weights = None if part.weights is None else part.weights[kept]
    rows = RowBlocks(reader, at[kept], weights)
    moments = moments_of_responses(found, table)
    if weights is not None:
        design = Design(float(weights.sum()), float(weights @ weights), True, None, part.n_zero)
        moments = replace(moments, design=design)
    return moments, rows


def _weighed(moments: SampleMoments) -> SampleMoments:
    """Return moments whose statistics count for what the group's weights sum to once they are normalised."""
    if moments.design is None or moments.ordinal is None:
        return moments
    return replace(moments, ordinal=moments.ordinal.weighing(moments.design.weight))


def _kept(values: Array, table: ParameterTable, missing: str) -> npt.NDArray[np.bool_]:
    """Return which rows are used: complete ones, or those with any answer and all covariates."""
    there = ~np.isnan(values)
    if missing == "listwise":
        return np.asarray(there.all(axis=1))
    explained = np.array([name not in table.exogenous for name in table.observed])
    return np.asarray(there[:, explained].any(axis=1) & there[:, ~explained].all(axis=1))


def gamma_needed(options: Options) -> str:
    """Return how much of the asymptotic covariance matrix an estimator uses: "full", "diagonal" or "none"."""
    if options.se not in {"standard", "none"} or options.test != "standard" or options.discrepancy == "WLS":
        return "full"
    return "diagonal" if options.discrepancy == "DWLS" else "none"


def moments_of_responses(found: OrdinalMoments, table: ParameterTable) -> SampleMoments:
    """Return covariances and means of responses y* and of continuous variables, in the model's order.

    Residual variances of ordinal responses given the covariates are 1.
    """
    layout = found.layout
    y = [table.observed.index(name) for name in layout.names]
    x = [table.observed.index(name) for name in layout.covariates]
    cov, mean = np.zeros((len(table.observed),) * 2), np.zeros(len(table.observed))
    slopes = found.statistics[layout.slopes].reshape(len(x), len(y))
    cov[np.ix_(y, y)] = covariances(layout, found.statistics)
    levels = found.statistics[layout.levels]
    at = np.array(y, dtype=np.intp)[layout.level_variable[layout.level_is_mean]]
    mean[at] = levels[layout.level_is_mean]
    if found.covariate_cov is not None and found.covariate_mean is not None and x:
        shared = found.covariate_cov @ slopes
        cov[np.ix_(y, y)] += slopes.T @ shared
        cov[np.ix_(x, y)], cov[np.ix_(y, x)] = shared, shared.T
        cov[np.ix_(x, x)], mean[x] = found.covariate_cov, found.covariate_mean
    return SampleMoments(
        names=tuple(table.observed),
        cov=cov,
        mean=mean,
        n_obs=found.n_obs,
        n_dropped=found.n_dropped,
        ordinal=found,
        notes=(*found.notes, *_indefinite(found)),
    )


def _indefinite(found: OrdinalMoments) -> tuple[str, ...]:
    """Say when correlations, estimated pair by pair, are not positive definite together."""
    cov = covariances(found.layout, found.statistics)
    sd = np.sqrt(np.diag(cov))
    note = short_note(cov / np.outer(sd, sd), found.layout.names)
    return (note,) if note else ()
