"""Reading the stored cases: what lavaan said, and how to fit the same model here."""

from __future__ import annotations

import json
import warnings
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.sem import fit_sem
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.result import SemResult

FOLDER = Path(__file__).resolve().parent
TOPICS = FOLDER.parent
GROUPS = ("sem", "sem_groups", "sem_estimators", "sem_survey", "sem_constraints", "sem_missing")
FITS = tuple(TOPICS / name for name in GROUPS)
BESIDE = ("sem_inspect", "sem_scores", "sem_compare")
FOLDERS = (*FITS, *(TOPICS / name for name in BESIDE))
FILES = {path.stem: path for folder in FOLDERS for path in sorted(folder.glob("*.json"))}
CASES = tuple(case for case, path in FILES.items() if path.parent in FITS)
OUR_NAMES = {"sampling.weights": "weights"}
UNIT_CASES = ("scales-factors", "scales-factors-std-lv", "scales-structure")

Key = tuple[str, str, str]


@cache
def read(case: str) -> dict[str, Any]:
    """Return what is stored of a case."""
    found: dict[str, Any] = json.loads(FILES[case].read_text(encoding="utf-8"))
    return found


def stored_groups(case: str) -> dict[str, dict[str, Any]]:
    """Return what is stored of each group of a case, by label; the whole case under "" without groups."""
    stored = read(case)
    groups: dict[str, dict[str, Any]] = stored.get("groups", {"": stored})
    return groups


def group_pairs(case: str) -> list[tuple[dict[str, Any], GroupResult]]:
    """Return what is stored of each group beside our result for it."""
    return [(stored, fitted(case).in_group(label)) for label, stored in stored_groups(case).items()]


@cache
def published(source: str) -> pd.DataFrame:
    """Return a published data set out of semopy."""
    frame: pd.DataFrame = import_module(f"semopy.examples.{source}").get_data()
    return frame.reset_index(drop=True)


def frame_of(case: str, *, original_units: bool = False) -> pd.DataFrame:
    """Return the rows that lavaan was given, or the same in the units of the data file."""
    data = read(case)["data"]
    if data["source"] != "csv":
        frame = published(data["source"]).iloc[: int(data.get("rows", 10**9))]
        frame = with_gaps(frame, **data["gaps"]) if "gaps" in data else frame
        return surveyed(frame) if data.get("survey") else frame
    frame = pd.read_csv(FOLDER / data["file"])
    for column, unit in ({} if original_units else data.get("units", {})).items():
        frame[column] = frame[column] / unit
    return frame


def incomplete(case: str) -> bool:
    """Return whether the case uses incomplete rows (FIML)."""
    return bool(read(case)["options"].get("missing") == "fiml")


def with_gaps(frame: pd.DataFrame, columns: list[str], every: int) -> pd.DataFrame:
    """Leave values out by the rule of `with_gaps` in _reference.R."""
    frame, row = frame.astype(dict.fromkeys(columns, float)), np.arange(1, len(frame) + 1)
    for j, column in enumerate(columns, start=1):
        frame.loc[(row * (2 * j + 1) + j**2) % every == 0, column] = np.nan
    return frame


def surveyed(frame: pd.DataFrame) -> pd.DataFrame:
    """Add weights and clusters by the rules of `surveyed` in _reference.R."""
    row = np.arange(1, len(frame) + 1)
    return frame.assign(w=0.5 + (7 * row) % 13 / 4, cl=np.floor(np.sqrt(8.0 * (row - 1))).astype(int))


def data_arguments(case: str, *, original_units: bool = False) -> dict[str, Any]:
    """Return the arguments of fit_sem that carry the data."""
    data = read(case)["data"]
    if data["source"] != "moments":
        return {"data": frame_of(case, original_units=original_units)}
    if "groups" not in data:
        return moment_arguments(data)
    each = {label: moment_arguments(group) for label, group in data["groups"].items()}
    names = ["sample_cov", "n_obs"] + ["sample_mean"] * all(
        g["sample_mean"] is not None for g in each.values()
    )
    return {name: {label: group[name] for label, group in each.items()} for name in names}


def moment_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """Return covariances, means and number of rows as fit_sem takes them."""
    mean = pd.Series(data["mean"]) if data["mean"] else None
    found = {"sample_cov": symmetric(data["cov"]), "sample_mean": mean, "n_obs": int(data["n_obs"])}
    if "sd" in data:
        found |= {"sample_cov": symmetric(data["corr"]), "sample_sd": data["sd"]}
    return found


def option(name: str, value: Any) -> Any:
    """Return the value of an option under our names: kinds of parameters have underscores."""
    if name in {"group.equal", "group.partial"}:
        return [value.replace(".", "_")] if isinstance(value, str) else [v.replace(".", "_") for v in value]
    return value


def fit(case: str, *, original_units: bool = False) -> SemResult:
    """Fit a case with trustmeasure; the warnings that some cases are there for are not raised."""
    stored = read(case)
    options = {OUR_NAMES.get(n, n.replace(".", "_")): option(n, v) for n, v in stored["options"].items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return fit_sem(stored["model"], **data_arguments(case, original_units=original_units), **options)


@cache
def fitted(case: str) -> SemResult:
    """Return the fit of a case, made once."""
    return fit(case)


def symmetric(stored: dict[str, Any]) -> pd.DataFrame:
    """Return a matrix that is stored as its lower triangle."""
    names = stored["names"]
    full = np.zeros((len(names), len(names)))
    for i, row in enumerate(stored["lower"]):
        full[i, : i + 1] = full[: i + 1, i] = [np.nan if v is None else v for v in row]
    return pd.DataFrame(full, index=names, columns=names)


def key(lhs: str, op: str, rhs: str) -> Key:
    """Return what names a parameter: covariances have no order, definitions no right-hand side."""
    if op == "~~":
        lhs, rhs = sorted((lhs, rhs))
    return (lhs, op, "" if op == ":=" else rhs)


def by_key(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of parameters indexed by their keys, in sorted order."""
    groups = frame["group"] if "group" in frame else pd.Series(1, index=frame.index)
    rows = frame[["lhs", "op", "rhs"]].itertuples(index=False)
    keys = [relation(*row, group) for row, group in zip(rows, groups, strict=True)]
    return frame.set_index(pd.Index(keys, name="parameter")).sort_index()


def relation(lhs: str, op: str, rhs: str, group: int = 1) -> str:
    """Return the key of a parameter as one text; groups after the first are named."""
    return " ".join(key(lhs, op, rhs)) + (f".g{int(group)}" if group > 1 else "")


@cache
def lavaan_parameters(case: str) -> pd.DataFrame:
    """Return lavaan's parameterEstimates under our column names, indexed by key."""
    return table(read(case)["parameters"])


def table(stored: dict[str, Any]) -> pd.DataFrame:
    """Return a stored table of relations under our column names, indexed by key."""
    names = {"est": "estimate", "est.std": "estimate", "pvalue": "p_value"}
    frame = pd.DataFrame(stored["rows"], columns=stored["columns"]).rename(columns=names)
    frame.columns = frame.columns.str.replace(".", "_")
    numbers = [c for c in frame.columns if c not in {"lhs", "op", "rhs", "group", "label"}]
    return by_key(frame.astype(dict.fromkeys(numbers, "float64")))


@cache
def our_parameters(case: str) -> pd.DataFrame:
    """Return our parameters indexed by key."""
    return by_key(fitted(case).parameters)
