"""The offline form in a browser: opened, answered, turned page by page, saved."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path
from typing import Any

from tests.questionnaires.browser import Browser
from trustmeasure.questionnaires import Questionnaire

START = ".sd-navigation__start-btn"
NEXT = ".sd-navigation__next-btn"
DONE = ".sd-navigation__complete-btn"
ANYWAY = ".go-on"
BACK = ".sd-navigation__prev-btn"
WAIT = 200


def address(questionnaire: Questionnaire, folder: Path, fragment: str = "") -> str:
    """Write the form and return its address."""
    return questionnaire.write(folder / "form.html").as_uri() + fragment


def opened(form: Browser, questionnaire: Questionnaire, folder: Path, fragment: str = "") -> None:
    """Open the form with an empty memory: a page without a script of its own empties it."""
    empty = folder / "empty.html"
    empty.write_text("<!doctype html><title>empty</title>")
    form.open(empty.as_uri())
    form.run("localStorage.clear()")
    form.open(address(questionnaire, folder, fragment))


def shown(form: Browser, selector: str) -> bool:
    found = f"Array.from(document.querySelectorAll({json.dumps(selector)}))"
    return bool(form.run(f"{found}.some(e => e.getClientRects().length > 0)"))


def press(form: Browser, selector: str) -> None:
    """Click a button of which only one can be seen."""
    form.run(
        f"document.querySelectorAll({json.dumps(selector)}).forEach((e, i) => {{"
        "e.toggleAttribute('data-test-now', e.getClientRects().length > 0); })"
    )
    form.click(f"{selector}[data-test-now]")
    settled(form)


def settled(form: Browser) -> None:
    """Wait until what the page put off for a moment has been done."""
    form.run("new Promise(done => setTimeout(done, 20))")


def go_on(form: Browser) -> None:
    """Turn the page, or finish on the last one."""
    press(form, NEXT if shown(form, NEXT) else DONE)


def skip(form: Browser) -> None:
    """Turn the page without answering what is left."""
    go_on(form)
    press(form, ANYWAY)


def answer(column: str, code: int) -> str:
    """Return the selector of the radio button for an answer in a matrix or a list."""
    ends = f"input[name*='_{column}'][value='{code}']"
    return f":is({ends}, [data-name='{column}'] input[value='{code}'])"


def choose(form: Browser, column: str, code: int) -> None:
    form.click(f"label:has({answer(column, code)})")


def chosen(form: Browser, column: str, code: int) -> bool:
    return bool(form.run(f"document.querySelector({json.dumps(answer(column, code))}).checked"))


def write(form: Browser, column: str, text: str) -> None:
    """Type into a field, in the place of what it holds."""
    field = f"[data-name={column}] :is(input, textarea)"
    form.run(f"(() => {{ const e = document.querySelector({json.dumps(field)}); e.focus(); e.select(); }})()")
    form.send("Input.insertText", text=text)


def names(form: Browser) -> list[str]:
    """Return the names of the questions on the page."""
    found = form.run("Array.from(document.querySelectorAll('#survey [data-name]'), e => e.dataset.name)")
    return [str(name) for name in found]


def rows(form: Browser) -> list[str]:
    """Return the texts of the rows of matrices, from top to bottom."""
    return [
        str(text)
        for text in form.run(
            "Array.from(document.querySelectorAll('.sd-table__cell--row-text'), e => e.innerText)"
        )
    ]


def text(form: Browser, selector: str) -> str:
    return str(form.run(f"document.querySelector({json.dumps(selector)}).innerText.trim()"))


def saved(form: Browser, folder: Path, ending: str = "csv") -> Path:
    """Press the button, and return the file."""
    form.click("#save" if ending == "csv" else "#save-json")
    for _ in range(WAIT):
        files = list(folder.glob(f"answers-*.{ending}"))
        if files:
            return files[0]
        time.sleep(0.05)
    raise AssertionError("no file was saved")


def record(path: Path) -> dict[str, Any]:
    """Return what a file of one respondent holds: column -> cell."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return dict(json.loads(content))
    (row,) = csv.DictReader(content.splitlines())
    return dict(row)
