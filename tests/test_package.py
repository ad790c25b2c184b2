"""The package as a whole: what its metadata, public names and shipped files promise holds."""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
import yaml

import trustmeasure as tm
from tools.check_minimum import disagreements, lower_bounds, pins
from trustmeasure.files import shipped

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_installed_version_is_the_projects() -> None:
    assert version("trustmeasure") == PROJECT["version"] == tm.__version__


def test_the_citation_file_is_complete_and_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "type", "abstract"} <= citation.keys()
    assert citation["title"] == "trustmeasure"
    assert citation["license"] == PROJECT["license"].split(" AND ")[0] == "MIT"
    assert citation["version"] == PROJECT["version"]
    assert [a["name"] for a in citation["authors"]] == [a["name"] for a in PROJECT["authors"]]


def test_the_changelog_tells_of_this_version() -> None:
    headings = re.findall(r"^## \[?([^\]\s]+)\]?", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == "Unreleased"
    assert PROJECT["version"] in headings


def test_the_command_leads_to_a_function() -> None:
    (command,) = entry_points(group="console_scripts", name="trustmeasure")
    assert callable(command.load())


@pytest.mark.parametrize("name", tm.__all__)
def test_every_public_name_exists_and_is_described(name: str) -> None:
    value = getattr(tm, name)
    if callable(value) or inspect.ismodule(value):
        described = inspect.getdoc(value) or ""
        assert len(described.splitlines()[0]) > 10


def test_public_names_are_listed_by_dir() -> None:
    assert set(tm.__all__) <= set(dir(tm))


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="fit_semm"):
        tm.fit_semm  # noqa: B018 - the look-up is what raises


@pytest.mark.parametrize(("folder", "pattern"), [("instruments", "*.yaml"), ("samples", "*.csv")])
def test_shipped_files_are_found(folder: str, pattern: str) -> None:
    assert list(shipped(folder).glob(pattern))


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(tm.__file__).parent / "py.typed").is_file()


def test_the_lowest_versions_tested_are_the_lowest_allowed() -> None:
    bounds = lower_bounds(ROOT / "pyproject.toml")
    pinned = pins(ROOT / "constraints" / "minimum.txt")
    assert len(bounds) > 10
    assert disagreements(bounds, pinned, wanted_in="pyproject.toml", found_in="minimum.txt") == []


def test_a_dependency_without_a_lower_bound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\ndependencies = ["numpy"]\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"'numpy' needs exactly one lower bound"):
        lower_bounds(path)


def test_a_pin_that_differs_from_its_bound_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["a>=1.2", "b_c>=3", "d>=1"]\n', encoding="utf-8"
    )
    (tmp_path / "minimum.txt").write_text("a==1.2.0\nB-c==3.1  # higher\n", encoding="utf-8")
    bounds, pinned = lower_bounds(tmp_path / "pyproject.toml"), pins(tmp_path / "minimum.txt")
    assert disagreements(bounds, pinned, wanted_in="bounds", found_in="pins") == [
        "b-c: bounds has 3, pins has 3.1",
        "d: bounds has 1, pins has nothing",
    ]
