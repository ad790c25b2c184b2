"""Models written for semopy: it fits the texts to our maximum-likelihood estimates."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import semopy

import trustmeasure as tm
from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import parse_model

RENAMED = {"x1": "题1", "x2": "lambda", "x3": "größe"}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "cfa": (HS_MODEL, {}),
    "unit variances": (HS_MODEL, {"std_lv": True}),
    "labels and fixed values": (
        "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + 1.1*x6\nvisual ~~ 0*textual\nx9 ~ textual",
        {},
    ),
    "second order": (f"{HS_MODEL}\ng =~ visual + textual + speed", {}),
    "mimic": (f"{HS_MODEL}\nvisual + speed ~ ageyr + sex", {}),
    "democracy": (PD_MODEL, {}),
    "formative": ("comp <~ 1*x4 + x5 + x6\nvisual =~ x1 + x2 + x3\nvisual ~ comp", {}),
    "starts": ("visual =~ x1 + start(0.7)*x2 + x3", {}),
    "other names": ("λ =~ 题1 + lambda + größe\nλ ~~ S*λ", {}),
    "constraint": ("visual =~ x1 + a*x2 + b*x3 + x4\nc := a^2\nb == c", {}),
    "bound": ("visual =~ x1 + lower(0.9)*x2 + x3 + x4", {}),
}


def frame(case: str) -> pd.DataFrame:
    """Return the data of a case."""
    if case == "democracy":
        return democracy()
    return holzinger().rename(columns=RENAMED) if case == "other names" else holzinger()


@pytest.mark.filterwarnings("ignore:On the boundary")
@pytest.mark.parametrize("case", CASES)
def test_semopy_finds_our_estimates(case: str) -> None:
    text, options = CASES[case]
    ours = tm.fit_sem(text, frame(case), **options)
    export = tm.to_semopy(ours, definitions=False)
    model = semopy.Model(export.text)
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(frame(case).rename(columns=export.names))
    active = [n for n, p in model.parameters.items() if p.active]
    theirs = dict(zip(active, model.param_vals, strict=True))
    labels = {p.free: p.label for p in ours.model.parameters if p.free and p.label}
    names = [export.labels.get(labels.get(n, ""), f"q{n}") for n in range(1, ours.model.n_free + 1)]
    assert sorted(names) == sorted(theirs)
    spread = np.sqrt(np.diag(ours.vcov))
    # Two solutions that differ by the sign of a latent variable are one.
    away = np.abs(np.abs([theirs[n] for n in names]) - np.abs(ours.theta))
    assert (away < 0.02 * np.maximum(spread, 0.05)).all()


def test_names_and_labels() -> None:
    export = tm.to_semopy("λ =~ 题1 + S*lambda + größe")
    assert export.text.isascii()
    assert export.labels["S"] != "S"
    assert "lambda = " not in export.text
    assert export.notes[0].startswith("Renamed for semopy: v1 = 题1")


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (parse_model(HS_MODEL, n_groups=2, meanstructure=False), "fits each group apart"),
        (parse_model(HS_MODEL, meanstructure=True), "has no means"),
        ("f =~ x1 + a*x2 + b*x3\nc := a*b", r"no defined parameters \(`:=`\): c\. Say definitions=False"),
    ],
)
def test_what_semopy_cannot_express_is_named(model: str | tm.ParameterTable, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        tm.to_semopy(model)


def test_another_estimator_is_named() -> None:
    with pytest.raises(ArgumentError, match="no estimator='MLR'"):
        tm.to_semopy(tm.fit_sem(HS_MODEL, holzinger(), estimator="MLR"))


def test_ordered_variables_are_named() -> None:
    with pytest.raises(ArgumentError, match=r"no thresholds.*to_lavaan or to_mplus"):
        tm.to_semopy(parse_model("f =~ a + b + c", ordered={"a": 2}))
