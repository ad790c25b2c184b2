"""The JSON in SurveyJS itself: it is understood without an error, and shows what the conditions say."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.questionnaires.browser import Browser
from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from trustmeasure.instruments import list_background_questions, list_instruments, load_instrument
from trustmeasure.logic import evaluate
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.surveyjs.form import HERE
from trustmeasure.questionnaires.surveyjs.survey import survey

pytestmark = pytest.mark.system("chromium")

compose = Questionnaire.compose


@pytest.fixture(scope="module")
def library(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A page that holds the library and nothing else."""
    page = tmp_path_factory.mktemp("library") / "page.html"
    core = (HERE / "vendor" / "survey.core.min.js").as_uri()
    page.write_text(f'<!doctype html><meta charset="utf-8"><script src="{core}"></script>')
    browser.open(page.as_uri())
    return browser


def waves(id: str) -> list[str | None]:
    return [wave.id for wave in load_instrument(id).waves] or [None]


def every_questionnaire() -> Iterator[tuple[str, Questionnaire]]:
    """Every shipped instrument in every wave, language, form and sector; every option; every question."""
    for id in map(str, list_instruments()["id"]):
        shipped = load_instrument(id)
        for wave, languages in itertools.product(waves(id), [("en", "zh"), ("zh",)]):
            yield f"{id} {wave} {languages}", compose(id, wave=wave, languages=languages, order="random")
        for form in shipped.forms:
            yield f"{id} {form.id}", compose(id, wave=waves(id)[0], form=form.id)
        for context in shipped.contexts:
            yield f"{id} {context.id}", compose(id, wave=waves(id)[0], sector=context.id)
    questions = list_background_questions().groupby("role")["id"].apply(list).to_dict()
    yield "questions", compose("satisfaction", consent=True, link=True, wave="one", **questions)
    yield "every kind", every_kind()
    yield "every kind in Chinese", every_kind(("zh",))
    yield "first Chinese", every_kind(("zh", "en"))


def test_no_json_has_an_error(library: Browser):
    given = {name: survey(questionnaire) for name, questionnaire in every_questionnaire()}
    script = (
        "((all) => Object.fromEntries(Object.entries(all).map(([name, one]) => {"
        "const m = new Survey.Model(one);"
        "const errors = (m.jsonErrors || []).map(e => e.message);"
        "return [name, [errors, m.locale, m.getAllQuestions().map(q => q.name)]]; })))"
    )
    found = library.run(f"{script}({json.dumps(given)})")
    assert len(found) == len(given) > 10
    for name, (errors, _, asked) in found.items():
        assert errors == [], name
        elements = [element["name"] for page in given[name]["pages"] for element in page["elements"]]
        assert asked == elements, name
    assert {found[name][1] for name in ("every kind in Chinese", "first Chinese")} == {"zh-cn"}
    assert (
        library.run(
            "new Survey.Model({pages: [{elements: [{type: 'matrxi', name: 'x'}]}]}).jsonErrors.length"
        )
        == 1
    )


def test_texts_of_both_languages_are_shown(library: Browser):
    questionnaire = every_kind()
    script = (
        "((given) => { const m = new Survey.Model(given);"
        "return ['en', 'zh-cn'].map(locale => { m.locale = locale;"
        "const f = m.getQuestionByName('first1'); return [m.title, f.title, f.rows.map(r => r.text).sort(),"
        "f.columns.map(c => [c.value, c.text])]; }); })"
    )
    matrix = questionnaire.matrices[0]
    entries = (*matrix.scale.points, matrix.scale.missing[0])
    found = library.run(f"{script}({json.dumps(survey(questionnaire))})")
    for tag, shown in zip(("en", "zh"), found, strict=True):
        assert shown == [
            questionnaire.title[tag],
            matrix.stem[tag],
            sorted(question.text[tag] for question in matrix.questions),
            [[entry.code, entry.label[tag]] for entry in entries],
        ]


CHAIN = (
    "((given, cases) => { const m = new Survey.Model(given);"
    "return cases.map(answers => { m.data = {};"
    "answers.forEach(([name, row, value]) =>"
    "m.setValue(name, row ? {...m.getValue(name), [row]: value} : value));"
    "return m.getAllQuestions().filter(q => q.isVisible && q.page.isVisible).map(q => q.name); }); })"
)


def asked(questionnaire: Questionnaire, given: Mapping[str, int]) -> list[str]:
    """Return the elements that are asked; who was not asked has no answer, whatever was said before."""
    counted: dict[str, int] = {}
    found = []
    for page in questionnaire.pages:
        shown = evaluate(page.shown_if, counted)
        for element in page.elements:
            if shown and evaluate(element.shown_if, counted):
                found.append(element.id)
                counted |= {column: given[column] for column in element.columns if column in given}
    return found


def routed() -> Questionnaire:
    return compose(
        [instrument("first"), instrument("second"), instrument("third", scale="likely")],
        consent=True,
        behaviour=["customer_now", "purchases_12m"],
        demographics=["gender"],
        logic={
            "first1": "customer_now <= 2",
            "second1": "first_1 == 3 or not (purchases_12m > 5)",
            "third1": "answered(second_2) and first_2 != 1",
            "gender": "third_1 == 0",
        },
    )


def test_conditions_hold_where_ours_hold(library: Browser):
    """Every combination of answers, also answers to questions that are no longer asked."""
    questionnaire = routed()
    values: dict[str, list[int | None]] = {
        "first_1": [None, 3],
        "first_2": [1, 97],
        "second_2": [None, 2],
        "third_1": [None, 0, 1],
        "purchases_12m": [None, 9],
        "customer_now": [1, 3],
        "consent": [1, 2],
    }
    matrix = {column: one.id for one in questionnaire.matrices for column in one.columns}
    cases: list[dict[str, int]] = []
    orders: list[list[Any]] = []
    for combination in itertools.product(*values.values()):
        case = {c: v for c, v in zip(values, combination, strict=True) if v is not None}
        cases.append(case)
        steps = [("consent", 1), ("customer_now", 1), *case.items()]
        orders.append([[matrix.get(c, c), c if c in matrix else None, v] for c, v in steps])
    found = library.run(f"{CHAIN}({json.dumps(survey(questionnaire))}, {json.dumps(orders)})")
    assert len(found) == 2 * 2 * 2 * 3 * 2 * 2 * 2
    for case, shown in zip(cases, found, strict=True):
        assert [name for name in shown if name != "greeting"] == asked(questionnaire, case), case


def test_vendored_files_can_stand_in_a_page_and_say_their_version():
    readme = (HERE / "vendor" / "README.md").read_text(encoding="utf-8")
    for path in sorted((HERE / "vendor").glob("*.min.*")):
        text = path.read_text(encoding="utf-8")
        assert not any(sign in text.lower() for sign in ("</script", "<!--", "</style", "@import")), path.name
        assert path.name in readme
    for name in ("survey.core.min.js", "survey-js-ui.min.js"):
        head = (HERE / "vendor" / name).read_text(encoding="utf-8")[:200]
        assert f"v{readme.split('version ')[1].split()[0]}" in head
    assert "MIT License" in (HERE / "vendor" / "LICENSE").read_text(encoding="utf-8")
    assert (
        Path(HERE / "vendor" / "survey-core.fontless.min.css").read_text(encoding="utf-8").count("url(") == 1
    )
