"""Parameter tables with ordered variables: lavaan's rows and defaults, and what a text may not say."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.ordinal_tables.make_texts import CASES, FOLDER, case, table_of, written
from trustmeasure.errors import ArgumentError, ModelSyntaxError
from trustmeasure.sem import parse_model
from trustmeasure.sem.result import degrees_of_freedom
from trustmeasure.sem.specify import endogenous

KEY = ["lhs", "op", "rhs", "group"]
COUNTS = {"a": 3, "b": 1, "c": 2}


def same_parameters(numbers: pd.Series) -> list[int]:
    """Return the numbers of free parameters counted by their first appearance, 0 for fixed ones."""
    known: dict[int, int] = {}
    return [known.setdefault(n, len(known) + 1) if n else 0 for n in numbers]


def rows_of(reference: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(reference["rows"]["rows"], columns=reference["rows"]["columns"])


@pytest.mark.parametrize("name", CASES)
def test_the_rows_and_their_defaults_are_lavaans(name: str) -> None:
    reference, table = case(name), table_of(name)
    theirs = rows_of(reference)
    mine = table.to_frame().astype({"group": int})
    swap = mine.op.eq("~~") & ~pd.MultiIndex.from_frame(mine[KEY]).isin(pd.MultiIndex.from_frame(theirs[KEY]))
    mine.loc[swap, ["lhs", "rhs"]] = mine.loc[swap, ["rhs", "lhs"]].to_numpy()
    both = theirs.merge(mine, on=KEY, how="outer", suffixes=("", "_mine"), indicator=True)
    assert (both["_merge"] == "both").all(), both.loc[both["_merge"] != "both", [*KEY, "_merge"]]
    assert (both.free > 0).eq(both.free_mine > 0).all(), both[(both.free > 0) != (both.free_mine > 0)]
    assert same_parameters(both.free) == same_parameters(both.free_mine)
    assert both.exogenous.eq(both.exogenous_mine).all()
    assert both.user.eq(both.user_mine).all()
    np.testing.assert_array_equal(both.value.astype(float), both.value_mine)
    assert (table.npar, degrees_of_freedom(table)) == (reference["npar"], reference["df"])


@pytest.mark.parametrize("name", CASES)
def test_lavaan_reads_the_written_text_as_the_same_model(name: str) -> None:
    assert written(name) == (FOLDER / "data" / f"{name}.lav").read_text(encoding="utf-8")
    read = json.loads((FOLDER / f"export-{name}.json").read_text(encoding="utf-8"))
    both = rows_of(case(name)).merge(
        rows_of(read), on=KEY, how="outer", suffixes=("", "_again"), indicator=True
    )
    assert (both["_merge"] == "both").all(), both.loc[both["_merge"] != "both", [*KEY, "_merge"]]
    assert same_parameters(both.free) == same_parameters(both.free_again)
    assert both.exogenous.eq(both.exogenous_again).all()
    pd.testing.assert_series_equal(both.value, both.value_again, check_names=False)
    assert read["df"] == case(name)["df"]


def test_the_stored_cases_cover_both_parameterisations_and_groups() -> None:
    found = [case(name) for name in CASES]
    assert {c["options"].get("parameterization") for c in found} >= {"delta", "theta"}
    assert {c["n_groups"] for c in found} == {1, 2, 3}
    assert len(CASES) > 30


def test_the_table_knows_its_statistics() -> None:
    table = parse_model("f =~ a + b + c + x; f ~ age", ordered=COUNTS)
    assert (table.ordered, table.n_thresholds, table.parameterization) == (
        ("a", "b", "c"),
        (3, 1, 2),
        "delta",
    )
    assert (table.layout.names, table.layout.n_thresholds) == (("a", "b", "c", "x"), (3, 1, 2, 0))
    assert (table.layout.covariates, table.layout.size) == (("age",), 7 + 4 + 1 + 6)
    assert table.meanstructure


def test_a_continuous_model_has_no_ordered_variables() -> None:
    table = parse_model("f =~ a + b + c")
    assert (table.ordered, table.n_thresholds) == ((), ())
    assert not set(table.to_frame().op) & {"|", "~*~"}


def test_the_codes_of_an_ordered_covariate_are_numbers_which_is_said() -> None:
    table = parse_model("f =~ a + b\nf ~ c", ordered=COUNTS)
    assert table.ordered == ("a", "b")
    assert "ordered variable(s) c are taken as numbers" in table.notes[0]
    assert "'c ~~ 1*c'" in table.notes[0]


def test_a_covariate_is_ordered_when_its_moments_are_modelled() -> None:
    assert parse_model("f =~ a + b\nf ~ c", ordered=COUNTS, fixed_x=False).ordered == ("a", "b", "c")


def test_endogenous_names_what_is_explained() -> None:
    assert endogenous("f =~ a + b\nf ~ c + x\nc ~ x\ny ~~ y") == ("a", "b", "c", "y")


@pytest.mark.parametrize(
    ("text", "under", "message"),
    [
        ("f =~ a + b + c\na | t1 + t4", "t4", "'a' has 4 categories, so its thresholds are t1 to t3"),
        ("f =~ a + b + c\nb | t2", "t2", "'b' has 2 categories, so its threshold is t1; there is no t2"),
        ("f =~ a + b + c\na | up", "up", "'up' is no threshold. Those of 'a' are called t1 to t3"),
        ("f =~ a + b + c\nf | t1", "t1", "'f' is a latent variable, which has no thresholds"),
        ("f =~ a + b + c + x\nx | t1", "t1", "'x' is not an ordered variable, so it has no thresholds"),
        ("f =~ a + b + c + x\nx ~*~ x", "x", "'x' is not an ordered variable, so it has no response"),
        ("f =~ a + b + c\na ~*~ b", "b", "belongs to one variable: write 'a ~\\*~ a'"),
        ("f =~ a + b\nf ~ c\nc | t1", "t1", "'c' is an exogenous variable.*Add 'c ~~ 1\\*c'"),
        ("f =~ a + b + c\na | 0.5*t1 + 0.2*t2", "t2", "t2 of 'a' \\(0.2\\) is not above t1 \\(0.5"),
        ("f =~ a + b + c\na | t3 + 0.5*t1 + start(0.5)*t2", "t2", "Thresholds increase"),
        ("f =~ a + b + c\na ~~ a", "a", "parameterization='delta' the residual variance"),
        ("f =~ a + b + c\na ~~ 0.5*a", "a", "parameterization='delta' the residual variance"),
        ("f =~ a + b + c\na | 1", "1", "A number cannot stand alone"),
    ],
)
def test_an_error_shows_its_place(text: str, under: str, message: str) -> None:
    with pytest.raises(ModelSyntaxError, match=message) as caught:
        parse_model(text, ordered=COUNTS)
    line, caret = str(caught.value).splitlines()[-2:]
    assert caret == " " * line.rindex(under) + "^"


def test_with_theta_the_scale_is_no_parameter() -> None:
    with pytest.raises(ModelSyntaxError, match="parameterization='theta' the scale of 'a' follows"):
        parse_model("f =~ a + b + c\na ~*~ a", ordered=COUNTS, parameterization="theta")
    table = parse_model("f =~ a + b + c\na ~*~ 1*a\na ~~ a", ordered=COUNTS, parameterization="theta")
    assert table.to_frame().query("lhs == 'a' and op == '~~'").free.item() > 0


def test_thresholds_increase_in_each_group() -> None:
    with pytest.raises(ModelSyntaxError, match=r"t2 of 'a' \(0\) is not above t1 \(1\) in group 2"):
        parse_model("f =~ a + b\na | c(1, 1)*t1 + c(2, 0)*t2", ordered={"a": 2, "b": 2}, n_groups=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ordered": {"a": 3, "bb": 1}}, "ordered: 'bb' is no observed variable of the model. .*a, b, c"),
        ({"ordered": {"a": 0}}, r"ordered\['a'\]=0"),
        ({"ordered": {"a": 3}, "parameterization": "detla"}, "Did you mean 'delta'"),
        ({"group_equal": ["thresholds"], "n_groups": 2}, "no ordered variable.*Say 'intercepts'"),
        ({"ordered": {"a": 3}, "n_groups": 2, "group_partial": ["a | t7"]}, "no relation 'a|t7'"),
    ],
)
def test_bad_arguments_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        parse_model("f =~ a + b + c", **options)
