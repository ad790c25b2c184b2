"""Help texts with examples that keep their lines."""

from __future__ import annotations

VERBATIM = "\b"  # click keeps the lines of a paragraph that starts with this character


def helped(text: str, *examples: str) -> str:
    """Return a help text with examples below it, one a line."""
    lines = "\n".join(f"  {example}" for example in examples)
    return f"{text}\n\n{VERBATIM}\nExample{'s' if len(examples) > 1 else ''}:\n{lines}"
