from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.questionnaires.examples import instrument
from trustmeasure.questionnaires import Questionnaire, manifest_path, write_questionnaire


def read(path: Path) -> dict[str, object]:
    return json.loads(manifest_path(path).read_text(encoding="utf-8"))


def test_manifest_says_what_columns_and_codes_mean(small: Questionnaire, tmp_path: Path):
    written = small.write(tmp_path / "form.html")
    found = read(written)
    assert found["format"] == "html"
    assert found["file"] == "form.html"
    assert found["file_sha256"] == hashlib.sha256(written.read_bytes()).hexdigest()
    assert found["questionnaire"]["hash"] == small.hash
    assert found["questionnaire"]["languages"] == ["en", "zh"]
    assert found["instruments"] == [
        {"id": id, "version": "1.2.0", "form": "long", "context": ""} for id in ("first", "second")
    ]
    assert list(found["columns"]) == list(small.columns)
    assert found["columns"]["second_1"] == {
        "id": "second_1",
        "kind": "item",
        "instrument": "second",
        "block": "second1",
        "scale": "likely",
        "number": 5,
        "text": {"en": "Acme is good. second_1", "zh": "Acme很好。second_1"},
    }
    assert found["scales"]["agree"] == {
        "answers": {
            "en": {"Disagree": 1, "Neither": 2, "Agree": 3},
            "zh": {"不同意": 1, "中立": 2, "同意": 3},
        },
        "missing": {
            "en": {"Not applicable": 97, "No answer": 99},
            "zh": {"不适用": 97, "未回答": 99},
        },
        "reasons": {"97": "not-applicable", "99": "no-answer"},
        "shown": [1, 2, 3, 97],
    }


def test_manifest_is_the_same_for_the_same_input(tmp_path: Path):
    for folder in ("a", "b"):
        write_questionnaire(Questionnaire.compose(instrument()), tmp_path / folder / "form.docx")
    one, two = (manifest_path(tmp_path / folder / "form.docx").read_bytes() for folder in ("a", "b"))
    assert one == two


def test_formats_in_one_folder_keep_a_manifest_each(small: Questionnaire, tmp_path: Path):
    small.write(tmp_path / "form.html")
    small.write(tmp_path / "form.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "form.docx",
        "form.docx.manifest.json",
        "form.html",
        "form.html.manifest.json",
    ]


def test_limits_and_order_are_stated(tmp_path: Path):
    drawn = Questionnaire.compose(instrument(), order="random", seed=4)
    on_paper = read(drawn.write(tmp_path / "form.docx"))
    assert any("drawn with seed 4" in line for line in on_paper["limits"])
    assert on_paper["questionnaire"]["seed"] == 4
    on_screen = read(drawn.write(tmp_path / "form.html"))
    assert "item_order" in on_screen["other_columns"]
