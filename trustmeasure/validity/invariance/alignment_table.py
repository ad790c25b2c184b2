"""Alignment: factor means of many groups without exact invariance (Asparouhov & Muthen 2014)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.result import SemResult
from trustmeasure.validity.invariance.aligned import Aligned, align, invariant_set
from trustmeasure.validity.invariance.alignment_frames import Factor
from trustmeasure.validity.invariance.record import Invariance
from trustmeasure.validity.invariance.simplicity import Simplicity

Array = npt.NDArray[np.float64]

METHODS = ("fixed", "free")
_LABELS = {
    "n_obs": "rows",
    "mean_ci_lower": "from",
    "mean_ci_upper": "to",
    "variance_se": "se of variance",
    "mean_se": "se of mean",
    "n_invariant": "groups that share it",
    "r_squared": "R²",
    "contribution": "in F",
}


@dataclass(frozen=True, slots=True)
class Alignment:
    """Factors aligned between groups.

    Attributes
    ----------
    groups : DataFrame
        One row a latent variable and group: latent group n_obs mean mean_se mean_ci_lower mean_ci_upper sd
        variance variance_se variance_ci_lower variance_ci_upper. The unit is the reference group's standard
        deviation.
    parameters : DataFrame
        One row an item's loading or intercept in a group: latent item parameter group configural estimate se
        ci_lower ci_upper invariant p_value. `invariant`: whether the group is in the set that shares the
        value; `p_value` of its difference from the average of that set.
    items : DataFrame
        One row an item's loading or intercept: latent item parameter average n_invariant noninvariant
        r_squared contribution. `r_squared` is the share of the differences between groups in the configural
        model that means and variances explain (1: exactly invariant), `contribution` the item's share of the
        simplicity function.
    minima : DataFrame
        One row a latent variable: latent value starts at_best next_value gradient. `at_best` counts the
        starts that ended at the best minimum; `next_value` is the second best one, NaN if there is none.
    method, reference, epsilon, seed, ci
        As asked for.
    notes : tuple of str
        What a reader should know.
    solutions : mapping of str to Aligned
        The numbers behind the frames, by latent variable.
    spreads : mapping of (int, str) to float
        Standard deviation (divisor n - 1) of each item in each group, by the number of the group and item.
    """

    groups: pd.DataFrame
    parameters: pd.DataFrame
    items: pd.DataFrame
    minima: pd.DataFrame
    method: str
    reference: str
    epsilon: float
    seed: int
    ci: float
    notes: tuple[str, ...]
    solutions: Mapping[str, Aligned] = field(repr=False)
    spreads: Mapping[tuple[int, str], float] = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the groups' means and variances."""
        return self.groups.copy()

    @property
    def noninvariance(self) -> float:
        """Share of the groups' parameters that are not invariant, from 0 to 1."""
        known = self.parameters["p_value"].notna()
        return float(1.0 - self.parameters.loc[known, "invariant"].mean()) if known.any() else float("nan")

    def summary(self) -> Summary:
        """Return means, items and the search for reading."""
        columns = [
            "latent",
            "group",
            "n_obs",
            "mean",
            "mean_se",
            "mean_ci_lower",
            "mean_ci_upper",
            "variance",
        ]
        parts: list[Table | str] = [
            Table("Means and variances", self.groups[[*columns, "variance_se"]], labels=_LABELS),
            Table("Loadings and intercepts", self.items, labels=_LABELS),
            Table("Minima that the starts found", self.minima, labels=_LABELS),
        ]
        how = "is 0" if self.method == "fixed" else "is estimated"
        parts.append(
            f"{self.method.upper()} alignment, epsilon = {self.epsilon:g}. The mean of '{self.reference}' "
            f"{how}, its standard deviation is the unit. Standard errors by the delta method."
        )
        if np.isfinite(self.noninvariance):
            parts.append(f"{100 * self.noninvariance:.0f} % of the parameters are not invariant.")
        return Summary("Alignment", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def alignment(
    found: Invariance,
    *,
    method: str = "fixed",
    reference: str | None = None,
    epsilon: float = 0.01,
    starts: int = 30,
    seed: int = 0,
    ci: float = 0.95,
    p_pair: float = 0.01,
    p_group: float = 0.001,
) -> Alignment:
    r"""Align the configural model of a sequence: means and variances of factors where a few items differ.

    Parameters
    ----------
    found : Invariance
        A sequence of continuous answers; its configural model is fitted where it is not among the steps.
    method : {"fixed", "free"}
        Whether the mean of the reference group is 0, or estimated like the others (which needs parameters
        that are not invariant to be determined).
    reference : str, optional
        A group; the first one unless given.
    epsilon : float
        Makes the simplicity function differentiable; smaller values tell small differences from none.
    starts : int
        Points that the search starts from: medians, and random ones around them.
    seed : int
        For the random starts.
    ci : float
        Level of the intervals.
    p_pair, p_group : float
        Levels at which two groups, and a group and the average, count as different when the invariant set of
        a parameter is looked for.

    Returns
    -------
    Alignment
        Means and variances with standard errors, aligned parameters, invariant sets, R squared.

    Raises
    ------
    ArgumentError
        For ordinal answers, items that measure two factors, second-order factors, or a configural model
        without a solution.

    Notes
    -----
    Asparouhov & Muthen (2014, Structural Equation Modeling 21(4), 495-508): among all models that fit as the
    configural one does, the one in which few parameters differ much,
    ``F = sum w_g w_h sqrt(sqrt(d^2 + epsilon))`` over items and pairs of groups, d the difference of two
    loadings or of two intercepts and ``w = sqrt(n)``, the product of the standard deviations held at 1. Each
    factor is aligned alone. Standard errors follow from those of the configural model by the delta method
    (means and variances move with loadings and intercepts as the minimum does). Checked against: an
    independent minimisation in R, `tests/reference/invariance/alignment.R`, and simulation.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from trustmeasure.validity.invariance import invariance
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(3000, 1)) + rng.normal(size=(3000, 4)), columns=list("abcd"))
    >>> answers["wave"] = ["first", "second", "third"] * 1000
    >>> answers.loc[answers["wave"] == "third", list("abcd")] += 0.5  # a higher mean
    >>> answers.loc[answers["wave"] == "third", "d"] += 1.0  # and an item that is not invariant
    >>> found = alignment(invariance("f =~ a + b + c + d", answers, group="wave"))
    >>> found.parameters.loc[~found.parameters["invariant"], ["item", "parameter", "group"]].values.tolist()
    [['d', 'intercept', 'third']]
    """
    one_of("method", method, METHODS)
    _levels(epsilon, ci, p_pair, p_group)
    at_least("starts", starts, 1)
    fit = _configural(found)
    chosen = found.groups[0] if reference is None else one_of("reference", str(reference), found.groups)
    at = found.groups.index(chosen)
    n_obs = np.array([float(g.moments.size) for g in fit.groups])
    same = partial(invariant_set, p_pair=p_pair, p_group=p_group)
    parts: dict[str, Factor] = {}
    notes: list[str] = []
    for latent, items in _measured(fit).items():
        loading, intercept, cov = _parameters(fit, latent, items)
        problem = Simplicity(loading, intercept, np.sqrt(n_obs), epsilon, at if method == "fixed" else None)
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(len(parts),)))
        solved = align(problem, at, cov, starts, rng)
        tests = [
            [same(v[:, i], solved.block(k, i), n_obs) for i in range(len(items))]
            for k, v in enumerate((solved.loading, solved.intercept))
        ]
        parts[latent] = Factor(latent, tuple(items), found.groups, n_obs, problem, solved, tests, starts, ci)
        notes += parts[latent].notes(method)
    frames = zip(*(part.frames() for part in parts.values()), strict=True)
    groups, parameters, items_frame, minima = (pd.concat(f, ignore_index=True) for f in frames)
    return Alignment(
        groups=groups,
        parameters=parameters,
        items=items_frame,
        minima=minima,
        method=method,
        reference=chosen,
        epsilon=epsilon,
        seed=seed,
        ci=ci,
        notes=tuple(notes),
        solutions={name: part.solved for name, part in parts.items()},
        spreads=_spreads(found),
    )


