"""A fit takes little memory besides the data: rows are read in blocks, and no copy is made."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trustmeasure.sem import fit_sem

MODEL = "\n".join(f"f{k} =~ " + " + ".join(f"i{j}" for j in range(k, 31, 8)) for k in range(8))


def survey(n: int) -> pd.DataFrame:
    """Return n answers to 31 items of 8 constructs, with weights and clusters."""
    rng = np.random.default_rng(5)
    values = rng.standard_normal((n, 31))
    values += rng.standard_normal((n, 8))[:, np.arange(31) % 8] + 0.5 * rng.standard_normal((n, 1))
    frame = pd.DataFrame(values, columns=[f"i{j}" for j in range(31)], copy=False)
    return frame.assign(w=rng.uniform(1, 3, n), cl=rng.integers(0, n // 20, n))


def new_memory(data: pd.DataFrame, **options: Any) -> float:
    """Return the peak of memory that a fit takes, as a part of the items' data."""
    fit_sem(MODEL, data.iloc[:2000], **options)
    tracemalloc.start()
    try:
        fit = fit_sem(MODEL, data, **options)
        assert fit.fit_measures["cfi"] > 0.99
        return tracemalloc.get_traced_memory()[1] / (len(data) * 31 * 8)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("options", "most"),
    [
        ({}, 0.1),
        ({"estimator": "MLR"}, 0.3),
        ({"estimator": "MLR", "weights": "w"}, 0.4),
        ({"estimator": "MLR", "cluster": "cl"}, 0.7),
    ],
)
def test_a_fit_makes_no_copy_of_the_data(options: dict[str, Any], most: float) -> None:
    assert new_memory(survey(100_000), **options) < most
