"""Rules without which a file cannot be used: it can be read, and its parts fit together."""

from __future__ import annotations

from collections.abc import Iterator

from trustmeasure.instruments.lint.model import Check, File, Hit, Rule
from trustmeasure.instruments.raw import entries, string


def _told(rule: str) -> Check:
    """Return a check that passes on the problems of loading that belong to a rule."""

    def check(file: File) -> Iterator[Hit]:
        for problem in file.problems:
            if problem.rule == rule:
                what, _, remedy = problem.message.partition(". ")
                yield Hit(problem.where, f"{what.rstrip('.')}.", remedy)

    return check


def _taken(file: File) -> Iterator[Hit]:
    field = "questions" if file.kind == "background" else "items"
    for where, entry in entries(file.data, field):
        id = string(entry, "id") or ""
        if id.casefold() in file.taken:
            yield Hit((*where, "id"), f"'{id}' is already a column of {file.taken[id.casefold()]}.")


READABLE = Rule(
    id="file",
    severity="error",
    about="The file is YAML in UTF-8.",
    remedy="Mend the file as the message says.",
    check=_told("file"),
    firm=True,
)
FORM = Rule(
    id="form",
    severity="error",
    about="The file follows the schema: fields, ids, versions, codes.",
    remedy="Write the field as the reference describes it.",
    check=_told("form"),
    firm=True,
)
CONSISTENCY = Rule(
    id="consistency",
    severity="error",
    about="The parts fit together: ids are unique, what is named exists, waves and changes agree.",
    remedy="Make the parts agree.",
    check=_told("consistency"),
    firm=True,
)
MISSING_TRANSLATION = Rule(
    id="missing-translation",
    severity="error",
    about="Every text is there in every language of the file, and in no other.",
    remedy="Write the text in that language.",
    check=_told("missing-translation"),
    firm=True,
)
PLACEHOLDER = Rule(
    id="placeholder",
    severity="error",
    about="Placeholders are declared, and the same in every language of a text.",
    remedy="Declare the placeholder, or use it in each language.",
    check=_told("placeholder"),
    firm=True,
)
TAKEN = Rule(
    id="id-taken",
    severity="error",
    about="An item's id, which names its column, belongs to no other instrument and no background question.",
    remedy="Choose another id.",
    check=_taken,
    firm=True,
)

RULES = (READABLE, FORM, CONSISTENCY, MISSING_TRANSLATION, PLACEHOLDER, TAKEN)
