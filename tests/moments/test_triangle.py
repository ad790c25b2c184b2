"""Covariances out of the triangles that papers print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trustmeasure.errors import DataError
from trustmeasure.moments import covariance_from_text

STORED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "moments" / "triangles.json").read_text(encoding="utf-8")
)
NAMES = ["a", "b", "c"]
WANTED = [[1, 0.3, -0.5], [0.3, 1, 0.2], [-0.5, 0.2, 1]]


@pytest.mark.parametrize("kind", list(STORED["texts"]))
def test_against_lavaan(kind: str) -> None:
    names, text = STORED["names"], STORED["texts"][kind]
    found = covariance_from_text(text, names)
    assert list(found.index) == list(found.columns) == names
    np.testing.assert_allclose(found, STORED["matrices"][kind], rtol=1e-14)
    scaled = covariance_from_text(text, names, sd=dict(zip(names, STORED["sds"], strict=True)))
    np.testing.assert_allclose(scaled, STORED["matrices"]["lower_sd"], rtol=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        "\N{EM DASH}\n.30** \N{EN DASH}\n\N{MINUS SIGN}.50* .2 -",
        "1, .3, -.5\n.3, 1, .2\n-.5, .2, 1",
        "1 .3 1 -.5 .2 1",
        "\n  1\n\n  .3; 1;\n  -5e-1; 0.2; 1.00\n",
        ".3 -.5\n.2",
        "- .3 -.5\n.3 - .2\n-.5 .2 -",
    ],
)
def test_the_ways_papers_print(text: str) -> None:
    np.testing.assert_allclose(covariance_from_text(text, NAMES), WANTED)


@pytest.mark.parametrize(
    ("text", "names", "message"),
    [
        ("1\n.3\n.5 .2 1", NAMES, "no triangle of 3 variables.*Line 2 has 1"),
        ("", NAMES, "0 lines with none"),
        ("trust 1\n.3 1", ["a", "b"], "'trust' in the line 'trust 1' is no number"),
        ("1 .3 .5\n.3 1 .2\n.4 .2 1", NAMES, "not symmetric: 0.5 in line 1 and 0.4 in line 3"),
        ("1\n- 1\n.5 .2 1", NAMES, "Line 2 has a dash"),
        ("2.1\n1.4 .3", NAMES, "must hold correlations, but one is beyond 1"),
        ("1\n.3 1", ["a", "a"], "different names"),
    ],
)
def test_what_is_no_triangle(text: str, names: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        covariance_from_text(text, names)


def test_standard_deviations_go_with_correlations() -> None:
    with pytest.raises(DataError, match="must hold correlations, but the diagonal of a is 2"):
        covariance_from_text("2\n.3 1", ["a", "b"], sd=[1, 2])
    with pytest.raises(DataError, match="above zero; it is 0 for b"):
        covariance_from_text("1\n.3 1", ["a", "b"], sd=[1, 0])
