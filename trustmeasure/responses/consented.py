"""Answers that may be used: to the questionnaire that the manifest describes, and with consent."""

from __future__ import annotations

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.questionnaires.composing.consent import AGREE, CONSENT, REFUSE
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.model import Responses
from trustmeasure.responses.raw import place

HASH_COLUMN = "questionnaire"
SHORTEST = 8
"""Least digits of a hash that say which questionnaire it is."""


def require_questionnaire(data: pd.DataFrame, manifest: Manifest | None, source: str) -> None:
    """Raise ResponseError when a row says that it answers another questionnaire than the manifest's."""
    if manifest is None or not manifest.hash or HASH_COLUMN not in data:
        return
    said = data[HASH_COLUMN]
    for position, value in enumerate(said.tolist()):
        text = value.strip().casefold() if isinstance(value, str) else ""
        if len(text) >= SHORTEST and not manifest.hash.startswith(text):
            raise ResponseError(
                f"{source}, row {place(said.index, position)}: the answers belong to the questionnaire "
                f"{text[:12]}, but {manifest.source} describes {manifest.hash[:12]}. Name the manifest of "
                "the questionnaire that was answered, and read the answers to each questionnaire on their "
                "own."
            )


def without_consent(responses: Responses) -> Responses:
    """Return the responses of people who agreed, on record; all when nobody was asked."""
    if CONSENT not in responses.meanings or CONSENT not in responses.data:
        return responses
    said = responses.data[CONSENT]
    if not (said == AGREE).any():
        raise ResponseError(
            f"{responses.source}: nobody agreed (column '{CONSENT}'), so there is nothing to use. "
            "Check that the column holds the answer to the question of consent."
        )
    if (said == REFUSE).any():
        responses = responses.subset(said != REFUSE, "refused consent")
        said = responses.data[CONSENT]
    return (
        responses.subset(said == AGREE, "did not answer the question of consent")
        if said.isna().any()
        else responses
    )
