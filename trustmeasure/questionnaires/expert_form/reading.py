"""Reading filled expert forms back."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.check import existing_file
from trustmeasure.errors import QuestionnaireError
from trustmeasure.files import require_harmless_archive
from trustmeasure.questionnaires.expert_form.model import KINDS, form_words

ENDINGS = (".xlsx", ".docx")
COLUMNS = ["expert", "item", *KINDS, "comment", "instrument", "version", "language", "file"]
FORM = "trustmeasure expert form 1"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came back.

    Attributes
    ----------
    path : Path
        The file.
    facts : mapping
        What the form says of itself.
    expert : str
        What stands in the place of the expert's id.
    rows : tuple of tuple
        Id of the item, and the cells of its ratings and comment, as they are.
    """

    path: Path
    facts: Mapping[str, str]
    expert: str
    rows: tuple[tuple[str, tuple[Any, ...]], ...]


def read_expert_forms(paths: str | Path | Iterable[str | Path]) -> pd.DataFrame:
    """Read filled expert forms, Excel or Word, into one table of ratings.

    Parameters
    ----------
    paths : path, folder, or sequence of paths
        The forms; of a folder all .xlsx and .docx files in it.

    Returns
    -------
    pandas.DataFrame
        One row an expert and item, for `content_validity`: `expert` (the name of the file where no id was
        filled in), `item`, `relevance`, `clarity`, `necessity` (NaN where a cell is empty), `comment`,
        `instrument`, `version`, `language`, `file`. What an expert said of a whole construct has the
        construct's id in brackets as its item, and no ratings.

    Raises
    ------
    QuestionnaireError
        If a file is no expert form, forms are of different instruments, versions or sectors, two have the
        same expert, one is empty, or a cell holds something else than a number of its scale; the message
        names file and cell.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from openpyxl import load_workbook
    >>> from trustmeasure.questionnaires import write_expert_form
    >>> path = write_expert_form("satisfaction", Path(tempfile.mkdtemp()) / "form.xlsx", expert="A")
    >>> book = load_workbook(path)
    >>> book["Ratings"]["D8"] = 4
    >>> book.save(path)
    >>> read_expert_forms(path)[["expert", "item", "relevance"]].iloc[0].tolist()
    ['A', 'sat_1', 4.0]
    """
    forms = [_read(path) for path in _files(paths)]
    _refuse_different(forms)
    rows = [row for form in forms for row in _rows(form)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype(dict.fromkeys(KINDS, "float64"))


def _files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    found: list[Path] = []
    for path in map(Path, given):
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in ENDINGS)
            found += [p for p in inside if not p.name.startswith(("~$", "."))]
        else:
            found.append(existing_file(path, error=QuestionnaireError))
    if not found:
        raise QuestionnaireError(
            f"There is no .xlsx or .docx file in {', '.join(map(str, given)) or 'paths'}."
        )
    return found


def _read(path: Path) -> Filled:
    readers = {".xlsx": _workbook, ".docx": _document}
    if path.suffix.lower() not in readers:
        raise QuestionnaireError(f"{path} is no .xlsx or .docx file; expert forms have these endings.")
    require_harmless_archive(path, error=QuestionnaireError)
    return readers[path.suffix.lower()](path)


def _opened(path: Path, opening: Callable[[io.BytesIO], Any]) -> Any:
    try:
        return opening(io.BytesIO(path.read_bytes()))
    except Exception as error:  # openpyxl and python-docx raise many kinds for a damaged file
        raise QuestionnaireError(f"{path} cannot be read: {error}. Open and save it again.") from error


