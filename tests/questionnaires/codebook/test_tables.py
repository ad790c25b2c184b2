"""The codebooks in CSV and Markdown."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.codebook import csv_file, markdown, variables
from trustmeasure.questionnaires.codebook.texts import own_words
from trustmeasure.questionnaires.texts import form_languages
from trustmeasure.questionnaires.writers.codebook_csv import WRITER

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\n=cmd|' /C calc'!A0", " =1", "\u3000=1"]
WITHOUT_WAVES = [str(id) for id in list_instruments()["id"] if not load_instrument(str(id)).waves]


def rows(questionnaire: Questionnaire) -> list[dict[str, str]]:
    text = csv_file.render(questionnaire).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_column_is_a_row_with_both_languages():
    questionnaire = Questionnaire.compose(WITHOUT_WAVES, checks=1, consent=True)
    found = rows(questionnaire)
    assert [row["column"] for row in found] == list(questionnaire.columns)
    assert all(row["text_en"] and row["text_zh"] for row in found)
    items = [row for row in found if row["kind"] == "item"]
    assert all(row["construct_en"] and row["definition_zh"] and row["stem_zh"] for row in items)
    assert {row["reverse"] for row in items} == {"0", "1"}
    assert [row["expected"] for row in found if row["kind"] == "check"] == [
        str(*questionnaire.expected.values())
    ]


def test_codes_and_reasons_stand_in_words():
    row = next(row for row in rows(every_kind()) if row["column"] == "first_1")
    assert row["answers_zh"] == "1 = 不同意 | 2 = 中立 | 3 = 同意"
    assert row["missing_reasons"] == "97 = not-applicable | 99 = no-answer"
    later = next(row for row in rows(every_kind()) if row["column"] == "second_1")
    assert later["asked_if_en"].startswith('you answered "Disagree" or "Neither" to question 3 and')


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_runs_as_a_formula(formula: str):
    questionnaire = Questionnaire.compose(instrument(text=f"{formula} {{brand}}"), brand=formula)
    for row in rows(questionnaire):
        for cell in row.values():
            assert not cell.lstrip(" \n\u3000").startswith(("=", "+", "-", "@")), cell
    assert any("apostrophe" in line for line in WRITER.limits(questionnaire))


def cells(line: str) -> list[str]:
    """Return the cells of a table's line as Markdown reads it."""
    return re.split(r"(?<!\\)\|", line)[1:-1]


def test_hostile_words_break_no_table_and_mean_nothing():
    hostile = "a|b <b>x</b> *y* [z](u) `c` \\| # - \n| 1 | $m$ &amp; ~~s~~"
    plain = markdown.render(Questionnaire.compose(instrument())).decode().splitlines()
    text = markdown.render(Questionnaire.compose(instrument(), brand=hostile)).decode()
    assert "<b>" not in text.replace("\\<b\\>", "")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert [len(cells(line)) for line in tables] == [len(cells(li)) for li in plain if li.startswith("|")]


def test_words_that_begin_a_list_or_a_heading_stay_words():
    assert markdown.escaped("1. x") == "1\\. x"
    assert markdown.escaped("- x") == "\\- x"
    assert markdown.escaped("=====") == "\\====="
    assert markdown.escaped("a\nb_c") == "a<br>b\\_c"


def test_the_book_tells_evidence_and_state_of_the_wording_as_the_instruments_do():
    text = markdown.render(Questionnaire.compose("satisfaction")).decode()
    about = load_instrument("satisfaction")
    own = own_words("en")
    assert own["status"][about.evidence.status] in text
    assert all(own["steps"][language.status] in text for language in about.languages)


def test_words_exist_in_every_language_with_the_same_names():
    first, *others = (own_words(language) for language in form_languages())
    for other in others:
        assert list(other) == list(first)
        for key, text in first.items():
            if isinstance(text, str):
                names = [sorted(re.findall(r"\{(\w+)\}", one)) for one in (text, other[key])]
                assert names[0] == names[1], key
            else:
                assert len(other[key]) == len(text), key


def test_the_files_are_kept():
    assert_snapshot("every-kind.codebook.csv", csv_file.render(every_kind()))
    assert_snapshot("every-kind.codebook.md", markdown.render(every_kind()))


def test_variables_of_a_short_form_know_their_constructs():
    questionnaire = Questionnaire.compose("cognitive-trust")
    assert {one.construct.id for one in variables(questionnaire) if one.construct} == {
        "competence",
        "integrity",
        "reliability",
    }
