"""The HTML form in a real browser: filled in, reloaded, saved, and read back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.questionnaires.browser import Browser
from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from tests.questionnaires.surveyjs.filling import (
    ANYWAY,
    BACK,
    DONE,
    NEXT,
    START,
    address,
    choose,
    chosen,
    go_on,
    names,
    opened,
    press,
    record,
    rows,
    saved,
    shown,
    skip,
    text,
    write,
)
from trustmeasure.instruments import load_instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import read_responses
from trustmeasure.screening import screen

pytestmark = pytest.mark.system("chromium")

SHIPPED = ["cognitive-trust", "recommendation", "satisfaction"]
RESPONDENT = "document.querySelector('[data-name=respondent_id] input').value"


def small(**options: object) -> Questionnaire:
    parts = [instrument("first"), instrument("second", scale="likely")]
    return Questionnaire.compose(parts, **{"brand": "Acme", **options})


def test_filled_in_chinese_reloaded_saved_and_read_back(form: Browser, tmp_path: Path):
    """The codes chosen come back under the items' names, turned where needed, from both kinds of file."""
    questionnaire = Questionnaire.compose(SHIPPED, brand={"en": "Northwind", "zh": "北风电器"})
    codes = {id: 1 + place % 7 for place, id in enumerate(questionnaire.columns)} | {"rec_nps": 0}
    opened(form, questionnaire, tmp_path, "#id=K-1027&lang=zh")
    press(form, START)
    for place, page in enumerate(questionnaire.pages):
        for id in (column for element in page.elements for column in element.columns):
            choose(form, id, codes[id])
        if place == 1:
            form.reload()
            assert names(form) == [element.id for element in page.elements]
            assert text(form, "#progress-text").startswith("已答")
            assert text(form, "#restored").startswith("欢迎回来")
        go_on(form)
    assert text(form, "#complete") == "所有题目均已作答，请保存您的答案。"
    path = saved(form, tmp_path)
    assert path.name == f"answers-{questionnaire.hash[:8]}-K-1027.csv"
    nested = record(saved(form, tmp_path, "json"))
    flat = {row: code for value in nested.values() if isinstance(value, dict) for row, code in value.items()}
    assert flat == codes
    responses = read_responses(path, instruments=SHIPPED)
    assert responses.data["respondent_id"].tolist() == ["K-1027"]
    assert responses.data["language"].tolist() == ["zh"]
    for instrument_of in map(load_instrument, SHIPPED):
        for item in instrument_of.items:
            code = codes[item.id]
            wanted = instrument_of.scale_of(item.id).reverse(code) if item.reverse else code
            assert responses.data[item.id].tolist() == [wanted], item.id
    assert len(responses.dropped) == 0
    both = read_responses(tmp_path, instruments=SHIPPED)
    assert both.data[list(both.item_ids)].equals(responses.data[list(both.item_ids)])
    assert any("same form saved twice" in note for note in both.notes)
    times = screen(both).persons
    assert times["fast_parts"].notna().all()
    assert times["seconds"].between(0, 600).all()
    assert form.complaints() == []
    assert {url.split(":")[0] for url in form.requests()} <= {"file", "about", "blob"}
    assert {url.rpartition("/")[2].split("#")[0] for url in form.requests()} <= {
        "empty.html",
        "form.html",
        "",
    }


