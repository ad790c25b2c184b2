"""问卷星 (Wenjuanxing): Excel or CSV, with the words of answers or their numbers.

A column is named by the question's number and words, `3、您的年龄是？`. In a matrix the first row carries
the stem, `2、题干—行1`, the others do not, `2、行2`; older exports write `第2题(行1)`. Answers are words,
or places of the answers among those offered (序号), which only a manifest turns into codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires.wenjuanxing.wording import compact, said
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.meaning import Meaning, item_meanings
from trustmeasure.responses.platforms.base import Kept, Platform, Sign, TidyOptions
from trustmeasure.responses.platforms.shapes import (
    kept_by_name,
    labels_of_all,
    marked_labels,
    moments,
    with_labels,
)
from trustmeasure.responses.raw import RawTable
from trustmeasure.responses.readers.tidy import is_blank
from trustmeasure.responses.wordings import Wordings

MISSING: Mapping[float | str, str] = {
    -3: "skipped or not shown",
    -2: "skipped or not shown",
    "(跳过)": "skipped or not shown",
    "(空)": "left empty",
}
_NUMBERED = re.compile(r"\s*(?:\d+\s*[、.．]|第\s*\d+\s*题\s*[:：、]?)\s*(?P<text>.+)", re.DOTALL)
_IN_PARENTHESES = re.compile(r"[（(](?P<text>.+)[)）]\s*", re.DOTALL)
_TAIL = re.compile(r"\s*(?:\*|[（(〔\[][^（()）〔〕\[\]]*[)）〕\]])\s*$")
_DASH = "—"
_TIME = re.compile(r"(?:(\d+)\s*(?:小时|时))?\s*(?:(\d+)\s*分钟?)?\s*(?:(\d+)\s*秒?)?")
_MARKS = {"提交答卷时间", "所用时间"}


def _seconds(column: pd.Series) -> pd.Series:
    """Return `75秒` and `1分15秒` as seconds."""
    return column.map(_seconds_of)


def _seconds_of(cell: object) -> float:
    found = None if is_blank(cell) else _TIME.fullmatch(str(cell).strip())
    if found is None or not any(found.groups()):
        return np.nan
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(hours * 3600 + minutes * 60 + seconds)


_NAMED = kept_by_name(
    {
        "序号": Kept("respondent_id", "identifier"),
        "提交答卷时间": Kept("saved_at", "time", moments("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")),
        "所用时间": Kept("duration_seconds", "duration", _seconds),
        "来源": Kept("channel", "other"),
        "来源详情": Kept("", "personal"),
        "来自IP": Kept("ip_address", "personal"),
        **dict.fromkeys(("微信昵称", "微信OpenID", "微信头像", "用户", "用户ID"), Kept("", "personal")),
        **dict.fromkeys(("总分", "答题状态"), Kept("", "other")),
    }
)


def recognise(raw: RawTable) -> Sign | None:
    """Return what shows that a table comes from 问卷星."""
    names = [str(raw.labels.get(str(name), name)).strip() for name in raw.frame.columns]
    if set(names) >= _MARKS:
        return Sign(95, "columns 提交答卷时间 and 所用时间")
    numbered = [name for name in names if re.match(r"\d+、|第\d+题", name)]
    if len(numbered) >= 2 and 2 * len(numbered) >= len(names):
        return Sign(35, f"{len(numbered)} columns named N、question")
    return None


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wordings that a header may show: without number, stem and what stands behind the question.

    Examples
    --------
    >>> texts("2、关于Acme：—Acme很好。", "")
    ('关于Acme：—Acme很好。', 'Acme很好。')
    """
    found = _NUMBERED.fullmatch(column) or _NUMBERED.fullmatch(label)
    if found is None:
        return ()
    bare = found["text"].strip()
    inside = _IN_PARENTHESES.fullmatch(bare)
    whole = (bare, *((inside["text"],) if inside else ()))
    return tuple(dict.fromkeys(text for one in whole for text in _shown(one)))


def _shown(text: str) -> Iterator[str]:
    """Yield a text, its ends behind a dash, and each without what stands in parentheses at its end."""
    parts = text.split(_DASH)
    for first in range(len(parts)):
        shown = _DASH.join(parts[first:]).strip()
        yield shown
        while (shorter := _TAIL.sub("", shown)) != shown and shorter:
            yield shorter
            shown = shorter


def tidy(raw: RawTable, options: TidyOptions) -> RawTable:
    """Return the table with words or codes as answers.

    Raises
    ------
    ResponseError
        If the answers are numbers, and nothing says which answer each stands for.
    """
    raw = _with_own_words(raw)
    if options.manifest is None:
        return _without_manifest(raw)
    held = dict(_held(raw, options.manifest))
    if _in_words(raw.frame, held):
        return with_labels(raw, marked_labels(options.manifest, said, lambda text: said(compact(text))))
    return _by_place(raw, held, options.manifest)


def _with_own_words(raw: RawTable) -> RawTable:
    """Return the table with the words that an SPSS file gives its numbers, where it gives them to all."""
    worded = {
        name: labels
        for name, labels in raw.value_labels.items()
        if name in raw.frame and set(raw.frame[name].dropna()) <= set(labels)
    }
    others = {name: labels for name, labels in raw.value_labels.items() if name not in worded}
    words = {name: raw.frame[name].map(labels.get).astype(object) for name, labels in worded.items()}
    return replace(raw, frame=raw.frame.assign(**words), value_labels=others)


