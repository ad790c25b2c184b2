"""Expectations that come true satisfy, satisfaction builds trust, and trust leads to repurchase."""

from __future__ import annotations

from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel
from trustmeasure.trust.named.general_trust import TRUST

MODEL = NamedModel(
    name="expectation-confirmation",
    title="confirmation -> satisfaction -> trust -> repurchase",
    claim=(
        "Customers whose expectations came true are satisfied, satisfied customers come to trust the "
        "company, and those who trust it intend to buy again."
    ),
    instruments=("expectation-confirmation", "satisfaction", *BASE_INSTRUMENTS, "repurchase"),
    paths={
        "satisfaction": ("confirmation",),
        TRUST: ("satisfaction",),
        "repurchase_intention": (TRUST,),
    },
    direct={
        TRUST: ("confirmation",),
        "repurchase_intention": ("satisfaction", "confirmation"),
    },
    wholes={TRUST: BASES},
    sources=(
        "Bhattacherjee, A. (2001). Understanding information systems continuance: An "
        "expectation-confirmation model. MIS Quarterly, 25(3), 351-370.",
        "Oliver, R. L. (1980). A cognitive model of the antecedents and consequences of satisfaction "
        "decisions. Journal of Marketing Research, 17(4), 460-469.",
    ),
    note="Confirmation is asked after the fact: expectations themselves are not measured beforehand.",
)
