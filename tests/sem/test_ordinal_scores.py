"""Factor scores of ordinal answers: against lavaan's lavPredict, brute-force integrals, and what is known."""

from __future__ import annotations

import json
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

import trustmeasure as tm
from tests.reference.sem.cases import with_gaps
from trustmeasure.errors import ArgumentError, DataError, ListwiseWarning
from trustmeasure.sem.ordinal import posterior
from trustmeasure.sem.ordinal.answers import Measured, Task, task_of
from trustmeasure.sem.ordinal.cells import box, interval, log_box
from trustmeasure.sem.ordinal.posterior import log_density, mode_of
from trustmeasure.sem.ordinal.quadrature import product_rule, sparse_rule

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "ordinal_reliability"
CASES: dict[str, dict[str, Any]] = json.loads((FOLDER / "scores.json").read_text(encoding="utf-8"))["cases"]
EACH = [(name, method) for name, case in CASES.items() for method in case["scores"]]
ONE = "fa =~ a1 + a2 + a3 + a4"
TWO = ONE + "\nfb =~ b1 + b2 + b3 + b4"
MIXED = "f =~ a1 + a2 + v1 + v2"


@cache
def survey() -> pd.DataFrame:
    """Return the simulated survey."""
    return pd.read_csv(FOLDER / "data" / "survey.csv")


def items(model: str) -> list[str]:
    """Return the ordinal items of a model."""
    return [name for name in survey().columns if name in model and name[0] in "abcd"]


def fit_of(model: str, data: pd.DataFrame | None = None, **options: Any) -> tm.SemResult:
    """Fit a model to the survey, with all but v1 to v3 ordinal."""
    return tm.fit_sem(model, survey() if data is None else data, ordered=items(model), **options)


@cache
def scored(name: str, method: str) -> tuple[tm.SemResult, pd.DataFrame, tm.FactorScores]:
    """Return our fit of a case, the rows, and their scores."""
    case = CASES[name]
    data = survey() if not case["only"] else survey()[survey()["g"] == case["only"]].reset_index(drop=True)
    data = with_gaps(data, case["gaps"], 7) if case["gaps"] else data
    fit = fit_of(case["model"], data, **{k.replace(".", "_"): v for k, v in case["options"].items()})
    return fit, data, tm.factor_scores(fit, data, method=method, se=True)


@pytest.mark.parametrize(("name", "method"), EACH)
def test_scores(name: str, method: str) -> None:
    """Lavaan's search ends early where the density is flat, which is so most of all for ML."""
    stored = CASES[name]["scores"][method]
    ours = scored(name, method)[2].frame[stored["latent"]].to_numpy()[np.array(stored["rows"]) - 1]
    theirs = np.array(stored["values"], dtype=float)
    there = ~np.isnan(ours)
    np.testing.assert_allclose(
        ours[there], theirs[there], atol=2e-4 if method == "EBM" else 5e-4 + 0.03 * (name == "bifactor")
    )
    assert np.median(np.abs(ours - theirs)[there]) < 1e-5
    if method == "EBM":
        assert there.all()


@pytest.mark.parametrize("name", [n for n in CASES if not CASES[n]["gaps"]])
def test_no_density_is_higher_where_lavaan_stopped(name: str) -> None:
    fit, data, found = scored(name, "EBM")
    stored = CASES[name]["scores"]["EBM"]
    rows = np.array(stored["rows"]) - 1
    theirs = found.frame.iloc[rows].copy()
    theirs[stored["latent"]] = np.array(stored["values"], dtype=float)
    task, place = own_task(fit, data.iloc[rows])
    ours = log_density(task, place(found.frame.iloc[rows].to_numpy()))
    assert (ours >= log_density(task, place(theirs.to_numpy())) - 1e-12).all()


def own_task(fit: tm.SemResult, data: pd.DataFrame) -> tuple[Task, Any]:
    """Return the task of rows of a fit without groups, and what turns scores into the task's directions."""
    measured, values = Measured.of(fit.groups[0]), data[list(fit.model.observed)].to_numpy(dtype=float)
    ordinal = fit.groups[0].moments.ordinal
    assert ordinal is not None
    y = [fit.model.observed.index(n) for n in measured.names]
    x = values[:, [fit.model.observed.index(n) for n in fit.model.exogenous]]
    coded = values[:, y]
    for j in np.flatnonzero(measured.ordinal):
        coded[:, j] = np.searchsorted(ordinal.categories[j], coded[:, j])
    task = task_of(measured, coded, x)

    def place(eta: np.ndarray) -> np.ndarray:
        u = (eta - measured.eta - x @ measured.eta_on_x.T) @ np.linalg.pinv(measured.root).T
        return (u - task.centre) @ np.linalg.pinv(task.turn).T

    return task, place


