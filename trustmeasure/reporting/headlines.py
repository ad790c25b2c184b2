"""The few figures that stand for a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.reporting.findings import Findings
from trustmeasure.reporting.frames import structural_outcomes

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult

FIT = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr")


def headline(findings: Findings) -> dict[str, float]:
    """Return the headline figures, unrounded.

    Parameters
    ----------
    findings : Findings
        What was found.

    Returns
    -------
    dict of str to float
        n_read, n_used; alpha_min, alpha_max, omega_min, omega_max over the scales; measurement_cfi and so on
        for the fit of both models, as it is reported (see `estimation.reported_fit`); r_squared_<outcome>. A
        figure that was not found is left out.
    """
    responses = findings.responses
    figures: dict[str, float] = {
        "n_read": float(responses.n_rows + len(responses.excluded)),
        "n_used": float(responses.n_rows),
    }
    figures |= _reliability(findings)
    for stage, result in (("measurement", findings.measurement), ("structural", findings.structural)):
        if result is not None:
            fit = reported_fit(result)
            figures |= {f"{stage}_n_obs": float(result.n_obs)}
            figures |= {f"{stage}_{name}": float(fit[name]) for name in FIT}
    return figures | _r_squared(findings.structural)


def _reliability(findings: Findings) -> dict[str, float]:
    if findings.reliability is None:
        return {}
    found: dict[str, float] = {}
    for name in ("alpha", "omega"):
        values = findings.reliability[name].dropna()
        if len(values):
            found |= {f"{name}_min": float(values.min()), f"{name}_max": float(values.max())}
    return found


def _r_squared(result: SemResult | None) -> dict[str, float]:
    if result is None:
        return {}
    return {f"r_squared_{name}": float(result.r_squared[name]) for name in structural_outcomes(result)}
