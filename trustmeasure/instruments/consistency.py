"""Checks of an instrument that a schema cannot make: ids, references, and how the parts fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from trustmeasure.check import suggestion
from trustmeasure.instruments import contexts, history, scales, waves, wording
from trustmeasure.instruments.model import LONG_FORM
from trustmeasure.instruments.names import is_reserved
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries, ids, is_active, string, strings
from trustmeasure.instruments.records import EvidenceStatus, ResponseScale

NAMED = ("constructs", "items", "blocks")


def instrument_problems(data: object, shared: Mapping[str, ResponseScale]) -> Iterator[Problem]:
    """Yield what does not fit together in the data of an instrument file."""
    yield from wording.problems(data)
    yield from _name_problems(data)
    yield from _repeated(data, "references", "id")
    yield from _repeated(data, "placeholders", "name")
    for field in ("forms", "contexts", "waves"):
        yield from _repeated(data, field, "id")
    yield from _reference_problems(data)
    yield from _construct_problems(data)
    yield from _block_problems(data)
    yield from _form_problems(data)
    yield from contexts.problems(data)
    yield from waves.problems(data)
    yield from history.problems(data)
    yield from scales.own_problems(data, shared)
    yield from scales.use_problems(data, shared)
    yield from scales.construct_problems(data)
    yield from _evidence_problems(data)


def _name_problems(data: object) -> Iterator[Problem]:
    first: dict[str, str] = {}
    retired = {string(item, "id") for _, item in entries(data, "items") if not is_active(item)}
    for field in NAMED:
        for where, entry in entries(data, field):
            id = string(entry, "id")
            if id is None:
                continue
            if is_reserved(id):
                yield Problem(
                    (*where, "id"), f"'{id}' has a meaning of its own on some platform. Choose another."
                )
            if id.casefold() in first:
                kind = "retired items" if id in retired else first[id.casefold()]
                yield Problem(
                    (*where, "id"), f"'{id}' is already the id of one of the {kind}. Choose another."
                )
            first.setdefault(id.casefold(), field)


def _repeated(data: object, field: str, key: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for where, entry in entries(data, field):
        name = (string(entry, key) or "").casefold()
        if name and name in seen:
            yield Problem((*where, key), f"'{name}' is given twice in {field}. Choose another.")
        seen.add(name)


def _reference_problems(data: object) -> Iterator[Problem]:
    constructs = ids(data, "constructs")
    for where, item in entries(data, "items"):
        yield from _unknown(string(item, "construct"), constructs, (*where, "construct"), "construct")
    for where, construct in entries(data, "constructs"):
        whole = string(construct, "higher_order")
        yield from _unknown(whole, constructs, (*where, "higher_order"), "construct")
        for at, source in strings(construct, "sources", where):
            yield from _unknown(source, ids(data, "references"), at, "reference")
    for field in ("blocks", "forms"):
        for where, entry in entries(data, field):
            for at, item_id in strings(entry, "items", where):
                yield from _unknown(item_id, ids(data, "items"), at, "item")


def _unknown(id: str | None, known: Sequence[str], where: Where, what: str) -> Iterator[Problem]:
    if id is not None and id not in known:
        yield Problem(where, f"there is no {what} '{id}'. {suggestion(id, known)}")


def _construct_problems(data: object) -> Iterator[Problem]:
    whole_of = {c["id"]: string(c, "higher_order") for _, c in entries(data, "constructs") if string(c, "id")}
    measured = {string(item, "construct") for _, item in entries(data, "items") if is_active(item)}
    for where, construct in entries(data, "constructs"):
        id = string(construct, "id")
        if id is None:
            continue
        has_dimensions = id in whole_of.values()
        if id in measured and has_dimensions:
            yield Problem(where, "has items and dimensions. Give its items to a dimension.")
        if id not in measured and not has_dimensions:
            yield Problem(where, "has neither items nor dimensions. Add items, or remove it.")
        if _is_in_circle(id, whole_of):
            yield Problem((*where, "higher_order"), "leads back to the construct itself. Break the circle.")


def _is_in_circle(id: str, whole_of: Mapping[str, str | None]) -> bool:
    above, steps = whole_of.get(id), 0
    while above is not None and above != id and steps <= len(whole_of):
        above, steps = whole_of.get(above), steps + 1
    return above == id


def _block_problems(data: object) -> Iterator[Problem]:
    shown = [found for where, block in entries(data, "blocks") for found in strings(block, "items", where)]
    names = [id for _, id in shown]
    for position, (where, id) in enumerate(shown):
        if id in names[:position]:
            yield Problem(where, f"shows '{id}' a second time. An item stands in one block, once.")
    for where, item in entries(data, "items"):
        listed = string(item, "id") in names
        if is_active(item) and not listed:
            yield Problem(where, "stands in no block. Add it to the items of one.")
        if not is_active(item) and listed:
            yield Problem(where, "is retired, but still stands in a block. Remove it there.")


def _form_problems(data: object) -> Iterator[Problem]:
    retired = {string(item, "id") for _, item in entries(data, "items") if not is_active(item)}
    for where, form in entries(data, "forms"):
        if form.get("id") == LONG_FORM:
            yield Problem((*where, "id"), f"'{LONG_FORM}' always means all items. Choose another.")
        for at, id in strings(form, "items", where):
            if id in retired:
                yield Problem(at, f"'{id}' is retired. Remove it from the form.")


def _evidence_problems(data: object) -> Iterator[Problem]:
    evidence = as_mapping(as_mapping(data).get("evidence"))
    order = get_args(EvidenceStatus)
    reached = [_rank(step, order) for _, step in entries(evidence, "steps") if step.get("simulated") is False]
    shown = order[max(reached, default=0)]
    status = evidence.get("status")
    if status in order and status != shown:
        message = f"is '{status}', but the steps with real data show '{shown}'. Write that, or add the step."
        yield Problem(("evidence", "status"), message)


def _rank(step: Raw, order: Sequence[str]) -> int:
    status = step.get("status")
    return order.index(status) if status in order else 0
