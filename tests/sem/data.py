"""Data and models that several tests of the engine share."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import semopy

HS_MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
PD_MODEL = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
"""


@cache
def holzinger() -> pd.DataFrame:
    """Return Holzinger and Swineford (1939) as semopy ships it."""
    return semopy.examples.holzinger39.get_data()


@cache
def democracy() -> pd.DataFrame:
    """Return Bollen's Political Democracy as semopy ships it."""
    return semopy.examples.political_democracy.get_data()


def linear(seed: int, n: int = 150) -> pd.DataFrame:
    """Return four variables with linear relations."""
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    m = 0.5 * x + 0.2 * z + rng.normal(size=n)
    y = 0.4 * m - 0.3 * x + rng.normal(size=n)
    return pd.DataFrame({"x": x, "z": z, "m": m, "y": y})
