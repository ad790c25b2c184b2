"""What a format is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trustmeasure.questionnaires.model import Questionnaire


def item_columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return item id -> name of its column, for formats whose columns are the item ids."""
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
        Ending of the file, with the point.
    title : str
        What the format is, for a list.
    render : function
        Questionnaire -> the file's content. It raises QuestionnaireError, before anything is written, when
        the format cannot express the questionnaire.
    limits : function
        Questionnaire -> sentences on what the format cannot keep of it.
    columns : function
        Questionnaire -> mapping from item id to the column that holds its answers.
    other_columns : function
        Questionnaire -> names of the columns that are not items.
    """

    name: str
    ending: str
    title: str
    render: Callable[[Questionnaire], bytes]
    limits: Callable[[Questionnaire], tuple[str, ...]] = nothing
    columns: Callable[[Questionnaire], Mapping[str, str]] = item_columns
    other_columns: Callable[[Questionnaire], tuple[str, ...]] = nothing
