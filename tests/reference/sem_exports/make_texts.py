"""Write the model texts of this folder: what `to_lavaan` makes of models of every kind.

Run from the repository root: `python tests/reference/sem_exports/make_texts.py`. It writes data/<case>.lav:
the call of lavaan as a comment, then the text. `exports.R` fits them. The tests write the texts again and
compare.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.sem import fit_sem, to_lavaan
from trustmeasure.sem.exports import Export
from trustmeasure.sem.result import SemResult

FOLDER = Path(__file__).resolve().parent / "data"

THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
DEMOCRACY = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + c*y4
dem65 =~ y5 + a*y6 + b*y7 + c*y8
dem60 ~ p*ind60
dem65 ~ ind60 + q*dem60
y1 ~~ y5
through := p*q
"""
LIMITS = """
visual =~ x1 + l2*x2 + l3*x3
textual =~ x4 + l5*x5 + start(1)*x6
textual ~ lower(0)*visual
l2 == l3^2
l5 > 1.2
"""
SCHOOL: dict[str, Any] = {"group": "school"}
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "export-cfa": ("holzinger39", THREE, {}),
    "export-std-lv": ("holzinger39", THREE, {"std_lv": True, "meanstructure": True}),
    "export-orthogonal": ("holzinger39", f"{THREE}\nvisual ~~ 0*textual + 0.1*speed", {}),
    "export-second-order": ("holzinger39", f"{THREE}\ng =~ visual + textual + speed", {}),
    "export-mimic": ("holzinger39", f"{THREE}\nvisual + speed ~ ageyr + sex", {}),
    "export-mimic-random": ("holzinger39", f"{THREE}\nvisual + speed ~ ageyr + sex", {"fixed_x": False}),
    "export-paths": ("holzinger39", "x9 ~ x1 + b*x4\nx7 ~ x9 + b*x4\nx7 ~ 0*x1", {"meanstructure": True}),
    "export-single": ("holzinger39", "visual =~ x1\ntextual =~ x4 + x5 + x6\nx9 ~ visual + textual", {}),
    "export-democracy": ("political_democracy", DEMOCRACY, {"meanstructure": True}),
    "export-fixed": ("holzinger39", f"{THREE}\nx1 ~~ 0.5*x1\nvisual =~ 0.7*x3\nx4 ~ 3*1", {}),
    "export-constraints": ("holzinger39", LIMITS, {}),
    "export-formative": ("holzinger39", "comp <~ 1*x4 + x5 + x6\nvisual =~ x1 + x2 + x3\nvisual ~ comp", {}),
    "export-mlr": ("holzinger39", THREE, {"estimator": "MLR"}),
    "export-names": (
        "renamed",
        "信任 =~ 题1 + 题2 + 题3\nzufrieden =~ größe + if + x6\nif ~~ λ*题3\nzufrieden ~ 信任",
        {},
    ),
    "export-groups": ("holzinger39", THREE, SCHOOL),
    "export-groups-intercepts": ("holzinger39", THREE, SCHOOL | {"group_equal": ["loadings", "intercepts"]}),
    "export-groups-unit": ("holzinger39", THREE, SCHOOL | {"group_equal": ["loadings"], "std_lv": True}),
    "export-groups-mixed": (
        "holzinger39",
        "visual =~ x1 + c(0.5, l2)*x2 + c(l2b, NA)*x3\ntextual =~ x4 + x5 + c(a, a)*x6\n"
        "textual ~ c(b1, b2)*visual\nd := b1 - b2",
        SCHOOL,
    ),
}
RENAMED = {"x1": "题1", "x2": "题2", "x3": "题3", "x4": "größe", "x5": "if"}


def fit(case: str) -> SemResult:
    """Fit the model of a case."""
    from importlib import import_module

    source, model, options = CASES[case]
    data = import_module(f"semopy.examples.{'holzinger39' if source == 'renamed' else source}").get_data()
    frame = data.rename(columns=RENAMED) if source == "renamed" else data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)  # one case stands at its boundary
        return fit_sem(model, frame, **options)


def written(case: str) -> str:
    """Return the file of a case."""
    export: Export = to_lavaan(fit(case), group="school")
    renames = "".join(f"# {ours} -> {theirs}\n" for ours, theirs in export.renamed.items())
    return f"# {export.call}\n{renames}{export.text}\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in CASES:
        (FOLDER / f"{name}.lav").write_text(written(name), encoding="utf-8")
