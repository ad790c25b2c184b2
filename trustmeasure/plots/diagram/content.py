"""From a fitted model to what is drawn: boxes, links, and the texts on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.display import number
from trustmeasure.plots.diagram.graph import Box, Graph, Kind, Link, Shape, Size
from trustmeasure.plots.text import balanced, measure

Estimates = Literal["std_all", "estimate", "std_lv"]
Key = tuple[str, str, str]
KINDS: dict[str, Kind] = {"~": "path", "<~": "path", "=~": "loading", "~~": "covariance"}
ROOT, PART, LEAF, VALUE, BELOW = 10.0, 9.0, 8.0, 8.0, 8.0
_ROOM = {ROOT: (68.0, 4), PART: (64.0, 4), LEAF: (120.0, 3)}
_LEVELS = (0.001, 0.01, 0.05)


@dataclass(frozen=True, slots=True)
class Options:
    """What is shown of a model.

    Attributes
    ----------
    what : {"structural", "all"}
        Without or with the measurement of the latent variables.
    estimates : str or None
        Column of the parameter table whose values stand on the lines.
    stars, r_squared, residuals : bool
        Whether significance stars, R-squared and residual variances are shown.
    min_abs : float or None
        Lines with a smaller absolute value are left out.
    decimals : int
        Digits after the point.
    """

    what: str = "structural"
    estimates: str | None = "std_all"
    stars: bool = False
    r_squared: bool = True
    residuals: bool = True
    min_abs: float | None = None
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Label:
    """A text with the font size it is drawn in."""

    text: str
    font: float

    @property
    def size(self) -> Size:
        """Width and height in points."""
        return Size(*measure(self.text, self.font)) if self.text else Size()


@dataclass(frozen=True, slots=True)
class Content:
    """A graph with its texts.

    Attributes
    ----------
    graph : Graph
        Boxes and links with their sizes.
    names, below : mapping
        Variable -> name, and what stands below it (R-squared).
    values : mapping
        (source, target, kind) -> text on the line.
    n_hidden : int
        Lines that `min_abs` left out.
    """

    graph: Graph
    names: Mapping[str, Label]
    below: Mapping[str, Label]
    values: Mapping[Key, Label]
    n_hidden: int


def content(result: Any, rows: pd.DataFrame, labels: Mapping[str, str], options: Options) -> Content:
    """Return what is drawn of `result`, whose parameters of one group are `rows`."""
    latent = set(result.model.latent)
    shown = _relations(rows, latent, options.what)
    kept = shown[_large_enough(shown, options)]
    variables = _variables(result, shown)
    links = {_key(row): _value_label(row, options) for row in kept.to_dict("records")}
    residuals = _residuals(rows, kept, variables, options)
    levels = {name: _level(name, kept, latent) for name in variables}
    names = {name: _name(name, labels, latent, levels[name]) for name in variables}
    below = _explained(result, variables, levels, options)
    owners = dict(kept.loc[kept["op"] == "=~", ["rhs", "lhs"]].to_numpy().tolist())
    groups = {
        n: (_shape(n, latent), levels[n], owners.get(n) if levels[n] == LEAF else "") for n in variables
    }
    sizes = _sizes(names, below, groups)
    boxes = tuple(
        Box(name, _shape(name, latent), sizes[name], residuals[name].size if name in residuals else None)
        for name in variables
    )
    lines = tuple(Link(a, b, _kind(kind), label.size) for (a, b, kind), label in links.items())
    values = {**links, **{(n, n, "residual"): label for n, label in residuals.items()}}
    return Content(Graph(boxes, lines), names, below, values, len(shown) - len(kept))


def _kind(kind: str) -> Kind:
    return next(k for k in KINDS.values() if k == kind)


def _shape(name: str, latent: set[str]) -> Shape:
    return "ellipse" if name in latent else "rectangle"


def _relations(rows: pd.DataFrame, latent: set[str], what: str) -> pd.DataFrame:
    """Return the rows that are lines: no variances, nothing fixed at zero, only the part asked for."""
    lines = rows[rows["op"].isin(list(KINDS)) & (rows["lhs"] != rows["rhs"])]
    fixed_at_zero = (lines["estimate"] == 0) & ~(lines["se"] > 0)
    lines = lines[~fixed_at_zero].drop_duplicates(["lhs", "op", "rhs"])
    if what == "all":
        return lines
    inner = _structural(lines, latent)
    return lines[lines["lhs"].isin(inner) & lines["rhs"].isin(inner)]


def _structural(lines: pd.DataFrame, latent: set[str]) -> set[str]:
    """Return the variables of the structural part: of regressions, and factors that are no dimensions.

    Without any regression these are all the latent variables.
    """
    paths = lines[lines["op"].isin(["~", "<~"])]
    if paths.empty:
        return latent
    parts = set(lines.loc[lines["op"] == "=~", "rhs"])
    return set(paths["lhs"]) | set(paths["rhs"]) | (latent - parts)


def _large_enough(lines: pd.DataFrame, options: Options) -> pd.Series[bool]:
    if options.min_abs is None:
        return pd.Series(True, index=lines.index)
    values = lines[options.estimates or "std_all"].abs()
    return ~(values < options.min_abs)


def _variables(result: Any, lines: pd.DataFrame) -> list[str]:
    """Return the variables to draw, latent ones first, each part in the order of the model."""
    used = set(lines["lhs"]) | set(lines["rhs"])
    return [name for name in (*result.model.latent, *result.model.observed) if name in used]


def _key(row: Mapping[Any, Any]) -> Key:
    """Return (source, target, kind): a regression `y ~ x` runs from x to y."""
    kind = KINDS[row["op"]]
    return (row["rhs"], row["lhs"], kind) if kind == "path" else (row["lhs"], row["rhs"], kind)


def _value_label(row: Mapping[Any, Any], options: Options) -> Label:
    if options.estimates is None:
        return Label(_stars(row["p_value"]) if options.stars else "", VALUE)
    text = number(float(row[options.estimates]), options.decimals)
    return Label(text + (_stars(row["p_value"]) if options.stars else ""), VALUE)


def _stars(p: float) -> str:
    return "*" * sum(p < level for level in _LEVELS)


def _level(name: str, lines: pd.DataFrame, latent: set[str]) -> float:
    """Return the font size of a name: 10 for structural variables, 9 for dimensions, 8 for indicators."""
    in_path = lines.loc[lines["op"].isin(["~", "<~"]), ["lhs", "rhs"]].isin([name]).to_numpy().any()
    is_part = (lines.loc[lines["op"] == "=~", "rhs"] == name).any()
    if in_path or not is_part:
        return ROOT
    return PART if name in latent else LEAF


def _name(name: str, labels: Mapping[str, str], latent: set[str], level: float) -> Label:
    """Return a name with line breaks: in few narrow lines when it is short, in wider ones when it is long."""
    text = labels.get(name) or (name.replace("_", " ") if name in latent else name)
    width, lines = _ROOM[level]
    longest = max((measure(part, level)[0] for part in text.split()), default=0.0)
    for share in (1.0, 1.4, 1.9):
        shown = balanced(text, max(width * share, min(longest, 2 * width)), level, lines)
        if not shown.endswith("…"):
            break
    return Label(shown, level)


def _explained(
    result: Any, variables: Sequence[str], levels: Mapping[str, float], options: Options
) -> dict[str, Label]:
    """Return R-squared of the variables that have one and are not indicators."""
    if not options.r_squared:
        return {}
    found = {n: float(result.r_squared.get(n, np.nan)) for n in variables if levels[n] != LEAF}
    return {
        n: Label(f"R² = {number(r, options.decimals)}", BELOW) for n, r in found.items() if np.isfinite(r)
    }


def _residuals(
    rows: pd.DataFrame, kept: pd.DataFrame, variables: Sequence[str], options: Options
) -> dict[str, Label]:
    """Return the residual variances of the observed indicators."""
    if options.what != "all" or not options.residuals:
        return {}
    paths = kept[kept["op"].isin(["~", "<~"])]
    causes = set(paths["rhs"]) | set(paths["lhs"])
    leaves = set(kept.loc[kept["op"] == "=~", "rhs"]) - set(kept.loc[kept["op"] == "=~", "lhs"]) - causes
    own = rows[(rows["op"] == "~~") & (rows["lhs"] == rows["rhs"]) & rows["lhs"].isin(list(leaves))]
    shown = {row["lhs"]: _value_label({**row, "p_value": np.nan}, options) for row in own.to_dict("records")}
    return {name: shown[name] for name in variables if name in shown}


def _sizes(
    names: Mapping[str, Label], below: Mapping[str, Label], groups: Mapping[str, tuple[object, ...]]
) -> dict[str, Size]:
    """Return outer sizes, the same for all variables of one group; the shape is the first mark of a group."""
    needed = {name: _needed(names[name], below.get(name), groups[name][0] == "ellipse") for name in names}
    members: dict[tuple[object, ...], list[Size]] = {}
    for name, group in groups.items():
        members.setdefault(group, []).append(needed[name])
    shared = {
        group: Size(max(s.width for s in sizes), max(s.height for s in sizes))
        for group, sizes in members.items()
    }
    return {name: shared[groups[name]] for name in names}


def _needed(name: Label, below: Label | None, ellipse: bool) -> Size:
    width, height = name.size.width, name.size.height
    if below is not None:
        width, height = max(width, below.size.width), height + LINE + below.size.height
    if not ellipse:
        return Size(max(width + 8, 22.0), max(height + 6, 15.0))
    return Size(max(width * 2**0.5 + 4, 64.0), max(height * 2**0.5 + 4, 34.0))


LINE = 3.0
