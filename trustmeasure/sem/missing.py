"""How missing values are treated: lavaan's names for it, and what is said to those that are not there."""

from __future__ import annotations

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError

MISSING = ("listwise", "fiml")
SYNONYMS = {"ml": "fiml", "direct": "fiml"}
RANDOM_X = ("fiml.x", "ml.x", "direct.x")
OTHERS = {
    "two.stage": "missing='fiml', which uses the same answers in one stage",
    "two-stage": "missing='fiml', which uses the same answers in one stage",
    "robust.two.stage": "missing='fiml' with estimator='MLR'",
    "pairwise": "missing='fiml'",
    "available.cases": "missing='fiml'",
    "doubly.robust": "missing='fiml'",
}


def missing_option(missing: str) -> str:
    """Return "listwise" or "fiml" for what a user asks for.

    Raises
    ------
    ArgumentError
        For another treatment, with what to use instead.
    """
    if missing in RANDOM_X:
        raise ArgumentError(
            f"There is no missing='{missing}'. Use missing='fiml' with fixed_x=False: rows without an answer "
            "to an exogenous variable are kept, and its moments are estimated with the model."
        )
    if missing in OTHERS:
        raise ArgumentError(f"There is no missing='{missing}'. Use {OTHERS[missing]}.")
    one_of("missing", missing, (*MISSING, *SYNONYMS))
    return SYNONYMS.get(missing, missing)
