"""Checks of response scales: codes and labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from trustmeasure.check import suggestion
from trustmeasure.instruments import wording
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries, ids, is_active, string, strings
from trustmeasure.instruments.records import ResponseScale


def shared_problems(data: object) -> Iterator[Problem]:
    """Yield what is wrong with a file of shared scales."""
    yield from _repeated_ids(data)
    for where, scale in entries(data, "response_scales"):
        yield from answer_problems(scale, where)


def answer_problems(scale: Raw, where: Where, tags: Sequence[str] = ()) -> Iterator[Problem]:
    """Yield what is wrong with codes and labels; `tags` are the languages, else the first label's."""
    yield from _code_problems(scale, where)
    yield from _label_problems(scale, where, tags)


def own_problems(data: object, shared: Mapping[str, ResponseScale]) -> Iterator[Problem]:
    """Yield what is wrong with the scales that an instrument defines."""
    yield from _repeated_ids(data)
    for where, scale in entries(data, "response_scales"):
        if string(scale, "id") in shared:
            yield Problem((*where, "id"), "is the id of a shared scale. Use that one, or choose another id.")
        yield from _code_problems(scale, where)
        yield from _repeated_labels(scale, where)


def use_problems(data: object, shared: Mapping[str, ResponseScale]) -> Iterator[Problem]:
    """Yield what is wrong with the way blocks use scales."""
    own = {id: scale for _, scale in entries(data, "response_scales") if (id := string(scale, "id"))}
    tags = [tag for _, entry in entries(data, "languages") if (tag := string(entry, "tag"))]
    turned = {i["id"] for _, i in entries(data, "items") if i.get("reverse") is True and string(i, "id")}
    for where, block in entries(data, "blocks"):
        name = string(block, "scale")
        if name is None:
            continue
        if name not in own and name not in shared:
            hint = suggestion(name, sorted({*own, *shared}))
            yield Problem((*where, "scale"), f"'{name}' is not a response scale. {hint}")
            continue
        if name in shared:
            yield from _language_problems(shared[name], (*where, "scale"), tags)
        codes = _codes(own[name], "points") if name in own else list(shared[name].codes)
        if turned & {id for _, id in strings(block, "items", where)} and not _is_symmetric(codes):
            yield Problem(
                (*where, "scale"), f"'{name}' cannot be reversed: its codes are not evenly laid out."
            )


def construct_problems(data: object) -> Iterator[Problem]:
    """Yield constructs whose items do not share one response scale."""
    scale_of = {
        id: string(block, "scale") or ""
        for where, block in entries(data, "blocks")
        for _, id in strings(block, "items", where)
    }
    for where, construct in entries(data, "constructs"):
        items = [
            i for _, i in entries(data, "items") if i.get("construct") == construct.get("id") and is_active(i)
        ]
        used = {scale_of[id] for item in items if (id := string(item, "id")) in scale_of}
        if len(used) > 1:
            listed = ", ".join(sorted(used))
            yield Problem(where, f"has items on different scales ({listed}), which cannot make one score.")


def _repeated_ids(data: object) -> Iterator[Problem]:
    known = ids(data, "response_scales")
    for id in sorted({id for id in known if known.count(id) > 1}):
        yield Problem(
            ("response_scales",), f"defines '{id}' more than once. Give each scale an id of its own."
        )


def _codes(scale: Raw, field: str) -> list[int]:
    codes = (as_mapping(entry).get("code") for _, entry in entries(scale, field))
    return [code for code in codes if isinstance(code, int) and not isinstance(code, bool)]


def _is_symmetric(codes: list[int]) -> bool:
    return bool(codes) and {min(codes) + max(codes) - code for code in codes} == set(codes)


def _code_problems(scale: Raw, where: Where) -> Iterator[Problem]:
    points, missing = _codes(scale, "points"), _codes(scale, "missing")
    for field, codes in (("points", points), ("missing", missing)):
        if any(after <= before for before, after in pairwise(codes)):
            yield Problem(
                (*where, field), "has codes that do not rise, or one twice. Put the smallest first."
            )
    if points and missing and min(missing) <= max(points):
        message = (
            f"has the code {min(missing)}, but missing codes must be above {max(points)}, the last answer's."
        )
        yield Problem((*where, "missing"), message)


def _label_problems(scale: Raw, where: Where, tags: Sequence[str]) -> Iterator[Problem]:
    labels = _labels(scale, where)
    wanted = tags or (list(labels[0][1]) if labels else [])
    for place, texts in labels:
        yield from wording.coverage(place, texts, wanted)
    yield from _repeated_labels(scale, where)


def _repeated_labels(scale: Raw, where: Where) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for place, texts in _labels(scale, where):
        for tag, text in texts.items():
            if isinstance(text, str) and (tag, text) in seen:
                yield Problem((*place, tag), f"'{text}' stands for two codes. Give each its own label.")
            seen.add((tag, str(text)))


def _labels(scale: Raw, where: Where) -> list[tuple[Where, Raw]]:
    answers = [*entries(scale, "points"), *entries(scale, "missing")]
    return [((*where, *at, "label"), as_mapping(answer.get("label"))) for at, answer in answers]


def _language_problems(scale: ResponseScale, where: Where, tags: list[str]) -> Iterator[Problem]:
    labels = scale.points[0].label
    for tag in tags:
        if tag not in labels:
            have = ", ".join(labels)
            message = (
                f"'{scale.id}' is in {have} only, not in '{tag}'. Define a scale of your own with another id."
            )
            yield Problem(where, message)
