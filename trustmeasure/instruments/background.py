"""Questions about the person and the relation with the company, asked beside the instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import InstrumentError
from trustmeasure.files import shipped
from trustmeasure.instruments import build
from trustmeasure.instruments.loading import read_background
from trustmeasure.instruments.records import ResponseScale, Texts

BACKGROUND_FILE = "background-questions.yaml"
COLUMNS = ["id", "role", "kind", "text", "answers"]

BackgroundRole = Literal["behaviour", "demographics"]
BackgroundKind = Literal["choice", "integer", "text"]


@dataclass(frozen=True, slots=True)
class BackgroundQuestion:
    """One question beside the instruments.

    Attributes
    ----------
    id : str
        Name of its column in the data.
    role : {"behaviour", "demographics"}
        About the relation with the company, or about the person.
    kind : {"choice", "integer", "text"}
        One answer of a list, or something written.
    text : mapping
        The question per language; `{brand}` stands for the company.
    scale : ResponseScale or None
        The answers of a choice.
    minimum, maximum : int or None
        Limits of a number.
    longest : int or None
        Most signs of a text.
    """

    id: str
    role: BackgroundRole
    kind: BackgroundKind
    text: Texts
    scale: ResponseScale | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int | None = None


def list_background_questions() -> pd.DataFrame:
    """Return the questions that can be asked beside the instruments.

    Returns
    -------
    pandas.DataFrame
        One row a question: id, role, kind, text (English) and answers (how many a choice has).

    Examples
    --------
    >>> from trustmeasure.instruments import list_background_questions
    >>> "age_group" in list_background_questions()["id"].tolist()
    True
    """
    rows = [
        (one.id, one.role, one.kind, one.text["en"], len(one.scale.points) if one.scale else 0)
        for one in _shipped().values()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def background_question(id: str) -> BackgroundQuestion:
    """Return the shipped question `id`; raise InstrumentError naming the nearest otherwise."""
    if id in _shipped():
        return _shipped()[id]
    raise InstrumentError(
        f"There is no background question '{id}'. {suggestion(id, list(_shipped()))} "
        "`trustmeasure questions` shows them all."
    )


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, BackgroundQuestion]:
    data = read_background(shipped("instruments") / BACKGROUND_FILE, trusted=True)
    return {entry["id"]: _question(entry) for entry in data["questions"]}


def _question(raw: Mapping[str, Any]) -> BackgroundQuestion:
    answers = build.scale({**raw, "id": raw["id"].replace("_", "-")}) if "points" in raw else None
    return BackgroundQuestion(
        id=raw["id"],
        role=raw["role"],
        kind=raw["kind"],
        text=build.texts(raw["text"]),
        scale=answers,
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        longest=raw.get("longest"),
    )
