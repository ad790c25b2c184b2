"""Bootstrap of ordinal fits: draws against lavaan's, failures by cause, and what a seed means."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.draw_causes import CAUSES, EMPTY
from trustmeasure.sem.ordinal.resampling import OrdinalPlan, ordinal_plan
from trustmeasure.sem.row_values import RowValues

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
CASES = sorted(path.stem for path in (REFERENCE / "ordinal_resample").glob("*.json"))
MODEL = "f =~ q1 + b*q2 + q3 + q4\ntwice := 2*b"


def read(name: str) -> pd.DataFrame:
    """Return the answers that R read."""
    return pd.read_csv(REFERENCE / "ordinal_diagnosis" / "data" / f"{name}.csv")


def _rare(data: pd.DataFrame) -> pd.DataFrame:
    data.loc[data["q1"] == 1, "q1"] = 2
    data.loc[6, "q1"] = 1
    return data


CHANGES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "groups": lambda d: d.assign(half=np.where(np.arange(len(d)) % 2, "second", "first")),
    "covariate": lambda d: d.assign(age=(np.arange(1, len(d) + 1) * 37 % 41) / 10 + d["q1"]),
    "mixed": lambda d: d.assign(q6=d["q6"] + (np.arange(1, len(d) + 1) * 29 % 17) / 10),
    "rare": _rare,
}
OPTIONS = {"group.equal": "group_equal", "std.lv": "std_lv"}


def case(name: str) -> tuple[dict[str, Any], tm.SemResult, OrdinalPlan]:
    """Return what lavaan gave, our fit to all rows, and its plan."""
    found: dict[str, Any] = json.loads(
        (REFERENCE / "ordinal_resample" / f"{name}.json").read_text(encoding="utf-8")
    )
    data = CHANGES.get(name, lambda d: d)(read(found["data"]))
    options = {OPTIONS.get(k, k): v for k, v in found["options"].items()}
    fit = tm.fit_sem(found["model"], data, **options)
    return found, fit, ordinal_plan(fit, data, 1, options.get("group"), None)


def counts_of(index: list[list[int]], n: int) -> np.ndarray:
    """Return how often each of n rows is in each draw."""
    return np.stack([np.bincount(np.array(rows) - 1, minlength=n) for rows in index]).astype(np.uint16)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CASES)
def test_draws_are_lavaans(name: str) -> None:
    theirs, fit, plan = case(name)
    found = plan.fit(
        tuple(counts_of(i, s.n_units) for i, s in zip(theirs["index"], plan.sources, strict=True))
    )
    failed = [row[0] is None for row in theirs["theta"]]
    assert np.isnan(found.theta).any(axis=1).tolist() == failed
    assert (found.cause == EMPTY).tolist() == failed
    solved = np.flatnonzero(~np.array(failed))
    chisq = np.array(theirs["chisq"], dtype=float)[solved]
    # lavaan stops one draw of "mixed" a little before its minimum.
    np.testing.assert_allclose(found.chisq[solved], chisq, rtol=2e-5)
    assert np.median(np.abs(found.chisq[solved] / chisq - 1)) < 1e-6
    values = RowValues.of(plan.table, plan.rams, found.theta[solved])
    rows = pd.MultiIndex.from_frame(fit.parameters[["lhs", "op", "rhs", "group"]])
    names = pd.DataFrame(theirs["std_names"])
    std = pd.DataFrame(values.std_all.T, index=rows)
    keys = list(names[["lhs", "op", "rhs", "group"]].itertuples(index=False, name=None))
    compared = [i for i, (_, op, _, _) in enumerate(keys) if op != "~*~"]
    ours = np.stack([std.loc[keys[i]].to_numpy().ravel() for i in compared], axis=1)
    theirs_std = np.array([theirs["std"][k] for k in solved], dtype=float)[:, compared]
    np.testing.assert_allclose(ours, theirs_std, rtol=2e-5, atol=2e-6)
    free = {n: i for i, n in enumerate(fit.model.free_names)}
    same = [(i, free[n]) for i, n in enumerate(theirs["free"]) if n in free]
    theta = np.array([theirs["theta"][k] for k in solved], dtype=float)
    assert same or name in {"groups", "equal"}
    np.testing.assert_allclose(
        found.theta[solved][:, [j for _, j in same]], theta[:, [i for i, _ in same]], rtol=2e-5, atol=2e-6
    )


@pytest.fixture(scope="module")
def fit() -> tm.SemResult:
    """Return a fit to all rows."""
    return tm.fit_sem(MODEL, read("likert"), ordered=True)


def test_one_seed_gives_the_same_draws_whoever_makes_them(fit: tm.SemResult) -> None:
    data = read("likert")
    alone = tm.bootstrap(fit, data, 230, seed=3, workers=1, progress=False)
    shared = tm.bootstrap(fit, data, 230, seed=3, workers=2, progress=False)
    np.testing.assert_array_equal(alone.theta, shared.theta)
    part = tm.bootstrap(fit, data, 120, seed=3, progress=False)
    longer = tm.bootstrap(fit, data, 230, seed=3, progress=False, resume=part)
    np.testing.assert_array_equal(longer.theta, alone.theta)
    other = tm.bootstrap(fit, data, 120, seed=4, progress=False)
    assert np.abs(other.theta - part.theta).max() > 0.01


def test_errors_are_near_the_robust_ones(fit: tm.SemResult) -> None:
    found = tm.bootstrap(fit, read("likert"), 400, seed=1, progress=False)
    assert found.failures.sum() == 0
    frame = found.parameters()
    free = fit.parameters["se"].to_numpy() > 0
    ratio = frame["se"].to_numpy()[free] / fit.parameters["se"].to_numpy()[free]
    assert 0.9 < np.median(ratio) < 1.15
    assert (ratio > 0.7).all()
    assert (ratio < 1.6).all()
    indirect = frame[frame["lhs"] == "twice"].iloc[0]
    slope = frame[frame["label"] == "b"].iloc[0]
    assert indirect["se"] == pytest.approx(2 * slope["se"], rel=1e-10)


def test_standard_errors_of_a_fit(fit: tm.SemResult) -> None:
    data = read("likert")
    asked = tm.fit_sem(MODEL, data, ordered=True, se="bootstrap", seed=1, n_bootstrap=200)
    draws = tm.bootstrap(fit, data, 200, seed=1, progress=False)
    ours = asked.parameters.set_index(["lhs", "op", "rhs"])
    theirs = draws.parameters().set_index(["lhs", "op", "rhs"])
    for relation in (("f", "=~", "q2"), ("f", "~~", "f"), ("q1", "|", "t1")):
        assert ours.loc[relation, "se"] == pytest.approx(theirs.loc[relation, "se"], rel=1e-10)
        assert ours.loc[relation, "ci_lower"] == pytest.approx(theirs.loc[relation, "ci_lower"], rel=1e-10)
    assert asked.estimator == "WLSMV"


def test_residual_variances_and_scales_are_drawn_too() -> None:
    """Both parameterisations are the same model, so what follows from the draws is the same."""
    data = read("likert")
    fits = [tm.fit_sem(MODEL, data, ordered=True, parameterization=p) for p in ("delta", "theta")]
    frames = [tm.bootstrap(f, data, 60, seed=2, progress=False).parameters() for f in fits]
    for frame, kind in zip(frames, ("~~", "~*~"), strict=True):
        rows = frame[(frame["op"] == kind) & frame["lhs"].str.startswith("q")]
        assert (rows["se"] > 0.001).all()
    delta, theta = (f.set_index(["lhs", "op", "rhs"]) for f in frames)
    loadings = [i for i in delta.index if i[1] == "=~"]
    np.testing.assert_allclose(
        delta.loc[loadings, "std_all_se"].to_numpy(dtype=float),
        theta.loc[loadings, "std_all_se"].to_numpy(dtype=float),
        rtol=1e-5,
    )


def test_a_vanished_category_is_counted_and_nothing_is_merged() -> None:
    data = _rare(read("likert"))
    fit = tm.fit_sem("f =~ q1 + q2 + q3 + q4", data, ordered=True)
    found = tm.bootstrap(fit, data, 200, seed=1, progress=False)
    lost = int(found.failures[CAUSES[EMPTY]])
    assert 50 < lost < 100  # (1 - 1 / 250)^250 = 0.37
    assert np.isnan(found.theta[found.cause == EMPTY]).all()
    assert found.solved.sum() == 200 - lost
    assert "category or pair of variables without answers" in repr(found)
    with pytest.warns(UserWarning, match="draws failed: category"):
        tm.fit_sem("f =~ q1 + q2 + q3 + q4", data, ordered=True, se="bootstrap", seed=1, n_bootstrap=50)


def test_clusters_are_drawn_whole(fit: tm.SemResult) -> None:
    data = read("likert").assign(town=np.arange(250) // 5)
    found = tm.bootstrap(fit, data, 20, seed=1, cluster="town", progress=False)
    plan = found.plan
    assert isinstance(plan, OrdinalPlan)
    assert plan.sources[0].n_units == 50
    assert found.solved.all()


def test_bias_corrected_limits_leave_one_row_out(fit: tm.SemResult) -> None:
    data = read("likert")
    found = tm.bootstrap(fit, data, 60, seed=1, progress=False)
    left = found.left_out[0]
    assert left.shape == (250, found.theta.shape[1])
    alone = tm.fit_sem(MODEL, data.drop(index=17), ordered=True)
    np.testing.assert_allclose(left[17], alone.theta, atol=1e-6)
    assert found.parameters("bca")["ci_lower"].notna().any()


def test_constraints_that_are_not_linear() -> None:
    data = read("likert")
    model = "f =~ NA*q1 + a*q1 + b*q2 + c*q3 + q4\nf ~~ 1*f\na*b == c"
    fit = tm.fit_sem(model, data, ordered=True)
    found = tm.bootstrap(fit, data, 6, seed=1, progress=False)
    a, b, c = (found.draws[:, fit.model.free_names.index(n)] for n in "abc")
    np.testing.assert_allclose(a * b, c, atol=1e-8)


WAYS = {
    "measured": ("f =~ q1 + q2 + q3 + q4", True),
    "ordinal causes": ("q2 ~ q1\nq3 ~ q2\nq4 ~ q3 + q1", ["q2", "q3", "q4"]),
}


@pytest.mark.parametrize("estimator", ["WLSMV", "WLS", "ULSMV"])
@pytest.mark.parametrize("name", WAYS)
def test_quick_and_careful_ways_agree(name: str, estimator: str) -> None:
    model, ordered = WAYS[name]
    fit = tm.fit_sem(model, read("likert"), ordered=ordered, estimator=estimator)
    plan = ordinal_plan(fit, read("likert"), 1, None, None)
    quick = plan.chunk(0, 5)
    slow = OrdinalPlan(
        plan.result,
        plan.table,
        plan.rams,
        replace(plan.fitter, quick=False),
        plan.seed,
        plan.sources,
    ).chunk(0, 5)
    np.testing.assert_allclose(quick.theta, slow.theta, atol=1e-6)
    np.testing.assert_allclose(quick.chisq, slow.chisq, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (lambda d: d, {"kind": "bollen-stine"}, 'is not there for ordinal variables. Use kind="parametric"'),
        (lambda d: d.iloc[:-1], {}, "do not give the thresholds and correlations"),
        (lambda d: d.sample(frac=1.0, replace=True, random_state=1), {}, "do not give the thresholds"),
    ],
)
def test_what_is_refused(
    fit: tm.SemResult, change: Callable[[pd.DataFrame], pd.DataFrame], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ArgumentError, match=said):
        tm.bootstrap(fit, change(read("likert")), 5, seed=1, **options)


def test_samples_from_the_model_test_it(fit: tm.SemResult) -> None:
    found = tm.bootstrap(fit, n=250, seed=1, kind="parametric", progress=False)
    assert found.solved.all()
    centre, spread = found.draws.mean(axis=0), found.draws.std(axis=0)
    assert (np.abs(centre - fit.theta) < 5 * spread / np.sqrt(250) + 0.03).all()
    errors = np.sqrt(np.diag(np.asarray(fit.theta_cov)))
    assert 0.9 < np.median(spread / errors) < 1.1
    # The model holds; its bootstrapped test agrees with the scaled and shifted one.
    assert found.p_value == pytest.approx(fit.fit_measures["pvalue_scaled"], abs=0.12)
    alone = tm.bootstrap(fit, n=130, seed=1, kind="parametric", workers=1, progress=False)
    np.testing.assert_array_equal(alone.theta, found.theta[:130])


def test_a_wrong_model_is_rejected_by_samples_from_it() -> None:
    data = tm.simulate(
        "f =~ 0.8*a + 0.8*b\ng =~ 0.8*c + 0.8*d\nf ~~ 0.2*g\na + b + c + d | -0.5*t1 + 0.6*t2", 400, seed=1
    )
    wrong = tm.fit_sem("f =~ a + b + c + d", data, ordered=True)
    assert tm.bootstrap(wrong, n=100, seed=1, kind="parametric", progress=False).p_value < 0.02


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({}, {"estimator": "WLS"}, "estimator='WLS'"),
        ({"q1": np.nan}, {"missing": "pairwise"}, "missing='pairwise'"),
        ({}, {"ordered": ["q1", "q2", "q3"]}, "continuous variables beside ordinal ones"),
    ],
)
def test_models_that_are_not_drawn_from(change: dict[str, float], options: dict[str, Any], said: str) -> None:
    data = read("likert").astype(float)
    for name, value in change.items():
        data.loc[:5, name] = value
    fit = tm.fit_sem("f =~ q1 + q2 + q3 + q4", data, **{"ordered": True, **options})
    with pytest.raises(ArgumentError, match=said):
        tm.bootstrap(fit, n=5, seed=1, kind="parametric")


def test_groups_must_be_said_and_be_the_same() -> None:
    data = CHANGES["groups"](read("likert"))
    fit = tm.fit_sem("f =~ q1 + q2 + q3", data, ordered=True, group="half")
    with pytest.raises(ArgumentError, match="The model has groups"):
        tm.bootstrap(fit, data, 5, seed=1)
    with pytest.raises(ArgumentError, match="The data have the groups b, a"):
        tm.bootstrap(
            fit, data.assign(half=data["half"].map({"first": "b", "second": "a"})), 5, seed=1, group="half"
        )
    found = tm.bootstrap(fit, data, 5, seed=1, group="half", progress=False)
    assert found.solved.all()


def test_when_no_draw_can_be_fitted() -> None:
    data = _rare(read("likert"))
    fit = tm.fit_sem("f =~ q1 + q2 + q3 + q4", data, ordered=True)
    plan = ordinal_plan(fit, data, 1, None, None)
    counts = np.ones((3, 250), dtype=np.uint16)
    counts[:, 6] = 0
    found = plan.fit((counts,))
    assert (found.cause == EMPTY).all()
    assert np.isnan(found.theta).all()