def test_every_kind_of_question_is_asked_checked_and_saved(form: Browser, tmp_path: Path):
    opened(form, every_kind(), tmp_path, "#lang=zh")
    press(form, START)
    assert "Acme Ltd, 1 High Street" in text(form, "#survey")
    assert text(form, ".notice-mark") == "模板：使用前须经法律专业人士审核。"
    go_on(form)
    assert names(form) == ["privacy", "consent"], "consent needs an answer"
    assert not shown(form, ANYWAY)
    choose(form, "consent", 1)
    go_on(form)
    write(form, "link_id", "?")
    go_on(form)
    assert names(form) == ["link_id"]
    assert "请照邀请信息中的编码原样填写。" in text(form, "#survey")
    write(form, "link_id", "AB-1234")
    go_on(form)
    choose(form, "customer", 2)
    write(form, "visits", "100")
    go_on(form)
    assert names(form) == ["customer", "visits"]
    assert "请填写 0 至 99 之间的数字。" in text(form, "#survey")
    write(form, "visits", "3")
    form.click("[data-set-language=en]")
    go_on(form)
    for id, code in {"first_1": 1, "first_2": 3, "first_3": 97, "first_4": 2, "check_1": 1}.items():
        choose(form, id, code)
    go_on(form)
    choose(form, "second_1", 0)
    choose(form, "second_2", 2)
    go_on(form)
    assert names(form) == ["comment_1", "last_visit"]
    go_on(form)
    assert text(form, "#unanswered").startswith("Still without an answer on this page: 1."), "the date only"
    write(form, "comment_1", '=1+1,"quoted"\nand 中文')
    form.run(
        "(() => { const e = document.querySelector('[data-name=last_visit] input'); e.focus();"
        "e.value = '2026-01-31'; e.dispatchEvent(new Event('change', {bubbles: true})); e.blur(); })()"
    )
    go_on(form)
    found = record(saved(form, tmp_path, "json"))
    assert found["first1"] == {"first_1": 1, "first_2": 3, "first_3": 97, "first_4": 2, "check_1": 1}
    assert found["second1"] == {"second_1": 0, "second_2": 2}
    assert [found[id] for id in ("consent", "link_id", "customer", "visits")] == [1, "AB-1234", 2, 3]
    assert found["comment_1"] == '=1+1,"quoted"\nand 中文'
    assert found["last_visit"] == "2026-01-31"
    assert found["language"] == "en"
    assert '\'=1+1,""quoted' in saved(form, tmp_path).read_text(encoding="utf-8")
    assert form.complaints() == []


def test_who_refuses_gets_no_further_question_and_leaves_nothing_behind(form: Browser, tmp_path: Path):
    opened(form, small(consent=True), tmp_path)
    press(form, START)
    choose(form, "consent", 2)
    go_on(form)
    assert text(form, "#end-refused").startswith("Thank you. You have not agreed to take part")
    assert not shown(form, "#save")
    assert form.run("localStorage.length") == 0
    form.reload()
    assert form.run("localStorage.getItem(Object.keys(localStorage)[0])").find('"consent"') == -1
    press(form, START)
    choose(form, "consent", 2)
    go_on(form)
    form.click("#end-refused [data-back]")
    choose(form, "consent", 1)
    go_on(form)
    assert names(form) == ["first1"]


def test_skipped_questions_are_not_asked_and_their_answers_go(form: Browser, tmp_path: Path):
    questionnaire = small(
        behaviour=["customer_now"], logic={"second1": "first_1 == 3", "first1": "customer_now <= 2"}
    )
    opened(form, questionnaire, tmp_path)
    press(form, START)
    choose(form, "customer_now", 1)
    go_on(form)
    choose(form, "first_1", 3)
    skip(form)
    assert names(form) == ["second1"]
    choose(form, "second_1", 2)
    press(form, BACK)
    press(form, BACK)
    choose(form, "customer_now", 3)
    assert shown(form, DONE)
    assert not shown(form, NEXT)
    go_on(form)
    assert text(form, "#complete").startswith("All questions are answered")
    found = record(saved(form, tmp_path))
    assert found["customer_now"] == "3"
    assert {found[id] for id in questionnaire.columns if id != "customer_now"} == {""}


