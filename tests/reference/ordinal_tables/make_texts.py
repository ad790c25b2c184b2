"""Write the model texts of this folder: what `to_lavaan` makes of its cases.

Run from the repository root: `python tests/reference/ordinal_tables/make_texts.py`. It writes
data/<case>.lav: the call of lavaan as a comment, then the text. `exports.R` reads them. The tests write the
texts again and compare.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trustmeasure.sem import parse_model, to_lavaan
from trustmeasure.sem.parameters import ParameterTable

FOLDER = Path(__file__).resolve().parent
CASES = sorted(path.stem for path in FOLDER.glob("*.json") if not path.stem.startswith("export-"))


def case(name: str) -> dict[str, Any]:
    """Return what lavaan answered for a case."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def table_of(name: str) -> ParameterTable:
    """Return our table of a case."""
    reference = case(name)
    options = {key.replace(".", "_"): value for key, value in reference["options"].items()}
    options.pop("group", None)
    for several in ("group_equal", "group_partial"):
        given = options.get(several, [])
        options[several] = [n.replace("lv.", "lv_") for n in ([given] if isinstance(given, str) else given)]
    ordered = reference["n_thresholds"] | ({"o4": 3} if name == "ordered-x" else {})
    return parse_model(reference["model"], ordered=ordered, n_groups=reference["n_groups"], **options)


def written(name: str) -> str:
    """Return the file of a case."""
    export = to_lavaan(table_of(name), group=case(name)["options"].get("group", "group"))
    return f"# {export.call}\n{export.text}\n"


if __name__ == "__main__":
    for each in CASES:
        (FOLDER / "data" / f"{each}.lav").write_text(written(each), encoding="utf-8")
