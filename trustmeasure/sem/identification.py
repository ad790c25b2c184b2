"""Can the parameters of a model be told from the moments? Counting rules, the rank, and what weakens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.inference import generic_rank, names_of, unit_columns
from trustmeasure.sem.latent_scales import latent_scales
from trustmeasure.sem.matrices import Ram, build
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.recursive import circles, joined_errors
from trustmeasure.sem.result import SemResult, degrees_of_freedom
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.split import Split
from trustmeasure.sem.starting import starting_values

Array = npt.NDArray[np.float64]

WEAK = 1000.0
"""Condition number above which some direction of the parameters is hardly seen in the moments."""
SHARE = 0.1
"""Part of the weakest direction from which a parameter is named."""


@dataclass(frozen=True, slots=True)
class Identification:
    """What is known of the identification of a model.

    Attributes
    ----------
    identified : bool
        Whether the parameters can be told from the moments, as far as local rank and counting say.
    n_moments, n_free, n_equal, df : int
        Moments, free parameters, independent equality constraints, and what is left.
    deficiency : int
        Directions of the parameters that change no moment.
    involved : tuple of str
        Parameters that take part in them.
    condition : float
        Ratio of the largest to the smallest singular value of the derivatives, free of units; infinite for a
        model that is not identified.
    checks : DataFrame, indexed by check
        holds (yes, no) and a remark for each rule.
    latent : DataFrame
        group latent indicators scale remark for each latent variable.
    parameters : DataFrame
        parameter involved weak: in a direction without effect, and how much (0 to 1) in the weakest one.
    """

    identified: bool
    n_moments: int
    n_free: int
    n_equal: int
    df: int
    deficiency: int
    involved: tuple[str, ...]
    condition: float
    checks: pd.DataFrame
    latent: pd.DataFrame
    parameters: pd.DataFrame

    @property
    def recursive(self) -> bool:
        """Whether no arrows lead in a circle."""
        return bool(self.checks["holds"].to_dict()["no loops"])

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the checks."""
        return self.checks.copy()

    def summary(self) -> Summary:
        """Return the checks, the scales of the latent variables, and the parameters in question."""
        parts: list[Table | str] = [Table("Checks", self.checks)]
        if len(self.latent):
            alone = self.latent["group"].max() == 1
            parts.append(
                Table("Latent variables", self.latent.drop(columns="group") if alone else self.latent)
            )
        asked = self.parameters[self.parameters["involved"] | (self.parameters["weak"] > SHARE)]
        if len(asked) and (self.deficiency or self.condition > WEAK):
            parts.append(Table("Parameters in question", asked))
        return Summary(f"The model is {'' if self.identified else 'not '}identified", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def identification(
    model: str | ParameterTable | SemResult, data: Any = None, *, group: str | None = None, seed: int = 0
) -> Identification:
    r"""Report whether the parameters of a model can be estimated, and what stands in the way.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        A model text, a parsed model (for `std_lv`, groups and other options), or a fit.
    data : frame, optional
        Rows that starting values are taken from; without them the rank is looked at with typical values, and
        for a fit at the estimates.
    group : str, optional
        The grouping column of `data`.
    seed : int
        Seed of the points near the first one at which the rank is looked at again.

    Returns
    -------
    Identification
        Counts, rank, the rules that hold, how each latent variable got its unit, and the parameters involved.

    Raises
    ------
    ModelSyntaxError, DataError, ArgumentError
        For a text that is no model, data that do not have its variables, or data beside a fit.

    Notes
    -----
    A model is locally identified where the derivatives of its moments by its parameters (along directions
    that `==` constraints allow) have full column rank (Wald 1950; Bekker, Merckens & Wansbeek 1994,
    Identification, Equivalent Models and Computer Algebra). Counting moments is necessary, not sufficient
    (Bollen 1989, Structural Equations with Latent Variables). Local rank does not rule out other, distant
    solutions. A large condition number says that data hardly tell some parameters apart.

    Examples
    --------
    >>> report = identification("trust =~ x1 + x2")
    >>> report.identified, report.df, report.deficiency
    (False, -1, 1)
    >>> report.latent["remark"].iloc[0]
    'two indicators: needs a third, or another variable that it covaries with'
    """
    table = parse_model(model) if isinstance(model, str) else getattr(model, "model", model)
    if not isinstance(table, ParameterTable):
        raise ArgumentError(f"model is a {type(model).__name__}; give a model text, a parsed model or a fit.")
    rams, theta = _point(model, table, data, group, seed)
    limits = Limits.of(table)
    rank = generic_rank(rams, theta, limits.equality_slopes, seed=seed)
    condition, weak = _weakest(rams, theta, limits.equality_slopes(theta))
    df = degrees_of_freedom(table)
    n_equal = table.n_free - table.npar
    found = df >= 0 and rank.deficiency == 0
    latent = latent_scales(table)
    return Identification(
        identified=found,
        n_moments=df + table.npar,
        n_free=table.n_free,
        n_equal=n_equal,
        df=df,
        deficiency=rank.deficiency,
        involved=names_of(table, rank.parameters),
        condition=condition if rank.deficiency == 0 else float("inf"),
        checks=_checks(table, df, rank.deficiency, condition, latent),
        latent=latent,
        parameters=pd.DataFrame(
            {
                "parameter": list(table.free_names),
                "involved": [i in rank.parameters for i in range(table.n_free)],
                "weak": weak,
            }
        ),
    )


def _point(
    model: object, table: ParameterTable, data: Any, group: str | None, seed: int
) -> tuple[list[Ram], Array]:
    """Return the matrices and the parameters at which the rank is looked at."""
    if isinstance(model, SemResult):
        if data is not None:
            raise ArgumentError("A fit is looked at at its estimates: leave data out.")
        return [g.ram for g in model.groups], model.theta
    numbers = range(1, table.n_groups + 1)
    if data is None:
        cov, mean = _typical_moments(len(table.observed))
        return [build(table, cov, mean, g) for g in numbers], _typical_values(table, seed)
    if table.n_groups > 1 and group is None:
        raise ArgumentError('The model has groups: say group="...".')
    samples = Split.of(data, None, None, None, group).sample(table).moments
    if len(samples) != table.n_groups:
        raise ArgumentError(f"The model is for {table.n_groups} groups, but the data have {len(samples)}.")
    rams = [build(table, s.cov, s.mean, g) for g, s in zip(numbers, samples, strict=True)]
    return rams, starting_values(table, rams, samples)


def _typical_moments(p: int) -> tuple[Array, Array]:
    """Return covariances and means of exogenous variables, of no special value."""
    cov = np.eye(p) + 0.3 + 0.1 * np.diag(np.arange(p))
    return cov, np.asarray(1.0 + 0.1 * np.arange(p), dtype=np.float64)


def _typical_values(table: ParameterTable, seed: int) -> Array:
    """Return parameters of usual size, each different."""
    rng = np.random.default_rng(seed)
    low_high = {"=~": (0.7, 1.3), "<~": (0.4, 0.9), "~": (0.2, 0.5), "~1": (0.5, 1.5)}
    theta = np.zeros(table.n_free)
    for row in table.parameters:
        if row.free:
            own = (0.8, 1.6) if row.lhs == row.rhs else (0.1, 0.2)
            drawn = rng.uniform(*low_high.get(row.op, own))
            theta[row.free - 1] = drawn if np.isnan(row.start) else row.start
    return theta


def _weakest(rams: Sequence[Ram], theta: Array, restrictions: Array | None) -> tuple[float, Array]:
    """Return the condition number, and each parameter's share in the weakest direction."""
    unit, basis = unit_columns(rams, theta, restrictions)
    if unit.shape[1] == 0:
        return 1.0, np.zeros(theta.size)
    _, values, directions = np.linalg.svd(unit, full_matrices=True)
    smallest = values[-1] if values.size == unit.shape[1] else 0.0
    condition = float(values[0] / smallest) if smallest > 0 else float("inf")
    return condition, np.asarray(np.abs(basis @ directions[-1]), dtype=np.float64)


def _checks(
    table: ParameterTable, df: int, deficiency: int, condition: float, latent: pd.DataFrame
) -> pd.DataFrame:
    moments = df + table.npar
    rows: dict[str, tuple[bool, str]] = {
        "t-rule": (df >= 0, f"{moments} moments for {table.npar} parameters: df = {df}"),
        "rank of the derivatives": (
            deficiency == 0,
            f"{deficiency} direction(s) change no moment" if deficiency else "full",
        ),
        "condition": (
            bool(deficiency == 0 and condition <= WEAK),
            f"{condition:.3g}; above {WEAK:g} some parameters are hardly told apart"
            if deficiency == 0 and np.isfinite(condition)
            else "some parameters are not told apart here",
        ),
    }
    if len(latent):
        unscaled = latent[latent["scale"] == "none"]["latent"].unique()
        few = latent[latent["indicators"] < 3]["latent"].unique()
        rows["each latent variable has a unit"] = (not len(unscaled), ", ".join(unscaled))
        rows["three indicators each"] = (not len(few), ", ".join(few))
    if table.meanstructure:
        rows["means"] = _mean_rule(table)
    loops, joined = circles(table), joined_errors(table)
    rows["no loops"] = (not loops, "; ".join(loops))
    rows["errors of cause and effect apart"] = (not joined, "; ".join(joined))
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["holds", "remark"])
    return found.rename_axis("check")


def _mean_rule(table: ParameterTable) -> tuple[bool, str]:
    """Compare the free intercepts and means with the means there are."""

    def is_mean(row: Parameter) -> bool:
        return row.op == "~1" and bool(row.free)

    elsewhere = {p.free for p in table.parameters if p.free and not is_mean(p)}
    asked = len({p.free for p in table.parameters if is_mean(p)} - elsewhere)
    there = table.n_groups * (len(table.observed) - len(table.exogenous))
    return asked <= there, f"{there} means for {asked} intercepts and latent means"
