"""Reliability of fitted models against lavaan and semTools (tests/reference/reliability_models/models.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from semopy.examples import holzinger39

from trustmeasure.errors import ArgumentError
from trustmeasure.reliability_analysis import (
    bifactor_indices,
    composite_reliability,
    higher_order_reliability,
    omega_total,
)
from trustmeasure.sem import bootstrap, fit_sem, simulate

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "reliability_models"
CASES = json.loads((FOLDER / "models.json").read_text(encoding="utf-8"))["cases"]
DATA = pd.DataFrame(holzinger39.get_data())
CLOSE = 1e-5  # what lavaan's stopping rule leaves
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
MODELS = {
    "three": THREE,
    "correlated": THREE.replace("x3", "x3 + x9") + "\nx1 ~~ x2",
    "second": THREE + "\nability =~ visual + textual + speed",
    "bifactor": "\n".join(
        [
            "g ~~ 0*textual + 0*speed\ntextual ~~ 0*speed",
            "g =~ " + " + ".join(f"x{i}" for i in range(1, 10)),
            *THREE.split("\n")[1:],
        ]
    ),
}


@pytest.fixture(scope="module")
def fits():
    return {name: fit_sem(model, DATA, std_lv=True) for name, model in MODELS.items()}


def near(row, name, wanted):
    assert row[name] == pytest.approx(wanted["estimate"], rel=CLOSE), name
    # errors lose a digit more of what the stopping rule leaves
    assert row[f"{name}_se"] == pytest.approx(wanted["se"], rel=3 * CLOSE), name
    margin = 1.959963984540054 * row[f"{name}_se"]
    assert row[f"{name}_ci_lower"] == pytest.approx(row[name] - margin, abs=1e-12)


@pytest.mark.parametrize("variance", ["model", "sample"])
@pytest.mark.parametrize("name", MODELS)
def test_composite_reliability(fits, name, variance):
    found = composite_reliability(fits[name], variance=variance).frame.set_index("factor")
    for factor, value in CASES[name]["comprelsem"][variance].items():
        assert found.loc[factor, "composite_reliability"] == pytest.approx(value, rel=CLOSE), factor


@pytest.mark.parametrize("name", ["three", "correlated"])
def test_maximal_reliability(fits, name):
    found = composite_reliability(fits[name]).frame.set_index("factor")
    for factor, value in CASES[name]["maximal"].items():
        assert found.loc[factor, "maximal_reliability"] == pytest.approx(value, rel=CLOSE), factor


def test_errors_of_composites(fits):
    row = composite_reliability(fits["three"], "visual").frame.iloc[0]
    wanted = CASES["three"]["defined"]
    near(row, "composite_reliability", wanted["cr"])
    near(row, "standardized", wanted["std"])
    near(row, "maximal_reliability", wanted["h"])
    other = composite_reliability(fits["correlated"], "visual").frame.iloc[0]
    near(other, "composite_reliability", CASES["correlated"]["defined"]["cr"])


def test_second_order(fits):
    row = higher_order_reliability(fits["second"]).frame.iloc[0]
    case = CASES["second"]
    assert (row["factor"], row["n_items"], row["n_factors"]) == ("ability", 9, 3)
    for ours, theirs, l2 in (
        ("omega_l1", "l1", "omegaL1"),
        ("omega_l2", "l2", "omegaL2"),
        ("partial_omega_l1", "partial", "partialOmegaL1"),
        ("omega_total", "total", None),
    ):
        near(row, ours, case["defined"][theirs])
        if l2:
            assert row[ours] == pytest.approx(case["l2"][l2], rel=CLOSE)


def test_bifactor(fits):
    found = bifactor_indices(fits["bifactor"])
    wanted, frame = CASES["bifactor"]["defined"], found.frame.set_index("factor")
    for name, key in (("omega_h", "omega_h"), ("omega", "omega"), ("ecv", "ecv"), ("h", "h")):
        near(frame.loc["g"], name, wanted[key])
    near(frame.loc["textual"], "omega_h", wanted["omega_hs"])
    near(found.scalars.iloc[0], "omega_limit", wanted["omega_limit"])
    for factor, value in CASES["bifactor"]["comprelsem"]["model"].items():
        assert frame.loc[factor, "omega_h"] == pytest.approx(value, rel=CLOSE)
    assert found.scalars.loc[0, "puc"] == pytest.approx(1 - 6 / 36)
    assert frame["ecv"].sum() == pytest.approx(1.0)


def test_one_factor_is_omega_total():
    columns = ["x4", "x5", "x6", "x9"]
    fit = fit_sem("f =~ " + " + ".join(columns), DATA)
    row, omega = composite_reliability(fit).frame.iloc[0], omega_total(DATA[columns])
    assert row["composite_reliability"] == pytest.approx(omega.omega, rel=1e-8)
    assert row["composite_reliability_se"] == pytest.approx(omega.se, rel=1e-6)


def test_the_best_weights_reach_maximal_reliability(fits):
    found = composite_reliability(fits["correlated"])
    state = fits["correlated"].groups[0]
    weights = found.weights[found.weights["factor"] == "visual"]
    at = [state.ram.variables.index(item) for item in weights["item"]]
    sigma = state.at_solution.sigma[0][np.ix_(at, at)]
    w, loading = weights["weight"].to_numpy(), weights["loading"].to_numpy() * np.sqrt(np.diag(sigma))
    reached = (w @ loading) ** 2 / (w @ sigma @ w)
    best = found.frame.set_index("factor").loc["visual", "maximal_reliability"]
    assert reached == pytest.approx(best, rel=1e-10)


def test_loadings_give_the_same_as_the_fit(fits):
    found = bifactor_indices(fits["bifactor"], standardized=True)
    lam = pd.DataFrame(0.0, index=found.items["item"], columns=["g", "textual", "speed"])
    lam["g"] = found.items["general"].to_numpy()
    for item, factor, value in found.items[["item", "factor", "specific"]].itertuples(index=False):
        if factor:
            lam.loc[item, factor] = value
    other = bifactor_indices(lam)
    names = ["omega", "omega_h", "relative", "ecv", "ecv_within", "h"]
    np.testing.assert_allclose(other.frame[names], found.frame[names], rtol=1e-10)
    assert other.frame["omega_h_se"].isna().all()
    assert other.items["iecv"].tolist() == pytest.approx(found.items["iecv"].tolist())


def test_factor_determinacy_is_the_correlation_with_regression_scores():
    lam = np.array([[0.7, 0.4, 0], [0.6, 0.5, 0], [0.5, 0.3, 0], [0.6, 0, 0.4], [0.7, 0, 0.3], [0.5, 0, 0.5]])
    rng = np.random.default_rng(1)
    factors = rng.standard_normal((200_000, 3))
    items = factors @ lam.T + rng.standard_normal((200_000, 6)) * np.sqrt(1 - (lam**2).sum(axis=1))
    scores = items @ np.linalg.solve(lam @ lam.T + np.diag(1 - (lam**2).sum(axis=1)), lam)
    simulated = [np.corrcoef(scores[:, j], factors[:, j])[0, 1] for j in range(3)]
    found = bifactor_indices(pd.DataFrame(lam)).frame["determinacy"]
    np.testing.assert_allclose(found, simulated, atol=0.005)


def test_groups_and_bootstrap():
    model = "f =~ x4 + x5 + x6"
    grouped = composite_reliability(fit_sem(model, DATA, group="school")).frame
    assert grouped["group"].nunique() == 2
    rows = simulate("f =~ 0.8*a + 0.7*b + 0.9*c + 0.6*d", 300, seed=1)
    fit = fit_sem("f =~ a + b + c + d", rows)
    draws = bootstrap(fit, rows, 200, seed=1, progress=False)
    found = composite_reliability(fit, bootstrap=draws)
    delta = composite_reliability(fit)
    assert found.interval == "percentile"
    for name in ("composite_reliability", "maximal_reliability"):
        assert found.frame.loc[0, name] == delta.frame.loc[0, name]
        assert found.frame.loc[0, f"{name}_se"] == pytest.approx(delta.frame.loc[0, f"{name}_se"], rel=0.3)


def test_what_is_no_such_model_is_refused(fits):
    for function in (composite_reliability, higher_order_reliability):
        with pytest.raises(ArgumentError, match="A fitted model is needed"):
            function(DATA[["x1", "x2"]])
    with pytest.raises(ArgumentError, match=r"'visul' is not a factor.*Did you mean 'visual'"):
        composite_reliability(fits["three"], ["visul"])
    with pytest.raises(ArgumentError, match="No factor of the model measures other factors"):
        higher_order_reliability(fits["three"])
    with pytest.raises(ArgumentError, match="'visual' is no higher-order factor"):
        higher_order_reliability(fits["second"], "visual")
    for name in ("three", "second"):
        with pytest.raises(ArgumentError, match="no bifactor model"):
            bifactor_indices(fits[name])
    mixed = fit_sem(MODELS["bifactor"] + "\nspeed =~ x4", DATA, std_lv=True)
    with pytest.raises(ArgumentError, match="'x4' has two specific factors"):
        bifactor_indices(mixed)
    for bad in ([[0.9, 0.9], [0.5, 0.2]], [[0.5, 0.3, 0.3], [0.5, 0.1, 0]], [[0.5], [0.4]]):
        with pytest.raises(ArgumentError, match=r"[Ll]oadings"):
            bifactor_indices(np.array(bad))


def test_a_negative_residual_variance_has_no_h():
    frame = pd.DataFrame({"a": [0.9, 1.0], "b": [0.3, 0.0]}, index=["x", "y"])
    found = bifactor_indices(frame)
    assert np.isnan(found.frame.loc[0, "h"])
    assert found.notes == ("No H of a: a loading is 1 or more.",)


def test_summaries(fits):
    assert "Hancock & Mueller" in str(composite_reliability(fits["three"]))
    assert "omega_l1" in higher_order_reliability(fits["second"])._repr_html_()
    assert "omega h (hs)" in str(bifactor_indices(fits["bifactor"]))
    assert len(bifactor_indices(fits["bifactor"]).to_frame()) == 3
