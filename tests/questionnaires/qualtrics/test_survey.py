from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.questionnaires.examples import SCALES, instrument
from tests.questionnaires.shipped import HOSTILE, shipped
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.logic import evaluate, parse_expression
from trustmeasure.questionnaires import Choice, Entry, Questionnaire
from trustmeasure.questionnaires.qualtrics.conditions import boolean_expression
from trustmeasure.questionnaires.qualtrics.places import places
from trustmeasure.questionnaires.writers import qualtrics

REQUIRED = {"BL", "FL", "PROJ", "QC", "RS", "SCO", "SO", "SQ", "STAT"}


def written(questionnaire: Questionnaire) -> dict[str, Any]:
    return json.loads(qualtrics.render(questionnaire))


def payloads(survey: dict[str, Any], kind: str) -> list[Any]:
    return [part["Payload"] for part in survey["SurveyElements"] if part["Element"] == kind]


def questions(survey: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {payload["DataExportTag"]: payload for payload in payloads(survey, "SQ")}


def parts(flow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield flow
    for part in flow.get("Flow", []):
        yield from parts(part)


def test_every_kind_of_element_is_kept_as_a_snapshot():
    assert_snapshot("qualtrics.qsf", qualtrics.render(every_kind()))


def test_every_shipped_instrument_is_a_whole_survey():
    for questionnaire in shipped():
        survey = written(questionnaire)
        assert {part["Element"] for part in survey["SurveyElements"]} == REQUIRED
        [blocks], [flow] = payloads(survey, "BL"), payloads(survey, "FL")
        asked = [one["QuestionID"] for block in blocks for one in block["BlockElements"]]
        assert sorted(asked) == sorted(one["QuestionID"] for one in questions(survey).values())
        used = [part["ID"] for part in parts(flow) if "ID" in part]
        assert sorted(used) == sorted(block["ID"] for block in blocks if block["Type"] != "Trash")
        numbers = [part["FlowID"] for part in parts(flow)]
        assert len(set(numbers)) == len(numbers)
        ids = (*used, survey["SurveyEntry"]["SurveyID"])
        assert all(re.fullmatch(r"(BL|SV)_[0-9A-Za-z]{15}", id) for id in ids)
        assert_columns(questionnaire, survey)
        assert "{}" not in qualtrics.render(questionnaire).decode()


def assert_columns(questionnaire: Questionnaire, survey: dict[str, Any]) -> None:
    """Every column has its export tag, its import id, and in every language its words and codes."""
    found: dict[str, str] = {}
    for payload in payloads(survey, "SQ"):
        id = payload["QuestionID"]
        if payload["QuestionType"] == "Matrix":
            tags = payload["ChoiceDataExportTags"]
            found |= {tags[row]: f"{id}_{row}" for row in payload["ChoiceOrder"]}
        elif payload["QuestionType"] in ("MC", "TE"):
            found[payload["DataExportTag"]] = id if payload["QuestionType"] == "MC" else f"{id}_TEXT"
        if payload["QuestionType"] == "Timing":
            continue
        others = payload["Language"] or {}
        assert len(others) == len(questionnaire.languages) - 1
        for words in others.values():
            assert {key: list(payload[key]) for key in words if key != "QuestionText"} == {
                key: list(words[key]) for key in words if key != "QuestionText"
            }
    assert found == dict(qualtrics.columns(questionnaire))


def test_a_scale_from_0_and_missing_codes_keep_their_codes():
    payload = questions(written(Questionnaire.compose("recommendation", languages=["en"])))["rec11"]
    codes = [payload["RecodeValues"][answer] for answer in payload["AnswerOrder"]]
    assert codes == [*map(str, range(11)), "97", "98"]
    assert payload["Answers"]["1"]["Display"] == "Not at all likely"
    assert list(payload["ChoiceDataExportTags"].values()) == ["rec_nps"]


def test_translations_stand_under_the_codes_of_qualtrics():
    survey = written(Questionnaire.compose("satisfaction", languages=["zh", "en"], brand="Acme"))
    assert survey["SurveyEntry"]["SurveyLanguage"] == "ZH-S"
    assert list(payloads(survey, "SO")[0]["AvailableLanguages"]) == ["ZH-S", "EN"]
    assert list(questions(survey)["sat"]["Language"]) == ["EN"]


def test_random_order_is_kept_for_rows_and_blocks():
    survey = written(Questionnaire.compose(["satisfaction", "loyalty", "repurchase"], order="random"))
    [randomiser] = [part for part in parts(payloads(survey, "FL")[0]) if part["Type"] == "BlockRandomizer"]
    assert (randomiser["SubSet"], len(randomiser["Flow"])) == (3, 3)
    assert questions(survey)["sat"]["Randomization"]["Type"] == "All"
    fixed = written(Questionnaire.compose("satisfaction"))
    assert "Randomization" not in questions(fixed)["sat"]
    assert all(part["Type"] != "BlockRandomizer" for part in parts(payloads(fixed, "FL")[0]))


def test_every_page_keeps_its_time():
    survey = written(Questionnaire.compose(["satisfaction", "loyalty"], consent=True))
    timed = {name: one for name, one in questions(survey).items() if one["QuestionType"] == "Timing"}
    assert list(timed) == ["TIME_privacy", "TIME_sat", "TIME_loy"]
    blocks = {block["Description"]: block["BlockElements"] for block in payloads(survey, "BL")[0]}
    assert blocks["loyalty/loy"][0]["QuestionID"] == timed["TIME_loy"]["QuestionID"]


def test_who_does_not_agree_reaches_the_end():
    survey = written(Questionnaire.compose("satisfaction", consent=True, languages=["en"]))
    flow = payloads(survey, "FL")[0]["Flow"]
    assert [part["Type"] for part in flow] == [
        "EmbeddedData", "Standard", "Standard", "Branch", "Standard", "EndSurvey"
    ]  # fmt: skip
    branch = flow[3]
    assert branch["BranchLogic"]["0"]["0"]["LeftOperand"] == "q://QID1/SelectableChoice/1"
    assert branch["BranchLogic"]["0"]["0"]["Operator"] == "NotSelected"
    assert [part["Type"] for part in branch["Flow"]] == ["Standard", "EndSurvey"]
    assert questions(survey)["consent"]["Validation"]["Settings"]["ForceResponse"] == "ON"
    assert "not agreed" in questions(survey)["REFUSED"]["QuestionText"]


def test_wave_form_and_the_code_of_the_link_are_stored():
    survey = written(Questionnaire.compose("satisfaction", wave="before", link=True))
    stored = {field["Field"]: field for field in payloads(survey, "FL")[0]["Flow"][0]["EmbeddedData"]}
    assert list(stored) == ["questionnaire", "wave", "link", "Q_Language"]
    assert (stored["wave"]["Type"], stored["wave"]["Value"]) == ("Custom", "before")
    assert stored["link"]["Type"] == "Recipient"


def test_what_is_written_is_checked():
    made = {
        "visits": Entry("visits", {"en": "Visits?"}, "integer", minimum=0, maximum=99),
        "code": Entry("code", {"en": "Code?"}, pattern="[A-Z]{2}/[0-9]{2}", longest=5),
        "day": Entry("day", {"en": "Day?"}, "date", required=True),
        "said": Entry("said", {"en": "Why?"}, longest=200),
    }
    asked = Questionnaire.compose("satisfaction", languages=["en"], demographics=list(made.values()))
    found = questions(written(asked))
    settings = {name: found[name]["Validation"]["Settings"] for name in made}
    assert settings["visits"]["ValidNumber"] == {"Min": "0", "Max": "99", "NumDecimals": "0"}
    assert (settings["said"]["Type"], settings["said"]["TotalChars"]) == ("TotalChar", "200")
    assert found["said"]["Selector"] == "ML"
    matches = settings["code"]["CustomValidation"]["Logic"]
    assert matches["0"]["0"]["Operator"] == "Empty"
    pattern = matches["1"]["0"]["RightOperand"]
    assert (pattern[:2], pattern[-2:]) == ("/^", "$/")
    assert re.fullmatch(pattern[1:-1].replace(r"\/", "/"), "AB/12")
    assert not re.fullmatch(pattern[1:-1].replace(r"\/", "/"), "AB/123")
    assert "1" not in settings["day"]["CustomValidation"]["Logic"]
    assert settings["day"]["ForceResponse"] == "ON"


CONDITIONS = (
    "customer == 1",
    "not customer == 1",
    "customer in (1, 3) and visits >= 2",
    "not (customer == 2 or visits < 3)",
    "answered(customer) and not answered(visits)",
    "first_1 == 3 or (answered(first_2) and visits != 0)",
    "not answered(first_1) or customer < 3",
)


def conditional(condition: str) -> Questionnaire:
    """Return a questionnaire whose last block hangs on a condition."""
    return Questionnaire.compose(
        [instrument("first"), instrument("second")],
        behaviour=[
            Choice("customer", {"en": "Do you agree?", "zh": "您同意吗？"}, SCALES["agree"]),
            Entry("visits", {"en": "Visits?", "zh": "次数？"}, "integer"),
        ],
        logic={"second1": condition},
    )


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_hold_for_the_same_answers_in_qualtrics(condition: str):
    questionnaire = conditional(condition)
    shown_if = questionnaire.pages[-1].elements[0].shown_if
    where = places(questionnaire)
    logic = boolean_expression(shown_if, where)
    for values in product((None, 1, 2, 3), (None, 0, 2, 3), (None, 1, 3), (None, 2)):
        answers = dict(zip(("customer", "visits", "first_1", "first_2"), values, strict=True))
        chosen = {where[column]: value for column, value in answers.items()}
        assert holds(logic, chosen) is evaluate(shown_if, answers), answers


def holds(logic: dict[str, Any], answers: dict[Any, int | None]) -> bool:
    """Return what Qualtrics makes of a condition: And inside a set, OrIf between the sets."""
    sets = [one for key, one in logic.items() if key.isdigit()]
    assert [one["Type"] for one in sets] == ["If", *["OrIf"] * (len(sets) - 1)]
    return any(all(said(one[key], answers) for key in one if key.isdigit()) for one in sets)


def said(expression: dict[str, Any], answers: dict[Any, int | None]) -> bool:
    assert expression["LeftOperand"] == expression["ChoiceLocator"]
    _, _, question, what, *rest = expression["LeftOperand"].split("/")
    numbers = [int(part) for part in rest]
    operator, right = expression["Operator"], expression.get("RightOperand")
    of_question = {place.row: (place, code) for place, code in answers.items() if place.question == question}
    if what == "SelectableChoice":
        place, code = of_question[numbers[0] if len(numbers) == 2 else 0]
        selected = code is not None and place.answers[code] == numbers[-1]
        return selected is (operator == "Selected")
    place, code = of_question[numbers[0] if numbers else 0]
    if what in ("SelectedChoicesCount", "SelectedAnswerCount"):
        return {"GreaterThan": code is not None, "EqualTo": code is None}[operator]
    if operator in ("Empty", "NotEmpty"):
        return (code is None) is (operator == "Empty")
    compared = {
        "EqualTo": "==", "NotEqualTo": "!=", "LessThan": "<", "LessThanOrEqual": "<=", "GreaterThan": ">",
        "GreaterThanOrEqual": ">=",
    }  # fmt: skip
    return evaluate(parse_expression(f"x {compared[operator]} {right}"), {"x": code})


def test_a_question_that_hangs_on_its_own_page_is_shown_at_once():
    questionnaire = Questionnaire.compose(
        [instrument("first")],
        languages=["en"],
        demographics=[
            Choice("customer", {"en": "Do you agree?"}, SCALES["agree"]),
            Entry("why", {"en": "Why?"}),
            Entry("who", {"en": "Who?"}),
        ],
        logic={"why": "customer == 1", "who": "first_1 == 1"},
    )
    found = questions(written(questionnaire))
    assert found["why"]["DisplayLogic"]["inPage"] is True
    assert found["who"]["DisplayLogic"]["inPage"] is False


def test_conditions_that_nobody_could_fulfil_or_check_are_refused():
    with pytest.raises(QuestionnaireError, match="99, which nobody can choose"):
        qualtrics.render(conditional("customer == 99"))
    many = (
        " and ".join(f"(first_{n} == 1 or first_{n} == 2)" for n in range(1, 5))
        + " and ("
        + " or ".join(f"customer == {n}" for n in range(1, 4))
        + ") and (visits == 1 or visits == 2 or visits == 3)"
    )
    with pytest.raises(QuestionnaireError, match="more than 100 alternatives"):
        qualtrics.render(conditional(many))


@pytest.mark.parametrize("brand", HOSTILE)
def test_hostile_names_are_shown_and_never_filled_in(brand: str):
    survey = written(Questionnaire.compose([instrument("first")], brand=brand, title=brand, languages=["en"]))
    text = questions(survey)["first1"]["QuestionText"]
    assert "${" not in json.dumps(payloads(survey, "SQ"))
    assert "<b>" not in text
    assert "</script>" not in text
    shown = text.replace("<br />", "\n").replace("&#36;", "$").replace("&lt;", "<").replace("&gt;", ">")
    shown = shown.replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")
    assert shown == f"About {brand}:"


def test_the_same_questionnaire_gives_the_same_bytes_and_another_gives_other_ids():
    one = Questionnaire.compose("satisfaction", brand="Acme")
    assert qualtrics.render(one) == qualtrics.render(Questionnaire.compose("satisfaction", brand="Acme"))
    ids = {written(Questionnaire.compose("satisfaction", brand=b))["SurveyEntry"]["SurveyID"] for b in "AB"}
    assert len(ids) == 2


def test_blocks_parted_by_one_that_keeps_its_place_are_stated():
    ids = ["first", "second", "third", "fourth"]
    whole = Questionnaire.compose([instrument(id) for id in ids], order="blocks", seed=1)
    assert not any("keeps its place" in limit for limit in qualtrics.limits(whole))
    first, _, third, _ = (page.elements[0].id for page in whole.pages)
    parted = Questionnaire.compose(
        [instrument(id) for id in ids], order="blocks", seed=1, logic={third: f"{first[:-1]}_1 == 1"}
    )
    assert [page.shuffled for page in parted.pages] == [False, True, False, True]
    stated = [limit for limit in qualtrics.limits(parted) if "keeps its place" in limit]
    assert len(stated) == 1


@pytest.fixture(scope="module")
def parser() -> Any:
    """The QSF parser of edsl, loaded from its file alone: the rest of that package is not needed."""
    try:
        found = distribution("edsl").locate_file("edsl/surveys/qsf_parser.py")
    except PackageNotFoundError:
        pytest.skip("the package 'edsl' is not installed (pip install -e '.[test]')")
    spec = importlib.util.spec_from_file_location("edsl_qsf_parser", Path(str(found)))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.QSFParser


def test_an_independent_reader_finds_the_same_survey(parser: Any):
    questionnaire = every_kind()
    survey = parser(written(questionnaire)).parse()
    found = {question.export_tag: question for question in survey.questions}
    assert (survey.name, survey.language) == ("Customer survey: Acme", "EN")
    kinds = {name: q.type for name, q in found.items() if not name.startswith("TIME_")}
    assert kinds == {
        "privacy": "descriptive", "consent": "single_choice", "link_id": "text", "customer": "single_choice",
        "visits": "text", "first1": "matrix_single", "second1": "matrix_single", "comment_1": "text",
        "last_visit": "text", "INTRO": "descriptive", "REFUSED": "descriptive",
    }  # fmt: skip
    for matrix in questionnaire.matrices:
        rows = found[matrix.id].choices
        assert [row.export_tag for row in rows] == list(matrix.columns)
        assert [row.text for row in rows] == [question.text["en"] for question in matrix.questions]
    assert [choice.recode for choice in found["customer"].choices] == ["1", "2", "3", "97"]
    answers = [answer.text for answer in found["second1"].scale]
    assert answers == ["Not likely", "1", "Likely", "Not applicable"]
    assert found["consent"].validation.force_response
    assert {field.name for field in survey.embedded_data} == {"questionnaire", "link", "Q_Language"}
    assert (survey.options.back_button, survey.options.progress_bar) == (True, "Text")
    assert [block.name for block in survey.blocks][:-1] == [
        "INTRO", *(page.id for page in questionnaire.pages), "REFUSED"
    ]  # fmt: skip


def test_an_independent_reader_takes_every_shipped_instrument(parser: Any):
    for questionnaire in shipped():
        survey = parser(written(questionnaire)).parse()
        tags = {row.export_tag for question in survey.questions for row in question.choices}
        assert {question.id for question in questionnaire.questions} <= tags
