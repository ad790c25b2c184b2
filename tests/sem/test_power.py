"""Power against semTools and against theory; searches end at the least n that suffices."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import (
    fit_sem,
    power_monte_carlo,
    power_rmsea,
    power_satorra_saris,
    required_n,
    simulate,
)
from trustmeasure.sem.monte_carlo_frame import wilson

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "sem_resample" / "power.json").read_text(encoding="utf-8")
)
COVERAGE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "sem_resample" / "coverage.json").read_text(encoding="utf-8")
)
MODEL = "f =~ NA*a + b + c\ng =~ NA*d + e + h\nf ~~ 1*f\ng ~~ 1*g\nf ~~ r*g"
STARTS = """
f =~ start(0.8)*a + start(0.7)*b + start(0.9)*c
a ~~ start(0.36)*a
b ~~ start(0.51)*b
c ~~ start(0.19)*c
f ~ k*x + start(0.3)*x
y ~ m*f + start(0.4)*f
indirect := k*m
"""


def test_rmsea_power_is_that_of_semtools() -> None:
    wanted = pd.DataFrame(REFERENCE["rmsea"])
    found = power_rmsea(*(wanted[c] for c in ("df", "n", "rmsea0", "rmseaa")))
    np.testing.assert_allclose(found["power"], wanted["power"], rtol=1e-6, atol=1e-9)


def test_rmsea_sample_sizes_are_those_of_semtools() -> None:
    for row in REFERENCE["required"]:
        found = required_n(method="rmsea", df=row["df"], rmsea0=row["rmsea0"], rmseaa=row["rmseaa"])
        assert found["n"].iloc[0] == row["n"]


@pytest.mark.parametrize("case", list(REFERENCE["saris"]))
def test_satorra_saris_power_is_that_of_semtools(case: str) -> None:
    wanted = REFERENCE["saris"][case]
    found = power_satorra_saris(
        REFERENCE["population"], wanted["n"], wanted["relation"], null=wanted["null"], analysis=MODEL
    )
    np.testing.assert_allclose(found["power"], wanted["power"], rtol=1e-6)


def test_power_under_the_null_is_alpha() -> None:
    found = power_satorra_saris(STARTS, [50, 500], "k", null=0.24)
    np.testing.assert_allclose(found["power"], 0.05, atol=1e-6)
    assert found["population"].iloc[0] == pytest.approx(0.3 * 0.8)


def test_monte_carlo_agrees_with_satorra_saris() -> None:
    text = "f =~ 1*a + start(0.9)*b + start(1.1)*c\nf ~ start(0.25)*x\nf ~~ start(0.8)*f"
    near = power_satorra_saris(text, 120, "f ~ x")["power"].iloc[0]
    found = power_monte_carlo(text, 120, seed=1, replications=2000).set_index("parameter").loc["f~x"]
    assert found["power"] == pytest.approx(near, abs=0.04)
    assert found["population"] == pytest.approx(0.25, abs=1e-6)
    # Expected information understates the error of a latent regression at n = 120, in lavaan too.
    assert found["coverage"] == pytest.approx(COVERAGE["coverage"], abs=0.015)
    assert found["se_mean"] == pytest.approx(found["sd"], rel=0.06)
    assert abs(found["bias"]) < 0.02


def test_monte_carlo_replications_are_fits_of_their_samples() -> None:
    from trustmeasure.sem.monte_carlo import _study
    from trustmeasure.sem.monte_carlo_fits import Shape

    study, true = _study(STARTS, 150, 3, None, None, Shape("normal", None, None, None), 1)
    draws = study.sample(0, 4)
    found, errors = study.chunk(0, 4)
    names = list(true.model.observed)
    for i in range(4):
        cov = pd.DataFrame(draws.cov[0][i] * 150 / 149, index=names, columns=names)
        alone = fit_sem(STARTS, sample_cov=cov, n_obs=150, fixed_x=False)
        np.testing.assert_allclose(found.theta[i], alone.theta, rtol=1e-6, atol=1e-7)
        free = alone.vcov.to_numpy().diagonal() ** 0.5
        np.testing.assert_allclose(errors[i, : free.size], free, rtol=1e-6)
        defined = alone.parameters.loc[alone.parameters.op == ":=", "se"]
        np.testing.assert_allclose(errors[i, free.size :], defined, rtol=1e-6)


def test_robust_errors_mend_the_coverage_of_skewed_data() -> None:
    text = "a ~~ start(1)*a\nb ~~ start(1)*b"
    shape = {"distribution": "vale_maurelli", "skew": 1.5, "kurtosis": 4.0}
    options = {"seed": 1, "replications": 300, "progress": False}
    plain = power_monte_carlo(text, 400, **shape, **options)
    robust = power_monte_carlo(text, 400, estimator="MLR", **shape, **options)
    assert plain["coverage"].iloc[0] < 0.85
    assert robust["coverage"].iloc[0] > 0.88
    assert robust["se_mean"].iloc[0] == pytest.approx(robust["sd"].iloc[0], rel=0.15)


def test_missing_values_cost_power_and_fiml_keeps_off_bias() -> None:
    text = "y ~ start(0.3)*x\nz ~ start(0.6)*y"
    options = {"seed": 2, "replications": 120, "progress": False}
    whole = power_monte_carlo(text, 100, **options).set_index("parameter")
    holed = power_monte_carlo(text, 100, missing={"z": 0.4}, missing_by="y", **options).set_index("parameter")
    assert holed.loc["z~y", "se_mean"] > 1.1 * whole.loc["z~y", "se_mean"]
    assert abs(holed.loc["z~y", "bias"]) < 0.05
    assert holed.loc["z~y", "coverage"] > 0.87
    two = power_monte_carlo(
        text, 60, missing=0.1, groups=2, seed=1, replications=12, workers=2, progress=False
    )
    one = power_monte_carlo(
        text, 60, missing=0.1, groups=2, seed=1, replications=12, workers=1, progress=False
    )
    pd.testing.assert_frame_equal(one, two)


def test_missing_values_need_means() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    with pytest.raises(ArgumentError, match="need a model with means"):
        power_monte_carlo(fit, 100, seed=1, missing=0.1)
    with pytest.raises(ArgumentError, match="goes with missing"):
        power_monte_carlo(fit, 100, seed=1, missing_by="x1")
    with pytest.raises(ArgumentError, match="Did you mean 'MLR'"):
        power_monte_carlo(fit, 100, seed=1, estimator="MLr")


def test_replications_that_are_fitted_one_at_a_time_are_those_of_fit_sem() -> None:
    from trustmeasure.sem.monte_carlo import _study
    from trustmeasure.sem.monte_carlo_fits import FittedRows, Shape

    study, true = _study(STARTS, 150, 3, None, None, Shape("normal", None, None, None), 1, None, "MLM")
    assert isinstance(study, FittedRows)
    found, errors = study.chunk(0, 2)
    stream = np.random.SeedSequence(3, spawn_key=(0,)).spawn(2)[1]
    rows = study.rows(np.random.default_rng(stream))
    alone = fit_sem(STARTS, rows, estimator="MLM", fixed_x=False)
    np.testing.assert_allclose(found.theta[1], alone.theta, rtol=1e-8)
    defined = alone.parameters.loc[alone.parameters.op == ":=", "se"]
    np.testing.assert_allclose(errors[1], [*np.sqrt(np.diag(alone.vcov)), *defined], rtol=1e-8)
    assert true.npar == alone.npar


def test_several_sizes_and_limits_of_the_power() -> None:
    frame = power_monte_carlo(STARTS, [60, 120], seed=1, replications=200, progress=False)
    alone = power_monte_carlo(STARTS, 120, seed=1, replications=200, progress=False)
    pd.testing.assert_frame_equal(frame[frame["n"] == 120].reset_index(drop=True), alone)
    assert ((frame["power_low"] <= frame["power"]) & (frame["power"] <= frame["power_high"])).all()
    # Wilson's limits of 8 in 10 are the roots of (p - 0.8)^2 = z^2 p (1 - p) / 10.
    from trustmeasure.sem.monte_carlo_frame import wilson

    for p in wilson(np.array([0.8]), 10):
        assert (p - 0.8) ** 2 == pytest.approx(1.959963985**2 * p * (1 - p) / 10, rel=1e-8)


def test_monte_carlo_samples_have_the_populations_moments() -> None:
    from trustmeasure.sem.monte_carlo import _study
    from trustmeasure.sem.monte_carlo_fits import Shape

    for shape in ("normal", "vale_maurelli"):
        skew = None if shape == "normal" else 1.0
        kurtosis = None if shape == "normal" else 2.0
        study, _ = _study(STARTS, 100, 3, None, None, Shape(shape, skew, kurtosis, None), 1)
        cov = study.sample(0, 3000).cov[0].mean(axis=0) * 100 / 99
        wanted = study.populations[0].cov
        sd = np.sqrt(np.diag(wanted))
        assert (np.abs(cov - wanted) / np.outer(sd, sd)).max() < 0.02


def test_monte_carlo_is_the_same_for_any_number_of_workers() -> None:
    options = {"seed": 5, "replications": 150}
    once, twice = (power_monte_carlo(STARTS, 100, workers=w, **options) for w in (1, 2))
    pd.testing.assert_frame_equal(once, twice)


def test_skewed_data_cost_coverage_of_variances() -> None:
    text = "a ~~ start(1)*a\nb ~~ start(1)*b"
    normal = power_monte_carlo(text, 200, seed=1, replications=1000)
    skewed = power_monte_carlo(
        text, 200, seed=1, replications=1000, distribution="vale_maurelli", skew=1.5, kurtosis=4.0
    )
    assert normal["coverage"].iloc[0] == pytest.approx(0.95, abs=0.02)
    assert skewed["coverage"].iloc[0] < 0.85


def test_satorra_saris_sample_size_is_the_least() -> None:
    found = required_n(STARTS, "k", power=0.9).iloc[0]
    powers = power_satorra_saris(STARTS, [int(found["n"]) - 1, int(found["n"])], "k")["power"]
    assert powers[0] < 0.9 <= powers[1]
    assert found["power"] == pytest.approx(powers[1])


def test_monte_carlo_sample_size_of_an_indirect_effect() -> None:
    found = required_n(
        STARTS, "indirect", method="monte_carlo", seed=2, replications=400, progress=False
    ).iloc[0]
    powers = [
        power_monte_carlo(STARTS, n, seed=2, replications=400).set_index("parameter").loc["indirect", "power"]
        for n in (int(0.7 * found["n"]), int(found["n"]))
    ]
    assert powers[0] < 0.8 <= powers[1]


def test_groups_and_fitted_models_as_populations() -> None:
    fit = fit_sem(HS_MODEL, holzinger())
    frame = power_satorra_saris(fit, 301, "visual ~~ speed")
    assert 0.9 < frame["power"].iloc[0] <= 1
    one = power_satorra_saris(STARTS, 200, "k")["ncp"].iloc[0]
    two = power_satorra_saris(STARTS, 100, "k", groups=2)["ncp"].iloc[0]
    assert two == pytest.approx(one, rel=1e-6)


def test_simulated_data_have_the_power_that_was_promised() -> None:
    promised = power_satorra_saris(STARTS, 80, "k")["power"].iloc[0]
    rejected = []
    for seed in range(150):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            row = fit_sem(STARTS, simulate(STARTS, 80, seed=seed)).parameters.query("label == 'k'")
        rejected.append(bool(row["p_value"].iloc[0] < 0.05))
    assert np.mean(rejected) == pytest.approx(promised, abs=0.12)


def test_refusals() -> None:
    with pytest.raises(ArgumentError, match="no parameter 'indirct'"):
        power_satorra_saris(STARTS, 100, "indirct")
    with pytest.raises(ArgumentError, match="is fixed in the model"):
        power_satorra_saris(REFERENCE["population"], 100, "f ~~ g")
    with pytest.raises(ArgumentError, match="no variable z"):
        power_satorra_saris(STARTS, 100, "k", analysis="z ~ k*x")
    with pytest.raises(ArgumentError, match="rows give a power"):
        required_n(STARTS, "k", most=20)
    with pytest.raises(ArgumentError, match="needs a seed"):
        required_n(STARTS, "k", method="monte_carlo")
    with pytest.raises(ArgumentError, match="needs df"):
        required_n(method="rmsea")
    with pytest.raises(ArgumentError, match="nothing to tell apart"):
        power_rmsea(10, 100, 0.05, 0.05)


def test_limits_of_shares_lie_between_0_and_1():
    low, high = wilson(np.array([0.0, 0.5, 1.0]), 40)
    assert low[0] == 0.0
    assert high[-1] == 1.0
    assert [low[1], high[1]] == pytest.approx([0.351995, 0.648005], abs=1e-6)
