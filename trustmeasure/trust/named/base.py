"""The record of a named model: what it claims, with which instruments, after whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from trustmeasure.instruments import Instrument
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.trust.measuring import measurement_lines

Predictors = Mapping[str, Sequence[str]]
"""Outcome -> what leads to it."""

Measuring = Callable[[Sequence[Instrument], Sequence[str], bool, str], list[str]]
"""Instruments, constructs, whether dimensions are kept, form -> measurement lines."""

BASES = ("cognitive_trust", "affective_trust", "structural_trust")
BASE_INSTRUMENTS = ("cognitive-trust", "affective-trust", "structural-trust")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """A structural model that has a name.

    Attributes
    ----------
    name : str
        Small letters and hyphens.
    title : str
        The model in a line, with arrows.
    claim : str
        What it claims, in plain words.
    instruments : tuple of str
        Ids of the shipped instruments that measure it.
    paths : mapping
        Outcome -> its predictors, in causal order. This is the claim itself.
    direct : mapping
        Outcome -> predictors beside those of `paths`: the direct paths, which can be left out.
    together : tuple of tuple of str
        Outcomes that share other causes too: their residuals covary.
    wholes : mapping
        Construct that no instrument holds -> the constructs in which it shows itself, such as general trust.
    observed : tuple of str
        Names in `paths` that are columns of the data, not constructs.
    short : mapping
        Construct -> its short name in labels, where first letters do not do.
    measuring : function
        What writes the measurement lines; that of `wholes` and items by default.
    sources : tuple of str
        The literature behind the claim, as full references.
    note : str
        What to know before it is used; empty when there is nothing.

    Examples
    --------
    >>> from trustmeasure.trust.named import named_model
    >>> named_model("satisfaction-first").paths["loyalty"]
    ('cognitive_trust', 'affective_trust', 'structural_trust')
    """

    name: str
    title: str
    claim: str
    instruments: tuple[str, ...]
    paths: Predictors
    direct: Predictors = field(default_factory=FrozenMap)
    together: tuple[tuple[str, ...], ...] = ()
    wholes: Predictors = field(default_factory=FrozenMap)
    observed: tuple[str, ...] = ()
    short: Mapping[str, str] = field(default_factory=FrozenMap)
    measuring: Measuring | None = None
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def constructs(self) -> tuple[str, ...]:
        """What the paths join, causes before what they lead to; observed columns included."""
        return joined(self.paths)


def joined(paths: Predictors) -> tuple[str, ...]:
    """Return the names in paths: those that come first in the causal order first."""
    return tuple(dict.fromkeys(name for outcome, causes in paths.items() for name in (*causes, outcome)))


def with_wholes(wholes: Predictors) -> Measuring:
    """Return what measures each construct of `wholes` by others, and all else as its instrument says."""

    def lines(
        bank: Sequence[Instrument], constructs: Sequence[str], higher_order: bool, form: str
    ) -> list[str]:
        written: list[str] = []
        for construct in constructs:
            parts = wholes.get(construct, ())
            written += measurement_lines(bank, parts or [construct], higher_order, form)
            written += [f"{construct} =~ {' + '.join(parts)}"] if parts else []
        return written

    return lines
