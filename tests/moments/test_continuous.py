"""Sample moments from rows and from published matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import DataError
from trustmeasure.moments import from_covariance, from_frame


def frame(n: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    return pd.DataFrame(rng.normal(size=(n, 3)) @ [[1, 0.5, 0], [0, 1, 0.3], [0, 0, 2]], columns=list("abc"))


def test_moments_of_rows_have_divisor_n() -> None:
    data = frame()
    found = from_frame(data, ["c", "a"])
    np.testing.assert_allclose(found.cov, data[["c", "a"]].cov(ddof=0), rtol=1e-12)
    np.testing.assert_allclose(found.mean, data[["c", "a"]].mean(), rtol=1e-12)
    assert (found.n_obs, found.n_dropped, found.names) == (40, 0, ("c", "a"))


def test_large_means_cost_no_digits() -> None:
    data = frame()
    np.testing.assert_allclose(
        from_frame(data + 1e6, list("abc")).cov, from_frame(data, list("abc")).cov, rtol=1e-8
    )


def test_only_rows_complete_on_the_named_variables_are_used() -> None:
    data = frame()
    data.loc[:4, "a"] = np.nan
    data.loc[3:9, "b"] = np.nan
    assert from_frame(data, ["a", "c"]).n_dropped == 5
    assert from_frame(data, ["a", "b"]).n_dropped == 10


def test_ordered_picks_and_sorts() -> None:
    found = from_frame(frame(), list("abc")).ordered(["c", "b"])
    assert found.names == ("c", "b")
    np.testing.assert_allclose(found.cov, frame()[["c", "b"]].cov(ddof=0), rtol=1e-12)


def test_published_covariances_are_rescaled_to_divisor_n() -> None:
    data = frame()
    found = from_covariance(data.cov(), 40, data.mean())
    np.testing.assert_allclose(found.cov, data.cov(ddof=0), rtol=1e-12)
    np.testing.assert_allclose(found.mean, data.mean(), rtol=1e-12)


@pytest.mark.parametrize("half", [np.tril, np.triu])
def test_a_triangle_is_completed(half: object) -> None:
    cov = frame().cov()
    given = pd.DataFrame(half(cov), index=cov.index, columns=cov.columns)  # type: ignore[operator]
    np.testing.assert_allclose(from_covariance(given, 40).cov, from_covariance(cov, 40).cov, rtol=1e-12)


def test_means_by_name() -> None:
    cov, mean = frame().cov(), frame().mean()
    found = from_covariance(cov, 40, mean[["c", "a", "b"]])
    np.testing.assert_allclose(found.mean, mean)
    with pytest.raises(DataError, match="mean of the variable 'b'"):
        from_covariance(cov, 40, {"a": 1.0, "c": 2.0})
    with pytest.raises(DataError, match="2 values for 3 variables"):
        from_covariance(cov, 40, [1.0, 2.0])


def test_rows_of_a_matrix_in_another_order_than_its_columns_are_refused() -> None:
    with pytest.raises(DataError, match="another order"):
        from_covariance(frame().cov().loc[["b", "a", "c"]], 40)


def test_text_in_a_matrix_is_named() -> None:
    cov = frame().cov().astype(object)
    cov.loc["b", "a"] = cov.loc["a", "b"] = "0,3"
    with pytest.raises(DataError, match="a, b"):
        from_covariance(cov, 40)
