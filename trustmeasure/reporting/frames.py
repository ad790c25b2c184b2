"""The tables of a report as unrounded frames: what is written as CSV, and what the report shows rounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trustmeasure.instruments import Instrument
from trustmeasure.reporting.effects import effect_frame
from trustmeasure.reporting.findings import Findings
from trustmeasure.reporting.statistics import item_statistics
from trustmeasure.responses import Responses

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult

STAGES = ("read", "excluded", "used", "complete", "measurement", "structural")


def tables(findings: Findings) -> dict[str, pd.DataFrame]:
    """Return file name -> table, for every table that the findings allow.

    Parameters
    ----------
    findings : Findings
        What was found.

    Returns
    -------
    dict of str to DataFrame
        Names without ending, in the order of the report; unrounded.
    """
    responses = findings.responses
    found: dict[str, pd.DataFrame | None] = {
        "sample-stages": stage_frame(findings),
        "sample-exclusions": exclusion_counts(responses),
        "sample-missing": responses.missing(),
        "items-wording": wording_frame(findings),
        "items-statistics": item_statistics(responses),
        "scores": score_frame(findings),
        "reliability": findings.reliability,
        **_fit_tables("measurement", findings.measurement),
        "construct-correlations": _correlations(findings),
        **_fit_tables("structural", findings.structural),
        "r-squared": _r_squared(findings.structural),
        "effects": _effects(findings.structural),
    }
    return {name: frame for name, frame in found.items() if frame is not None}


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame as records with one attribute a column."""
    return list(frame.itertuples(index=False))


def stage_frame(findings: Findings) -> pd.DataFrame:
    """Return how many respondents there are at each stage: stage, n, share (of those read)."""
    responses = findings.responses
    n_read = responses.n_rows + len(responses.excluded)
    counts: dict[str, int] = {
        "read": n_read,
        "excluded": len(responses.excluded),
        "used": responses.n_rows,
        "complete": int(responses.complete.sum()),
    }
    for stage, result in (("measurement", findings.measurement), ("structural", findings.structural)):
        if result is not None:
            counts[stage] = result.n_obs
    frame = pd.DataFrame({"stage": list(counts), "n": list(counts.values())})
    return frame.assign(share=frame["n"] / n_read if n_read else np.nan)


def exclusion_counts(responses: Responses) -> pd.DataFrame:
    """Return how many respondents were left out for each reason: reason, n."""
    counts = responses.excluded["reason"].value_counts(sort=False)
    return pd.DataFrame({"reason": counts.index.astype(str), "n": counts.to_numpy(dtype="int64")})


def wording_frame(findings: Findings) -> pd.DataFrame:
    """Return one row an item with its wording in the report's language."""
    rows = []
    for instrument in findings.responses.instruments:
        tag = language_of(instrument.language_tags, findings.language)
        for item in instrument.items:
            rows.append(
                {
                    "instrument": instrument.id,
                    "version": instrument.version,
                    "construct": item.construct,
                    "item": item.id,
                    "reverse": item.reverse,
                    "language": tag,
                    "text": filled(instrument, item.text, tag, findings.brand),
                }
            )
    return pd.DataFrame(rows)


def wordings(findings: Findings) -> dict[str, str]:
    """Return item id -> its wording in the report's language, the brand filled in."""
    frame = wording_frame(findings)
    return dict(zip(frame["item"], frame["text"], strict=True))


def language_of(tags: tuple[str, ...], wanted: str) -> str:
    """Return the wanted language when it is there, else the first."""
    return wanted if wanted in tags else tags[0]


def filled(instrument: Instrument, text: Mapping[str, str], tag: str, brand: str) -> str:
    """Return a text of an instrument with the brand in its place, where the instrument asks for one."""
    has_brand = any(placeholder.name == "brand" for placeholder in instrument.placeholders)
    return instrument.fill(text, tag, **({"brand": brand} if brand and has_brand else {}))


def score_frame(findings: Findings) -> pd.DataFrame | None:
    """Return the scores with the ids of the respondents in front."""
    if findings.scores is None:
        return None
    ids = findings.responses.respondents
    frame = findings.scores.copy()
    frame.insert(0, str(ids.name or "respondent"), ids.to_numpy())
    return frame


def _fit_tables(stage: str, result: SemResult | None) -> dict[str, pd.DataFrame | None]:
    if result is None:
        return {}
    fit = result.fit_measures.rename_axis("measure").rename("value").reset_index()
    return {f"{stage}-fit": fit, f"{stage}-parameters": result.parameters}


def top_constructs(result: SemResult) -> tuple[str, ...]:
    """Return the latent variables by which no other latent variable is measured."""
    rows = result.parameters
    measured = set(rows.loc[rows["op"] == "=~", "rhs"])
    return tuple(name for name in result.model.latent if name not in measured)


def correlation_frame(result: SemResult) -> pd.DataFrame:
    """Return the correlations among the constructs of a measurement model.

    Returns
    -------
    pandas.DataFrame
        lhs, rhs, correlation (the standardised covariance), and of the covariance: estimate, se, z, p_value,
        ci_lower, ci_upper.
    """
    rows, tops = result.parameters, set(top_constructs(result))
    chosen = (
        (rows["op"] == "~~") & rows["lhs"].isin(tops) & rows["rhs"].isin(tops) & (rows["lhs"] != rows["rhs"])
    )
    shown = ["lhs", "rhs", "correlation", "estimate", "se", "z", "p_value", "ci_lower", "ci_upper"]
    return rows[chosen].assign(correlation=rows["std_all"])[shown].reset_index(drop=True)


def _correlations(findings: Findings) -> pd.DataFrame | None:
    if findings.measurement is None or len(top_constructs(findings.measurement)) < 2:
        return None
    return correlation_frame(findings.measurement)


def structural_outcomes(result: SemResult) -> tuple[str, ...]:
    """Return the variables of which paths explain a share, in the order of the model."""
    rows = result.parameters
    outcomes = dict.fromkeys(rows.loc[rows["op"] == "~", "lhs"])
    return tuple(name for name in outcomes if name in result.r_squared.index)


def _r_squared(result: SemResult | None) -> pd.DataFrame | None:
    if result is None:
        return None
    return result.r_squared.rename_axis("variable").rename("r_squared").reset_index()


def _effects(result: SemResult | None) -> pd.DataFrame | None:
    if result is None or not result.model.definitions:
        return None
    return effect_frame(result)
