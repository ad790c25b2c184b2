"""Residuals one by one with their standard errors, largest first, and their size as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.ordinal.residual_kinds import Relation, parts_of, statistic_kind, table_order
from trustmeasure.sem.residual_errors import MomentErrors, moment_errors
from trustmeasure.sem.residual_size import residual_size
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]

KINDS = {"raw": "rmr", "bentler": "srmr", "bollen": "crmr"}
"""Kind of residual -> name of their root mean square."""
LEAST_VARIANCE = 1e-10
"""Variance of a residual, as a share of the sample moment's, below which it cannot vary."""
SHOWN = 12


@dataclass(frozen=True, slots=True)
class ResidualTable:
    """Residuals of a fit.

    Attributes
    ----------
    frame : DataFrame
        lhs op rhs group observed implied residual se z p_value normalized: a covariance (`~~`), correlation
        or mean (`~1`), of ordinal data also a threshold (`|`) or a slope on a covariate (`~`), observed minus
        implied. z is the residual divided by its standard error ("standardized
        residual"); normalized is the residual divided by the standard error of the sample's moment, which is
        too large and so makes the test too mild.
    size : DataFrame
        group part measure size se exact_z exact_p unbiased unbiased_se ci_lower ci_upper close_z close_p: the
        root mean square residual of covariances ("cov"), means ("mean") and both ("total"), with tests of
        exact and close fit; of ordinal data of correlations and covariances ("cov"), thresholds and means of
        continuous variables ("threshold"), slopes ("slope") and all.
    kind : str
        "raw", "bentler" or "bollen".
    group_labels : tuple of str
        Labels of the groups, in the order of their numbers.
    """

    frame: pd.DataFrame
    size: pd.DataFrame
    kind: str
    group_labels: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of residuals."""
        return self.frame.copy()

    def matrix(self, column: str = "residual", group: str | None = None) -> pd.DataFrame:
        """Return one column for the covariances of a group as a symmetric matrix.

        Parameters
        ----------
        column : str
            observed, implied, residual, se, z, p_value or normalized.
        group : str, optional
            Label of the group; needed when there are several.
        """
        one_of("column", column, list(self.frame.columns[4:]))
        if group is None and len(self.group_labels) > 1:
            raise ArgumentError(f"The model has groups: say group=, one of {', '.join(self.group_labels)}.")
        number = (
            1 if group is None else self.group_labels.index(one_of("group", group, self.group_labels)) + 1
        )
        rows = self.frame[(self.frame["op"] == "~~") & (self.frame["group"] == number)].sort_index()
        names = list(dict.fromkeys(rows["lhs"]))
        full = pd.DataFrame(np.nan, index=names, columns=names)
        for lhs, rhs, value in zip(rows["lhs"], rows["rhs"], rows[column], strict=True):
            full.loc[lhs, rhs] = full.loc[rhs, lhs] = value
        return full

    def summary(self) -> Summary:
        """Return the size of the residuals and the largest of them."""
        largest = self.frame.assign(away=self.frame["z"].abs()).nlargest(SHOWN, "away")
        tables = [(f"The {len(largest)} largest residuals", largest.drop(columns="away"))]
        tables.insert(0, ("Size of all residuals", self.size))
        return Summary(f"Residuals ({self.kind})", [Table(title, self._shown(f)) for title, f in tables])

    def _shown(self, frame: pd.DataFrame) -> pd.DataFrame:
        if len(self.group_labels) == 1:
            return frame.drop(columns="group")
        return frame.assign(group=[self.group_labels[g - 1] for g in frame["group"]])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def residual_table(
    result: SemResult, *, kind: str = "bentler", sort: bool = True, ci: float = 0.90, close: float = 0.05
) -> ResidualTable:
    r"""Return the residuals of a fit one by one, with standard errors, z and normalised values.

    Parameters
    ----------
    result : SemResult
        A fit by ML with expected or observed information, MLR, MLM, MLMV, MLMVS or GLS, of complete or
        incomplete rows; or a fit of ordinal data by WLSMV, ULSMV, their relatives or WLS.
    kind : {"bentler", "raw", "bollen"}
        bentler: covariances divided by the sample's standard deviations (behind SRMR). raw: covariances.
        bollen: each matrix made a correlation matrix first (behind CRMR). Means are divided by the sample's
        standard deviations unless raw.
    sort : bool
        Largest z first; otherwise in the order of the variables.
    ci : float
        Confidence level of the limits of the unbiased size, between 0 and 1.
    close : float
        Size that still counts as close fit.

    Returns
    -------
    ResidualTable
        A frame of residuals and a frame of their size. A residual that the model forces to be zero, or that
        belongs to moments taken as given (`fixed_x`), has no z: its standard error is 0.

    Raises
    ------
    ArgumentError
        For an unknown kind, an estimator without standard errors of residuals, a fit without information, or
        one with auxiliary variables.

    Notes
    -----
    ``z = e / sqrt(diag(Xi))`` with Xi the asymptotic covariances of the residuals (Maydeu-Olivares 2017,
    Psychometrika 82(3), 533-558). A z beyond about 2 points at a pair that the model does not explain; among
    many residuals some are beyond by chance. Checked against: lavaan 0.6-14, `lavResiduals`,
    `tests/reference/sem_scores`.

    Examples
    --------
    >>> from semopy.examples import holzinger39
    >>> from trustmeasure.sem import fit_sem
    >>> model = "visual =~ x1 + x2 + x3 \n textual =~ x4 + x5 + x6"
    >>> table = residual_table(fit_sem(model, holzinger39.get_data()))
    >>> table.frame[["lhs", "rhs"]].head(2).to_numpy().tolist()
    [['x5', 'x3'], ['x2', 'x1']]
    >>> table.frame["z"].head(2).round(2).tolist()
    [-4.19, -3.24]
    >>> table.size[["size", "exact_z"]].round(3).iloc[0].tolist()
    [0.047, 2.987]
    """
    one_of("kind", kind, list(KINDS))
    in_range("ci", ci, 0.0, 1.0)
    if result.model.auxiliary:
        raise ArgumentError(
            "There is no table of residuals with auxiliary variables, whose own residuals are zero. "
            "result.residuals has those of the model's own variables."
        )
    frames, sizes = [], []
    for group, errors in zip(result.groups, moment_errors(result), strict=True):
        scaled, relations, parts = _laid_out(errors, group, kind)
        frames.append(_rows(group.number, scaled, relations))
        sizes += _sizes(group, scaled, parts, kind, ci, close)
    frame = pd.concat(frames, ignore_index=True)
    if sort:
        frame = frame.sort_values("z", key=lambda z: -z.abs(), kind="stable", na_position="last")
    return ResidualTable(frame, pd.DataFrame(sizes), kind, result.group_labels)


def _laid_out(
    errors: MomentErrors, group: GroupResult, kind: str
) -> tuple[MomentErrors, list[Relation], dict[str, slice]]:
    """Return moments in the metric of a kind of residual, their names, and the parts that have a size."""
    if group.moments.ordinal is not None:
        layout = group.moments.ordinal.layout
        found, relations = table_order(statistic_kind(errors, layout, kind), layout)
        return found, relations, parts_of(layout)
    names = group.model.observed
    relations = [(names[i], "~~", names[j]) for i, j in zip(*np.tril_indices(len(names)), strict=True)]
    pairs = len(relations)
    parts = {"cov": slice(0, pairs)}
    if len(errors.observed) > pairs:
        relations += [(name, "~1", "") for name in names]
        parts |= {"mean": slice(pairs, None), "total": slice(0, None)}
    return _scaled(errors, group, kind), relations, parts


def _scaled(errors: MomentErrors, group: GroupResult, kind: str) -> MomentErrors:
    """Return moments and covariances in the metric of a kind of residual."""
    if kind == "raw":
        return errors
    p = group.ram.p
    i, j = np.tril_indices(p)
    means = len(errors.observed) > len(i)
    sd = np.sqrt(errors.observed[: len(i)][i == j])
    unit = np.concatenate([sd[i] * sd[j], sd if means else []])
    slope = np.diag(1.0 / unit)
    fitted = errors.fitted / unit
    if kind == "bollen":
        own = np.sqrt(errors.fitted[: len(i)][i == j])
        fitted = errors.fitted / np.concatenate([own[i] * own[j], sd if means else []])
        slope[: len(i), : len(i)] = _correlation_slope(errors.observed[: len(i)], p)
    return replace(
        errors,
        observed=errors.observed / unit,
        fitted=fitted,
        sample=slope @ errors.sample @ slope.T,
        own=slope @ errors.own @ slope.T,
        residual=slope @ errors.residual @ slope.T,
    )


def _correlation_slope(cov: Array, p: int) -> Array:
    """Return the derivatives of correlations by covariances, both as lower triangles by rows."""
    i, j = np.tril_indices(p)
    at = np.flatnonzero(i == j)
    variance = cov[at]
    sd = np.sqrt(variance)
    r = cov / (sd[i] * sd[j])
    slope, rows = np.diag(1.0 / (sd[i] * sd[j])), np.arange(len(i))
    np.subtract.at(slope, (rows, at[i]), 0.5 * r / variance[i])
    np.subtract.at(slope, (rows, at[j]), 0.5 * r / variance[j])
    return slope


def _rows(number: int, found: MomentErrors, relations: Sequence[Relation]) -> pd.DataFrame:
    residual, sample = found.observed - found.fitted, np.diag(found.sample)
    variance = np.diag(found.residual)
    varies = variance > LEAST_VARIANCE * np.where(sample > 0, sample, np.inf)
    se = np.sqrt(np.where(varies, variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(varies, residual / se, np.nan)
        normalized = np.where(sample > 1e-14, residual / np.sqrt(sample), np.nan)
    frame = pd.DataFrame(relations, columns=["lhs", "op", "rhs"])
    return frame.assign(
        group=number,
        observed=found.observed,
        implied=found.fitted,
        residual=residual,
        se=se,
        z=z,
        p_value=2.0 * ndtr(-np.abs(z)),
        normalized=normalized,
    )


def _sizes(
    group: GroupResult,
    found: MomentErrors,
    parts: Mapping[str, slice],
    kind: str,
    ci: float,
    close: float,
) -> list[dict[str, object]]:
    e, own = found.observed - found.fitted, group.moments.ordinal
    p = group.ram.p if own is None else own.layout.p
    found_sizes: list[dict[str, object]] = []
    for part, at in parts.items():
        # Of correlations the diagonal, always 1, is not counted.
        count = len(e[at]) - (p if kind == "bollen" and part in {"cov", "total"} else 0)
        size = residual_size(e[at], found.residual[at, at], count, ci=ci, close=close)
        found_sizes.append({"group": group.number, "part": part, "measure": KINDS[kind], **asdict(size)})
    return found_sizes
