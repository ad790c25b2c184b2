"""Checked answers written and read again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import trustmeasure as tm
from tests.responses.forms import answers_to, whole_form
from tests.responses.test_versions import newer, old_answers, retired
from trustmeasure.errors import ResponseError
from trustmeasure.responses import Responses, read_responses, write_responses
from trustmeasure.responses.writing import lost_in_file, spss_names

FORM = whole_form()
ENDINGS = [".csv", ".sav", ".parquet"]


def read() -> Responses:
    frame = answers_to(FORM, rows=40).assign(
        respondent_id=[f"r-{i}" for i in range(40)],
        started_at="2026-01-31T09:15:00",
        duration_seconds=61.5,
        city=["=1+1", "北京", "a,b", "'tis"] * 10,
    )
    frame["sat_1"] = frame["sat_1"].astype(float)
    frame.loc[[3, 7], "sat_1"] = float("nan")
    return read_responses(frame, manifest=FORM)


def require_same(one: Responses, two: Responses) -> None:
    pd.testing.assert_frame_equal(one.data, two.data, check_dtype=False)
    assert one.expected == two.expected
    assert one.versions == two.versions
    assert one.id_column == two.id_column
    assert one.missing().to_dict() == two.missing().to_dict()
    assert {n: m.scale and m.scale.codes for n, m in one.meanings.items() if n in one.data} == {
        n: m.scale and m.scale.codes for n, m in two.meanings.items()
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_written_reads_the_same(ending: str, tmp_path: Path) -> None:
    first = read()
    again = read_responses(write_responses(first, tmp_path / f"out{ending}"))
    require_same(first, again)
    assert again.labels("age_group", "zh") == first.labels("age_group", "zh")
    assert tm.screen(again).persons["instructed_failed"].notna().all()


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_a_manifest_too(ending: str, tmp_path: Path) -> None:
    first = tm.load_sample("trust-survey")
    again = read_responses(write_responses(first, tmp_path / f"out{ending}"))
    require_same(first, again)
    assert again.simulated


@pytest.mark.parametrize("ending", ENDINGS)
def test_old_versions_and_retired_items_stay_what_they_are(ending: str, tmp_path: Path) -> None:
    form, answers = old_answers()
    apart = read_responses(answers, newer("meaning"), manifest=form, versions="separate")
    path = write_responses(apart, tmp_path / f"apart{ending}")
    again = read_responses(path, newer("meaning"), versions="separate")
    require_same(apart, again)
    aside = read_responses(answers, retired(), manifest=form)
    again = read_responses(write_responses(aside, tmp_path / f"aside{ending}"), retired())
    pd.testing.assert_frame_equal(aside.aside, again.aside, check_dtype=False)


def test_formulas_are_text_in_the_file_and_themselves_again(tmp_path: Path) -> None:
    path = write_responses(read(), tmp_path / "out.csv")
    assert '"\'=1+1"' in path.read_text(encoding="utf-8")
    assert read_responses(path).data["city"].iloc[0] == "=1+1"


def test_labels_and_missing_values_stand_in_the_spss_file(tmp_path: Path) -> None:
    import pyreadstat

    path = write_responses(read(), tmp_path / "out.sav", language="zh")
    _, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert meta.variable_value_labels["age_group"][1.0] == "18 至 24 岁"
    assert meta.missing_ranges["age_group"] == [{"lo": 98.0, "hi": 98.0}]
    assert "Acme" in meta.column_names_to_labels["sat_1"]


def test_what_is_lost_is_told() -> None:
    assert lost_in_file(read()) == ("Free text is not written: remarks.",)
    odd = answers_to(FORM).astype({"sat_1": float})
    odd.loc[0, "sat_1"] = 55
    told = lost_in_file(read_responses(odd, manifest=FORM, out_of_range="missing"))
    assert told[1].startswith("1 values")


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match=r"Did you mean '\.csv'"):
        write_responses(read(), tmp_path / "out.csvv")
    assert not list(tmp_path.iterdir())


def test_names_for_spss_are_allowed_and_different() -> None:
    names = ["a b", "a_b", "a-b", "1st", "x" * 80, "x" * 81, "北京", "A_B_"]
    made = spss_names(names)
    assert len({name.casefold() for name in made.values()}) == len(names)
    assert made["a_b"] == "a_b"
    assert all(len(name.encode()) <= 64 for name in made.values())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000), ending=st.sampled_from(ENDINGS), gaps=st.lists(st.integers(0, 9), max_size=5)
)
def test_any_answers_come_back(seed: int, ending: str, gaps: list[int], tmp_path: Path) -> None:
    frame = answers_to(FORM, rows=10, seed=seed).astype({"cog_rel_4": float, "age_group": float})
    frame.loc[gaps, ["cog_rel_4", "age_group"]] = float("nan")
    first = read_responses(frame, manifest=FORM)
    require_same(first, read_responses(write_responses(first, tmp_path / f"out{ending}")))
