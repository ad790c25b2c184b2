"""Which ordinal models are identified: thresholds must hold scales, residual variances and intercepts."""

from __future__ import annotations

import pytest

import trustmeasure as tm
from trustmeasure.errors import IdentificationError

THRESHOLDS = {"a": 3, "b": 3, "c": 3, "d": 1}
FACTOR = "f =~ a + b + c + d\n"


@pytest.mark.parametrize(
    ("more", "parameterization", "involved"),
    [
        ("a ~*~ NA*a", "delta", "a~*~a"),
        ("a ~~ NA*a", "theta", "a~~a"),
        ("a ~ NA*1", "delta", "a~1"),
        ("f ~ NA*1", "delta", "f~1"),
    ],
)
def test_what_thresholds_leave_open_is_named(more: str, parameterization: str, involved: str) -> None:
    table = tm.parse_model(FACTOR + more, ordered=THRESHOLDS, parameterization=parameterization)
    found = tm.identification(table)
    assert not found.identified
    assert involved in str(found)


@pytest.mark.parametrize(
    "more", ["", "a | -1*t1 + 1*t2\na ~ NA*1\na ~*~ NA*a", "d | 0*t1\nd ~ NA*1", "f ~ NA*1\na | 0*t1"]
)
def test_fixed_thresholds_identify_scale_and_intercept(more: str) -> None:
    assert tm.identification(tm.parse_model(FACTOR + more, ordered=THRESHOLDS)).identified


def test_an_ordinal_model_that_is_not_identified_is_refused() -> None:
    data = tm.simulate("f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d", 300, seed=1, cuts=[-1.0, 0.0, 1.0])
    with pytest.raises(IdentificationError, match=r"a~\*~a"):
        tm.fit_sem(FACTOR + "a ~*~ NA*a", data, ordered=True)
