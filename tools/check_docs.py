"""Check a built site: all public names and notebooks are there, and nothing is loaded from elsewhere.

`python tools/check_docs.py docs/_build/html`
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import trustmeasure

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = [name for name in vars(trustmeasure)["__all__"] if not name.startswith("__")]
FILES = ("index.html", "instrument.schema.json")
FROM_ELSEWHERE = re.compile(
    r"""<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=["'](?:https?:)?//[^"']+["']"""
)


def missing_names(site: Path) -> list[str]:
    """Return the public names (and rooms offered as names) without an entry in the reference."""
    pages = "".join(p.read_text(encoding="utf-8") for p in (site / "reference").rglob("*.html"))
    entries = set(re.findall(r'id="(?:module-)?trustmeasure\.([\w.]+)"', pages))
    parts = {part for entry in entries for part in entry.split(".")}
    return sorted(name for name in PUBLIC if name not in parts)


def missing_notebooks(site: Path) -> list[str]:
    """Return the notebooks without a page."""
    names = [path.stem for path in (ROOT / "notebooks").glob("*.ipynb")]
    return sorted(name for name in names if not (site / "notebooks" / f"{name}.html").is_file())


def from_elsewhere(site: Path) -> list[str]:
    """Return the pages that load something over the network, each with the first such element."""
    found = ((page, FROM_ELSEWHERE.search(page.read_text(encoding="utf-8"))) for page in site.rglob("*.html"))
    return [f"{page.relative_to(site)}: {match.group(0)}" for page, match in sorted(found) if match]


def main(arguments: list[str]) -> int:
    """Check the site and return the exit code."""
    site = Path(arguments[0])
    pages = list(site.rglob("*.html"))
    problems = [f"no entry for the public name {name}" for name in missing_names(site)]
    problems += [f"no page for the notebook {name}" for name in missing_notebooks(site)]
    problems += [f"loaded from elsewhere: {line}" for line in from_elsewhere(site)]
    problems += [
        f"no {name}" for name in ("index.html", "instrument.schema.json") if not (site / name).is_file()
    ]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(pages)} pages, {len(PUBLIC)} public names, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
