"""References of the methods that this run used, of the cut-offs shown, and of the constructs."""

from __future__ import annotations

from collections.abc import Iterable

from trustmeasure.reporting.blocks import Block, Bullets, Heading, Section
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.cutoffs import held, references as cutoff_references
from trustmeasure.reporting.findings import Findings

REFERENCES = {
    "asparouhov": "Asparouhov, T., & Muthén, B. (2010). Simple second order chi-square correction. Mplus "
    "technical appendix.",
    "brosseau": "Brosseau-Liard, P. E., & Savalei, V. (2014). Adjusting incremental fit indices for "
    "nonnormality. Multivariate Behavioral Research, 49(5), 460-470.",
    "enders": "Enders, C. K., & Bandalos, D. L. (2001). The relative performance of full information maximum "
    "likelihood estimation for missing data in structural equation models. Structural Equation Modeling, "
    "8(3), 430-457.",
    "muthen": "Muthén, B. (1984). A general structural equation model with dichotomous, ordered categorical, "
    "and continuous latent variable indicators. Psychometrika, 49(1), 115-132.",
    "yuan": "Yuan, K.-H., & Bentler, P. M. (2000). Three likelihood-based methods for mean and covariance "
    "structure analysis with nonnormal missing data. Sociological Methodology, 30, 165-200.",
    "zhang": "Zhang, X., & Savalei, V. (2023). New computations for RMSEA and CFI following FIML and TS "
    "estimation with missing data. Psychological Methods, 28(2), 263-283.",
    "bentler": "Bentler, P. M. (1990). Comparative fit indexes in structural models. Psychological Bulletin, "
    "107(2), 238-246.",
    "bollen": "Bollen, K. A. (1989). Structural equations with latent variables. New York: Wiley.",
    "browne": "Browne, M. W., & Cudeck, R. (1992). Alternative ways of assessing model fit. Sociological "
    "Methods & Research, 21(2), 230-258. https://doi.org/10.1177/0049124192021002005",
    "cronbach": "Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. "
    "Psychometrika, 16(3), 297-334.",
    "feldt": "Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient "
    "alpha. Applied Psychological Measurement, 11(1), 93-103.",
    "green": "Green, S. B., & Yang, Y. (2009). Reliability of summed item scores using structural equation "
    "modeling: An alternative to coefficient alpha. Psychometrika, 74(1), 155-167.",
    "joreskog": "Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis. "
    "Psychometrika, 32(4), 443-482.",
    "mcdonald": "McDonald, R. P. (1999). Test theory: A unified treatment. Mahwah, NJ: Erlbaum.",
    "raykov": "Raykov, T. (2002). Analytic estimation of standard error and confidence interval for scale "
    "reliability. Multivariate Behavioral Research, 37(1), 89-103.",
    "sobel": "Sobel, M. E. (1982). Asymptotic confidence intervals for indirect effects in structural "
    "equation models. Sociological Methodology, 13, 290-312.",
    "tucker": "Tucker, L. R., & Lewis, C. (1973). A reliability coefficient for maximum likelihood factor "
    "analysis. Psychometrika, 38(1), 1-10.",
}


def section(context: Context) -> Section | None:
    """Return the section; None when there is nothing to cite."""
    t = context.words
    blocks: list[Block] = []
    for key, references in (
        ("methods", methods(context)),
        ("instruments", instruments(context)),
        ("constructs", constructs(context)),
    ):
        if references:
            blocks += [Heading(t(f"sources.{key}")), Bullets(references)]
    return Section("references", t("section.references"), blocks) if blocks else None


def methods(context: Context) -> list[str]:
    """Return the references of the methods used and of the cut-offs shown."""
    findings, keys = context.findings, list[str]()
    frame = findings.reliability
    if frame is not None and frame["alpha"].notna().any():
        keys += ["cronbach", "feldt"]
    if frame is not None and frame["omega"].notna().any():
        keys += ["mcdonald", "raykov"]
    if frame is not None and "omega_categorical" in frame and frame["omega_categorical"].notna().any():
        keys.append("green")
    if findings.structural is not None or findings.measurement is not None:
        keys += [*_estimation(findings), "bentler", "tucker", "browne"]
    if findings.structural is not None and findings.structural.model.definitions:
        keys.append("sobel")
    return _unique([*(REFERENCES[key] for key in keys), *cutoff_references(held(findings))])


def _estimation(findings: Findings) -> list[str]:
    """Return the keys of what the estimation of the models rests on."""
    result = findings.structural or findings.measurement
    if result is None:
        return []
    found = {
        "ML": ["bollen", "joreskog"],
        "MLR": ["bollen", "joreskog", "yuan"],
        "WLSMV": ["muthen", "asparouhov"],
    }[result.estimator]
    robust = ["brosseau"] if result.estimator == "MLR" and result.missing == "listwise" else []
    corrected = ["zhang"] if result.estimator == "MLR" and result.missing == "fiml" else []
    return [*found, *robust, *corrected, *(["enders"] if result.missing == "fiml" else [])]


def instruments(context: Context) -> list[str]:
    """Return how the instruments are cited."""
    return _unique(own.citation for own in context.findings.responses.instruments if own.citation)


def constructs(context: Context) -> list[str]:
    """Return the literature behind the definitions of the constructs."""
    return _unique(source for c in context.findings.responses.constructs for source in c.sources)


def _unique(references: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(references), key=str.casefold)
