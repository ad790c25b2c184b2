"""Execute the notebooks and hold their headline figures against the stored ones.

`python tools/check_notebooks.py FOLDER` executes a copy of every notebook in FOLDER and fails when

- a notebook has no stored outputs, or no cell tagged `headline`,
- a cell raises an error,
- a figure of the last cell tagged `headline` differs from the stored one by more than 1e-6 relative,
- a stored output names a folder of the machine it was made on.

The headline cell shows one JSON object (printed, or displayed as JSON): names and figures, nested or flat.
`--store` executes the notebooks in place and stores their outputs instead of comparing.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RELATIVE = 1e-6
SECONDS_A_CELL = 600
Cell = Mapping[str, Any]
Notebook = Mapping[str, Any]


class NotebookError(Exception):
    """A notebook cannot be executed, or does not say again what it said."""


def code_cells(notebook: Notebook) -> list[Cell]:
    """Return the cells of a notebook that hold code."""
    return [
        cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]


def headline(notebook: Notebook) -> dict[str, Any]:
    """Return the figures of the last cell tagged `headline`, flattened to `outer.inner` names."""
    tagged = [c for c in code_cells(notebook) if "headline" in c.get("metadata", {}).get("tags", [])]
    if not tagged:
        raise NotebookError("no code cell is tagged 'headline'")
    found = [_object(output) for output in tagged[-1]["outputs"]]
    figures = dict(flat({k: v for part in found if part for k, v in part.items()}))
    if not figures:
        raise NotebookError("the cell tagged 'headline' shows no JSON object with figures")
    return figures


def _object(output: Mapping[str, Any]) -> dict[str, Any] | None:
    data = output.get("data", {})
    if isinstance(data.get("application/json"), dict):
        return dict(data["application/json"])
    text = "".join(output.get("text", data.get("text/plain", "")))
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, SyntaxError):
            continue
        if isinstance(value, dict):
            return value
    return None


def flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested mappings and lists with their dotted names."""
    for key, part in value.items():
        name = f"{prefix}{key}"
        if isinstance(part, list | tuple):
            part = dict(enumerate(part))
        if isinstance(part, Mapping):
            yield from flat(part, f"{name}.")
        else:
            yield name, part


def same(stored: Any, now: Any) -> bool:
    """Return whether two figures agree: numbers relatively, anything else exactly."""
    if _is_number(stored) and _is_number(now):
        both_nan = math.isnan(stored) and math.isnan(now)
        return both_nan or math.isclose(stored, now, rel_tol=RELATIVE, abs_tol=1e-12)
    return type(stored) is type(now) and bool(stored == now)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def moved(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return one line for each figure that moved, appeared or went away."""
    lines = [f"{name}: no longer there" for name in stored if name not in now]
    lines += [f"{name}: new, not stored" for name in now if name not in stored]
    lines += [
        f"{name}: stored {stored[name]!r}, now {now[name]!r}"
        for name in stored
        if name in now and not same(stored[name], now[name])
    ]
    return lines


def require_stored_outputs(notebook: Notebook) -> None:
    """Raise NotebookError when no code cell has outputs, or a stored one is an error."""
    cells = code_cells(notebook)
    outputs = [output for cell in cells for output in cell["outputs"]]
    if not outputs:
        raise NotebookError("no stored outputs; store them with `make notebooks-store`")
    if any(output["output_type"] == "error" for output in outputs):
        raise NotebookError("a stored output is an error")


def machine_folders(notebook: Notebook) -> list[str]:
    """Return the folders of this machine that stored outputs name, such as the checkout's."""
    folders = {str(Path.cwd()), f"{Path.home()}/", f"{tempfile.gettempdir()}/"}
    outputs = json.dumps([cell["outputs"] for cell in code_cells(notebook)])
    return sorted(folder for folder in folders if folder in outputs)


def read(path: Path) -> Any:
    """Return the notebook at `path`."""
    import nbformat

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat is not annotated


def execute(path: Path) -> Any:
    """Execute the notebook at `path` in its own folder and return it with its new outputs."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    client = NotebookClient(
        read(path),
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        return client.execute()
    except CellExecutionError as error:
        raise NotebookError(f"a cell raised an error:\n{error}") from error


def check(path: Path) -> str:
    """Execute a copy of the notebook at `path`; return a line of praise or raise NotebookError."""
    stored = read(path)
    require_stored_outputs(stored)
    before = headline(stored)
    folders = machine_folders(stored)
    if folders:
        raise NotebookError(f"stored outputs name folders of this machine: {', '.join(folders)}")
    with tempfile.TemporaryDirectory(prefix="notebooks-") as folder:
        copy = Path(folder) / "notebooks"
        shutil.copytree(path.parent, copy, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        now = headline(execute(copy / path.name))
    lines = moved(before, now)
    if lines:
        raise NotebookError("headline figures moved:\n  " + "\n  ".join(lines))
    return f"{len(before)} headline figures as stored"


def store(path: Path) -> str:
    """Execute the notebook at `path` and write it back with its outputs, without timing records."""
    import nbformat

    done = execute(path)
    for cell in done["cells"]:
        cell["metadata"].pop("execution", None)
    figures = headline(done)
    temporary = path.with_suffix(".ipynb.new")
    nbformat.write(done, temporary)  # type: ignore[no-untyped-call]  # nbformat is not annotated
    temporary.replace(path)
    return f"stored with {len(figures)} headline figures"


def main(arguments: list[str] | None = None) -> int:
    """Check or store every notebook of a folder; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--store", action="store_true", help="execute in place and store the outputs")
    options = parser.parse_args(arguments)
    paths = sorted(options.folder.glob("*.ipynb"))
    if not paths:
        print(f"No notebook in {options.folder}.", file=sys.stderr)
        return 1
    failed = [path for path in paths if not _report(path, store if options.store else check)]
    print(f"{len(paths) - len(failed)} of {len(paths)} notebooks passed.")
    return 1 if failed else 0


def _report(path: Path, work: Any) -> bool:
    started = time.perf_counter()
    try:
        outcome = work(path)
    except NotebookError as error:
        print(f"FAILED {path}: {error}", file=sys.stderr)
        return False
    print(f"ok     {path}: {outcome} ({time.perf_counter() - started:.1f} s)")
    return True


if __name__ == "__main__":
    sys.exit(main())
