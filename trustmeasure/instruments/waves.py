"""Checks of when and on which condition a block is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trustmeasure.check import suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import Raw, entries, ids, is_active, string, strings
from trustmeasure.logic import columns_of, parse_expression


@dataclass(frozen=True, slots=True)
class _Asked:
    """A block as far as conditions care: its items, its waves (None for all), the columns it hangs on."""

    where: Where
    items: frozenset[str]
    waves: frozenset[str] | None
    needs: tuple[str, ...]


def problems(data: object) -> Iterator[Problem]:
    """Yield what is wrong with the waves and conditions of an instrument's blocks."""
    yield from _wave_problems(data)
    for where, block in entries(data, "blocks"):
        condition = string(block, "shown_if")
        if condition is not None:
            yield from _unreadable(condition, (*where, "shown_if"))
    blocks = [_asked(where, block) for where, block in entries(data, "blocks")]
    items = {i["id"]: is_active(i) for _, i in entries(data, "items") if string(i, "id")}
    for position, asked in enumerate(blocks):
        yield from _order_problems(asked, blocks[:position], items)
    yield from _form_problems(data, blocks)


def _wave_problems(data: object) -> Iterator[Problem]:
    known, used = ids(data, "waves"), set[str]()
    everywhere = False
    for where, block in entries(data, "blocks"):
        everywhere = everywhere or "waves" not in block
        for at, wave in strings(block, "waves", where):
            used.add(wave)
            if wave not in known:
                yield Problem(at, f"there is no wave '{wave}'. {suggestion(wave, known)}")
    for where, entry in entries(data, "waves"):
        id = string(entry, "id")
        if id is not None and id not in used and not everywhere:
            yield Problem(where, f"no block is asked in '{id}'. Name it in the waves of one, or remove it.")


def _unreadable(condition: str, where: Where) -> Iterator[Problem]:
    try:
        parse_expression(condition)
    except QuestionnaireError as error:
        yield Problem(where, str(error))


def _asked(where: Where, block: Raw) -> _Asked:
    waves = frozenset(wave for _, wave in strings(block, "waves", where))
    items = frozenset(id for _, id in strings(block, "items", where))
    return _Asked(where, items, waves or None, _columns(string(block, "shown_if")))


def _columns(condition: str | None) -> tuple[str, ...]:
    try:
        return () if condition is None else columns_of(parse_expression(condition))
    except QuestionnaireError:
        return ()


def _order_problems(block: _Asked, before: Sequence[_Asked], items: Mapping[str, bool]) -> Iterator[Problem]:
    """Yield conditions that hang on an item of this file which is not asked before the block."""
    for column in block.needs:
        if column not in items:
            continue
        at = (*block.where, "shown_if")
        source = next((one for one in before if column in one.items), None)
        if not items[column]:
            yield Problem(at, f"asks for '{column}', which is retired. Ask for an active item.")
        elif source is None:
            yield Problem(at, f"asks for '{column}', which no earlier block holds. Move its block up.")
        elif source.waves is not None and (block.waves is None or not block.waves <= source.waves):
            yield Problem(
                at, f"asks for '{column}', which is not asked in every wave of this block. Make them agree."
            )


def _form_problems(data: object, blocks: Sequence[_Asked]) -> Iterator[Problem]:
    own = set(ids(data, "items"))
    for where, form in entries(data, "forms"):
        held = {id for _, id in strings(form, "items", where)}
        lacking = {c for block in blocks if block.items & held for c in block.needs if c in own - held}
        for column in sorted(lacking):
            yield Problem(
                (*where, "items"),
                f"lacks '{column}', on which one of its blocks hangs. Add it to the form.",
            )
