"""Small surveys and study files for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

MODEL = """
satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4
repurchase_intention =~ rep_1 + rep_2 + rep_3
repurchase_intention ~ b*satisfaction
double := 2*b
"""

STUDY = """
[study]
title = "Small study"
authors = ["A. Author"]

[instruments]
use = ["satisfaction", "repurchase"]

[responses]
path = "answers.csv"
{responses}

[model]
text = '''{model}'''
{model_keys}

[report]
plots = false
{report}
"""


def survey(n: int = 160, seed: int = 3) -> pd.DataFrame:
    """Return answers of `n` people: satisfaction drives the intention to buy again."""
    rng = np.random.default_rng(seed)
    satisfaction = rng.normal(size=n)
    intention = 0.6 * satisfaction + 0.8 * rng.normal(size=n)
    columns: dict[str, object] = {"respondent_id": [f"p{i + 1}" for i in range(n)]}
    for name, latent, count in (("sat", satisfaction, 4), ("rep", intention, 3)):
        for i in range(count):
            answers = np.round(4 + 1.1 * latent + 0.7 * rng.normal(size=n))
            columns[f"{name}_{i + 1}"] = np.clip(answers, 1, 7).astype(int)
    columns["consent"] = 1
    columns["city"] = np.where(np.arange(n) % 2, "Köln", "成都")
    return pd.DataFrame(columns)


def write_study(
    folder: Path,
    data: pd.DataFrame | None = None,
    *,
    responses: str = "",
    model: str = MODEL,
    model_keys: str = "",
    report: str = "",
) -> Path:
    """Write `answers.csv` and `study.toml` into `folder` and return the study file."""
    (survey() if data is None else data).to_csv(folder / "answers.csv", index=False)
    file = folder / "study.toml"
    text = STUDY.format(responses=responses, model=model, model_keys=model_keys, report=report)
    file.write_text(text, encoding="utf-8")
    return file
