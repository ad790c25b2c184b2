"""What writers of models for other programs share: the model, names that a program allows, expressions."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.expressions import Node
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.specify import parse_model

Relation = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Export:
    """A model written for another program.

    Attributes
    ----------
    text : str
        The model; also what `str()` gives.
    call : str
        How that program is told to fit it to data in which the variables have the names of `names`.
    names : dict
        Our variable -> its name in the text. Rename the columns of the data by it.
    labels : dict
        Our label of a parameter -> its label in the text.
    notes : tuple of str
        What a reader should know.
    """

    text: str
    call: str
    names: dict[str, str]
    labels: dict[str, str]
    notes: tuple[str, ...] = field(default=())

    @property
    def renamed(self) -> dict[str, str]:
        """Return the variables whose names the other program does not allow."""
        return {ours: theirs for ours, theirs in self.names.items() if ours != theirs}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return "\n".join([self.text, *(f"# {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"<pre>{html.escape(self.text)}</pre>{notes}"


@dataclass(frozen=True, slots=True)
class Source:
    """A model to be written, with what is known of its fit."""

    table: ParameterTable
    estimator: str
    missing: str
    groups: tuple[str, ...]

    @classmethod
    def of(cls, model: str | ParameterTable | SemResult) -> Source:
        """Read a model text (with the default options), a parsed model, or a fit."""
        if isinstance(model, SemResult):
            return cls(model.model, model.estimator, model.missing, model.group_labels)
        if not isinstance(model, str | ParameterTable):
            raise ArgumentError(
                f"model is a {type(model).__name__}; give a model text, a parsed model or a fit."
            )
        table = parse_model(model) if isinstance(model, str) else model
        groups = tuple(f"g{i + 1}" for i in range(table.n_groups)) if table.n_groups > 1 else ("",)
        return cls(table, "WLSMV" if table.ordered else "ML", "listwise", groups)


def relations(table: ParameterTable) -> dict[Relation, list[Parameter]]:
    """Return each relation with its rows, one a group; moments taken as given are left out."""
    found: dict[Relation, list[Parameter]] = {}
    for row in table.parameters:
        if not row.exogenous:
            found.setdefault((row.lhs, row.op, row.rhs), []).append(row)
    return found


def renames(
    names: Iterable[str],
    *,
    allowed: str,
    prefix: str,
    reserved: Collection[str] = (),
    most: int | None = None,
    fold: bool = False,
) -> dict[str, str]:
    """Return a name that another program allows for each of ours, unique among them.

    Parameters
    ----------
    names : iterable of str
        Our names.
    allowed : str
        Characters allowed after the first one, as the inside of a regular expression's `[...]`.
    prefix : str
        What a name begins with that has no letter at its start; followed by its number.
    reserved : collection of str
        Words that are no names.
    most : int, optional
        Largest number of characters.
    fold : bool
        Whether the program takes capital and small letters for the same.
    """

    def key(name: str) -> str:
        return name.casefold() if fold else name

    taken = {key(word) for word in reserved}
    found: dict[str, str] = {}
    given = list(dict.fromkeys(names))
    # Names that can stay come first, so that no other name takes them.
    plains = [_plain(name, allowed, prefix, i) for i, name in enumerate(given)]
    stays = [p[:most] == name and key(name) not in taken for p, name in zip(plains, given, strict=True)]
    for i in sorted(range(len(given)), key=lambda i: not stays[i]):
        plain = plains[i]
        name = plain[:most]
        count = 1
        while key(name) in taken:
            count += 1
            tail = str(count)
            name = plain[: None if most is None else most - len(tail)] + tail
        taken.add(key(name))
        found[given[i]] = name
    return {name: found[name] for name in given}


def _plain(name: str, allowed: str, prefix: str, number: int) -> str:
    """Return a name in the Latin alphabet, accents left out."""
    folded = unicodedata.normalize("NFKD", name)
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    if re.search(r"[^\W_]", re.sub(r"[\x00-\x7f]", "", bare)):
        return f"{prefix}{number + 1}"
    plain = re.sub(f"[^{allowed}]", "_", bare)
    return plain if re.match(r"[A-Za-z]", plain) else f"{prefix}{number + 1}"


def labels_of(table: ParameterTable) -> dict[int, str]:
    """Return the label of each free parameter that has one, by its number."""
    return {p.free: p.label for p in table.parameters if p.free and p.label}


def used_names(table: ParameterTable) -> list[str]:
    """Return all labels, and the names of the defined parameters, in order."""
    labels = [p.label for p in table.parameters if p.label]
    return list(dict.fromkeys([*labels, *(d.name for d in table.definitions)]))


def written(
    node: Node,
    names: Mapping[str, str],
    *,
    power: str = "^",
    functions: Mapping[str, str] | None = None,
    program: str = "",
) -> str:
    """Return an expression as text in which each name is replaced.

    Raises
    ------
    ArgumentError
        For a function that the program does not have.
    """

    def inner(part: Node) -> str:
        if part.kind == "number":
            return number(float(part.value))
        if part.kind == "name":
            return names[str(part.value)]
        if part.kind == "call":
            known = functions if functions is not None else {str(part.value): str(part.value)}
            if part.value not in known:
                raise ArgumentError(
                    f"{program} has no function '{part.value}', which a line of the model uses."
                )
            return f"{known[str(part.value)]}({inner(part.children[0])})"
        mark = power if part.value == "^" else str(part.value)
        left, right = (inner(child) for child in part.children)
        return f"({left} {mark} {right})"

    text = inner(node)
    return text[1:-1] if node.kind == "operation" else text


def number(value: float) -> str:
    """Return a number with all its digits, whole ones without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def unset_covariances(table: ParameterTable) -> list[tuple[str, str]]:
    """Return pairs that other programs let covary by default and this model does not."""
    rows = [p for p in table.parameters if p.group == 1]
    present = {frozenset((p.lhs, p.rhs)) for p in rows if p.op == "~~"}
    outcomes = {p.lhs for p in rows if p.op in {"~", "<~"}}
    indicators = {p.rhs for p in rows if p.op == "=~"}
    predictors = {p.rhs for p in rows if p.op in {"~", "<~"}}
    formed = {p.lhs for p in rows if p.op == "<~"}
    outer = [n for n in table.latent if n not in outcomes | indicators]
    ends = [n for n in (*table.latent, *table.observed) if n in outcomes - predictors - indicators]
    sets: Sequence[Sequence[str]] = (outer, ends, [n for n in table.latent if n in formed or n in outer])
    pairs = [(a, b) for names in sets for i, a in enumerate(names) for b in names[i + 1 :]]
    return [pair for pair in dict.fromkeys(pairs) if frozenset(pair) not in present]


def latent_measures(table: ParameterTable) -> list[Parameter]:
    """Return the rows of a group; a latent variable without indicators measures what it has effects on.

    A program that knows latent variables by their indicators only then sees the same model: an effect and a
    loading are the same parameter.

    Raises
    ------
    ArgumentError
        For a latent variable that affects nothing.
    """
    measured = {p.lhs for p in table.parameters if p.op == "=~"}
    bare = [name for name in table.latent if name not in measured]
    for name in bare:
        if not any(p.op == "~" and p.rhs == name for p in table.parameters):
            raise ArgumentError(f"'{name}' has no indicator and affects nothing, so it cannot be written.")
    return [
        p._replace(lhs=p.rhs, op="=~", rhs=p.lhs) if p.op == "~" and p.rhs in bare else p
        for p in table.parameters
    ]
