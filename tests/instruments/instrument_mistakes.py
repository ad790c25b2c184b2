"""Mistakes in an instrument file: how to make each, and what the message must say."""

from __future__ import annotations

import copy
from typing import Any


def drop(*way):
    def change(data: Any) -> None:
        inside = data
        for step in way[:-1]:
            inside = inside[step]
        del inside[way[-1]]

    return change


def put(value, *way):
    def change(data: Any) -> None:
        inside = data
        for step in way[:-1]:
            inside = inside[step]
        if isinstance(inside, list) and way[-1] == len(inside):
            inside.append(value)
        else:
            inside[way[-1]] = value

    return change


def step(status, simulated):
    return {"status": status, "date": "2025-01-31", "n": 200, "simulated": simulated}


TEXTS = {"en": "Text", "zh": "文字"}
ITEM = {"id": "a_3", "construct": "part_a", "text": TEXTS}
SCALE = {"id": "mine", "points": [{"code": c, "label": {"en": f"E{c}", "zh": f"Z{c}"}} for c in (1, 2, 5)]}
AGREEMENT = {**SCALE, "id": "agreement-7"}

SCHEMA_CASES = {
    "missing field": (drop("version"), "version: is missing. Add it: Version of the content"),
    "missing inner field": (
        drop("items", 0, "construct"),
        "items[0].construct (a_1): is missing. Add it: Id of",
    ),
    "unknown field": (
        put("x", "licence"),
        "licence: is not a field here. Did you mean 'license'? Allowed: id,",
    ),
    "unknown inner field": (
        put(True, "items", 0, "reversed"),
        "items[0].reversed (a_1): is not a field here. Did you",
    ),
    "number for text": (
        put(1.5, "version"),
        "version: must be text, but is 1.5 (a number). Put it in double quotes.",
    ),
    "two numbers": (
        put("1.0", "version"),
        "version: '1.0' does not fit. Version of the content as three numbers",
    ),
    "empty text": (
        put(" ", "items", 0, "text", "en"),
        "items[0].text.en (a_1): ' ' does not fit. Words, not empty.",
    ),
    "null text": (
        put(None, "items", 0, "text", "zh"),
        "items[0].text.zh (a_1): must be text, but is empty. Words",
    ),
    "text for flag": (
        put("yes", "items", 1, "reverse"),
        "must be true or false, but is 'yes' (text). true when",
    ),
    "text for group": (
        put("T", "title"),
        "title: must be a group of named fields, but is 'T' (text). One text for",
    ),
    "list for text": (
        put(["MIT"], "license"),
        "license: must be text, but is a list. Put it in double quotes.",
    ),
    "text for list": (
        put("a_1", "blocks", 0, "items"),
        "must be a list, but is 'a_1' (text). Ids of the items",
    ),
    "text for code": (
        put("0", "response_scales", 0, "points", 0, "code"),
        "must be a whole number, but is '0' (text).",
    ),
    "true for code": (
        put(True, "response_scales", 0, "points", 1, "code"),
        "must be a whole number, but is true.",
    ),
    "negative code": (
        put(-1, "response_scales", 0, "points", 0, "code"),
        "-1 does not fit. The number that stands",
    ),
    "huge code": (
        put(100000, "response_scales", 0, "points", 1, "code"),
        "100000 does not fit. The number that",
    ),
    "one point": (
        drop("response_scales", 0, "points", 1),
        "response_scales[0].points (yes-no): needs at least 2.",
    ),
    "unknown choice": (
        put("sums", "constructs", 2, "score"),
        "'sums' is not allowed. Did you mean 'sum'? Allowed:",
    ),
    "long id": (
        put("a" * 21, "items", 0, "id"),
        "does not fit. Small letters a to z and digits, parts joined by '_'",
    ),
    "capital id": (put("A_1", "items", 0, "id"), "items[0].id (A_1): 'A_1' does not fit. Small letters"),
    "chinese id": (
        put("信任", "constructs", 0, "id"),
        "constructs[0].id (信任): '信任' does not fit. Small letters",
    ),
    "block id with underscore": (
        put("first_1", "blocks", 0, "id"),
        "'first_1' does not fit. Small letters a to z and",
    ),
    "no constructs": (put([], "constructs"), "constructs: needs at least 1."),
    "language tag": (
        put("chinese", "languages", 1, "tag"),
        "languages[1].tag: 'chinese' does not fit. Language tag",
    ),
    "item twice in form": (put("a_1", "forms", 0, "items", 2), "names something twice. Remove the second."),
    "date": (
        put([{**step("piloted", False), "date": "May"}], "evidence", "steps"),
        "'May' does not fit. Day of the",
    ),
}

