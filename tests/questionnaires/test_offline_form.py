"""The HTML form in a real browser: filled in, reloaded, saved, and read back."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.questionnaires.browser import Browser, chromium
from tests.questionnaires.examples import instrument
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import read_responses

pytestmark = pytest.mark.system("chromium")

HOSTILE = "</script><img src=x onerror='window.hacked=1'><b>\"&{{x}}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def form(browser: Browser, tmp_path: Path) -> Browser:
    """The small questionnaire opened with a fresh memory; downloads go to `tmp_path`."""
    browser.messages.clear()
    browser.size(1280, 900)
    browser.downloads(tmp_path)
    return browser


def address(questionnaire: Questionnaire, folder: Path, fragment: str = "") -> str:
    return questionnaire.write(folder / "form.html").as_uri() + fragment


def small(**options: object) -> Questionnaire:
    parts = [instrument("first"), instrument("second", scale="likely")]
    return Questionnaire.compose(parts, **{"brand": "Acme", **options})


def opened(form: Browser, questionnaire: Questionnaire, folder: Path, fragment: str = "") -> None:
    form.open(address(questionnaire, folder, fragment))
    form.run("localStorage.clear()")
    form.reload()


def choose(form: Browser, item: str, code: int) -> None:
    form.click(f"[data-item={item}] input[value='{code}']")


def text(form: Browser, selector: str) -> str:
    return form.run(f"document.querySelector({json.dumps(selector)}).innerText.trim()")


def shown(form: Browser, selector: str) -> bool:
    return form.run(f"document.querySelector({json.dumps(selector)}).getClientRects().length > 0")


def saved(form: Browser, folder: Path) -> Path:
    form.click("#save")
    for _ in range(200):
        files = list(folder.glob("answers-*.csv"))
        if files:
            return files[0]
        time.sleep(0.05)
    raise AssertionError("no file was saved")


def rows(path: Path) -> tuple[list[str], list[str]]:
    head, row = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return head, row


def test_filled_in_chinese_reloaded_saved_and_read_back(form: Browser, tmp_path: Path):
    """Every shipped instrument: the codes chosen come back under the items' names, turned where needed."""
    ids = [str(id) for id in list_instruments()["id"] if not load_instrument(str(id)).waves]
    questionnaire = Questionnaire.compose(ids, brand={"en": "Northwind", "zh": "北风电器"})
    chosen = {id: 1 + place % 7 for place, id in enumerate(questionnaire.columns)}
    opened(form, questionnaire, tmp_path, "#id=K-1027&lang=zh")
    form.click("#start")
    for place, page in enumerate(questionnaire.pages, start=1):
        for question in page.elements[0].questions:
            choose(form, question.id, chosen[question.id])
        if place == 2:
            form.reload()
            assert shown(form, "[data-page='2']")
            assert text(form, "#progress-text").startswith("已答")
        form.click(f"[data-page='{place}'] [data-next]")
    assert text(form, "#complete") == "所有题目均已作答，请保存您的答案。"
    path = saved(form, tmp_path)
    assert path.name == f"answers-{questionnaire.hash[:8]}-K-1027.csv"
    responses = read_responses(path, instruments=ids)
    assert responses.data["respondent_id"].tolist() == ["K-1027"]
    assert responses.data["language"].tolist() == ["zh"]
    for item in (item for id in ids for item in load_instrument(id).items):
        scale = next(load_instrument(id) for id in ids if item in load_instrument(id).items).scale_of(item.id)
        code = scale.reverse(chosen[item.id]) if item.reverse else chosen[item.id]
        assert responses.data[item.id].tolist() == [code], item.id
    assert len(responses.dropped) == 0
    assert form.complaints() == []
    assert {url.split("#")[0].split(":")[0] for url in form.requests()} <= {"file", "about", "blob"}


