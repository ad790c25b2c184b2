"""A file to share: no direct identifiers, k-anonymous in stated columns, a note on what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range, suggestion
from trustmeasure.errors import ArgumentError, ResponseError
from trustmeasure.files import csv_text, write_text
from trustmeasure.responses.given import given_codes
from trustmeasure.responses.model import Responses
from trustmeasure.responses.platforms.base import STANDARD
from trustmeasure.responses.privacy.identifiers import findings_in

NEVER_SHARED = ("identifier", "link", "time", "order", "personal")
"""Kinds of a platform's columns that are never shared: each may point to one person."""

Coarser = float | Mapping[Any, Any] | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Shared:
    """What was written, and how far it hides people.

    Attributes
    ----------
    path, readme : Path
        The answers, and what was done to them.
    k : int
        Smallest number of records that share the values of all quasi-identifiers.
    records, suppressed : int
        Records written, and left out because too few others were like them.
    generalised : tuple of str
        Columns whose values were made coarser.
    quasi : tuple of str
        The quasi-identifiers.
    left_out : tuple of str
        Columns that are not shared.
    """

    path: Path
    readme: Path
    k: int
    records: int
    suppressed: int
    generalised: tuple[str, ...]
    quasi: tuple[str, ...]
    left_out: tuple[str, ...]


def share(
    responses: Responses,
    path: str | Path,
    *,
    quasi: Sequence[str],
    k: int = 5,
    generalise: Mapping[str, Coarser] | None = None,
    most_suppressed: float = 0.05,
) -> Shared:
    """Write answers that may be shared, and a note on what was done to them.

    Left out are respondent ids, participant codes, points in time, orders, everything that tells directly who
    somebody is, and free text. Then every combination of the quasi-identifiers must occur at least k times
    (k-anonymity): values are made coarser as `generalise` says, and records of rarer combinations are left
    out. When more would have to go than `most_suppressed` allows, nothing is written.

    K-anonymity guards against finding a person by the quasi-identifiers. It does not hide what all people of
    a group have in common (l-diversity is not computed), nor does it guard columns that are not named in
    `quasi`.

    Parameters
    ----------
    responses : Responses
        The answers.
    path : str or Path
        CSV file to write. Beside it `<name>.README.md` says what was done.
    quasi : sequence of str
        Columns of `responses.data` by which somebody who knows a person could find them: age group, gender,
        region, language.
    k : int
        Records that must be alike, 2 or more.
    generalise : mapping, optional
        Column -> how to make its values coarser: the width of classes of numbers, a mapping of values, or a
        function of a value.
    most_suppressed : float
        Share of the records that may be left out, from 0 to 1.

    Returns
    -------
    Shared
        What was reached.

    Raises
    ------
    ResponseError
        If k cannot be reached.
    ArgumentError
        If a column does not exist, or `quasi` names a column that is never shared.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> file = Path(tempfile.mkdtemp()) / "public.csv"
    >>> shared = tm.share(responses, file, quasi=["sector", "language"], k=5)
    >>> shared.k >= 5, shared.records + shared.suppressed
    (True, 1200)
    """
    least = at_least("k", k, 2)
    in_range("most_suppressed", most_suppressed, 0.0, 1.0, open_ends=False)
    left_out = not_shared(responses)
    frame = given_codes(responses).drop(columns=list(left_out))
    named = _quasi(quasi, frame, left_out)
    coarse = _generalised(frame, generalise or {})
    sizes = _group_sizes(coarse, named)
    keep = sizes >= least
    _require_reached(sizes, least, most_suppressed)
    kept = coarse.loc[keep].sort_values(list(named), kind="stable", key=lambda column: column.astype(str))
    shared = Shared(
        path=Path(path),
        readme=Path(path).with_name(f"{Path(path).name}.README.md"),
        k=int(sizes[keep].min()),
        records=int(keep.sum()),
        suppressed=int((~keep).sum()),
        generalised=tuple(generalise or {}),
        quasi=named,
        left_out=(*left_out, *(str(name) for name in responses.free_text)),
    )
    rows = kept.astype(object).where(kept.notna(), None).to_numpy().tolist()
    write_text(shared.path, csv_text([[str(name) for name in kept], *rows]))
    write_text(shared.readme, readme(shared, responses, least, [str(name) for name in kept]))
    return shared


