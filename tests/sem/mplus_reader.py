"""A reader of Mplus inputs, as far as `to_mplus` writes them: the same model in our own language."""

from __future__ import annotations

import re

SECTION = re.compile(r"^([A-Z][A-Z ]*[A-Za-z0-9_ ]*):$")
RELATION = re.compile(r"^(\w+) (BY|ON|WITH) (\w+)(.*)$")
THRESHOLD = re.compile(r"^\[(\w+)\$(\d+)([^\]]*)\](.*)$")
SCALE = re.compile(r"^\{(\w+)([^}]*)\}(.*)$")
MEAN = re.compile(r"^\[(\w+)([^\]]*)\](.*)$")
VARIANCE = re.compile(r"^(\w+)(.*)$")
REST = re.compile(r"^(?:@(?P<fixed>-?[\d.e+-]+)|\*(?P<start>-?[\d.e+-]*))?\s*(?:\((?P<label>\w+)\))?$")


def sections(text: str) -> dict[str, list[str]]:
    """Return the statements of each section; a statement ends with a semicolon."""
    found: dict[str, list[str]] = {}
    title, held = "", ""
    for line in text.splitlines():
        named = SECTION.match(line)
        if named:
            title = named.group(1)
            found[title] = []
            continue
        held = f"{held} {line.strip()}".strip()
        if held.endswith(";"):
            found[title].append(held[:-1])
            held = ""
    assert not held
    return found


def relation(statement: str) -> tuple[tuple[str, str, str], str]:
    """Return left, operator and right of a statement, and what stands behind."""
    if threshold := THRESHOLD.match(statement):
        return (threshold[1], "|", f"t{threshold[2]}"), threshold[3] + threshold[4]
    if scale := SCALE.match(statement):
        return (scale[1], "~*~", scale[1]), scale[2] + scale[3]
    if mean := MEAN.match(statement):
        return (mean[1], "~", "1"), mean[2] + mean[3]
    if named := RELATION.match(statement):
        return (named[1], {"BY": "=~", "ON": "~", "WITH": "~~"}[named[2]], named[3]), named[4]
    variance = VARIANCE.match(statement)
    assert variance is not None, statement
    return (variance[1], "~~", variance[1]), variance[2]


def as_text(text: str) -> tuple[str, int, bool]:
    """Return the model in our language, the number of groups, and whether means are modelled."""
    found = sections(text)
    groups = [
        lines for title, lines in found.items() if title.startswith("MODEL ") and title != "MODEL CONSTRAINT"
    ]
    groups = groups or [found["MODEL"]]
    rows: dict[tuple[str, str, str], list[dict[str, str | None]]] = {}
    for lines in groups:
        for line in lines:
            key, rest = relation(line)
            behind = REST.match(rest.strip())
            assert behind is not None, line
            rows.setdefault(key, []).append(behind.groupdict())
    lines = [f"{lhs} {op} {_modifiers(parts)}{rhs}" for (lhs, op, rhs), parts in rows.items()]
    for statement in found.get("MODEL CONSTRAINT", []):
        lines.extend(_constraint(statement))
    means = not any("NOMEANSTRUCTURE" in line for line in found["ANALYSIS"])
    return "\n".join(lines), len(groups), means


def _modifiers(parts: list[dict[str, str | None]]) -> str:
    values = [p["fixed"] or "NA" for p in parts]
    text = f"c({', '.join(values)})*" if len(parts) > 1 else f"{values[0]}*"
    labels = [p["label"] for p in parts]
    if not any(labels):
        return text
    named = [f'"{label or f"fixed{i}"}"' for i, label in enumerate(labels)]
    again = f"c({', '.join(named)})" if len(parts) > 1 else str(labels[0])
    return f"{text}{again}*"


def _constraint(statement: str) -> list[str]:
    if statement.startswith("NEW("):
        return []
    for name in ("EXP", "LOG", "SQRT", "ABS"):
        statement = statement.replace(name + "(", name.lower() + "(")
    if " > " in statement or " < " in statement:
        return [statement]
    left, right = statement.split(" = ", 1)
    return [f"{right} == 0"] if left == "0" else [f"{left} := {right}"]
