"""The package never asks the network: no module of it imports what could."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import trustmeasure as tm

PACKAGE = Path(tm.__file__).parent
FORBIDDEN = {
    *("aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket"),
    *("socketserver", "ssl", "telnetlib", "urllib", "urllib3", "webbrowser", "websocket", "xmlrpc"),
}
ALLOWED = {"urllib.parse"}  # takes texts apart, and asks nobody


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def asking(path: Path) -> set[str]:
    named = {name for name in imported(path) if name not in ALLOWED and not name.startswith("urllib.parse.")}
    return {name for name in named if name.partition(".")[0] in FORBIDDEN}


def test_no_module_imports_what_asks_the_network() -> None:
    found = {str(path.relative_to(PACKAGE)): asking(path) for path in PACKAGE.rglob("*.py")}
    assert len(found) > 100
    assert not {path: names for path, names in found.items() if names}


def test_such_an_import_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import urllib.parse\n\ndef f():\n    from urllib.request import urlopen\n    import socket\n"
    )
    assert asking(module) == {"urllib.request", "urllib.request.urlopen", "socket"}


def test_nothing_is_imported_by_its_name_in_a_text() -> None:
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "__import__(" not in text, path
        assert not any(f'import_module("{name}' in text for name in FORBIDDEN), path
