"""Questionnaires at the edge of what can be asked, read back as the importers of the platforms read them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyreadstat
import pytest
from pyxform.xls2xform import convert

from tests.questionnaires.examples import MISSING, changed, instrument
from tests.questionnaires.limesurvey.importer import imported
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import Language, ResponseScale, ScalePoint
from trustmeasure.questionnaires import Choice, Entry, Questionnaire, manifest_path
from trustmeasure.questionnaires.elements import Matrix
from trustmeasure.questionnaires.scales import choosable
from trustmeasure.questionnaires.writers import Writer, writers

ODD_LABELS = (
    "a, b", "97, Other", "new\nline", 'say "yes"', "it's", "<b>x</b>", "{first_1}", "${first_1}", "{{7*7}}",
    "=1+1", "+1", "-1", "@x", "1", "[[Choice:1]]", "[first_1]", "a;b", "*a* _b_ **c**", "# x", "x: y", "\\",
    "100%", "]]>", "&amp;", "\u202eabc", "x" * 300, "很" * 130,
)  # fmt: skip
NO_PDF = tuple(writer for writer in writers() if writer.name != "pdf")
"""The PDF has the pages of the Word file and takes a second each."""


def both(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


def scale(id: str, labels: tuple[str, ...], first: int = 1) -> ResponseScale:
    points = (ScalePoint(code, both(label)) for code, label in enumerate(labels, start=first))
    return ResponseScale(id, tuple(points), MISSING)


TEN = scale("ten", ("Not", *map(str, range(1, 10)), "Fully"), first=0)
HOW_MANY = Choice("how_many", both("How many?"), scale("how-many", ("none", "one", "two", "more"), 0))
THIRTY = Choice("thirty", both("Which?"), scale("thirty", tuple(f"Answer {n}" for n in range(1, 31))))
ODD = Choice("odd", both("Odd, <i>or</i> | not?\n{how_many} ${age} [age]"), scale("odd", ODD_LABELS))
PIPED = Choice("piped", both("Piped?"), scale("piped", ("a | b", "c")))
ENTRIES = (
    Entry("age", both("Age?"), "integer", minimum=18, maximum=120, required=True),
    Entry("balance", both("Balance?"), "integer", minimum=-5, maximum=-1),
    Entry("any_number", both("Any number?"), "integer"),
    Entry("code", both("Code?"), longest=6, pattern="[A-Z]{2}/[0-9]{2,3}", required=True),
    Entry("shape", both("Shape?"), pattern="[a-z]+"),
    Entry("short", both("Short?"), longest=10),
    Entry("words", both("Words?")),
    Entry("essay", both("Essay?"), longest=5000),
    Entry("day", both("Day?"), "date", required=True),
    Entry("any_day", both("Any day?"), "date"),
)
LOGIC = {
    "first1": "how_many == 0",
    "second1": "age >= 20 and how_many != 3",
    "third1": "not (how_many > 0) or balance < -2",
    "words": "first_2 == 97 or second_1 == 0",
    "day": "answered(age) and not answered(second_1)",
}


def everything() -> Questionnaire:
    return Questionnaire.compose(
        [
            instrument("first"),
            instrument("second", scale="likely"),
            ten_points("third"),
            instrument("fourth"),
        ],
        brand={"en": "Acme", "zh": "艾克米"},
        order="random",
        seed=7,
        checks=2,
        consent=True,
        link=True,
        wave="before",
        behaviour=(HOW_MANY, *ENTRIES[:2]),
        demographics=(*ENTRIES[2:], THIRTY),
        logic=LOGIC,
    )


def ten_points(id: str) -> Any:
    return instrument(id, scale="ten", scales={"ten": TEN})


def asked(*behaviour: Choice | Entry, **more: Any) -> Questionnaire:
    return Questionnaire.compose(instrument("first", items=1), behaviour=behaviour, **more)


LONG = "{brand} " + "really " * 42 + "keeps its word."
EDGES: dict[str, Callable[[], Questionnaire]] = {
    "everything": everything,
    "codes from 0": lambda: asked(HOW_MANY, logic={"first1": "how_many < 2"}),
    "thirty answers": lambda: asked(THIRTY, logic={"first1": "thirty in (10, 20, 30)"}),
    "odd labels": lambda: asked(ODD, logic={"first1": "odd == 9"}),
    "piped labels": lambda: asked(PIPED),
    "entries of each kind": lambda: asked(*ENTRIES),
    "one row from 0 to 10": lambda: Questionnaire.compose(
        instrument(items=1, scale="ten", scales={"ten": TEN})
    ),
    "long": lambda: Questionnaire.compose(instrument(text=LONG, stem=LONG), brand="B" * 300, title="T"),
    "long title": lambda: Questionnaire.compose(instrument(), brand="很" * 300),
    "zh": lambda: asked(ODD, languages="zh", consent=True, order="items"),
    "zh first": lambda: asked(HOW_MANY, languages=["zh", "en"], consent=True, link=True),
    "en": lambda: asked(HOW_MANY, languages=["en"], wave="1", checks=0, order="blocks"),
    "formulas": lambda: Questionnaire.compose(
        instrument(text="=1+1 {brand}", stem="@SUM {brand}"), brand="-2|a,b", title="=A1", intro="+1"
    ),
}
edges = pytest.mark.parametrize("name", EDGES)
SLOW = ("docx", "review")
EACH = [
    (writer, name)
    for writer in NO_PDF
    for name in EDGES
    if writer.name not in SLOW or name in ("odd labels", "entries of each kind", "long")
]


@cache
def edge(name: str) -> Questionnaire:
    return EDGES[name]()


@cache
def exported(format: str, name: str) -> bytes:
    """Return the export; skip what the format refuses, which another test looks at."""
    [writer] = (writer for writer in writers() if writer.name == format)
    return writer.render(edge(name))


def taken(format: str) -> list[str]:
    """Return the names of the questionnaires that a format takes."""
    return [name for name in EDGES if (format, name) not in REFUSED]


REFUSED = {
    ("google-forms", "everything"): "decides only by multiple-choice questions",
    ("limesurvey", "long title"): "keeps 200",
    ("redcap", "piped labels"): "writes '|' between answers",
    ("wenjuanxing", "en"): "has en only",
    ("wenjuanxing-txt", "en"): "has en only",
}


@pytest.mark.parametrize(("writer", "name"), EACH, ids=lambda one: getattr(one, "name", one))
def test_every_edge_is_written_twice_alike_or_refused_before_anything_is_written(
    writer: Writer, name: str, tmp_path: Path
):
    reason = REFUSED.get((writer.name, name))
    if reason is not None:
        with pytest.raises(QuestionnaireError, match=re.escape(reason)):
            edge(name).write(tmp_path / "survey", to=writer.name)
        assert list(tmp_path.iterdir()) == []
        return
    written = edge(name).write(tmp_path / "survey", to=writer.name)
    assert written.read_bytes() == exported(writer.name, name)
    said = json.loads(manifest_path(written).read_text(encoding="utf-8"))
    assert [about["id"] for about in said["columns"].values()] == list(edge(name).columns)
    folded = [column.casefold() for column in (*said["columns"], *said["other_columns"])]
    assert len(set(folded)) == len(folded)
    assert len(set(said["limits"])) == len(said["limits"])


def test_a_language_without_words_for_the_form_is_refused():
    german = changed(instrument(), languages=(Language("en", "English"), Language("de", "Deutsch")))
    with pytest.raises(QuestionnaireError, match=r"not exist in the language 'de'\. Allowed: en, zh"):
        Questionnaire.compose(german, languages=["de"])


@pytest.mark.parametrize("name", taken("limesurvey"))
def test_limesurvey_finds_every_code_that_a_condition_names(name: str):
    survey = imported(exported("limesurvey", name))
    known = set(survey.questions)
    known |= {f"{code}_{row}" for code, question in survey.questions.items() for row in question.rows}
    relevances = [group["relevance"] for group in survey.groups.values()]
    relevances += [question.relevance for question in survey.questions.values()]
    assert set(re.findall(r"(\w+)\.NAOK", " ".join(relevances))) <= known
    tags = [survey.settings["language"], *survey.settings.get("additional_languages", "").split()]
    for question in survey.questions.values():
        parts = (*question.rows.values(), *question.answers.values())
        assert all(list(part) == tags for part in (question.text, *parts))
    texts = [text for question in survey.questions.values() for text in question.text.values()]
    texts += [
        text
        for question in survey.questions.values()
        for a in question.answers.values()
        for text in a.values()
    ]
    assert not any(re.search(r"\{\S|<[bi]>", text) for text in texts)


def strings(value: Any) -> Iterator[str]:
    """Yield all texts inside plain values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def flow_blocks(parts: list[dict[str, Any]]) -> Iterator[str]:
    for part in parts:
        if part["Type"] == "Standard":
            yield part["ID"]
        yield from flow_blocks(part.get("Flow", []))


