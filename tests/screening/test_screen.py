"""The screening as a whole: what it takes, what it flags, and that it survives odd frames."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.hostile import FRAMES, likert
from tests.screening.reference_data import REVERSED, SCALES, given, turned
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import load_sample, read_responses
from trustmeasure.screening import long_string, screen
from trustmeasure.screening.indices import BY_NAME


@pytest.fixture(scope="module")
def survey():
    responses = load_sample("trust-survey")
    return responses, screen(responses)


def test_counts_agree_with_the_persons(survey):
    _, found = survey
    persons, counts = found.persons, found.counts.set_index("index")
    flags = [name for name in persons if name.startswith("flag_")]
    assert persons["flags"].tolist() == persons[flags].sum(axis=1).tolist()
    for flag in flags:
        index = flag.removeprefix("flag_")
        assert counts.loc[index, "flagged"] == persons[flag].sum() == found.overlaps.loc[index, index]
        assert not persons.loc[persons[index].isna(), flag].any()
    named = [flag.removeprefix("flag_") for flag in flags]
    assert persons["unknown"].tolist() == persons[named].isna().sum(axis=1).tolist()
    both = persons["flag_even_odd"] & persons["flag_mahalanobis_p"]
    assert found.overlaps.loc["even_odd", "mahalanobis_p"] == both.sum()


def test_every_limit_is_cited_and_nobody_is_left_out(survey):
    responses, found = survey
    limited = found.counts[found.counts["flagged_when"] != ""]
    assert limited["index"].tolist() == ["long_string_share", "even_odd", "mahalanobis_p"]
    assert (limited["source"].str.len() > 5).all()
    assert (limited["caveat"].str.len() > 20).all()
    assert limited["flagged_when"].tolist() == ["≥ 0.5", "< 0.3", "< 0.001"]
    assert len(found.persons) == responses.n_rows
    assert found.persons["respondent"].tolist() == responses.respondents.tolist()


def test_showing_it_shows_no_person(survey):
    responses, found = survey
    text = str(found.summary()) + found._repr_html_() + repr(found)
    assert "1,200 respondents, 49 items" in text
    assert "Little's test" in text
    assert not any(str(id) in text for id in responses.respondents)


def test_limits_of_the_caller(survey):
    responses, _ = survey
    limits = {"irv": "lowest 5 %", "long_string": ">= 12", "even_odd": None, "average_string": "highest 1 %"}
    found = screen(responses, limits=limits)
    persons = found.persons
    assert "flag_even_odd" not in persons
    assert persons["flag_long_string"].equals((persons["long_string"] >= 12).rename("flag_long_string"))
    assert 50 <= persons["flag_irv"].sum() <= 60
    assert persons.loc[persons["flag_irv"], "irv"].max() < persons.loc[~persons["flag_irv"], "irv"].min()
    assert persons.loc[persons["flag_average_string"], "average_string"].unique().tolist() == [49.0]
    for limits, said in (
        ({"irw": "< 1"}, "Did you mean 'irv'"),
        ({"irv": "below 1"}, "is not understood"),
        ({"irv": "lowest 100 %"}, "is not understood"),
    ):
        with pytest.raises(ArgumentError, match=said):
            screen(likert(), limits=limits)


def test_frames_of_any_kind_give_the_same():
    wanted = screen(turned(), scales=SCALES, reverse=REVERSED).persons.drop(columns="respondent")
    polars = screen(pl.from_pandas(turned()), scales=SCALES, reverse=REVERSED).persons
    by_scale = screen({name: turned()[items] for name, items in SCALES.items()}, reverse=REVERSED).persons
    for found in (polars, by_scale):
        pd.testing.assert_frame_equal(found.drop(columns="respondent"), wanted)


def test_scales_as_arrays_have_names_of_their_own():
    scales = {name: turned()[items].to_numpy() for name, items in SCALES.items()}
    found = screen(scales)
    assert found.items_asked[:5] == ("a_x1", "a_x2", "a_x3", "a_x4", "b_x1")
    assert found.persons["even_odd"].notna().sum() > 100


def test_reverse_worded_answers_count_as_they_were_given():
    straight = pd.DataFrame([[5.0, 5, 5, 1], [3.0, 2, 4, 4]], columns=["a1", "a2", "a3", "a4"])
    found = screen(straight, scales={"a": list(straight)}, reverse=["a4"], codes=(1, 5)).persons
    assert found["long_string"].tolist() == [4.0, 1.0]
    assert found["straight_lined"].tolist() == [1.0, 0.0]
    assert found["irv"].iloc[0] == 0.0
    assert screen(straight).persons["long_string"].iloc[0] == 3.0


def test_reverse_worded_items_of_responses_are_turned_back():
    codes = {"rep_1": [6, 2], "rep_2": [6, 2], "rep_3": [6, 2]}
    frame = pd.DataFrame({**codes, "sat_1": 6, "sat_2": 6, "sat_3": 6, "sat_4": 6})
    for already in ((), tuple(i for i in codes if load_sample("trust-survey").item(i).reverse)):
        responses = read_responses(frame, ["repurchase", "satisfaction"], already_reversed=already)
        found = long_string(responses)["long_string"].tolist()
        given_so = [6 if i not in already else 2 for i in codes]
        assert found[0] == (7.0 if given_so == [6, 6, 6] else 4.0)


def test_the_order_of_asking():
    frame = pd.DataFrame([[1.0, 2, 1, 2]], columns=list("abcd"))
    assert long_string(frame)["long_string"].iloc[0] == 1
    assert long_string(frame, order=["a", "c", "b", "d"])["long_string"].iloc[0] == 2
    with pytest.raises(ArgumentError, match="order leaves out d"):
        long_string(frame, order=["a", "b", "c"])
    with pytest.raises(ArgumentError, match="names a more than once"):
        long_string(frame, order=["a", "b", "c", "d", "a"])


def test_each_respondent_has_an_order_of_their_own():
    frame = pd.DataFrame({f"sat_{i}": [code] * 3 for i, code in enumerate([1, 7, 1, 7], start=1)})
    frame["item_order"] = ["sat_1 sat_3 sat_2 sat_4", "sat_1 sat_2 sat_3 sat_4", None]
    responses = read_responses(frame, "satisfaction")
    assert long_string(responses)["long_string"].tolist() == [2.0, 1.0, 1.0]
    page = next(name for name in long_string(responses) if name.startswith("page"))
    assert long_string(responses)[page].tolist() == [2.0, 1.0, 1.0]


def test_a_questionnaire_brings_order_and_pages():
    questionnaire = Questionnaire.compose(
        ["satisfaction", "repurchase"], languages=["en"], order="items", seed=3
    )
    frame = pd.DataFrame({item: [float(i % 3 + 1)] for i, item in enumerate(sorted(questionnaire.columns))})
    found = screen(frame, order=questionnaire)
    assert found.items_asked == questionnaire.columns
    assert found.persons["long_string_page"].notna().all()
    pages = [name for name in long_string(frame, order=questionnaire) if name.startswith("page")]
    assert len(pages) == len(questionnaire.pages)


def test_instructed_items():
    frame = given().assign(
        check_1=[3.0] * 150 + [np.nan] * 10, check_2=["agree"] * 155 + ["no", " agree ", "", None, None]
    )
    found = screen(frame, scales=SCALES, instructed={"check_1": (3, 4), "check_2": "agree"}).persons
    assert found["instructed_failed"].iloc[:155].eq(0).all()
    assert found["instructed_failed"].iloc[155:157].tolist() == [1.0, 0.0]
    assert found["instructed_failed"].iloc[157:].isna().all()
    assert found["flag_instructed_failed"].sum() == 1
    with pytest.raises(ArgumentError, match="one of the screened items"):
        screen(given(), instructed={"a1": 3})
    with pytest.raises(ArgumentError, match="Did you mean 'check_1'"):
        screen(frame, scales=SCALES, instructed={"check1": 3})
    with pytest.raises(ArgumentError, match="must be a mapping"):
        screen(frame, scales=SCALES, instructed=["check_1"])


def test_duplicates_and_near_ones():
    found = screen(turned(), scales=SCALES).persons
    assert found["duplicates"].iloc[20:24].eq(1).all()
    assert found["duplicates"].iloc[30:34].eq(1).all()
    assert found["max_match"].iloc[20] == 1.0


def test_resampled_pairs_have_one_answer_for_a_seed():
    first, again, other = (
        screen(given(), synonyms=0.4, resamples=20, seed=s).persons["synonyms"] for s in (1, 1, 2)
    )
    fixed = screen(given(), synonyms=0.4).persons["synonyms"]
    assert first.equals(again)
    assert not first.equals(other)
    assert first.corr(fixed) > 0.9
    with pytest.raises(ArgumentError, match="resamples"):
        screen(given(), resamples=-1)


@pytest.mark.parametrize("name", FRAMES)
def test_frames_that_real_surveys_contain(name):
    frame = FRAMES[name]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = screen(frame, limits={"irv": "lowest 10 %"})
        except TrustMeasureError as problem:
            assert name in {"text", "infinite", "no_rows"}, str(problem)  # noqa: PT017 - the message is what is looked at
            return
        shown = str(found.summary())
    assert len(found.persons) == len(frame)
    assert "respondents" in shown
    numbers = found.persons[[name for name in found.persons if name in BY_NAME]].to_numpy(dtype=float)
    assert not np.isinf(numbers).any()
    missing = found.counts[found.counts["n"] == 0]["index"].tolist()
    if "mahalanobis" in missing:
        assert any("Mahalanobis" in note for note in found.notes)
    for kind in ("synonyms", "antonyms"):
        assert any(kind in note for note in found.notes) == ((found.pairs["kind"] == kind).sum() < 3)


@pytest.mark.parametrize("name", ["scattered_gaps", "one_row", "one_item", "constant_item"])
def test_odd_responses(name):
    frame = FRAMES[name]().rename(
        columns=dict(zip("abcdef", [*(f"sat_{i}" for i in range(1, 5)), "x", "y"], strict=True))
    )
    found = screen(
        read_responses(frame[[c for c in frame if c.startswith("sat")]], "satisfaction", require="any")
    )
    assert found.n_rows == len(frame)


def test_an_item_named_like_a_count_is_no_obstacle():
    found = screen(likert(items=3).rename(columns={"a": "rows"}))
    assert found.missing is None
    assert found.persons["long_string"].notna().all()


def test_a_limit_that_does_not_suit_the_survey_is_pointed_out(survey):
    _, found = survey
    assert not any("does not suit" in note for note in found.notes)
    everybody = screen(likert(), limits={"long_string": ">= 1", "irv": "< 0"})
    pointed = [note.split()[0] for note in everybody.notes if "does not suit" in note]
    assert "long_string" in pointed
    assert not any(note.startswith("irv") for note in everybody.notes)


def test_pairs_of_very_many_rows_are_not_compared(monkeypatch):
    monkeypatch.setattr("trustmeasure.screening.screened.MANY_ROWS", 100)
    found = screen(likert())
    assert "max_match" not in found.persons
    assert found.persons["duplicates"].notna().all()
    assert any("duplicate_rows" in note for note in found.notes)


def test_arguments_that_make_no_sense():
    with pytest.raises(ArgumentError, match="Did you mean 'a'"):
        screen(likert(), items=["A", "b"])
    with pytest.raises(ArgumentError, match="give a list of names"):
        screen(likert(), items="a")
    with pytest.raises(DataError, match="no items"):
        screen(likert()[[]])
    with pytest.raises(ArgumentError, match="different numbers of rows"):
        screen({"x": likert(), "y": likert(rows=3)})
    with pytest.raises(ArgumentError, match="the instruments of responses"):
        screen(load_sample("trust-survey"), reverse=["sat_1"])
    with pytest.raises(ArgumentError, match="synonyms"):
        screen(likert(), synonyms=1.5)
