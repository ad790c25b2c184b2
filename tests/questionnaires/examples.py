"""Instruments for tests, made by hand."""

from __future__ import annotations

import dataclasses

from trustmeasure.instruments import (
    Block,
    Construct,
    Instrument,
    Item,
    Language,
    MissingCode,
    Placeholder,
    ResponseScale,
    ScalePoint,
)

MISSING = (
    MissingCode(97, {"en": "Not applicable", "zh": "不适用"}, "not-applicable"),
    MissingCode(99, {"en": "No answer", "zh": "未回答"}, "no-answer"),
)
SCALES = {
    "agree": ResponseScale(
        "agree",
        (
            ScalePoint(1, {"en": "Disagree", "zh": "不同意"}),
            ScalePoint(2, {"en": "Neither", "zh": "中立"}),
            ScalePoint(3, {"en": "Agree", "zh": "同意"}),
        ),
        MISSING,
    ),
    "likely": ResponseScale(
        "likely",
        (
            ScalePoint(0, {"en": "Not likely", "zh": "不可能"}),
            ScalePoint(1, {"en": "1", "zh": "1"}),
            ScalePoint(2, {"en": "Likely", "zh": "可能"}),
        ),
        MISSING[:1],
    ),
}
BRAND = Placeholder("brand", {"en": "Name", "zh": "名称"}, {"en": "the company", "zh": "该公司"})


def instrument(
    id: str = "first",
    *,
    items: int = 4,
    scale: str = "agree",
    randomise: bool = True,
    text: str = "{brand} is good.",
    stem: str = "About {brand}:",
    scales: dict[str, ResponseScale] | None = None,
) -> Instrument:
    """Return an instrument with one construct and one block; its items are `<id>_1`, `<id>_2`, ..."""
    ids = tuple(f"{id}_{number}" for number in range(1, items + 1))
    return Instrument(
        id=id,
        version="1.2.0",
        title={"en": id, "zh": id},
        languages=(Language("en", "English"), Language("zh", "中文")),
        response_scales={scale: (scales or SCALES)[scale]},
        constructs=(Construct(id, {"en": id, "zh": id}, {"en": id, "zh": id}, items=ids),),
        items=tuple(
            Item(item, id, scale, {"en": f"{text} {item}", "zh": f"{{brand}}很好。{item}"}) for item in ids
        ),
        blocks=(Block(f"{id}1", {"en": stem, "zh": "关于{brand}："}, ids, scale, randomise),),
        placeholders=(BRAND,),
    )


def changed(given: Instrument, **changes: object) -> Instrument:
    """Return an instrument with other values in some of its fields."""
    return dataclasses.replace(given, **changes)
