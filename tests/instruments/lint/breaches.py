"""Ways to break each rule that is about more than one text, and where the finding must stand."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.instruments.instrument_mistakes import drop, put

Change = Callable[[Any], object]

LONG_EN = " ".join(["Think of the time when you last went there and of what you saw."] * 4)
LONG_ZH = "请回忆您上一次到店的经历，从进门开始，一直到您离开，" * 4 + "再作答。"


HARD_EN = (
    "{brand} demonstrates considerable organisational responsibility.",
    "Employees communicate professionally regarding complicated situations.",
    "Communication concerning modifications occurs immediately.",
    "{brand} communicates comprehensible alternatives.",
)
HARD_ZH = (
    "{brand}会在我提出要求之后的很短时间里给出答复。",
    "工作人员在我到店以后很快就会来回答我的问题。",
    "我发给客服的问题基本上都在当天就能收到答复。",
    "{brand}在介绍服务内容时用的都是通俗易懂的话。",
)
RARE_ZH = ("{brand}邃密周详。", "员工恪勤匪懈。", "答复翔实赅备。", "{brand}擘画缜密。")


def texts(place: int, **words: str) -> Change:
    def change(data: Any) -> None:
        data["items"][place]["text"].update(words)

    return change


def all_of(*changes: Change) -> Change:
    def change(data: Any) -> None:
        for one in changes:
            one(data)

    return change


def renamed(id: str) -> Change:
    return all_of(put(id, "items", 0, "id"), put(id, "blocks", 0, "items", 0))


def many_items(count: int) -> Change:
    def change(data: Any) -> None:
        names = ("door", "shop", "phone", "bill", "car", "letter", "house", "garden", "street", "bank")
        signs = ("门口", "商店", "电话", "账单", "汽车", "信件", "房屋", "花园", "街道", "银行")
        for place in range(5, count + 1):
            new = copy.deepcopy(data["items"][1])
            new.update(id=f"cln_{place}")
            name, sign = names[place - 5], signs[place - 5]
            new["text"] = {
                "en": f"At the {name} {'there ' * (place % 3)}is help.".replace("  ", " "),
                "zh": f"{sign}那边{'确实' * (place % 3)}有帮手。",
            }
            data["items"].append(new)
            data["blocks"][0]["items"].append(new["id"])

    return change


POINTS = ("response_scales", 0, "points")
FIRST_POINT = "response_scales[0].points[0].label"
MISSING = ("response_scales", 0, "missing")
OTHER_REFERENCE = {"id": "roe-2002", "text": "Roe, R. (2002). More. Press."}
UNKNOWN = [{"rule": "doubly-barrelled", "reason": "Why."}]
IDLE = [{"rule": "absolute", "reason": "Why."}]
REVERSED = all_of(put(True, "items", 0, "reverse"), put(True, "items", 1, "reverse"))
WAVES = put(
    [{"id": w, "label": {"en": f"Wave {w}", "zh": f"第{s}次"}} for w, s in (("one", "一"), ("two", "二"))],
    "waves",
)
SECOND_BLOCK = {
    "id": "clntwo",
    "stem": {"en": "How much do you agree now?", "zh": "现在请选出您的同意程度。"},
    "scale": "agreement-7",
    "randomise": True,
    "items": ["cln_3", "cln_4"],
    "waves": ["two"],
}
OTHER_CONSTRUCT = {
    "id": "speed",
    "label": {"en": "Speed", "zh": "速度"},
    "definition": {"en": "Belief that the company is quick.", "zh": "顾客相信企业办事很快。"},
    "measurement": "reflective",
    "score": "mean",
    "sources": ["doe-2001"],
}
TWO_CONSTRUCTS = all_of(
    put(OTHER_CONSTRUCT, "constructs", 1),
    put("speed", "items", 3, "construct"),
    put("spd_1", "items", 3, "id"),
    put("spd_1", "blocks", 0, "items", 3),
)

BREACHES: dict[str, list[tuple[Change, str]]] = {
    "form": [
        (put("x", "licence"), "licence"),
        (put("CLN", "items", 0, "id"), "items[0].id"),
        (put("1.0", "version"), "version"),
    ],
    "consistency": [
        (put("cln_9", "blocks", 0, "items", 0), "blocks[0].items[0]"),
        (put("cln_1", "items", 1, "id"), "items[1].id"),
    ],
    "missing-translation": [
        (drop("items", 0, "text", "zh"), "items[0].text.zh"),
        (drop("items", 0, "text", "en"), "items[0].text.en"),
        (put("Eins.", "items", 0, "text", "de"), "items[0].text.de"),
    ],
    "placeholder": [
        (texts(0, zh="该公司帮助我。"), "items[0].text.zh"),
        (texts(0, en="The company helps me."), "items[0].text.en"),
        (texts(1, en="The {shop} helps."), "items[1].text.en"),
        (texts(1, zh="{brand工作人员有时间。"), "items[1].text.zh"),
    ],
    "id-taken": [
        (
            all_of(renamed("sat_1"), drop("forms")),
            "items[0].id",
        ),
        (
            all_of(renamed("age_group"), drop("forms")),
            "items[0].id",
        ),
    ],
    "same-text": [
        (texts(1, zh="The staff have time for my questions."), "items[1].text.zh"),
        (put("乐于助人", "title", "en"), "title.zh"),
    ],
    "long-stem": [
        (put(LONG_EN, "blocks", 0, "stem", "en"), "blocks[0].stem.en"),
        (put(LONG_ZH, "blocks", 0, "stem", "zh"), "blocks[0].stem.zh"),
    ],
    "near-duplicate": [
        (texts(3, en="{brand} helps me.", zh="{brand}讲解得通俗易懂。"), "items[3].text.en"),
        (texts(3, zh="{brand}帮助我。"), "items[3].text.zh"),
        (texts(2, en="The staff have time for my question."), "items[2].text.en"),
        (texts(2, zh="工作人员有时间回答我们的问题。"), "items[2].text.zh"),
    ],
    "reading-level": [
        (all_of(*(texts(place, en=hard) for place, hard in enumerate(HARD_EN))), "items"),
        (all_of(*(texts(place, zh=hard) for place, hard in enumerate(HARD_ZH))), "items"),
        (all_of(*(texts(place, zh=rare) for place, rare in enumerate(RARE_ZH))), "items"),
    ],
    "label-end": [
        (put("Helpfulness.", "constructs", 0, "label", "en"), "constructs[0].label.en"),
        (put("少。", *POINTS, 0, "label", "zh"), f"{FIRST_POINT}.zh"),
    ],
    "scale-steps": [(put(4, "response_scales", 0, "points", 2, "code"), "response_scales[0].points")],
    "scale-ends": [
        (
            put("1", "response_scales", 0, "points", 0, "label", "en"),
            "response_scales[0].points[0].label.en",
        ),
        (
            put("3", "response_scales", 0, "points", 2, "label", "zh"),
            "response_scales[0].points[2].label.zh",
        ),
    ],
    "missing-codes": [(put(9, *MISSING, 0, "code"), "response_scales[0].missing[0].code")],
    "file-name": [(put("other", "id"), "id")],
    "item-id": [
        (
            all_of(renamed("helps_1"), drop("forms")),
            "items[0].id",
        ),
        (
            all_of(renamed("help"), drop("forms")),
            "items[0].id",
        ),
    ],
    "construct-definition": [
        (put("It helps.", "constructs", 0, "definition", "en"), "constructs[0].definition.en"),
        (put("帮助人。", "constructs", 0, "definition", "zh"), "constructs[0].definition.zh"),
    ],
    "construct-sources": [(put([], "constructs", 0, "sources"), "constructs[0].sources")],
    "few-items": [
        (
            all_of(
                put("retired", "items", 2, "status"),
                put("retired", "items", 3, "status"),
                put(["cln_1", "cln_2"], "blocks", 0, "items"),
                drop("forms"),
            ),
            "constructs[0]",
        )
    ],
    "reversed-share": [(REVERSED, "constructs[0]")],
    "block-size": [(many_items(9), "blocks[0].items")],
    "statement": [
        (texts(1, en="Do the staff have time for you?"), "items[1].text.en"),
        (texts(1, zh="工作人员有时间回答您的问题吗？"), "items[1].text.zh"),
    ],
    "no-short-form": [(all_of(many_items(7), drop("forms")), "forms")],
    "form-coverage": [
        (TWO_CONSTRUCTS, "forms[0].items"),
        (put(["cln_1", "cln_2", "cln_3", "cln_4"], "forms", 0, "items"), "forms[0].items"),
        (
            all_of(WAVES, put(["cln_1", "cln_2"], "blocks", 0, "items"), put(["one"], "blocks", 0, "waves"),
                   put(SECOND_BLOCK, "blocks", 1)),
            "forms[0].items",
        ),
    ],
    "reference": [
        (put("A book on help.", "references", 0, "text"), "references[0].text"),
        (put("Doe, J. 2001. A book on help. Press.", "references", 0, "text"), "references[0].text"),
        (put(OTHER_REFERENCE, "references", 1), "references[1].id"),
    ],
    "citation": [(put("Somebody. Something else.", "citation"), "citation")],
    "exemption": [
        (put(UNKNOWN, "items", 0, "lint"), "items[0].lint[0].rule"),
        (put([{"rule": "form", "reason": "Why."}], "lint"), "lint[0].rule"),
    ],
    "idle-exemption": [(put(IDLE, "items", 0, "lint"), "items[0].lint[0]")],
}  # fmt: skip
