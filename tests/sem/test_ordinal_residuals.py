"""Residuals of ordinal fits: against lavaan's lavResiduals by name, and against simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import symmetric
from tests.reference.sem_ordinal.cases import fitted, frame_of, labels, read, with_part
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import fit_sem
from trustmeasure.sem.ordinal.residual_kinds import statistic_kind, table_order
from trustmeasure.sem.residual_errors import moment_errors
from trustmeasure.sem.residual_table import residual_table

CASES = with_part("residuals")
KINDS = {"raw": "raw", "bentler": "cor.bentler", "bollen": "cor.bollen"}
COARSE = ("repurchase-mixed", "mimic-mixed")
"""See `test_ordinal_fit.COARSE`."""
TINY = 1e-3
"""lavaan does not divide a residual this small by its standard error."""
WITH_Z = [case for case in CASES if "cov_z" in next(iter(read(case)["residuals"]["raw"].values()))]
"""lavaan has standard errors for ordinal variables only, without covariates."""


def stored(case: str, kind: str) -> list[tuple[str | None, dict[str, Any]]]:
    """Return what is stored of each group with its label, None without groups."""
    found = read(case)["residuals"][KINDS[kind]]
    return [(None if len(found) == 1 else label, found[label]) for label in labels(case)]


def close(ours: Any, theirs: Any, case: str) -> None:
    within = 1e-5 if any(name in case for name in COARSE) else 3e-7
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=within)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_residuals_are_lavaans(case: str, kind: str) -> None:
    table = residual_table(fitted(case), kind=kind, sort=False)
    for number, (label, theirs) in enumerate(stored(case, kind), start=1):
        cov = symmetric(theirs["cov"])
        close(table.matrix("residual", label).loc[cov.index, cov.columns], cov, case)
        rows = table.frame[table.frame["group"] == number]
        cuts = rows[rows["op"] == "|"]
        own = pd.Series(cuts["residual"].to_numpy(), index=cuts["lhs"] + "|" + cuts["rhs"])
        close(own[list(theirs["th"])], list(theirs["th"].values()), case)
        means = rows[rows["op"] == "~1"].set_index("lhs")["residual"]
        close(means, pd.Series(theirs["mean"])[list(means.index)].astype(float), case)
        if "slopes" in theirs and kind == "raw":
            close(slopes_of(rows), stored_slopes(theirs["slopes"]), case)


def slopes_of(rows: pd.DataFrame) -> pd.Series:
    found = rows[rows["op"] == "~"]
    return pd.Series(found["residual"].to_numpy(), index=found["lhs"] + "~" + found["rhs"]).sort_index()


def stored_slopes(theirs: dict[str, Any]) -> pd.Series:
    frame = pd.DataFrame(theirs["rows"], columns=theirs["columns"]).set_index("row").astype(float)
    cells = {f"{y}~{x}": frame.loc[y, x] for y in frame.index for x in frame.columns}
    return pd.Series(cells).sort_index()


@pytest.mark.parametrize("case", WITH_Z)
def test_standard_errors_are_lavaans(case: str) -> None:
    """lavaan takes what other groups bring as 0, and divides by the rows of all groups instead of one."""
    result = fitted(case)
    each = zip(stored(case, "raw"), moment_errors(result), result.groups, strict=True)
    for (_, theirs), errors, group in each:
        own = group.moments.ordinal
        assert own is not None
        found, relations = table_order(statistic_kind(errors, own.layout, "raw"), own.layout)
        cov = symmetric(theirs["cov_z"])
        at = {(a, b): k for k, (a, op, b) in enumerate(relations) if op == "~~" and a != b}
        shrunk = math.sqrt(group.n_obs / result.n_obs)
        for (a, b), k in at.items():
            error = math.sqrt(found.own[k, k]) * shrunk
            gap = found.observed[k] - found.fitted[k]
            if abs(gap) < TINY:
                continue
            assert gap / error == pytest.approx(cov.loc[a, b], rel=1e-5, abs=2e-5)


NAMES = ("size", "se", "exact_z", "exact_p", "unbiased", "unbiased_se", "ci_lower", "ci_upper", "")
NAMES += ("close_z", "close_p")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", [case for case in WITH_Z if len(labels(case)) == 1])
def test_sizes_are_lavaans(case: str, kind: str) -> None:
    ours = residual_table(fitted(case), kind=kind).size.set_index("part")
    summary = stored(case, kind)[0][1]["summary"]
    theirs = pd.DataFrame([row[1:] for row in summary["rows"]], columns=summary["columns"][1:], index=NAMES)
    found = theirs["cor"].drop("").astype(float)
    if found["unbiased"] == 0:  # lavaan then gives no test of exact fit
        found = found.drop(["exact_z", "exact_p"])
    close(ours.loc["cov", list(found.index)].astype(float), found, case)
    # Thresholds are reproduced, so that the size of all residuals follows from that of correlations.
    assert ours.loc["threshold", "size"] == pytest.approx(0.0, abs=1e-7)
    for name in ("size", "se"):
        assert ours.loc["total", name] == pytest.approx(theirs.loc[name, "total"], rel=1e-5)


def test_size_of_all_residuals_counts_reproduced_thresholds() -> None:
    """lavaan orders residuals and their covariances differently where it estimates the size of all."""
    found = residual_table(fitted("ordinal-two-factors-delta")).size.set_index("part")
    shrunk = math.sqrt(36 / (36 + 40))
    for name in ("size", "unbiased", "unbiased_se"):
        assert found.loc["total", name] == pytest.approx(found.loc["cov", name] * shrunk, rel=1e-6)


def test_fit_measures_are_sizes_of_residuals() -> None:
    result = fitted("ordinal-two-factors-delta")
    for kind, name in (("bentler", "srmr"), ("bollen", "crmr_nomean")):
        size = residual_table(result, kind=kind).size.set_index("part").loc["cov", "size"]
        assert size == pytest.approx(result.fit_measures[name], rel=1e-9)


def test_standardised_residuals_are_standard_normal_when_the_model_is_true() -> None:
    """The spread of residuals over samples from the model is the one that their standard errors say."""
    rng, n = np.random.default_rng(20260122), 400
    loading = np.array([0.8, 0.7, 0.6, 0.75])
    found = []
    for _ in range(60):
        y = rng.normal(size=(n, 1)) * loading + rng.normal(size=(n, 4)) * np.sqrt(1 - loading**2)
        data = pd.DataFrame(np.digitize(y, [-1.0, 0.2, 1.0]), columns=["a", "b", "c", "d"])
        table = residual_table(fit_sem("f =~ a + b + c + d", data, ordered=True), sort=False)
        found.append(table.frame.query("op == '~~' and lhs != rhs")["z"].to_numpy())
    spread = np.asarray(found).std(axis=0)
    assert np.abs(spread - 1.0).max() < 0.25


def test_refused_without_the_covariances_of_the_statistics() -> None:
    case = "ordinal-dwls-two-factors"
    with pytest.raises(ArgumentError, match="WLSMV"):
        residual_table(fitted(case))


@pytest.mark.parametrize("case", CASES)
def test_plain_residuals_and_implied_statistics(case: str) -> None:
    """`residuals` and `implied` of a group are in the metric of the statistics, in both parameterisations."""
    for (_, theirs), group in zip(stored(case, "raw"), fitted(case).groups, strict=True):
        cov = symmetric(theirs["cov"])
        found, implied = group.residuals, group.implied
        close(found.raw.loc[cov.index, cov.columns], cov, case)
        assert found.threshold is not None
        close(found.threshold[list(theirs["th"])], list(theirs["th"].values()), case)
        ordinal = [name for name in implied.cov.index if name in group.model.ordered]
        np.testing.assert_allclose(np.diag(implied.cov.loc[ordinal, ordinal]), 1.0, rtol=1e-9)
        if "slopes" in theirs:
            assert found.slope is not None
            close(found.slope.to_numpy().ravel(), unstacked(theirs["slopes"], found.slope), case)


def unstacked(theirs: dict[str, Any], like: pd.DataFrame) -> Any:
    frame = pd.DataFrame(theirs["rows"], columns=theirs["columns"]).set_index("row").astype(float)
    return frame.loc[like.index, like.columns].to_numpy().ravel()


def test_residuals_of_a_group_are_those_of_its_rows_alone_with_nothing_equal() -> None:
    case = "ordinal-groups-nothing-delta"
    rows = frame_of(case)
    options = {k: v for k, v in read(case)["options"].items() if k != "group"}
    both = residual_table(fitted(case), sort=False).frame
    for number, label in enumerate(labels(case), start=1):
        own = rows[rows["site"] == label]
        alone = residual_table(fit_sem(read(case)["model"], own, **options), sort=False).frame
        part = both[both["group"] == number].reset_index(drop=True)
        np.testing.assert_allclose(part["residual"], alone["residual"], atol=1e-6)
        np.testing.assert_allclose(part["se"], alone["se"], rtol=1e-5, atol=1e-9)