def test_unanswered_items_are_marked_and_may_be_left(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    press(form, START)
    choose(form, "first_1", 2)
    choose(form, "first_2", 97)
    go_on(form)
    assert names(form) == ["first1"]
    assert text(form, "#unanswered").startswith("Still without an answer on this page: 2.")
    marked = (
        "Array.from(document.querySelectorAll('tr:has(.sd-item--error) td:first-child'), e => e.innerText)"
    )
    assert form.run(marked) == ["Acme is good. first_3", "Acme is good. first_4"]
    choose(form, "first_3", 1)
    assert form.run(marked) == ["Acme is good. first_4"]
    assert "page: 1." in text(form, "#unanswered")
    form.click("[data-set-language=zh]")
    assert text(form, "#unanswered").startswith("本页还有 1 题")
    assert text(form, ".sd-question__erbox") == "尚未作答"
    form.click("[data-set-language=en]")
    press(form, ANYWAY)
    skip(form)
    assert text(form, "#incomplete").startswith("Still without an answer: 5.")
    found = record(saved(form, tmp_path))
    left = {f"second_{number}": "" for number in range(1, 5)}
    assert {id: found[id] for id in small().columns} == {
        "first_1": "2",
        "first_2": "97",
        "first_3": "1",
        "first_4": "99",
        **left,
    }
    form.click("#missing-parts button")
    assert names(form) == ["first1"]
    choose(form, "first_4", 1)
    assert not shown(form, "#unanswered")
    assert form.complaints() == []


def test_saved_file_holds_id_language_times_seconds_and_hash(form: Browser, tmp_path: Path):
    questionnaire = small(wave="before")
    opened(form, questionnaire, tmp_path)
    press(form, START)
    skip(form)
    skip(form)
    path = saved(form, tmp_path)
    found = record(path)
    about = ["respondent_id", "language", "started_at", "saved_at", "questionnaire", "wave"]
    assert list(found) == [*about, *questionnaire.columns, "seconds_first1", "seconds_second1"]
    assert re.fullmatch(r"r-[a-z2-9]{10}", found["respondent_id"])
    assert [found[name] for name in ("language", "questionnaire", "wave")] == [
        "en",
        questionnaire.hash,
        "before",
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found[name]) for name in about[2:4])
    assert found["started_at"] <= found["saved_at"]
    assert 0 < float(found["seconds_first1"]) < 60
    assert form.run("document.getElementById('text').value") == path.read_bytes().decode().replace(
        "\r\n", "\n"
    )


