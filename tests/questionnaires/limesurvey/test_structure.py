from __future__ import annotations

import html
import re
from itertools import product

import pytest

from tests.questionnaires.examples import SCALES, instrument
from tests.questionnaires.limesurvey.importer import Survey, imported
from tests.questionnaires.shipped import HOSTILE, shipped
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale, ScalePoint
from trustmeasure.logic import evaluate
from trustmeasure.questionnaires import Choice, Entry, Questionnaire
from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.limesurvey.cells import cell
from trustmeasure.questionnaires.limesurvey.codes import variables
from trustmeasure.questionnaires.limesurvey.conditions import dialect, relevance
from trustmeasure.questionnaires.limesurvey.rows import language_tag
from trustmeasure.questionnaires.writers import limesurvey


def survey_of(questionnaire: Questionnaire) -> Survey:
    return imported(limesurvey.render(questionnaire))


def test_every_kind_of_element_is_kept_as_a_snapshot():
    assert_snapshot("every-kind.limesurvey.txt", limesurvey.render(every_kind()))


def test_every_shipped_instrument_comes_in_whole_in_every_language():
    for questionnaire in shipped():
        survey = survey_of(questionnaire)
        tags = [language_tag(tag) for tag in questionnaire.languages]
        assert [survey.settings["language"], *survey.settings.get("additional_languages", "").split()] == tags
        assert list(survey.texts) == tags
        assert_codes(survey)
        assert_rows(questionnaire, survey)
        assert all(set(question.text) == set(tags) for question in survey.questions.values())


def assert_codes(survey: Survey) -> None:
    codes = list(survey.questions)
    assert len({code.lower() for code in codes}) == len(codes)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,19}", code) for code in codes)
    assert all(
        re.fullmatch("[0-9]{1,5}", a) for question in survey.questions.values() for a in question.answers
    )
    assert all(len(row) <= 20 for question in survey.questions.values() for row in question.rows)


def assert_rows(questionnaire: Questionnaire, survey: Survey) -> None:
    """Every column is where the manifest says, with its answers and words."""
    names = limesurvey.columns(questionnaire)
    for matrix in questionnaire.matrices:
        for question in matrix.questions:
            code, row = re.fullmatch(r"(\w+)\[(\w+)\]", names[question.id]).groups()
            found = survey.questions[code]
            for tag in questionnaire.languages:
                assert html.unescape(found.rows[row][language_tag(tag)]) == question.text[tag]
        assert [int(code) for code in found.answers] == [entry.code for entry in answers(matrix.scale)]
    for field in questionnaire.fields:
        assert survey.questions[names[field.id]].kind in "LNSTD"


def test_a_scale_from_0_keeps_its_0():
    found = survey_of(Questionnaire.compose("recommendation", languages=["en"])).questions["rec11"]
    assert list(found.answers) == [*map(str, range(11)), "97", "98"]


def test_order_is_drawn_by_limesurvey_for_rows_and_pages():
    survey = survey_of(Questionnaire.compose(["satisfaction", "recommendation"], order="random"))
    assert survey.questions["sat"].attributes == {"random_order": "1"}
    assert "random_order" not in survey.questions["rec11"].attributes
    assert [group["random"] for group in survey.groups.values()] == ["pages"] * 3
    fixed = survey_of(Questionnaire.compose("satisfaction"))
    assert [group["random"] for group in fixed.groups.values()] == [""]


def test_consent_wave_and_link():
    survey = survey_of(Questionnaire.compose("satisfaction", consent=True, link=True, wave="before"))
    assert survey.questions["consent"].mandatory == "Y"
    assert survey.questions["linkid"].mandatory == "Y"
    assert re.fullmatch("/\\^.*\\$/", survey.questions["linkid"].validation)
    assert survey.questions["wave"].text["en"] == "before"
    assert survey.questions["wave"].attributes == {"hidden": "1"}
    relevances = [group["relevance"] for group in survey.groups.values()]
    agreed = 'consent.NAOK == "1"'
    assert relevances == ["1", agreed, agreed, f"!({agreed})"]
    assert survey.questions["sat"].mandatory == "S"


def test_codes_without_underscores_stay_different():
    asked = [Entry(id, {"en": id}) for id in ("visits_1", "visits1", "vis_its1", "seed_1")]
    names = limesurvey.columns(Questionnaire.compose("satisfaction", languages=["en"], demographics=asked))
    assert [names[one.id] for one in asked] == ["visits1", "visits12", "visits13", "seed1"]


