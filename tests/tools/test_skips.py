"""Where TRUSTMEASURE_SKIPS=fail, a test that is skipped fails; elsewhere it is skipped with its reason."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

SKIPPED = "import pytest\ndef test_one():\n    pytest.skip('no such font')\n"
MISSING = "from tests.programs import requires\n@requires('no-such-program')\ndef test_one():\n    pass\n"
MODULE = "import pytest\npytest.skip('not here', allow_module_level=True)\n"
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail\ndef test_one():\n    assert False\n"
THERE = "from tests.programs import requires\n@requires('sh')\ndef test_one():\n    pass\n"


def run_pytest(folder: Path, sources: Sequence[str], skips: str, workers: int = 0) -> tuple[int, str]:
    """Return the exit code and what pytest says of test files under the rules of tests/conftest.py."""
    for number, source in enumerate(sources):
        (folder / f"test_{number}.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = system(program)\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rs",
        "-n",
        str(workers),
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        str(folder),
    ]
    environment = {**os.environ, "TRUSTMEASURE_SKIPS": skips, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (SKIPPED, "no such font"),
        (MISSING, "the program 'no-such-program' is not installed"),
        (MODULE, "not here"),
    ],
)
def test_a_skip_fails_only_where_it_must_not_be(tmp_path: Path, source: str, reason: str) -> None:
    code, shown = run_pytest(tmp_path, [source], "fail")
    assert code != 0
    assert reason in shown
    code, shown = run_pytest(tmp_path, [source], "report")
    assert code in {0, 5}  # 5: a module skipped as a whole leaves nothing to run
    assert "1 skipped" in shown
    assert reason in shown


@pytest.mark.parametrize("source", [EXPECTED_FAILURE, THERE])
def test_what_is_not_skipped_does_not_fail(tmp_path: Path, source: str) -> None:
    assert run_pytest(tmp_path, [source], "fail")[0] == 0


@pytest.mark.parametrize(
    ("sources", "reasons"),
    [((SKIPPED, MISSING), ("no such font", "no-such-program")), ((MODULE,), ("not here",))],
)
def test_a_skip_fails_in_a_worker_too(tmp_path: Path, sources: Sequence[str], reasons: Sequence[str]) -> None:
    code, shown = run_pytest(tmp_path, sources, "fail", workers=2)
    assert code != 0
    assert all(reason in shown for reason in reasons)
    assert not re.search(r"\d (passed|skipped)", shown)


def test_a_worker_reports_what_it_skips(tmp_path: Path) -> None:
    code, shown = run_pytest(tmp_path, [SKIPPED, THERE], "report", workers=2)
    assert code == 0
    assert "1 passed, 1 skipped" in shown
    assert "no such font" in shown
