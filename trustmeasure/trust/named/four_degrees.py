"""The four degrees of the relation lead to trust, and trust to satisfaction, loyalty and fewer complaints."""

from __future__ import annotations

from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel
from trustmeasure.trust.named.general_trust import TRUST

DEGREES = ("intimacy_degree", "reliability_degree", "professionalism_degree", "value_degree")

MODEL = NamedModel(
    name="four-degrees",
    title="four degrees -> trust -> satisfaction, loyalty, complaints",
    claim=(
        "In services, intimacy, reliability, professionalism and value build trust. Customers who trust are "
        "more satisfied, more loyal, and less ready to take a problem to others."
    ),
    instruments=("four-degrees", *BASE_INSTRUMENTS, "satisfaction", "loyalty", "complaints"),
    paths={
        TRUST: DEGREES,
        "satisfaction": (TRUST,),
        "loyalty": (TRUST,),
        "complaint_outside": (TRUST,),
    },
    direct={
        "loyalty": ("satisfaction",),
        "complaint_outside": ("satisfaction",),
    },
    wholes={TRUST: BASES},
    sources=(
        "Crosby, L. A., Evans, K. R., & Cowles, D. (1990). Relationship quality in services selling: An "
        "interpersonal influence perspective. Journal of Marketing, 54(3), 68-81.",
        "Maister, D. H., Green, C. H., & Galford, R. M. (2000). The trusted advisor. Free Press.",
    ),
    note="Complaints are those made to others (complaint_outside): trust should make them rarer.",
)
