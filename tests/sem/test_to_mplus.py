"""Inputs for Mplus keep its rules, and hold the same model: read again, it fits to the same numbers."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

import trustmeasure as tm
from tests.reference.ordinal_tables.make_texts import CASES as ORDERED, table_of
from tests.reference.sem_exports.make_texts import CASES, fit
from tests.sem.data import HS_MODEL, democracy, holzinger
from tests.sem.mplus_reader import as_text, sections
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import parse_model
from trustmeasure.sem.result import degrees_of_freedom
from trustmeasure.sem.to_mplus import RESERVED

fitted = cache(fit)
RENAMED = {"x1": "题1", "x2": "题2", "x3": "题3", "x4": "größe", "x5": "if"}


def frame(case: str) -> pd.DataFrame:
    """Return the data of a case."""
    data = democracy() if CASES[case][0] == "political_democracy" else holzinger()
    return data.rename(columns=RENAMED) if CASES[case][0] == "renamed" else data


@pytest.mark.parametrize("case", CASES)
def test_the_input_keeps_the_rules(case: str) -> None:
    export = tm.to_mplus(fitted(case), group="school")
    assert all(len(line) <= 90 for line in export.text.splitlines())
    assert export.text.isascii()
    for names in (export.names, export.labels):
        given = [name.lower() for name in names.values()]
        assert len(set(given)) == len(given)
        assert all(1 <= len(name) <= 8 and name[0].isalpha() for name in given)
        assert not set(given) & set(RESERVED)
    assert not set(export.names.values()) & set(export.labels.values())
    assert {"DATA", "VARIABLE", "ANALYSIS", "MODEL"} <= sections(export.text).keys()


@pytest.mark.filterwarnings("ignore:On the boundary")
@pytest.mark.parametrize("case", CASES)
def test_read_again_it_fits_to_the_same_numbers(case: str) -> None:
    ours = fitted(case)
    export = tm.to_mplus(ours, group="school")
    text, n_groups, means = as_text(export.text)
    table = parse_model(
        text,
        n_groups=n_groups,
        meanstructure=means,
        fixed_x=bool(ours.model.exogenous) or not ours.model.covariates,
    )
    group = export.names["school"] if n_groups > 1 else None
    again = tm.fit_sem(table, frame(case).rename(columns=export.names), group=group)
    assert (again.npar, again.df) == (ours.npar, ours.df)
    assert again.fit_measures["chisq"] == pytest.approx(ours.fit_measures["chisq"], rel=1e-6)
    defined = ours.parameters.query("op == ':='")["estimate"].to_list()
    assert again.parameters.query("op == ':='")["estimate"].to_list() == pytest.approx(defined, rel=1e-5)


def test_eight_characters_stay_unique_whatever_the_case() -> None:
    export = tm.to_mplus("satisfaction =~ satisfaction_1 + satisfaction_2 + Satisfac + on + if")
    names = export.names
    assert names["Satisfac"] == "Satisfac"
    assert names["satisfaction_1"] == "satisfa2"
    assert names["on"] not in {"on", "if"}
    assert "Renamed for Mplus" in export.notes[0]


def test_long_lists_are_wrapped() -> None:
    items = [f"item_{i:02}" for i in range(40)]
    export = tm.to_mplus(f"f =~ {' + '.join(items)}")
    assert max(map(len, export.text.splitlines())) <= 90
    assert sections(export.text)["VARIABLE"] == [f"NAMES = {' '.join(export.names[i] for i in items)}"]


def test_what_is_not_in_the_model_is_written_as_zero_or_bounded() -> None:
    text = tm.to_mplus("f =~ x1 + a*x2 + lower(0.2)*x3 + start(0.6)*x4\nb := a^2\nc := 2*a\na > 0.1").text
    assert "f BY x4*0.6;" in text
    constraint = sections(text)["MODEL CONSTRAINT"]
    assert constraint == ["NEW(b c)", "b = a ** 2", "c = 2 * a", "a - 0.1 > 0", "p2 > 0.2"]


def test_groups_have_a_section_each_and_codes() -> None:
    fit = tm.fit_sem(HS_MODEL, holzinger(), group="school")
    export = tm.to_mplus(fit, group="school")
    found = sections(export.text)
    assert found["VARIABLE"][-1] == "GROUPING = school (1 = Pasteur 2 = Grant_Wh)"
    assert {"MODEL Pasteur", "MODEL Grant_Wh"} <= found.keys()
    assert "{'Pasteur': 1, 'Grant-White': 2}" in export.call
    assert len(found["MODEL Grant_Wh"]) == len(found["MODEL Pasteur"]) == len(found["MODEL"])


def test_incomplete_rows_and_robust_estimators() -> None:
    data = holzinger().astype({"x1": float})
    data.loc[:9, "x1"] = None
    fiml = tm.to_mplus(tm.fit_sem(HS_MODEL, data, missing="fiml"), file="d.txt")
    assert "MISSING = ALL (-999);" in fiml.text
    assert "LISTWISE" not in fiml.text
    assert "na_rep='-999'" in fiml.call
    robust = tm.to_mplus(tm.fit_sem(HS_MODEL, holzinger(), estimator="MLM"))
    assert "ESTIMATOR = MLM;" in robust.text


def test_the_data_file_is_written_as_the_input_says(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    fit = tm.fit_sem(HS_MODEL, holzinger(), group="school")
    exec(tm.to_mplus(fit, group="school").call, {"data": holzinger()})  # noqa: S102 - our own line
    read = pd.read_csv("data.dat", sep=" ", header=None)
    assert read.shape == (301, 10)
    assert read[9].value_counts().to_dict() == {1: 156, 2: 145}


def test_what_mplus_does_not_have() -> None:
    with pytest.raises(ArgumentError, match="Mplus has no function 'tanh'"):
        tm.to_mplus("f =~ x1 + a*x2 + x3\nb := tanh(a)")
    with pytest.raises(ArgumentError, match="affects nothing"):
        tm.to_mplus("f <~ x1 + x2\ng =~ x3 + x4 + x5\nf ~~ g")


@pytest.mark.parametrize("case", [c for c in ORDERED if c != "random-ordered-x"])
def test_ordered_variables_read_again_are_the_same_model(case: str) -> None:
    ours = table_of(case)
    export = tm.to_mplus(ours)
    assert f"  CATEGORICAL = {' '.join(ours.ordered)};" in export.text.splitlines()
    assert f"  PARAMETERIZATION = {ours.parameterization.upper()};" in export.text.splitlines()
    assert "  ESTIMATOR = WLSMV;" in export.text.splitlines()
    text, n_groups, means = as_text(export.text)
    again = parse_model(
        text,
        n_groups=n_groups,
        meanstructure=means,
        ordered=dict(zip(ours.ordered, ours.n_thresholds, strict=True)),
        parameterization=ours.parameterization,
    )
    assert (again.npar, degrees_of_freedom(again)) == (ours.npar, degrees_of_freedom(ours))

    def fixed(table: tm.ParameterTable) -> dict[tuple[str, str, str, int], float]:
        rows = table.to_frame().query("op in ('|', '~*~', '~~') and lhs in @table.ordered")
        return {tuple(key): value for *key, value in rows[["lhs", "op", "rhs", "group", "value"]].to_numpy()}

    assert fixed(again) == pytest.approx(fixed(ours), nan_ok=True)


def test_an_ordered_model_says_what_mplus_lacks() -> None:
    with pytest.raises(ArgumentError, match="Mplus has no intercept of an ordered variable"):
        tm.to_mplus(parse_model("f =~ a + b + c\na ~ 1", ordered={"a": 2}))


def test_an_ordered_predictor_is_named() -> None:
    with pytest.raises(ArgumentError, match=r"codes of an ordered predictor \('o4'\) as numbers"):
        tm.to_mplus(table_of("random-ordered-x"))


def test_scales_that_mplus_computes_are_not_written() -> None:
    for how, scale, residual in (("delta", True, False), ("theta", False, True)):
        table = parse_model("f =~ a + b", ordered={"a": 2}, n_groups=2, parameterization=how)
        lines = tm.to_mplus(table).text.splitlines()
        assert ("  {a@1};" in lines, "  a@1;" in lines) == (scale, residual)
