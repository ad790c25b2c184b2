"""What a format is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trustmeasure.questionnaires.model import Questionnaire


def item_columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> its name in the answers, for formats that keep the names."""
    return {id: id for id in questionnaire.columns}


def nothing(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return no line, for a format that adds no columns or has no limits."""
    return ()


@dataclass(frozen=True, slots=True)
class Writer:
    """One format that a questionnaire can be written in.

    A module in this package that holds a `WRITER` is found by itself.

    Attributes
    ----------
    name : str
        What the caller writes in `to=`, such as `"html"`.
    ending : str
        Ending of the file, with the point; no two formats share it, so that the endings of text or JSON
        files have two parts, such as `.limesurvey.txt`.
    title : str
        What the format is, for a list.
    render : function
        Questionnaire -> the file's content. It raises QuestionnaireError, before anything is written, when
        the format cannot express the questionnaire.
    limits : function
        Questionnaire -> sentences on what the format cannot keep of it.
    columns : function
        Questionnaire -> mapping from each of its columns to the column that holds the answers in the
        platform's own export.
    other_columns : function
        Questionnaire -> names of the columns that the platform adds.
    """

    name: str
    ending: str
    title: str
    render: Callable[[Questionnaire], bytes]
    limits: Callable[[Questionnaire], tuple[str, ...]] = nothing
    columns: Callable[[Questionnaire], Mapping[str, str]] = item_columns
    other_columns: Callable[[Questionnaire], tuple[str, ...]] = nothing