def test_unanswered_items_are_marked_and_may_be_left(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    form.click("#start")
    choose(form, "first_1", 2)
    choose(form, "first_2", 97)
    form.click("[data-page='1'] [data-next]")
    assert shown(form, "[data-page='1']")
    assert text(form, "[data-page='1'] [data-unanswered]").startswith(
        "Still without an answer on this page: 2."
    )
    marked = "Array.from(document.querySelectorAll('.unanswered'), e => e.dataset.item).join()"
    assert form.run(marked) == "first_3,first_4"
    assert shown(form, "[data-item=first_3] .mark")
    choose(form, "first_3", 1)
    assert form.run(marked) == "first_4"
    assert "page: 1." in text(form, "[data-page='1'] [data-unanswered]")
    form.click("[data-page='1'] [data-anyway]")
    form.click("[data-page='2'] [data-next]")
    form.click("[data-page='2'] [data-anyway]")
    assert text(form, "#incomplete").startswith("Still without an answer: 5.")
    head, row = rows(saved(form, tmp_path))
    assert dict(zip(head[5:], row[5:], strict=True)) == {
        "first_1": "2",
        "first_2": "97",
        "first_3": "1",
        "first_4": "99",
        **{f"second_{number}": "" for number in range(1, 5)},
    }
    form.click("#missing-parts button")
    assert shown(form, "[data-item=first_4]")
    assert form.complaints() == []


def test_saved_file_holds_id_language_times_and_hash(form: Browser, tmp_path: Path):
    questionnaire = small()
    opened(form, questionnaire, tmp_path)
    form.click("#start")
    for place in (1, 2):
        form.click(f"[data-page='{place}'] [data-next]")
        form.click(f"[data-page='{place}'] [data-anyway]")
    path = saved(form, tmp_path)
    head, row = rows(path)
    assert head[:5] == ["respondent_id", "language", "started_at", "saved_at", "questionnaire"]
    assert re.fullmatch(r"r-[a-z2-9]{10}", row[0])
    assert row[1] == "en"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in row[2:4])
    assert row[2] <= row[3]
    assert row[4] == questionnaire.hash
    assert head[5:] == list(questionnaire.columns)
    assert form.run("document.getElementById('csv').value") == path.read_bytes().decode().replace(
        "\r\n", "\n"
    )


