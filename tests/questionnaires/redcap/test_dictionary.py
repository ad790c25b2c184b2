from __future__ import annotations

import csv
import io
import operator
import re

import pytest
from hypothesis import given

from tests.questionnaires.conditions import ANSWERS, EXPRESSIONS
from tests.questionnaires.examples import SCALES, instrument
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale, ScalePoint, list_instruments, load_instrument
from trustmeasure.logic import Expression, evaluate
from trustmeasure.questionnaires import Choice, Entry, Questionnaire
from trustmeasure.questionnaires.redcap.conditions import branching
from trustmeasure.questionnaires.redcap.fields import COLUMNS
from trustmeasure.questionnaires.signs import mended
from trustmeasure.questionnaires.writers.redcap import WRITER

NAME, HEADER, TYPE, LABEL, CHOICES = (COLUMNS[i] for i in (0, 2, 3, 4, 5))
BRANCHING, MATRIX, ANNOTATION = COLUMNS[11], COLUMNS[15], COLUMNS[17]
IDS = [str(id) for id in list_instruments()["id"]]


def dictionary(questionnaire: Questionnaire) -> list[dict[str, str]]:
    text = WRITER.render(questionnaire).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_dictionary_of_every_kind_of_question():
    assert_snapshot("every-kind.redcap.csv", WRITER.render(every_kind()))


def test_the_columns_are_those_that_redcap_wants_in_its_order():
    assert len(COLUMNS) == 18
    rows = dictionary(every_kind())
    assert tuple(rows[0]) == COLUMNS
    assert rows[0][NAME] == "record_id"
    assert {row["Form Name"] for row in rows} == {"survey"}


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_instrument_becomes_matrices_whose_rows_stand_together(id: str, language: str):
    for wave in [wave.id for wave in load_instrument(id).waves] or [None]:
        made = Questionnaire.compose(id, languages=[language], wave=wave, consent=True, link=True)
        rows = dictionary(made)
        names = [row[NAME] for row in rows]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) for name in names)
        assert set(made.columns) <= set(names)
        groups = [row[MATRIX] for row in rows if row[MATRIX]]
        runs = [group for place, group in enumerate(groups) if place == 0 or groups[place - 1] != group]
        assert runs == [matrix.id for matrix in made.matrices]
        for matrix in made.matrices:
            own = [row for row in rows if row[MATRIX] == matrix.id]
            assert len({row[CHOICES] for row in own}) == 1
            assert [bool(row[HEADER]) for row in own] == [True] + [False] * (len(own) - 1)


def test_each_page_begins_with_a_section_header():
    rows = {row[NAME]: row for row in dictionary(every_kind(("en",)))}
    assert rows["privacy_text"][HEADER] == "Part 1 of 6"
    assert rows["first_2"][HEADER] == "About Acme:"
    assert not rows["consent"][HEADER]


def test_codes_are_kept_and_no_answer_is_not_offered():
    rows = {row[NAME]: row for row in dictionary(every_kind(("zh",)))}
    assert rows["second_1"][CHOICES] == "0, 不可能 | 1, 1 | 2, 可能 | 97, 不适用"
    assert rows["visits"][COLUMNS[7]] == "integer"
    assert (rows["visits"][COLUMNS[8]], rows["visits"][COLUMNS[9]]) == ("0", "99")
    assert rows["last_visit"][COLUMNS[7]] == "date_ymd"
    assert rows["link_id"][ANNOTATION] == "@CHARLIMIT='40'"
    assert rows["consent"]["Required Field?"] == "y"


def test_wave_and_version_are_hidden_fields():
    rows = {row[NAME]: row for row in dictionary(Questionnaire.compose("satisfaction", wave="before"))}
    assert rows["wave"][ANNOTATION] == "@HIDDEN @DEFAULT='before'"
    assert re.fullmatch(r"@HIDDEN @DEFAULT='[0-9a-f]{64}'", rows["questionnaire"][ANNOTATION])


@pytest.mark.parametrize("brand", ["=1+1", "<script>x</script>", "[consent]", "&lt;b&gt;", "a|b", '","'])
def test_words_are_no_tags_no_answers_and_no_formulas(brand: str):
    made = Questionnaire.compose(instrument(text="{brand}", stem="{brand}"), brand=brand, title=brand)
    for row in dictionary(made):
        for cell in (row[LABEL], row[HEADER]):
            assert not cell.startswith(("=", "+", "-", "@"))
            assert "<script" not in cell
            assert "[consent]" not in cell
            assert "&lt;" not in cell
    assert mended(dictionary(made)[-1][LABEL]).startswith(f"{brand} first_")


def test_an_answer_with_the_sign_between_answers_is_refused():
    scale = ResponseScale("odd", (ScalePoint(1, {"en": "a | b"}), ScalePoint(2, {"en": "c"})))
    made = Questionnaire.compose(
        instrument(), languages=["en"], demographics=[Choice("odd", {"en": "?"}, scale)]
    )
    with pytest.raises(QuestionnaireError, match=r"'\|' between answers.*'a \| b' of the scale 'odd'"):
        WRITER.render(made)


def test_names_that_redcap_keeps_are_refused_and_others_give_way():
    text = {"en": "a", "zh": "b"}
    with pytest.raises(QuestionnaireError, match="keeps the name 'record_id'"):
        WRITER.render(Questionnaire.compose(instrument(), behaviour=[Entry("record_id", text)]))
    taken = [Entry("survey_complete", text), Choice("intro", text, SCALES["agree"])]
    made = Questionnaire.compose(instrument(), behaviour=taken)
    assert "survey_2_complete" in WRITER.other_columns(made)
    assert [row[NAME] for row in dictionary(made)][1] == "intro_2"


def test_limits_state_what_is_lost():
    told = " ".join(WRITER.limits(every_kind(("zh", "en"))))
    assert "this one is in 中文. For English compose" in told
    assert "not checked in: link_id." in told
    assert len(WRITER.limits(Questionnaire.compose(instrument(), languages=["en"]))) == 1


_OPERATORS = {
    "<>": operator.ne,
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_COMPARISON = re.compile(r"""\[(\w+)\] (<>|<=|>=|=|<|>) ("{2}|'-?\d+'|-?\d+)""")


def holds(logic: str, answers: dict[str, int | None]) -> bool:
    """Return what REDCap makes of branching logic: texts for `=`, numbers with 0 for empty else."""

    def truth(found: re.Match[str]) -> str:
        column, sign, value = found.groups()
        answer = "" if answers[column] is None else str(answers[column])
        if sign in ("=", "<>"):
            return str(_OPERATORS[sign](answer, value.strip("'\"")))
        return str(_OPERATORS[sign](int(answer or 0), int(value)))

    return bool(eval(_COMPARISON.sub(truth, logic)))  # noqa: S307  True, False, and, or, parentheses


@given(EXPRESSIONS, ANSWERS)
def test_branching_means_the_same_and_what_is_not_answered_fulfils_nothing(
    expression: Expression, answers: dict[str, int | None]
):
    assert holds(branching(expression), answers) == evaluate(expression, answers)


def test_a_page_and_a_part_of_it_may_both_have_conditions():
    rows = {row[NAME]: row for row in dictionary(every_kind())}
    assert rows["comment_1"][BRANCHING] == "[consent] = '1' and ([first_1] = '1' or [first_1] = '2')"
    assert rows["consent"][BRANCHING] == ""
    assert rows["refused"][TYPE] == "descriptive"
