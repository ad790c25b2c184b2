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
HEAD = "| Rule | Severity | What it wants | Breaks it | Keeps it |\n|---|---|---|---|---|"


def row(rule: Rule) -> str:
    """Return the row of a rule."""
    parts = (f"`{rule.id}`", rule.severity, rule.about, _examples(rule.bad), _examples(rule.good))
    return f"| {' | '.join(parts)} |"


def _examples(texts: Mapping[str, str]) -> str:
    return "<br>".join(f"`{_visible(text)}`" for text in texts.values())


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def tables() -> str:
    """Return all tables, each below the heading of its group."""
    parts = (f"### {name}\n\n{HEAD}\n" + "\n".join(map(row, rules)) for name, rules in GROUPS.items())
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    print(tables(), end="")
