"""Response categories that nobody chose in a group: found, and merged with a neighbour on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.columns import Columns
from trustmeasure.errors import DataError
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.split import Rows, Split

Array = npt.NDArray[np.float64]
Categories = Mapping[str, tuple[float, ...]]
Merge = tuple[str, float, float, str]
COLUMNS = ("variable", "category", "merged_with", "empty_in")


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each category of a variable was chosen.

    Attributes
    ----------
    name : str
        The variable.
    codes : tuple of float, length c
        Its categories.
    by_group : array, shape (G, c)
        Answers in each group, among the rows that are used.
    labels : tuple of str, length G
        The groups.
    """

    name: str
    codes: tuple[float, ...]
    by_group: Array
    labels: tuple[str, ...]

    def empty(self) -> list[tuple[float, str]]:
        """Return the categories that are empty somewhere, each with its groups."""
        found = []
        for code, counts in zip(self.codes, self.by_group.T, strict=True):
            where = [label for label, n in zip(self.labels, counts, strict=True) if n == 0]
            if where:
                found.append((code, ", ".join(where)))
        return found

    def merged(self) -> tuple[Counts, list[Merge]]:
        """Return counts without empty categories, and what was merged with what.

        The outermost category goes to its neighbour, another one to the neighbour with fewer answers.
        """
        now, done = self, []
        while now.empty():
            if len(now.codes) < 3:
                raise DataError(
                    f"'{self.name}' has no two categories that every group uses, so it says nothing about "
                    "how they differ. Leave it out."
                )
            code, where = now.empty()[0]
            i = now.codes.index(code)
            j = now._neighbour(i)
            done.append((self.name, code, now.codes[j], where))
            now = now._joined(i, j)
        return now, done

    def _neighbour(self, i: int) -> int:
        if i in {0, len(self.codes) - 1}:
            return 1 if i == 0 else i - 1
        totals = self.by_group.sum(axis=0)
        return i - 1 if totals[i - 1] <= totals[i + 1] else i + 1

    def _joined(self, i: int, j: int) -> Counts:
        counts = self.by_group.copy()
        counts[:, j] += counts[:, i]
        codes = tuple(code for k, code in enumerate(self.codes) if k != i)
        return replace(self, codes=codes, by_group=np.delete(counts, i, axis=1))


def counts_of(split: Split, table: ParameterTable, categories: Categories, missing: str) -> list[Counts]:
    """Return how often each category of each ordered variable was chosen in each group.

    Parameters
    ----------
    split : Split
        The data.
    table : ParameterTable
        The model.
    categories : mapping of str to tuple of float
        The codes that occur.
    missing : {"listwise", "pairwise"}
        Rows that are used: complete ones, or all.
    """
    found: dict[str, list[list[int]]] = {name: [] for name in table.ordered}
    for part in split.parts:
        assert isinstance(part, Rows)  # noqa: S101  # ordered variables come with rows
        values = _values(part, table.observed)
        used = values[~np.isnan(values).any(axis=1)] if missing == "listwise" else values
        for name in table.ordered:
            column = used[:, table.observed.index(name)]
            found[name].append([int((column == code).sum()) for code in categories[name]])
    return [
        Counts(n, tuple(categories[n]), np.array(rows, dtype=float), split.labels)
        for n, rows in found.items()
    ]


def _values(part: Rows, names: Sequence[str]) -> Array:
    reader = part.columns.reader(names)
    return np.concatenate([reader.read(rows)[0] for rows in reader.blocks(part.at)])


def refuse_empty(counts: Sequence[Counts]) -> None:
    """Raise DataError naming variable, category and group for each that is empty."""
    found = [f"category {code:g} of '{c.name}' in {where}" for c in counts for code, where in c.empty()]
    if found:
        more = f" and {len(found) - 6} more" if len(found) > 6 else ""
        raise DataError(
            f"Nobody chose {'; '.join(found[:6])}{more}. Thresholds of empty categories are not known, and "
            "equal ones need the same categories in all groups. Say collapse=True to merge them with a "
            "neighbour in all groups, or leave the variable out."
        )


def collapsed(
    split: Split, table: ParameterTable, counts: Sequence[Counts]
) -> tuple[Split, dict[str, tuple[float, ...]], pd.DataFrame]:
    """Return data without empty categories, the categories left, and what was merged.

    Returns
    -------
    Split, dict, DataFrame
        The frame has one row a merge, in its order: variable category merged_with empty_in.
    """
    merged = [c.merged() for c in counts]
    done = [merge for _, merges in merged for merge in merges]
    categories = {c.name: c.codes for c, _ in merged}
    record = pd.DataFrame(done, columns=list(COLUMNS))
    if not done:
        return split, categories, record
    first = split.parts[0]
    assert isinstance(first, Rows)  # noqa: S101  # ordered variables come with rows
    reader = first.columns.reader(table.observed)
    every = np.concatenate([reader.read(rows)[0] for rows in reader.blocks()])
    frame = pd.DataFrame(every, columns=list(table.observed))
    for name, code, into, _ in done:
        frame[name] = frame[name].where(frame[name] != code, into)
    columns = Columns.of(frame)
    parts = tuple(replace(part, columns=columns) for part in split.parts if isinstance(part, Rows))
    return replace(split, parts=parts), categories, record
