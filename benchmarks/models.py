"""The models that are timed: text that trustmeasure and lavaan both read."""

from __future__ import annotations

CONSTRUCTS = {
    "cognitive": ("cog", 4),
    "affective": ("aff", 4),
    "structural": ("str", 4),
    "satisfaction": ("sat", 4),
    "commitment": ("com", 4),
    "loyalty": ("loy", 4),
    "repurchase": ("rep", 3),
    "recommend": ("rec", 4),
}
"""Latent variables of the trust data, with the stem and the number of their items."""

REGRESSIONS = """\
satisfaction ~ a1*cognitive + a2*affective + a3*structural
commitment ~ cognitive + affective + structural
loyalty ~ b1*satisfaction + commitment + affective
repurchase ~ b2*satisfaction + commitment + cognitive
recommend ~ b3*satisfaction + commitment
"""

HOLZINGER = """\
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
"""


def measurement(constructs: tuple[str, ...] = tuple(CONSTRUCTS)) -> str:
    """Return the measurement model of some constructs of the trust data."""
    lines = []
    for name in constructs:
        stem, count = CONSTRUCTS[name]
        lines.append(f"{name} =~ " + " + ".join(f"{stem}{i}" for i in range(1, count + 1)))
    return "\n".join(lines) + "\n"


def indirect() -> str:
    """Return the nine indirect effects of three kinds of trust on three outcomes by satisfaction."""
    causes = {"cognitive": "a1", "affective": "a2", "structural": "a3"}
    outcomes = {"loyalty": "b1", "repurchase": "b2", "recommend": "b3"}
    pairs = [(c, a, y, b) for c, a in causes.items() for y, b in outcomes.items()]
    return "".join(f"{cause}_{outcome} := {a}*{b}\n" for cause, a, outcome, b in pairs)


TRUST_PATHS = measurement() + REGRESSIONS
"""The structural model without its indirect effects, for peers that cannot define parameters."""
TRUST = TRUST_PATHS + indirect()
"""31 items, 8 latent variables, 9 indirect effects."""
ITEMS_12 = measurement(("cognitive", "affective", "satisfaction"))
ITEMS_31 = measurement()
