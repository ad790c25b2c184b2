"""The exports of KoboToolbox and ODK Central, made from answers."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from trustmeasure.questionnaires import Matrix, Notice, Questionnaire
from trustmeasure.questionnaires.xlsform.names import Names, names
from trustmeasure.questionnaires.xlsform.wording import said


def kobo(
    answers: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    groups: str = "",
    headers: dict[str, str] | None = None,
    stems: str | None = None,
) -> pd.DataFrame:
    """Return KoboToolbox' table.

    Parameters
    ----------
    answers : DataFrame
        Codes or words under our columns.
    groups : str
        What stands between group and question; empty for headers without groups.
    headers : dict, optional
        Our column -> the question's label, for headers with labels.
    stems : str, optional
        Language of the labels above matrices; None for headers with names.
    """
    known = names(questionnaire)
    rows = len(answers)
    table: list[pd.Series] = [
        pd.Series([f"2026-01-31T09:15:{i:02d}.123+08:00" for i in range(rows)], name="start"),
        pd.Series([f"2026-01-31T09:19:{i:02d}.456+08:00" for i in range(rows)], name="end"),
        pd.Series([questionnaire.hash] * rows, name="questionnaire"),
        pd.Series([None] * rows, name="intro"),
    ]
    for page in questionnaire.pages:
        before = f"{known.groups[page.id]}{groups}" if groups else ""
        for element in page.elements:
            for name, column in _rows(element, known, headers or {}, stems):
                values = answers[column] if column in answers else pd.Series([None] * rows)
                table.append(values.rename(f"{before}{name}"))
    ids = [f"{i:08d}-aaaa-bbbb-cccc-0123456789ab" for i in range(rows)]
    table += [
        pd.Series(["vA1b2C3"] * rows, name="__version__"),
        pd.Series(range(1000, 1000 + rows), name="_id"),
        pd.Series(ids, name="_uuid"),
        pd.Series([f"2026-01-31T01:20:{i:02d}" for i in range(rows)], name="_submission_time"),
        pd.Series(["submitted_via_web"] * rows, name="_status"),
        pd.Series(["somebody"] * rows, name="_submitted_by"),
        pd.Series(range(1, rows + 1), name="_index"),
    ]
    return pd.concat(table, axis=1)


def _rows(element: object, known: Names, headers: dict[str, str], stems: str | None) -> list[tuple[str, str]]:
    if isinstance(element, Notice):
        name = known.notes[element.id]
        return [(name if stems is None else said(element.title[stems]), "")]
    head = []
    if isinstance(element, Matrix):
        name = known.heads[element.id]
        head = [(name if stems is None else said(element.stem[stems]), "")]
    return [*head, *((headers.get(column, column), column) for column in element.columns)]


def central(
    answers: pd.DataFrame, questionnaire: Questionnaire, groups: Literal["-", ""] = "-"
) -> pd.DataFrame:
    """Return ODK Central's table: groups before a hyphen, its own columns at both ends."""
    table = kobo(answers, questionnaire, groups=groups)
    table = table[[name for name in table if not name.startswith("_")]]
    rows = len(table)
    ids = [f"uuid:{i:08d}-aaaa" for i in range(rows)]
    table.insert(0, "SubmissionDate", [f"2026-01-31T01:20:{i:02d}.000Z" for i in range(rows)])
    return table.assign(
        **{"meta-instanceID": ids, "KEY": ids, "SubmitterID": 7, "SubmitterName": "Ann", "DeviceID": "d-1"},
        AttachmentsPresent=0,
        ReviewState=None,
        FormVersion="1.0.0 abc",
    )
