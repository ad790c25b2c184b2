"""Auxiliary variables: semTools' numbers, and what must hold besides."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import by_key, option, published, table, with_gaps
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.sem import SemResult, fit_sem, parse_model, residual_table

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "sem_auxiliary"
CASES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\ntextual ~ b*visual"


@cache
def read(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{case}.json").read_text(encoding="utf-8"))
    return found


@cache
def fitted(case: str) -> SemResult:
    stored = read(case)
    data = with_gaps(published(stored["data"]["source"]), **stored["data"]["gaps"])
    options = {name.replace(".", "_"): option(name, value) for name, value in stored["options"].items()}
    return fit_sem(stored["model"], data, auxiliary=stored["auxiliary"], **options)


def gaps() -> pd.DataFrame:
    return with_gaps(published("holzinger39"), [f"x{i}" for i in range(1, 10)], 11)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("column", ["estimate", "se", "std_lv", "std_all"])
def test_parameters(case: str, column: str) -> None:
    ours, theirs = by_key(fitted(case).parameters), table(read(case)["parameters"])
    assert list(ours.index) == list(theirs.index)
    # One gradient of lavaan's stays at 1e-7 (Political Democracy in its raw units).
    np.testing.assert_allclose(ours[column], theirs[column], rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("case", CASES)
def test_fit_measures(case: str) -> None:
    names = {"ntotal": "n_obs", "rmsea.ci.level": "rmsea_ci_level"}
    stored = {
        names.get(name, name.replace(".", "_")): np.nan if value is None else value
        for name, value in read(case)["fit_measures"].items()
    }
    ours = fitted(case).fit_measures
    wanted = pd.Series(stored)
    assert set(wanted.index) <= set(ours.index)
    np.testing.assert_allclose(ours[wanted.index], wanted, rtol=1e-6, atol=2e-5)
    assert fitted(case).n_obs == read(case)["n_obs"]


def test_parameters_are_marked_and_not_shown() -> None:
    fit = fitted("auxiliary-structure")
    marked = fit.parameters[fit.parameters.auxiliary]
    assert set(marked.lhs) == {"x7", "ageyr"}
    assert len(marked) == 2 + 1 + 2 + 2 * 6
    assert not fit.parameters[~fit.parameters.auxiliary].lhs.isin(["x7", "ageyr"]).any()
    text = str(fit.summary())
    assert "Auxiliary variables (saturated correlates, not shown): x7, ageyr." in text
    assert text.count("ageyr") == 1
    assert "auxiliary" not in fit_sem(MODEL, gaps(), missing="fiml").parameters


def test_residual_measures_are_of_the_models_own_variables() -> None:
    fit = fitted("auxiliary-structure")
    own = [f"x{i}" for i in range(1, 7)]
    assert list(fit.residuals.raw.columns) == own
    sd = np.sqrt(np.diag(fit.groups[0].moments.cov)[:6])
    gap = fit.residuals.raw.to_numpy() / np.outer(sd, sd)
    every = np.concatenate([gap[np.tril_indices(6)], fit.residuals.mean / sd])
    assert fit.fit_measures["srmr"] == pytest.approx(np.sqrt(np.mean(every**2)))


def test_an_unrelated_variable_changes_nothing_but_the_digits() -> None:
    data = gaps()
    noise = np.random.default_rng(2).normal(size=len(data))
    items = data[[f"x{i}" for i in range(1, 7)]]
    known = items.fillna(items.mean()).to_numpy()
    known = np.column_stack([np.ones(len(known)), known])
    data["noise"] = noise - known @ np.linalg.lstsq(known, noise, rcond=None)[0]
    plain = fit_sem(MODEL, data, missing="fiml")
    beside = fit_sem(MODEL, data, missing="fiml", auxiliary="noise")
    assert beside.df == plain.df
    assert beside.baseline_df == plain.baseline_df
    assert beside.fit_measures["cfi"] == pytest.approx(plain.fit_measures["cfi"], abs=0.01)
    own = beside.parameters[~beside.parameters.auxiliary]
    np.testing.assert_allclose(own.estimate, plain.parameters.estimate, atol=0.02)


def test_it_takes_bias_away_that_it_explains() -> None:
    rng = np.random.default_rng(5)
    n = 5_000
    why = rng.normal(size=n)
    x = rng.normal(size=n)
    y = 0.5 * x + 0.8 * why + 0.6 * rng.normal(size=n)
    data = pd.DataFrame({"x": x, "y": np.where(why > 0.3, np.nan, y), "why": why})
    mean = "lhs == 'y' and op == '~1'"
    blind = fit_sem("y ~ x", data, missing="fiml", fixed_x=False).parameters.query(mean).estimate.item()
    aided = fit_sem("y ~ x", data, missing="fiml", auxiliary="why").parameters.query(mean).estimate.item()
    assert blind < -0.3
    assert aided == pytest.approx(0, abs=0.04)


REFUSED = {
    "listwise": ({"auxiliary": ["x7"], "missing": "listwise"}, ArgumentError, "goes with missing='fiml'"),
    "own variable": ({"auxiliary": ["x1"]}, ArgumentError, "'x1' is a variable of the model"),
    "latent variable": ({"auxiliary": ["visual"]}, ArgumentError, "'visual' is a variable of the model"),
    "twice": ({"auxiliary": ["x7", "x7"]}, ArgumentError, "'x7' more than once"),
    "no column": ({"auxiliary": ["x77"]}, DataError, "x77"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    options, error, message = REFUSED[case]
    with pytest.raises(error, match=message):
        fit_sem(MODEL, gaps(), **{"missing": "fiml", **options})


def test_no_table_of_residuals() -> None:
    with pytest.raises(ArgumentError, match=r"auxiliary variables.*result.residuals"):
        residual_table(fitted("auxiliary-structure"))


def test_a_parsed_model_says_fixed_x_itself() -> None:
    fixed = parse_model("x4 ~ x1 + x2", meanstructure=True)
    with pytest.raises(ArgumentError, match="fixed_x=False to parse_model"):
        fit_sem(fixed, gaps(), missing="fiml", auxiliary="x7")
    free = parse_model("x4 ~ x1 + x2", meanstructure=True, fixed_x=False)
    fit = fit_sem(free, gaps(), missing="fiml", auxiliary="x7")
    assert fit.df == 0
