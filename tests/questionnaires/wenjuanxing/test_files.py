from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import (
    ResponseScale,
    ScalePoint,
    list_background_questions,
    list_instruments,
    load_instrument,
)
from trustmeasure.questionnaires import Choice, Questionnaire
from trustmeasure.questionnaires.wenjuanxing.parts import columns, parts
from trustmeasure.questionnaires.writers import Writer, wenjuanxing, wenjuanxing_txt

JSONL, TEXT = wenjuanxing.WRITER, wenjuanxing_txt.WRITER
IDS = [str(id) for id in list_instruments()["id"]]
TYPES = {"问卷基础信息", "分页栏", "段落说明", "单选", "矩阵量表", "矩阵单选", "单项填空", "简答题", "日期"}


def lines(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    return [json.loads(line) for line in JSONL.render(questionnaire).decode().splitlines()]


def questions(text: str) -> list[tuple[str, str, list[str]]]:
    """Return title, type and further lines of each question, as 问卷星 cuts the text: at empty lines."""
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    found = [(re.fullmatch(r"\d+\. (.*)\[(\w+题)\](（选填）)?", block[0]), block[1:]) for block in blocks]
    return [(match[1], match[2], rest) for match, rest in found if match]


def test_the_files_of_every_kind_of_question():
    assert_snapshot("every-kind.wjx.jsonl", JSONL.render(every_kind()))
    assert_snapshot("every-kind.wjx.txt", TEXT.render(every_kind()))


@pytest.mark.parametrize("id", IDS)
def test_every_instrument_has_the_same_questions_in_both_files(id: str):
    background = list_background_questions()["id"].tolist()
    for wave in [wave.id for wave in load_instrument(id).waves] or [None]:
        made = Questionnaire.compose(
            id, languages=["zh"], wave=wave, order="items", consent=True, demographics=background
        )
        first, *rest = lines(made)
        assert first["qtype"] == "问卷基础信息"
        assert {line["qtype"] for line in rest} <= TYPES
        asked = [line for line in rest if "requir" in line]
        pasted = questions(TEXT.render(made).decode())
        assert [title for title, _, _ in pasted] == [line["title"] for line in asked]
        for line, (_, _, others) in zip(asked, pasted, strict=True):
            if "rowtitle" in line:
                assert others[1:] == line["rowtitle"]
                assert len(others[0].split(" ")) == len(line["select"])
            else:
                assert len(others) == len(line.get("select", []))


def test_of_a_matrix_only_the_first_row_carries_the_stem():
    known = columns(every_kind(("zh",)))
    assert known["customer"] == "3、您同意吗？"
    assert known["first_2"] == "5、关于艾克米：—艾克米很好。first_2"
    assert known["first_4"] == "5、艾克米很好。first_4"
    assert list(known) == list(every_kind().columns)


def test_a_matrix_with_answers_beside_the_scale_gets_no_scores():
    with_missing = Questionnaire.compose(instrument(), languages=["zh"])
    assert [part.kind for part in parts(with_missing)] == ["matrix"]
    points = instrument().response_scales["agree"].points
    plain = instrument(scales={"agree": ResponseScale("agree", points)})
    assert lines(Questionnaire.compose(plain, languages=["zh"]))[1]["qtype"] == "矩阵量表"


@pytest.mark.parametrize("writer", [JSONL, TEXT], ids=["jsonl", "text"])
def test_a_questionnaire_without_chinese_is_refused(writer: Any):
    with pytest.raises(QuestionnaireError, match=r"has en only. Compose it with languages=\['zh'\]"):
        writer.render(Questionnaire.compose(instrument(), languages=["en"]))


def test_answers_with_blanks_are_kept_in_jsonl_and_refused_in_the_text_of_a_matrix():
    points = (ScalePoint(1, {"en": "a", "zh": "Not ok"}), ScalePoint(2, {"en": "b", "zh": "很 好"}))
    scale = {"agree": ResponseScale("agree", points)}
    made = Questionnaire.compose(instrument(scales=scale), languages=["zh"])
    assert lines(made)[1]["select"] == ["Not ok", "很 好"]
    with pytest.raises(QuestionnaireError, match=r"'Not ok' of question 1 cannot be written"):
        TEXT.render(made)
    alone = Choice("one", {"zh": "哪个？"}, ResponseScale("other", points))
    listed = Questionnaire.compose(instrument(), languages=["zh"], demographics=[alone])
    assert questions(TEXT.render(listed).decode())[-1][2] == ["Not ok", "很好"]


@pytest.mark.parametrize("brand", ["<b>x</b>", "[单选题]", "{_}", "____", "a\nb\n\nc", "&lt;", "1. 题"])
def test_words_are_no_tags_no_types_and_no_gaps(brand: str):
    made = Questionnaire.compose(
        instrument(), languages=["zh"], brand={"zh": brand}, title={"zh": brand}, intro={"zh": brand}
    )
    text = TEXT.render(made).decode()
    assert [kind for _, kind, _ in questions(text)] == ["矩阵单选题"]
    assert not text[0].isdigit()
    said = JSONL.render(made).decode() + text
    assert not re.search(r"<\w|\{_\}|__|&lt;", said.replace('{"', ""))


def test_limits_tell_what_is_set_by_hand():
    told = " ".join(JSONL.limits(every_kind()))
    assert "English is left out" in told
    assert "refusing in question 1 ends" in told
    assert 'question 7 is asked only if you answered "不同意" or "中立" to question 5' in told
    assert "in question 5 row 4 is meant" in told
    assert "seed 7" in told
    assert "(questions 2, 4, 8)" in told


@pytest.mark.parametrize("writer", [JSONL, TEXT], ids=lambda writer: writer.name)
def test_signs_that_are_written_otherwise_are_told(writer: Writer):
    for brand, told in (("艾克米", False), ("<艾克米>", True), ("a__b", True)):
        made = Questionnaire.compose(instrument(), brand=brand, languages=["zh"])
        assert any("wide ones" in limit for limit in writer.limits(made)) is told
