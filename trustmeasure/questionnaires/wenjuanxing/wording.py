"""Words for 问卷星: titles are HTML there, and brackets mean types of questions and gaps to fill in."""

from __future__ import annotations

import re

from trustmeasure.questionnaires.signs import one_line

_WIDE = str.maketrans({"<": "＜", ">": "＞", "{": "（", "}": "）", "[": "〔", "]": "〕"})
_GAP = re.compile("__+")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_IDEOGRAPH = "\u3400-\u9fff\uff00-\uffef\u3000-\u303f"
_BLANK_BESIDE_CHINESE = re.compile(f"(?<=[{_IDEOGRAPH}]) +| +(?=[{_IDEOGRAPH}])")


def said(text: str) -> str:
    """Return words in one line, with wide signs in the place of those that 问卷星 would obey."""
    safe = _ENTITY.sub("＆", one_line(text).translate(_WIDE))
    return _GAP.sub(lambda gap: "＿" * len(gap[0]), safe)


def compact(text: str) -> str:
    """Return words without the blanks beside Chinese characters, which are only typography."""
    return _BLANK_BESIDE_CHINESE.sub("", text)
