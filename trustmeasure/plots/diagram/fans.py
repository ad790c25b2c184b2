"""A factor with its indicators as one block: a fan to one side, nested for higher-order factors.

A fan is laid out once, opening to the right; the other three sides are turns and mirrors of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from trustmeasure.plots.diagram.graph import Box, Graph, Place, Side, Size

LEAF_GAP = 5.0
LABEL_GAP = 3.0
GROUP_GAP = 12.0
TAIL = 15.0
HEAD = 8.0
TURN_ABOVE = 40.0
SHORTEST = 44.0
OPENING = 0.28
_NO_REACH: Mapping[tuple[int, bool], float] = {}


@dataclass(frozen=True, slots=True)
class Block:
    """A factor at (0, 0) and everything that hangs on it.

    Attributes
    ----------
    places : tuple of Place
        The factor first, then its fan, relative to the factor's centre.
    left, right, up, down : float
        How far the block reaches from the factor's centre, residual arrows included.
    """

    places: tuple[Place, ...]
    left: float
    right: float
    up: float
    down: float


@dataclass(frozen=True, slots=True)
class _Fan:
    """A block opening to the right, before it is turned: depth to the right, breadth up and down."""

    places: tuple[Place, ...]
    back: float
    depth: float
    above: float
    below: float


@dataclass(frozen=True, slots=True)
class _Setting:
    """What every fan of one block shares."""

    side: Side
    boxes: Mapping[str, Box]
    labels: Mapping[tuple[str, str], Size]
    parent: Mapping[str, str]
    reaches: Mapping[tuple[int, bool], float]
    shared: frozenset[str]

    @property
    def upright(self) -> bool:
        """Whether the fan opens up or down."""
        return self.side in ("up", "down")

    def members(self, name: str) -> list[str]:
        """Return the indicators in the fan of `name`."""
        return [child for child, above in self.parent.items() if above == name]

    def label(self, name: str, child: str) -> Size:
        """Return the size of the text on the line to `child`, in the frame of the fan."""
        return _frame(self.labels.get((name, child), Size()), self.upright)


def blocks(
    sides: Mapping[str, Side],
    rows: Iterable[Sequence[str]],
    graph: Graph,
    parent: Mapping[str, str],
    spread: float = 1.0,
    shared: frozenset[str] = frozenset(),
) -> dict[str, Block]:
    """Return a block for every factor; those of one layer get fans of one depth, so that columns align.

    Parameters
    ----------
    sides : mapping
        Factor (or lone variable) -> where its indicators stand.
    rows : iterable of sequences of str
        The layers.
    graph : Graph
        Boxes with sizes, links with label sizes.
    parent : mapping
        Indicator -> factor, from `families.parents`.
    spread : float
        Factor on the distance between a factor and its indicators.
    shared : frozenset of str
        Indicators that get an arrow on their far side too, from an outer factor.
    """
    boxes = {box.id: box for box in graph.boxes}
    labels = {(k.source, k.target): k.label for k in graph.links if k.kind == "loading"}
    made: dict[str, Block] = {}
    for row in rows:
        for side in dict.fromkeys(sides[name] for name in row):
            group = [name for name in row if sides[name] == side]
            setting = _Setting(side, boxes, labels, parent, {}, shared)
            setting = replace(setting, reaches=_reaches(group, setting, spread))
            made.update({name: _turned(_fan(name, setting), side) for name in group})
    return made


def _reaches(roots: Sequence[str], setting: _Setting, spread: float) -> dict[tuple[int, bool], float]:
    """Return the distance from a factor to its indicators by level and kind, the largest that one needs."""
    found: dict[tuple[int, bool], float] = {}
    level = [(name, 0) for name in roots]
    while level:
        name, depth = level.pop()
        members = setting.members(name)
        if not members:
            continue
        key = depth, not setting.members(members[0])
        needed = spread * max(SHORTEST, OPENING * _breadth(members, setting))
        label = max(setting.label(name, child).width for child in members)
        found[key] = max(found.get(key, 0.0), needed + label)
        level += [(child, depth + 1) for child in members]
    return found


def _breadth(members: Sequence[str], setting: _Setting) -> float:
    """Return the distance between the first and the last indicator of a fan."""
    own = replace(setting, reaches=_NO_REACH)
    parts = [_fan(name, own, 1) for name in members]
    return sum(_pitches(parts, [Size() for _ in members], 1.0))


def _fan(root: str, setting: _Setting, depth: int = 0) -> _Fan:
    members = setting.members(root)
    own = _own_place(setting.boxes[root], upright=setting.upright, leaf=depth > 0 and not members)
    if not members:
        return _leaf(setting.boxes[root], own, setting)
    parts = [_fan(name, setting, depth + 1) for name in members]
    labels = [setting.label(root, name) for name in members]
    kind = depth, not setting.members(members[0])
    start = own.width / 2 + setting.reaches.get(kind, 0.0)
    shrink = 1 - (HEAD + max(label.width for label in labels) / 2) / start
    heights = _centred(_pitches(parts, labels, max(shrink, 0.3)))
    placed = [
        replace(place, x=place.x + start + part.back, y=place.y + y)
        for part, y in zip(parts, heights, strict=True)
        for place in part.places
    ]
    reach = [max(part.above, label.height / 2 + 2) for part, label in zip(parts, labels, strict=True)]
    drop = [max(part.below, label.height / 2 + 2) for part, label in zip(parts, labels, strict=True)]
    above = max(own.height / 2, *(y + up for up, y in zip(reach, heights, strict=True)))
    below = max(own.height / 2, *(down - y for down, y in zip(drop, heights, strict=True)))
    depth_all = max(start + part.back + part.depth for part in parts)
    return _Fan((own, *placed), own.width / 2, depth_all, above, below)


def _frame(size: Size, upright: bool) -> Size:
    """Return a size as seen in the frame of a fan that opens to the right."""
    return Size(size.height, size.width) if upright else size


def _own_place(box: Box, *, upright: bool, leaf: bool) -> Place:
    turned = upright and leaf and box.shape == "rectangle" and box.size.width > TURN_ABOVE
    size = _frame(box.size, upright and not turned)
    return Place(box.id, box.shape, 0.0, 0.0, size.width, size.height, turned)


def _leaf(box: Box, own: Place, setting: _Setting) -> _Fan:
    """Return the fan of a lone box: itself, with room for its residual."""
    if box.residual is None:
        return _Fan((own,), own.width / 2, own.width / 2, own.height / 2, own.height / 2)
    text = _frame(box.residual, setting.upright)
    tail = TAIL + (text.width + 4 if text.width else 0.0)
    breadth = max(own.height, text.height + 2)
    if box.id in setting.shared:
        breadth = own.height + 2 * (text.height + 2)
    return _Fan((own,), own.width / 2, own.width / 2 + tail, breadth / 2, breadth / 2)


def _pitches(parts: Sequence[_Fan], labels: Sequence[Size], shrink: float) -> list[float]:
    """Return the distance between each part and the next.

    The lines draw together towards the factor: where the labels stand, they are `shrink` times as far apart.
    """
    pitches = []
    for (a, first), (b, second) in pairwise(zip(parts, labels, strict=True)):
        gap = LEAF_GAP if len(a.places) == len(b.places) == 1 else GROUP_GAP
        text = (first.height + second.height) / 2 + LABEL_GAP
        pitches.append(max(a.below + b.above + gap, text / shrink))
    return pitches


def _centred(pitches: Sequence[float]) -> list[float]:
    total = sum(pitches)
    heights, here = [total / 2], total / 2
    for pitch in pitches:
        here -= pitch
        heights.append(here)
    return heights


def _turned(fan: _Fan, side: Side) -> Block:
    places = tuple(_turn(place, side) for place in fan.places)
    if side == "right":
        return Block(places, fan.back, fan.depth, fan.above, fan.below)
    if side == "left":
        return Block(places, fan.depth, fan.back, fan.above, fan.below)
    if side == "up":
        return Block(places, fan.above, fan.below, fan.depth, fan.back)
    return Block(places, fan.above, fan.below, fan.back, fan.depth)


def _turn(place: Place, side: Side) -> Place:
    """Turn a place of the right-hand fan; the first indicator stays the topmost or the leftmost."""
    if side in ("right", "left"):
        return replace(place, x=place.x if side == "right" else -place.x, outward=side)
    y = place.x if side == "up" else -place.x
    return replace(place, x=-place.y, y=y, width=place.height, height=place.width, outward=side)
