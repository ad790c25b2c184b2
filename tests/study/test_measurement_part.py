"""The measurement part of a model text: what stays, what goes, and that it is the same measurement."""

from __future__ import annotations

import pytest

from trustmeasure.sem import parse_model
from trustmeasure.study.parts import measurement_text
from trustmeasure.trust import models


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("f =~ a + b\ng =~ c + d\ng ~ f", "f =~ a + b\ng =~ c + d\n"),
        ("f =~ 1*a + l*b + start(0.5)*c\ny ~ f", "f =~ 1*a + l*b + start(0.5)*c\n"),
        ("f =~ a + b + c; a ~~ b; y ~~ f; y ~ f", "f =~ a + b + c\na ~~ b\n"),
        ("f =~ a + b + c\na ~ 1\ny ~ 1\ny ~ f", "f =~ a + b + c\na ~ 1\n"),
        ("f =~ a +\n  b + # first\n  c\nf ~ x\nt := 1 + 2", "f =~ a + b + c\n"),
        ("f =~ a + b + c\na ~~ v*a\nf ~~ 1*f", "f =~ a + b + c\na ~~ v*a\nf ~~ 1*f\n"),
        ("f =~ a + b\na | t1 + x*t2; y | t1; a ~*~ 1*a", "f =~ a + b\na | t1 + x*t2\na ~*~ 1*a\n"),
        ("y ~ x\nz ~ y", ""),
        ("信任 =~ 题1 + 题2 + 题3\n忠诚 ~ 信任", "信任 =~ 题1 + 题2 + 题3\n"),
    ],
)
def test_statements_about_measurement_stay_as_they_are_written(text: str, part: str) -> None:
    assert measurement_text(text) == part


def test_of_the_named_model_all_constructs_stay_and_all_correlate() -> None:
    table = parse_model(measurement_text(models.trust_outcomes()))
    whole = parse_model(models.trust_outcomes())
    assert set(table.latent) == set(whole.latent)
    assert set(table.observed) == set(whole.observed)
    assert not [p for p in table.parameters if p.op == "~"]
    tops = {"cognitive_trust", "affective_trust", "structural_trust", "satisfaction", "loyalty"}
    tops.add("repurchase_intention")
    free = {frozenset((p.lhs, p.rhs)) for p in table.parameters if p.op == "~~" and p.free and p.lhs != p.rhs}
    assert free == {frozenset((a, b)) for a in tops for b in tops if a < b}


def test_a_loading_that_was_set_free_stays_free() -> None:
    table = parse_model(measurement_text("f =~ NA*a + b + c\nf ~~ 1*f\ny ~ f"))
    first = next(p for p in table.parameters if p.name == "f=~a")
    assert first.free
