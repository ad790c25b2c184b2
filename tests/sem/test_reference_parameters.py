"""Estimates, standard errors and standardised values against lavaan 0.6-14, by name.

The stored solutions are tighter than 1e-8 in the parameters (tests/reference/sem/_reference.R), so the
tolerance of 1e-5 relative is ours to keep. What is zero in theory is held to a small part of its standard
error.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import (
    CASES,
    fitted,
    group_pairs,
    lavaan_parameters,
    our_parameters,
    read,
    relation,
    symmetric,
)

RELATIVE = 1e-5
OF_ERROR = 1e-6
"""An absolute difference allowed besides, as a part of the standard error: for values at or near zero."""
PROBABILITY = 1e-12
"""lavaan writes 2 * (1 - pnorm(z)), which has no digits below this."""


def close(ours: pd.Series, theirs: pd.Series, absolute: pd.Series | float = 0.0) -> None:
    """Fail with a table of the values that differ by more than RELATIVE and `absolute`."""
    gap = (ours - theirs).abs()
    wrong = (gap > RELATIVE * theirs.abs() + absolute) | (ours.isna() != theirs.isna())
    table = pd.DataFrame({"ours": ours, "lavaan": theirs, "gap": gap})[wrong]
    assert not wrong.any(), f"\n{table.to_string()}"


@pytest.mark.parametrize("case", CASES)
def test_the_same_parameters_with_the_same_labels(case: str) -> None:
    ours, theirs = our_parameters(case), lavaan_parameters(case)
    assert list(ours.index) == list(theirs.index)
    # What group_equal or equal() holds equal has a label of ours (`f=~x2.all`) and one of lavaan's (`.p2.`).
    labels = ours["label"].mask(ours["label"].str.contains("~"), "")
    assert labels.to_dict() == theirs["label"].to_dict()
    assert ours.index.is_unique


@pytest.mark.parametrize("case", CASES)
def test_estimates_and_standard_errors(case: str) -> None:
    ours, theirs = our_parameters(case), lavaan_parameters(case)
    close(ours["estimate"], theirs["estimate"], OF_ERROR * theirs["se"])
    close(ours["se"], theirs["se"])


@pytest.mark.parametrize("case", CASES)
def test_z_probabilities_and_intervals(case: str) -> None:
    ours, theirs = our_parameters(case), lavaan_parameters(case)
    close(ours["z"], theirs["z"], OF_ERROR)
    # A probability moves by about z squared times as much, relatively, as its z.
    close(ours["p_value"], theirs["p_value"], PROBABILITY + RELATIVE * theirs["z"] ** 2 * theirs["p_value"])
    for column in ("ci_lower", "ci_upper"):
        close(ours[column], theirs[column], RELATIVE * theirs["se"])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("column", ["std_lv", "std_all"])
def test_standardised_solutions(case: str, column: str) -> None:
    close(our_parameters(case)[column], lavaan_parameters(case)[column], 1e-8)


@pytest.mark.parametrize("case", CASES)
def test_explained_variances(case: str) -> None:
    for stored, ours in group_pairs(case):
        theirs = pd.Series(stored["r_squared"], dtype="float64").sort_index()
        close(ours.r_squared.sort_index(), theirs, 1e-8)


@pytest.mark.parametrize("case", CASES)
def test_covariances_of_the_estimates(case: str) -> None:
    theirs = symmetric(read(case)["vcov"])
    ours = covariances_by_relation(case, list(theirs.index))
    error = np.sqrt(np.diag(theirs))
    gap = (ours - theirs).abs().to_numpy()
    assert (gap <= RELATIVE * theirs.abs().to_numpy() + OF_ERROR * np.outer(error, error)).all(), gap.max()


def covariances_by_relation(case: str, relations: list[str]) -> pd.DataFrame:
    """Return our covariance matrix with one row a relation, as lavaan has it: equal parameters repeat."""
    result = fitted(case)
    name = {
        relation(p.lhs, p.op, p.rhs, p.group): result.model.free_names[p.free - 1]
        for p in result.model.parameters
        if p.free
    }
    wanted = [name[relation(*split(stored))] for stored in relations]
    found = result.vcov.loc[wanted, wanted]
    return found.set_axis(relations).set_axis(relations, axis=1)


def split(stored: str) -> tuple[str, str, str, int]:
    """Return left side, operator, right side (empty for an intercept) and group of `lhs op rhs[.g2]`."""
    text, _, group = stored.rpartition(".g") if re.search(r"\.g\d+$", stored) else (stored, "", "1")
    lhs, op, *rhs = text.split(" ")
    return lhs, op, "".join(rhs), int(group)


@pytest.mark.parametrize("case", CASES)
def test_every_free_parameter_is_in_lavaans_covariance_matrix(case: str) -> None:
    ours = {relation(p.lhs, p.op, p.rhs, p.group) for p in fitted(case).model.parameters if p.free}
    theirs = {relation(*split(name)) for name in read(case)["vcov"]["names"]}
    assert ours == theirs