def _spreads(found: Invariance) -> dict[tuple[int, str], float]:
    """Return the standard deviation of each item in each group."""
    return {
        (g, item): float(np.sqrt(m.cov[i, i] * m.n_obs / (m.n_obs - 1)))
        for g, m in enumerate(found.plan.sample.moments)
        for i, item in enumerate(m.names)
    }


def _levels(epsilon: float, ci: float, p_pair: float, p_group: float) -> None:
    in_range("ci", ci, 0.0, 1.0)
    in_range("p_pair", p_pair, 0.0, 1.0)
    in_range("p_group", p_group, 0.0, 1.0)
    if not 0 < epsilon < np.inf:
        raise ArgumentError(f"epsilon={epsilon!r} must be above 0; 0.01 and 0.001 are usual.")


def _configural(found: Invariance) -> SemResult:
    """Return the configural fit of a sequence."""
    plan = found.plan
    if plan.categories:
        raise ArgumentError("Alignment is there for continuous answers. Leave ordered out of invariance().")
    if not plan.group:
        raise ArgumentError("Alignment compares groups; waves of the same people are not supported.")
    for name, kinds in plan.kinds.items():
        if not kinds and name in found.fits:
            return found.fits[name]
    alone = replace(plan, kinds={"configural": ()}, free={"configural": frozenset()})
    return alone.fits().fits["configural"]


def _measured(fit: SemResult) -> dict[str, list[str]]:
    """Return the items of each latent variable; refuse items that measure two, and factors of factors."""
    found: dict[str, list[str]] = {}
    taken: dict[str, str] = {}
    for row in fit.model.parameters:
        if row.op != "=~" or row.group > 1:
            continue
        if row.rhs in fit.model.latent:
            raise ArgumentError(f"'{row.lhs} =~ {row.rhs}': alignment has no second-order factors.")
        if row.rhs in taken:
            raise ArgumentError(
                f"'{row.rhs}' measures {taken[row.rhs]} and {row.lhs}. Alignment needs items of one factor."
            )
        if not row.free:
            raise ArgumentError(f"The loading of '{row.rhs}' is fixed. Alignment needs free loadings.")
        taken[row.rhs] = row.lhs
        found.setdefault(row.lhs, []).append(row.rhs)
    return found


def _parameters(fit: SemResult, latent: str, items: Sequence[str]) -> tuple[Array, Array, Array | None]:
    """Return loadings and intercepts (G, p) with a common sign, and their covariance matrix."""
    rows = {(r.group, r.name): r.free - 1 for r in fit.model.parameters if r.free}
    numbers = range(1, len(fit.groups) + 1)
    first = np.array([[rows[g, f"{latent}=~{i}"] for i in items] for g in numbers])
    second = np.array([[rows[g, f"{i}~1"] for i in items] for g in numbers])
    loading, intercept = fit.theta[first], fit.theta[second]
    sign = np.where(loading.sum(axis=1) < 0, -1.0, 1.0)
    if fit.theta_cov is None:
        return loading * sign[:, None], intercept, None
    at = np.concatenate([first.ravel(), second.ravel()])
    turned = np.concatenate([np.repeat(sign, len(items)), np.ones(second.size)])
    return loading * sign[:, None], intercept, fit.theta_cov[np.ix_(at, at)] * np.outer(turned, turned)
