"""Files and SVG texts: the same bytes each time, ids that do not clash, nothing half-written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from tests.plots import cases
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import likert, path_diagram, save, to_png, to_svg
from trustmeasure.plots.canvas import Picture


@pytest.fixture(scope="module")
def figure() -> Figure:
    return path_diagram(cases.holzinger(), what="all", labels={"visual": "视觉"}, title="因子")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_same_bytes_for_the_same_figure(tmp_path: Path, figure: Figure, ending: str) -> None:
    first = save(figure, tmp_path / f"a.{ending}")
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": None, "savefig.bbox": "tight"}):
        second = save(figure, tmp_path / "sub" / f"b.{ending.upper()}")
    assert first.read_bytes() == second.read_bytes()
    again = path_diagram(cases.holzinger(), what="all", labels={"visual": "视觉"}, title="因子")
    assert save(again, tmp_path / f"c.{ending}").read_bytes() == first.read_bytes()


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_files_hold_no_date_and_no_version(tmp_path: Path, figure: Figure, ending: str) -> None:
    data = save(figure, tmp_path / f"a.{ending}").read_bytes().lower()
    for word in (b"creationdate", b"dc:date", b"matplotlib v", b"software"):
        assert word not in data


def test_saving_changes_no_setting(tmp_path: Path, figure: Figure) -> None:
    before = dict(mpl.rcParams)
    save(figure, tmp_path / "a.svg")
    assert dict(mpl.rcParams) == before


def test_dpi_says_how_large_a_png_is(figure: Figure) -> None:
    sizes = [int.from_bytes(to_png(figure, dpi=dpi)[16:20]) for dpi in (50, 100)]
    assert sizes[1] == pytest.approx(2 * sizes[0], abs=2)


def test_svg_is_one_element_with_a_title(figure: Figure) -> None:
    svg = to_svg(figure, title='Model & "paths" <b>')
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own text)
    assert root.tag.endswith("svg")
    assert root.attrib["role"] == "img"
    assert root[0].tag.endswith("title")
    assert root[0].text == 'Model & "paths" <b>'


def test_ids_of_two_pictures_in_a_page_do_not_clash(figure: Figure) -> None:
    texts = [to_svg(figure), to_svg(likert(cases.sample(), construct="satisfaction"))]
    ids = [re.findall(r'\bid="([^"]+)"', text) for text in texts]
    for text, own in zip(texts, ids, strict=True):
        assert len(own) == len(set(own))
        links = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
        assert links
        assert links <= set(own)
    assert not set(ids[0]) & set(ids[1])


def test_style_of_a_picture_stays_in_it(figure: Figure) -> None:
    svg = to_svg(figure)
    name = re.search(r'<svg class="(\w+)"', svg)
    assert name
    assert f".{name[1]} *{{" in svg
    assert ">*{" not in svg


def test_svg_needs_no_fonts(figure: Figure) -> None:
    assert "<text" not in to_svg(figure)
    assert "font-family" not in to_svg(figure)


@pytest.mark.parametrize(("name", "dpi"), [("a.jpg", 100), ("a", 100), ("a.png", 0), ("a.png", -5)])
def test_wrong_files_are_refused(tmp_path: Path, figure: Figure, name: str, dpi: float) -> None:
    with pytest.raises(ArgumentError):
        save(figure, tmp_path / name, dpi=dpi)
    assert list(tmp_path.iterdir()) == []


def test_a_figure_shows_itself_in_a_notebook(figure: Figure) -> None:
    assert isinstance(figure, Picture)
    assert figure._repr_png_()[:8] == b"\x89PNG\r\n\x1a\n"


def test_import_loads_neither_pyplot_nor_the_engine() -> None:
    code = (
        "import sys, trustmeasure.plots; "
        "heavy = ('matplotlib.pyplot', 'semopy', 'statsmodels', 'scipy', 'trustmeasure.sem'); "
        "found = [name for name in heavy if name in sys.modules]; sys.exit(str(found) if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert done.returncode == 0, done.stderr


def test_figures_are_not_registered_with_pyplot() -> None:
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    likert(cases.sample(), construct="satisfaction")
    assert plt.get_fignums() == before
