"""What the README and the documentation show runs: Python, sessions with their output, and commands."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trustmeasure.files import shipped

ROOT = Path(__file__).resolve().parent.parent
MADE = {"_build", "notebooks", "generated"}
PAGES = [
    ROOT / "README.md",
    *(path for path in sorted((ROOT / "docs").rglob("*.md")) if not MADE & set(path.parts)),
]
COMMAND = Path(sys.executable).with_name("trustmeasure")
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.M | re.S)


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language, without their common indent."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [re.sub(f"^{indent}", "", text, flags=re.M) for indent, name, text in found if name == language]


def commands(page: Path) -> list[list[str]]:
    """Return the commands of ours that a page shows, in order."""
    lines = "\n".join(blocks(page, "console")).splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith("trustmeasure ")]


def pages_with(language: str) -> list[str]:
    """Return the pages that have blocks in a language, as paths from the root."""
    return [page.relative_to(ROOT).as_posix() for page in PAGES if blocks(page, language)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with the instrument files that the pages speak of."""
    shutil.copy(shipped("instruments") / "satisfaction.yaml", tmp_path / "my-instrument.yaml")
    for text in (text for page in PAGES for text in blocks(page, "yaml")):
        if named := re.match(r"id: (\S+)\n", text):
            (tmp_path / f"{named.group(1)}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.filterwarnings("ignore::trustmeasure.errors.ListwiseWarning")
@pytest.mark.parametrize("name", pages_with("python"))
def test_the_python_of_a_page_runs(name: str, folder: Path) -> None:
    code = "\n".join(blocks(ROOT / name, "python"))
    exec(compile(code, name, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own page


@pytest.mark.filterwarnings("ignore::trustmeasure.errors.ListwiseWarning")
@pytest.mark.parametrize("name", pages_with("pycon"))
def test_the_sessions_of_a_page_show_what_they_say(name: str, folder: Path) -> None:
    text = "\n".join(blocks(ROOT / name, "pycon"))
    session = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    shown: list[str] = []
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.DocTestRunner(optionflags=flags).run(session, out=shown.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(shown)


@pytest.mark.parametrize("name", [n for n in pages_with("console") if commands(ROOT / n)])
def test_the_commands_of_a_page_run(name: str, folder: Path) -> None:
    for command in commands(ROOT / name):
        done = subprocess.run(  # noqa: S603 - commands of our own page
            [str(COMMAND), *command[1:]],
            cwd=folder,
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"


def test_the_readme_shows_both() -> None:
    assert "README.md" in pages_with("python")
    assert len(commands(ROOT / "README.md")) >= 4
