"""Exploratory structural equation models: rotated factors within a model, fitted by the SEM engine."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.errors import ArgumentError, ConvergenceError, TrustMeasureWarning
from trustmeasure.factors.correlations import correlations_of
from trustmeasure.factors.esem_errors import (
    Full,
    Turnable,
    error_of,
    full_of,
    place,
    rotated_covariance,
)
from trustmeasure.factors.esem_result import EsemResult
from trustmeasure.factors.esem_text import Anchored, Block, anchored, block_text, split_text
from trustmeasure.factors.extraction import extract
from trustmeasure.factors.rotation import Method, Plan, Turned, criterion_of, plan_of, rotated
from trustmeasure.frames import Array, numeric_columns, to_pandas
from trustmeasure.sem import SemResult, fit_sem
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.matrices import fill

REFITS = 4
"""Most fits until the rotation stands still."""
STILL = 1e-7
"""Change of a standardised loading that counts as none."""


def esem(
    model: str,
    data: Any,
    *,
    rotation: Method = "geomin",
    target: Mapping[str, Any] | None = None,
    ordered: bool = False,
    ci: float = 0.95,
    starts: int = 50,
    seed: int | None = 0,
    rotation_options: Mapping[str, Any] | None = None,
    **fit_options: Any,
) -> EsemResult:
    r"""Fit an exploratory structural equation model (Asparouhov and Muthen 2009).

    Factors of a block share all its items and are rotated; the rest of the model is as in `fit_sem`. The
    block is fitted with one anchor item a factor, whose loadings on the other factors are held where the
    rotation puts them (ESEM within CFA, Marsh et al. 2013), so that the fit is that of the unrestricted
    model. Standard errors count the rotation: the covariance matrix of the fit is projected on what the
    conditions of the rotation leave.

    Parameters
    ----------
    model : str
        lavaan's model text with blocks, such as ``efa("trust")*f1 + efa("trust")*f2 =~ x1 + x2 + x3 + x4 +
        x5``. What depends on, predicts or correlates with one factor of a block must do so with all of them.
    data : frame or Responses
        One row a respondent, one column a variable.
    rotation : str
        As in `rotate`, with a criterion: "geomin", "oblimin", "target", "varimax", ... (not "promax" or
        "none"). Loadings are rotated as standardised by what the model implies.
    target : mapping, optional
        Block -> target, shape (p, m), NaN where free; with `rotation="target"`.
    ordered : bool
        Whether the items of the blocks are ordinal: thresholds, polychoric correlations, WLSMV.
    ci : float
        Level of the intervals.
    starts, seed : int
        Starts of the rotation, and seed of the random ones.
    rotation_options : mapping, optional
        Further options of `rotate`: orthogonal, epsilon, gamma, kappa, normalize.
    **fit_options
        Options of `fit_sem`: estimator, missing, weights, ... (no groups).

    Returns
    -------
    EsemResult
        `.loadings .errors .phi .parameters .fit_measures .sem`, `.local_minima()`, `.summary()`.

    Raises
    ------
    ArgumentError
        Without a block, for a rotation without a criterion, for groups, or for a structure that the rotation
        of a block would change.
    ModelSyntaxError
        For a text that is not understood.
    DataError, ConvergenceError, IdentificationError
        As `fit_sem`.

    References
    ----------
    Asparouhov, T., & Muthen, B. (2009). Exploratory structural equation modeling. Structural Equation
    Modeling, 16(3), 397-438.

    Marsh, H. W., Nagengast, B., & Morin, A. J. S. (2013). Measurement invariance of big-five factors over the
    life span: ESEM tests of gender, age, plasticity, maturity, and la dolce vita effects. Developmental
    Psychology, 49(6), 1194-1218.

    Notes
    -----
    Checked against: lavaan 0.6-14, `efa()` blocks with `rotation=` (tests/reference/factors/esem.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> data = tm.load_sample("trust-survey")
    >>> text = '''
    ...     efa("trust")*f1 + efa("trust")*f2 =~ cog_com_1 + cog_com_2 + cog_com_3 + cog_int_1 + cog_int_2
    ...     loyalty =~ loy_beh_1 + loy_beh_2 + loy_beh_3
    ...     loyalty ~ f1 + f2
    ... '''
    >>> found = tm.esem(text, data, rotation="oblimin")
    >>> found.loadings["trust"].shape, bool(found.fit_measures["cfi"] > 0.95)
    ((5, 2), True)
    """
    if fit_options.get("group") is not None:
        raise ArgumentError(
            "esem has no groups; fit each group by itself, or compare with factor_congruence."
        )
    blocks, rest = split_text(model)
    options = {**(rotation_options or {}), "starts": starts, "seed": seed}
    plans = {b.name: _plan(b, rotation, target, options) for b in blocks}
    fitting = _Fitting(blocks, rest, plans, to_pandas(data), ordered, {**fit_options, "ci": ci})
    result, turned = fitting.run()
    return _record(result, blocks, plans, turned, ci)


def _plan(block: Block, rotation: str, target: Mapping[str, Any] | None, options: dict[str, Any]) -> Plan:
    if rotation in {"promax", "none"}:
        raise ArgumentError(
            f"rotation='{rotation}' makes no criterion small, so that it has no standard errors. Use "
            "'geomin', 'oblimin' or 'target'."
        )
    given = (target or {}).get(block.name)
    if rotation == "target" and given is None:
        raise ArgumentError(
            f"rotation='target' needs a target for block '{block.name}': target={{'{block.name}': ...}}."
        )
    return plan_of(rotation, {**options, "target": given} if rotation == "target" else options)


@dataclass(frozen=True, slots=True, eq=False)
class _Fitting:
    """What the fits of one model share."""

    blocks: tuple[Block, ...]
    rest: str
    plans: dict[str, Plan]
    frame: pd.DataFrame
    ordered: bool
    options: dict[str, Any]

    def run(self) -> tuple[SemResult, dict[str, Turned]]:
        """Fit, rotate, and fit again where the rotation puts the anchors, until the rotation stands still."""
        anchors = {block.name: self._first(block) for block in self.blocks}
        result = self._fit(anchors)
        for _ in range(REFITS):
            turned = {b.name: _turned(result, b, self.plans[b.name]) for b in self.blocks}
            moved = max(self._distance(result, b, turned[b.name]) for b in self.blocks)
            if moved < STILL:
                return result, turned
            anchors = {b.name: _anchors(result, b, turned[b.name]) for b in self.blocks}
            result = self._fit(anchors)
        raise ConvergenceError(
            "The rotation did not come to rest: fits with its anchors go on changing. Ask for fewer "
            "factors, or use another rotation.",
            result,
        )

    def _first(self, block: Block) -> Anchored:
        """Return first anchors from an exploratory analysis of the block's items alone."""
        for name in block.items:
            if name not in self.frame.columns:
                numeric_columns(self.frame, [name])
        kind = "polychoric" if self.ordered else "pearson"
        found = correlations_of(self.frame[list(block.items)], correlation=kind, smooth=True)
        factors = extract(found.corr, len(block.factors), "minres" if self.ordered else "ml")
        turned = rotated(factors.loadings, self.plans[block.name])
        sd = np.ones(len(block.items))
        if not self.ordered:
            sd = numeric_columns(self.frame, list(block.items)).std().to_numpy(dtype=float)
        return anchored(turned.loadings * sd[:, None], turned.phi)

    def _fit(self, anchors: dict[str, Anchored]) -> SemResult:
        explained = frozenset(_explained(self.rest))
        text = [block_text(block, anchors[block.name], explained) for block in self.blocks]
        items = [item for block in self.blocks for item in block.items]
        more = {"ordered": items} if self.ordered else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TrustMeasureWarning)  # all are in result.warnings
            return fit_sem("\n".join([*text, self.rest]), self.frame, **{**self.options, **more})

    def _distance(self, result: SemResult, block: Block, turned: Turned) -> float:
        """Return how far the fit's loadings are from rotated ones, factors in the order of the fit."""
        loadings, _, _ = _moments(result, block)
        return float(np.abs(loadings - turned.loadings).max())


