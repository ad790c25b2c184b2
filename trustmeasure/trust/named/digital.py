"""Digital trust: the mechanisms of a platform lead to structural trust, and through it to repurchase."""

from __future__ import annotations

from trustmeasure.trust.named.base import NamedModel

MECHANISMS = (
    "rating_system",
    "escrow_guarantee",
    "dispute_mediation",
    "identity_verification",
    "data_security",
    "privacy_protection",
    "algorithmic_fairness",
)

MODEL = NamedModel(
    name="digital",
    title="digital trust mechanisms -> structural trust -> cognitive trust -> repurchase",
    claim=(
        "What a platform has built in, such as ratings, escrow or the protection of data, makes customers "
        "rely on its rules. Those who rely on its rules also come to think it able and honest, and intend to "
        "use it again."
    ),
    instruments=("digital-trust", "structural-trust", "cognitive-trust", "repurchase"),
    paths={
        "structural_trust": MECHANISMS,
        "cognitive_trust": ("structural_trust",),
        "repurchase_intention": ("cognitive_trust",),
    },
    direct={
        "cognitive_trust": MECHANISMS,
        "repurchase_intention": ("structural_trust",),
    },
    sources=(
        "Pavlou, P. A., & Gefen, D. (2004). Building effective online marketplaces with institution-based "
        "trust. Information Systems Research, 15(1), 37-59.",
    ),
    note=(
        "The seven mechanisms are correlated causes. Where two of them go together so closely that their "
        "paths cannot be told apart, the standard errors of these paths are large: leave one out."
    ),
)
