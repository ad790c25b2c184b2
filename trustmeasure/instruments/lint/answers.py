"""Rules about response scales: distances, labelled ends, missing codes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from trustmeasure.instruments.lint.model import File, Hit, Rule
from trustmeasure.instruments.problems import Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries

MISSING_CODES = range(97, 100)


def _scales(file: File) -> list[tuple[Where, Raw]]:
    return entries(file.data, "questions" if file.kind == "background" else "response_scales")


def _codes(entry: Raw, field: str) -> list[tuple[Where, int]]:
    found = [(where, each.get("code")) for where, each in entries(entry, field)]
    return [(where, code) for where, code in found if isinstance(code, int) and not isinstance(code, bool)]


def _steps(file: File) -> Iterator[Hit]:
    for where, scale in _scales(file):
        codes = [code for _, code in _codes(scale, "points")]
        if len({after - before for before, after in pairwise(codes)}) > 1:
            listed = ", ".join(map(str, codes))
            yield Hit((*where, "points"), f"has codes at different distances: {listed}.")


def _ends(file: File) -> Iterator[Hit]:
    for where, scale in entries(file.data, "response_scales"):
        points = entries(scale, "points")
        for at, point in (*points[:1], *points[1:][-1:]):
            for tag, text in as_mapping(point.get("label")).items():
                if isinstance(text, str) and text.strip().isdigit():
                    yield Hit((*where, *at, "label", tag), f"gives an end only the number {text}.")


def _missing(file: File) -> Iterator[Hit]:
    for where, scale in _scales(file):
        for at, code in _codes(scale, "missing"):
            if code not in MISSING_CODES:
                yield Hit((*where, *at, "code"), f"is {code}, outside 97 to 99.")


SCALE_STEPS = Rule(
    id="scale-steps",
    severity="warning",
    about="The codes of a scale have equal distances.",
    remedy="Number the answers without gaps, or silence the rule where the gaps are meant.",
    check=_steps,
)
SCALE_ENDS = Rule(
    id="scale-ends",
    severity="warning",
    about="Both ends of a scale have words, not only numbers.",
    remedy="Say what the lowest and the highest answer mean.",
    check=_ends,
)
MISSING_CODE = Rule(
    id="missing-codes",
    severity="warning",
    about="Codes of missing answers are 97 (not applicable), 98 (don't know, refused) and 99 (no answer).",
    remedy="Use 97, 98 or 99.",
    check=_missing,
)

RULES = (SCALE_STEPS, SCALE_ENDS, MISSING_CODE)
