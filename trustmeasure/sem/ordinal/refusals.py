"""How ordinal variables are estimated, and what is refused for them, by name."""

from __future__ import annotations

from collections.abc import Sequence

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.options import ADJUSTED, ESTIMATORS, ROBUST_SEM, SB, SHIFTED, Options

USUAL = "WLSMV"
MISSING = ("listwise", "pairwise")
LEAST_SQUARES = tuple(name for name, (kind, *_) in ESTIMATORS.items() if kind in {"WLS", "DWLS", "ULS"})


def ordinal_options(
    estimator: str | None, information: str | None, se: str | None, test: str | None, likelihood: str
) -> Options:
    """Return the options of an estimator of ordinal variables, WLSMV unless given.

    Raises
    ------
    ArgumentError
        For an estimator that takes answers as continuous, or a choice that the estimator does not have.
    """
    chosen = USUAL if estimator is None else one_of("estimator", estimator, list(ESTIMATORS))
    if chosen not in LEAST_SQUARES:
        raise ArgumentError(
            f"estimator='{chosen}' takes variables as continuous. For ordinal ones use "
            f"{', '.join(repr(name) for name in LEAST_SQUARES)}; or leave ordered out."
        )
    if likelihood == "wishart":
        raise ArgumentError(
            "likelihood='wishart' belongs to ML: least squares of ordinal variables has no likelihood."
        )
    if chosen == "WLS" and {_spelled(se), _spelled(test)} & {ROBUST_SEM, SB, SHIFTED, ADJUSTED}:
        raise ArgumentError(
            "WLS of ordinal variables has no robust version: its weights are the covariance matrix of the "
            "statistics already. Leave se and test out, or use estimator='WLSMV'."
        )
    return Options.of(chosen, information, se, test, likelihood)


def _spelled(name: str | None) -> str:
    return "" if name is None else name.replace(".", "-").replace("_", "-")


def refuse_with_ordinal(
    *, engine: str, missing: str, cluster: str | None, auxiliary: str | Sequence[str]
) -> None:
    """Raise ArgumentError for what ordinal variables do not go with."""
    if engine != "trustmeasure":
        raise ArgumentError(f"engine='{engine}' has no ordinal variables. Use engine='trustmeasure'.")
    if missing not in MISSING:
        raise ArgumentError(
            f"There is no missing='{missing}' for ordinal variables. Use missing='pairwise', which takes "
            "each correlation from the rows that answered both, or 'listwise'."
        )
    if cluster is not None:
        raise ArgumentError("Cluster-robust errors are there for continuous variables only (MLR, MLM).")
    if auxiliary:
        raise ArgumentError("auxiliary goes with missing='fiml', which ordinal variables do not have.")
