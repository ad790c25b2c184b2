"""What the company does leads to the three bases of trust, and these to the outcomes."""

from __future__ import annotations

from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel

DRIVERS = ("transparency", "promise_keeping", "fairness", "professionalism", "emotional_connection")

MODEL = NamedModel(
    name="drivers",
    title="five drivers -> three bases of trust -> outcomes",
    claim=(
        "Transparency, promise keeping, fairness, professionalism and emotional connection bring outcomes "
        "by way of trust: each feeds the three bases of trust, and none leads to an outcome past them."
    ),
    instruments=("trust-drivers", *BASE_INSTRUMENTS, "satisfaction", "loyalty", "repurchase"),
    paths={
        **dict.fromkeys(BASES, DRIVERS),
        "satisfaction": BASES,
        "loyalty": ("satisfaction",),
        "repurchase_intention": ("loyalty",),
    },
    direct={
        "loyalty": BASES,
        "repurchase_intention": ("satisfaction", *BASES),
    },
    together=(BASES,),
    short={"professionalism": "prf"},
    sources=(
        "Morgan, R. M., & Hunt, S. D. (1994). The commitment-trust theory of relationship marketing. "
        "Journal of Marketing, 58(3), 20-38.",
        "Moorman, C., Deshpandé, R., & Zaltman, G. (1993). Factors affecting trust in market research "
        "relationships. Journal of Marketing, 57(1), 81-101.",
    ),
    note=(
        "Promise keeping and professionalism lie close to reliability and competence, two dimensions of "
        "cognitive trust, and emotional connection to affective trust. Look at discriminant validity before "
        "the paths."
    ),
)