@pytest.mark.parametrize("name", taken("qualtrics"))
def test_a_qsf_refers_only_to_what_it_holds(name: str):
    elements = json.loads(exported("qualtrics", name))["SurveyElements"]
    questions = {e["PrimaryAttribute"]: e["Payload"] for e in elements if e["Element"] == "SQ"}
    [blocks] = [e["Payload"] for e in elements if e["Element"] == "BL"]
    [flow] = [e["Payload"] for e in elements if e["Element"] == "FL"]
    in_blocks = [part["QuestionID"] for block in blocks for part in block["BlockElements"]]
    assert sorted(in_blocks) == sorted(questions)
    in_flow = list(flow_blocks(flow["Flow"]))
    assert sorted(in_flow) == sorted(block["ID"] for block in blocks if block["Type"] != "Trash")
    tags = [question["DataExportTag"] for question in questions.values()]
    assert len({tag.casefold() for tag in tags}) == len(tags)
    for text in strings(elements):
        for id, row in re.findall(r"^q://(QID\d+)/\w+(?:/(\d+))?", text):
            assert id in questions
            assert not row or row in questions[id]["Choices"]
    for question in questions.values():
        if question["QuestionType"] != "Timing":
            assert_choices(question)
    assert "${" not in json.dumps([question["QuestionText"] for question in questions.values()])


