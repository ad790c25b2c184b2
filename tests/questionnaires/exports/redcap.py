"""The CSV exports of REDCap, raw and with labels, made from answers."""

from __future__ import annotations

import pandas as pd

from trustmeasure.questionnaires import Questionnaire


def raw(answers: pd.DataFrame, questionnaire: Questionnaire, event: str | None = None) -> pd.DataFrame:
    """Return the raw export: names and codes."""
    rows = len(answers)
    own: dict[str, object] = {"record_id": range(1, rows + 1)}
    if event is not None:
        own["redcap_event_name"] = event
    own |= {
        "redcap_repeat_instrument": None,
        "redcap_repeat_instance": None,
        "redcap_survey_identifier": None,
        "survey_timestamp": ["[not completed]", *["2026-01-31 09:15:00"] * (rows - 1)],
        "questionnaire": questionnaire.hash,
    }
    before = pd.DataFrame(own, index=answers.index)
    return pd.concat([before, answers], axis=1).assign(survey_complete=[0, *[2] * (rows - 1)])


def labelled(words: pd.DataFrame, questionnaire: Questionnaire, headers: dict[str, str]) -> pd.DataFrame:
    """Return the export with labels as headers and as values; completeness in words."""
    named = {
        "record_id": "Record ID",
        "redcap_repeat_instrument": "Repeat Instrument",
        "redcap_repeat_instance": "Repeat Instance",
        "redcap_survey_identifier": "Survey Identifier",
        "survey_timestamp": "Survey Timestamp",
        "survey_complete": "Complete?",
    }
    table = raw(words, questionnaire)
    table["survey_complete"] = table["survey_complete"].map({0: "Incomplete", 2: "Complete"})
    return table.rename(columns=named | headers)