def _held(raw: RawTable, manifest: Manifest) -> Iterator[tuple[str, Meaning]]:
    """Yield the columns that hold choices, by name or wording, with what they mean."""
    asked = {meaning.id: meaning for meaning in manifest.columns.values()}
    found = dict(_by_wording(raw, asked, Wordings.of(asked)))
    for column in map(str, raw.frame.columns):
        meaning = manifest.columns.get(column, found.get(column))
        if meaning is not None and meaning.scale is not None:
            yield column, meaning


def _by_wording(
    raw: RawTable, asked: Mapping[str, Meaning], wordings: Wordings
) -> Iterator[tuple[str, Meaning]]:
    for column in map(str, raw.frame.columns):
        for id in wordings.ids(texts(column, raw.labels.get(column, ""))):
            yield column, asked[id]


def _in_words(frame: pd.DataFrame, held: Mapping[str, Meaning]) -> bool:
    """Return whether the answers are words: an export has one form for all questions.

    Raises
    ------
    ResponseError
        If it cannot be told, because numbers are the words of some answers.
    """
    if any(isinstance(value, str) for column in held for value in _given(frame[column])):
        return True
    worded = [column for column, meaning in held.items() if _has_words_only(meaning)]
    if any(len(_given(frame[column])) for column in worded):
        return False
    numbers = [column for column in held if len(_given(frame[column]))]
    if not numbers or any(_is_beyond(frame[column], held[column]) for column in numbers):
        return False
    raise ResponseError(
        f"Column '{numbers[0]}' holds numbers that may be the words of the answers or their places among "
        "them. Export the answers of 问卷星 by option text (按选项文本), together with a question that is "
        "answered in words."
    )


def _has_words_only(meaning: Meaning) -> bool:
    return meaning.scale is not None and not any(
        label.strip().isdigit() for label in labels_of_all(meaning.scale)
    )


def _is_beyond(column: pd.Series, meaning: Meaning) -> bool:
    """Return whether a number is no answer's word, so that it must be a place."""
    words = set() if meaning.scale is None else labels_of_all(meaning.scale)
    return any(str(value) not in words for value in _given(column))


def _given(column: pd.Series) -> pd.Series:
    """Return the cells that hold an answer; numbers as numbers."""
    cells = [cell for cell in column.tolist() if not is_blank(cell) and _plain(cell) not in MISSING]
    return pd.Series([_plain(cell) for cell in cells], dtype=object)


def _plain(cell: object) -> object:
    text = str(cell).strip()
    return int(float(text)) if re.fullmatch(r"-?\d+(\.0)?", text) else text


def _by_place(raw: RawTable, held: Mapping[str, Meaning], manifest: Manifest) -> RawTable:
    """Return the table with codes for the places of answers, as the manifest says they were offered."""
    frame = raw.frame.copy()
    for column, meaning in held.items():
        if meaning.scale is not None:
            shown = manifest.values["scales"][meaning.scale.id]["shown"]
            frame[column] = _codes(raw, column, shown)
    note = f"Answers were read by their places (序号) as {manifest.source} says they were offered."
    return replace(raw, frame=frame, notes=(*raw.notes, note))


def _codes(raw: RawTable, column: str, shown: Sequence[int]) -> pd.Series:
    codes = []
    for row, cell in zip(raw.frame.index, raw.frame[column].tolist(), strict=True):
        value = None if is_blank(cell) else _plain(cell)
        if value is None or value in MISSING:
            codes.append(np.nan if value is None else value)
        elif isinstance(value, int) and 1 <= value <= len(shown):
            codes.append(shown[value - 1])
        else:
            raise ResponseError(
                f"{raw.source}, column '{column}', row {int(row) + 1}: {value!r} is no place of an answer; "
                f"{len(shown)} were offered. Check that the manifest belongs to the export."
            )
    return pd.Series(codes, index=raw.frame.index, dtype=object).infer_objects()


def _without_manifest(raw: RawTable) -> RawTable:
    """Return the table when its answers are words.

    Raises
    ------
    ResponseError
        If they are numbers.
    """
    shipped = _shipped()
    held = dict(_by_wording(raw, shipped, Wordings.of(shipped)))
    if not _in_words(raw.frame, held) and any(len(_given(raw.frame[column])) for column in held):
        raise ResponseError(
            f"{raw.source} holds numbers, which are places of answers (序号) or scores, not codes. Pass the "
            "questionnaire's manifest with manifest=, or export the answers by option text (按选项文本)."
        )
    return raw


@cache
def _shipped() -> dict[str, Meaning]:
    """Return the items of all shipped instruments."""
    return item_meanings([load_instrument(str(id)) for id in list_instruments()["id"]])


PLATFORM = Platform(
    name="wenjuanxing",
    title="问卷星 (Wenjuanxing)",
    recognise=recognise,
    formats=("wenjuanxing", "wenjuanxing-txt"),
    tidy=tidy,
    texts=texts,
    bookkeeping=_NAMED,
    missing=MISSING,
)