def test_both_parameterisations_score_alike() -> None:
    """They are one model in other units: the factor's unit is that of its first indicator."""
    model = TWO + "\na1 ~~ a2"
    for method in ("EBM", "EAP", "ML"):
        delta, theta = (
            tm.factor_scores(fit_of(model, parameterization=p), survey(), method=method, se=True)
            for p in ("delta", "theta")
        )
        ratio = (theta.frame / delta.frame).to_numpy()
        same = np.nanmedian(ratio, axis=0)
        np.testing.assert_allclose(theta.frame, delta.frame * same, atol=1e-5)
        assert delta.errors is not None
        assert theta.errors is not None
        np.testing.assert_allclose(theta.errors, delta.errors * same, rtol=1e-4)
        np.testing.assert_allclose(
            theta.reliability["reliability"], delta.reliability["reliability"], rtol=1e-5
        )


def test_groups_with_parameters_of_their_own_are_scored_as_if_alone() -> None:
    both = tm.factor_scores(fit_of(ONE, group="g"), survey(), group="g", se=True)
    for label in (1, 2):
        rows = survey()[survey()["g"] == label]
        alone = tm.factor_scores(fit_of(ONE, rows), rows, se=True)
        np.testing.assert_allclose(both.frame.loc[rows.index], alone.frame, atol=1e-6)
        assert both.errors is not None
        assert alone.errors is not None
        np.testing.assert_allclose(both.errors.loc[rows.index], alone.errors, atol=1e-6)
    assert both.reliability["group"].tolist() == ["1", "2"]


def test_groups_with_common_thresholds_have_one_yardstick() -> None:
    """With loadings and thresholds in common both parameterisations agree, scales and means included."""
    equal = ["loadings", "thresholds"]
    found = [
        tm.factor_scores(fit_of(TWO, group="g", group_equal=equal, parameterization=p), survey(), group="g")
        for p in ("delta", "theta")
    ]
    same = np.median((found[1].frame / found[0].frame).to_numpy(), axis=0)
    np.testing.assert_allclose(found[1].frame, found[0].frame * same, atol=1e-4)


def density(measured: Measured, answers: np.ndarray, continuous: np.ndarray, eta: np.ndarray) -> np.ndarray:
    """Return the joint density of answers and latent variables on a grid (g, k), from the definition.

    Each answer's probability comes from the conditional normal distribution of all responses.
    """
    phi = measured.root @ measured.root.T
    lam = measured.slope @ np.linalg.pinv(measured.root)
    found = multivariate_normal(measured.eta, phi).pdf(eta)
    mean = measured.mu + (eta - measured.eta) @ lam.T
    c, o = np.flatnonzero(~measured.ordinal), np.flatnonzero(measured.ordinal)
    unique = measured.unique
    cond, cov = mean[:, o], unique[np.ix_(o, o)]
    if c.size:
        noise = unique[np.ix_(c, c)]
        found = found * multivariate_normal(np.zeros(c.size), noise).pdf(continuous - mean[:, c])
        weights = unique[np.ix_(o, c)] @ np.linalg.inv(noise)
        cond, cov = cond + (continuous - mean[:, c]) @ weights.T, cov - weights @ unique[np.ix_(c, o)]
    low = np.array([measured.bounds[j][int(answers[i])] for i, j in enumerate(o)])
    high = np.array([measured.bounds[j][int(answers[i]) + 1] for i, j in enumerate(o)])
    for block in blocks_of(cov):
        found = found * probability(low[block], high[block], cond[:, block], cov[np.ix_(block, block)])
    return found


def blocks_of(cov: np.ndarray) -> list[list[int]]:
    """Return the variables of a covariance matrix, those that covary together."""
    found: list[list[int]] = []
    for j, row in enumerate(cov):
        together = [int(i) for i in np.flatnonzero(row)]
        if together[0] == j:
            found.append(together)
    return found


def probability(low: np.ndarray, high: np.ndarray, mean: np.ndarray, cov: np.ndarray) -> np.ndarray:
    """Return the normal probability of a box for each row of means."""
    if len(cov) == 1:
        sd = np.sqrt(cov[0, 0])
        return np.asarray(norm.cdf((high - mean[:, 0]) / sd) - norm.cdf((low - mean[:, 0]) / sd))
    normal = multivariate_normal(np.zeros(len(cov)), cov)
    return np.array([normal.cdf(high - m, lower_limit=low - m) for m in mean])


