"""The command line as a process of its own: streams, signals, start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.study.surveys import write_study

COMMAND = [sys.executable, "-c", "import sys; from trustmeasure.cli import main; sys.exit(main())"]


def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )


def finish(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_exit_code_and_streams_of_an_error() -> None:
    code, out, err = finish(start("instruments", "show", "nothing"))
    assert (code, out) == (2, b"")
    assert err.startswith(b"trustmeasure: error: ")
    assert err.count(b"\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gb18030", "utf-8"])
def test_chinese_text_never_stops_the_output(encoding: str) -> None:
    code, out, err = finish(start("instruments", "show", "satisfaction", PYTHONIOENCODING=encoding))
    assert (code, err) == (0, b"")
    # what cannot hold any of it (ascii) gets UTF-8, what holds a part of it (cp1252) gets the rest as numbers
    shown = "\\u6ee1\\u610f\\u5ea6" if encoding == "cp1252" else "满意度"
    assert shown in out.decode("utf-8" if encoding == "ascii" else encoding)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from trustmeasure.cli import main; main(['--help']);"
        "heavy = {'pandas', 'numpy', 'scipy', 'matplotlib', 'jinja2', 'semopy', 'statsmodels', 'yaml'};"
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    assert done.stderr.strip() == ""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    process = start("demo", "-o", tmp_path / "demo")
    assert process.stderr is not None
    seen = b""
    while b"4/6" not in seen:  # the measurement model is being fitted
        seen += process.stderr.read(1)
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)
    assert code == 130
    assert b"Traceback" not in seen + err
    assert out == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    write_study(tmp_path)
    process = start("score", tmp_path / "answers.csv", "-i", "satisfaction")
    assert process.stdout is not None
    process.stdout.close()
    time.sleep(0.1)
    assert process.stderr is not None
    err = process.stderr.read()
    process.wait(timeout=60)
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err
