"""Crisis and repair: what a company does after a crisis restores trust, measured in three waves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from trustmeasure.instruments import Instrument
from trustmeasure.trust.measuring import items_of, measurement_lines, owner_of
from trustmeasure.trust.named.base import NamedModel

REPEATED = "company_trust"
AFTER = "trust_right_after"
SUFFIXES = {"trust_before": "before", AFTER: "right_after", "trust_later": "later"}
RESPONSES = ("open_apology", "compensation", "corrective_action", "response_speed")


def over_waves(
    bank: Sequence[Instrument], constructs: Sequence[str], higher_order: bool, form: str
) -> list[str]:
    """Return measurement lines where trust is measured by the same items in each wave.

    The loadings of an item are equal over the waves, so that trust means the same each time, and its
    residuals covary, because an item has something of its own each time. How customers see the company's
    response may covary with the trust that was left after the crisis, beyond what both share with trust
    before it.

    Parameters
    ----------
    bank : sequence of Instrument
        Where the constructs are looked for.
    constructs : sequence of str
        Constructs of the model; those named in `SUFFIXES` are trust in one wave.
    higher_order : bool
        Measure a construct that has dimensions by them.
    form : str
        The instruments' form whose items are used.
    """
    lines: list[str] = []
    for construct in constructs:
        if construct not in SUFFIXES:
            lines += measurement_lines(bank, [construct], higher_order, form)
    waves = [construct for construct in constructs if construct in SUFFIXES]
    lines += _repeated(bank, waves, form) if waves else []
    seen = [one for one in RESPONSES if one in constructs and AFTER in constructs]
    return lines + [f"{AFTER} ~~ {response}" for response in seen]


def _repeated(bank: Sequence[Instrument], waves: Sequence[str], form: str) -> list[str]:
    items = items_of(owner_of(bank, REPEATED), REPEATED, form)
    lines = [f"{wave} =~ {' + '.join(_loadings(items, SUFFIXES[wave]))}" for wave in waves]
    pairs = [(SUFFIXES[a], SUFFIXES[b]) for a, b in combinations(waves, 2)]
    return lines + [f"{item}_{a} ~~ {item}_{b}" for item in items for a, b in pairs]


def _loadings(items: Sequence[str], suffix: str) -> list[str]:
    """Return the items of one wave; the first sets the scale, the others have labels that waves share."""
    first, *others = items
    return [f"{first}_{suffix}", *(f"load_{item}*{item}_{suffix}" for item in others)]


MODEL = NamedModel(
    name="repair",
    title="apology, compensation, correction, speed -> restored trust -> repurchase",
    claim=(
        "A crisis that is grave and of the company's own making costs trust. How openly and how fast the "
        "company responds, what it makes good and what it changes restores trust, whatever trust there was "
        "before, and restored trust brings customers back."
    ),
    instruments=("crisis-repair", "repurchase"),
    paths={
        AFTER: ("trust_before", "perceived_severity", "crisis_attribution"),
        "trust_later": (AFTER, *RESPONSES),
        "repurchase_intention": ("trust_later",),
    },
    direct={
        "trust_later": ("trust_before",),
        "repurchase_intention": RESPONSES,
    },
    short={
        "trust_before": "bef",
        AFTER: "aft",
        "trust_later": "lat",
        "perceived_severity": "sev",
        "crisis_attribution": "att",
        "open_apology": "apo",
        "compensation": "cmp",
        "corrective_action": "cor",
        "response_speed": "spd",
        "repurchase_intention": "rep",
    },
    measuring=over_waves,
    sources=(
        "Xie, Y., & Peng, S. (2009). How to repair customer trust after negative publicity: The roles of "
        "competence, integrity, benevolence, and forgiveness. Psychology & Marketing, 26(7), 572-589.",
    ),
    note=(
        "Needs one row a person, joined over the waves: items of trust in the company have the wave as an "
        "ending (cri_tru_1_before, cri_tru_1_right_after, cri_tru_1_later), what is asked once has none. "
        'With the last wave alone: without=["trust_right_after", "trust_before", "perceived_severity", '
        '"crisis_attribution"], constructs={"trust_later": "restored_trust"}.'
    ),
)
