"""Arrays of a fit -> the parameter frame with the columns that every result has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionDtype
from scipy.special import ndtr

from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.inference import definitions_with_jacobian
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.ordinal.computed import computed_rows
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.standardize import standardized_both

Array = npt.NDArray[np.float64]

TEXT: Any = pd.Series([], dtype=str).dtype
"""The kind of a column of texts: object before pandas 3."""
TEXTS_APART = isinstance(TEXT, ExtensionDtype)
COLUMNS = (
    "lhs",
    "op",
    "rhs",
    "group",
    "label",
    "estimate",
    "se",
    "z",
    "p_value",
    "ci_lower",
    "ci_upper",
    "std_lv",
    "std_all",
)

COLUMN_INDEX = pd.Index(COLUMNS)
NUMBERS = np.arange(COLUMNS.index("estimate"), len(COLUMNS))
TEXTS_AND_GROUP = [np.array([i]) for i in range(NUMBERS[0])]
"""Places of the columns of numbers, and of each column before them."""
FROM_BLOCKS: Any = getattr(getattr(pd.api, "internals", None), "create_dataframe_from_blocks", None)
"""Makes a frame of whole blocks of columns, from pandas 3 on; the blocks of texts need columns apart."""
if not TEXTS_APART:
    FROM_BLOCKS = None


def estimates(table: ParameterTable, ram: Ram, theta: Array) -> Array:
    """Return the value of each row of the table, shape (k,)."""
    free = table.positions.free
    found = np.concatenate([theta, [np.nan]])[free - 1]
    fixed = (free == 0).nonzero()[0].tolist()
    if fixed:
        at = {n: i for i, n in enumerate(ram.variables)}
        found[fixed] = [_fixed(table.parameters[i], ram, at) for i in fixed]
    if table.ordered:
        which, follow = computed_rows(ram, table.parameters, theta[None])
        found[which] = follow[0]
    return found


def _fixed(row: Parameter, ram: Ram, at: dict[str, int]) -> float:
    if not row.exogenous:
        return row.value
    if row.op == "~1":
        return float("nan") if ram.m0 is None else float(ram.m0[at[row.lhs]])
    return float(ram.s0[at[row.lhs], at[row.rhs]])


def standard_errors(table: ParameterTable, vcov: Array | None) -> Array:
    """Return a standard error for each row: 0 for a fixed one, NaN without a covariance matrix."""
    if vcov is None:
        return np.array([np.nan if p.free else 0.0 for p in table.parameters])
    with np.errstate(invalid="ignore"):
        se = np.sqrt(vcov.diagonal())
    free = np.concatenate([table.only(g + 1).positions.free for g in range(table.n_groups)])
    return np.asarray(np.concatenate([se, [0.0]])[free - 1])


def parameter_frame(
    table: ParameterTable, rams: Sequence[Ram], theta: Array, vcov: Array | None, ci: float
) -> pd.DataFrame:
    """Return the frame of all parameters and definitions, one row each, columns `COLUMNS`.

    A fixed parameter has the standard error 0, limits equal to its value, and no z or p; a free one that
    stands at a bound of its own has no p. With auxiliary variables a column `auxiliary` flags their
    parameters.
    """
    values = [estimates(table.only(g), ram, theta) for g, ram in enumerate(rams, start=1)]
    defined, slopes = definitions_with_jacobian(table, theta)
    spread = np.full(defined.size, np.nan) if vcov is None else _delta(slopes, vcov)
    estimate = np.concatenate([*values, defined])
    columns = _inference(estimate, np.concatenate([standard_errors(table, vcov), spread]), ci)
    columns["p_value"][_at_bounds(table, estimate)] = np.nan
    columns["std_lv"], columns["std_all"] = standardized_both(table, rams, values, theta)
    frame = _frame(_names(table), columns)
    if table.auxiliary:
        frame["auxiliary"] = frame.lhs.isin(table.auxiliary)
    return frame


def _frame(names: dict[str, Any], numbers: dict[str, Array]) -> pd.DataFrame:
    """Return the frame of columns that are known to fit: names and group, then numbers.

    Where pandas offers it the frame is put together without looking at each column again, which takes
    several times as long as the numbers.
    """
    if FROM_BLOCKS is None:
        return pd.DataFrame(names | numbers, copy=False)
    blocks = [
        (column[None] if isinstance(column, np.ndarray) else column, place)
        for column, place in zip(names.values(), TEXTS_AND_GROUP, strict=True)
    ]
    whole = np.array(list(numbers.values()))
    found: pd.DataFrame = FROM_BLOCKS(
        [*blocks, (whole, NUMBERS)], pd.RangeIndex(whole.shape[1]), COLUMN_INDEX.view()
    )
    return found


def _names(table: ParameterTable) -> dict[str, Any]:
    """Return the columns that say what each row is."""
    lhs, op, rhs, _, label, *_ = table.columns
    lines = table.definitions
    names, n = [d.name for d in lines], len(lines)
    found = text_columns(
        {
            "lhs": [*lhs, *names],
            "op": [*op, *([":="] * n)],
            "rhs": [*rhs, *(d.text for d in lines)],
            "label": [*label, *names],
        }
    )
    found["group"] = np.array([*table.columns[9], *([0] * n)], dtype=np.int64)
    return {name: found[name] for name in COLUMNS if name in found}


def text_columns(texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return lists of equally many texts as columns of a frame: as one array, which is then parted."""
    size = len(next(iter(texts.values())))
    cells = np.array([text for column in texts.values() for text in column], dtype=object)
    whole: Any = TEXT.construct_array_type()._from_sequence(cells, dtype=TEXT) if TEXTS_APART else cells
    return {name: whole[i * size : (i + 1) * size] for i, name in enumerate(texts)}


