"""Reading the stored cases of ordinal fits: what lavaan said, and how to fit the same model here."""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.reference.sem.cases import OUR_NAMES, option, published, surveyed, table, with_gaps
from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.sem import fit_sem
from trustmeasure.sem.result import SemResult

FOLDER = Path(__file__).resolve().parent
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
WORDS = {"group.equal", "group.partial"}


@cache
def read(case: str) -> dict[str, Any]:
    """Return what is stored of a case."""
    found: dict[str, Any] = json.loads(FILES[case].read_text(encoding="utf-8"))
    return found


CASES = tuple(case for case in FILES if "fit_measures" in read(case))
DIFFERENCES = tuple(case for case in FILES if "estimators" in read(case))


def with_part(part: str) -> list[str]:
    """Return the cases of which a part is stored."""
    return [case for case in CASES if read(case).get(part)]


@cache
def frame_of(case: str) -> pd.DataFrame:
    """Return the rows that lavaan was given."""
    data = read(case)["data"]
    if data["source"] == "answers":
        frame = pd.read_csv(FOLDER / "data" / data["file"])
    else:
        frame = cut(published(data["source"]), data["cuts"])
    frame = with_gaps(frame, **data["gaps"]) if "gaps" in data else frame
    return surveyed(frame) if data.get("survey") else frame


def cut(frame: pd.DataFrame, cuts: dict[str, list[float]]) -> pd.DataFrame:
    """Return published scores with some of them cut into categories 1, 2, ..."""
    codes = {name: np.searchsorted(points, frame[name], side="right") + 1 for name, points in cuts.items()}
    return frame.assign(**codes)


def our_options(options: dict[str, Any]) -> dict[str, Any]:
    """Return lavaan's options under our names."""
    found = {OUR_NAMES.get(n, n.replace(".", "_")): option(n, v) for n, v in options.items()}
    found.pop("conditional_x", None)
    return found


def fit(model: str, case: str, options: dict[str, Any]) -> SemResult:
    """Fit a model to the data of a case; the warnings that some cases are there for are not raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return fit_sem(model, frame_of(case), **our_options(options))


@cache
def fitted(case: str) -> SemResult:
    """Return the fit of a case, made once."""
    return fit(read(case)["model"], case, read(case)["options"])


@cache
def lavaan_parameters(case: str) -> pd.DataFrame:
    """Return lavaan's estimates under our column names, indexed by relation."""
    return table(read(case)["parameters"])


def labels(case: str) -> list[str]:
    """Return the labels of the groups as they are stored; "all" without groups."""
    found: list[str] = read(case)["group_labels"]
    return found


def statistics(case: str, label: str) -> pd.DataFrame:
    """Return the statistics of one group with natural signs, by name: `x1|t1`, `x1~~x2`, `x1~z`, `x1~1`."""
    stored = read(case)["statistics"][label]
    frame = pd.DataFrame(stored["rows"], columns=stored["columns"]).set_index("statistic")
    frame = frame.astype("float64")
    frame.loc[frame.index.str.endswith("~1"), ["observed", "implied"]] *= -1.0
    return frame
