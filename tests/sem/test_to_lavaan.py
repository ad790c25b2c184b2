"""Models written for lavaan: lavaan fits the stored texts to our numbers, and we still write these."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

import trustmeasure as tm
from tests.reference.sem_exports.make_texts import CASES, FOLDER, fit, written
from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError, ModelSyntaxError
from trustmeasure.sem import SemResult, parse_model

fitted = cache(fit)
WORDED = {"npar": "npar", "df": "df", "chisq": "chisq", "chisq.scaled": "chisq_scaled", "logl": "logl"}


def stored(case: str) -> dict[str, Any]:
    """Return what lavaan found with the stored text."""
    found: dict[str, Any] = json.loads((FOLDER.parent / f"{case}.json").read_text(encoding="utf-8"))
    return found


def sum_of(result: SemResult, op: str) -> float:
    """Return the sum of absolute estimates with an operator, of which lavaan writes all."""
    rows = result.parameters[result.parameters["op"] == op]
    return float(rows["estimate"].abs().sum())


@pytest.mark.parametrize("case", CASES)
def test_the_text_is_the_one_that_lavaan_fitted(case: str) -> None:
    assert written(case) == (FOLDER / f"{case}.lav").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_lavaan_finds_our_numbers_with_it(case: str) -> None:
    ours, theirs = fitted(case), stored(case)
    assert (ours.npar, ours.df) == (theirs["npar"], theirs["df"])
    for name in ("chisq", "chisq.scaled", "logl"):
        if name in theirs:
            assert ours.fit_measures[WORDED[name]] == pytest.approx(theirs[name], rel=1e-6), name
    for op in ("=~", "~", "~~"):
        if f"sum {op}" in theirs:
            assert sum_of(ours, op) == pytest.approx(theirs[f"sum {op}"], rel=1e-4), op


@pytest.mark.parametrize("case", [c for c in CASES if c != "export-names"])
def test_the_text_gives_the_same_model_here(case: str) -> None:
    """Read again by our own parser, the text is a model with the same parameters."""
    table = fitted(case).model
    again = parse_model(
        str(tm.to_lavaan(table)),
        n_groups=table.n_groups,
        meanstructure=table.meanstructure,
        fixed_x=bool(table.exogenous) or not table.covariates,
    )
    assert again.n_free == table.n_free
    assert len(again.constraints) == len(table.constraints)

    def rows(model: tm.ParameterTable) -> set[tuple[Any, ...]]:
        return {
            (*sorted((p.lhs, p.rhs)), p.op, p.group, bool(p.free), None if p.free or p.exogenous else p.value)
            for p in model.parameters
        }

    assert rows(again) == rows(table)


def test_names_that_r_does_not_allow_are_replaced_one_to_one() -> None:
    export = tm.to_lavaan("信任 =~ if + _x + Größe + grosse + if2\n满意 ~ 信任")
    assert len(set(export.names.values())) == len(export.names) == 7
    assert export.names["if2"] == "if2"
    assert export.names["if"] == "if3"
    assert "Renamed for R: " in repr(export)
    assert export.renamed.keys() == {"信任", "if", "_x", "Größe", "满意"}
    assert str(export).isascii()


def test_constraints_bounds_starts_and_definitions_are_written() -> None:
    text = str(tm.to_lavaan("f =~ x1 + lower(0)*a*x2 + start(0.4)*x3 + upper(3)*x4\nb := -a^2\na < 2 + 1"))
    for part in ("a*x2 + lower(0)*x2", "start(0.4)*x3", "upper(3)*x4", "b := 0 - (a ^ 2)", "(2 + 1) - a > 0"):
        assert part in text


def test_the_call_says_how_it_was_fitted() -> None:
    data = holzinger().astype({"x1": float})
    data.loc[:9, "x1"] = np.nan
    fiml = tm.to_lavaan(tm.fit_sem(HS_MODEL, data, missing="fiml"), data="d")
    assert fiml.call == (
        'sem(model, data = d, estimator = "ML", meanstructure = TRUE, fixed.x = TRUE, missing = "fiml")'
    )
    assert "<pre>visual =~ 1*x1" in fiml._repr_html_()


def test_what_is_refused() -> None:
    with pytest.raises(ArgumentError, match="model is a int; give a model text"):
        tm.to_lavaan(3)  # type: ignore[arg-type]  # what a wrong call says
    with pytest.raises(ModelSyntaxError):
        tm.to_lavaan("f = x1")
