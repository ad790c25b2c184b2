"""Fits to ordinal answers against lavaan 0.6-14, by name: estimates, errors, measures, statistics."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from tests.reference.sem.cases import by_key, relation, symmetric, table
from tests.reference.sem_ordinal.cases import (
    CASES,
    fitted,
    frame_of,
    labels,
    lavaan_parameters,
    read,
    statistics,
    with_part,
)
from trustmeasure.moments.layout import Layout
from trustmeasure.sem import standardized_solution
from trustmeasure.sem.ordinal.robust_indices import robust_parts
from trustmeasure.sem.scaled import corrected_measures

RELATIVE, ABSOLUTE = 1e-6, 1e-7
COARSE = ("mixed-factor", "repurchase-mixed", "missing-listwise-mixed", "weights-mixed", "mimic-mixed")
"""lavaan stops short of the correlation of a yes-or-no answer with a continuous variable by up to 1e-5; the
root of its score is checked in `test_lavaan_stops_short_of_polyserial_correlations`."""
MEDIATOR = "ordinal-mediator-delta"
"""lavaan's derivatives leave out that the residual variance of an ordinal mediator follows from the other
parameters. Standardised solutions do not depend on the parameterisation, so its "theta" is the reference."""
BY_ROOT = [f"rmsea_ci_{end}{kind}" for end in ("lower", "upper") for kind in ("", "_scaled", "_robust")]
ROOT = 1e-4
"""lavaan finds the limits of RMSEA by a root search that stops at about 1e-4 of the noncentrality."""
ROBUST_COMPARATIVE = ("cfi_robust", "tli_robust", "nnfi_robust", "rni_robust")
NOT_LAVAANS = ["chisq_shift", "baseline_chisq_shift"]


def within(case: str) -> tuple[float, float]:
    """Return the relative and the absolute tolerance of a case."""
    return (3e-5, 3e-6) if any(name in case for name in COARSE) else (RELATIVE, ABSOLUTE)


def agree(ours: pd.Series, theirs: pd.Series, case: str) -> None:
    relative, absolute = within(case)
    ours = ours.astype("float64").reindex(theirs.index)
    np.testing.assert_allclose(ours, theirs.astype("float64"), rtol=relative, atol=absolute)


@pytest.mark.parametrize("case", CASES)
def test_rows_are_lavaans(case: str) -> None:
    theirs, ours = lavaan_parameters(case), by_key(fitted(case).parameters)
    assert sorted(ours.index) == sorted(theirs.index)
    free = {relation(p.lhs, p.op, p.rhs, p.group) for p in fitted(case).model.parameters if p.free}
    assert free == set(theirs.index[theirs["free"] > 0])


@pytest.mark.parametrize("column", ["estimate", "se", "std_lv", "std_all"])
@pytest.mark.parametrize("case", CASES)
def test_estimates(case: str, column: str) -> None:
    theirs, ours = lavaan_parameters(case)[column], by_key(fitted(case).parameters)[column]
    if column == "se":
        if case == MEDIATOR:
            return
        theirs, ours = theirs.fillna(0.0), ours.fillna(0.0)
    agree(ours, theirs, case)


@pytest.mark.parametrize("kind", ["std_all", "std_lv"])
@pytest.mark.parametrize("case", with_part("std_all"))
def test_standardised_solutions(case: str, kind: str) -> None:
    theirs, ours = table(read(case)[kind]), by_key(standardized_solution(fitted(case), kind))
    if case != MEDIATOR or kind == "std_all":
        source = case.replace("delta", "theta") if case == MEDIATOR else case
        errors = table(read(source)[kind])["se"]
        agree(ours["se"].fillna(0.0), errors.fillna(0.0), case)
    agree(ours["estimate"], theirs["estimate"], case)


def lavaan_measures(case: str) -> pd.Series:
    """Return lavaan's fit measures under our names, with those that are meant to differ as they must be here.

    - NFI and RFI are formulas of two chi-squares and their degrees of freedom; lavaan gives nothing when the
      model has more degrees of freedom than the baseline.
    """
    names = {"ntotal": "n_obs"}
    stored = {names.get(k, k.replace(".", "_")): v for k, v in read(case)["fit_measures"].items()}
    found = pd.Series({k: math.nan if v is None else v for k, v in stored.items()})
    for kind in ("", "_scaled"):
        if f"chisq{kind}" not in found or not found[f"df{kind}"] > found[f"baseline_df{kind}"]:
            continue
        chisq, df = found[f"chisq{kind}"], found[f"df{kind}"]
        base, base_df = found[f"baseline_chisq{kind}"], found[f"baseline_df{kind}"]
        found[f"nfi{kind}"] = 1.0 - chisq / base
        found[f"rfi{kind}"] = 1.0 - (chisq / df) / (base / base_df)
    return found


def left_out(case: str, theirs: pd.Series) -> list[str]:
    """Return the robust measures that lavaan does not have.

    It gives none where thresholds are held equal or fixed or a scale is free, though nothing of them enters.
    Those of several groups are held against it in `test_robust_indices_of_groups_differ_by_lavaans_average`.
    """
    robust = [name for name in theirs.index if name.endswith("_robust")]
    if "rmsea_robust" in theirs and (
        np.isnan(theirs["rmsea_pvalue_robust"]) or np.isnan(theirs["tli_robust"])
    ):
        return robust
    return [name for name in robust if name in ROBUST_COMPARATIVE] if len(labels(case)) > 1 else []


@pytest.mark.parametrize("case", CASES)
def test_fit_measures(case: str) -> None:
    theirs = lavaan_measures(case)
    ours = fitted(case).fit_measures.drop(NOT_LAVAANS, errors="ignore")
    assert sorted(ours.index) == sorted(theirs.index)
    theirs = theirs.drop(left_out(case, theirs))
    relative, absolute = within(case)
    allowed = relative * theirs.abs() + max(absolute, 1e-6)
    allowed[[name for name in BY_ROOT if name in allowed]] = ROOT
    ours = ours.reindex(theirs.index)
    gap = (ours - theirs).abs()
    wrong = (gap > allowed) | (ours.isna() != theirs.isna())
    shown = pd.DataFrame({"ours": ours, "wanted": theirs, "gap": gap})[wrong]
    assert not wrong.any(), f"\n{shown.to_string()}"


GROUPED = [c for c in CASES if len(labels(c)) > 1 and read(c)["fit_measures"].get("cfi.robust") is not None]


@pytest.mark.parametrize("case", GROUPED)
def test_robust_indices_of_groups_differ_by_lavaans_average(case: str) -> None:
    """lavaan counts each group's average of the baseline's discrepancy N / n times; we count it once."""
    result = fitted(case)
    groups = [g.robust() for g in result.groups]
    found = robust_parts([g for g in groups if g is not None], result.theta.size, result.restrictions)
    assert found is not None
    counted = 0.0
    for g in result.groups:
        own = g.moments.ordinal
        assert own is not None
        assert own.gamma is not None
        at = own.layout.correlations
        counted += float(np.trace(own.gamma[at, at])) * result.n_obs / g.n_obs
    size = result.n_obs / len(result.groups)
    theirs = corrected_measures(replace(found, baseline_bias=counted), result.df, result.baseline_df, size)
    ours = corrected_measures(found, result.df, result.baseline_df, size)
    for name in ROBUST_COMPARATIVE:
        assert theirs[name] == pytest.approx(lavaan_measures(case)[name], rel=1e-6)
        assert result.fit_measures[name] == pytest.approx(ours[name], rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_sizes(case: str) -> None:
    stored, result = read(case), fitted(case)
    assert (result.n_obs, result.npar) == (stored["n_obs"], stored["npar"])
    assert result.df == stored["fit_measures"]["df"]
    assert result.fit_measures["fmin"] <= stored["optimiser"]["fmin"] * (1 + within(case)[0])


@pytest.mark.parametrize("case", CASES)
def test_explained_shares(case: str) -> None:
    for label, group in zip(labels(case), fitted(case).groups, strict=True):
        agree(group.r_squared, pd.Series(read(case)["r_squared"][label], dtype="float64"), case)


@pytest.mark.parametrize("case", CASES)
def test_statistics(case: str) -> None:
    for label, group in zip(labels(case), fitted(case).groups, strict=True):
        theirs, own = statistics(case, label), group.moments.ordinal
        assert own is not None
        frame = pd.DataFrame({"observed": own.statistics}, index=names_of(own.layout, theirs.index))
        frame = frame.assign(implied=group.numbers().ordinal.implied, gamma=np.nan)  # type: ignore[union-attr]
        if own.variances is not None and theirs["gamma"].notna().all():
            frame["gamma"] = own.variances
            np.testing.assert_allclose(frame["gamma"].reindex(theirs.index), theirs["gamma"], rtol=3e-5)
        for column in ("observed", "implied"):
            ours = frame[column].reindex(theirs.index)
            np.testing.assert_allclose(ours, theirs[column], rtol=within(case)[0], atol=10 * within(case)[1])


def names_of(layout: Layout, known: Collection[str]) -> list[str]:
    """Return lavaan's names of the statistics; those of a pair stand either way round."""
    names, found = layout.names, []
    for variable, count in zip(names, layout.n_thresholds, strict=True):
        found += [f"{variable}|t{k}" for k in range(1, count + 1)] or [f"{variable}~1"]
    found += [f"{y}~{x}" for x in layout.covariates for y in names]
    found += [f"{names[i]}~~{names[i]}" for i in layout.continuous]
    pairs = [(names[i], names[j]) for i, j in zip(*layout.pairs, strict=True)]
    return found + [f"{a}~~{b}" if f"{a}~~{b}" in known else f"{b}~~{a}" for a, b in pairs]


