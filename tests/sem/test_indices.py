"""Fit indices as formulas of plain numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import ncx2

from trustmeasure.sem import indices as ix


def test_incremental_indices_of_holzinger_and_swineford() -> None:
    chisq, df, base, base_df = 85.306, 24, 918.852, 36
    assert ix.cfi(chisq, df, base, base_df) == pytest.approx(0.931, abs=5e-4)
    assert ix.tli(chisq, df, base, base_df) == pytest.approx(0.896, abs=5e-4)
    assert ix.rmsea(chisq, df, 301) == pytest.approx(0.092, abs=5e-4)


def test_cfi_stays_between_zero_and_one() -> None:
    assert ix.cfi(3.0, 5, 100.0, 10) == 1.0
    assert ix.cfi(500.0, 5, 100.0, 10) == 0.0
    assert ix.cfi(3.0, 5, 4.0, 10) == 1.0


def test_without_degrees_of_freedom() -> None:
    assert (ix.tli(0, 0, 50, 3), ix.rmsea(0, 0, 100), ix.rmsea_interval(0, 0, 100)) == (1.0, 0.0, (0.0, 0.0))
    assert math.isnan(ix.rmsea_close(0, 0, 100))
    assert math.isnan(ix.critical_n(0, 0, 100, 0.05))


@pytest.mark.parametrize(("chisq", "df", "n"), [(85.3, 24, 301), (38.1, 35, 75), (900.0, 12, 10_000)])
def test_rmsea_limits_are_quantiles_of_the_noncentral_chi_square(chisq: float, df: float, n: float) -> None:
    low, high = ix.rmsea_interval(chisq, df, n)
    assert ncx2.cdf(chisq, df, n * df * high**2) == pytest.approx(0.05, abs=1e-9)
    if low > 0:
        assert ncx2.cdf(chisq, df, n * df * low**2) == pytest.approx(0.95, abs=1e-9)
    assert low <= ix.rmsea(chisq, df, n) <= high


def test_close_and_not_close_fit() -> None:
    assert ix.rmsea_close(85.3, 24, 301) == pytest.approx(ncx2.sf(85.3, 24, 301 * 24 * 0.0025), rel=1e-9)
    assert ix.rmsea_not_close(85.3, 24, 301) == pytest.approx(ncx2.cdf(85.3, 24, 301 * 24 * 0.0064), rel=1e-9)


def test_perfect_fit() -> None:
    s = np.array([[2.0, 0.5], [0.5, 1.0]])
    assert ix.gfi_parts(s, s)[0] == 0.0
    assert ix.root_mean_square(s - s, None) == 0.0


def test_root_mean_square_counts_each_pair_once() -> None:
    residual = np.array([[0.0, 0.3], [0.3, 0.0]])
    assert ix.root_mean_square(residual, None) == pytest.approx(np.sqrt(0.09 / 3))
    assert ix.correlation_root_mean_square(residual, None) == pytest.approx(0.3)
    assert ix.root_mean_square(residual, np.array([0.1, 0.2])) == pytest.approx(np.sqrt((0.09 + 0.05) / 5))