def test_language_switch_changes_every_word_and_keeps_answers(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    assert text(form, "h1") == "Customer survey: Acme"
    press(form, START)
    choose(form, "first_1", 3)
    form.click("[data-set-language=zh]")
    assert form.run("document.documentElement.lang") == "zh-CN"
    assert form.run("document.title") == "顾客调查：Acme"
    body = form.run("document.body.innerText")
    assert not re.search(r"[A-Za-z]{4,}", re.sub(r"Acme|English|(first|second)_\d|[0-9a-f]{12}", "", body))
    assert chosen(form, "first_1", 3)
    skip(form)
    press(form, BACK)
    assert chosen(form, "first_1", 3)
    form.click("[data-set-language=en]")
    assert not re.search(r"[\u4e00-\u9fff]", form.run("document.body.innerText").replace("中文", ""))


def test_random_order_is_kept_over_a_reload_and_saved(form: Browser, tmp_path: Path):
    parts = [instrument("first", items=12), instrument("second", items=12, randomise=False)]
    questionnaire = Questionnaire.compose(parts, order="items", brand="Acme")
    seen = set()
    for _ in range(4):
        opened(form, questionnaire, tmp_path)
        press(form, START)
        seen.add(" ".join(row.split()[-1] for row in rows(form)))
        form.reload()
        assert " ".join(row.split()[-1] for row in rows(form)) in seen
    assert len(seen) > 1
    order = [row.split()[-1] for row in rows(form)]
    skip(form)
    order += [row.split()[-1] for row in rows(form)]
    assert order[12:] == [f"second_{number}" for number in range(1, 13)]
    skip(form)
    found = record(saved(form, tmp_path))
    assert found["item_order"].split() == order
    assert [name for name in found if name in questionnaire.columns] == list(questionnaire.columns)


def test_pages_are_shuffled_for_each_respondent_around_those_that_stay(form: Browser, tmp_path: Path):
    parts = [instrument(name, items=2) for name in ("one", "two", "three", "four", "five")]
    questionnaire = Questionnaire.compose(
        parts, order="blocks", seed=3, brand="Acme", behaviour=["customer_now"], demographics=["gender"]
    )
    seen = set()
    for _ in range(4):
        opened(form, questionnaire, tmp_path)
        press(form, START)
        order = names(form)
        while not shown(form, "#end"):
            skip(form)
            order += names(form) if not shown(form, "#end") else []
        assert order[0] == "customer_now"
        assert order[-1] == "gender"
        assert sorted(order[1:-1]) == sorted(matrix.id for matrix in questionnaire.matrices)
        seen.add(tuple(order))
    assert len(seen) > 1
    found = record(saved(form, tmp_path))
    assert [id.removesuffix("_1") + "1" for id in found["item_order"].split()[::2]] == order[1:-1]


def test_an_id_that_a_spreadsheet_would_run_is_refused(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    for id in ("=1+1", "-1", "@x", "a b", 'a"b', "客户", " ", "<b>"):
        write(form, "respondent_id", id)
        press(form, START)
        assert "respondent_id" in names(form), id
        assert shown(form, ".sd-question__erbox"), id
    write(form, "respondent_id", "K-1")
    press(form, START)
    assert names(form) == ["first1"]


def test_a_hostile_link_is_ignored(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path, "#id=%3D1%2B1&lang=%3Cb%3E")
    assert re.fullmatch(r"r-[a-z2-9]{10}", form.run(RESPONDENT))
    assert form.run("document.documentElement.lang") == "en"


def test_each_link_has_a_memory_of_its_own(form: Browser, tmp_path: Path):
    questionnaire = small()
    opened(form, questionnaire, tmp_path, "#id=one")
    press(form, START)
    choose(form, "first_1", 3)
    form.open(address(questionnaire, tmp_path, "#id=two"))
    assert form.run(RESPONDENT) == "two"
    assert text(form, "#progress-text") == "0 of 8 answered"
    form.open(address(questionnaire, tmp_path, "#id=one"))
    assert text(form, "#progress-text") == "1 of 8 answered"


def test_starting_again_deletes_everything(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    before = form.run(RESPONDENT)
    press(form, START)
    choose(form, "first_1", 3)
    skip(form)
    skip(form)
    form.reload()
    assert shown(form, "#end"), "the end is shown again after a reload"
    form.accept_dialogs()
    form.click("#clear")
    assert text(form, "#progress-text") == "0 of 8 answered"
    assert form.run(RESPONDENT) != before
    press(form, START)
    assert not form.run("document.querySelector('input:checked')")


SPOILT = {"data": {"first1": {"first_1": "=1+1", "first_2": 2}, "x": 1}, "page": "x"}


def at_leaving(form: Browser, questionnaire: Questionnaire, kept: str) -> None:
    """Put something else into the memory after the page has written its own."""
    spoil = f"localStorage.setItem('trustmeasure/{questionnaire.hash}/', {kept})"
    form.run(
        f"window.addEventListener('pagehide', () => {{ {spoil}; Storage.prototype.setItem = () => {{}}; }})"
    )


def test_a_spoilt_memory_is_not_believed(form: Browser, tmp_path: Path):
    questionnaire = small()
    opened(form, questionnaire, tmp_path)
    seen = [form.run(RESPONDENT)]
    for kept in ("{", "null", "[]", '{"respondent":"=1+1"}', '{"respondent":"a","language":"en","page":99}'):
        at_leaving(form, questionnaire, json.dumps(kept))
        form.reload()
        assert form.run(RESPONDENT) not in seen, kept
        seen.append(form.run(RESPONDENT))
    assert form.complaints() == []


def test_answers_that_are_none_are_left_out_of_a_memory(form: Browser, tmp_path: Path):
    questionnaire = small()
    opened(form, questionnaire, tmp_path)
    press(form, START)
    kept = f"JSON.parse(localStorage.getItem('trustmeasure/{questionnaire.hash}/'))"
    at_leaving(form, questionnaire, f"JSON.stringify(Object.assign({kept}, {json.dumps(SPOILT)}))")
    form.reload()
    assert text(form, "#progress-text") == "1 of 8 answered"
    assert chosen(form, "first_2", 2)


def test_without_a_memory_the_form_says_so_and_still_works(form: Browser, tmp_path: Path):
    script = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }});"
    number = form.send("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
    try:
        form.open(address(small(), tmp_path))
        assert shown(form, "#no-storage")
        press(form, START)
        choose(form, "first_1", 1)
        assert text(form, "#progress-text") == "1 of 8 answered"
        assert form.complaints() == []
    finally:
        form.send("Page.removeScriptToEvaluateOnNewDocument", identifier=number)


@pytest.mark.parametrize(
    "brand",
    [
        "</script><img src=x onerror='window.hacked=1'><b>\"&{{x}}",
        "{first1.first_1} ${window.hacked=1} {consent} ]]>",
        "<svg/onload=window.hacked=1>\u202eevil\u2028",
    ],
)
def test_a_hostile_name_is_shown_and_does_nothing(form: Browser, tmp_path: Path, brand: str):
    opened(form, small(brand=brand, consent={"controller": brand}), tmp_path)
    said = " ".join(brand.split())

    def words(selector: str) -> str:
        return " ".join(text(form, selector).replace("\u2060", "").split())

    assert words("h1") == f"Customer survey: {said}"
    press(form, START)
    assert said in words(".notice")
    choose(form, "consent", 1)
    go_on(form)
    choose(form, "first_1", 3)
    assert words(".sd-question__title") == f"About {said}:"
    assert " ".join(rows(form)[0].replace("\u2060", "").split()) == f"{said} is good. first_1"
    assert form.run("window.hacked === undefined && document.images.length === 0")
    assert form.complaints() == []


def test_a_script_from_elsewhere_is_stopped_by_the_policy(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    form.run(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1';"
        "document.body.appendChild(s); })()"
    )
    assert form.run("window.hacked === undefined")
    assert form.run("fetch('https://example.org').then(() => 'sent', () => 'stopped')") == "stopped"


def test_the_keyboard_is_enough(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    form.run(f"document.querySelector('{START}').focus()")
    form.press(" ", 32)
    assert names(form) == ["first1"]
    form.run("document.querySelector('.sd-matrix input').focus()")
    form.press(" ", 32)
    assert chosen(form, "first_1", 1)
    form.press("ArrowRight", 39)
    assert chosen(form, "first_1", 2)
    skip(form)
    assert form.run("document.activeElement.id") == "survey", "a new page begins at its beginning"
    form.press("Tab", 9)
    assert form.run("document.activeElement.closest('[data-name]').dataset.name") == "second1"


@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_the_screen_and_targets_are_large(
    form: Browser, tmp_path: Path, phone: bool, dark: bool
):
    widths = (360, 390, 820) if phone else (1090, 1600)
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    form.send("Emulation.setEmulatedMedia", features=scheme)
    questionnaire = Questionnaire.compose(
        SHIPPED, brand="Northwind", consent=True, demographics=["age_group"]
    )
    opened(form, questionnaire, tmp_path)
    press(form, START)
    choose(form, "consent", 1)
    while not shown(form, "#end"):
        go_on(form)
        if shown(form, ANYWAY):
            press(form, ANYWAY)
        for width in widths:
            form.size(width, 800, phone=phone)
            form.until("document.documentElement.scrollWidth <= window.innerWidth")
        low = form.run(
            "Array.from(document.querySelectorAll('.sd-selectbase__label, .sd-matrix__label, .sd-btn,"
            ".button, [data-set-language]')).map(e => e.closest('td, .sd-selectbase__item') || e)"
            ".map(e => e.getBoundingClientRect())"
            ".filter(r => r.height > 0 && (r.height < 40 || r.width < 40)).length"
        )
        assert low == 0, names(form)
    ground, ink = form.run("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (ground, ink)]
    assert (light[0] < light[1]) is dark
    assert form.complaints() == []


def test_matrices_are_tables_on_wide_screens_and_lists_on_phones(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    press(form, START)

    def places(selector: str, axis: str) -> int:
        found = f"Array.from(document.querySelectorAll({json.dumps(selector)}))"
        return int(form.run(f"new Set({found}.map(e => e.getBoundingClientRect().{axis})).size"))

    assert places("tbody tr td:nth-child(3) label", "x") == 1, "answers stand below each other"
    assert places("tbody tr:first-child label", "y") == 1
    form.size(390, 800, phone=True)
    form.until("document.querySelector('.sd-question--mobile') !== null")
    assert places("tbody tr:first-child label", "y") == len(small().matrices[0].scale.points) + 1
    form.size(1280, 900)
    form.until("document.querySelector('.sd-question--mobile') === null")
    assert places("tbody tr:first-child label", "y") == 1, "a window made wide again shows the table again"


def test_the_files_cells_are_escaped_even_if_the_checks_before_ever_let_something_through(
    form: Browser, tmp_path: Path
):
    opened(form, small(), tmp_path)
    source = form.run(
        "Array.from(document.scripts, e => e.textContent).find(t => t.includes('function cell('))"
    )
    function = re.search(r"function cell\(value\) \{.*?\n  \}", source, re.DOTALL).group()
    for given, wanted in {
        "=1+1": "'=1+1",
        "@SUM(A1)": "'@SUM(A1)",
        "-2": "'-2",
        "'=1": "''=1",
        "it's": "it's",
        "\tx": "'\tx",
        'a"b,c': '"a""b,c"',
        "a\nb": '"a\nb"',
        "plain": "plain",
    }.items():
        assert form.run(f"(() => {{ {function} return cell({json.dumps(given)}); }})()") == wanted
    assert form.run(f"(() => {{ {function} return cell(-2); }})()") == "-2"
