"""Differences of latent means between groups, with effect sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.matrices import implied
from trustmeasure.sem.result import SemResult
from trustmeasure.validity.invariance.plan import Plan
from trustmeasure.validity.invariance.record import Invariance

Array = npt.NDArray[np.float64]

_LABELS = {
    "p_value": "p",
    "difference_ci_lower": "from",
    "difference_ci_upper": "to",
    "d_ci_lower": "d from",
    "d_ci_upper": "d to",
    "variance_ratio": "ratio of variances",
}


@dataclass(frozen=True, slots=True)
class LatentMeans:
    """Latent means compared between groups.

    Attributes
    ----------
    frame : DataFrame
        One row a latent variable and group: latent group reference difference se z p_value
        difference_ci_lower difference_ci_upper d d_se d_ci_lower d_ci_upper variance_ratio. `difference` is
        in units of the first group's standard deviation, `d` in those of both groups pooled; `variance_ratio`
        is that of the group's variance to the reference's. NaN where there are no standard errors.
    step : str
        The step whose fit was taken.
    free : tuple of str
        The relations that are left free in it.
    ci : float
        Level of the intervals.
    """

    frame: pd.DataFrame
    step: str
    free: tuple[str, ...]
    ci: float

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the differences for reading."""
        free = f"Left free in it: {', '.join(self.free)}." if self.free else "Nothing is left free in it."
        note = f"From step '{self.step}'. {free} d is the difference by the pooled standard deviation."
        return Summary("Latent mean differences", [Table("Groups", self.frame, labels=_LABELS), note])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def latent_means(
    found: Invariance, step: str | None = None, *, reference: str | None = None, ci: float = 0.95
) -> LatentMeans:
    r"""Compare latent means of groups, as differences in standard deviations.

    Parameters
    ----------
    found : Invariance
        A sequence with a step in which loadings and intercepts are equal, fully or for the most part.
    step : str, optional
        The step to take them from; the first one with equal loadings and intercepts unless given.
    reference : str, optional
        The group that the others are compared with; the first one unless given.
    ci : float
        Level of the intervals.

    Returns
    -------
    LatentMeans
        Differences with tests, and d with intervals.

    Raises
    ------
    ArgumentError
        For a step in which means cannot be compared.

    Notes
    -----
    ``d = (a_g - a_r) / sqrt((n_g v_g + n_r v_r) / (n_g + n_r))`` with latent means a and variances v (Hancock
    2001, Psychometrika 66(3), 373-388). Its standard error is by the delta method. Checked against: lavaan
    0.6-14, `tests/reference/invariance`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from trustmeasure.validity.invariance import invariance
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 4)), columns=list("abcd"))
    >>> answers["sector"] = ["bank", "shop"] * 1000
    >>> answers.loc[answers["sector"] == "shop", list("abcd")] += 0.5
    >>> latent_means(invariance("f =~ a + b + c + d", answers, group="sector")).frame["d"].round(1).tolist()
    [0.5]
    """
    in_range("ci", ci, 0.0, 1.0)
    name = _chosen(found, step)
    fit, labels = found.fit(name), found.groups
    at = labels.index(labels[0] if reference is None else one_of("reference", str(reference), labels))
    latent, plan = found.plan.base.latent, found.plan
    values = _values(plan, fit, fit.theta[None])[0]
    moves = _values(plan, fit, fit.theta + 1e-30j * np.eye(fit.theta.size)).imag / 1e-30
    n_obs = np.broadcast_to([float(g.moments.size) for g in fit.groups], len(labels)).astype(float)
    rows = []
    for k, variable in enumerate(latent):
        for g in range(len(labels)):
            two = [at, g]
            if g == at or not np.any(moves[:, two][:, :, 0, k]):  # means that nothing in the model gives
                continue
            row = _compared(values[two][..., k], moves[:, two][..., k], n_obs[two], fit.theta_cov, ci)
            rows.append({"latent": variable, "group": labels[g], "reference": labels[at]} | row)
    if not rows:
        raise ArgumentError(f"step='{name}' holds all latent means at 0: no intercept is left that is equal.")
    free = tuple(sorted(found.plan.free[name]))
    return LatentMeans(pd.DataFrame(rows), name, free, ci)


def _chosen(found: Invariance, step: str | None) -> str:
    """Return the step in which means can be compared."""
    comparable = [n for n, kinds in found.plan.kinds.items() if {"loadings", "intercepts"} <= set(kinds)]
    comparable = [n for n in comparable if "means" not in found.plan.kinds[n]]
    if step is not None:
        one_of("step", step, list(found.plan.kinds))
        if step not in comparable:
            raise ArgumentError(
                f"step='{step}': latent means can be compared where loadings and intercepts are equal and "
                f"means are not. Take {', '.join(comparable) or 'a sequence with a scalar step'}."
            )
        return step
    fitted = [n for n in comparable if n in found.fits]
    if not fitted:
        raise ArgumentError("No fitted step has equal loadings and intercepts, so means cannot be compared.")
    return fitted[0]


def _values(plan: Plan, fit: SemResult, theta: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Return means and variances of latent variables in each group or wave, shape (b, G, 2, k)."""
    parts = []
    for group in fit.groups:
        now, p = implied(group.ram, theta), group.ram.p  # type: ignore[arg-type]  # complex for derivatives
        mean = np.zeros(now.phi.shape[:2]) if now.eta is None else now.eta
        parts.append(np.stack([mean[:, p:], np.einsum("bii->bi", now.phi)[:, p:]], axis=1))
    if plan.waves is None:
        return np.stack(parts, axis=1)
    # latent variables stand wave by wave
    by_wave = parts[0].reshape(len(theta), 2, len(plan.labels), len(plan.base.latent))
    return np.swapaxes(by_wave, 1, 2)


def _compared(values: Array, moves: Array, n_obs: Array, cov: Array | None, ci: float) -> dict[str, float]:
    """Compare two groups, the reference first: values (2, 2), their derivatives (q, 2, 2), rows (2,)."""
    share = n_obs / n_obs.sum()
    gap, pooled = values[1, 0] - values[0, 0], float(share @ values[:, 1])
    by_gap = moves[:, 1, 0] - moves[:, 0, 0]
    d = gap / np.sqrt(pooled) if pooled > 0 else np.nan
    by_d = (
        by_gap / np.sqrt(pooled) - 0.5 * d / pooled * (moves[:, :, 1] @ share)
        if pooled > 0
        else by_gap * np.nan
    )
    se, d_se = (_error(by, cov) for by in (by_gap, by_d))
    half = normal_quantile(0.5 + ci / 2)
    z = gap / se if se > 0 else np.nan
    found = {"difference": gap, "se": se, "z": z, "p_value": 2 * float(ndtr(-abs(z)))}
    found |= {"difference_ci_lower": gap - half * se, "difference_ci_upper": gap + half * se}
    found |= {"d": d, "d_se": d_se, "d_ci_lower": d - half * d_se, "d_ci_upper": d + half * d_se}
    ratio = values[1, 1] / values[0, 1] if values[0, 1] > 0 else np.nan
    return {name: float(value) for name, value in (found | {"variance_ratio": ratio}).items()}


def _error(slope: Array, cov: Array | None) -> float:
    if cov is None or not np.isfinite(slope).all():
        return float("nan")
    variance = float(slope @ cov @ slope)
    return float(np.sqrt(variance)) if variance >= 0 else float("nan")
