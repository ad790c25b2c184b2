"""The tables of `docs/reference/instrument-rules.md`, from the rules themselves.

`python tools/instrument_rules.py` prints them, to be put below the page's heading "The rules".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trustmeasure.instruments.lint import (
    RULES,
    Rule,
    answers,
    asking,
    chinese,
    length,
    negation,
    sound,
    structure,
    translation,
    typography,
)

GROUPS: Mapping[str, Sequence[Rule]] = {
    "The file": sound.RULES,
    "Languages": translation.RULES,
    "What is asked": asking.RULES,
    "Negation": negation.RULES,
    "Length and likeness": length.RULES,
    "Chinese": chinese.RULES,
    "Signs": typography.RULES,
    "Answers": answers.RULES,
    "Structure": structure.RULES,
    "Exemptions": RULES[-2:],
}
HEAD = ("Rule", "Severity", "What it wants", "Breaks it", "Keeps it")


def table(rules: Sequence[Rule]) -> str:
    """Return the table of some rules; without examples when none has any."""
    width = len(HEAD) if any(rule.bad for rule in rules) else 3
    rows = [HEAD, ("---",) * len(HEAD), *map(_cells, rules)]
    return "\n".join(f"| {' | '.join(row[:width])} |" for row in rows)


def _cells(rule: Rule) -> tuple[str, ...]:
    return f"`{rule.id}`", rule.severity, rule.about, _examples(rule.bad), _examples(rule.good)


def _examples(texts: Mapping[str, str]) -> str:
    return "<br>".join(f"`{_visible(text)}`" for text in texts.values())


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def tables() -> str:
    """Return all tables, each below the heading of its group."""
    parts = (f"### {name}\n\n{table(rules)}" for name, rules in GROUPS.items())
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    print(tables(), end="")