def _explained(text: str) -> set[str]:
    """Return the variables that a model text has regressions for."""
    return {
        name.strip()
        for line in text.splitlines()
        if "~" in line and "~~" not in line and "=~" not in line
        for name in line.split("~")[0].split("+")
    }


def _moments(result: SemResult, block: Block) -> tuple[Array, Array, Array]:
    """Return standardised loadings (p, m), covariances of the factors (m, m), and sds of the items (p,)."""
    ram = result.groups[0].ram
    a, s, _ = fill(ram, result.theta[None])
    at = {name: i for i, name in enumerate(ram.variables)}
    items, factors = ([at[name] for name in names] for names in (block.items, block.factors))
    sd = np.ones(len(items))
    if ram.ordinal is None:
        total = np.linalg.inv(np.eye(ram.v) - a[0])
        sd = np.sqrt(np.diag(total @ s[0] @ total.T))[items]
    return a[0][np.ix_(items, factors)] / sd[:, None], s[0][np.ix_(factors, factors)], sd


def _turned(result: SemResult, block: Block, plan: Plan) -> Turned:
    """Return the rotation of a block as it was fitted."""
    loadings, phi, _ = _moments(result, block)
    values, vectors = np.linalg.eigh(loadings @ phi @ loadings.T)
    m = len(block.factors)
    if values[-m] <= 1e-8:
        raise ConvergenceError(
            f"Block '{block.name}' needs fewer than {m} factors: what they explain has a lower rank.", result
        )
    unrotated = (vectors[:, -m:] * np.sqrt(values[-m:]))[:, ::-1]
    return rotated(unrotated, plan)


