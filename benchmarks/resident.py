"""A Python package as a side in a process of its own: `python -m benchmarks.resident trustmeasure|semopy`.

Requests and answers are those of `lavaan.R`, so that every side is asked in the same way.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.cases import Case
from benchmarks.ours import Ours
from benchmarks.second import Semopy
from benchmarks.sides import Here, Work

SIDES: dict[str, Callable[[Case, Path], Work]] = {Ours.name: Ours, Semopy.name: Semopy}


def answer(side: Here, request: dict[str, Any]) -> dict[str, Any]:
    """Do what a request says, and return the reply."""
    if request["do"] == "prepare":
        given = {name: x for name, x in request["case"].items() if name != "prepared"}
        side.prepare(Case(**given), Path(request["data"]))
        return {"ready": True}
    if request["do"] == "turn":
        return {"seconds": side.turn(request["seconds"])}
    return asdict(side.answer())


def main(name: str) -> None:
    """Answer requests until there are no more."""
    side = Here(SIDES[name])
    for line in sys.stdin:
        try:
            found = answer(side, json.loads(line))
        except Exception as error:  # whatever it is, the other process must hear of it
            found = {"error": f"{type(error).__name__}: {error}"}
        print(f"@{json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
