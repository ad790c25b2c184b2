"""Crisis and repair: what a company does after a crisis restores trust, measured in three waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from trustmeasure.instruments import Instrument
from trustmeasure.trust.measuring import items_of, measurement_lines, owner_of
from trustmeasure.trust.named.base import NamedModel

REPEATED = "company_trust"
AFTER, LATER = "trust_right_after", "trust_later"
ENDINGS = {"trust_before": "before", AFTER: "right_after", LATER: "later"}
RESPONSES = ("open_apology", "compensation", "corrective_action", "response_speed")


def over_waves(
    bank: Sequence[Instrument], constructs: Sequence[str], higher_order: bool, form: str
) -> list[str]:
    """Return measurement lines for answers of several waves in one row a person.

    Each item has the wave in which it is asked as an ending. Trust is measured by the same items each time:
    the loadings of an item are equal over the waves, so that trust means the same, and its residuals
    covary, because an item has something of its own each time. How customers see the company's response may
    covary with the trust that was left after the crisis, beyond what both share with trust before it. When
    no trust of one wave is among the constructs, one wave was asked, and items keep their names.

    Parameters
    ----------
    bank : sequence of Instrument
        Where the constructs are looked for.
    constructs : sequence of str
        Constructs of the model; those named in `ENDINGS` are trust in one wave.
    higher_order : bool
        Measure a construct that has dimensions by them.
    form : str
        The instruments' form whose items are used.
    """
    once = [construct for construct in constructs if construct not in ENDINGS]
    waves = [construct for construct in constructs if construct in ENDINGS]
    lines = measurement_lines(bank, once, higher_order, form)
    if not waves:
        return lines
    endings = _endings(bank)
    lines = [_with_endings(line, endings) for line in lines] + _repeated(bank, waves, form)
    seen = [one for one in RESPONSES if one in constructs and AFTER in constructs]
    return lines + [f"{AFTER} ~~ {response}" for response in seen]


def _endings(bank: Sequence[Instrument]) -> dict[str, str]:
    """Return item -> the wave it is asked in, as an ending; the last one for what could be asked in all."""
    return {
        item: (block.waves[-1].replace("-", "_") if block.waves else ENDINGS[LATER])
        for instrument in bank
        for block in instrument.blocks
        for item in block.items
    }


def _with_endings(line: str, endings: Mapping[str, str]) -> str:
    construct, items = line.split(" =~ ")
    named = (f"{item}_{endings[item]}" if item in endings else item for item in items.split(" + "))
    return f"{construct} =~ {' + '.join(named)}"


def _repeated(bank: Sequence[Instrument], waves: Sequence[str], form: str) -> list[str]:
    items = items_of(owner_of(bank, REPEATED), REPEATED, form)
    lines = [f"{wave} =~ {' + '.join(_loadings(items, ENDINGS[wave]))}" for wave in waves]
    pairs = [(ENDINGS[a], ENDINGS[b]) for a, b in combinations(waves, 2)]
    return lines + [f"{item}_{a} ~~ {item}_{b}" for item in items for a, b in pairs]


def _loadings(items: Sequence[str], ending: str) -> list[str]:
    """Return the items of one wave; the first sets the scale, the others have labels that waves share."""
    first, *others = items
    return [f"{first}_{ending}", *(f"load_{item}*{item}_{ending}" for item in others)]


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
        LATER: (AFTER, *RESPONSES),
        "repurchase_intention": (LATER,),
    },
    direct={
        LATER: ("trust_before",),
        "repurchase_intention": RESPONSES,
    },
    short={
        "trust_before": "bef",
        AFTER: "aft",
        LATER: "lat",
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
        "Needs one row a person with the waves before, right-after and later, as join_waves makes it: each "
        "column has its wave as an ending (cri_tru_1_before, cri_sev_1_right_after, rep_1_later). "
        'With the last wave alone: without=["trust_right_after", "trust_before", "perceived_severity", '
        '"crisis_attribution"], constructs={"trust_later": "restored_trust"}, and columns without an ending.'
    ),
)
