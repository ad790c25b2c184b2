"""Reading YAML: plain data only, no field twice, and the line of every part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from trustmeasure.check import existing_file
from trustmeasure.errors import InstrumentError
from trustmeasure.instruments.problems import Problem, Where, refuse

_TAG = "tag:yaml.org,2002:"
_PLAIN: Mapping[str, Callable[[str], object]] = {
    f"{_TAG}str": str,
    f"{_TAG}int": int,
    f"{_TAG}float": float,
    f"{_TAG}bool": lambda text: {"true": True, "false": False}[text],
    f"{_TAG}null": lambda text: None,
}
_TAGS = {*_PLAIN, f"{_TAG}map", f"{_TAG}seq"}
_ADVICE = (
    "Check the indentation near this line, and put texts in double quotes: a text that starts with a brace, "
    "or that holds a colon and a blank, needs them."
)


class _Loader(yaml.SafeLoader):
    """YAML 1.2's plain values, so that `no`, `on` and dates stay text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own)


for _kind, _pattern, _first in (
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,17})$", list("-+0123456789")),
    ("float", r"^[-+]?[0-9]{1,17}\.[0-9]{1,17}$", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"{_TAG}{_kind}", re.compile(_pattern), _first)


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML file holds.

    Attributes
    ----------
    path : Path
        The file.
    data : object
        Mappings, lists, texts, numbers, true, false and None.
    lines : mapping
        Place -> line, counted from 1.
    problems : tuple of Problem
        Fields given twice, and YAML that instrument files do not use.
    """

    path: Path
    data: object
    lines: Mapping[Where, int]
    problems: tuple[Problem, ...]


def read_yaml(path: str | Path) -> Document:
    """Return what the YAML file at `path` holds.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8.

    Returns
    -------
    Document
        The data with the line of every part.

    Raises
    ------
    InstrumentError
        If there is no such file, or it is not text, not YAML, or empty.
    """
    file = existing_file(path, error=InstrumentError)
    try:
        root = yaml.compose(_text(file), Loader=_Loader)
        if root is None:
            raise InstrumentError(f"{file} is empty. Copy a shipped instrument as a start.")
        walk = _Walk({}, [], set())
        data = walk.value(root, ())
    except yaml.YAMLError as error:
        raise _broken(file, error) from None
    except RecursionError:
        raise InstrumentError(f"{file} is nested too deeply for an instrument. Check its brackets.") from None
    return Document(file, data, walk.lines, tuple(walk.problems))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InstrumentError(
            f"{file} is not UTF-8 text (byte {error.start + 1}). Save it as UTF-8, or name another file."
        ) from None
    except OSError as error:
        raise InstrumentError(f"{file} cannot be read: {error.strerror}. Check its permissions.") from None


def _broken(file: Path, error: yaml.YAMLError) -> InstrumentError:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return InstrumentError(f"{file} is not a text file: it holds characters that YAML does not allow.")
    reason = getattr(error, "problem", None) or "it cannot be understood"
    return refuse(file, [Problem((), f"The YAML is broken: {reason}. {_ADVICE}")], {(): mark.line + 1})


@dataclass(frozen=True, slots=True)
class _Walk:
    """Turns YAML nodes into data, and notes lines and problems on the way."""

    lines: dict[Where, int]
    problems: list[Problem]
    seen: set[int]

    def value(self, node: yaml.Node, where: Where) -> object:
        self.lines.setdefault(where, node.start_mark.line + 1)
        if id(node) in self.seen:
            return self._refuse(where, "repeats another part by '*'. Write the text out.")
        self.seen.add(id(node))
        if node.tag not in _TAGS:
            return self._refuse(
                where, f"uses the YAML tag '{node.tag}', which instruments do not. Remove it."
            )
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(entry, (*where, i)) for i, entry in enumerate(node.value)]
        return self._scalar(node, where)

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            key, line = self._key(key_node, where), key_node.start_mark.line + 1
            inside = (*where, key)
            if key in data:
                first = self.lines[inside]
                self._refuse(inside, f"is given twice, in lines {first} and {line}. Remove one of the two.")
                continue
            self.lines[inside] = line
            data[key] = self.value(value_node, inside)
        return data

    def _key(self, node: yaml.Node, where: Where) -> str:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self._refuse(where, "has a field name that is not a plain word. Check brackets, braces and quotes.")
        return "?"

    def _scalar(self, node: yaml.Node, where: Where) -> object:
        try:
            return _PLAIN[node.tag](node.value)
        except (KeyError, ValueError):
            return self._refuse(where, f"{node.value!r} is not what its YAML tag says. Remove the tag.")

    def _refuse(self, where: Where, message: str) -> object:
        """Note a problem, and put nothing in its place."""
        self.problems.append(Problem(where, message, "form"))
        return None
