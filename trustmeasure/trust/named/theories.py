"""Reciprocity, reputation and social capital lead to the bases of trust, and these to the outcomes."""

from __future__ import annotations

from trustmeasure.trust.named.base import BASE_INSTRUMENTS, BASES, NamedModel

THEORIES = ("reciprocity", "reputation", "social_capital")

MODEL = NamedModel(
    name="theories",
    title="reciprocity, reputation, social capital -> three bases of trust -> outcomes",
    claim=(
        "Giving and taking in balance, a good name, and ties among the people around a company build the "
        "three bases of trust, and bring outcomes by way of them."
    ),
    instruments=(
        "reciprocity",
        "reputation",
        "social-capital",
        *BASE_INSTRUMENTS,
        "satisfaction",
        "loyalty",
        "repurchase",
    ),
    paths={
        **dict.fromkeys(BASES, THEORIES),
        "satisfaction": BASES,
        "loyalty": ("satisfaction",),
        "repurchase_intention": ("loyalty",),
    },
    direct={
        "loyalty": BASES,
        "repurchase_intention": ("satisfaction", *BASES),
    },
    together=(BASES,),
    short={"reciprocity": "rcp", "reputation": "rpu"},
    sources=(
        "Gouldner, A. W. (1960). The norm of reciprocity: A preliminary statement. American Sociological "
        "Review, 25(2), 161-178.",
        "Fombrun, C. J., Gardberg, N. A., & Sever, J. M. (2000). The Reputation Quotient: A "
        "multi-stakeholder measure of corporate reputation. Journal of Brand Management, 7(4), 241-255.",
        "Nahapiet, J., & Ghoshal, S. (1998). Social capital, intellectual capital, and the organizational "
        "advantage. Academy of Management Review, 23(2), 242-266.",
    ),
)
