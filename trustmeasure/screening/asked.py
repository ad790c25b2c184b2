"""Answers as they were given, in the order in which they were asked, whatever they came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array, in_place, to_pandas
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import Responses
from trustmeasure.responses.item_frame import item_frame
from trustmeasure.responses.scales import scales_of
from trustmeasure.screening.order import fixed_order, places_of

Positions = tuple[int, ...]
Codes = tuple[float, float] | Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers of n respondents to p items.

    Attributes
    ----------
    index : pandas.Index, length n
        The rows of the data.
    respondents : array, shape (n,)
        Ids of the respondents; numbers of rows, from 1, when no column holds ids.
    items : tuple of str, length p
        The items in the order in which they were asked.
    given : array, shape (n, p)
        Codes as the respondents gave them; NaN where there is no answer.
    turned : array, shape (n, p)
        The same with reverse-worded items turned, so that high means more.
    lowest, highest : array, shape (p,)
        The ends of each item's response scale.
    pages : mapping
        Name of a page -> positions of its items.
    scales : mapping
        Name of a scale -> positions of its items.
    place : array, shape (n, p), or None
        Place of each item in a respondent's own order; None when all had the same.
    data : pandas.DataFrame
        All columns, n rows.
    """

    index: pd.Index
    respondents: npt.NDArray[Any]
    items: tuple[str, ...]
    given: Array
    turned: Array
    lowest: Array
    highest: Array
    pages: Mapping[str, Positions]
    scales: Mapping[str, Positions]
    place: npt.NDArray[np.intp] | None
    data: pd.DataFrame

    def shares(self, codes: Array, items: Sequence[int] | None = None) -> Array:
        """Return codes of items as shares of the way from the item's lowest to its highest code."""
        chosen = slice(None) if items is None else np.asarray(items, dtype=np.intp)
        low, reach = self.lowest[chosen], (self.highest - self.lowest)[chosen]
        return np.asarray((codes - low) / np.where(reach > 0, reach, 1.0))

    def in_order(self, positions: Sequence[int] | None = None) -> Array:
        """Return the answers given to some items, each row in the order in which it was asked."""
        chosen = np.arange(len(self.items)) if positions is None else np.asarray(positions, dtype=np.intp)
        answers = self.given[:, chosen]
        if self.place is None:
            return answers
        order = np.argsort(self.place[:, chosen], axis=1, kind="stable")
        return np.take_along_axis(answers, order, axis=1)


def asked_of(
    data: Any,
    *,
    items: Sequence[str] | None = None,
    scales: Mapping[str, Sequence[str]] | None = None,
    order: Sequence[str] | Questionnaire | None = None,
    pages: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] = (),
    codes: Codes | None = None,
) -> Asked:
    """Return answers made ready for screening.

    Parameters
    ----------
    data : Responses, frame, 2-D array, or mapping of name to frame of items
        Answers, reverse-worded items turned.
    items, scales, order, pages, reverse, codes
        As in `screen`.

    Raises
    ------
    ArgumentError
        For a name that is no item, or arguments that do not go together.
    DataError
        For data without rows or items, or an item that holds text.
    """
    frame, own_scales = _read(data)
    names = _item_names(frame, items, scales or own_scales, order, isinstance(data, Responses), data)
    if len(frame) == 0:
        raise DataError("The data have no rows, so there is nothing to screen.")
    places = {name: i for i, name in enumerate(names)}
    turned = item_frame(frame[list(names)]).to_numpy(dtype=float)
    lowest, highest = _ends(data, turned, names, codes)
    back = [places[name] for name in _reversed(data, names, reverse)]
    given = turned.copy()
    given[:, back] = lowest[back] + highest[back] - turned[:, back]
    return Asked(
        index=frame.index,
        respondents=_respondents(data, frame),
        items=tuple(names),
        given=given,
        turned=turned,
        lowest=lowest,
        highest=highest,
        pages=_groups(pages or _own_pages(data, order), places, "pages", lenient=pages is None),
        scales=_groups(scales or own_scales, places, "scales", lenient=scales is None),
        place=places_of(frame, names) if isinstance(data, Responses) else None,
        data=frame,
    )


def _read(data: Any) -> tuple[pd.DataFrame, dict[str, Sequence[str]]]:
    """Return all columns, and the scales that the data bring themselves."""
    if isinstance(data, Responses):
        reads = {scale.id: scale for scale in scales_of(data) if not scale.dimensions}
        own = {id: [i for i in scale.expected if i in data.data] for id, scale in reads.items()}
        return data.data, {id: found for id, found in own.items() if found}
    if isinstance(data, Mapping) and data and all(_is_frame(value) for value in data.values()):
        return _joined(data)
    frame = to_pandas(data)
    frame.columns = pd.Index([str(name) for name in frame.columns])
    return frame, {}


def _is_frame(value: Any) -> bool:
    return len(getattr(value, "shape", ())) == 2


def _joined(data: Mapping[Any, Any]) -> tuple[pd.DataFrame, dict[str, Sequence[str]]]:
    parts = {str(name): item_frame(part) for name, part in data.items()}
    if len({len(part) for part in parts.values()}) > 1:
        sizes = ", ".join(f"{name}: {len(part)}" for name, part in parts.items())
        raise ArgumentError(f"The scales have different numbers of rows ({sizes}). Give the same people.")
    if all(list(part.columns) == [f"x{i + 1}" for i in range(part.shape[1])] for part in parts.values()):
        parts = {name: part.add_prefix(f"{name}_") for name, part in parts.items()}
    whole = pd.concat(list(parts.values()), axis=1)
    whole = whole.loc[:, ~whole.columns.duplicated()]
    first = next(iter(data.values()))
    if isinstance(first, pd.DataFrame):
        whole.index = first.index
    return whole, {name: list(part.columns) for name, part in parts.items()}