def test_language_switch_changes_every_word_and_keeps_answers(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    form.click("#start")
    choose(form, "first_1", 3)
    form.click("[data-page='1'] [data-next]")
    form.click("[data-set-language=zh]")
    assert form.run("document.documentElement.lang") == "zh-CN"
    assert form.run("document.title") == "客户调查：Acme"
    body = form.run("document.body.innerText")
    assert not re.search(r"[A-Za-z]{4,}", re.sub(r"Acme|English|(first|second)_\d|[0-9a-f]{12}", "", body))
    assert form.run("document.querySelector('[data-item=first_1] input[value=\"3\"]').checked")
    form.click("[data-set-language=en]")
    assert not re.search(r"[\u4e00-\u9fff]", form.run("document.body.innerText").replace("中文", ""))


def test_random_order_is_kept_over_a_reload_and_saved(form: Browser, tmp_path: Path):
    parts = [instrument("first", items=12), instrument("second", items=12, randomise=False)]
    questionnaire = Questionnaire.compose(parts, order="random", brand="Acme")
    order = "Array.from(document.querySelectorAll('[data-item]'), e => e.dataset.item).join(' ')"
    seen = set()
    for _ in range(4):
        opened(form, questionnaire, tmp_path)
        seen.add(form.run(order))
        form.reload()
        assert form.run(order) in seen
    assert len(seen) > 1
    assert {" ".join(each.split()[12:]) for each in seen} == {
        " ".join(f"second_{number}" for number in range(1, 13))
    }
    numbers = "Array.from(document.querySelectorAll('.number'), e => e.textContent).join()"
    assert form.run(numbers) == ",".join(map(str, range(1, 25)))
    form.click("#start")
    for place in (1, 2):
        form.click(f"[data-page='{place}'] [data-next]")
        form.click(f"[data-page='{place}'] [data-anyway]")
    head, row = rows(saved(form, tmp_path))
    assert row[head.index("item_order")] == form.run(order)
    assert head[6:] == list(questionnaire.columns)


@pytest.mark.parametrize("id", ["=1+1", "+1", "-1", "@x", "a b", "a,b", 'a"b', "客户", "x" * 41, "", "<b>"])
def test_an_id_that_a_spreadsheet_would_run_is_refused(form: Browser, tmp_path: Path, id: str):
    opened(form, small(), tmp_path)
    form.run(f"document.getElementById('respondent').value = {json.dumps(id)}")
    form.click("#start")
    assert shown(form, "#respondent-error")
    assert shown(form, "[data-page='0']")


def test_a_hostile_link_is_ignored(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path, "#id=%3D1%2B1&lang=%3Cb%3E")
    assert re.fullmatch(r"r-[a-z2-9]{10}", form.run("document.getElementById('respondent').value"))
    assert form.run("document.documentElement.lang") == "en"


def test_each_link_has_a_memory_of_its_own(form: Browser, tmp_path: Path):
    questionnaire = small()
    opened(form, questionnaire, tmp_path, "#id=one")
    form.click("#start")
    choose(form, "first_1", 3)
    form.open(address(questionnaire, tmp_path, "#id=two"))
    assert form.run("document.getElementById('respondent').value") == "two"
    assert text(form, "#progress-text") == "0 of 8 answered"
    form.open(address(questionnaire, tmp_path, "#id=one"))
    assert text(form, "#progress-text") == "1 of 8 answered"


def test_starting_again_deletes_everything(form: Browser, tmp_path: Path):
    opened(form, small(), tmp_path)
    before = form.run("document.getElementById('respondent').value")
    form.click("#start")
    choose(form, "first_1", 3)
    for place in (1, 2):
        form.click(f"[data-page='{place}'] [data-next]")
        form.click(f"[data-page='{place}'] [data-anyway]")
    form.accept_dialogs()
    form.click("#clear")
    assert shown(form, "[data-page='0']")
    assert text(form, "#progress-text") == "0 of 8 answered"
    assert form.run("document.getElementById('respondent').value") != before
    assert not form.run("document.querySelector('input:checked')")


@pytest.mark.parametrize(
    "kept", ["{", "null", "[]", '{"respondent":"=1+1"}', '{"respondent":"a","language":"en","page":99}']
)
def test_a_spoilt_memory_is_not_believed(form: Browser, tmp_path: Path, kept: str):
    questionnaire = small()
    opened(form, questionnaire, tmp_path)
    form.run(f"localStorage.setItem('trustmeasure/{questionnaire.hash}/', {json.dumps(kept)})")
    form.reload()
    assert shown(form, "[data-page='0']")
    assert re.fullmatch(r"r-[a-z2-9]{10}", form.run("document.getElementById('respondent').value"))
    assert form.complaints() == []


def test_without_a_memory_the_form_says_so_and_still_works(form: Browser, tmp_path: Path):
    script = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }});"
    number = form.send("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
    try:
        form.open(address(small(), tmp_path))
        assert shown(form, "#no-storage")
        form.click("#start")
        choose(form, "first_1", 1)
        assert text(form, "#progress-text") == "1 of 8 answered"
        assert form.complaints() == []
    finally:
        form.send("Page.removeScriptToEvaluateOnNewDocument", identifier=number)


def test_a_hostile_name_is_shown_and_does_nothing(form: Browser, tmp_path: Path):
    opened(form, small(brand=HOSTILE), tmp_path)
    assert form.run("document.title") == f"Customer survey: {HOSTILE}"
    assert text(form, "h1") == f"Customer survey: {HOSTILE}"
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
    form.run("document.getElementById('start').focus()")
    form.press(" ", 32)
    assert shown(form, "[data-page='1']")
    form.press("Tab", 9)
    form.press(" ", 32)
    assert form.run("document.activeElement.name + document.activeElement.value") == "first_11"
    form.press("ArrowRight", 39)
    assert form.run("document.querySelector('[data-item=first_1] input:checked').value") == "2"
    form.press("Tab", 9)
    assert form.run("document.activeElement.name") == "first_2"


@pytest.mark.parametrize(
    ("width", "phone"), [(360, True), (390, True), (820, True), (1090, False), (1600, False)]
)
def test_nothing_is_wider_than_the_screen_and_targets_are_large(
    form: Browser, tmp_path: Path, width: int, phone: bool
):
    ids = [str(id) for id in list_instruments()["id"]]
    form.size(width, 800, phone=phone)
    opened(form, Questionnaire.compose(ids, brand="Northwind", wave="later"), tmp_path)
    form.click("#start")
    pages = form.run("document.querySelectorAll('[data-page]').length")
    for place in range(pages):
        form.run(
            f"document.querySelectorAll('[data-page]').forEach((p, i) => {{ p.hidden = i !== {place}; }})"
        )
        assert form.run("document.documentElement.scrollWidth <= window.innerWidth"), place
        small_targets = form.run(
            "Array.from(document.querySelectorAll('.option, .button, [data-set-language]'))"
            ".map(e => e.getBoundingClientRect())"
            ".filter(r => r.height > 0 && (r.height < 44 || r.width < 40)).length"
        )
        assert small_targets == 0, place


def test_the_files_cells_are_escaped_even_if_the_checks_before_ever_let_something_through(
    form: Browser, tmp_path: Path, small: Questionnaire
):
    opened(form, small, tmp_path)
    source = form.run("Array.from(document.scripts).pop().textContent")
    function = re.search(r"function cell\(value\) \{.*?\n  \}", source, re.DOTALL).group()
    for given, wanted in {
        "=1+1": "'=1+1",
        "@SUM(A1)": "'@SUM(A1)",
        "-2": "'-2",
        "\tx": "'\tx",
        'a"b,c': '"a""b,c"',
        "a\nb": '"a\nb"',
        "plain": "plain",
    }.items():
        assert form.run(f"(() => {{ {function} return cell({json.dumps(given)}); }})()") == wanted