def _at_bounds(table: ParameterTable, estimate: Array) -> npt.NDArray[np.bool_]:
    """Return which free parameters are held back by `lower()` or `upper()`, shape (number of rows,)."""
    held = np.zeros(estimate.size, dtype=bool)
    if not table.limited:
        return held
    lower, upper = (
        np.array([getattr(p, side) if p.free else np.nan for p in table.parameters])
        for side in ("lower", "upper")
    )
    own = estimate[: lower.size]
    with np.errstate(invalid="ignore"):
        near = [np.abs(own - x) <= 1e-9 * np.abs(x) + 1e-15 for x in (lower, upper)]
    held[: lower.size] = (near[0] & np.isfinite(lower)) | (near[1] & np.isfinite(upper))
    return held


def inference_columns(estimate: Array, se: Array, ci: float) -> pd.DataFrame:
    """Return estimate se z p_value ci_lower ci_upper; what does not vary has no z and no p."""
    return pd.DataFrame(_inference(estimate, se, ci))


def _inference(estimate: Array, se: Array, ci: float) -> dict[str, Array]:
    z, p_value = z_and_p(estimate, se)
    margin = normal_quantile(0.5 + ci / 2) * se
    return {
        "estimate": estimate,
        "se": se,
        "z": z,
        "p_value": p_value,
        "ci_lower": estimate - margin,
        "ci_upper": estimate + margin,
    }


def z_and_p(estimate: Array, se: Array) -> tuple[Array, Array]:
    """Return estimates divided by their standard errors, and two-sided p; NaN for what does not vary."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(se > 0, estimate / se, np.nan)
    return z, np.asarray(2.0 * ndtr(-np.abs(z)))


def _delta(slopes: Array, vcov: Array) -> Array:
    """Return standard errors of functions with derivatives `slopes` (r, q) by the delta method.

    What constraints fix has no error but rounding, which is taken as zero.
    """
    variance = ((slopes @ vcov) * slopes).sum(axis=1)
    most = (np.abs(slopes) @ np.sqrt(np.abs(vcov.diagonal()))) ** 2
    return np.sqrt(np.where(variance > 1e-15 * most, variance, 0.0 * most))
