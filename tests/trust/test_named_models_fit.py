"""Every named model can be estimated: known values come back from its population and from drawn answers."""

from __future__ import annotations

import numpy as np
import pytest

import trustmeasure as tm
from tests.trust.populations import known_values, population_covariance
from trustmeasure.sem.result import SemResult
from trustmeasure.trust.named import named_models

N = 600
MODELS = [model.name for model in named_models()]

incomplete = pytest.mark.filterwarnings("ignore::trustmeasure.errors.ListwiseWarning")
each = pytest.mark.parametrize("name", MODELS)


def estimates(result: SemResult) -> dict[str, float]:
    rows = result.parameters.itertuples()
    return {row.label or f"{row.lhs} {row.op} {row.rhs}": float(row.estimate) for row in rows}


@each
@pytest.mark.parametrize("form", ["long", "short"])
@pytest.mark.parametrize("higher_order", [True, False])
def test_the_population_gives_back_every_value(name: str, higher_order: bool, form: str) -> None:
    text = tm.trust_model(name, higher_order=higher_order, form=form)
    known = known_values(text)
    cov = population_covariance(text) * N / (N - 1)
    result = tm.fit_sem(text, sample_cov=cov, n_obs=N)
    found = estimates(result)
    assert result.converged
    assert known.keys() <= found.keys()
    for parameter, value in known.items():
        assert found[parameter] == pytest.approx(value, abs=1e-6), parameter


@each
def test_drawn_answers_give_back_the_paths(name: str) -> None:
    text = tm.trust_model(name)
    known = known_values(text)
    result = tm.fit_sem(text, tm.simulate(text, N, seed=1, values=known))
    rows = result.parameters[result.parameters["label"].isin(list(known))]
    z = [(row.estimate - known[row.label]) / row.se for row in rows.itertuples()]
    assert result.converged
    assert len(z) >= 3
    assert np.abs(z).max() < 3.5
    assert result.fit_measures["rmsea"] < 0.02


@each
def test_indirect_effects_are_the_products_along_their_routes(name: str) -> None:
    text = tm.trust_model(name, higher_order=False, form="short")
    known = known_values(text)
    found = estimates(tm.fit_sem(text, sample_cov=population_covariance(text) * N / (N - 1), n_obs=N))
    defined = {d.name: d.text for d in tm.parse_model(text).definitions if d.name.startswith("ind_")}
    for effect, product in defined.items():
        expected = np.prod([known[label] for label in product.split("*")])
        assert found[effect] == pytest.approx(expected, abs=1e-6), effect


@incomplete
def test_the_order_of_trust_and_satisfaction_shows_only_without_direct_paths() -> None:
    sample = tm.load_sample("trust-survey")

    def chisq(name: str, direct: bool) -> float:
        return float(tm.fit_sem(tm.trust_model(name, direct=direct), sample).fit_measures["chisq"])

    assert chisq("trust-outcomes", True) == pytest.approx(chisq("satisfaction-first", True), rel=1e-6)
    assert chisq("trust-outcomes", False) < chisq("satisfaction-first", False) - 10


@incomplete
def test_general_trust_lies_inside_trust_outcomes_and_inside_its_bifactor_version() -> None:
    sample = tm.load_sample("trust-survey")
    fits = {
        name: tm.fit_sem(tm.trust_model(name), sample)
        for name in ("general-trust", "general-trust-bifactor", "trust-outcomes")
    }
    for wider in ("general-trust-bifactor", "trust-outcomes"):
        narrow, wide = fits["general-trust"].fit_measures, fits[wider].fit_measures
        assert narrow["df"] > wide["df"]
        assert narrow["chisq"] > wide["chisq"]
