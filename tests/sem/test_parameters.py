"""What the defaults add to a model."""

from __future__ import annotations

import pytest

from trustmeasure.sem import parse_model
from trustmeasure.sem.parameters import ParameterTable

STRUCTURE = "f =~ a + b + c\ng =~ d + e + h\ny ~ f + x\nz ~ g + x"


def added(table: ParameterTable) -> set[str]:
    return {p.name for p in table.parameters if not p.user}


def test_first_loading_is_the_unit() -> None:
    table = parse_model("f =~ a + b + c")
    assert [(p.name, p.value) for p in table.parameters if p.op == "=~" and not p.free] == [("f=~a", 1.0)]


def test_std_lv_fixes_variances_instead() -> None:
    table = parse_model("f =~ a + b + c\ng =~ d + e + h\ng ~ f", std_lv=True)
    fixed = {p.name: p.value for p in table.parameters if not p.free}
    assert fixed == {"f~~f": 1.0, "g~~g": 1.0}


def test_std_lv_holds_for_a_written_variance_unless_it_is_na() -> None:
    model = "f =~ a + b + c\n"
    free = {
        text: [p.free > 0 for p in parse_model(model + text, std_lv=True).parameters if p.name == "f~~f"]
        for text in ("f ~~ f", "f ~~ NA*f")
    }
    assert free == {"f ~~ f": [False], "f ~~ NA*f": [True]}


def test_variances_and_covariances() -> None:
    names = added(parse_model(STRUCTURE))
    assert {"a~~a", "y~~y", "f~~f", "f~~g", "y~~z", "x~~x"} <= names
    assert "f~~x" not in names


def test_exogenous_moments_are_fixed_unless_asked() -> None:
    fixed = parse_model(STRUCTURE)
    assert fixed.exogenous == ("x",)
    assert [p.free for p in fixed.parameters if p.name == "x~~x"] == [0]
    free = parse_model(STRUCTURE, fixed_x=False)
    assert free.exogenous == ()
    assert all(p.free for p in free.parameters if p.name == "x~~x")


def test_naming_an_exogenous_variance_makes_it_random_with_a_note() -> None:
    table = parse_model("y ~ x + w\nx ~~ x")
    assert table.exogenous == ("w",)
    assert "x" in table.notes[0]


def test_means_only_when_asked_or_written() -> None:
    assert not any(p.op == "~1" for p in parse_model(STRUCTURE).parameters)
    written = parse_model("f =~ a + b + c\na ~ 0*1")
    assert {p.name: p.free > 0 for p in written.parameters if p.op == "~1"} == {
        "a~1": False,
        "b~1": True,
        "c~1": True,
        "f~1": False,
    }
    assert parse_model(STRUCTURE, meanstructure=True).meanstructure


def test_single_indicator_has_no_residual_variance() -> None:
    table = parse_model("f =~ a\ng =~ b + c + d\ng ~ f")
    assert [p.value for p in table.parameters if p.name == "a~~a"] == [0.0]


def test_dimensions_of_a_second_order_factor_do_not_covary() -> None:
    names = added(parse_model("f =~ a + b + c\ng =~ d + e + h\nk =~ i + j + l\nt =~ f + g + k"))
    assert not {"f~~g", "f~~k", "g~~k"} & names


def test_free_names_are_labels_or_relations() -> None:
    assert parse_model("f =~ a + l*b + l*c\ny ~ f").free_names[:2] == ("l", "y~f")


def test_to_frame_has_a_row_for_each_parameter_and_definition() -> None:
    frame = parse_model("y ~ p*x\nq := 2*p").to_frame()
    assert frame.loc[frame.op == ":=", ["lhs", "rhs", "label"]].to_numpy().tolist() == [["q", "2*p", "q"]]
    assert frame.shape[0] == 4


@pytest.mark.parametrize("order", [("x", "w"), ("w", "x")])
def test_order_of_predictors_does_not_change_the_parameters(order: tuple[str, str]) -> None:
    assert added(parse_model(f"y ~ {order[0]} + {order[1]}")) - {"x~~w", "w~~x"} == {"y~~y", "x~~x", "w~~w"}