CONSISTENCY_CASES = {
    "text without a language": (
        drop("items", 1, "text", "zh"),
        "items[1].text.zh (a_2): is missing. Write the text in the language 'zh'.",
    ),
    "text in another language": (
        put("Eins", "items", 1, "text", "de"),
        "items[1].text.de (a_2): is not one of the languages.",
    ),
    "label without a language": (
        drop("response_scales", 0, "points", 0, "label", "zh"),
        "response_scales[0].points[0].label.zh (yes-no): is missing.",
    ),
    "default without a language": (
        drop("placeholders", 0, "default", "zh"),
        "placeholders[0].default.zh: is missing.",
    ),
    "language twice": (put("en", "languages", 1, "tag"), "languages: names 'en' more than once."),
    "source language": (put("de", "source_language"), "source_language: 'de' is not one of the languages."),
    "same item twice": (
        put("a_1", "items", 1, "id"),
        "items[1].id (a_1): 'a_1' is already the id of one of the items.",
    ),
    "item named as construct": (
        put("part_a", "items", 1, "id"),
        "is already the id of one of the constructs.",
    ),
    "block named as item": (
        put({**ITEM, "id": "first"}, "items", 4),
        "blocks[0].id (first): 'first' is already the id of one of the items.",
    ),
    "id that differs in case only": (
        put("Part_A", "items", 1, "id"),
        "'Part_A' is already the id of one of the constr",
    ),
    "reserved word": (
        put("all", "items", 0, "id"),
        "items[0].id (all): 'all' has a meaning of its own on some",
    ),
    "reserved time": (put("time", "blocks", 0, "id"), "blocks[0].id (time): 'time' has a meaning of its own"),
    "reserved comment": (
        put("my_comment", "items", 0, "id"),
        "'my_comment' has a meaning of its own on some",
    ),
    "reserved shape": (put("q1_2", "items", 0, "id"), "'q1_2' has a meaning of its own on some platform."),
    "unknown construct": (
        put("part_aa", "items", 0, "construct"),
        "items[0].construct (a_1): there is no construct 'part_aa'. Did you mean 'part_a'?",
    ),
    "unknown whole": (
        put("hole", "constructs", 1, "higher_order"),
        "constructs[1].higher_order (part_a): there is no construct 'hole'. Did you mean 'whole'?",
    ),
    "unknown reference": (
        put(["book-2001"], "constructs", 1, "sources"),
        "constructs[1].sources[0] (part_a): there is no reference 'book-2001'. Did you mean 'book-2000'?",
    ),
    "unknown item in block": (
        put("a_9", "blocks", 0, "items", 0),
        "blocks[0].items[0] (first): there is no item 'a_9'. Did you mean 'a_",
    ),
    "unknown item in form": (
        put("c_1", "forms", 0, "items", 0),
        "forms[0].items[0] (short): there is no item 'c_1'.",
    ),
    "unknown scale": (
        put("agreement7", "blocks", 0, "scale"),
        "blocks[0].scale (first): 'agreement7' is not a response scale. Did you mean 'agreement-7'?",
    ),
    "construct in a circle": (
        put("part_a", "constructs", 0, "higher_order"),
        "constructs[0].higher_order (whole): leads back to the construct itself.",
    ),
    "construct with items and dimensions": (
        put("whole", "items", 2, "construct"),
        "constructs[0] (whole): has items and dimensions. Give its items to a dimension.",
    ),
    "construct with nothing": (
        put("part_a", "items", 2, "construct"),
        "constructs[2] (part_b): has neither items nor dimensions.",
    ),
    "item in no block": (
        put(ITEM, "items", 4),
        "items[4] (a_3): stands in no block. Add it to the items of one.",
    ),
    "item in two blocks": (
        put("a_1", "blocks", 1, "items", 1),
        "blocks[1].items[1] (second): shows 'a_1' a second time",
    ),
    "retired item shown": (
        put("b_2", "blocks", 1, "items", 1),
        "items[3] (b_2): is retired, but still stands in a",
    ),
    "retired item in form": (
        put("b_2", "forms", 0, "items", 0),
        "forms[0].items[0] (short): 'b_2' is retired.",
    ),
    "form named long": (put("long", "forms", 0, "id"), "forms[0].id (long): 'long' always means all items."),
    "form twice": (
        put({"id": "short", "label": TEXTS, "items": ["a_1"]}, "forms", 1),
        "forms[1].id (short): 'short' is given twice in forms.",
    ),
    "reference twice": (
        put({"id": "book-2000", "text": "B"}, "references", 1),
        "'book-2000' is given twice in ref",
    ),
    "code twice": (
        put(1, "response_scales", 0, "points", 0, "code"),
        "response_scales[0].points (yes-no): has codes that do not rise, or one twice.",
    ),
    "missing code among answers": (
        put(1, "response_scales", 0, "missing", 0, "code"),
        "response_scales[0].missing (yes-no): has the code 1, but missing codes must be above 1,",
    ),
    "label twice": (
        put("Yes", "response_scales", 0, "points", 0, "label", "en"),
        "response_scales[0].points[1].label.en (yes-no): 'Yes' stands for two codes.",
    ),
    "scale twice": (
        lambda data: data["response_scales"].append(copy.deepcopy(data["response_scales"][0])),
        "response_scales: defines 'yes-no' more than once.",
    ),
    "shared scale redefined": (
        put(AGREEMENT, "response_scales", 1),
        "response_scales[1].id (agreement-7): is the id of a shared scale.",
    ),
    "reversed item on uneven codes": (
        lambda data: (put(SCALE, "response_scales", 1)(data), put("mine", "blocks", 0, "scale")(data)),
        "blocks[0].scale (first): 'mine' cannot be reversed: its codes are not evenly laid out.",
    ),
    "construct on two scales": (
        lambda data: (drop("blocks", 0, "items", 1)(data), put("a_2", "blocks", 1, "items", 1)(data)),
        "constructs[1] (part_a): has items on different scales (agreement-7, yes-no), which cannot",
    ),
    "undeclared placeholder": (
        lambda data: data["items"][1]["text"].update(en="{brnd}", zh="{brnd}"),
        "items[1].text.en (a_2): uses {brnd}, which is not declared under placeholders. Did you mean 'brand'",
    ),
    "placeholder in one language": (
        put("是一。", "items", 0, "text", "zh"),
        "items[0].text.zh (a_1): lacks {brand}, which another language of the same text has.",
    ),
    "brace of no placeholder": (
        put("{brand is one.", "items", 0, "text", "en"),
        "items[0].text.en (a_1): holds a brace that belongs to no placeholder.",
    ),
    "placeholder in a title": (
        put("{brand}", "title", "en"),
        "title.en: holds a placeholder; only item texts and",
    ),
    "status without data": (
        put("piloted", "evidence", "status"),
        "evidence.status: is 'piloted', but the steps with real data show 'developed'.",
    ),
    "status raised by simulated data": (
        put({"status": "piloted", "steps": [step("piloted", True)]}, "evidence"),
        "evidence.status: is 'piloted', but the steps with real data show 'developed'.",
    ),
    "status below the data": (
        put({"status": "developed", "steps": [step("piloted", False)]}, "evidence"),
        "evidence.status: is 'developed', but the steps with real data show 'piloted'.",
    ),
}
CASES = SCHEMA_CASES | CONSISTENCY_CASES
