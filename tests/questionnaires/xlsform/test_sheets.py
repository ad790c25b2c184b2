from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree
from openpyxl import load_workbook

from tests.questionnaires.conditions import ANSWERS, EXPRESSIONS
from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.logic import Expression, evaluate
from trustmeasure.questionnaires import Entry, Questionnaire
from trustmeasure.questionnaires.logic import said_in
from trustmeasure.questionnaires.writers import Writer
from trustmeasure.questionnaires.writers.xlsform import WRITER
from trustmeasure.questionnaires.writers.xlsform_list import WRITER as STACKED
from trustmeasure.questionnaires.xlsform.conditions import DIALECT
from trustmeasure.questionnaires.xlsform.names import form_id, names
from trustmeasure.questionnaires.xlsform.wording import heard, said

HOSTILE = [
    "${first_1}",
    "=1+1",
    "<b>x</b>",
    "*a* _b_",
    "# x\n# y",
    "[a](b)",
    r"\*",
    "a*b",
    "艾克米 \u202e",
    "-",
]


def sheet(questionnaire: Questionnaire, name: str, writer: Writer = WRITER) -> list[dict[str, str]]:
    header, *rows = load_workbook(io.BytesIO(writer.render(questionnaire)))[name].iter_rows(values_only=True)
    return [{key: value for key, value in zip(header, row, strict=True) if value is not None} for row in rows]


def test_the_three_sheets_of_every_kind_of_question():
    book = load_workbook(io.BytesIO(WRITER.render(every_kind())))
    lines = []
    for page in book:
        lines.append(f"## {page.title}")
        lines += ["\t".join(str(cell or "") for cell in row) for row in page.iter_rows(values_only=True)]
    assert_snapshot("every-kind.xlsform.txt", "\n".join(lines) + "\n")


def test_columns_of_the_answers_are_the_ids_and_nothing_else_has_their_names():
    made = every_kind()
    rows = [row["name"] for row in sheet(made, "survey") if "name" in row]
    assert len(set(rows)) == len(rows)
    assert set(made.columns) <= set(rows)
    assert set(WRITER.other_columns(made)) <= set(rows) - set(made.columns)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in rows)


def test_names_of_the_form_give_way_to_names_of_questions():
    text = {"en": "a", "zh": "b"}
    asked = [Entry(id, text, "integer") for id in ("start", "end", "intro", "first1_answers")]
    known = names(Questionnaire.compose(instrument(), behaviour=asked))
    assert [known.own[key] for key in ("start", "end", "intro")] == ["start_2", "end_2", "intro_2"]
    assert known.heads["first1"] == "first1_answers_2"


def test_codes_are_kept_from_zero_on_and_no_answer_is_not_offered():
    choices = [(row["list_name"], row["name"]) for row in sheet(every_kind(), "choices")]
    assert [code for name, code in choices if name == "likely"] == ["0", "1", "2", "97"]
    assert ("agree", "99") not in choices


def test_each_cell_is_text_and_no_formula():
    made = Questionnaire.compose(instrument(text="{brand}", stem="+{brand}"), brand="=1+1", title="@SUM(A1)")
    for page in load_workbook(io.BytesIO(WRITER.render(made))):
        for row in page.iter_rows():
            assert {cell.data_type for cell in row if cell.value is not None} <= {"s"}
            for cell in row:
                assert cell.quotePrefix or not str(cell.value or "").startswith(("=", "+", "@"))


@pytest.mark.parametrize("text", HOSTILE)
def test_words_are_shown_as_they_are(text: str):
    made = said(text)
    assert heard(made) == text
    assert "${" not in made
    assert not re.search(r"<[A-Za-z/]|\]\(", made)
    assert not re.search(r"(?<!\\)\*[^\s].*(?<!\\)\*", made)


@given(EXPRESSIONS, ANSWERS)
def test_conditions_mean_the_same_and_what_is_not_answered_fulfils_nothing(
    expression: Expression, answers: dict[str, int | None]
):
    root = etree.Element("data")
    for column, code in answers.items():
        etree.SubElement(root, column).text = "" if code is None else str(code)
    path = re.sub(r"\$\{(\w+)\}", r"/data/\1", said_in(expression, DIALECT))
    assert root.getroottree().xpath(f"boolean({path})") == evaluate(expression, answers), path


def test_settings_tell_versions_apart_and_keep_the_form(tmp_path: Path):
    one, two = (
        Questionnaire.compose("satisfaction", brand="Acme & Söhne", version=version)
        for version in ("1.0.0", "1.1.0")
    )
    assert form_id(one) == form_id(two) == "acme_s_hne_satisfaction"
    first, second = (sheet(made, "settings")[0] for made in (one, two))
    assert first["version"] != second["version"]
    assert first["version"].startswith("1.0.0 ")
    assert first["default_language"] == "English (en)"
    before = Questionnaire.compose("satisfaction", brand="艾克米", wave="before")
    assert form_id(before) == "satisfaction_before"
    assert {"type": "calculate", "name": "wave", "calculation": "'before'"} in sheet(before, "survey")


def test_a_text_longer_than_a_cell_is_refused():
    made = Questionnaire.compose(instrument(), intro="x" * 33_000)
    with pytest.raises(QuestionnaireError, match=r"33000 characters; a cell of a workbook holds 32767"):
        WRITER.render(made)


def test_limits_state_what_is_lost():
    told = " ".join(WRITER.limits(every_kind()))
    assert "seed 7" in told
    assert "language that a respondent chose" in told
    single = WRITER.limits(Questionnaire.compose(instrument(), languages=["en"]))
    assert len(single) == 1


def test_for_phones_answers_stand_below_each_question():
    """Nine answers beside a question do not fit on a phone: the last ones would be out of sight."""
    made = Questionnaire.compose("satisfaction", brand="Acme")
    assert any("to='xlsform-list'" in line for line in WRITER.limits(made))
    assert not any("xlsform-list" in line for line in STACKED.limits(made))
    rows = {row["name"]: row for row in sheet(made, "survey", STACKED) if "name" in row}
    beside = {row["name"]: row for row in sheet(made, "survey") if "name" in row}
    assert rows["sat_1"] == {key: value for key, value in beside["sat_1"].items() if key != "appearance"}
    assert rows[f"{made.matrices[0].id}_answers"]["type"] == "note"
    assert STACKED.columns(made) == WRITER.columns(made)
    assert STACKED.other_columns(made) == WRITER.other_columns(made)
