"""How a report says that a stage could not be finished."""

from __future__ import annotations

from trustmeasure.reporting.blocks import Note
from trustmeasure.reporting.context import Context


def failed(context: Context, stage: str) -> Note | None:
    """Return a framed remark with the message of a stage that failed, or None when it did not."""
    failure = context.findings.failed(stage)
    if failure is None:
        return None
    title = context.words("failed.title", stage=context.words(f"stage_name.{stage}"))
    return Note(title, [failure.message], tone="failed")
