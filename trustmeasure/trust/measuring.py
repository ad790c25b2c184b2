"""From constructs to measurement lines: what each construct shows itself in."""

from __future__ import annotations

from collections.abc import Sequence

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.instruments import Instrument, load_instrument
from trustmeasure.instruments.model import LONG_FORM

InstrumentLike = str | Instrument


def load_bank(instruments: Sequence[InstrumentLike]) -> tuple[Instrument, ...]:
    """Return the instruments, those given by id loaded."""
    return tuple(load_instrument(i) for i in instruments)


def measurable(bank: Sequence[Instrument]) -> tuple[str, ...]:
    """Return the constructs that are no dimension of another and have at least two items."""
    return tuple(
        c.id for i in bank for c in i.constructs if c.higher_order is None and len(i.items_of(c.id)) > 1
    )


def measurement_lines(
    bank: Sequence[Instrument], constructs: Sequence[str], higher_order: bool, form: str = LONG_FORM
) -> list[str]:
    """Return a `=~` line for each construct, those of its dimensions before it.

    Parameters
    ----------
    bank : sequence of Instrument
        Where the constructs are looked for.
    constructs : sequence of str
        Construct ids.
    higher_order : bool
        Measure a construct that has dimensions by them; False lets its items load on it directly.
    form : str
        The instruments' form whose items are used.

    Raises
    ------
    ArgumentError
        If a construct is in none of the instruments, or the form has no item of it.
    """
    lines: list[str] = []
    for construct in constructs:
        if higher_order:
            lines += measurement_lines(bank, dimensions_of(bank, construct), higher_order, form)
        lines.append(f"{construct} =~ {' + '.join(parts_of(bank, construct, higher_order, form))}")
    return lines


def parts_of(bank: Sequence[Instrument], construct: str, higher_order: bool, form: str) -> list[str]:
    """Return the names in which a construct shows itself: its dimensions, or the items of a form."""
    dimensions = dimensions_of(bank, construct) if higher_order else []
    return dimensions or items_of(owner_of(bank, construct), construct, form)


def dimensions_of(bank: Sequence[Instrument], construct: str) -> list[str]:
    """Return the ids of a construct's dimensions; none when it has items of its own."""
    return [part.id for part in owner_of(bank, construct).dimensions_of(construct)]


def items_of(owner: Instrument, construct: str, form: str) -> list[str]:
    """Return the ids of a construct's items in a form of its instrument."""
    within = {item.id for item in owner.items_in(form)}
    found = [item.id for item in owner.items_of(construct) if item.id in within]
    if found:
        return found
    raise ArgumentError(
        f"The form '{form}' of the instrument '{owner.id}' has no item of '{construct}'. "
        "Use the long form, or higher_order=False."
    )


def owner_of(bank: Sequence[Instrument], construct: str) -> Instrument:
    """Return the instrument that holds a construct; raise ArgumentError naming the nearest otherwise."""
    for instrument in bank:
        if any(c.id == construct for c in instrument.constructs):
            return instrument
    known = [c.id for i in bank for c in i.constructs]
    raise ArgumentError(
        f"No instrument has the construct '{construct}'. {suggestion(construct, known, most=20)}"
    )
