"""Exclusion rules: who goes, why, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import StudyError
from trustmeasure.fields import Place
from trustmeasure.responses import Responses, read_responses
from trustmeasure.study.rules import apply_rules, rule

PLACE = Place(Path("study.toml"), "responses.exclude")


def responses() -> Responses:
    frame = pd.DataFrame(
        {f"sat_{i}": [1, 2, 3, 4, 5, 6] for i in (1, 2, 3, 4)}
        | {"minutes": [1.5, 3.0, np.nan, 10.0, 20.0, 30.0], "city": ["a", "b", None, "a", "c", "b"]}
    )
    return read_responses(frame, "satisfaction")


def left(*rules: dict[str, Any]) -> Responses:
    return apply_rules(responses(), tuple(rule(one, PLACE) for one in rules), PLACE)


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ({"column": "minutes", "less_than": 3}, [2, 3, 4, 5, 6]),
        ({"column": "minutes", "at_most": 3}, [3, 4, 5, 6]),
        ({"column": "minutes", "more_than": 20}, [1, 2, 3, 4, 5]),
        ({"column": "minutes", "at_least": 20}, [1, 2, 3, 4]),
        ({"column": "minutes", "equals": 10}, [1, 2, 3, 5, 6]),
        ({"column": "minutes", "not_equals": 10}, [3, 4]),
        ({"column": "minutes", "missing": True}, [1, 2, 4, 5, 6]),
        ({"column": "minutes", "missing": False}, [3]),
        ({"column": "city", "equals": "a"}, [2, 3, 5, 6]),
        ({"column": "city", "among": ["a", "b"]}, [3, 5]),
        ({"column": "sat_1", "at_least": 4}, [1, 2, 3]),
    ],
)
def test_each_test_leaves_out_whom_it_names_and_never_a_missing_value(
    test: dict[str, Any], kept: list[int]
) -> None:
    assert [row + 1 for row in left(test).data.index] == kept


def test_a_respondent_counts_under_the_first_rule_that_fits() -> None:
    result = left(
        {"column": "minutes", "less_than": 5, "reason": "too fast"},
        {"column": "city", "equals": "a", "reason": "wrong city"},
    )
    assert result.excluded[["row", "reason"]].values.tolist() == [
        [1, "too fast"],
        [2, "too fast"],
        [4, "wrong city"],
    ]


def test_a_rule_without_a_reason_gives_its_test_as_the_reason() -> None:
    assert left({"column": "minutes", "less_than": 2}).excluded["reason"].tolist() == ["minutes < 2"]
    assert left({"column": "city", "among": ["a", "b"]}).excluded["reason"].unique().tolist() == [
        "city: a, b"
    ]


def test_a_rule_that_fits_nobody_changes_nothing() -> None:
    assert left({"column": "minutes", "more_than": 99}).excluded.empty


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            {"column": "minuts", "less_than": 2},
            "'minuts' is not a column of the data. Did you mean 'minutes'?",
        ),
        ({"column": "minutes", "equals": "10"}, "column 'minutes' holds numbers; write '10' without quotes"),
        ({"column": "city", "equals": 1}, "column 'city' holds text; write 1 in quotes"),
        ({"column": "sat_1", "at_least": 1}, "this rule leaves nobody"),
    ],
)
def test_a_rule_that_does_not_fit_the_data_is_refused(test: dict[str, Any], said: str) -> None:
    with pytest.raises(StudyError) as error:
        left(test)
    assert str(error.value).startswith("study.toml: responses.exclude[1]: ")
    assert said in str(error.value)
