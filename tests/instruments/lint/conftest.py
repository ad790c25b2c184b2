"""A clean instrument to break rule by rule."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from trustmeasure.instruments import check_instruments


def item(id: str, en: str, zh: str, construct: str = "helpfulness") -> dict[str, Any]:
    return {"id": id, "construct": construct, "text": {"en": en, "zh": zh}}


CLEAN: dict[str, Any] = {
    "id": "clean",
    "version": "1.1.0",
    "title": {"en": "Helpfulness", "zh": "乐于助人"},
    "description": {"en": "Measures how helpful a company is.", "zh": "测量企业帮助顾客的程度。"},
    "source_language": "en",
    "license": "MIT",
    "citation": "Nobody. Helpfulness.",
    "languages": [
        {"tag": "en", "name": "English", "status": "drafted"},
        {"tag": "zh", "name": "中文", "status": "drafted"},
    ],
    "placeholders": [
        {
            "name": "brand",
            "description": {"en": "Name of the company.", "zh": "企业的名称。"},
            "default": {"en": "the company", "zh": "该公司"},
        }
    ],
    "references": [{"id": "doe-2001", "text": "Doe, J. (2001). A book on help. Press."}],
    "response_scales": [
        {
            "id": "own-3",
            "points": [
                {"code": 1, "label": {"en": "Little", "zh": "少"}},
                {"code": 2, "label": {"en": "2", "zh": "2"}},
                {"code": 3, "label": {"en": "Much", "zh": "多"}},
            ],
            "missing": [{"code": 99, "label": {"en": "No answer", "zh": "未回答"}, "reason": "no-answer"}],
        }
    ],
    "constructs": [
        {
            "id": "helpfulness",
            "label": {"en": "Helpfulness", "zh": "乐于助人"},
            "definition": {
                "en": "Belief that the company helps when help is needed.",
                "zh": "顾客相信企业在需要时会提供帮助。",
            },
            "measurement": "reflective",
            "score": "mean",
            "sources": ["doe-2001"],
        }
    ],
    "items": [
        item("cln_1", "{brand} helps me.", "{brand}帮助我。"),
        item("cln_2", "The staff have time for my questions.", "工作人员有时间回答我的问题。"),
        item("cln_3", "I get an answer on the same day.", "我当天就能得到答复。"),
        item("cln_4", "{brand} explains things in plain words.", "{brand}讲解得通俗易懂。"),
    ],
    "blocks": [
        {
            "id": "cln",
            "stem": {"en": "How much do you agree?", "zh": "请选出您的同意程度。"},
            "scale": "agreement-7",
            "randomise": True,
            "items": ["cln_1", "cln_2", "cln_3", "cln_4"],
        }
    ],
    "forms": [{"id": "short", "label": {"en": "Short", "zh": "简版"}, "items": ["cln_1", "cln_2"]}],
    "evidence": {"status": "developed"},
}


@pytest.fixture
def clean() -> dict[str, Any]:
    """Return fresh data of an instrument in which no rule finds anything."""
    return copy.deepcopy(CLEAN)


@pytest.fixture
def findings(write: Callable[..., Path]) -> Callable[..., pd.DataFrame]:
    """Return a function that writes data and returns what the linter finds in them."""

    def found(data: object, name: str = "clean.yaml") -> pd.DataFrame:
        return check_instruments(write(data, name)).findings

    return found
