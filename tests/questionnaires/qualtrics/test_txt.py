from __future__ import annotations

import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.shipped import HOSTILE, shipped
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.writers import qualtrics_txt


def read(questionnaire: Questionnaire) -> list[tuple[str, str, str, dict[str, list[tuple[str, str]]]]]:
    """Return type, id, text and the numbered parts of each question, as the format describes them."""
    found = []
    lines = [line for line in qualtrics_txt.render(questionnaire).decode().splitlines() if line]
    assert lines.pop(0) == "[[AdvancedFormat]]"
    part, number = "", ""
    for line in lines:
        mark = line[2:-2].split(":") if line.startswith("[[") else []
        if mark and mark[0] in ("Question", "Block", "ED"):
            found += [[":".join(mark[1:]), "", "", {}]] if mark[0] == "Question" else []
        elif mark and mark[0] == "ID":
            found[-1][1] = mark[1]
        elif mark and mark[0].startswith("Advanced"):
            part = mark[0]
            found[-1][3][part] = []
        elif mark:
            number = mark[1]
        elif found[-1][3]:
            found[-1][3][part].append((number, line))
        else:
            assert not found[-1][2], "one line of text"
            found[-1][2] = line
    return [tuple(one) for one in found]


def test_every_kind_of_element_is_kept_as_a_snapshot():
    assert_snapshot("every-kind.qualtrics.txt", qualtrics_txt.render(every_kind()))


def test_every_shipped_instrument_has_all_rows_and_codes():
    for questionnaire in shipped():
        first = questionnaire.languages[0]
        found = {id: (kind, parts) for kind, id, _, parts in read(questionnaire)}
        for matrix in questionnaire.matrices:
            kind, parts = found[matrix.id]
            assert kind == "Matrix"
            assert len(parts["AdvancedChoices"]) == len(matrix.questions)
            codes = [int(code) for code, _ in parts["AdvancedAnswers"]]
            assert codes[: len(matrix.scale.codes)] == list(matrix.scale.codes)
            named = qualtrics_txt.columns(questionnaire)
            assert [named[column] for column in matrix.columns] == [
                f"{matrix.id}_{number}" for number, _ in parts["AdvancedChoices"]
            ]
        assert (
            any(first in limit for limit in qualtrics_txt.limits(questionnaire))
            or len(questionnaire.languages) == 1
        )


def test_what_is_lost_is_stated():
    told = " ".join(qualtrics_txt.limits(every_kind()))
    assert "'second1' is shown only if (customer == 1 or customer == 2) and visits >= 1" in told
    for lost in ("no place for zh", "one order", "does not agree", "No answer is forced", "not checked"):
        assert lost in told


@pytest.mark.parametrize("brand", HOSTILE)
def test_hostile_names_stay_on_their_line(brand: str):
    questionnaire = Questionnaire.compose([instrument("first")], brand=brand, languages=["en"])
    [matrix] = [one for one in read(questionnaire) if one[1] == "first1"]
    assert len(matrix[3]["AdvancedChoices"]) == 4
    assert "[[" not in matrix[2]
    assert "${" not in matrix[2]