def assert_choices(question: dict[str, Any]) -> None:
    """A question's order and codes name each of its answers once, in every language."""
    choices = question.get("Choices", {})
    assert question.get("ChoiceOrder", []) == list(choices)
    answers = question.get("Answers", choices)
    assert question.get("AnswerOrder", list(answers)) == list(answers)
    if choices:
        assert list(question["RecodeValues"]) == list(answers)
        assert len(set(question["RecodeValues"].values())) == len(answers)
    for words in dict(question.get("Language") or {}).values():
        assert list(words.get("Choices", choices)) == list(choices)
        assert list(words.get("Answers", answers)) == list(answers)


@pytest.mark.parametrize("name", ["everything", "odd labels", "entries of each kind", "long title", "zh"])
@pytest.mark.parametrize("format", ["xlsform", "xlsform-list"])
def test_pyxform_makes_a_form_with_every_column(format: str, name: str):
    made = convert(io.BytesIO(exported(format, name)), file_type=".xlsx", validate=False)
    assert made.warnings == []
    binds = re.findall(r'<bind[^>]*nodeset="[^"]*/(\w+)"', made.xform)
    assert len(set(binds)) == len(binds)
    assert set(edge(name).columns) <= set(binds)


@pytest.mark.parametrize("name", taken("redcap"))
def test_a_dictionary_holds_every_field_and_code(name: str):
    rows = list(csv.DictReader(io.StringIO(exported("redcap", name).decode("utf-8-sig"), newline="")))
    fields = {row["Variable / Field Name"]: row for row in rows}
    assert len(fields) == len(rows)
    assert [field for field in fields if field in edge(name).columns] == list(edge(name).columns)
    for row in rows:
        branching = row["Branching Logic (Show field only if...)"]
        assert set(re.findall(r"\[(\w+)\]", branching)) <= set(fields)
    for column, codes in codes_of(edge(name)).items():
        said = fields[column]["Choices, Calculations, OR Slider Labels"].split(" | ")
        assert [int(answer.partition(",")[0]) for answer in said] == codes


def codes_of(questionnaire: Questionnaire) -> dict[str, list[int]]:
    """Return column -> the codes that can be chosen."""
    return {
        column: [entry.code for entry in choosable(element.scale)]
        for element in questionnaire.elements
        if isinstance(element, Matrix | Choice)
        for column in element.columns
    }


@edges
def test_surveyjs_holds_every_name_that_a_condition_names(name: str):
    survey = json.loads(exported("surveyjs", name))
    parts = [part for page in survey["pages"] for part in page["elements"]]
    names = {part["name"] for part in parts}
    names |= {f"{part['name']}.{row['value']}" for part in parts for row in part.get("rows", ())}
    conditions = [part.get("visibleIf", "") for part in (*survey["pages"], *parts)]
    assert set(re.findall(r"\{([^}]+)\}", " ".join(conditions))) <= names
    codes = codes_of(edge(name))
    for part in parts:
        if part["type"] in ("radiogroup", "dropdown"):
            assert [choice["value"] for choice in part["choices"]] == codes[part["name"]]


@edges
def test_an_spss_file_and_a_ddi_codebook_hold_every_column_in_its_order(name: str, tmp_path: Path):
    codes = codes_of(edge(name))
    path = tmp_path / "survey.sav"
    path.write_bytes(exported("sav", name))
    _, about = pyreadstat.read_sav(path)
    found = [column for column in about.column_names if column in edge(name).columns]
    assert found == list(edge(name).columns)
    root = ElementTree.fromstring(exported("ddi", name))  # noqa: S314  our own file
    variables = {var.get("name"): var for var in root.iter("{ddi:codebook:2_5}var")}
    assert [column for column in variables if column in edge(name).columns] == list(edge(name).columns)
    for column, chosen in codes.items():
        assert set(chosen) <= {int(code) for code in about.variable_value_labels[column]}
        values = [value.text for value in variables[column].iter("{ddi:codebook:2_5}catValu")]
        assert set(map(str, chosen)) <= set(values)


@pytest.mark.parametrize("name", taken("wenjuanxing"))
def test_wenjuanxing_gets_every_question_with_all_its_answers(name: str):
    lines = [json.loads(line) for line in exported("wenjuanxing", name).decode().splitlines()]
    found = [line for line in lines if "requir" in line]
    expected = [element for element in edge(name).elements if element.columns]
    for line, element in zip(found, expected, strict=True):
        chosen = choosable(element.scale) if isinstance(element, Matrix | Choice) else ()
        assert len(line.get("select", ())) == len(chosen)
        assert len(line.get("rowtitle", element.columns)) == len(element.columns)
        assert len(set(line.get("select", ()))) == len(chosen)
    assert not re.search(r"[<>{}]", "".join(strings(lines)))
