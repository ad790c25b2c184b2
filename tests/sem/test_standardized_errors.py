"""Standardised solutions with standard errors: against lavaan 0.6-14 by name, and against algebra."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.reference.sem.cases import FILES, by_key, fitted, read, table
from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import fit_sem, standardized_solution

CASES = tuple(c for c in FILES if "std_all" in read(c))
LAVAAN_ZERO = 1.3e-4
"""lavaan writes 0 for a standard error below the fourth root of the machine precision."""
COLUMNS = ["lhs", "op", "rhs", "group", "label", "estimate", "se", "z", "p_value", "ci_lower", "ci_upper"]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["std_all", "std_lv"])
def test_against_lavaan(case: str, kind: str) -> None:
    theirs, ours = table(read(case)[kind]), by_key(standardized_solution(fitted(case), kind))
    assert list(ours.index) == list(theirs.index)
    ours.loc[ours.se < LAVAAN_ZERO, ["z", "p_value"]] = np.nan
    for column, absolute in (("estimate", 1e-8), ("se", 1e-8), ("z", 1e-4)):
        np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-5, atol=absolute, err_msg=column)
    for column in ("ci_lower", "ci_upper"):
        np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-5, atol=1e-6)


def test_errors_follow_from_changes_of_each_parameter() -> None:
    """The delta method by hand: central differences of the standardised loadings."""
    fit = fit_sem(HS_MODEL, holzinger())
    assert fit.theta_cov is not None
    slopes = []
    for i in range(fit.npar):
        moved = []
        for step in (1e-6, -1e-6):
            theta = fit.theta.copy()
            theta[i] += step
            groups = tuple(replace(g, theta=theta) for g in fit.groups)
            moved.append(replace(fit, groups=groups, theta=theta).parameters.std_all.to_numpy())
        slopes.append((moved[0] - moved[1]) / 2e-6)
    by_hand = np.sqrt(np.einsum("qr,qs,sr->r", slopes, fit.theta_cov, slopes))
    np.testing.assert_allclose(standardized_solution(fit).se, by_hand, rtol=1e-6, atol=1e-8)


def test_it_does_not_depend_on_how_latent_variables_are_scaled() -> None:
    marker, unit = (fit_sem(HS_MODEL, holzinger(), std_lv=u) for u in (False, True))
    a, b = (by_key(standardized_solution(f)) for f in (marker, unit))
    np.testing.assert_allclose(a.se, b.se, rtol=1e-6, atol=1e-9)


def test_constants_have_no_error() -> None:
    rows = standardized_solution(fit_sem(HS_MODEL, holzinger()))
    assert list(rows.columns) == COLUMNS
    own = rows.query("op == '~~' and lhs == rhs and lhs in ['visual', 'textual', 'speed']")
    assert (own.se == 0).all()
    assert own.z.isna().all()
    np.testing.assert_allclose(own.ci_lower, 1.0)


def test_level_of_intervals() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), ci=0.9)
    wide, own = standardized_solution(fit, ci=0.99), standardized_solution(fit)
    np.testing.assert_allclose((own.ci_upper - own.estimate), 1.6448536269514722 * own.se, atol=1e-12)
    np.testing.assert_allclose((wide.ci_upper - wide.estimate), 2.5758293035489004 * wide.se, atol=1e-12)


def test_refused() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    with pytest.raises(ArgumentError, match="Did you mean 'std_all'"):
        standardized_solution(fit, "std.all")
    with pytest.raises(ArgumentError, match="strictly between"):
        standardized_solution(fit, ci=95)
    with pytest.raises(ArgumentError, match="no standard errors"):
        standardized_solution(replace(fit, theta_cov=None))
