"""The bifactor version of general trust: beside it, each basis keeps what is its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from trustmeasure.instruments import Instrument
from trustmeasure.trust.measuring import measurement_lines, parts_of
from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel, with_wholes
from trustmeasure.trust.named.general_trust import DIRECT, PATHS, TRUST


def bifactor(
    bank: Sequence[Instrument], constructs: Sequence[str], higher_order: bool, form: str
) -> list[str]:
    """Return measurement lines in which trust and the bases, all uncorrelated, load on the same variables.

    These are the dimensions of the bases, or their items when dimensions are not kept.
    """
    shown = {base: parts_of(bank, base, higher_order, form) for base in BASES}
    below = [part for parts in shown.values() for part in parts] if higher_order else []
    lines = measurement_lines(bank, below, higher_order, form)
    lines.append(f"{TRUST} =~ {' + '.join(part for parts in shown.values() for part in parts)}")
    lines += [f"{base} =~ {_loadings(parts)}" for base, parts in shown.items()]
    lines += [f"{a} ~~ 0*{b}" for a, b in combinations((TRUST, *BASES), 2)]
    return lines + with_wholes({})(bank, [c for c in constructs if c != TRUST], higher_order, form)


def _loadings(parts: Sequence[str]) -> str:
    """Return the loadings of a group factor; two are held equal, as else they could not be told apart."""
    return " + ".join(f"1*{part}" if len(parts) == 2 else part for part in parts)


MODEL = NamedModel(
    name="general-trust-bifactor",
    title="general trust (bifactor, beside three bases) -> satisfaction -> loyalty -> repurchase",
    claim=(
        "Every dimension of trust holds general trust and, apart from it, something of its basis. General "
        "trust alone leads to the outcomes; what is left of the bases leads to nothing."
    ),
    instruments=(*BASE_INSTRUMENTS, "satisfaction", "loyalty", "repurchase"),
    paths=PATHS,
    direct=DIRECT,
    measuring=bifactor,
    sources=(
        "Reise, S. P. (2012). The rediscovery of bifactor measurement models. Multivariate Behavioral "
        "Research, 47(5), 667-696.",
        "Chen, F. F., West, S. G., & Sousa, K. H. (2006). A comparison of bifactor and second-order models "
        "of quality of life. Multivariate Behavioral Research, 41(2), 189-225.",
    ),
    note=(
        "general-trust is this model with proportional loadings. The bases are uncorrelated here: they are "
        "what is left beside general trust, not the bases of the other models."
    ),
)
