"""A questionnaire with every kind of question, simulated answers to it, and its manifest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from trustmeasure.instruments import ResponseScale
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.elements import Choice, Entry, Matrix
from trustmeasure.questionnaires.manifest import manifest_bytes
from trustmeasure.questionnaires.scales import offered
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.responses import Responses

COMMENT = Entry("remarks", {"en": "Anything else?", "zh": "还有什么想说的吗？"}, longest=500)


def whole_form(**changes: object) -> Questionnaire:
    """Return a questionnaire with consent, participant code, background questions and instructed items."""
    asked: dict[str, object] = {
        "brand": "Acme",
        "consent": True,
        "link": True,
        "checks": 1,
        "behaviour": ["customer_now", "purchases_12m"],
        "demographics": ["age_group", COMMENT],
    }
    return Questionnaire.compose(["satisfaction", "cognitive-trust", "recommendation"], **(asked | changes))


def answers_to(questionnaire: Questionnaire, rows: int = 30, seed: int = 1) -> pd.DataFrame:
    """Return codes under the columns of the data, as a plain platform would export them."""
    rng = np.random.default_rng(seed)
    columns: dict[str, object] = {}
    for element in questionnaire.elements:
        if isinstance(element, Matrix):
            for question in element.questions:
                codes = rng.choice(_codes(element.scale), rows)
                columns[question.id] = codes if question.expected is None else question.expected
        elif isinstance(element, Choice):
            columns[element.id] = 1 if element.role == "consent" else rng.choice(_codes(element.scale), rows)
        elif isinstance(element, Entry):
            columns[element.id] = _written(element, rows, rng)
    return pd.DataFrame(columns, index=range(rows))


def _codes(scale: ResponseScale) -> list[int]:
    return [*scale.codes, *(code.code for code in offered(scale))]


def _written(entry: Entry, rows: int, rng: np.random.Generator) -> list[object]:
    if entry.kind == "integer":
        return [int(n) for n in rng.integers(entry.minimum or 0, 20, rows)]
    if entry.role == "link":
        return [f"K-{1000 + i}" for i in range(rows)]
    return [f"words {i}" for i in range(rows)]


def in_words(answers: pd.DataFrame, questionnaire: Questionnaire, language: str) -> pd.DataFrame:
    """Return the answers with labels in the place of codes."""
    scales = {
        column: element.scale
        for element in questionnaire.elements
        if isinstance(element, Matrix | Choice)
        for column in element.columns
    }
    said = {
        column: answers[column].map(scales[column].labels(language, missing=True))
        for column in answers
        if column in scales
    }
    return answers.assign(**said)


def put_manifest(questionnaire: Questionnaire, folder: Path, name: str = "form.html", **columns: str) -> Path:
    """Write the manifest of an export whose columns are named otherwise where `columns` says so."""
    writer = Writer(
        "html", ".html", "Form", lambda _: b"", columns=lambda q: {c: c for c in q.columns} | columns
    )
    path = folder / f"{name}.manifest.json"
    path.write_bytes(manifest_bytes(questionnaire, writer, name, b""))
    return path


def expect_answers(found: Responses, expected: Responses, platform: str) -> None:
    """Fail when answers read from a platform's export are not those that went in."""
    for column in (*expected.item_ids, "customer_now", "purchases_12m", "age_group"):
        pd.testing.assert_series_equal(
            found.data[column].reset_index(drop=True), expected.data[column], check_names=False
        )
    assert found.platform == platform
    assert found.data["link_id"].tolist() == expected.data["link_id"].tolist()
