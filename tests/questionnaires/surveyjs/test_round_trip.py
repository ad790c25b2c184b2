"""Answers given in SurveyJS itself, exported in each of its shapes, and read back with identical codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.questionnaires.browser import Browser
from tests.responses.forms import answers_to, whole_form
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.surveyjs.form import HERE
from trustmeasure.questionnaires.surveyjs.survey import survey
from trustmeasure.responses import read_responses

pytestmark = pytest.mark.system("chromium")

FORM = whole_form(order="items", wave="before")
IDS = ["satisfaction", "cognitive-trust", "recommendation"]
FILL = (
    "((given, people, locale) => people.map(person => { const m = new Survey.Model(given); m.locale = locale;"
    "Object.entries(person).forEach(([name, value]) => m.setValue(name, value)); m.doComplete();"
    "return [m.state, m.data, table(m)]; }))"
)
DASHBOARD = """
function table(m) {
  const cells = [];
  m.getAllQuestions().forEach(q => {
    if (q.getType() === "html") return;
    if (q.getType() !== "matrix") { cells.push([q.name, q.title, q.value, q.displayValue]); return; }
    q.rows.forEach(row => {
      const value = (q.value || {})[row.value];
      const item = q.columns.find(column => column.value === value);
      cells.push([q.name + "." + row.value, q.title + " - " + row.text, value, item ? item.text : ""]);
    });
  });
  return cells;
}
"""
# The headings and cells of the table view, as the Dashboard's own code makes them.


@pytest.fixture(scope="module")
def library(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    page = tmp_path_factory.mktemp("library") / "page.html"
    core = (HERE / "vendor" / "survey.core.min.js").as_uri()
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><script src="{core}"></script><script>{DASHBOARD}</script>'
    )
    browser.open(page.as_uri())
    return browser


def people() -> pd.DataFrame:
    return answers_to(FORM, rows=8, seed=4)


def nested(answers: pd.DataFrame, questionnaire: Questionnaire) -> list[dict[str, Any]]:
    inside = {column: matrix.id for matrix in questionnaire.matrices for column in matrix.columns}
    found = []
    for row in json.loads(answers.to_json(orient="records")):
        person: dict[str, Any] = {}
        for column, value in row.items():
            if column in inside:
                person.setdefault(inside[column], {})[column] = value
            else:
                person[column] = value
        found.append(person)
    return found


def filled(library: Browser, language: str) -> list[Any]:
    given, answers = json.dumps(survey(FORM)), json.dumps(nested(people(), FORM))
    found = library.run(f"{FILL}({given}, {answers}, {json.dumps(language)})")
    assert [state for state, _, _ in found] == ["completed"] * len(people())
    return list(found)


def assert_same(path: Path, **how: Any) -> pd.DataFrame:
    """Read the answers as they were given, and hold every column against what was answered."""
    responses = read_responses(path, **({"instruments": IDS} | how))
    answered = people()
    for column in FORM.columns:
        if column in responses.item_ids:
            item = responses.item(column)
            scale = responses.scale_of(column)
            codes = answered[column].map(lambda c, s=scale: None if c in s.missing_codes else c)
            wanted = codes.map(scale.reverse) if item.reverse else codes
            got = responses.data[column]
            assert got.isna().tolist() == wanted.isna().tolist(), column
            assert got.dropna().tolist() == wanted.dropna().tolist(), column
    for field in (field for field in FORM.fields if field.id in responses.data):
        known = getattr(field, "scale", None)
        missing = known.missing_codes if known is not None else ()
        wanted = [None if value in missing else value for value in answered[field.id]]
        got = [None if pd.isna(value) else value for value in responses.data[field.id]]
        assert got == wanted, field.id
    left_out = [field.id for field in FORM.fields if field.id not in responses.data]
    assert left_out in ([], ["remarks"]), "words of respondents are left out unless asked for"
    return responses.data


@pytest.mark.parametrize("manifest", [True, False])
def test_nested_results(library: Browser, tmp_path: Path, manifest: bool):
    results = [data for _, data, _ in filled(library, "zh-cn")]
    path = tmp_path / "results.json"
    path.write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")
    if manifest:
        FORM.write(tmp_path / "survey.surveyjs.json")
    data = assert_same(path)
    assert data["language"].tolist() == ["zh"] * len(results)
    assert data["questionnaire"].tolist() == [FORM.hash] * len(results)
    assert data["wave"].tolist() == ["before"] * len(results)
    assert data["link_id"].tolist() == people()["link_id"].tolist()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("heading", "cell"), [(0, 2), (0, 3), (1, 2), (1, 3)])
def test_the_table_of_the_dashboard(library: Browser, tmp_path: Path, language: str, heading: int, cell: int):
    """Columns by name or by title, cells as values or as labels."""
    found = filled(library, {"en": "en", "zh": "zh-cn"}[language])
    rows = [{part[heading]: part[cell] for part in cells} for _, _, cells in found]
    path = tmp_path / "table.csv"
    pd.DataFrame(rows).to_csv(path, index=False, encoding="utf-8-sig")
    FORM.write(tmp_path / "survey.surveyjs.json")
    assert_same(path, manifest=tmp_path / "survey.surveyjs.json.manifest.json")
