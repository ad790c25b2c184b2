"""What a questionnaire is, written down in one canonical way, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from trustmeasure.questionnaires.model import Questionnaire


def content(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return everything that makes up the questionnaire as plain values that JSON can hold.

    The instruments it was made from are left out: respondents see their words in the pages.
    """
    compared = (field for field in fields(questionnaire) if field.compare)
    return {field.name: _plain(getattr(questionnaire, field.name)) for field in compared}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, Mapping):
        parts = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__, **parts} if "kind" not in parts else parts
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, tuple) else value


def content_hash(questionnaire: Questionnaire) -> str:
    """Return the SHA-256 of the canonical JSON of `content`, as hexadecimal digits."""
    canonical = json.dumps(content(questionnaire), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
