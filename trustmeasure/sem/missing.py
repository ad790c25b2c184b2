"""How missing values are treated: lavaan's names for it, and what is said to those that are not there."""

from __future__ import annotations

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.options import HUBER_WHITE, YB, Options

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


def information_option(information: str | None, estimator: str, missing: str) -> str | None:
    """Return the information asked for; with full information, ML rests on the observed one unless told."""
    return "observed" if information is None and missing == "fiml" and estimator == "ML" else information


def refuse_full_information(options: Options) -> None:
    """Raise ArgumentError for an estimator or an option that incomplete rows do not have."""
    likelihood = options.discrepancy == "ML" and options.likelihood == "normal"
    robust = options.se == HUBER_WHITE or options.test == YB
    known = options.se in {"standard", HUBER_WHITE, "bootstrap", "none"} and options.test in {"standard", YB}
    if likelihood and known and (options.information == "observed" or not robust):
        return
    raise ArgumentError(
        f"There is no estimator='{options.estimator}' with information='{options.information}', "
        f"se='{options.se}', test='{options.test}' and likelihood='{options.likelihood}' for missing='fiml'. "
        "Use estimator='ML', or 'MLR' for robust standard errors and a robust test; or missing='listwise'."
    )