@pytest.mark.parametrize(
    ("model", "points"),
    [
        (ONE, 801),
        (TWO, 161),
        (MIXED, 801),
        (ONE + "\nfv =~ v1 + v2 + v3\nfa ~ fv", 161),
        (ONE + "\nfv =~ v1 + v2 + v3\na1 ~~ v2", 161),
        (ONE + "\na1 ~~ a2", 241),
    ],
)
def test_means_are_those_of_a_fine_grid(model: str, points: int) -> None:
    """Posterior means and standard deviations by summing the density over a grid of 7 deviations."""
    fit = fit_of(model)
    measured, rows = Measured.of(fit.groups[0]), survey().iloc[[0, 1, 7, 77, 250]]
    found = tm.factor_scores(fit, rows, method="EAP", se=True)
    sd = np.sqrt(measured.variances)
    axes = [m + s * np.linspace(-7, 7, points) for m, s in zip(measured.eta, sd, strict=True)]
    grid = np.array(list(product(*axes)))
    ordinal = fit.groups[0].moments.ordinal
    assert ordinal is not None
    assert found.errors is not None
    for i in range(len(rows)):
        values = rows.iloc[i][list(measured.names)].to_numpy(dtype=float)
        codes = [np.searchsorted(ordinal.categories[j], values[j]) for j in np.flatnonzero(measured.ordinal)]
        weight = density(measured, np.array(codes), values[~measured.ordinal], grid)
        weight /= weight.sum()
        mean = weight @ grid
        spread = np.sqrt(weight @ (grid - mean) ** 2)
        np.testing.assert_allclose(found.frame.iloc[i], mean, atol=3e-6)
        np.testing.assert_allclose(found.errors.iloc[i], spread, atol=3e-6)


def test_modes_of_correlated_errors_are_those_of_a_fine_grid() -> None:
    fit = fit_of(ONE + "\na1 ~~ a2")
    measured, rows = Measured.of(fit.groups[0]), survey().iloc[[0, 7, 250]]
    found = tm.factor_scores(fit, rows).frame["fa"]
    for i in range(len(rows)):
        grid = found.iloc[i] + np.linspace(-0.02, 0.02, 41)[:, None]
        codes = rows.iloc[i][list(measured.names)].to_numpy(dtype=float) - 1
        best = np.argmax(density(measured, codes, np.zeros(0), grid))
        assert abs(grid[best, 0] - found.iloc[i]) <= 0.001 + 1e-12


