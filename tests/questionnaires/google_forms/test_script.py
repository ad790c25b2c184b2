"""The script is run in a browser against a stand-in for Google's FormApp, and the forms are read back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.questionnaires.browser import Browser, chromium
from tests.questionnaires.examples import SCALES, instrument
from tests.questionnaires.shipped import HOSTILE, shipped
from tests.questionnaires.snapshots import assert_snapshot
from trustmeasure.errors import QuestionnaireError
from trustmeasure.logic import evaluate
from trustmeasure.questionnaires import Choice, Consent, Entry, Questionnaire
from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.google_forms.sections import END, routes, sections
from trustmeasure.questionnaires.google_forms.values import headers
from trustmeasure.questionnaires.writers import google_forms

STAND_IN = Path(__file__).with_name("form_app.js")
needs_browser = pytest.mark.system("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def made(browser: Browser, questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """Return what each form holds after the script has run."""
    script = google_forms.render(questionnaire).decode()
    stand_in = STAND_IN.read_text(encoding="utf-8")
    run = f"(() => {{ {stand_in}\n{script}\nmakeForms(); return JSON.stringify([MADE.map(kept), LOG]); }})()"
    forms, log = json.loads(browser.run(run))
    assert len(log) == len(forms) == len(questionnaire.languages)
    return forms


def items(form: dict[str, Any], *types: str) -> list[dict[str, Any]]:
    return [item for item in form["items"] if item["type"] in types]


def whole() -> Questionnaire:
    """Everything that Google Forms can express."""
    return Questionnaire.compose(
        [instrument("first"), instrument("second", scale="likely", items=2)],
        brand={"en": "Acme", "zh": "艾克米"},
        consent=Consent(controller="Acme Ltd", contact="privacy@acme.example"),
        link=True,
        behaviour=[Choice("customer", {"en": "Do you agree?", "zh": "您同意吗？"}, SCALES["agree"])],
        demographics=[
            Entry("visits", {"en": "Visits?", "zh": "次数？"}, "integer", minimum=0, maximum=99),
            Entry("comment_1", {"en": "What else?", "zh": "还有什么？"}, longest=500),
            Entry("last_visit", {"en": "When?", "zh": "什么时候？"}, "date"),
        ],
        logic={"first1": "customer in (1, 2)"},
    )


@needs_browser
def test_one_limit_of_a_number_is_checked(browser: Browser):
    asked = [
        Entry("low", {"en": "Low?"}, "integer", minimum=18),
        Entry("high", {"en": "High?"}, "integer", maximum=0),
        Entry("any", {"en": "Any?"}, "integer"),
        Entry("code", {"en": "Code?"}, pattern="[a-z]+", longest=5),
    ]
    questionnaire = Questionnaire.compose("satisfaction", languages="en", demographics=asked)
    [form] = made(browser, questionnaire)
    rules = {item["title"]: item["validation"] for item in items(form, "line")}
    assert rules["Low?"]["requireNumberGreaterThanOrEqualTo"] == [18]
    assert rules["High?"]["requireNumberLessThanOrEqualTo"] == [0]
    assert rules["Any?"]["requireWholeNumber"] == []
    assert [item.get("help") for item in items(form, "line")][:2] == [
        "Please write a number not below 18.", "Please write a number not above 0."
    ]  # fmt: skip
    told = google_forms.limits(questionnaire)
    assert "A number with a limit may be written with decimals." in told
    assert any(limit.endswith("not how long it is, in: code.") for limit in told)


def test_every_kind_of_element_is_kept_as_a_snapshot():
    assert_snapshot("every-kind.google.gs", google_forms.render(whole()))


@needs_browser
def test_the_script_makes_a_form_for_each_language(browser: Browser):
    questionnaire = whole()
    for tag, form in zip(questionnaire.languages, made(browser, questionnaire), strict=True):
        assert form["Title"] == questionnaire.title[tag]
        assert form["Description"] == questionnaire.intro[tag]
        assert form["ProgressBar"] is True
        assert_asked(questionnaire, form, tag)
    english = made(browser, questionnaire)[0]
    [line] = [item for item in items(english, "line") if item["title"] == "Visits?"]
    assert line["validation"]["requireNumberBetween"] == [0, 99]
    assert line["help"] == "Please write a number from 0 to 99."
    [paragraph] = items(english, "paragraph")
    assert paragraph["validation"]["requireTextLengthLessThanOrEqualTo"] == [500]
    [code] = [item for item in items(english, "line") if item["required"]]
    assert code["validation"]["requireTextMatchesPattern"][0].startswith("^(?:")


def assert_asked(questionnaire: Questionnaire, form: dict[str, Any], tag: str) -> None:
    """Every question stands in the form, under the heading that the manifest names, with its answers."""
    found: dict[str, list[str]] = {}
    for item in items(form, "grid", "choice", "line", "paragraph", "date"):
        rows = [f"{item['title']} [{row}]" for row in item.get("rows", [])] or [item["title"]]
        found |= dict.fromkeys(rows, item.get("columns", item.get("choices", [])))
    named = headers(questionnaire, tag)
    assert list(found) == [named[column] for column in questionnaire.columns]
    for element in (*questionnaire.matrices, *questionnaire.fields):
        labels = [] if isinstance(element, Entry) else [entry.label[tag] for entry in answers(element.scale)]
        assert all(found[named[column]] == labels for column in element.columns)


@needs_browser
def test_every_shipped_instrument_becomes_forms(browser: Browser):
    for questionnaire in shipped():
        for tag, form in zip(questionnaire.languages, made(browser, questionnaire), strict=True):
            assert_asked(questionnaire, form, tag)


ROUTED = (
    {"first1": "customer == 1"},
    {"first1": "not customer == 1"},
    {"first1": "customer == 1", "second1": "customer == 1"},
    {"first1": "customer == 1", "second1": "customer in (2, 97)"},
    {"first1": "customer == 2", "second1": "answered(customer) and customer == 2"},
    {"first1": "answered(customer) and customer != 3", "second1": "customer in (1, 2)"},
)


@needs_browser
@pytest.mark.parametrize("logic", ROUTED)
@pytest.mark.parametrize("consent", [None, True])
def test_every_way_through_the_form_shows_what_the_conditions_say(
    browser: Browser, logic: Mapping[str, str], consent: bool | None
):
    questionnaire = Questionnaire.compose(
        [instrument(id) for id in ("first", "second", "third")],
        languages=["en"],
        consent=consent,
        behaviour=[Choice("customer", {"en": "Do you agree?"}, SCALES["agree"])],
        demographics=[Choice("again", {"en": "Again?"}, SCALES["agree"])],
        logic=logic,
    )
    [form] = made(browser, questionnaire)
    for agreed, customer in product([1, 2] if consent else [None], [None, 1, 2, 3, 97]):
        known = {"consent": agreed, "customer": customer}
        # what a skipped question would answer counts as no answer
        expected = seen(questionnaire, known)
        assert walked(questionnaire, form, known) == expected, known


def seen(questionnaire: Questionnaire, known: Mapping[str, int | None]) -> list[str]:
    """Return the columns that the conditions show for these answers."""
    given: dict[str, int | None] = {}
    found: list[str] = []
    for page in questionnaire.pages:
        if evaluate(page.shown_if, given):
            for element in page.elements:
                if evaluate(element.shown_if, given):
                    found += element.columns
                    given |= {column: known[column] for column in element.columns if column in known}
    return found


def walked(questionnaire: Questionnaire, form: dict[str, Any], known: Mapping[str, int | None]) -> list[str]:
    """Return the columns that a respondent meets in the form, going on as Google Forms does."""
    columns = {header: column for column, header in headers(questionnaire, "en").items()}
    labels = {f.id: {e.code: e.label["en"] for e in answers(f.scale)} for f in questionnaire.fields}
    pages: list[list[dict[str, Any]]] = [[]]
    onward: list[int | None] = []
    for item in form["items"]:
        if item["type"] == "break":
            onward.append(item.get("goTo"))
            pages.append([])
        else:
            pages[-1].append(item)
    found: list[str] = []
    place = 0
    while 0 <= place < len(pages):
        target = onward[place] if place < len(onward) else None
        for item in pages[place]:
            rows = [f"{item['title']} [{row}]" for row in item.get("rows", [])] or [item["title"]]
            found += [columns[row] for row in rows if row in columns]
            code = known.get(columns.get(item["title"], ""))
            if "targets" in item and code is not None:
                target = item["targets"][item["choices"].index(labels[columns[item["title"]]][code])]
        place = place + 1 if target is None else target
    return found


def test_what_google_forms_cannot_decide_is_refused():
    def with_logic(logic: Mapping[str, str], **more: Any) -> Questionnaire:
        choices = [Choice(id, {"en": f"{id}?"}, SCALES["agree"]) for id in ("customer", "guest")]
        visits = Entry("visits", {"en": "Visits?"}, "integer")
        parts = [instrument("first"), instrument("second")]
        return Questionnaire.compose(
            parts, languages=["en"], behaviour=[*choices, visits], logic=logic, **more
        )

    with pytest.raises(QuestionnaireError, match=r"asks for 'visits'\. Google Forms decides only by"):
        google_forms.render(with_logic({"first1": "visits > 1"}))
    with pytest.raises(QuestionnaireError, match="asks for 'first_1'"):
        google_forms.render(with_logic({"second1": "first_1 == 1"}))
    with pytest.raises(QuestionnaireError, match="cannot decide after 'behaviour/1' whether 'first/first1'"):
        google_forms.render(with_logic({"first1": "customer == 1 and guest == 1"}))
    with pytest.raises(
        QuestionnaireError, match="cannot decide after 'first/first1' whether 'second/second1'"
    ):
        google_forms.render(with_logic({"second1": "customer == 1"}))


def test_a_page_is_parted_where_a_question_hangs_on_another():
    questionnaire = Questionnaire.compose(
        [instrument("first")],
        languages=["en"],
        demographics=[
            Choice("customer", {"en": "Do you agree?"}, SCALES["agree"]),
            Entry("why", {"en": "Why?"}),
            Entry("who", {"en": "Who?"}),
        ],
        logic={"why": "customer == 1"},
    )
    parts = sections(questionnaire)
    assert [[element.id for element in part.elements] for part in parts] == [
        ["first1"], ["customer"], ["why"], ["who"]
    ]  # fmt: skip
    ways = routes(parts)
    assert (ways[1].column, ways[1].otherwise, dict(ways[1].targets)) == (
        "customer", 3, {1: 2, 2: 3, 3: 3, 97: 3}
    )  # fmt: skip
    assert ways[3].otherwise == END


def test_too_many_ways_are_refused_before_they_are_followed():
    asked = [Choice(f"c{n}", {"en": f"{n}?"}, SCALES["agree"]) for n in range(9)]
    condition = " and ".join(f"c{n} == 1" for n in range(9))
    questionnaire = Questionnaire.compose(
        [instrument("first")], languages=["en"], behaviour=asked, logic={"first1": condition}
    )
    with pytest.raises(QuestionnaireError, match="1953125 combinations"):
        google_forms.render(questionnaire)


def test_a_single_row_that_decides_becomes_a_question_of_its_own():
    questionnaire = Questionnaire.compose(
        [instrument("first", items=1), instrument("second")],
        languages=["en"],
        logic={"second1": "first_1 == 3"},
    )
    assert headers(questionnaire, "en")["first_1"] == "The company is good. first_1"
    assert '"help": "About the company:"' in google_forms.render(questionnaire).decode()


def test_two_questions_in_the_same_words_are_refused():
    asked = [Entry(id, {"en": "Why?"}) for id in ("why_1", "why_2")]
    questionnaire = Questionnaire.compose("satisfaction", languages=["en"], demographics=asked)
    with pytest.raises(QuestionnaireError, match="'Why\\?' \\(en\\) comes 2 times"):
        google_forms.render(questionnaire)


@needs_browser
@pytest.mark.parametrize("brand", [*HOSTILE, "*/ `${1}` \\"])
def test_hostile_names_reach_the_form_as_they_are(browser: Browser, brand: str):
    questionnaire = Questionnaire.compose([instrument("first")], brand=brand, languages=["en"])
    [form] = made(browser, questionnaire)
    [grid] = items(form, "grid")
    assert grid["title"] == f"About {brand}:"
    script = google_forms.render(questionnaire).decode()
    assert "</script>" not in script.split("const QUESTIONNAIRE = ")[1]


def test_line_separators_are_written_as_escapes():
    assert google_forms._literal("a\u2028b</script>") == '"a\\u2028b\\u003c/script\\u003e"'


def test_what_is_lost_is_stated():
    told = " ".join(google_forms.limits(Questionnaire.compose("satisfaction", order="random", wave="before")))
    for lost in (
        "wording",
        "form of its own",
        "Shuffle row order",
        "not asked for once more",
        "wave 'before'",
    ):
        assert lost in told