def _item_names(
    frame: pd.DataFrame,
    items: Sequence[str] | None,
    scales: Mapping[str, Sequence[str]],
    order: Sequence[str] | Questionnaire | None,
    survey: bool,
    data: Any,
) -> list[str]:
    """Return the items in the order in which they were asked."""
    known = list(data.item_ids) if survey else list(frame.columns)
    chosen = known
    if items is not None:
        chosen = known_names(items, known, "items")
    elif scales and not survey:
        chosen = _union(scales.values(), known)
    if not chosen:
        raise DataError("There are no items to screen. Name them with items= or scales=.")
    if order is None:
        return fixed_order(data, chosen) if survey else chosen
    wanted = list(order.columns) if isinstance(order, Questionnaire) else list(order)
    if isinstance(order, Questionnaire):
        wanted = [name for name in wanted if name in chosen]
    asked = known_names(wanted, chosen, "order")
    lost = [name for name in chosen if name not in asked]
    if lost:
        raise ArgumentError(f"order leaves out {', '.join(lost)}. Name every item once.")
    return asked


def _union(groups: Iterable[Sequence[str]], known: Sequence[str]) -> list[str]:
    wanted = {name for group in groups for name in known_names(group, known, "scales")}
    return [name for name in known if name in wanted]


def known_names(names: Sequence[str], known: Sequence[str], argument: str) -> list[str]:
    """Return names as a list; raise ArgumentError for one text, a name given twice or no item."""
    if isinstance(names, str):
        raise ArgumentError(
            f"{argument} holds the text {names!r}; give a list of names, such as [{names!r}]."
        )
    for name in names:
        if name not in known:
            raise ArgumentError(f"{argument}: '{name}' is no item. {suggestion(str(name), list(known))}")
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        raise ArgumentError(f"{argument} names {', '.join(twice)} more than once.")
    return list(names)


def _ends(data: Any, turned: Array, names: Sequence[str], codes: Codes | None) -> tuple[Array, Array]:
    """Return the ends of the response scales: of the instruments, as given, or of all answers."""
    if isinstance(data, Responses) and codes is None:
        scales = [data.scale_of(name) for name in names]
        ends = [(float(scale.minimum), float(scale.maximum)) for scale in scales]
    elif isinstance(codes, Mapping):
        known_names(list(codes), names, "codes")
        ends = [codes.get(name, _reach(turned[:, i])) for i, name in enumerate(names)]
    else:
        ends = [codes or _reach(turned)] * len(names)
    found = np.asarray(ends, dtype=float).reshape(len(names), 2)
    low, high = np.ascontiguousarray(found[:, 0]), np.ascontiguousarray(found[:, 1])
    _require_inside(turned, names, low, high, codes)
    return low, high


def _reach(values: Array) -> tuple[float, float]:
    seen = values[np.isfinite(values)]
    return (float(seen.min()), float(seen.max())) if seen.size else (np.nan, np.nan)


def _require_inside(turned: Array, names: Sequence[str], low: Array, high: Array, codes: Any) -> None:
    if codes is None:
        return
    if (low >= high).any():
        worst = int(np.flatnonzero(low >= high)[0])
        raise ArgumentError(f"codes of '{names[worst]}' must rise: ({low[worst]:g}, {high[worst]:g}).")
    outside = np.argwhere((turned < low) | (turned > high))
    if len(outside):
        i, j = (int(k) for k in outside[0])
        raise DataError(
            f"Item '{names[j]}' holds {turned[i, j]:g} in row {i + 1}, which lies outside its codes "
            f"{low[j]:g} to {high[j]:g}. Set it missing, or correct codes=."
        )


def _reversed(data: Any, names: Sequence[str], reverse: Sequence[str]) -> list[str]:
    if isinstance(data, Responses):
        if len(reverse):
            raise ArgumentError("reverse belongs to frames; the instruments of responses say it themselves.")
        return [name for name in names if data.item(name).reverse]
    return known_names(reverse, names, "reverse")


def _respondents(data: Any, frame: pd.DataFrame) -> npt.NDArray[Any]:
    if isinstance(data, Responses):
        return np.asarray(data.respondents)
    return np.arange(1, len(frame) + 1)


def _own_pages(data: Any, order: Sequence[str] | Questionnaire | None) -> dict[str, Sequence[str]]:
    """Return the pages of a questionnaire, or the blocks of the instruments."""
    if isinstance(order, Questionnaire):
        return {page.id: [id for part in page.elements for id in part.columns] for page in order.pages}
    if isinstance(data, Responses):
        blocks = [(own, block) for own in data.instruments for block in own.blocks]
        return {f"{own.id}: {block.id}": block.items for own, block in blocks}
    return {}


def _groups(
    groups: Mapping[str, Sequence[str]], places: Mapping[str, int], argument: str, *, lenient: bool
) -> dict[str, Positions]:
    """Return the positions of the items of each page or scale; items that are not screened are left out."""
    found = {}
    for name, members in groups.items():
        if not lenient:
            known_names(members, list(places), argument)
        held = tuple(places[item] for item in members if item in places)
        if held:
            found[str(name)] = held
    return found


def column_of(data: Any, name: str) -> pd.Series:
    """Return one column of the data; ArgumentError naming the nearest when there is none."""
    frame = in_place(data)
    if name not in frame.columns:
        known = [str(c) for c in frame.columns]
        raise ArgumentError(f"'{name}' is not a column of the data. {suggestion(name, known)}")
    found: pd.Series = frame[name]
    return found