def simulated(n: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Return factors and answers of two correlated factors with four items of four categories each."""
    rng = np.random.default_rng(4)
    factors = rng.multivariate_normal([0, 0], [[1.0, 0.5], [0.5, 1.0]], n)
    loadings = np.array([0.8, 0.7, 0.75, 0.6])
    parts = [
        factors[:, [k]] * loadings + rng.standard_normal((n, 4)) * np.sqrt(1 - loadings**2) for k in (0, 1)
    ]
    answers = np.digitize(np.hstack(parts), [-1.0, 0.1, 0.9])
    return factors, pd.DataFrame(answers, columns=list("abcdefgh"))


def test_against_the_latent_variables_of_drawn_answers() -> None:
    """The mean is right on average at every score, and errors are as large as told."""
    factors, answers = simulated(20_000)
    fit = tm.fit_sem("f1 =~ a + b + c + d\nf2 =~ e + f + g + h", answers, ordered=True, std_lv=True)
    found = tm.factor_scores(fit, answers, method="EAP", se=True)
    away = factors - found.frame.to_numpy()
    assert found.errors is not None
    np.testing.assert_allclose((away**2).mean(axis=0), (found.errors**2).mean(), rtol=0.03)
    for k in (0, 1):
        slope = np.polyfit(found.frame.iloc[:, k], factors[:, k], 1)
        np.testing.assert_allclose(slope, [1.0, 0.0], atol=0.02)
        inside = np.abs(away[:, k]) < 1.96 * found.errors.iloc[:, k]
        assert inside.mean() == pytest.approx(0.95, abs=0.007)
        squared = np.corrcoef(found.frame.iloc[:, k], factors[:, k])[0, 1] ** 2
        assert found.reliability["reliability"].iloc[k] == pytest.approx(squared, abs=0.01)


def test_the_mode_is_drawn_further_in_than_the_mean_of_who_answers_highest() -> None:
    """For one factor and top answers only, the posterior leans outwards."""
    fit = fit_of(ONE)
    top = pd.DataFrame({name: [5] for name in items(ONE)})
    mode, mean = (tm.factor_scores(fit, top, method=m).frame.iloc[0, 0] for m in ("EBM", "EAP"))
    assert 0 < mode < mean
    assert np.isnan(tm.factor_scores(fit, top, method="ML").frame.iloc[0, 0])


def test_a_first_order_score_does_not_depend_on_whether_the_second_order_factor_is_named() -> None:
    """The same model twice: its covariances are free with three factors."""
    three = TWO + "\nfc =~ c1 + c2 + c3 + c4"
    for method in ("EBM", "EAP"):
        plain, second = (
            tm.factor_scores(fit_of(m), survey(), method=method, latent=["fa", "fb", "fc"])
            for m in (three, three + "\nh =~ fa + fb + fc")
        )
        np.testing.assert_allclose(plain.frame, second.frame, atol=2e-5)


def test_rows_are_scored_from_what_they_answered() -> None:
    data = survey()[items(TWO)].astype(float)
    data.iloc[0, 0] = np.nan
    data.iloc[1, :4] = np.nan
    data.iloc[2] = np.nan
    with pytest.warns(ListwiseWarning, match="1 rows were left out"):
        fit = fit_of(TWO, data, missing="pairwise")
    found = tm.factor_scores(fit, data, se=True)
    assert found.errors is not None
    assert found.frame.isna().all(axis=1).to_numpy().nonzero()[0].tolist() == [2]
    assert found.errors["fa"][1] > found.errors["fa"][0]
    strict = tm.factor_scores(fit, data, missing="listwise")
    assert strict.frame.isna().all(axis=1).to_numpy().nonzero()[0].tolist() == [0, 1, 2]
    ml = tm.factor_scores(fit, data, method="ML").frame.iloc[1]
    assert ml.isna().tolist() == [True, False]


def test_ordered_categoricals_and_the_index_are_kept() -> None:
    fit = fit_of(ONE)
    data = survey()[items(ONE)].set_index(pd.Index([f"p{i}" for i in range(500)]))
    kinds = data.apply(lambda x: pd.Categorical(x, categories=[1, 2, 3, 4, 5], ordered=True))
    found = tm.factor_scores(fit, kinds)
    assert list(found.frame.index) == list(data.index)
    np.testing.assert_array_equal(found.frame, tm.factor_scores(fit, data).frame)
    assert found.method == "EBM"
    assert "Factor scores (EBM)" in str(found)


def test_rows_of_unlike_respondents_need_no_more_than_one_of_each() -> None:
    """Repeated rows have the same scores, in any order."""
    fit = fit_of(ONE)
    found = tm.factor_scores(fit, survey()).frame["fa"]
    again = tm.factor_scores(fit, pd.concat([survey()[::-1], survey()])).frame["fa"].to_numpy()
    np.testing.assert_allclose(again, np.concatenate([found[::-1], found]), atol=1e-12)


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        (ONE, {"method": "Bartlett"}, "method='Bartlett' is not known. Allowed: EBM, EAP, ML"),
        (ONE, {"missing": "fiml"}, "missing='fiml' is not known"),
        (
            TWO + "\nfc =~ c1 + c2 + c3 + c4\nh =~ fa + fb + fc",
            {"method": "ML"},
            "h has none. Use method='EBM'",
        ),
        (ONE + "\na1 ~~ a2 + a3", {}, r"more than two ordinal variables correlate .* \(a1, a2, a3\)"),
        (ONE + "\nfc =~ c1\nfc ~~ 1*fc", {}, "residual variance of c1 is zero"),
    ],
)
def test_what_is_refused(model: str, options: dict[str, str], said: str) -> None:
    fit = fit_of(model)
    with pytest.raises(ArgumentError, match=said):
        tm.factor_scores(fit, survey(), **options)


def many(d: int) -> tuple[tm.SemResult, pd.DataFrame]:
    """Return a fit of d correlated factors with three binary indicators each, and its rows."""
    rng = np.random.default_rng(3)
    y = rng.multivariate_normal(np.zeros(d), 0.5 * np.eye(d) + 0.5, 400)
    names = [f"y{i}{j}" for i in range(d) for j in range(3)]
    answers = pd.DataFrame(np.repeat(y, 3, axis=1) + rng.standard_normal((400, 3 * d)) > 0, columns=names) * 1
    model = "\n".join(f"f{i} =~ y{i}0 + y{i}1 + y{i}2" for i in range(d))
    return tm.fit_sem(model, answers, ordered=True), answers


def test_too_many_dimensions_for_an_integral() -> None:
    fit, answers = many(9)
    with pytest.raises(ArgumentError, match=r"9 dimensions here, at most 8\. Use method='EBM'"):
        tm.factor_scores(fit, answers, method="EAP")
    assert tm.factor_scores(fit, answers).frame.notna().all(axis=None)


def test_a_sparse_grid_gives_what_a_full_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    fit, answers = many(4)
    rows = answers.iloc[:20]
    sparse = tm.factor_scores(fit, rows, method="EAP", se=True)
    monkeypatch.setattr(posterior, "rule", lambda d: product_rule(9, d))
    full = tm.factor_scores(fit, rows, method="EAP", se=True)
    np.testing.assert_allclose(sparse.frame, full.frame, atol=5e-4)
    assert sparse.errors is not None
    assert full.errors is not None
    np.testing.assert_allclose(sparse.errors, full.errors, atol=5e-4)


def test_an_answer_that_the_fit_did_not_see() -> None:
    fit = fit_of(ONE)
    with pytest.raises(
        DataError, match="'a2' has the answer 9, which it did not have in the fit: 1, 2, 3, 4, 5"
    ):
        tm.factor_scores(fit, survey().assign(a2=9))


LOW = np.array([[-np.inf, -1.0, 0.3, 2.0, -np.inf, 8.0, -9.0, -45.0]])
HIGH = np.array([[-0.5, 0.2, np.inf, 2.5, np.inf, np.inf, -8.5, -44.0]])


def test_derivatives_of_intervals() -> None:
    """Far in the tails, too, where the probability is no float64 any more."""
    step, found = 1e-5, interval(LOW, HIGH)
    up, down = interval(LOW - step, HIGH - step), interval(LOW + step, HIGH + step)
    np.testing.assert_allclose(found.slope, (up.log_p - down.log_p) / (2 * step), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(found.curve, -(up.slope - down.slope) / (2 * step), rtol=1e-6, atol=1e-6)
    assert found.log_p[0, 4] == 0.0


def test_derivatives_of_boxes() -> None:
    low = np.array([[[-1.0, -np.inf], [0.2, -0.5], [-np.inf, -np.inf]]])
    high = np.array([[[0.3, 0.4], [np.inf, 0.6], [np.inf, np.inf]]])
    rho, step = np.array([0.5, -0.3, 0.2]), 1e-5
    found = box(low, high, rho)
    for i in (0, 1):
        by = step * np.eye(2)[i]
        up, down = box(low - by, high - by, rho), box(low + by, high + by, rho)
        np.testing.assert_allclose(found.slope[..., i], (up.log_p - down.log_p) / (2 * step), atol=1e-8)
        np.testing.assert_allclose(found.curve[..., i], -(up.slope - down.slope) / (2 * step), atol=1e-8)
    apart = interval(low, high).log_p.sum(axis=-1)
    np.testing.assert_allclose(log_box(low, high, np.zeros(3)), apart, atol=1e-12)


def test_the_mode_has_no_slope() -> None:
    fit = fit_of(TWO)
    task, _ = own_task(fit, survey().iloc[:40])
    mode, step = mode_of(task), 1e-5
    assert mode.found.all()
    for i in range(2):
        by = step * np.eye(2)[i]
        slope = (log_density(task, mode.at + by) - log_density(task, mode.at - by)) / (2 * step)
        np.testing.assert_allclose(slope, 0.0, atol=1e-8)


@pytest.mark.parametrize("found", [product_rule(9, 3), sparse_rule(4, 3), sparse_rule(4, 5)])
def test_rules_integrate_polynomials_of_the_normal(found: tuple[np.ndarray, np.ndarray]) -> None:
    nodes, weights = found
    weights = weights / (2 * np.pi) ** (nodes.shape[1] / 2)
    assert weights.sum() == pytest.approx(1.0, abs=1e-9)
    assert weights @ (nodes[:, 0] ** 4 * nodes[:, 1] ** 2) == pytest.approx(3.0, abs=1e-8)
    assert weights @ (nodes[:, 0] ** 4 * nodes[:, 2] ** 4) == pytest.approx(9.0, abs=1e-6)
    assert weights @ (nodes[:, 0] * nodes[:, 1] ** 3) == pytest.approx(0.0, abs=1e-9)
