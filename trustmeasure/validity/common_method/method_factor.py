"""An unmeasured latent method factor: all indicators load on it besides their own factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.errors import TrustMeasureError
from trustmeasure.sem import SemResult, compare
from trustmeasure.validity.common_method.plans import (
    Plan,
    estimated,
    orthogonal,
    plan_of,
    refuse_reserved,
    standardised,
)
from trustmeasure.validity.common_method.single_factor import fit_row

STEPS = ("baseline", "equal", "free")
WEAK = (
    "An unmeasured factor takes up whatever all indicators share, method or not (general traits, halo), and "
    "with free loadings it is weakly identified: look whether it fits better, and how far loadings and paths "
    "move."
)
DIFFERENCE = ("chisq_difference", "df_difference", "p_value", "cfi_change")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MethodFactor:
    """A model without and with an unmeasured latent method factor.

    Attributes
    ----------
    steps : pandas.DataFrame
        One row a model (baseline, equal, free): step, chisq, df, pvalue, cfi, tli, rmsea, srmr,
        chisq_difference, df_difference, p_value and cfi_change against the baseline, note.
    loadings : pandas.DataFrame
        One row a loading: factor, item, and completely standardised `baseline`, `equal`, `free` with
        `method_equal`, `method_free` (loadings on the method factor), and `change` (with the method factor
        of `chosen`, minus baseline).
    paths : pandas.DataFrame
        Regressions and factor correlations: lhs, op, rhs, and standardised `baseline`, `equal`, `free`, their
        p values, `change`.
    variance : pandas.DataFrame
        One row an item: trait, method and unique shares of its variance in the model `chosen`; the last row
        has the means.
    chosen : str
        The model with a method factor that changes and shares rest on: "free" where it was fitted, else
        "equal"; empty when neither could be.
    fits : mapping
        Step -> SemResult; None for one that could not be fitted.
    notes : tuple of str
        What a reader must know.
    """

    steps: pd.DataFrame
    loadings: pd.DataFrame
    paths: pd.DataFrame
    variance: pd.DataFrame
    chosen: str
    fits: Mapping[str, SemResult | None]
    notes: tuple[str, ...] = ()

    @property
    def method_share(self) -> float:
        """Mean share of the indicators' variance that the method factor takes; NaN without one."""
        return float(self.variance["method"].iloc[-1]) if len(self.variance) else float("nan")

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the steps."""
        return self.steps.copy()

    def summary(self) -> Summary:
        """Return models, loadings, paths and shares, for reading."""
        parts: list[Table | str] = [
            Table("Models", self.steps),
            Table("Standardised loadings", self.loadings),
        ]
        if len(self.paths):
            parts.append(Table("Paths and correlations of factors, standardised", self.paths))
        if len(self.variance):
            parts.append(Table(f"Shares of variance ({self.chosen})", self.variance))
        return Summary("Unmeasured latent method factor", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def latent_method_factor(model: Any, data: Any = None, **options: Any) -> MethodFactor:
    """Compare a model with the same model and an unmeasured latent method factor.

    Every indicator loads on the method factor besides its own factor; the method factor correlates with no
    other. Its loadings are equal first (it then has unit loadings and a free variance, which can turn out
    negative: no method variance of that form), then free (which identifies it less well).

    Parameters
    ----------
    model : str, ParameterTable, Responses or mapping
        A measurement or structural model, with `data`; or responses, or a mapping from names of constructs to
        frames of items (or, with `data`, to columns), whose constructs become factors that all correlate.
    data : frame or Responses, optional
        What the model is fitted to.
    **options
        Given on to `fit_sem`: `estimator`, `missing`, `ordered`, `cluster`, `weights`, ... Latent variances
        are 1.

    Returns
    -------
    MethodFactor
        `.steps`, `.loadings`, `.paths`, `.variance`, `.method_share`, `.summary()`. A model that cannot be
        fitted is a row with a note.

    Raises
    ------
    ArgumentError, DataError, IdentificationError, ConvergenceError
        If the model without a method factor cannot be fitted.

    References
    ----------
    Podsakoff, P. M., MacKenzie, S. B., Lee, J.-Y., & Podsakoff, N. P. (2003). Common method biases in
    behavioral research: A critical review of the literature and recommended remedies. Journal of Applied
    Psychology, 88(5), 879-903.

    Richardson, H. A., Simmering, M. J., & Sturman, M. C. (2009). A tale of three perspectives: Examining post
    hoc statistical techniques for detection and correction of common method variance. Organizational Research
    Methods, 12(4), 762-800.

    Notes
    -----
    Checked against: lavaan 0.6-14 (tests/reference/method_bias/sequences.R).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> trait, method = rng.normal(size=(400, 3)), rng.normal(size=(400, 1))
    >>> items = 0.7 * np.repeat(trait, 3, axis=1) + 0.4 * method + 0.6 * rng.normal(size=(400, 9))
    >>> frame = pd.DataFrame(items, columns=[f"{f}{i}" for f in "abc" for i in (1, 2, 3)])
    >>> constructs = {f: [f"{f}{i}" for i in (1, 2, 3)] for f in "abc"}
    >>> found = latent_method_factor(constructs, frame)
    >>> found.steps["step"].tolist(), bool(0.02 < found.method_share < 0.4)
    (['baseline', 'equal', 'free'], True)
    """
    refuse_reserved(options)
    plan = plan_of(model, data)
    method = plan.unused("method_factor")
    baseline = plan.fit(plan.text, options)
    fits: dict[str, SemResult | None] = {"baseline": baseline}
    said = {"baseline": " ".join(baseline.warnings)}
    for step, text in _texts(plan, method).items():
        fits[step], said[step] = plan.tried(text, options)
    chosen = next((step for step in ("free", "equal") if fits[step] is not None), "")
    std = {step: standardised(fit) for step, fit in fits.items()}
    signs = {step: _sign(plan, std[step], method) for step in STEPS}
    return MethodFactor(
        steps=_steps(fits, said),
        loadings=_loadings(plan, std, method, signs, chosen),
        paths=_paths(plan, set(baseline.model.latent), fits, std, chosen),
        variance=_variance(plan, std.get(chosen, {}), method),
        chosen=chosen,
        fits=fits,
        notes=(WEAK, *plan.notes),
    )


def _texts(plan: Plan, method: str) -> dict[str, str]:
    apart = orthogonal(method, plan.exogenous)
    equal = f"{method} =~ {' + '.join(f'1*{item}' for item in plan.indicators)}\n{method} ~~ NA*{method}"
    free = f"{method} =~ {' + '.join(f'start(0.3)*{item}' for item in plan.indicators)}"
    return {"equal": f"{plan.text}\n{equal}\n{apart}", "free": f"{plan.text}\n{free}\n{apart}"}


def _sign(plan: Plan, std: Mapping[tuple[str, str, str], float], method: str) -> float:
    """Return -1 where most method loadings are negative: the sign of the whole factor is arbitrary."""
    total = sum(std.get((method, "=~", item), 0.0) for item in plan.indicators)
    return -1.0 if total < 0 else 1.0


def _steps(fits: Mapping[str, SemResult | None], said: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for step, fit in fits.items():
        empty = dict.fromkeys(("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr"), np.nan)
        own = empty if fit is None else fit_row(fit)
        against = None if step == "baseline" else fits["baseline"]
        rows.append({"step": step, **own, **difference(against, fit), "note": said[step]})
    return pd.DataFrame(rows)


def difference(less: SemResult | None, more: SemResult | None) -> dict[str, float]:
    """Return the difference test of a model against one with more parameters; NaN where there is none."""
    if less is None or more is None:
        return dict.fromkeys(DIFFERENCE, np.nan)
    try:
        table = compare(more, less).frame
    except TrustMeasureError:
        return dict.fromkeys(DIFFERENCE, np.nan)
    row = table.iloc[-1]
    test = {name: float(row[name]) for name in DIFFERENCE[:3]}
    return {**test, "cfi_change": float(more.fit_measures["cfi"]) - float(less.fit_measures["cfi"])}


def _loadings(
    plan: Plan,
    std: Mapping[str, Mapping[tuple[str, str, str], float]],
    method: str,
    signs: Mapping[str, float],
    chosen: str,
) -> pd.DataFrame:
    rows = []
    for factor, items in plan.factors.items():
        for item in items:
            own = {step: std[step].get((factor, "=~", item), np.nan) for step in STEPS}
            on_method = {
                f"method_{step}": signs[step] * std[step].get((method, "=~", item), np.nan)
                for step in STEPS[1:]
            }
            change = own[chosen] - own["baseline"] if chosen else np.nan
            names = {"factor": plan.shown(factor), "item": plan.shown(item)}
            rows.append({**names, **own, **on_method, "change": change})
    return pd.DataFrame(rows)


def _paths(
    plan: Plan,
    latent: set[str],
    fits: Mapping[str, SemResult | None],
    std: Mapping[str, Mapping[tuple[str, str, str], float]],
    chosen: str,
) -> pd.DataFrame:
    wanted = [
        key
        for key in std["baseline"]
        if key[1] == "~" or (key[1] == "~~" and key[0] != key[2] and {key[0], key[2]} <= latent)
    ]
    tested = {step: {} if fit is None else estimated(fit, "p_value") for step, fit in fits.items()}
    rows = []
    for lhs, op, rhs in wanted:
        own = {step: std[step].get((lhs, op, rhs), np.nan) for step in STEPS}
        p = {f"p_{step}": tested[step].get((lhs, op, rhs), np.nan) for step in STEPS}
        change = own[chosen] - own["baseline"] if chosen else np.nan
        rows.append({"lhs": plan.shown(lhs), "op": op, "rhs": plan.shown(rhs), **own, **p, "change": change})
    return pd.DataFrame(rows)


def _variance(plan: Plan, std: Mapping[tuple[str, str, str], float], method: str) -> pd.DataFrame:
    """Return how the variance of each indicator is shared out, and the means over indicators."""
    if not std:
        return pd.DataFrame(columns=["item", "trait", "method", "unique"])
    rows = []
    for item in plan.indicators:
        unique = std.get((item, "~~", item), np.nan)
        shared = std.get((method, "=~", item), np.nan) ** 2
        rows.append((plan.shown(item), 1.0 - unique - shared, shared, unique))
    frame = pd.DataFrame(rows, columns=["item", "trait", "method", "unique"])
    means = frame[["trait", "method", "unique"]].mean()
    return pd.concat([frame, pd.DataFrame([{"item": "mean", **means}])], ignore_index=True)
