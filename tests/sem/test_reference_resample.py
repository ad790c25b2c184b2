"""Our bootstrap and lavaan's agree within the Monte Carlo error of 2,000 draws."""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import holzinger
from trustmeasure.sem import Bootstrap, bollen_stine, bootstrap, fit_sem

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "sem_resample" / "bootstrap.json").read_text(encoding="utf-8")
)
CASES = list(REFERENCE["cases"])


def reference(case: str) -> pd.DataFrame:
    frame = pd.DataFrame(REFERENCE["cases"][case]["parameters"])
    return frame.set_index(["lhs", "op", "rhs"])


@cache
def ours(case: str) -> Bootstrap:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = fit_sem(REFERENCE["cases"][case]["model"], holzinger())
    return bootstrap(fit, holzinger(), 4000, seed=1)


def both(case: str, kind: str = "percentile") -> pd.DataFrame:
    frame = ours(case).parameters(kind).set_index(["lhs", "op", "rhs"])
    joined = frame.join(
        reference(case).drop(columns="std_all_se").rename(columns={"se": "se_lavaan"}), how="inner"
    )
    assert len(joined) == len(frame)
    np.testing.assert_allclose(joined["estimate"], joined["est"], rtol=1e-4, atol=1e-4)
    return joined[joined["se"] > 0]


@pytest.mark.parametrize("case", CASES)
def test_standard_errors(case: str) -> None:
    joined = both(case)
    ratio = joined["se"] / joined["se_lavaan"]
    assert ratio.between(0.88, 1.14).all(), ratio
    assert ratio.median() == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("case", CASES)
def test_standard_errors_of_standardised_values(case: str) -> None:
    frame = ours(case).parameters().set_index(["lhs", "op", "rhs"])
    wanted = reference(case)["std_all_se"].rename("std_all_se_lavaan")
    joined = frame.join(wanted)
    joined = joined[joined["std_all_se"] > 1e-6]
    ratio = joined["std_all_se"] / joined["std_all_se_lavaan"]
    assert ratio.between(0.86, 1.16).all(), ratio
    assert ratio.median() == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("kind", "name"), [("percentile", "percentile"), ("bc", "bc")])
def test_limits(case: str, kind: str, name: str) -> None:
    joined = both(case, kind)
    for side in ("lower", "upper"):
        gap = (joined[f"ci_{side}"] - joined[f"{name}_{side}"]) / joined["se"]
        assert gap.abs().max() < 0.4, gap
        assert abs(gap.mean()) < 0.05


@pytest.mark.parametrize("case", CASES)
def test_bollen_stine(case: str) -> None:
    wanted = REFERENCE["cases"][case]["bollen_stine"]
    fit = ours(case).result
    found = bootstrap(fit, holzinger(), 2000, seed=2, kind="bollen-stine")
    assert found.p_value == pytest.approx(wanted["p"], abs=0.05)
    assert found.chisq.mean() == pytest.approx(wanted["chisq_mean"], rel=0.06)
    assert bollen_stine(fit, holzinger(), 200, seed=2)["pvalue_bollen_stine"] == pytest.approx(
        wanted["p"], abs=0.12
    )
