"""Given the same rows or draws as lavaan, the same estimates or limits; Monte Carlo limits of semTools."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import holzinger
from trustmeasure.sem import SemResult, bootstrap, effects, fit_sem, monte_carlo_intervals
from trustmeasure.sem.intervals import limits, mean_and_spread
from trustmeasure.sem.resampled_rows import moments_of, rows_of
from trustmeasure.sem.resampling import plan_of
from trustmeasure.sem.row_values import RowValues

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "sem_resample" / "draws.json").read_text(encoding="utf-8")
)
CASES = list(REFERENCE["cases"])
KEYS = ["lhs", "op", "rhs", "group"]


@cache
def fitted(case: str) -> SemResult:
    stored = REFERENCE["cases"][case]
    options = {name.replace(".", "_"): value for name, value in stored["options"].items()}
    return fit_sem(stored["model"], holzinger(), **options)


def rows_by_name(frame: pd.DataFrame) -> pd.Series:
    """Return the position of each row, also under the name in which a covariance is turned round."""
    turned = frame.rename(columns={"lhs": "rhs", "rhs": "lhs"})[frame["op"] == "~~"]
    both = pd.concat([frame[KEYS], turned[KEYS]])
    return pd.Series(both.index, index=pd.MultiIndex.from_frame(both)).groupby(level=KEYS).first()


def positions(case: str, names: str) -> tuple[np.ndarray, np.ndarray]:
    """Return which row of ours each of lavaan's is: theirs, ours."""
    known = rows_by_name(fitted(case).parameters)
    theirs = pd.DataFrame(REFERENCE["cases"][case][names])
    found = known.reindex(pd.MultiIndex.from_frame(theirs[KEYS]))
    at = np.flatnonzero(found.notna().to_numpy())
    return at, found.to_numpy()[at].astype(int)


@pytest.mark.parametrize("case", CASES)
def test_the_same_rows_give_the_same_estimates(case: str) -> None:
    stored, fit = REFERENCE["cases"][case], fitted(case)
    group = stored["options"].get("group")
    rows = rows_of(fit, holzinger(), group, None)
    plan = plan_of(fit, rows, "nonparametric", 1)
    index = [np.array(part) - 1 for part in stored["index"]]
    counts = tuple(
        np.stack([np.bincount(i, minlength=r.n_units) for i in index[g]]).astype(np.uint16)
        for g, r in enumerate(rows)
    )
    found = plan.fitter.fit(moments_of(rows, counts))
    np.testing.assert_allclose(found.chisq, stored["chisq"], rtol=1e-6)
    values = RowValues.of(plan.table, plan.fitter.rams, found.theta)
    theirs, ours = positions(case, "std_names")
    assert theirs.size >= len(fit.model.parameters)
    np.testing.assert_allclose(
        values.std_all[:, ours], np.array(stored["std"])[:, theirs], rtol=2e-4, atol=2e-5
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["percentile", "normal", "bc"])
def test_the_same_draws_give_the_same_limits(case: str, kind: str) -> None:
    stored = REFERENCE["cases"][case]
    names = pd.DataFrame(stored["names"])
    draws, free = np.array(stored["coef"], dtype=float), stored["free"]
    draws = draws[np.isfinite(draws).all(axis=1)]
    label = names["lhs"] + names["op"] + names["rhs"]
    suffix = [f".g{g}" if g > 1 else "" for g in names["group"]]
    name = [a + b for a, b in zip(label, suffix, strict=True)]
    rows = [i for i, one in enumerate(name) if one in free]
    assert len(rows) >= len(free) - 2  # labelled parameters go by their labels
    columns = [free.index(name[i]) for i in rows]
    low, high = limits(draws[:, columns], np.array(stored["est"])[rows], 0.95, kind)
    se = mean_and_spread(draws[:, columns])[1]
    # lavaan divides the squared deviations of the draws by their number, not by one less.
    lavaan = np.sqrt((len(draws) - 1) / len(draws))
    np.testing.assert_allclose(lavaan * se, np.array(stored["se"])[rows], rtol=1e-7)
    if kind == "normal":
        middle, half = (low + high) / 2, lavaan * (high - low) / 2
        low, high = middle - half, middle + half
    np.testing.assert_allclose(low, np.array(stored["limits"][kind]["lower"])[rows], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(high, np.array(stored["limits"][kind]["upper"])[rows], rtol=1e-7, atol=1e-9)


def test_monte_carlo_limits_are_those_of_semtools() -> None:
    fit = fit_sem(REFERENCE["cases"]["mediation"]["model"], holzinger())
    ours = monte_carlo_intervals(fit, 400_000, seed=1).iloc[0]
    path = (
        effects(fit, interval="monte_carlo", n=400_000, seed=2).query("path == 'x2 -> x1 -> textual'").iloc[0]
    )
    plain, standard = (REFERENCE["monte_carlo"][k][0] for k in ("plain", "std_all"))
    for found in (ours, path):
        assert found["estimate"] == pytest.approx(plain["est"], rel=1e-5)
        assert found["ci_lower"] == pytest.approx(plain["ci.lower"], abs=3e-4)
        assert found["ci_upper"] == pytest.approx(plain["ci.upper"], abs=3e-4)
        assert found["std_all"] == pytest.approx(standard["est.std"], rel=1e-5)
        assert found["std_all_ci_lower"] == pytest.approx(standard["ci.lower"], abs=2e-3)
        assert found["std_all_ci_upper"] == pytest.approx(standard["ci.upper"], abs=2e-3)


@pytest.mark.parametrize("kind", ["percentile", "bc", "bca", "normal"])
def test_effects_from_draws_are_those_of_the_definition(kind: str) -> None:
    fit = fitted("mediation")
    draws = bootstrap(fit, holzinger(), 300, seed=1)
    path = effects(fit, bootstrap=draws, interval=kind).query("path == 'x2 -> x1 -> textual'").iloc[0]
    wanted = draws.parameters(kind).query("op == ':='").iloc[0]
    for column in (
        "estimate",
        "se",
        "ci_lower",
        "ci_upper",
        "std_all_se",
        "std_all_ci_lower",
        "std_all_ci_upper",
    ):
        assert path[column] == pytest.approx(wanted[column], rel=1e-10)