def test_what_is_written_is_checked():
    asked = [
        Entry("visits", {"en": "Visits?"}, "integer", minimum=0, maximum=99),
        Entry("day", {"en": "Day?"}, "date"),
        Entry("why", {"en": "Why?"}, longest=200),
        Entry("more", {"en": "More?"}),
    ]
    survey = survey_of(Questionnaire.compose("satisfaction", languages=["en"], demographics=asked))
    assert {code: (survey.questions[code].kind, survey.questions[code].attributes) for code in
            ("visits", "day", "why", "more")} == {
        "visits": ("N", {"num_value_int_only": "1", "min_num_value_n": "0", "max_num_value_n": "99"}),
        "day": ("D", {"date_format": "yyyy-mm-dd"}),
        "why": ("S", {"maximum_chars": "200"}),
        "more": ("T", {}),
    }  # fmt: skip


CONDITIONS = (
    "customer == 1",
    "not customer == 1",
    "customer in (1, 3) and visits >= 2",
    "not (customer == 2 or visits < 3)",
    "answered(customer) and not answered(visits)",
    "second_1 == 0 or (answered(second_2) and visits != 0)",
    "visits == 0",
)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_hold_for_the_same_answers_in_limesurvey(condition: str):
    questionnaire = Questionnaire.compose(
        [instrument("second", scale="likely"), instrument("first")],
        behaviour=[
            Choice("customer", {"en": "Do you agree?", "zh": "您同意吗？"}, SCALES["agree"]),
            Entry("visits", {"en": "Visits?", "zh": "次数？"}, "integer"),
        ],
        logic={"first1": condition},
    )
    shown_if = questionnaire.pages[-1].elements[0].shown_if
    equation = relevance(shown_if, dialect(questionnaire))
    names = variables(questionnaire)
    for values in product((None, 1, 2, 3), (None, 0, 2, 3), (None, 0, 1), (None, 2)):
        given = dict(zip(("customer", "visits", "second_1", "second_2"), values, strict=True))
        said = {names[column]: value for column, value in given.items()}
        assert run(equation, said, written={"visits"}) is evaluate(shown_if, given), (equation, given)


def run(equation: str, given: dict[str, int | None], written: set[str]) -> bool:
    """Return what a relevance equation says: answers are text, numbers numbers, and an empty one equals 0."""

    def value(found: re.Match[str]) -> str:
        answer = given[found[1]]
        if answer is None:
            return "0" if found[1] in written else "''"
        return str(answer) if found[1] in written else f"'{answer}'"

    text = re.sub(r"!is_empty\((\w+)\.NAOK\)", lambda m: str(given[m[1]] is not None), equation)
    text = re.sub(r"(\w+)\.NAOK", value, text).replace("!(", "not (")
    return bool(eval(text, {"__builtins__": {}}))  # noqa: S307  our own equation of numbers and texts


@pytest.mark.parametrize("brand", HOSTILE)
def test_hostile_names_come_back_and_are_never_run(brand: str):
    questionnaire = Questionnaire.compose(
        [instrument("first")], brand=brand, title="Survey", intro=brand, languages=["en"]
    )
    survey = survey_of(questionnaire)
    shown = survey.questions["first1"].text["en"]
    assert not re.search(r"\{\S", limesurvey.render(questionnaire).decode())
    plain = html.unescape(shown.replace("<br />", "\n"))
    assert plain.replace("{ ", "{") == f"About {brand}:"
    told = any("blank follows" in limit for limit in limesurvey.limits(questionnaire))
    assert told is ("{" in brand)


@pytest.mark.parametrize(
    "value", ['"all in quotes"', 'a "b" c', '"', '""', "a\tb", "a\nb", "'", "=1", '"a" and "b"']
)
def test_a_cell_is_read_back_as_it_was(value: str):
    import csv

    from tests.questionnaires.limesurvey.importer import _unquoted

    [[found]] = (
        csv.reader([cell(value)], delimiter="\t", strict=True)
        if "\n" not in value
        else [next(csv.reader(cell(value).splitlines(keepends=True), delimiter="\t", strict=True))]
    )
    assert _unquoted(found) == value


def test_what_limesurvey_cannot_hold_is_refused():
    def scale(code: int) -> ResponseScale:
        return ResponseScale("odd", (ScalePoint(1, {"en": "One"}), ScalePoint(code, {"en": "Two"})))

    for code in (-9, 123456):
        asked = Choice("odd", {"en": "Odd?"}, scale(code))
        with pytest.raises(QuestionnaireError, match=f"has the code {code}"):
            survey_of(Questionnaire.compose("satisfaction", languages=["en"], demographics=asked))
    with pytest.raises(QuestionnaireError, match="LimeSurvey keeps 200"):
        survey_of(Questionnaire.compose("satisfaction", languages=["en"], title="A" * 201))
