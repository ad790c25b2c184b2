"""What defined parameters mean: routes, sums of routes, and what is none of these."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.reporting.findings_for_tests import fitted
from trustmeasure.reporting import effect_frame
from trustmeasure.reporting.effects import Meaning, meanings
from trustmeasure.trust import models

BASE = "m ~ a*x\ny ~ b*m + c*x\nz ~ d*y + e*m\n"


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    x, e = rng.normal(size=300), rng.normal(size=(300, 3))
    m = 0.5 * x + e[:, 0]
    y = 0.4 * m + 0.3 * x + e[:, 1]
    return pd.DataFrame({"x": x, "m": m, "y": y, "z": 0.6 * y + 0.2 * m + e[:, 2]})


CASES = {
    "a route": ("t := a*b", Meaning("route", ("x", "m", "y"))),
    "a route in any order": ("t := b*a", Meaning("route", ("x", "m", "y"))),
    "a long route": ("t := a*b*d", Meaning("route", ("x", "m", "y", "z"))),
    "a total effect": ("t := c + a*b", Meaning("total", ("x", "y"))),
    "a sum of routes": ("t := a*b*d + a*e", Meaning("indirect", ("x", "z"))),
    "a product of sums": ("t := a*(b*d + e)", Meaning("indirect", ("x", "z"))),
    "everything at once": ("t := (c + a*b)*d + a*e", Meaning("indirect", ("x", "z"))),
    "a difference": ("t := a - b", Meaning("other")),
    "a function": ("t := exp(a*b)", Meaning("other")),
    "labels that are no chain": ("t := a*d", Meaning("other")),
    "routes with other ends": ("t := a*b + b*d", Meaning("other")),
    "a path twice": ("t := a*a", Meaning("other")),
    "a number": ("t := 2*a*b", Meaning("other")),
    "one path alone": ("t := a", Meaning("other")),
}


@pytest.mark.parametrize(("line", "meaning"), CASES.values(), ids=CASES.keys())
def test_an_expression_is_understood(data: pd.DataFrame, line: str, meaning: Meaning) -> None:
    assert meanings(fitted(BASE + line, data))["t"] == meaning


def test_definitions_that_use_definitions_are_followed(data: pd.DataFrame) -> None:
    found = meanings(fitted(BASE + "one := a*b\nall := one\ntot := c + all", data))
    assert found["one"] == Meaning("route", ("x", "m", "y"))
    assert found["all"] == Meaning("indirect", ("x", "y"))
    assert found["tot"] == Meaning("total", ("x", "y"))


def test_a_label_of_two_paths_is_no_route(data: pd.DataFrame) -> None:
    found = meanings(fitted("m ~ a*x\ny ~ a*m\nt := a*a", data))
    assert found["t"] == Meaning("other")


def test_figures_are_those_of_the_result_and_direct_paths_stand_first(data: pd.DataFrame) -> None:
    result = fitted(BASE + "one := a*b\ntot := c + one", data)
    frame = effect_frame(result)
    assert frame["kind"].tolist() == ["direct", "route", "total"]
    assert frame["route"].tolist() == ["x → y", "x → m → y", "x → y"]
    rows = result.parameters.set_index("label")
    assert frame["estimate"].tolist() == [rows.loc[name, "estimate"] for name in ("c", "one", "tot")]
    assert frame["estimate"].iloc[2] == pytest.approx(frame["estimate"].iloc[:2].sum())


def test_what_is_no_effect_comes_last(data: pd.DataFrame) -> None:
    frame = effect_frame(fitted(BASE + "diff := a - b\none := a*b", data))
    assert frame["kind"].tolist() == ["direct", "route", "other"]
    assert frame["source"].iloc[-1] == ""


def test_every_definition_of_the_named_model_is_understood() -> None:
    import trustmeasure.responses as room

    result = fitted(models.trust_outcomes(), room.load_sample("trust-survey"))
    found = meanings(result)
    prefix = {"ind": "route", "indirect": "indirect", "total": "total"}
    assert len(found) == 27
    assert all(meaning.kind == prefix[name.split("_")[0]] for name, meaning in found.items())
    assert found["ind_cog_sat_loy_rep"].route == (
        "cognitive_trust", "satisfaction", "loyalty", "repurchase_intention"
    )  # fmt: skip
