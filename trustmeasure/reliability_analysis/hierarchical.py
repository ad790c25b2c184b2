"""Omega hierarchical of a set of items by the Schmid-Leiman transformation, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.factors import SchmidLeiman, schmid_leiman
from trustmeasure.factors.extraction import Method, extract
from trustmeasure.factors.hierarchical import general_loadings, transformed
from trustmeasure.factors.rotation import Plan, plan_of, rotated
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import correlations
from trustmeasure.reliability_analysis.item_draws import drawn_covariances
from trustmeasure.reliability_analysis.items import item_moments, require_total_variance, rows_used
from trustmeasure.sem.intervals import limits
from trustmeasure.threads import one_thread

INTERVALS = ("percentile", "bc", "normal")
NUMBERS = ("omega_hierarchical", "omega_total", "omega_limit", "ecv")
QUICK: dict[str, Any] = {"starts": 3, "tolerance": 1e-5, "max_iter": 500}
"""How the rotation of a draw is searched."""
THOROUGH: dict[str, Any] = {"tolerance": 1e-6, "max_iter": 1000}
"""How that of the sample is searched: coefficients are then exact to about 1e-10."""
MEANING = (
    "omega_hierarchical: share of the variance of the sum that one general factor explains; omega_total: "
    "that all "
    "factors explain; omega_limit: omega hierarchical of endlessly many such items; ecv: the general "
    "factor's share "
    "of the common variance. All are of the items brought to one variance."
)
DEPENDS = (
    "They depend on the number of group factors, which is a choice ({}), and on extraction and rotation."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class OmegaHierarchical:
    """Omega hierarchical of a set of items, from an exploratory solution.

    Attributes
    ----------
    frame : pandas.DataFrame
        Rows omega_hierarchical, omega_total, omega_limit, ecv: coefficient, estimate, se, ci_lower, ci_upper.
    solution : SchmidLeiman
        Loadings on general and group factors, omega of the group factors.
    ci : float
        Level of the intervals.
    interval : str
        Kind of bootstrap interval.
    n_bootstrap, failed : int
        Draws of the bootstrap, and those without a solution, which were left out.
    n_items, n_obs, n_rows : int
        Items, people used, rows given.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    solution: SchmidLeiman
    ci: float
    interval: str
    n_bootstrap: int
    failed: int
    n_items: int
    n_obs: int
    n_rows: int
    notes: tuple[str, ...] = ()

    @property
    def omega_hierarchical(self) -> float:
        """The share of the variance of the sum that the general factor explains."""
        return self.solution.omega_h

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the coefficients."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return coefficients and loadings with notes, to be shown as text or HTML."""
        labels = {"ci_lower": "lower", "ci_upper": "upper"}
        return Summary(
            "Omega hierarchical (Schmid-Leiman)",
            [
                Table("Coefficients", self.frame, (*self.notes, MEANING), labels=labels),
                Table("Loadings", self.solution.loadings.rename_axis("item")),
                Table("Group factors, over the items that load highest on each", self.solution.groups),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def omega_hierarchical(
    items: Any,
    n_factors: int = 3,
    ci: float = 0.95,
    *,
    missing: str = "pairwise",
    extraction: Method = "minres",
    rotation: str = "oblimin",
    interval: str = "percentile",
    n_bootstrap: int = 200,
    seed: int | None = None,
    progress: bool = True,
) -> OmegaHierarchical:
    """Return omega hierarchical of a set of items by the Schmid-Leiman transformation, with intervals.

    How much of the variance of a total score is one general factor, and how much the group factors below?
    Factors are extracted from the correlations and rotated obliquely; one factor of their correlations makes
    the general one. When the structure is known, a fitted bifactor (`bifactor_indices`) or second-order model
    (`higher_order_reliability`) is the better answer.

    Parameters
    ----------
    items : frame, 2-D array or mapping from name to column
        One row a person, one column an item; numbers, missing answers as NaN or null. Items must run the same
        way: none is turned here.
    n_factors : int
        Group factors, at least 2; with 2 their general loadings are set equal.
    ci : float
        Level of the intervals, between 0 and 1.
    missing : {"pairwise", "listwise"}
        As in `cronbach_alpha`.
    extraction : {"minres", "ml", "pa"}
        How factors are extracted.
    rotation : str
        An oblique rotation.
    interval : {"percentile", "bc", "normal"}
        Kind of bootstrap interval.
    n_bootstrap : int
        Bootstrap draws of the rows; 0 for no interval.
    seed : int, optional
        Seed of the bootstrap.
    progress : bool
        Whether a bar is shown when the draws take longer than some seconds.

    Returns
    -------
    OmegaHierarchical
        `.omega_hierarchical`, `.frame` with intervals, `.solution`, `.summary()`.

    Raises
    ------
    ArgumentError
        For an orthogonal rotation, fewer than 2 factors, or another argument that is not allowed.
    DataError, ConvergenceError
        As `cronbach_alpha` and `schmid_leiman`.

    References
    ----------
    Zinbarg, R. E., Revelle, W., Yovel, I., & Li, W. (2005). Cronbach's alpha, Revelle's beta, and McDonald's
    omega_h: Their relations with each other and two alternative conceptualizations of reliability.
    Psychometrika, 70(1), 123-133.

    Notes
    -----
    The formulas stand with `schmid_leiman`. Each draw is extracted and rotated anew. Checked against: psych
    2.2.9, `omega` (tests/reference/reliability/hierarchical.R).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> groups = rng.normal(size=(400, 1)) + rng.normal(size=(400, 3))
    >>> answers = np.repeat(groups, 3, axis=1) + rng.normal(size=(400, 9))
    >>> found = omega_hierarchical(answers, n_bootstrap=20, seed=1, progress=False)
    >>> bool(found.omega_hierarchical < found.solution.omega_total)
    True
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("interval", interval, INTERVALS)
    if n_bootstrap:
        at_least("n_bootstrap", n_bootstrap, 2)
    moments = item_moments(items, missing)
    require_total_variance(moments)
    frame = pd.DataFrame(moments.values, columns=list(moments.names))
    solution = _solved(frame, n_factors, extraction, rotation)
    plan = plan_of(rotation, dict(QUICK))
    drawn = _drawn(moments.values, n_factors, extraction, plan, n_bootstrap, seed, progress=progress)
    failed = int(np.isnan(drawn[:, 0]).sum())
    return OmegaHierarchical(
        frame=_frame(solution, drawn, ci, interval),
        solution=solution,
        ci=ci,
        interval=interval,
        n_bootstrap=n_bootstrap,
        failed=failed,
        n_items=len(moments.names),
        n_obs=moments.n_obs,
        n_rows=moments.n_rows,
        notes=(
            _interval_note(ci, interval, n_bootstrap, failed),
            rows_used(moments, missing),
            DEPENDS.format(n_factors),
            *solution.notes,
        ),
    )


def _solved(frame: pd.DataFrame, n_factors: int, extraction: Method, rotation: str) -> SchmidLeiman:
    if isinstance(n_factors, bool) or not isinstance(n_factors, int | np.integer):
        raise ArgumentError(f"n_factors={n_factors!r}: it must be a whole number of at least 2.")
    if frame.shape[1] < 2 * n_factors:
        raise DataError(
            f"{n_factors} group factors need at least {2 * n_factors} items; there are {frame.shape[1]}. Ask "
            f"for "
            "fewer with n_factors=, or use omega_total."
        )
    return schmid_leiman(frame, int(n_factors), extraction=extraction, rotation=rotation, **THOROUGH)


@one_thread
def _drawn(
    values: Array,
    m: int,
    extraction: Method,
    plan: Plan,
    n_bootstrap: int,
    seed: int | None,
    *,
    progress: bool,
) -> Array:
    """Return the coefficients in bootstrap samples of the rows, shape (n_bootstrap, 4)."""
    from tqdm.auto import tqdm

    found = []
    with tqdm(total=n_bootstrap, desc="bootstrap", unit="draw", delay=2, disable=not progress) as bar:
        for covs in drawn_covariances(values, n_bootstrap, seed) if n_bootstrap else ():
            for corr in correlations(covs):
                found.append(_coefficients(corr, m, extraction, plan))
                bar.update()
    return np.array(found) if found else np.full((1, len(NUMBERS)), np.nan)


def _coefficients(corr: Array, m: int, extraction: Method, plan: Plan) -> tuple[float, ...]:
    none = (np.nan,) * len(NUMBERS)
    if not np.isfinite(corr).all():
        return none
    try:
        turned = rotated(extract(corr, m, extraction).loadings, plan)
        general, _ = general_loadings(turned.phi, extraction)
    except (TrustMeasureError, np.linalg.LinAlgError):
        return none
    g, groups = transformed(turned.loadings, general)
    shared = np.einsum("pk,kl,pl->p", turned.loadings, turned.phi, turned.loadings)
    whole, common = corr.sum(), (g**2).sum() + (groups**2).sum()
    omega_h, total = g.sum() ** 2 / whole, 1.0 - (1.0 - shared).sum() / whole
    return float(omega_h), float(total), float(omega_h / total), float((g**2).sum() / common)


def _frame(solution: SchmidLeiman, drawn: Array, ci: float, interval: str) -> pd.DataFrame:
    estimate = np.array([solution.omega_h, solution.omega_total, solution.omega_limit, solution.ecv])
    lower, upper = limits(drawn, estimate, ci, interval)
    good = drawn[np.isfinite(drawn).all(axis=1)]
    se = good.std(axis=0, ddof=1) if len(good) > 1 else np.full(len(NUMBERS), np.nan)
    names = {"coefficient": list(NUMBERS), "estimate": estimate, "se": se}
    return pd.DataFrame({**names, "ci_lower": lower, "ci_upper": upper})


def _interval_note(ci: float, interval: str, n_bootstrap: int, failed: int) -> str:
    if not n_bootstrap:
        return "No interval was asked for (n_bootstrap=0)."
    lost = f"; {failed} draws without a solution were left out" if failed else ""
    return f"{100 * ci:g} % intervals: bootstrap ({interval}), {n_bootstrap} draws{lost}."
