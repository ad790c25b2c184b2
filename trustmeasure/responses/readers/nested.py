"""Results in JSON: one object a respondent, answers inside answers, made into a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ResponseError

INSIDE = ("data", "json", "result")
"""Where services put the answers of a respondent, beside an id and a time."""


def results_of(path: Path) -> list[dict[str, Any]]:
    """Return the results that a JSON file holds, one object a respondent.

    Parameters
    ----------
    path : Path
        A list of objects, an object with such a list in it, or one object.

    Raises
    ------
    ResponseError
        If the file is no JSON, or holds no results.
    """
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ResponseError(f"{path.name} is no JSON ({error}). Export the results once more.") from None
    except OSError as error:
        raise ResponseError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    results = found if isinstance(found, list) else _list_in(found)
    if not results or not all(isinstance(result, dict) for result in results):
        raise ResponseError(f"{path.name} holds no results: a list of objects, one a respondent, is needed.")
    return [_unwrapped(result) for result in results]


def _list_in(found: Any) -> list[Any]:
    if not isinstance(found, dict):
        return []
    lists = (part for part in found.values() if isinstance(part, list) and part)
    return next((part for part in lists if all(isinstance(one, dict) for one in part)), [found])


def _unwrapped(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result whose answers lie inside it, as an object or as JSON text, as one object."""
    for name, part in result.items():
        inside = _parsed(part) if name.casefold() in INSIDE else None
        if isinstance(inside, dict):
            return {**{key: value for key, value in result.items() if key != name}, **inside}
    return dict(result)


def _parsed(part: Any) -> Any:
    if not isinstance(part, str):
        return part
    try:
        return json.loads(part)
    except (ValueError, RecursionError):
        return part


def flat(result: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield name and value of each answer; one inside another has the name `outer.inner`."""
    for name, value in result.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{name}.")
        else:
            yield before + name, json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return one row a result, columns in the order in which they first occur."""
    names = dict.fromkeys(name for row in rows for name in row)
    cells = {name: [_cell(row.get(name)) for row in rows] for name in names}
    columns = {name: pd.Series(values, dtype=object) for name, values in cells.items()}
    return pd.DataFrame({name: column.infer_objects() for name, column in columns.items()})


def _cell(value: Any) -> Any:
    return np.nan if value is None else value
