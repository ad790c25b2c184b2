"""Lines against shapes, compared with dense sampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from trustmeasure.plots.diagram.detour import detour
from trustmeasure.plots.diagram.geometry import Walls, bent, clip, crossings, cubic, segment
from trustmeasure.plots.diagram.graph import Place

coordinate = st.floats(-100, 100)
shape = st.sampled_from(["ellipse", "rectangle"])


def radius(points: np.ndarray, place: Place) -> np.ndarray:
    unit = np.abs(points - [place.x, place.y]) / [place.width / 2, place.height / 2]
    return np.hypot(*unit.T) if place.shape == "ellipse" else unit.max(axis=1)


@given(coordinate, coordinate, coordinate, coordinate, shape, st.floats(0, 10))
def test_hit_agrees_with_sampling(
    x0: float, y0: float, x1: float, y1: float, kind: str, margin: float
) -> None:
    place = Place("p", kind, 3, -5, 60, 30)
    grown = Place("p", kind, 3, -5, 60 + 2 * margin, 30 + 2 * margin)
    nearest = radius(segment((x0, y0), (x1, y1), 4000), grown).min()
    assume(abs(nearest - 1) > 0.01)
    hit = Walls.of([place]).hit(np.array([[x0, y0]]), np.array([[x1, y1]]), margin)
    assert bool(hit[0, 0]) == (nearest < 1)


@given(shape, shape, st.floats(-150, 150), st.floats(60, 150), st.floats(-40, 40))
def test_clip_leaves_the_part_between_the_boundaries(
    first: str, second: str, x: float, y: float, bulge: float
) -> None:
    a, b = Place("a", first, 0, 0, 60, 30), Place("b", second, x, y, 50, 40)
    line = clip(bent((0, 0), (x, y), bulge), a, b)
    assert radius(line[:1], a)[0] == pytest.approx(1, abs=1e-4)
    assert radius(line[-1:], b)[0] == pytest.approx(1, abs=1e-4)
    assert (radius(line[1:-1], a) > 0.999).all()
    assert (radius(line[1:-1], b) > 0.999).all()


def test_no_walls_are_never_touched() -> None:
    assert not Walls.of([]).touched(segment((0, 0), (9, 9)))


def test_bent_reaches_its_bulge_on_the_left() -> None:
    line = bent((0, 0), (100, 0), 20)
    assert line[:, 1].max() == pytest.approx(20, rel=1e-3)
    assert line[:, 1].min() >= 0


def test_cubic_ends_where_it_should() -> None:
    line = cubic((0, 0), (0, 10), (10, 10), (10, 0))
    np.testing.assert_allclose(line[[0, -1]], [[0, 0], [10, 0]])
    np.testing.assert_allclose(line[len(line) // 2], [5, 7.5])


def test_crossings_of_lines() -> None:
    cross = [segment((0, 0), (10, 10)), segment((20, 0), (30, 0))]
    assert crossings(segment((0, 10), (10, 0)), cross) == 1
    assert crossings(segment((0, 10), (10, 0)), []) == 0


@pytest.mark.parametrize("seed", range(10))
def test_detour_meets_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = [(x, y) for x in range(60, 360, 60) for y in range(-120, 180, 60) if rng.random() < 0.8]
    walls = [Place(str(i), "rectangle", x, y, 40, 36) for i, (x, y) in enumerate(spots)]
    start, end = Place("s", "ellipse", 0, 0, 40, 30), Place("e", "ellipse", 420, 30, 40, 30)
    way = detour(start, end, walls, 5.0)
    assert way is not None
    np.testing.assert_allclose(way[[0, -1]], [[0, 0], [420, 30]])
    assert not Walls.of(walls).touched(way, 2.0)


def test_detour_without_a_way_is_none() -> None:
    sides = [(0, 60, 200, 40), (0, -60, 200, 40), (-80, 0, 40, 160), (80, 0, 40, 160)]
    walls = [Place(str(i), "rectangle", x, y, w, h) for i, (x, y, w, h) in enumerate(sides)]
    end = Place("e", "ellipse", 300, 0, 20, 20)
    assert detour(Place("s", "ellipse", 0, 0, 20, 20), end, walls, 5.0) is None
