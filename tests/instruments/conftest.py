"""A small valid instrument to break in many ways."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Change = Callable[[dict[str, Any]], object]

SMALL: dict[str, Any] = {
    "id": "small",
    "version": "1.0.0",
    "title": {"en": "Small", "zh": "小量表"},
    "description": {"en": "For tests.", "zh": "用于测试。"},
    "source_language": "en",
    "license": "MIT",
    "citation": "Nobody.",
    "languages": [
        {"tag": "en", "name": "English", "status": "drafted"},
        {"tag": "zh", "name": "中文", "status": "reviewed", "back_translation": True, "note": "Two people."},
    ],
    "placeholders": [
        {
            "name": "brand",
            "description": {"en": "The name.", "zh": "名称。"},
            "default": {"en": "the company", "zh": "该公司"},
        }
    ],
    "references": [{"id": "book-2000", "text": "A book."}],
    "response_scales": [
        {
            "id": "yes-no",
            "points": [
                {"code": 0, "label": {"en": "No", "zh": "否"}},
                {"code": 1, "label": {"en": "Yes", "zh": "是"}},
            ],
            "missing": [{"code": 9, "label": {"en": "No answer", "zh": "未回答"}, "reason": "no-answer"}],
        }
    ],
    "constructs": [
        {
            "id": "whole",
            "label": {"en": "Whole", "zh": "整体"},
            "definition": {"en": "All.", "zh": "全部。"},
            "measurement": "reflective",
            "score": "mean",
        },
        {
            "id": "part_a",
            "label": {"en": "A", "zh": "甲"},
            "definition": {"en": "First.", "zh": "第一。"},
            "measurement": "reflective",
            "higher_order": "whole",
            "score": "mean",
            "sources": ["book-2000"],
        },
        {
            "id": "part_b",
            "label": {"en": "B", "zh": "乙"},
            "definition": {"en": "Second.", "zh": "第二。"},
            "measurement": "formative",
            "higher_order": "whole",
            "score": "sum",
        },
    ],
    "items": [
        {"id": "a_1", "construct": "part_a", "text": {"en": "{brand} is one.", "zh": "{brand}是一。"}},
        {
            "id": "a_2",
            "construct": "part_a",
            "reverse": True,
            "source": "Own.",
            "changes": [{"version": "1.0.0", "note": "Shorter."}],
            "text": {"en": "Two.", "zh": "二。"},
        },
        {"id": "b_1", "construct": "part_b", "text": {"en": "Three.", "zh": "三。"}},
        {"id": "b_2", "construct": "part_b", "status": "retired", "text": {"en": "Four.", "zh": "四。"}},
    ],
    "blocks": [
        {
            "id": "first",
            "stem": {"en": "Think of {brand}.", "zh": "请想想{brand}。"},
            "scale": "agreement-7",
            "randomise": True,
            "items": ["a_1", "a_2"],
        },
        {
            "id": "second",
            "stem": {"en": "Yes or no?", "zh": "是否？"},
            "scale": "yes-no",
            "randomise": False,
            "items": ["b_1"],
        },
    ],
    "forms": [{"id": "short", "label": {"en": "Short", "zh": "简版"}, "items": ["a_1", "b_1"]}],
    "evidence": {"status": "developed", "steps": []},
}


def dumped(data: object) -> str:
    """Return data as YAML that writes every part out."""
    separate = json.loads(json.dumps(data))
    return str(yaml.safe_dump(separate, allow_unicode=True, sort_keys=False))


def in_waves(small: dict[str, Any]) -> dict[str, Any]:
    """Return the small instrument with a sector's wording, two waves and a condition."""
    data = copy.deepcopy(small)
    data["waves"] = [
        {"id": "before", "label": {"en": "Before", "zh": "之前"}},
        {"id": "after", "label": {"en": "After", "zh": "之后"}},
    ]
    data["blocks"][1].update(waves=["after"], shown_if="a_1 >= 4 and answered(age_group)")
    data["contexts"] = [
        {
            "id": "finance",
            "label": {"en": "Finance", "zh": "金融"},
            "placeholders": {"brand": {"en": "the bank", "zh": "该银行"}},
            "items": {"a_1": {"en": "{brand} is one bank.", "zh": "{brand}是一家银行。"}},
            "stems": {"first": {"en": "Think of {brand} today.", "zh": "今天请想想{brand}。"}},
        },
        {"id": "retail", "label": {"en": "Retail", "zh": "零售"}},
    ]
    return data


@pytest.fixture
def waved(small: dict[str, Any]) -> dict[str, Any]:
    """Return fresh data of the small instrument with a sector, waves and a condition."""
    return in_waves(small)


@pytest.fixture
def small() -> dict[str, Any]:
    """Return a fresh copy of the data of the small instrument."""
    return copy.deepcopy(SMALL)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[object], Path]:
    """Return a function that writes data as YAML, or text as it is, and returns the path."""

    def written(content: object, name: str = "small.yaml") -> Path:
        text = content if isinstance(content, str) else dumped(content)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written
