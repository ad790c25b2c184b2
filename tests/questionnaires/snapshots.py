"""Exports kept in the repository, so that every change of an export is seen in a review.

A snapshot is compared byte for byte. `TRUSTMEASURE_SNAPSHOTS=write python -m pytest ...` writes those that
are new or have changed; look at the difference before it goes in. Formats that are zip archives are kept as
the text of one of their members, see `member`.
"""

from __future__ import annotations

import difflib
import io
import os
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.table import Table

from tests.questionnaires.examples import SCALES, instrument
from trustmeasure.questionnaires import Choice, Consent, Entry, Questionnaire

FOLDER = Path(__file__).with_name("snapshots")
VARIABLE = "TRUSTMEASURE_SNAPSHOTS"
MOST_LINES = 60


def assert_snapshot(name: str, content: bytes | str) -> None:
    """Fail when `content` is not what the file `name` in `snapshots/` holds."""
    found = content.encode() if isinstance(content, str) else content
    path = FOLDER / name
    if os.environ.get(VARIABLE) == "write":
        FOLDER.mkdir(exist_ok=True)
        path.write_bytes(found)
        return
    how = f"Set {VARIABLE}=write to write it, and look at the difference."
    if not path.exists():
        pytest.fail(f"There is no snapshot {name}. {how}", pytrace=False)
    if path.read_bytes() != found:
        pytest.fail(f"{name} has changed. {how}\n{_difference(path.read_bytes(), found)}", pytrace=False)


def _difference(kept: bytes, found: bytes) -> str:
    before, after = (part.decode(errors="backslashreplace").splitlines() for part in (kept, found))
    lines = list(difflib.unified_diff(before, after, "kept", "found", lineterm=""))
    more = [f"... and {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return (
        "\n".join([*lines[:MOST_LINES], *more])
        or "The texts are equal; the bytes (line ends, signs) are not."
    )


def member(archive: bytes, name: str) -> str:
    """Return one text file of a zip archive, such as `word/document.xml`, each XML element on a line."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name).decode().replace("><", ">\n<")


def word_text(content: bytes) -> str:
    """Return the words of a Word document: a line for each paragraph and for each row of a table."""
    lines = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines) + "\n"


def every_kind(languages: tuple[str, ...] = ("en", "zh")) -> Questionnaire:
    """Return a small questionnaire with every kind of element and every option that a writer must keep.

    Consent, participant code, a choice, a number, a matrix in words with an instructed item, a matrix from 0
    upwards on a condition, a written text, a date, random order.
    """
    return Questionnaire.compose(
        [instrument("first"), instrument("second", scale="likely", items=2)],
        brand={"en": "Acme", "zh": "艾克米"},
        languages=languages,
        order="items",
        seed=7,
        checks=1,
        consent=Consent(controller="Acme Ltd, 1 High Street", contact="privacy@acme.example"),
        link=True,
        behaviour=[
            Choice("customer", {"en": "Do you agree?", "zh": "您同意吗？"}, SCALES["agree"]),
            Entry(
                "visits", {"en": "How many visits?", "zh": "光临多少次？"}, "integer", minimum=0, maximum=99
            ),
        ],
        demographics=[
            Entry("comment_1", {"en": "What could be better?", "zh": "哪些方面可以改进？"}, longest=200),
            Entry("last_visit", {"en": "When were you last here?", "zh": "您上次光临是什么时候？"}, "date"),
        ],
        logic={"second1": "customer in (1, 2) and visits >= 1", "comment_1": "first_1 <= 2"},
    )
