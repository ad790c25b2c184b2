"""Make the simulated trust survey: the CSV and SPSS files and their codebook.

Run `python make_trust_survey.py` in any folder; the files are written beside this script. The seed is a
constant of `trust_survey_population.py`, so that the same files come out on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import trust_survey_codebook as codebook
import trust_survey_population as population
from trust_survey_population import Survey

from trustmeasure.files import write_text, write_with
from trustmeasure.instruments import Instrument, ResponseScale

FOLDER = Path(__file__).resolve().parent
NAME = "trust-survey"
LABEL_BYTES, VALUE_LABEL_BYTES = 255, 120  # what SPSS keeps of a label
FILE_LABEL = "Simulated trust survey: no real respondents"
NOTE = f"Simulated data, seed {population.SEED}. Model: see the codebook."  # SPSS keeps 80 bytes
HEADER_DATE = (92, b"01 Jan 2500:00:00")  # creation date and time in the file header, kept fixed


def survey_frame(survey: Survey) -> pd.DataFrame:
    """Return one row a respondent, as in the files; empty cells are missing values."""
    n = len(survey.sector)
    columns: dict[str, Any] = {
        "respondent_id": [f"sim-{i:04d}" for i in range(1, n + 1)],
        "data_origin": ["simulated"] * n,
        "language": survey.language,
        "sector": survey.sector,
    }
    for i, item in enumerate(survey.items):
        codes = pd.Series(survey.codes[:, i], dtype="Int64")
        columns[item] = codes.mask(codes == population.EMPTY)
    return pd.DataFrame(columns | {"repurchase_90d": survey.repurchase})


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as the text of a CSV file."""
    return str(frame.to_csv(index=False, lineterminator="\n"))


def write_sav(frame: pd.DataFrame, path: Path) -> None:
    """Write the survey for SPSS, with labels in English and, where they fit, Chinese."""
    import pyreadstat

    owners = codebook.instruments()
    items = [column for column in frame if column in owners]
    numbers = frame.astype(dict.fromkeys(items, "float64"))
    pyreadstat.write_sav(
        numbers,
        str(path),
        file_label=FILE_LABEL,
        note=NOTE,
        column_labels=variable_labels(owners),
        variable_value_labels=_value_labels(items, owners),
        missing_ranges={item: [_missing_range(owners[item].scale_of(item))] for item in items},
        variable_measure=dict.fromkeys(items, "ordinal") | {"repurchase_90d": "nominal"},
        variable_format=dict.fromkeys(items, "F2.0") | {"repurchase_90d": "F1.0"},
        row_compress=True,
    )
    _fix_date(path)


def _fix_date(path: Path) -> None:
    """Overwrite the time of writing, so that the same survey gives the same bytes."""
    start, date = HEADER_DATE
    content = path.read_bytes()
    path.write_bytes(content[:start] + date + content[start + len(date) :])


def variable_labels(owners: Mapping[str, Instrument]) -> dict[str, str | None]:
    """Return variable -> label for SPSS, in both languages where 255 bytes are enough."""
    texts = {name: (english, chinese) for name, (english, chinese, _) in codebook.BACKGROUND.items()}
    texts |= {item: _both(item, owners) for item in owners}
    return {name: _joined(english, chinese, LABEL_BYTES) for name, (english, chinese) in texts.items()}


def _both(item: str, owners: Mapping[str, Instrument]) -> tuple[str, str]:
    return codebook.wording(item, "en", owners), codebook.wording(item, "zh", owners)


def _joined(english: str, chinese: str, most: int) -> str:
    both = f"{english} | {chinese}"
    return english if english == chinese or len(both.encode()) > most else both


def _value_labels(items: list[str], owners: Mapping[str, Instrument]) -> dict[str, dict[Any, str]]:
    labels: dict[str, dict[Any, str]] = {item: _scale_labels(owners[item].scale_of(item)) for item in items}
    yes_no: dict[Any, str] = {0: "No | 否", 1: "Yes | 是"}
    languages: dict[Any, str] = {"en": "English | 英文", "zh": "Chinese | 中文"}
    return labels | {"repurchase_90d": yes_no, "language": languages}


def _scale_labels(scale: ResponseScale) -> dict[Any, str]:
    english, chinese = scale.labels("en", missing=True), scale.labels("zh", missing=True)
    return {code: _joined(english[code], chinese[code], VALUE_LABEL_BYTES) for code in english}


def _missing_range(scale: ResponseScale) -> Any:
    return {"lo": float(np.min(scale.missing_codes)), "hi": float(np.max(scale.missing_codes))}


def main() -> None:
    """Write all files beside this script."""
    survey = population.simulate()
    frame = survey_frame(survey)
    write_text(FOLDER / f"{NAME}.csv", csv_text(frame))
    write_with(FOLDER / f"{NAME}.sav", lambda path: write_sav(frame, path))
    write_text(FOLDER / f"{NAME}-codebook.csv", csv_text(codebook.codebook_frame(survey)))
    write_text(FOLDER / f"{NAME}-codebook.md", codebook.codebook_markdown(survey))
    print(f"Wrote {NAME}.csv, {NAME}.sav and the codebook: {len(frame):,} simulated respondents.")


if __name__ == "__main__":
    main()