def _workbook(path: Path) -> Filled:
    from openpyxl import load_workbook

    from trustmeasure.questionnaires.expert_form.workbook import ABOUT, EXPERT_CELL, FIRST_RATING, HEAD

    book = _opened(path, load_workbook)
    if ABOUT not in book.sheetnames:
        raise _no_form(path)
    facts = {str(name): _text(value) for name, value in book[ABOUT].iter_rows(max_col=2, values_only=True)}
    columns = _columns(facts, path)
    name = str(form_words(facts["language"])["ratings"])
    if name not in book.sheetnames:
        raise QuestionnaireError(f"{path} has no sheet '{name}' any more. Give the sheet its name again.")
    sheet = book[name]
    last = FIRST_RATING + len(columns)
    rows = [
        (_text(cells[0]), tuple(cells[FIRST_RATING - 2 :]))
        for cells in sheet.iter_rows(min_row=HEAD + 1, min_col=2, max_col=last, values_only=True)
        if _text(cells[0]) and _is_item(_text(cells[0]), _text(cells[1]))
    ]
    return Filled(path, facts, _text(sheet[EXPERT_CELL].value), tuple(rows))


def _is_item(first: str, second: str) -> bool:
    """Return whether a row is that of an item: the heading of a construct has one merged cell only."""
    return bool(second) and " " not in first


def _document(path: Path) -> Filled:
    from docx import Document

    document = _opened(path, Document)
    said = document.core_properties.comments or ""
    facts = dict(part.split("=", 1) for part in said.split("; ") if "=" in part)
    columns = _columns(facts, path)
    if not document.tables:
        raise _no_form(path)
    first, *tables = document.tables
    rows = []
    for table in tables:
        for row in table.rows[1:]:
            cells = [cell.text for cell in row.cells]
            if len(cells) == len(columns) + 3:
                rows.append((_text(cells[0]), tuple(cells[2:])))
    return Filled(path, facts, _text(first.rows[0].cells[1].text), tuple(rows))


def _columns(facts: Mapping[str, str], path: Path) -> dict[str, int]:
    """Return the ratings of a form with their points."""
    if facts.get("form") != FORM or not facts.get("columns"):
        raise _no_form(path)
    pairs = (part.split(":") for part in facts["columns"].split(","))
    return {kind: int(points) for kind, points in pairs}


def _no_form(path: Path) -> QuestionnaireError:
    return QuestionnaireError(
        f"{path} is no expert form: it does not say of which instrument. Give files that write_expert_form "
        "wrote, filled in and saved in the same format."
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _rows(form: Filled) -> Iterator[tuple[Any, ...]]:
    columns = _columns(form.facts, form.path)
    expert = form.expert or form.path.stem
    about = (form.facts["instrument"], form.facts["version"], form.facts["language"], form.path.name)
    given = 0
    for item, cells in form.rows:
        numbers, comment = _numbers(form, item, columns, cells[:-1]), _text(cells[-1])
        remark = item.startswith("[")
        given += sum(v is not None for v in numbers.values())
        if not remark or comment:
            yield (expert, item, *(numbers.get(kind) for kind in KINDS), comment or None, *about)
    if not given:
        raise QuestionnaireError(f"{form.path} holds no rating. Leave the file out, or ask for it again.")


def _numbers(
    form: Filled, item: str, columns: Mapping[str, int], cells: Sequence[Any]
) -> dict[str, float | None]:
    if item.startswith("["):
        return {}
    pairs = zip(columns.items(), cells, strict=True)
    return {kind: _number(form, item, kind, most, cell) for (kind, most), cell in pairs}


def _number(form: Filled, item: str, kind: str, most: int, cell: Any) -> float | None:
    text = unicodedata.normalize("NFKC", _text(cell))
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value in range(1, most + 1):
        return value
    raise QuestionnaireError(
        f"{form.path}: the {kind} of item '{item}' is {text!r}; a whole number from 1 to {most} is needed. "
        "Correct it in the file, or empty the cell."
    )


def _refuse_different(forms: Sequence[Filled]) -> None:
    first = forms[0]
    seen: dict[str, Path] = {}
    for form in forms:
        for name in ("instrument", "version", "context"):
            this, other = (one.facts.get(name, "") or "general" for one in (form, first))
            if this != other:
                raise QuestionnaireError(
                    f"{form.path} is of {name} {this}, {first.path} of {other}. Read forms of one "
                    "instrument, version and sector at a time."
                )
        expert = form.expert or form.path.stem
        if expert in seen:
            raise QuestionnaireError(
                f"{seen[expert]} and {form.path} are both of expert '{expert}'. Leave one out, or correct "
                "the id in it."
            )
        seen[expert] = form.path
