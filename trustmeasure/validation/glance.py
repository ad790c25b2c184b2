"""The scales at a glance: one row a scale, the figures that a reviewer asks for first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.validation.findings import Finding
from trustmeasure.validation.survey import Survey

COLUMNS = (
    "construct", "n_items", "n_obs", "alpha", "alpha_ci_lower", "alpha_ci_upper", "omega", "omega_ci_lower",
    "omega_ci_upper", "cr", "ave", "msv", "loading_min", "htmt_max", "htmt_max_upper", "htmt_max_with",
)  # fmt: skip


def glance(survey: Survey, found: Mapping[str, Finding]) -> pd.DataFrame:
    """Return one row a first-order scale.

    Returns
    -------
    pandas.DataFrame
        construct, n_items, n_obs, alpha and omega with limits, cr (composite reliability), ave, msv and the
        smallest standardised loading from the measurement model, htmt_max with its one-sided upper limit and
        the construct that it is with. NaN for what was not found.
    """
    rows = [_row(name, len(items), found) for name, items in survey.scales.items()]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = [name for name in COLUMNS if name not in ("construct", "htmt_max_with")]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _row(name: str, n_items: int, found: Mapping[str, Finding]) -> dict[str, object]:
    row: dict[str, object] = {**dict.fromkeys(COLUMNS, np.nan), "construct": name, "n_items": n_items}
    row["htmt_max_with"] = ""
    for part in (_reliability, _model, _ratios):
        row |= part(name, found)
    return row


def _value(found: Mapping[str, Finding], name: str) -> Any:
    return found[name].value if name in found else None


def _reliability(name: str, found: Mapping[str, Finding]) -> dict[str, object]:
    frame = _value(found, "reliability")
    if not isinstance(frame, pd.DataFrame) or name not in set(frame["construct"]):
        return {}
    own = frame.set_index("construct").loc[name]
    wanted = ["n_obs", "alpha", "alpha_ci_lower", "alpha_ci_upper"]
    wanted += ["omega", "omega_ci_lower", "omega_ci_upper"]
    return {column: own[column] for column in wanted}


def _model(name: str, found: Mapping[str, Finding]) -> dict[str, object]:
    convergent = _value(found, "convergent")
    table = getattr(convergent, "constructs", None)
    if table is None or name not in set(table["construct"]):
        return {}
    own = table.set_index("construct").loc[name]
    loadings = convergent.loadings
    least = loadings.loc[loadings["construct"] == name, "loading"].abs().min()
    figures = {"cr": own["composite_reliability"], "ave": own["ave"], "msv": own["msv"]}
    return {**figures, "loading_min": least}


def _ratios(name: str, found: Mapping[str, Finding]) -> dict[str, object]:
    ratios = getattr(_value(found, "discriminant"), "ratios", None)
    if ratios is None:
        return {}
    frame = ratios.frame
    own = frame[((frame["construct_1"] == name) | (frame["construct_2"] == name)) & frame["htmt"].notna()]
    if not len(own):
        return {}
    most = own.loc[own["htmt"].idxmax()]
    other = most["construct_2"] if most["construct_1"] == name else most["construct_1"]
    return {"htmt_max": most["htmt"], "htmt_max_upper": most["htmt_upper"], "htmt_max_with": other}
