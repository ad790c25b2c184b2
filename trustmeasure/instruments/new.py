"""A new instrument file to start from: small, commented, and fit to be used as it is."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from trustmeasure.check import suggestion
from trustmeasure.errors import InstrumentError
from trustmeasure.files import write_new
from trustmeasure.instruments.background import list_background_questions
from trustmeasure.instruments.names import is_reserved
from trustmeasure.instruments.registry import ENDINGS, NO_INSTRUMENTS, list_instruments, load_instrument

TEMPLATE = Path(__file__).with_name("new_instrument.yaml")
LANGUAGES = {"en": "English", "zh": "中文"}
MOST_SIGNS = 40
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_TEXT = re.compile(r"#?\s+(?:- )?(en|zh): ")


def new_instrument(
    id: str, path: str | Path | None = None, *, languages: Sequence[str] = ("en", "zh")
) -> Path:
    """Write a commented instrument file to start from; it loads and passes the linter as it is.

    Parameters
    ----------
    id : str
        Name of the instrument: small letters a to z and digits, parts joined by `-`, at most 40 characters.
    path : str or Path, optional
        The file to write, named `<id>.yaml`, or a folder that exists; by default the working folder.
    languages : sequence of str
        The languages of the texts, of "en" and "zh"; the first is the one in which the meaning is fixed.

    Returns
    -------
    Path
        The file written. A file that is there is never replaced.

    Raises
    ------
    InstrumentError
        If the id is malformed or taken, the file exists or is not named after the id, or a language has no
        example.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import trustmeasure as tm
    >>> with TemporaryDirectory() as folder:
    ...     file = tm.new_instrument("care", folder)
    ...     tm.load_instrument(file)
    <Instrument care 0.1.0: 4 items, 1 constructs, en, zh, developed>
    """
    require_id(id)
    tags = _known(languages)
    file = _target(id, path)
    try:
        return write_new(file, new_text(id, tags))
    except FileExistsError:
        raise InstrumentError(f"{file} exists already. Choose another name, or remove it.") from None


def require_id(id: str) -> None:
    """Raise InstrumentError when an id cannot be that of a new instrument."""
    if not isinstance(id, str) or len(id) > MOST_SIGNS or not _ID.fullmatch(id):
        shown = repr(id) if len(repr(id)) <= 2 * MOST_SIGNS else f"{repr(id)[: 2 * MOST_SIGNS]}..."
        raise InstrumentError(
            f"{shown} cannot be an instrument's id. Use small letters a to z and digits, parts joined by "
            f"'-', starting with a letter, at most {MOST_SIGNS} characters, such as service-quality."
        )
    if _DEVICES.fullmatch(id):
        raise InstrumentError(f"'{id}' is the name of a device on Windows. Choose another id.")
    if id in {*list_instruments()["id"], *(name.removesuffix(".yaml") for name in NO_INSTRUMENTS)}:
        raise InstrumentError(
            f"'{id}' is the name of a file that ships with trustmeasure. Choose another id."
        )


def _known(languages: Sequence[str]) -> tuple[str, ...]:
    tags = (languages,) if isinstance(languages, str) else tuple(dict.fromkeys(languages))
    for tag in tags:
        if tag not in LANGUAGES:
            raise InstrumentError(
                f"There is no example in the language '{tag}'. {suggestion(tag, list(LANGUAGES))} "
                "For another language take 'en' and replace its texts."
            )
    if not tags:
        raise InstrumentError("No language is named. Name 'en', 'zh' or both.")
    return tags


def _target(id: str, path: str | Path | None) -> Path:
    given = Path(path) if path is not None else Path(f"{id}.yaml")
    file = given / f"{id}.yaml" if given.is_dir() else given
    if file.suffix.lower() not in ENDINGS or file.stem != id:
        raise InstrumentError(
            f"{file} is not named after the instrument. Name it {id}.yaml, or name a folder."
        )
    if os.path.lexists(file):
        raise InstrumentError(f"{file} exists already. Choose another name, or remove it.")
    return file


def new_text(id: str, tags: Sequence[str]) -> str:
    """Return the text of a new instrument file in some languages."""
    construct = _free(id.replace("-", "_"), "{}", set())
    item = _free(_initials(id), "{}_1", {construct, *_taken()})
    block = _free(item.replace("_", ""), "{}", {construct, *(f"{item}_{number}" for number in range(1, 5))})
    words = {
        "@FILE@": f"{id}.yaml",
        "@ID@": id,
        "@SOURCE@": tags[0],
        "@LANGUAGES@\n": "".join(_language(tag) for tag in tags) + "\n",
        "@CONSTRUCT@": construct,
        "@ITEM@": item,
        "@BLOCK@": block,
    }
    text = "".join(line for line in _lines() if _belongs(line, tags))
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _lines() -> list[str]:
    return TEMPLATE.read_text(encoding="utf-8").splitlines(keepends=True)


def _belongs(line: str, tags: Sequence[str]) -> bool:
    match = _TEXT.match(line)
    return match is None or match.group(1) in tags


def _language(tag: str) -> str:
    return (
        f'  - tag: {tag}\n    name: "{LANGUAGES[tag]}"\n    status: drafted\n'
        '    note: "Written by our team. Not yet reviewed by a second person."\n'
    )


def _initials(id: str) -> str:
    """Return the beginnings of the first two parts of an id, such as `ser_qua` of `service-quality`."""
    return "_".join(part[:3] for part in id.split("-")[:2])


def _free(stem: str, shape: str, taken: set[str]) -> str:
    """Return a name whose shape is neither taken nor reserved: the stem, or the stem with an ending."""
    names = (f"{stem}{'x' * times}" for times in count())
    return next(n for n in names if not is_reserved(shape.format(n)) and shape.format(n) not in taken)


def _taken() -> set[str]:
    """Return the column names of everything that ships."""
    shipped = (load_instrument(id) for id in list_instruments()["id"])
    items = {item.id for instrument in shipped for item in (*instrument.items, *instrument.retired)}
    return items | set(list_background_questions()["id"])