@pytest.mark.parametrize("case", with_part("vcov"))
def test_covariances_of_estimates(case: str) -> None:
    result = fitted(case)
    rows = [p for p in result.model.parameters if p.free]
    at = {f"{relation(p.lhs, p.op, p.rhs)}.g{p.group}": p.free - 1 for p in rows}
    theirs = symmetric(read(case)["vcov"])
    order = [at[f"{relation(*split_name(name))}.g{name.rsplit('.g', 1)[1]}"] for name in theirs.index]
    ours = result.vcov.to_numpy()[np.ix_(order, order)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-9)


def split_name(name: str) -> tuple[str, str, str]:
    """Return the parts of a stored name such as `f =~ x.g1`."""
    lhs, op, rhs = [*name.rsplit(".g", 1)[0].split(" "), ""][:3]
    return lhs, op, rhs


def test_lavaan_stops_short_of_polyserial_correlations() -> None:
    """The correlation of a yes-or-no and a continuous variable is the root of its score."""
    result = fitted("ordinal-mixed-factor-delta")
    own, data = result.groups[0].moments.ordinal, frame_of("ordinal-mixed-factor-delta")
    assert own is not None
    z = (data["u1"] - data["u1"].mean()) / data["u1"].std(ddof=0)
    below, cut = data["p1"] == 1, norm.ppf((data["p1"] == 1).mean())

    def score(r: float) -> float:
        at = (cut - r * z) / math.sqrt(1 - r * r)
        slope = norm.pdf(at) * (r * cut - z) / (1 - r * r) ** 1.5
        return float(np.sum(np.where(below, slope / norm.cdf(at), -slope / norm.sf(at))))

    root = brentq(score, -0.5, 0.5, xtol=1e-14) * data["u1"].std(ddof=0)
    at = names_of(own.layout, ["u1~~p1"]).index("u1~~p1")
    assert own.statistics[at] == pytest.approx(root, abs=1e-9)
    assert statistics("ordinal-mixed-factor-delta", "all").loc["u1~~p1", "observed"] == pytest.approx(
        root, abs=1e-5
    )


def test_errors_of_an_ordinal_mediator_do_not_depend_on_the_parameterisation() -> None:
    """Both parameterisations are one model, so the indirect effect has one standardised error."""
    found = [by_key(standardized_solution(fitted(f"ordinal-mediator-{p}"))) for p in ("delta", "theta")]
    np.testing.assert_allclose(found[0]["se"], found[1]["se"].reindex(found[0].index), rtol=1e-6, atol=1e-9)
    theirs = table(read("ordinal-mediator-delta")["std_all"])["se"]
    assert theirs["indirect := "] != pytest.approx(found[0]["se"]["indirect := "], rel=0.1)
