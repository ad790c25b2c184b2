"""What real surveys contain: each function gives a number, NaN with a note, or an error with a remedy."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from tests.validity.validity_data import HOSTILE, halves
from trustmeasure.errors import TrustMeasureError, TrustMeasureWarning

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "htmt": lambda x: tm.htmt(x, n_bootstrap=40, seed=1),
    "htmt_bca": lambda x: tm.htmt(x, n_bootstrap=40, seed=1, interval="bca", missing="listwise"),
    "htmt_signed": lambda x: tm.htmt(x, n_bootstrap=0, absolute=False),
    "htmt_polychoric": lambda x: tm.htmt(x, n_bootstrap=30, seed=1, correlation="polychoric"),
    "average_variance_extracted": tm.average_variance_extracted,
    "fornell_larcker": tm.fornell_larcker,
    "discriminant_validity": lambda x: tm.discriminant_validity(x, n_bootstrap=40, seed=1),
    "convergent_validity": tm.convergent_validity,
    "measurement_table": tm.measurement_table,
    "multitrait_multimethod": lambda x: _by_methods(x),
    "known_groups": lambda x: tm.known_groups(x, _alternate(x)),
    "criterion_validity": lambda x: tm.criterion_validity(x, {"bought": _alternate(x)}),
    "criterion_spearman": lambda x: tm.criterion_validity(x, {"spent": _spent(x)}, method="spearman"),
    "criterion_itself": lambda x: tm.criterion_validity(x, {"spent": next(iter(x.values())).iloc[:, 0]}),
    "incremental_linear": lambda x: _incremental(x, _spent(x)),
    "incremental_logistic": lambda x: _incremental(x, _alternate(x)),
    "nomological_table": lambda x: tm.nomological_table(x, dict.fromkeys([("first", "second")], "+")),
    "nomological_factors": lambda x: tm.nomological_table(
        pd.concat(x, axis=1).droplevel(0, axis=1),
        {("f", "g"): "-"},
        model="f =~ a + b + c\ng =~ d + e",
    ),
}


def _by_methods(parts: Any) -> Any:
    frame = pd.concat(parts, axis=1).droplevel(0, axis=1)
    cells = [("t", "m"), ("t", "n"), ("u", "m"), ("u", "n")]
    units = {cell: list(own) for cell, own in zip(cells, np.array_split(frame.columns, 4), strict=True)}
    return tm.multitrait_multimethod(frame, units)


def _alternate(parts: Any) -> Any:
    """Return 0 and 1 in turn, one a row."""
    return np.arange(len(next(iter(parts.values())))) % 2


def _spent(parts: Any) -> Any:
    """Return numbers, one a row, some of them missing."""
    rows = np.arange(len(next(iter(parts.values()))), dtype=float)
    return np.where(rows % 7 == 3, np.nan, np.sin(rows))


def _incremental(parts: Any, outcome: Any) -> Any:
    return tm.incremental_validity(parts, outcome, [[name] for name in parts], n_bootstrap=30, seed=1)


def survived(function: Callable[[], Any]) -> Any:
    """Return the result, or the error's message; anything but an error of ours, and any warning, fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", TrustMeasureWarning)
        try:
            return function()
        except TrustMeasureError as problem:
            said = str(problem)
    assert len(said) > 20
    return said


@pytest.mark.parametrize("frame", HOSTILE)
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_it_survives(name: str, frame: str) -> None:
    found = survived(lambda: FUNCTIONS[name](halves(FRAMES[frame])))
    assert str(found)


@pytest.mark.parametrize("frame", ["one_item", "constant_item", "all_missing", "text", "infinite"])
def test_htmt_says_why_it_is_not_there(frame: str) -> None:
    found = survived(lambda: tm.htmt(halves(FRAMES[frame]), n_bootstrap=0))
    said = found if isinstance(found, str) else " ".join(found.frame["note"])
    words = {
        "one_item": "1 construct",
        "constant_item": "no correlation of c",
        "all_missing": "too few",
        "text": "'c'",
        "infinite": "'c'",
    }
    assert words[frame] in said
