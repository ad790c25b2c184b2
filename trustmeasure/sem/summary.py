"""A fit in tables for reading: fit, loadings, regressions, covariances, variances, defined parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table, number, p_value
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.parameters import DELTA

if TYPE_CHECKING:
    from trustmeasure.sem.group_result import GroupResult
    from trustmeasure.sem.result import SemResult

_SECTIONS = (
    ("Latent variables (=~)", "=~"),
    ("Formative constructs (<~)", "<~"),
    ("Regressions (~)", "~"),
    ("Covariances (~~)", "~~"),
    ("Intercepts (~1)", "~1"),
    ("Thresholds (|)", "|"),
    ("Response scales (~*~)", "~*~"),
    ("Variances", "variance"),
    ("Defined parameters (:=)", ":="),
)
_SHOWN = [
    "group",
    "lhs",
    "rhs",
    "label",
    "estimate",
    "se",
    "z",
    "p_value",
    "ci_lower",
    "ci_upper",
    "std_lv",
    "std_all",
]


def summarise(result: SemResult) -> Summary:
    """Return the summary of a fit."""
    tables = [_section(result, title, kind) for title, kind in _SECTIONS]
    parts: list[Table | str] = [_heading(result), fit_table(result)]
    parts += [t for t in tables if len(t.frame)]
    parts += [_constraints(result)] if Limits.of(result.model) else []
    parts += [_r_squared(group) for group in result.groups if len(group.r_squared)]
    parts += [f"Warning: {w}" for w in result.warnings]
    return Summary("Structural equation model", parts)


def _constraints(result: SemResult) -> Table:
    """Return the constraints and bounds, and which of them hold the estimates back."""
    limits = Limits.of(result.model)
    active = limits.active(result.theta)
    rows = [(c.text, "equality") for c in limits.equal]
    rows += [
        (text, "active" if flag else "not active")
        for text, flag in zip(limits.inequality_texts, active, strict=True)
    ]
    return Table("Constraints", pd.DataFrame(rows, columns=["constraint", "state"]))


def _r_squared(group: GroupResult) -> Table:
    frame = group.r_squared.rename_axis("variable").reset_index()
    where = f", group {group.number} ({group.label})" if group.label else ""
    return Table(f"R-squared{where}", frame, labels={"r_squared": "R²"})


def _heading(result: SemResult) -> str:
    state = f"converged after {result.iterations} iterations" if result.converged else "DID NOT CONVERGE"
    dropped = f" ({result.n_dropped} rows left out for missing values)" if result.n_dropped else ""
    dropped += _incomplete(result)
    groups = ""
    if len(result.groups) > 1:
        named = (f"{g.number} = {g.label} ({g.n_obs} rows)" for g in result.groups)
        groups = f" Groups: {', '.join(named)}."
    return (
        f"Estimator {result.estimator} ({result.engine}), {state}. "
        f"{result.n_obs} rows{dropped}, {result.npar} free parameters.{groups}{_design(result)}"
        f"{_ordinal(result)}{_auxiliary(result)}{_resampled(result)}"
    )


def _ordinal(result: SemResult) -> str:
    """Return which variables are ordinal, and what they are taken for."""
    if not result.model.ordered:
        return ""
    by_count: dict[int, list[str]] = {}
    for name, count in zip(result.model.ordered, result.model.n_thresholds, strict=True):
        by_count.setdefault(count + 1, []).append(name)
    named = "; ".join(f"{count} categories: {', '.join(names)}" for count, names in sorted(by_count.items()))
    weight = {"WLS": "weighted", "DWLS": "diagonally weighted", "ULS": "unweighted"}
    return (
        f" Ordinal variables ({named}) are taken as cuts through normal latent responses: "
        f"{weight[result.options.discrepancy]} least squares of {_statistics(result)}, "
        f"{result.model.parameterization} parameterisation."
    )


def _statistics(result: SemResult) -> str:
    """Return what is fitted, in the words of papers."""
    layout = result.model.layout
    names = "thresholds and polychoric correlations"
    if layout.continuous.size:
        names = "thresholds, means, variances and polychoric, polyserial and Pearson correlations"
    return f"{names} given the covariates" if layout.covariates else names


def _incomplete(result: SemResult) -> str:
    """Return that incomplete rows were used, and how much they lack."""
    if result.missing == "pairwise":
        return " (each statistic from the rows that answered its variables: pairwise)"
    every = [g.moments.incomplete.patterns for g in result.groups if g.moments.incomplete is not None]
    if not every:
        return ""
    answers = sum(float(p.n @ p.seen.sum(axis=1)) for p in every)
    cells = sum(float(p.n.sum()) * p.seen.shape[1] for p in every)
    return (
        f" (full information from incomplete rows: {number(100 * (1 - answers / cells))} % of the values "
        f"missing, {sum(len(p.n) for p in every)} patterns)"
    )


def _auxiliary(result: SemResult) -> str:
    """Return which auxiliary variables there are; their parameters are not shown."""
    names = ", ".join(result.model.auxiliary)
    return f" Auxiliary variables (saturated correlates, not shown): {names}." if names else ""


def _resampled(result: SemResult) -> str:
    """Return what standard errors and test were resampled from."""
    draws = result.draws
    if draws is None:
        return ""
    lost = int(draws.failures.sum())
    return (
        f" Standard errors and percentile limits from {draws.n} bootstrap draws "
        f"({lost} failed, {int(draws.inadmissible.sum())} inadmissible; seed {draws.seed})."
    )


def _design(result: SemResult) -> str:
    """Return what to say of weights and clusters."""
    designs = [g.moments.design for g in result.groups if g.moments.design is not None]
    weighted = any(d.weighted for d in designs)
    found = (
        f" Weighted rows: effective sample size {number(result.n_effective)} (Kish 1965)." if weighted else ""
    )
    if result.n_clusters is not None:
        found += f" {result.n_clusters} clusters: standard errors and tests are cluster-robust."
    return found


def fit_table(result: SemResult) -> Table:
    """Return the fit measures that every paper reports."""
    f = result.fit_measures
    rows = [
        ("Chi-square (df, p)", _tested(f.chisq, f["df"], f.pvalue)),
        ("CFI", number(f.cfi)),
        ("TLI", number(f.tli)),
        (
            "RMSEA [90 % CI], p close",
            f"{number(f.rmsea)} [{number(f.rmsea_ci_lower)}, {number(f.rmsea_ci_upper)}]"
            + (f", {p_value(f.rmsea_pvalue)}" if np.isfinite(f.rmsea_pvalue) else ""),
        ),
        ("SRMR", number(f.srmr)),
    ]
    if result.test_draws is not None:
        drawn = f"{p_value(f.pvalue_bollen_stine)} ({result.test_draws.n} draws)"
        rows.insert(1, ("Bollen-Stine p", drawn))
    if not result.options.least_squares:
        rows += [("AIC", number(f.aic)), ("BIC", number(f.bic)), ("Log-likelihood", number(f.logl))]
    if result.test is not None:
        rows += _scaled_rows(f) if result.model.ordered else _robust_rows(f)
    elif result.missing == "fiml":
        rows += _corrected_rows(f)
    return Table("Fit", pd.DataFrame(rows, columns=["measure", "value"]))


def _tested(chisq: float, df: float, p: float) -> str:
    """Return a chi-square with its degrees of freedom and, where there is one, its p value."""
    inside = f"{df:.6g}, {p_value(p)}" if np.isfinite(p) else f"{df:.6g}"
    return f"{number(chisq)} ({inside})"


def _robust_rows(f: pd.Series) -> list[tuple[str, str]]:
    first = _scaled_test(f)
    if "cfi_robust" not in f:
        return [first, ("Scaled CFI", number(f.cfi_scaled)), ("Scaled TLI", number(f.tli_scaled))]
    return [first, *_corrected_rows(f)]


def _scaled_test(f: pd.Series) -> tuple[str, str]:
    scaled = _tested(f.chisq_scaled, f.df_scaled, f.pvalue_scaled)
    shift = f", shift {number(f.chisq_shift)}" if "chisq_shift" in f else ""
    return "Scaled chi-square (df, p)", f"{scaled}, factor {number(f.chisq_scaling_factor)}{shift}"


def _scaled_rows(f: pd.Series) -> list[tuple[str, str]]:
    """Return the scaled measures, which papers report of ordinal data, and the robust ones that exist."""
    interval = f"[{number(f.rmsea_ci_lower_scaled)}, {number(f.rmsea_ci_upper_scaled)}]"
    scaled = [
        ("Scaled CFI", number(f.cfi_scaled)),
        ("Scaled TLI", number(f.tli_scaled)),
        ("Scaled RMSEA [90 % CI]", f"{number(f.rmsea_scaled)} {interval}"),
    ]
    there = "cfi_robust" in f and np.isfinite(f.cfi_robust)
    return [_scaled_test(f), *scaled, *(_corrected_rows(f) if there else ())]


def _corrected_rows(f: pd.Series) -> list[tuple[str, str]]:
    interval = f"[{number(f.rmsea_ci_lower_robust)}, {number(f.rmsea_ci_upper_robust)}]"
    return [
        ("Robust CFI", number(f.cfi_robust)),
        ("Robust TLI", number(f.tli_robust)),
        ("Robust RMSEA [90 % CI]", f"{number(f.rmsea_robust)} {interval}"),
    ]


def _told_by_the_parameterisation(result: SemResult) -> pd.Series:
    """Return which rows only say that a mean is fixed at 0 or, with "delta", a scale at 1."""
    frame, fixed = result.parameters, result.parameters.se == 0
    unit = (frame.op == "~*~") & (frame.estimate == 1) & (result.model.parameterization == DELTA)
    centre = (frame.op == "~1") & (frame.estimate == 0)
    return pd.Series(fixed & (unit | centre))


def _notes(result: SemResult, kind: str) -> tuple[str, ...]:
    """Return what to say below a section."""
    if not result.model.ordered or kind not in {"variance", "~*~"}:
        return ()
    delta = result.model.parameterization == DELTA
    if kind == "~*~":
        return (
            () if delta else ("Scales 1 / sd of latent responses follow from the other parameters (theta).",)
        )
    how = "follow from the other parameters (delta)" if delta else "are 1 unless freed (theta)"
    return (f"Residual variances of latent responses {how}.",)


def _section(result: SemResult, title: str, kind: str) -> Table:
    frame = result.parameters
    own = frame.lhs == frame.rhs
    chosen = {
        "variance": (frame.op == "~~") & own,
        "~~": (frame.op == "~~") & ~own,
    }.get(kind, frame.op == kind)
    if result.model.auxiliary:
        chosen &= ~frame.auxiliary
    if result.model.ordered:
        chosen &= ~_told_by_the_parameterisation(result)
    level = f"{100 * result.ci:g} %"
    empty = set() if (frame.loc[chosen, "label"] != "").any() else {"label"}
    empty |= set() if len(result.groups) > 1 else {"group"}
    shown = frame.loc[chosen, [c for c in _SHOWN if c not in empty]]
    return Table(
        title,
        shown.reset_index(drop=True),
        _notes(result, kind),
        labels={"p_value": "p", "ci_lower": f"{level} lower", "ci_upper": f"{level} upper"},
    )
