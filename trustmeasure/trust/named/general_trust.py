"""One general trust behind the three bases, which alone leads to the outcomes."""

from __future__ import annotations

from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel

TRUST = "trust"
PATHS = {
    "satisfaction": (TRUST,),
    "loyalty": ("satisfaction",),
    "repurchase_intention": ("loyalty",),
}
DIRECT = {
    "loyalty": (TRUST,),
    "repurchase_intention": ("satisfaction", TRUST),
}

MODEL = NamedModel(
    name="general-trust",
    title="general trust (over three bases) -> satisfaction -> loyalty -> repurchase",
    claim=(
        "What the three bases of trust have in common is one general trust, and all that trust brings comes "
        "from it. A basis leads to nothing by itself."
    ),
    instruments=(*BASE_INSTRUMENTS, "satisfaction", "loyalty", "repurchase"),
    paths=PATHS,
    direct=DIRECT,
    wholes={TRUST: BASES},
    sources=(
        "Rindskopf, D., & Rose, T. (1988). Some theory and applications of confirmatory second-order factor "
        "analysis. Multivariate Behavioral Research, 23(1), 51-67.",
    ),
    note=(
        "It is trust-outcomes with fewer paths, so a chi-square difference test can tell the two apart. With "
        "dimensions, general trust is a third-order factor."
    ),
)
