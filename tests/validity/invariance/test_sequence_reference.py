"""Steps of invariance, their tests and their score tests: what lavaan answers."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pytest

from tests.validity.invariance.cases import SEQUENCES, case, rows_of, table
from trustmeasure.validity.invariance import Invariance, invariance, suggest_releases

MEASURES = {
    **{n: n for n in ("chisq", "pvalue", "cfi", "tli", "rmsea", "srmr", "aic", "bic")},
    "rmsea_ci_lower": "rmsea.ci.lower",
    "rmsea_ci_upper": "rmsea.ci.upper",
    "chisq_scaled": "chisq.scaled",
    "pvalue_scaled": "pvalue.scaled",
    "cfi_scaled": "cfi.scaled",
    "rmsea_scaled": "rmsea.scaled",
    "cfi_robust": "cfi.robust",
    "tli_robust": "tli.robust",
    "rmsea_robust": "rmsea.robust",
    "rmsea_ci_lower_robust": "rmsea.ci.lower.robust",
    "rmsea_ci_upper_robust": "rmsea.ci.upper.robust",
}


@cache
def ours(name: str) -> Invariance:
    stored = case(name)
    options = stored["options"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return invariance(
            stored["model"],
            rows_of(stored["data"]),
            group=stored["group"],
            steps=list(stored["steps"]),
            estimator=options.get("estimator"),
            missing=options.get("missing", "listwise"),
            partial=stored["partial"],
        )


@pytest.mark.parametrize("name", SEQUENCES)
def test_each_step_fits_as_in_lavaan(name: str) -> None:
    for (_, row), step in zip(ours(name).frame.iterrows(), case(name)["steps"].values(), strict=True):
        stored = step["measures"]
        assert (row["npar"], row["df"]) == (stored["npar"], stored["df"])
        fiml = case(name)["options"].get("missing") == "fiml"
        for mine, theirs in MEASURES.items():
            if theirs in stored and not (fiml and mine.endswith(("scaled", "robust"))):
                loose = fiml or "_ci_" in mine  # lavaan's EM, and its search for the limits, stop there
                near = pytest.approx(stored[theirs], rel=1e-5 if loose else 1e-7, abs=1e-8)
                assert row[mine] == near, (row["step"], mine)


@pytest.mark.parametrize("name", SEQUENCES)
def test_no_likelihood_is_below_lavaans(name: str) -> None:
    for (_, row), step in zip(ours(name).frame.iterrows(), case(name)["steps"].values(), strict=True):
        assert row["aic"] <= step["measures"]["aic"] + 1e-7


@pytest.mark.parametrize("name", SEQUENCES)
def test_differences_are_tested_as_in_lavaan(name: str) -> None:
    rows = list(ours(name).frame.iterrows())
    for at, ((_, row), step) in enumerate(zip(rows, case(name)["steps"].values(), strict=True)):
        if at == 0:
            assert np.isnan(row["p_value"])
            continue
        assert row["against"] == rows[at - 1][1]["step"]
        mine = row[["chisq_difference", "df_difference", "p_value"]].astype(float)
        np.testing.assert_allclose(mine, list(step["difference"].values()), rtol=1e-5)
        before = case(name)["steps"][row["against"]]["measures"]
        for index in ("cfi", "rmsea", "srmr"):
            change = step["measures"][index] - before[index]
            assert row[f"{index}_change"] == pytest.approx(change, abs=1e-6)


@pytest.mark.parametrize("name", SEQUENCES)
def test_estimates_and_errors_are_lavaans(name: str) -> None:
    for (step, fit), stored in zip(ours(name).fits.items(), case(name)["steps"].values(), strict=True):
        theirs = table(stored["estimates"])
        both = theirs.merge(
            fit.parameters, on=["lhs", "op", "rhs", "group"], suffixes=("_lavaan", ""), how="left"
        )
        assert both["estimate"].notna().all()
        scale = both["est"].abs().clip(lower=0.1)
        near = 1e-4 if "fiml" in name else 1e-7  # lavaan's solution with missing values is not tight
        assert ((both["estimate"] - both["est"]).abs() / scale).max() < near, step
        free = both["se_lavaan"] > 0
        assert (both["se"][free] / both["se_lavaan"][free] - 1).abs().max() < 10 * near, step


@pytest.mark.parametrize("name", [n for n in SEQUENCES if case(n)["steps"]["metric"]["scores"]])
def test_score_tests_of_releases_are_lavaans(name: str) -> None:
    for step, stored in case(name)["steps"].items():
        if not stored["scores"]:
            continue
        theirs = table(stored["scores"]).set_index("relation")
        mine = suggest_releases(ours(name), step).frame.set_index("relation")
        assert set(mine.index) == set(theirs.index)
        for column in ("chisq", "df", "p_value"):
            np.testing.assert_allclose(mine.loc[theirs.index, column], theirs[column], rtol=1e-6)


def test_the_cases_cover_estimators_gaps_and_partial_invariance() -> None:
    estimators = {case(n)["options"].get("estimator", "ML") for n in SEQUENCES}
    assert estimators == {"ML", "MLR", "MLM"}
    assert any(case(n)["partial"] for n in SEQUENCES)
    assert any(case(n)["data"].get("gaps") for n in SEQUENCES)
