"""Trust first: the three bases lead to satisfaction, loyalty and repurchase."""

from __future__ import annotations

from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel

MODEL = NamedModel(
    name="trust-outcomes",
    title="trust -> satisfaction -> loyalty -> repurchase",
    claim=(
        "Customers who trust the company are more satisfied with it, satisfied ones become loyal, and loyal "
        "ones intend to buy again. Each basis of trust also has paths of its own to loyalty and repurchase."
    ),
    instruments=(*BASE_INSTRUMENTS, "satisfaction", "loyalty", "repurchase"),
    paths={
        "satisfaction": BASES,
        "loyalty": ("satisfaction",),
        "repurchase_intention": ("loyalty",),
    },
    direct={
        "loyalty": BASES,
        "repurchase_intention": ("satisfaction", *BASES),
    },
    sources=(
        "Johnson, D., & Grayson, K. (2005). Cognitive and affective trust in service relationships. "
        "Journal of Business Research, 58(4), 500-507.",
    ),
    note=(
        "With its direct paths it joins all constructs, and so fits exactly as well as satisfaction-first "
        "does. Compare the two without direct paths."
    ),
)
