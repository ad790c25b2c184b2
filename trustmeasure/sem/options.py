"""What an estimator is: a discrepancy, an information, a kind of standard errors and a test.

The names and what they stand for are lavaan's, so that a method section written for one holds for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError

ROBUST_SEM, HUBER_WHITE = "robust-sem", "robust-huber-white"
SB, YB, SHIFTED, ADJUSTED = "satorra-bentler", "yuan-bentler-mplus", "scaled-shifted", "mean-var-adjusted"

ESTIMATORS: Mapping[str, tuple[str, str, str, str]] = {
    "ML": ("ML", "expected", "standard", "standard"),
    "MLF": ("ML", "first-order", "standard", "standard"),
    "MLR": ("ML", "observed", HUBER_WHITE, YB),
    "MLM": ("ML", "expected", ROBUST_SEM, SB),
    "MLMV": ("ML", "expected", ROBUST_SEM, SHIFTED),
    "MLMVS": ("ML", "expected", ROBUST_SEM, ADJUSTED),
    "GLS": ("GLS", "expected", "standard", "standard"),
    "ULS": ("ULS", "expected", "standard", "standard"),
    "ULSM": ("ULS", "expected", ROBUST_SEM, SB),
    "ULSMV": ("ULS", "expected", ROBUST_SEM, SHIFTED),
    "ULSMVS": ("ULS", "expected", ROBUST_SEM, ADJUSTED),
    "WLS": ("WLS", "expected", "standard", "standard"),
    "DWLS": ("DWLS", "expected", "standard", "standard"),
    "WLSM": ("DWLS", "expected", ROBUST_SEM, SB),
    "WLSMV": ("DWLS", "expected", ROBUST_SEM, SHIFTED),
    "WLSMVS": ("DWLS", "expected", ROBUST_SEM, ADJUSTED),
}
"""Estimator -> discrepancy, information, standard errors and test unless said otherwise."""
INFORMATION = ("expected", "observed", "first-order")
SE = ("standard", ROBUST_SEM, HUBER_WHITE, "bootstrap", "none")
TESTS = ("standard", SB, YB, SHIFTED, ADJUSTED, "bollen-stine")
SCALED = (SB, YB, SHIFTED, ADJUSTED)
LIKELIHOODS = ("normal", "wishart")


@dataclass(frozen=True, slots=True)
class Options:
    """How a model is estimated and judged; made by `Options.of`.

    Attributes
    ----------
    estimator : str
        The name asked for, a key of `ESTIMATORS`.
    discrepancy : {"ML", "GLS", "ULS", "WLS", "DWLS"}
        What is made smallest.
    information : {"expected", "observed", "first-order"}
        Information that standard errors rest on.
    se : {"standard", "robust-sem", "robust-huber-white", "bootstrap", "none"}
        Kind of standard errors.
    test : {"standard", "satorra-bentler", "yuan-bentler-mplus", "scaled-shifted", "mean-var-adjusted", \
"bollen-stine"}
        Test besides the plain chi-square.
    likelihood : {"normal", "wishart"}
        Whether covariances are divided by n or by n - 1, for ML.
    """

    estimator: str = "ML"
    discrepancy: str = "ML"
    information: str = "expected"
    se: str = "standard"
    test: str = "standard"
    likelihood: str = "normal"

    @classmethod
    def of(
        cls,
        estimator: str = "ML",
        information: str | None = None,
        se: str | None = None,
        test: str | None = None,
        likelihood: str = "normal",
    ) -> Options:
        """Return the options of an estimator, with what the user says otherwise.

        Raises
        ------
        ArgumentError
            For an unknown name, or a choice that the estimator does not have.
        """
        one_of("estimator", estimator, list(ESTIMATORS))
        discrepancy, *usual = ESTIMATORS[estimator]
        asked = (("information", information, INFORMATION), ("se", se, SE), ("test", test, TESTS))
        chosen = {
            name: default if given is None else one_of(name, _spelled(given), known)
            for (name, given, known), default in zip(asked, usual, strict=True)
        }
        if information is None and chosen["se"] == HUBER_WHITE:
            chosen["information"] = "observed"
        one_of("likelihood", likelihood, LIKELIHOODS)
        options = cls(estimator, discrepancy, likelihood=likelihood, **chosen)
        options._refuse()
        return options

    def _refuse(self) -> None:
        """Raise ArgumentError for combinations without a meaning or without a reference."""
        ml = self.discrepancy == "ML"
        if self.likelihood == "wishart" and (self.se not in {"standard", "none"} or self.test in SCALED):
            raise ArgumentError(
                "likelihood='wishart' goes with plain standard errors and the plain test: use "
                "likelihood='normal' for robust ones."
            )
        if self.likelihood == "wishart" and not ml:
            raise ArgumentError(f"likelihood='wishart' belongs to ML; {self.estimator} has no likelihood.")
        if not ml and (self.information != "expected" or self.se == HUBER_WHITE or self.test == YB):
            raise ArgumentError(
                f"{self.estimator} has no likelihood, so there is no other information, no "
                "se='robust-huber-white' or test='yuan-bentler-mplus'. Use se='robust-sem' and "
                "test='satorra-bentler'."
            )
        moments = self.se == ROBUST_SEM or self.test in {SB, SHIFTED, ADJUSTED}
        if moments and self.information != "expected":
            raise ArgumentError(
                f"information='{self.information}' does not go with se='{self.se}' and test='{self.test}', "
                "which rest on expected information. Use estimator='MLR' for observed information."
            )
        if self.discrepancy in {"GLS", "WLS"} and (self.se == ROBUST_SEM or self.test in SCALED):
            raise ArgumentError(
                f"{self.estimator} has no robust version here. Use estimator='MLM' for robust standard "
                "errors, or 'WLS', which assumes no distribution."
            )
        if self.information == "first-order" and self.se != "standard":
            raise ArgumentError("information='first-order' gives plain standard errors: leave se out.")
        if self.test == "bollen-stine" and not ml:
            raise ArgumentError("test='bollen-stine' is there for ML only.")

    @property
    def least_squares(self) -> bool:
        """Whether moments are fitted by least squares, so that there is no likelihood."""
        return self.discrepancy != "ML"

    @property
    def unbiased(self) -> bool:
        """Whether covariances are divided by n - 1."""
        return self.least_squares or self.likelihood == "wishart"

    @property
    def resampled(self) -> bool:
        """Whether standard errors or the test come from draws."""
        return self.se == "bootstrap" or self.test == "bollen-stine"

    @property
    def needs_rows(self) -> bool:
        """Whether covariances and means alone do not suffice."""
        plain = self.se in {"standard", "none"} and self.test == "standard"
        return self.discrepancy in {"WLS", "DWLS"} or self.information == "first-order" or not plain


def _spelled(name: str) -> str:
    """Return a name as it is spelled here; lavaan's dots and underscores are understood too."""
    return name.lower().replace(".", "-").replace("_", "-") if isinstance(name, str) else name
