from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.questionnaires import Entry, Questionnaire
from trustmeasure.questionnaires.surveyjs.wording import WORD_JOINER, escaped, localised, plain
from trustmeasure.questionnaires.writers.surveyjs import WRITER


def read(questionnaire: Questionnaire) -> dict[str, Any]:
    return dict(json.loads(WRITER.render(questionnaire)))


def elements(questionnaire: Questionnaire) -> dict[str, dict[str, Any]]:
    return {part["name"]: part for page in read(questionnaire)["pages"] for part in page["elements"]}


def test_every_kind_is_written_as_it_was():
    assert_snapshot("every-kind.surveyjs.json", WRITER.render(every_kind()))


def test_codes_are_kept_and_no_answer_is_never_offered():
    found = elements(every_kind())
    assert [column["value"] for column in found["first1"]["columns"]] == [1, 2, 3, 97]
    assert [column["value"] for column in found["second1"]["columns"]] == [0, 1, 2, 97]
    assert [choice["value"] for choice in found["customer"]["choices"]] == [1, 2, 3, 97]
    assert [row["value"] for row in found["first1"]["rows"]] == list(every_kind().matrices[0].columns)
    assert found["first1"]["rowOrder"] == "random"


def test_one_language_stands_alone_and_several_have_a_default():
    assert localised({"zh": "甲"}) == "甲"
    assert localised({"zh": "甲", "en": "A"}) == {"zh-cn": "甲", "default": "A"}
    chinese = read(every_kind(("zh",)))
    assert chinese["locale"] == "zh-cn"
    assert isinstance(chinese["title"], str)


def test_nothing_in_a_text_is_a_variable_or_html():
    assert plain("{x} and {{y}} {") == f"{{{WORD_JOINER}x}} and {{{{{WORD_JOINER}y}}}} {{"
    assert escaped("<b>{x}</b>\n&") == "&lt;b&gt;&#123;x&#125;&lt;/b&gt;<br>&amp;"


def test_numbers_texts_and_dates_are_checked():
    own = [
        Entry("size", {"en": "?", "zh": "？"}, "integer", minimum=1),
        Entry("code", {"en": "?", "zh": "？"}, pattern="[A-Z]{2}"),
        Entry("story", {"en": "?", "zh": "？"}),
        Entry("day", {"en": "?", "zh": "？"}, "date", required=True),
    ]
    found = elements(Questionnaire.compose(instrument(), demographics=own))
    whole, ranged = found["size"]["validators"]
    assert (whole["regex"], ranged["minValue"]) == ("^-?[0-9]+$", 1)
    assert whole["text"] == {"default": "Please write a number.", "zh-cn": "请填写数字。"}
    assert "maxValue" not in ranged
    assert found["code"]["validators"] == [{"type": "regex", "regex": "^(?:[A-Z]{2})$"}]
    assert found["story"]["type"] == "comment"
    assert (found["day"]["inputType"], found["day"]["isRequired"]) == ("date", True)


def test_the_manifest_names_the_columns_of_a_flat_table(tmp_path: Path):
    questionnaire = Questionnaire.compose(instrument(), wave="one", demographics=["gender"], brand="Acme")
    path = questionnaire.write(tmp_path / "survey.surveyjs.json")
    manifest = json.loads(path.with_name(f"{path.name}.manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["columns"]) == [*(f"first1.first_{n}" for n in range(1, 5)), "gender"]
    assert manifest["columns"]["first1.first_1"]["id"] == "first_1"
    assert manifest["other_columns"] == ["questionnaire", "wave", "language"]


def test_limits_are_stated_where_they_apply():
    fixed = Questionnaire.compose(instrument(), brand="Acme")
    drawn = Questionnaire.compose([instrument("first"), instrument("second")], order="random", seed=4)
    assert len(WRITER.limits(fixed)) == 2
    said = " ".join(WRITER.limits(drawn))
    assert "seed 4" in said
    assert "does not save it" in said