def _anchors(result: SemResult, block: Block, turned: Turned) -> Anchored:
    sd = _moments(result, block)[2]
    return anchored(turned.loadings * sd[:, None], turned.phi)


def _turnable(result: SemResult, block: Block, plan: Plan) -> Turnable:
    at = {name: i for i, name in enumerate(result.groups[0].ram.variables)}
    items, factors = (np.array([at[name] for name in names]) for names in (block.items, block.factors))
    criterion = criterion_of(plan, len(items), len(factors))
    return Turnable(block, factors, items, criterion, plan.oblique, plan.kaiser)


def _record(
    result: SemResult, blocks: tuple[Block, ...], plans: dict[str, Plan], turned: dict[str, Turned], ci: float
) -> EsemResult:
    turnable = [_turnable(result, block, plans[block.name]) for block in blocks]
    full = full_of(result, turnable)
    cov = rotated_covariance(result, full, turnable)
    loadings, errors, phi = {}, {}, {}
    for block, found in zip(blocks, turnable, strict=True):
        items, names = list(block.items), list(block.factors)
        loadings[block.name] = pd.DataFrame(turned[block.name].loadings, items, names)
        errors[block.name] = pd.DataFrame(_loading_errors(full, cov, found), items, names)
        phi[block.name] = pd.DataFrame(turned[block.name].phi, names, names)
    return EsemResult(
        blocks=blocks,
        loadings=loadings,
        errors=errors,
        phi=phi,
        rotations=turned,
        parameters=_parameters(result, full, cov, ci),
        fit_measures=result.fit_measures,
        sem=result,
        ci=ci,
        notes=tuple(result.warnings),
    )


def _loading_errors(full: Full, cov: Array, block: Turnable) -> Array:
    """Return standard errors of the standardised loadings of a block, shape (p, m)."""

    def standardized(x: Any) -> Any:
        a, s = full.matrices(x)
        sd = full.spread(a, s)
        return (a[:, block.items[:, None], block.factors] / sd[:, block.items, None]).reshape(len(x), -1)

    return error_of(full, cov, standardized).reshape(len(block.items), len(block.factors))


def _parameters(result: SemResult, full: Full, cov: Array, ci: float) -> pd.DataFrame:
    """Return the parameters of the fit with the errors of the rotated solution."""
    kept = ["lhs", "op", "rhs", "estimate", "std_all"]
    frame = result.parameters[kept].copy()
    variances = np.diag(cov)
    at = {name: i for i, name in enumerate(full.ram.variables)}
    found = []
    for row, old in zip(result.model.parameters, result.parameters["se"], strict=True):
        place_ = row.free - 1 if row.free else place(full, at, row.lhs, row.op, row.rhs)
        found.append(float(old) if place_ is None else float(variances[place_]))
    se = np.sqrt(np.where(np.array(found) > 1e-16, found, 0.0 * np.array(found)))
    reach = normal_quantile(0.5 + ci / 2.0) * se
    z = np.divide(frame["estimate"], se, out=np.full(len(se), np.nan), where=se > 0)
    middle = pd.DataFrame(
        {
            "se": se,
            "z": z,
            "p_value": 2.0 * stats.norm.sf(np.abs(z)),
            "ci_lower": frame["estimate"] - reach,
            "ci_upper": frame["estimate"] + reach,
        }
    )
    return pd.concat([frame[kept[:4]], middle, frame[["std_all"]]], axis=1)
