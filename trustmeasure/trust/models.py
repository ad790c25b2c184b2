"""Named structural models, built as model text from instruments."""

from __future__ import annotations

from collections.abc import Sequence

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.instruments import Instrument, load_instrument
from trustmeasure.trust.paths import Paths, short_names

TRUST_OUTCOMES = (
    "cognitive-trust",
    "affective-trust",
    "structural-trust",
    "satisfaction",
    "loyalty",
    "repurchase",
)
BASES = ("cognitive_trust", "affective_trust", "structural_trust")

InstrumentLike = str | Instrument


def trust_outcomes(
    instruments: Sequence[InstrumentLike] | None = None,
    *,
    trust: Sequence[str] | None = None,
    satisfaction: str = "satisfaction",
    loyalty: str = "loyalty",
    repurchase: str = "repurchase_intention",
    higher_order: bool = True,
) -> str:
    """Return the text of the model in which trust leads to satisfaction, loyalty and repurchase.

    Each basis of trust has direct paths to satisfaction, loyalty and repurchase; satisfaction leads to
    loyalty and repurchase, loyalty to repurchase. Every indirect route is defined (`ind_...`), with its sum
    (`indirect_...`) and the total effect (`total_...`) for each pair.

    Parameters
    ----------
    instruments : sequence of str or Instrument, optional
        Instruments that hold the constructs; by default the six shipped ones.
    trust : sequence of str, optional
        Construct ids of the trust bases; by default those of cognitive, affective and structural trust that
        the instruments hold.
    satisfaction, loyalty, repurchase : str
        Construct ids of the outcomes.
    higher_order : bool
        Measure a construct that has dimensions by them (second-order factor); False lets all of its items
        load on it directly.

    Returns
    -------
    str
        Model text for `fit_sem`.

    Raises
    ------
    ArgumentError
        If a construct is in none of the instruments; the message names the nearest.

    Examples
    --------
    >>> text = trust_outcomes()
    >>> "satisfaction ~ cog_sat*cognitive_trust" in text
    True
    """
    bank = _load(instruments if instruments is not None else TRUST_OUTCOMES)
    known = [c.id for i in bank for c in i.constructs]
    bases = tuple(trust) if trust is not None else tuple(b for b in BASES if b in known)
    if not bases:
        raise ArgumentError(
            f"None of the trust bases {', '.join(BASES)} is in the instruments; say trust=[...]."
        )
    constructs = (*bases, satisfaction, loyalty, repurchase)
    paths = Paths(
        {
            satisfaction: bases,
            loyalty: (satisfaction, *bases),
            repurchase: (loyalty, satisfaction, *bases),
        },
        short_names(constructs),
    )
    lines = ["# trust-outcomes: trust -> satisfaction -> loyalty -> repurchase", "# measurement"]
    lines += _measurement(bank, constructs, higher_order)
    lines += ["# structure", *paths.regressions(), "# indirect and total effects", *paths.definitions()]
    return "\n".join(lines) + "\n"


def measurement(
    instruments: Sequence[InstrumentLike] = TRUST_OUTCOMES,
    *,
    constructs: Sequence[str] | None = None,
    higher_order: bool = True,
) -> str:
    """Return the text of the measurement model alone: all constructs correlate, none explains another.

    Parameters
    ----------
    instruments : sequence of str or Instrument
        Instruments that hold the constructs.
    constructs : sequence of str, optional
        Construct ids; by default every construct of the instruments that is no dimension of another and
        has at least two items.
    higher_order : bool
        Measure a construct that has dimensions by them; False lets its items load on it directly.

    Returns
    -------
    str
        Model text for `fit_sem`.

    Raises
    ------
    ArgumentError
        If a construct is in none of the instruments, or none can be measured.
    """
    bank = _load(instruments)
    chosen = tuple(constructs) if constructs is not None else _measurable(bank)
    if not chosen:
        raise ArgumentError("None of the instruments has a construct with at least two items.")
    return "\n".join(["# measurement model", *_measurement(bank, chosen, higher_order)]) + "\n"


def _load(instruments: Sequence[InstrumentLike]) -> tuple[Instrument, ...]:
    return tuple(i if isinstance(i, Instrument) else load_instrument(i) for i in instruments)


def _measurable(bank: Sequence[Instrument]) -> tuple[str, ...]:
    return tuple(
        c.id for i in bank for c in i.constructs if c.higher_order is None and len(i.items_of(c.id)) > 1
    )


def _measurement(bank: Sequence[Instrument], constructs: Sequence[str], higher_order: bool) -> list[str]:
    lines: list[str] = []
    for construct in constructs:
        owner = _owner(bank, construct)
        parts = owner.dimensions_of(construct) if higher_order else ()
        for part in parts:
            lines += _measurement(bank, [part.id], higher_order)
        by = [p.id for p in parts] if parts else [i.id for i in owner.items_of(construct)]
        lines.append(f"{construct} =~ {' + '.join(by)}")
    return lines


def _owner(bank: Sequence[Instrument], construct: str) -> Instrument:
    for instrument in bank:
        if any(c.id == construct for c in instrument.constructs):
            return instrument
    known = [c.id for i in bank for c in i.constructs]
    raise ArgumentError(
        f"No instrument has the construct '{construct}'. {suggestion(construct, known, most=20)}"
    )
