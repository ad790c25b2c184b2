"""What commands show on the terminal: the end of a study, the list of instruments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trustmeasure.display import number, p_value

if TYPE_CHECKING:
    import pandas as pd

    from trustmeasure.display import Table
    from trustmeasure.study import StudyResult

R_SQUARED = "r_squared_"


def study_lines(result: StudyResult) -> list[str]:
    """Return the report's name, the headline figures and what could not be computed."""
    kind = " (SIMULATED DATA)" if result.responses.simulated else ""
    lines = ["", f"{result.study.title}{kind}", *_figures(result.headline)]
    lines += [f"  Not computed: {failure.stage}: {failure.message}" for failure in result.failures]
    return [*lines, "", f"Report: {result.report}", f"Files:  {len(result.files)} in {result.folder}"]


def _figures(figures: Mapping[str, float]) -> list[str]:
    lines = [f"  Respondents     {figures['n_used']:,.0f} used of {figures['n_read']:,.0f} read"]
    lines += _reliability(figures)
    for stage, title in (("measurement", "Measurement"), ("structural", "Structural")):
        if f"{stage}_cfi" in figures:
            lines.append(f"  {title:<15} {_fit(figures, stage)}")
    explained = [
        f"{name.removeprefix(R_SQUARED)} {number(value)}"
        for name, value in figures.items()
        if name.startswith(R_SQUARED)
    ]
    return [*lines, *([f"  {'R-squared':<15} {', '.join(explained)}"] if explained else [])]


def _reliability(figures: Mapping[str, float]) -> list[str]:
    shown = [
        f"{name} {number(figures[f'{name}_min'], 2)} to {number(figures[f'{name}_max'], 2)}"
        for name in ("alpha", "omega")
        if f"{name}_min" in figures
    ]
    return [f"  {'Reliability':<15} {', '.join(shown)}"] if shown else []


def _fit(figures: Mapping[str, float], stage: str) -> str:
    value = {
        name: figures[f"{stage}_{name}"]
        for name in ("n_obs", "chisq", "df", "pvalue", "cfi", "rmsea", "srmr")
    }
    p = p_value(value["pvalue"])
    return (
        f"n = {value['n_obs']:,.0f}, chi-square({value['df']:.0f}) = {number(value['chisq'], 2)}, "
        f"p {p if p.startswith('<') else f'= {p}'}, CFI {number(value['cfi'])}, "
        f"RMSEA {number(value['rmsea'])}, SRMR {number(value['srmr'])}"
    )


def instrument_table(listed: pd.DataFrame) -> Table:
    """Return the list of instruments in as few columns as fit a terminal; what is long stands in notes."""
    from trustmeasure.display import Table

    sectors = sorted({id for ids in listed["sectors"] for id in ids.split(", ") if id})
    shown = listed[["id", "title", "version", "items", "forms"]].assign(
        sectors=[len(ids.split(", ")) if ids else "" for ids in listed["sectors"]],
        waves=listed["waves"],
        languages=listed["languages"],
    )
    notes = [f"Sectors: {', '.join(sectors)}."] if sectors else []
    statuses = ", ".join(dict.fromkeys(listed["status"]))
    more = "Constructs, wording and reading level: trustmeasure instruments show ID."
    return Table("Instruments", shown, notes=["", *notes, f"Evidence: {statuses}. {more}"])
