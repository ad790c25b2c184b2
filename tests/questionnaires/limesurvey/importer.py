"""What LimeSurvey's importer makes of a survey structure, as its manual and its behaviour describe it.

Written for the tests: rows by class, group numbers and codes shared by the languages, attributes from further
columns, quotes around a whole cell taken off once more.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

NO_ATTRIBUTES = {
    "class", "type/scale", "name", "text", "validation", "relevance", "help", "language", "mandatory",
    "other", "same_default", "default", "id", "related_id", "encrypted", "same_script", "random_group",
}  # fmt: skip


@dataclass
class Question:
    code: str
    kind: str
    relevance: str
    mandatory: str
    validation: str
    group: str
    text: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Survey:
    settings: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)


def imported(content: bytes) -> Survey:
    """Return the survey that a file becomes; refuse what LimeSurvey would lose or die of."""
    assert content.startswith(b"\xef\xbb\xbf"), "UTF-8 with a mark of the byte order"
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter="\t", strict=True)
    names, *cells = lines
    survey, group, question = Survey(), "", None
    for line in cells:
        assert len(line) == len(names)
        row = {name: _unquoted(cell) for name, cell in zip(names, line, strict=True) if cell}
        kind, language = row["class"], row.get("language", "")
        if kind == "S":
            survey.settings[row["name"]] = row["text"]
        elif kind == "SL":
            survey.texts.setdefault(language, {})[row["name"]] = row["text"]
        elif kind == "G":
            group = row["type/scale"]
            known = survey.groups.setdefault(group, {"relevance": row["relevance"]})
            assert known["relevance"] == row["relevance"]
            known |= {"random": row.get("random_group", ""), language: row["name"]}
        elif kind == "Q":
            question = _question(survey, row, group)
            question.text[language] = row["text"]
        else:
            assert kind in ("SQ", "A")
            assert question is not None
            assert row["type/scale"] == "0"
            parts = question.rows if kind == "SQ" else question.answers
            parts.setdefault(row["name"], {})[language] = row["text"]
    return survey


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if re.fullmatch('".*"', cell) else cell


def _question(survey: Survey, row: dict[str, str], group: str) -> Question:
    code = row["name"]
    if code in survey.questions:
        known = survey.questions[code]
        assert (known.group, known.kind) == (group, row["type/scale"]), code
        assert not set(row) - NO_ATTRIBUTES, "attributes stand in the first language only"
        return known
    made = Question(
        code, row["type/scale"], row["relevance"], row["mandatory"], row.get("validation", ""), group
    )
    made.attributes = {name: value for name, value in row.items() if name not in NO_ATTRIBUTES}
    survey.questions[code] = made
    return made