def not_shared(responses: Responses) -> tuple[str, ...]:
    """Return the columns of the data that are never shared."""
    columns = [str(name) for name in responses.data]
    by_kind = dict(zip(responses.mapping["name"], responses.mapping["holds"], strict=True))
    found = {finding.column for finding in findings_in(responses.data, _open(columns, responses))}
    return tuple(
        column
        for column in columns
        if column == responses.id_column
        or by_kind.get(column) in NEVER_SHARED
        or STANDARD.get(column) in NEVER_SHARED
        or column in found
    )


def _open(columns: Sequence[str], responses: Responses) -> list[str]:
    return [column for column in columns if column not in responses.meanings]


def _quasi(quasi: Sequence[str], frame: pd.DataFrame, left_out: Sequence[str]) -> tuple[str, ...]:
    if isinstance(quasi, str) or not len(quasi):
        raise ArgumentError(
            "quasi: name the columns by which somebody could be found, such as ['age_group', 'gender']."
        )
    for column in quasi:
        if column in left_out:
            raise ArgumentError(f"quasi names '{column}', which is never shared. Leave it out of quasi.")
        if column not in frame:
            known = [str(name) for name in frame]
            raise ArgumentError(f"quasi names '{column}'. {suggestion(str(column), known)}")
    return tuple(dict.fromkeys(quasi))


def _generalised(frame: pd.DataFrame, how: Mapping[str, Coarser]) -> pd.DataFrame:
    for column in how:
        if column not in frame:
            known = [str(name) for name in frame]
            raise ArgumentError(f"generalise names '{column}'. {suggestion(str(column), known)}")
    return frame.assign(**{column: _coarser(frame[column], one) for column, one in how.items()})


def _coarser(column: pd.Series, how: Coarser) -> pd.Series:
    if isinstance(how, Mapping):
        return column.map(lambda value: how.get(value, value)).astype(object)
    if callable(how):
        return column.map(lambda value: value if pd.isna(value) else how(value)).astype(object)
    if isinstance(how, bool) or not how > 0:
        raise ArgumentError(f"generalise: {how!r} is no width of classes. Give a positive number.")
    return column.map(lambda value: value if pd.isna(value) else _class(float(value), float(how))).astype(
        object
    )


def _class(value: float, width: float) -> str:
    low = np.floor(value / width) * width
    return f"{low:g} to below {low + width:g}"


def _group_sizes(frame: pd.DataFrame, quasi: Sequence[str]) -> pd.Series:
    """Return for each record how many records have its values in all quasi-identifiers; gaps are a value."""
    texts = frame[list(quasi)].astype(object).where(frame[list(quasi)].notna(), None)
    values = pd.Series([tuple(map(str, row)) for row in texts.to_numpy().tolist()], index=frame.index)
    return values.map(values.value_counts())


def _require_reached(sizes: pd.Series, k: int, most: float) -> None:
    rare = int((sizes < k).sum())
    if rare == len(sizes) or rare > most * len(sizes):
        raise ResponseError(
            f"k={k} is not reached: {rare} of {len(sizes)} records share their quasi-identifiers with fewer "
            f"than {k - 1} others, and most_suppressed={most:g} allows {int(most * len(sizes))} to be left "
            "out. Make values coarser with generalise=, name fewer quasi-identifiers, or allow more. "
            "Nothing was written."
        )


def readme(shared: Shared, responses: Responses, asked: int, columns: Sequence[str]) -> str:
    """Return what was done, in Markdown."""
    others = [name for name in columns if name not in shared.quasi and name not in responses.item_ids]
    lines = [
        f"# {shared.path.name}",
        "",
        f"- Records: {shared.records}. Left out because too few others were like them: {shared.suppressed}.",
        f"- k-anonymity: every combination of the quasi-identifiers occurs at least {shared.k} times "
        f"(asked for: {asked}).",
        f"- Quasi-identifiers: {', '.join(shared.quasi)}.",
        f"- Made coarser: {', '.join(shared.generalised) or 'nothing'}.",
        f"- Columns left out: {', '.join(shared.left_out) or 'none'}.",
        "- Other columns that are no items and were not treated as quasi-identifiers: "
        f"{', '.join(others) or 'none'}.",
        "- Items hold the codes that were given; reverse-worded items are not turned.",
        "- Records are sorted by the quasi-identifiers, so that their order says nothing of when they came.",
        f"- Instruments: {', '.join(f'{own.id} {own.version}' for own in responses.instruments)}.",
        "",
        "k-anonymity guards against finding a person by the quasi-identifiers. It does not hide what all "
        "people of",
        "a group have in common (l-diversity was not computed), and it does not guard the other columns.",
        "",
    ]
    return "\n".join(lines)
