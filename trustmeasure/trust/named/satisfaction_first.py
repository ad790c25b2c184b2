"""Satisfaction first: it builds trust, and trust leads to loyalty and repurchase."""

from __future__ import annotations

from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel

MODEL = NamedModel(
    name="satisfaction-first",
    title="satisfaction -> trust -> loyalty -> repurchase",
    claim=(
        "Customers who are satisfied with the company come to trust it, those who trust it become loyal, and "
        "loyal ones intend to buy again. The order of satisfaction and trust is turned round against "
        "trust-outcomes."
    ),
    instruments=(*BASE_INSTRUMENTS, "satisfaction", "loyalty", "repurchase"),
    paths={
        "cognitive_trust": ("satisfaction",),
        "affective_trust": ("satisfaction",),
        "structural_trust": ("satisfaction",),
        "loyalty": BASES,
        "repurchase_intention": ("loyalty",),
    },
    direct={
        "loyalty": ("satisfaction",),
        "repurchase_intention": ("satisfaction", *BASES),
    },
    together=(BASES,),
    sources=(
        "Geyskens, I., Steenkamp, J.-B. E. M., & Kumar, N. (1999). A meta-analysis of satisfaction in "
        "marketing channel relationships. Journal of Marketing Research, 36(2), 223-238.",
    ),
    note=(
        "With its direct paths it joins all constructs, and so fits exactly as well as trust-outcomes does. "
        "Compare the two without direct paths."
    ),
)
