"""Rows of numbers become what the two stages work on, with checks that keep a fit from failing later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Rows
from trustmeasure.moments.tables import codes_of

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Categories = tuple[tuple[float, ...], ...]

MISSING = ("listwise", "pairwise")
MOST_CATEGORIES = 11
"""Codes that an ordinal variable may have unless they are given: as many as a scale from 0 to 10."""
LEAST_GAP = 4.0
"""Codes closer than this belong together."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows that are used, checked.

    Attributes
    ----------
    layout : Layout
        Which statistics there are.
    categories : tuple of tuple of float, length p
        Codes of each ordinal variable in their order; empty for a continuous one.
    rows : Rows
        The answers.
    n_dropped : int
        Rows left out because a value was missing.
    notes : tuple of str
        What a reader should know of them.
    missing : {"listwise", "pairwise"}
        Whether only complete rows are among them.
    """

    layout: Layout
    categories: Categories
    rows: Rows
    n_dropped: int
    notes: tuple[str, ...] = ()
    missing: str = "listwise"


def answers_of(
    values: Array,
    names: Sequence[str],
    ordered: Collection[str],
    covariates: Sequence[str] = (),
    *,
    missing: str = "listwise",
    weights: Array | None = None,
    categories: Mapping[str, tuple[float, ...]] | None = None,
) -> Answers:
    """Return the rows that are used; parameters and errors are those of `ordinal_moments`."""
    one_of("missing", missing, MISSING)
    _refuse_names(names, ordered, covariates)
    every = np.asarray(values, dtype=float)
    at_x = np.array([list(names).index(name) for name in covariates], dtype=np.intp)
    at_y = np.setdiff1d(np.arange(len(names)), at_x)
    kept = _kept(every, at_y, at_x, missing)
    weight = _checked_weights(weights, len(every))
    used = kept if weight is None else kept & (weight > 0.0)
    _refuse_no_rows(used, names, missing)
    y, x = every[used][:, at_y], every[used][:, at_x]
    y_names = tuple(str(names[j]) for j in at_y)
    is_ordinal = np.array([name in ordered for name in y_names], dtype=bool)
    codes = _categories(y, y_names, is_ordinal, dict(categories or {}))
    _refuse_numbers(y[:, ~is_ordinal], [n for n, o in zip(y_names, is_ordinal, strict=True) if not o])
    _refuse_covariates(x, covariates)
    _refuse_apart(y, y_names)
    layout = Layout(y_names, tuple(max(len(c) - 1, 0) for c in codes), tuple(map(str, covariates)))
    numbers = codes_of(y[:, is_ordinal], tuple(c for c, o in zip(codes, is_ordinal, strict=True) if o))
    rows = Rows(numbers, y[:, ~is_ordinal], x, None if weight is None else weight[used])
    notes = far_codes(y_names, codes)
    if not used.all():
        notes += _vanished(every[:, at_y], y_names, codes, categories)
    return Answers(layout, codes, rows, int((~kept).sum()), notes, missing)


def _refuse_names(names: Sequence[str], ordered: Collection[str], covariates: Sequence[str]) -> None:
    known = [str(n) for n in names]
    for what, given in (("ordered", ordered), ("covariates", covariates)):
        unknown = [n for n in given if n not in known]
        if unknown:
            raise ArgumentError(f"{what} names '{unknown[0]}'. {suggestion(str(unknown[0]), known)}")
    both = [n for n in covariates if n in ordered]
    if both:
        raise ArgumentError(
            f"'{both[0]}' is a covariate and in ordered. A covariate is taken as it is: leave it out of "
            "ordered and give it numbers, such as one column of zeros and ones for each category but one."
        )
    if len(covariates) == len(known):
        raise ArgumentError("All variables are covariates; there is none that they explain.")


def _kept(values: Array, at_y: Index, at_x: Index, missing: str) -> Flags:
    seen = ~np.isnan(values)
    if missing == "listwise":
        return np.asarray(seen.all(axis=1))
    return np.asarray(seen[:, at_y].any(axis=1) & seen[:, at_x].all(axis=1))


def _checked_weights(weights: Array | None, n: int) -> Array | None:
    if weights is None:
        return None
    found = np.asarray(weights, dtype=float)
    if found.shape != (n,):
        raise ArgumentError(f"weights has shape {found.shape} for {n} rows. Give one weight a row.")
    bad = ~np.isfinite(found) | (found < 0.0)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(f"The weight of row {row + 1} is {found[row]}. Give weights of zero or more.")
    return found


def _refuse_no_rows(used: Flags, names: Sequence[str], missing: str) -> None:
    if used.sum() < 2:
        what = "complete on" if missing == "listwise" else "with an answer to"
        remedy = " Use missing='pairwise', or fewer variables." if missing == "listwise" else ""
        raise DataError(
            f"{int(used.sum())} of {used.size} rows are {what} {', '.join(map(str, names[:6]))}"
            f"{', ...' if len(names) > 6 else ''}: too few.{remedy}"
        )


def _categories(
    y: Array, names: Sequence[str], ordinal: Flags, known: dict[str, tuple[float, ...]]
) -> Categories:
    return tuple(
        _codes(column[~np.isnan(column)], name, known.get(name)) if is_ordinal else ()
        for column, name, is_ordinal in zip(y.T, names, ordinal, strict=True)
    )


def _codes(answers: Array, name: str, known: tuple[float, ...] | None) -> tuple[float, ...]:
    """Return the codes of an ordinal variable, all of which were chosen."""
    found = np.unique(answers)
    if found.size < 2:
        same = f"the same answer ({found[0]:g})" if found.size else "no answer"
        raise DataError(
            f"{name} has {same} in all rows that are used, so it has no threshold. Leave it out of the model."
        )
    if known is None:
        if found.size > MOST_CATEGORIES:
            raise DataError(
                f"{name} has {found.size} different values ({found[0]:g}, {found[1]:g}, {found[2]:g}, "
                "...), too many for an ordinal variable. Leave it out of ordered to treat it as continuous "
                f"or cut it into at most {MOST_CATEGORIES} categories."
            )
        return tuple(float(code) for code in found)
    codes = tuple(float(code) for code in known)
    _refuse_codes(found, codes, name)
    return codes


def _refuse_codes(found: Array, codes: tuple[float, ...], name: str) -> None:
    if list(codes) != sorted(set(codes)):
        raise ArgumentError(f"categories of {name} are {codes}. Give each code once, from lowest to highest.")
    chosen = found.tolist()
    if other := [code for code in chosen if code not in codes]:
        raise DataError(
            f"{name} has the answer {other[0]:g}, which is none of its categories {_shown(codes)}."
        )
    if empty := [code for code in codes if code not in chosen]:
        raise DataError(
            f"Nobody chose category {empty[0]:g} of {name} among the rows that are used, so its thresholds "
            "are not known. Merge it with a neighbouring category."
        )


def _shown(codes: Sequence[float]) -> str:
    return ", ".join(f"{code:g}" for code in codes)


def _refuse_numbers(numbers: Array, names: Sequence[str]) -> None:
    for column, name in zip(numbers.T, names, strict=True):
        answers = column[~np.isnan(column)]
        if np.isinf(answers).any():
            raise DataError(f"{name} holds an infinite value. Set it to missing.")
        if answers.size < 2 or np.ptp(answers) == 0.0:
            raise DataError(
                f"The same value in all rows of {name} that are used: a variable without variance explains "
                "nothing. Leave it out of the model."
            )


def _refuse_covariates(x: Array, names: Sequence[str]) -> None:
    """Refuse covariates that are constant or follow from each other."""
    centred = x - x.mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    constant = size <= 1e-10 * np.linalg.norm(x, axis=0)
    if constant.any():
        raise DataError(
            f"The covariate {names[int(np.argmax(constant))]} has the same value in all rows that are used. "
            "Leave it out of the model."
        )
    for j in range(1, x.shape[1] + 1):
        if np.linalg.matrix_rank(centred[:, :j] / size[:j], tol=1e-8) < j:
            raise DataError(
                f"The covariate {names[j - 1]} follows from {', '.join(map(str, names[: j - 1]))}. Leave one "
                "of them out."
            )


def _refuse_apart(y: Array, names: Sequence[str]) -> None:
    """Refuse two variables that no row answers both."""
    seen = (~np.isnan(y)).astype(float)
    together = seen.T @ seen
    if together.min() == 0.0:
        i, j = np.argwhere(together == 0.0)[0]
        more = int((together == 0.0).sum() // 2) - 1
        others = f" The same holds for {more} more pairs." if more else ""
        raise DataError(
            f"No row answers both {names[i]} and {names[j]}, so their correlation is unknown.{others} "
            "Leave one of them out of the model."
        )


def _vanished(
    y: Array, names: Sequence[str], codes: Categories, known: Mapping[str, tuple[float, ...]] | None
) -> tuple[str, ...]:
    """Say which codes occur in rows that are not used only."""
    notes = []
    for column, name, own in zip(y.T, names, codes, strict=True):
        gone = np.setdiff1d(column[~np.isnan(column)], own)
        if own and gone.size and name not in (known or {}):
            notes.append(f"{name}: {_shown(gone.tolist())} occurs in rows left out only and is no category.")
    return tuple(notes)


def far_codes(names: Sequence[str], codes: Categories) -> tuple[str, ...]:
    """Say which variables have codes far from the others, as numbers for missing answers are (1 to 5, 99).

    Parameters
    ----------
    names : sequence of str
        The variables.
    codes : tuple of tuple of float
        Their categories; empty for continuous ones.
    """
    found = [(name, _far(own)) for name, own in zip(names, codes, strict=True)]
    shown = [f"{name} = {', '.join(f'{code:g}' for code in far)}" for name, far in found if far]
    if not shown:
        return ()
    return (
        f"Codes far from the others count as categories: {_listed(shown)}. If they stand for missing "
        "answers, set them to missing.",
    )


def _listed(shown: Sequence[str]) -> str:
    return "; ".join(shown[:5]) + (f"; and {len(shown) - 5} more variables" if len(shown) > 5 else "")


def _far(codes: tuple[float, ...]) -> tuple[float, ...]:
    """Return the codes outside 0 to 10 beyond a gap no smaller than the range of the three or more others."""
    for k in range(3, len(codes)):
        gap = max(codes[k - 1] - codes[0], LEAST_GAP)
        if codes[k] >= MOST_CATEGORIES and codes[k] - codes[k - 1] >= gap:
            return codes[k:]
    for k in range(len(codes) - 3, 0, -1):
        if codes[k - 1] < 0 and codes[k] - codes[k - 1] >= max(codes[-1] - codes[k], LEAST_GAP):
            return codes[:k]
    return ()
