"""Platforms: found by file, recognised, their columns mapped and renamed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.responses.forms import answers_to, in_words, whole_form
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import load_instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import list_platforms, platforms as registry, read_responses
from trustmeasure.responses.platforms import Kept, Platform, Sign, TidyOptions, platforms
from trustmeasure.responses.platforms.shapes import (
    after_prefix,
    after_slash,
    in_brackets,
    kept_by_name,
    moments,
    numbers,
    truths,
    without_markup,
    without_rows,
)
from trustmeasure.responses.raw import RawTable

FORM = whole_form()


def tidy(raw: RawTable, options: TidyOptions) -> RawTable:
    """Take the second header row, which holds the questions, out of the cells."""
    labels = {name: str(raw.frame[name].iloc[0]) for name in raw.frame}
    return replace(without_rows(raw, [0]), labels=labels)


MADE_UP = Platform(
    name="made-up",
    title="Made-up platform",
    recognise=lambda raw: Sign(90, "a column madeUpId") if "madeUpId" in raw.frame else None,
    tidy=tidy,
    candidates=lambda name: (*in_brackets(name), *after_slash(name)),
    texts=lambda name, label: (label, label.rpartition(" - ")[2]),
    bookkeeping=kept_by_name(
        {
            "madeUpId": Kept("respondent_id", "identifier"),
            "Started": Kept("started_at", "time", moments("%Y/%m/%d %H:%M:%S")),
            "Took": Kept("duration_seconds", "duration", lambda c: numbers(c.str.removesuffix("秒"))),
            "Page tf": Kept("seconds_cogpart", "duration", numbers),
        }
    ),
    missing={-3: "skipped", "(跳过)": "skipped"},
)


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tuple(sorted((*platforms(), MADE_UP), key=lambda platform: platform.name))
    monkeypatch.setattr(registry, "platforms", lambda: found)


def made_up_export(shapes: dict[str, str], questions: dict[str, str] | None = None) -> pd.DataFrame:
    answers = answers_to(FORM)
    named = answers.rename(columns=shapes)
    header = {name: (questions or {}).get(name, f"label of {name}") for name in named}
    frame = pd.concat([pd.DataFrame([header]), named.astype(object)], ignore_index=True).astype(str)
    frame["madeUpId"] = ["id", *(str(i) for i in range(len(answers)))]
    frame["Started"] = ["when", *["2026/1/31 9:15:00"] * len(answers)]
    return frame.assign(Took="75秒")


def test_every_platform_is_found_by_its_file() -> None:
    names = [platform.name for platform in platforms()]
    assert names == sorted(names) == list_platforms()["platform"].tolist()
    assert {"plain", "offline"} <= set(names)
    folder = Path(registry.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "base", "shapes"}
    holding = [m for m in modules if "PLATFORM = " in (folder / f"{m}.py").read_text(encoding="utf-8")]
    assert len(holding) == len(names)


def test_every_platform_looks_at_a_plain_table_without_taking_it() -> None:
    raw = RawTable(answers_to(FORM), "a frame")
    assert registry.platform_of(raw)[0].name == "plain"
    for platform in platforms():
        assert (
            platform.recognise(RawTable(pd.DataFrame({"x": [1.0]}), "one")) is None
            or platform.name == "plain"
        )


@pytest.mark.usefixtures("made_up")
def test_a_platform_brings_header_rows_ids_times_and_missing_values() -> None:
    export = made_up_export({id: f"COG[{id}]" for id in FORM.columns})
    export.loc[3, "COG[sat_1]"] = "-3"
    export.loc[4, "COG[sat_2]"] = "(跳过)"
    responses = read_responses(export, manifest=FORM)
    assert responses.platform == "made-up"
    assert responses.id_column == "respondent_id"
    assert responses.data["started_at"].iloc[0] == "2026-01-31T09:15:00"
    assert responses.data["duration_seconds"].iloc[0] == 75
    assert responses.dropped.loc[responses.dropped["reason"] == "skipped", "column"].tolist() == [
        "COG[sat_1]",
        "COG[sat_2]",
    ]
    assert responses.mapping.set_index("column").loc["COG[sat_3]", "how"] == "pattern"
    expected = read_responses(answers_to(FORM), manifest=FORM)
    pd.testing.assert_series_equal(
        responses.data["cog_com_1"].reset_index(drop=True), expected.data["cog_com_1"]
    )


@pytest.mark.usefixtures("made_up")
def test_without_a_manifest_background_questions_are_known_too() -> None:
    responses = read_responses(made_up_export({id: f"page/{id}" for id in FORM.columns}))
    assert responses.data["age_group"].dtype == float
    assert responses.labels("age_group")[1] == "18 to 24"
    assert "consent" in responses.meanings


@pytest.mark.usefixtures("made_up")
def test_a_background_question_with_other_answers_stays_as_it_came() -> None:
    export = made_up_export({})
    export["age_group"] = "of some age"
    responses = read_responses(export)
    assert responses.data["age_group"].tolist() == ["of some age"] * len(responses.data)
    assert "age_group" not in responses.meanings
    assert any("age_group" in note and "as they came" in note for note in responses.notes)


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("brand", ["Acme", "北京小店"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_exact_wording_maps_with_any_brand(brand: str, language: str) -> None:
    form = Questionnaire.compose(["satisfaction", "cognitive-trust"], brand=brand)
    text = [question.text[language] for question in form.questions]
    asked = in_words(answers_to(form), form, language)
    asked.columns = pd.Index([f"Q{i}" for i in range(len(text))])
    header = pd.DataFrame([{f"Q{i}": f"<b>Please say</b> - {words}" for i, words in enumerate(text)}])
    export = pd.concat([header, asked], ignore_index=True)
    export["madeUpId"] = ["id", *range(len(asked))]
    responses = read_responses(export)
    assert set(responses.mapping["how"]) == {"wording", "platform"}
    pd.testing.assert_frame_equal(
        responses.items().reset_index(drop=True), read_responses(answers_to(form), manifest=form).items()
    )


@pytest.mark.usefixtures("made_up")
def test_a_wording_that_is_nearly_the_same_is_not_guessed() -> None:
    text = load_instrument("satisfaction").item("sat_1").text["en"].replace("{brand}", "Acme")
    export = made_up_export({"sat_1": "Q1"}, {"Q1": text.replace("satisfied", "very satisfied")})
    with pytest.raises(ResponseError, match="'sat_1'"):
        read_responses(export, manifest=FORM)


@pytest.mark.usefixtures("made_up")
def test_unmapped_columns_are_reported() -> None:
    responses = read_responses(made_up_export({}).assign(mystery="x"), manifest=FORM)
    assert any("mystery" in note and "Nothing is known" in note for note in responses.notes)
    assert responses.mapping.set_index("column").loc["mystery", "how"] == "kept"


@pytest.mark.usefixtures("made_up")
def test_pages_and_durations_reach_the_screening(monkeypatch: pytest.MonkeyPatch) -> None:
    export = made_up_export({})
    block = FORM.matrices[1].id
    export["Page tf"] = "4"
    kept = Kept(f"seconds_{block}", "duration", numbers)
    platform = replace(MADE_UP, bookkeeping=lambda n: kept if n == "Page tf" else MADE_UP.bookkeeping(n))
    monkeypatch.setattr(registry, "platforms", lambda: (platform, *platforms()))
    found = tm.screen(read_responses(export, manifest=FORM))
    assert found.persons["seconds"].tolist() == [75.0] * 30
    assert (found.persons["fast_parts"] == 1).all()


def test_two_equally_sure_platforms_are_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = replace(MADE_UP, name="twin", title="Twin")
    monkeypatch.setattr(registry, "platforms", lambda: (MADE_UP, twin))
    with pytest.raises(ResponseError, match="platform='made-up' or platform='twin'"):
        registry.platform_of(RawTable(pd.DataFrame({"madeUpId": [1]}), "answers.csv"))


def test_an_unknown_platform_names_the_nearest(answers: pd.DataFrame) -> None:
    with pytest.raises(ResponseError, match="Did you mean 'plain'"):
        read_responses(answers, platform="plane")


def test_a_folder_of_saved_forms_is_one_table(tmp_path: Path) -> None:
    answers = answers_to(FORM, rows=4)
    about = {"respondent_id": "", "language": "en", "started_at": "2026-01-31T09:00:00Z",
             "saved_at": "2026-01-31T09:05:00Z", "questionnaire": FORM.hash}  # fmt: skip
    for i in range(4):
        row = pd.DataFrame([{**about, "respondent_id": f"R{i}", **answers.iloc[i]}])
        row.to_csv(tmp_path / f"answers-{FORM.hash[:8]}-R{i}.csv", index=False)
    responses = read_responses(tmp_path, manifest=FORM)
    assert responses.platform == "offline"
    assert responses.respondents.tolist() == ["R0", "R1", "R2", "R3"]
    whole = read_responses(answers, manifest=FORM)
    pd.testing.assert_frame_equal(responses.items(), whole.items())
    (tmp_path / "answers-x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ResponseError, match=r"answers-x\.csv is no saved form"):
        read_responses(tmp_path, manifest=FORM)


def test_a_folder_without_saved_forms_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match=r"is a folder without saved forms.*answers-\*\.csv"):
        read_responses(tmp_path)


def test_shapes_of_names() -> None:
    assert in_brackets("COG [cog_1] ") == ("cog_1",)
    assert in_brackets("COG[a][b]") == ("b",)
    assert after_slash("cog_1") == ()
    assert after_prefix("cog") == after_prefix("_cog") == ()
    assert without_markup("5 < 6 &amp; <br/>7") == "5 < 6 & 7"


def test_moments_read_the_first_form_that_fits() -> None:
    read = moments("%d.%m.%Y %H:%M")
    assert read(pd.Series(["31.01.2026 09:15", None])).tolist() == [
        "2026-01-31T09:15:00",
        pytest.approx(np.nan, nan_ok=True),
    ]
    assert read(pd.Series(["2026-01-31T09:15:00Z"])).tolist() == ["2026-01-31T09:15:00+00:00"]
    assert read(pd.Series(["soon"])).tolist() == ["soon"]
    assert read(pd.Series([1.5])).tolist() == [1.5]


def test_truths() -> None:
    assert truths(pd.Series(["TRUE", "no", "是", "perhaps"])).tolist()[:3] == [1, 0, 1]
    assert truths(pd.Series(["perhaps"])).isna().all()


def test_the_labels_of_a_plain_spss_file_show_the_items(tmp_path):
    import pyreadstat

    items = tm.load_instrument("satisfaction").items
    frame = pd.DataFrame({f"V{i}": [7, i, 1] for i in range(1, len(items) + 1)})
    shown = {f"V{i}": item.text["en"].replace("{brand}", "Acme") for i, item in enumerate(items, start=1)}
    pyreadstat.write_sav(frame, tmp_path / "answers.sav", column_labels=shown)
    responses = tm.read_responses(tmp_path / "answers.sav")
    assert responses.platform == "plain"
    assert set(responses.mapping["how"]) == {"wording"}
    assert responses.mapping["item"].tolist() == [item.id for item in items]
